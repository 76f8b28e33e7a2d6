//! The first questions to every request, in one fixed order: is there such a path, does it know
//! the method, has its client called too often, who is it. What is not public in the document needs
//! a valid access token or API key.

use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ALLOW, AUTHORIZATION, HeaderName};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};
use application::{Actor, Origin};
use domain::api_keys::ApiKeyToken;

use crate::Api;
use crate::operations::Operation;
use crate::problem::Problem;
use crate::rate_limits::{self, Client, RateClass};

pub(crate) async fn gate(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match admit(&mut request).await {
        Ok(Admitted::ToHandler) => Ok(next.call(request).await?.map_into_boxed_body()),
        Ok(Admitted::Answered(response)) => Ok(request.into_response(response)),
        Err(problem) => Ok(request.error_response(problem)),
    }
}

enum Admitted {
    ToHandler,
    Answered(HttpResponse),
}

async fn admit(request: &mut ServiceRequest) -> Result<Admitted, Problem> {
    let api = Arc::clone(request.app_data::<Arc<Api>>().expect("`app` gives it"));
    let pattern = request.match_pattern().unwrap_or_default();
    let operations = api
        .operations()
        .at(&pattern)
        .ok_or_else(Problem::not_found)?;

    if request.method() == Method::OPTIONS {
        rate_limits::take(&api, request, RateClass::Public, Client::Stranger).await?;
        return Ok(Admitted::Answered(options(operations)));
    }
    // RFC 9110, section 9.3.2; the protocol layer leaves the body out.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let operation = operations.iter().find(|it| it.method == *request.method());
    let operation = operation.ok_or_else(|| Problem::method_not_allowed(&allow(operations)))?;
    request.extensions_mut().insert(Called {
        id: Arc::clone(&operation.id),
        takes_query: operation.takes_query,
        media_types: Arc::clone(&operation.media_types),
    });

    if operation.public {
        rate_limits::take(&api, request, operation.rate_class, Client::Stranger).await?;
        return Ok(Admitted::ToHandler);
    }
    match authenticate(&api, request).await {
        Ok(actor) => {
            let id = actor.user_id();
            tracing::Span::current().record("user_id", tracing::field::display(id.0));
            let client = match operation.rate_class {
                // Who guesses a password here could guess it at the sign-in.
                RateClass::SignIn | RateClass::Public => Client::Stranger,
                RateClass::Read | RateClass::Write => Client::User(id),
            };
            rate_limits::take(&api, request, operation.rate_class, client).await?;
            request.extensions_mut().insert(actor);
            Ok(Admitted::ToHandler)
        }
        Err(refusal) => {
            // Not for what is our own fault: who was not judged has not guessed.
            if refusal.kind.status == StatusCode::UNAUTHORIZED.as_u16() {
                rate_limits::take(&api, request, RateClass::Public, Client::Stranger).await?;
            }
            Err(refusal)
        }
    }
}

/// The operation that was called.
pub(crate) struct Called {
    pub(crate) id: Arc<str>,
    pub(crate) takes_query: bool,
    /// One of them is the type of its answer.
    pub(crate) media_types: Arc<[String]>,
}

async fn authenticate(api: &Api, request: &ServiceRequest) -> Result<Actor, Problem> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let Some(header) = headers.next() else {
        return Err(Problem::unauthenticated());
    };
    // Two of them: somebody hopes that we and a proxy read different ones.
    if headers.next().is_some() {
        return Err(Problem::invalid_token());
    }
    let text = header.to_str().map_err(|_| Problem::invalid_token())?;
    // With another scheme there was no token that could be invalid.
    let token = bearer_token(text).ok_or_else(Problem::unauthenticated)?;
    let origin = request.extensions().get::<Origin>().copied();
    let origin = origin.ok_or_else(|| Problem::internal("the edge left no origin"))?;
    let actor = if token.starts_with(ApiKeyToken::PREFIX) {
        api.api_keys().authenticate(&origin, token).await
    } else {
        api.sessions().authenticate(&origin, token).await
    };
    Ok(actor?)
}

/// RFC 6750, section 2.1; the scheme's letter case does not count.
fn bearer_token(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn options(operations: &[Operation]) -> HttpResponse {
    let mut response = HttpResponse::build(StatusCode::NO_CONTENT);
    response.insert_header((ALLOW, allow(operations)));
    if operations.iter().any(|it| it.method == Method::PATCH) {
        response.insert_header((ACCEPT_PATCH, "application/merge-patch+json"));
    }
    response.finish()
}

/// RFC 5789, section 3.1.
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");

fn allow(operations: &[Operation]) -> String {
    let mut methods: Vec<_> = operations.iter().map(|it| it.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods.sort_unstable();
    methods.join(", ")
}
