//! What pages of other origins may do (Fetch standard, CORS protocol).

use std::sync::Arc;

use actix_cors::Cors;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, HeaderMap, HeaderValue,
};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;

use crate::app::ANY_ORIGIN;
use crate::{Api, ApiPolicy};

/// Browsers may call from these origins alone (Fetch standard, CORS protocol).
pub(crate) fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allowed_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::HeaderName::from_static("idempotency-key"),
            header::HeaderName::from_static("x-request-id"),
            header::HeaderName::from_static("traceparent"),
        ])
        .expose_headers([
            "ETag",
            "Location",
            "Link",
            "Retry-After",
            "RateLimit",
            "RateLimit-Policy",
            "X-Request-Id",
            "WWW-Authenticate",
        ])
        .max_age(600);
    origins
        .iter()
        .fold(cors, |cors, origin| match origin.as_str() {
            ANY_ORIGIN => cors.allow_any_origin(),
            one => cors.allowed_origin(one),
        })
}

/// Lets pages of trusted origins, and no others, send cookies and read the answers. actix-cors would say so to every
/// page.
pub(crate) async fn credentials(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let api = Arc::clone(request.app_data::<Arc<Api>>().expect("`app` gives it"));
    match next.call(request).await {
        Ok(mut response) => {
            allow_credentials(response.headers_mut(), api.policy());
            Ok(response)
        }
        Err(mut error) => {
            error.add_response_mapper(move |mut response| {
                allow_credentials(response.headers_mut(), api.policy());
                response
            });
            Err(error)
        }
    }
}

fn allow_credentials(headers: &mut HeaderMap, policy: &ApiPolicy) {
    let allowed = headers.get(ACCESS_CONTROL_ALLOW_ORIGIN);
    if allowed.is_some_and(|origin| policy.trusts(origin)) {
        headers.insert(
            ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
    }
}
