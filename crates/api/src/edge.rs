//! Around every request: its id, its span, its time limit, and the last word on its answer.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use actix_cors::CorsError;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode, Version};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};
use application::Origin;
use futures_util::FutureExt;
use tracing::Instrument;
use uuid::Uuid;

use crate::client_address::client_address;
use crate::gate::Called;
use crate::problem::{
    BAD_REQUEST, CORS_REFUSED, Form, INTERNAL, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, NOT_FOUND,
    Problem, TOO_LARGE,
};
use crate::rate_limits::RateLimitFields;
use crate::trace_context::trace_id;
use crate::unread::Unread;
use crate::{Api, ApiPolicy, framing};

pub(crate) async fn edge(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let api = Arc::clone(request.app_data::<Arc<Api>>().expect("`app` gives it"));
    let id = request_id(&request).unwrap_or_else(|| api.ids().next());
    let client = client_address(&request, &api.policy().trusted_proxies);
    request
        .extensions_mut()
        .insert(Origin::anonymous(id, client));
    let span = tracing::info_span!(
        "request",
        request_id = %id,
        trace_id = trace_id(request.headers()),
        method = method(request.method()),
        user_id = tracing::field::Empty,
    );
    // RFC 9112, section 6.1: HTTP/1.0 knows no chunks, in which a compressed answer would come.
    if request.version() < Version::HTTP_11 {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    let unread = Unread::of(&mut request);

    async move {
        let began = Instant::now();
        match framing::checked(request, next).await {
            Ok(response) => {
                let mut response = finished(response, id, api.policy());
                add_headers(response.headers_mut(), id, api.policy());
                // actix ends the connection after this answer, but would look at what has come already.
                if unread.as_ref().is_some_and(|it| !it.is_read()) {
                    framing::give_up(&response);
                }
                framing::end(&mut response);
                let operation = response
                    .request()
                    .extensions()
                    .get::<Called>()
                    .map(|it| Arc::clone(&it.id));
                log(operation.as_deref(), response.response(), began);
                Ok(match unread {
                    Some(unread) => response.map_body(|_, body| unread.until_sent(body)),
                    None => response,
                })
            }
            Err(mut error) => {
                log(None, &error.error_response(), began);
                if let Some(unread) = unread {
                    error.add_response_mapper(move |response| {
                        response.map_body(|_, body| unread.clone().until_sent(body))
                    });
                }
                Err(error)
            }
        }
    }
    .instrument(span)
    .await
}

/// Ends what takes too long, and what panics.
pub(crate) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let api = Arc::clone(request.app_data::<Arc<Api>>().expect("`app` gives it"));
    let origin = request.extensions().get::<Origin>().copied();
    let id = origin.expect("`edge` leaves it").request_id;
    let limits = RateLimitFields::default();
    request.extensions_mut().insert(limits.clone());
    let answer = next.call(request);
    let answer = actix_web::rt::time::timeout(api.policy().request_timeout, answer);
    let problem = match AssertUnwindSafe(answer).catch_unwind().await {
        Ok(Ok(Ok(mut response))) => {
            limits.add_to(response.headers_mut());
            return Ok(response);
        }
        Ok(Ok(Err(error))) => Problem::internal(format!("an error passed the gate: {error}")),
        Ok(Err(_)) => Problem::unavailable("the request took longer than it may"),
        Err(_) => Problem::internal("a handler panicked"),
    };
    // The request has gone with the work that failed; only its answer is left to make.
    tell(&problem);
    let lost = Lost {
        problem,
        id,
        limits,
        api,
    };
    Err(lost.into())
}

/// A failure after which there is no request any more.
#[derive(Debug)]
struct Lost {
    problem: Problem,
    id: Uuid,
    limits: RateLimitFields,
    api: Arc<Api>,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl ResponseError for Lost {
    fn status_code(&self) -> StatusCode {
        self.problem.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = render(&self.problem, self.id, self.api.policy());
        self.limits.add_to(response.headers_mut());
        add_headers(response.headers_mut(), self.id, self.api.policy());
        response
    }
}

/// A made-up method may be as long as a head.
fn method(method: &Method) -> &str {
    match method.as_str() {
        long if long.len() > 10 => "other",
        name => name,
    }
}

/// The client's own id, if it is a UUID.
fn request_id(request: &ServiceRequest) -> Option<Uuid> {
    let text = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    text.parse().ok()
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives an answer that failed inside its body, whoever made it.
fn finished(
    response: ServiceResponse<BoxBody>,
    id: Uuid,
    policy: &ApiPolicy,
) -> ServiceResponse<BoxBody> {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    if !failed {
        return response;
    }
    let (request, response) = response.into_parts();
    let problem = response.error().and_then(|it| it.as_error::<Problem>());
    let Some(problem) = problem else {
        return ServiceResponse::new(request, adopted(&response, id, policy));
    };
    tell(problem);
    let own = with_headers_of(render(problem, id, policy), &response);
    ServiceResponse::new(request, own)
}

/// A failure that the framework made: it keeps its status and gets our form.
fn adopted(response: &HttpResponse, id: Uuid, policy: &ApiPolicy) -> HttpResponse {
    let refused = response.error().and_then(|it| it.as_error::<CorsError>());
    if let Some(refused) = refused {
        let own = render(
            &Problem::new(&CORS_REFUSED, refused.to_string()),
            id,
            policy,
        );
        return with_headers_of(own, response);
    }
    let kind = match response.status().as_u16() {
        404 => &NOT_FOUND,
        406 => &NOT_ACCEPTABLE,
        405 => &METHOD_NOT_ALLOWED,
        413 => &TOO_LARGE,
        400..=499 => &BAD_REQUEST,
        _ => &INTERNAL,
    };
    let own = render(&Problem::new(kind, kind.title), id, policy);
    with_headers_of(own, response)
}

/// What others have put on the answer (CORS, `Allow`) stays on it.
fn with_headers_of(mut own: HttpResponse, other: &HttpResponse) -> HttpResponse {
    for (name, value) in other.headers() {
        if ![
            header::CONTENT_TYPE,
            header::CONTENT_LENGTH,
            header::CONTENT_ENCODING,
        ]
        .contains(name)
        {
            own.headers_mut().append(name.clone(), value.clone());
        }
    }
    own
}

/// The one place where internal causes are written down.
fn tell(problem: &Problem) {
    if let Some(cause) = &problem.cause {
        tracing::error!(code = problem.kind.code, cause, "request failed");
    }
}

fn render(problem: &Problem, id: Uuid, policy: &ApiPolicy) -> HttpResponse {
    let mut response = HttpResponse::build(problem.status_code());
    for header in &problem.headers {
        response.append_header(header.clone());
    }
    let url = &policy.public_url;
    let (media_type, body) = match problem.kind.form {
        Form::Problem => (
            "application/problem+json",
            serde_json::to_string(&problem.body(url, id)),
        ),
        Form::OAuth => (
            "application/json",
            serde_json::to_string(&problem.oauth_body(url)),
        ),
    };
    let body = body.unwrap_or_default();
    response
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}

/// OWASP REST Security Cheat Sheet, "Security headers".
fn add_headers(headers: &mut HeaderMap, id: Uuid, policy: &ApiPolicy) {
    for (name, value) in SECURITY_HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if policy.public_url.starts_with("https:") {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ONE_YEAR);
    }
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
}

const SECURITY_HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

const ONE_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// One line a request: which operation, never its address, which may hold personal data.
fn log(operation: Option<&str>, response: &HttpResponse, began: Instant) {
    tracing::info!(
        operation = operation.unwrap_or("none"),
        status = response.status().as_u16(),
        bytes = match response.body().size() {
            BodySize::Sized(bytes) => Some(bytes),
            BodySize::None => Some(0),
            // Compressed: nobody knows yet.
            BodySize::Stream => None,
        },
        microseconds = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
}
