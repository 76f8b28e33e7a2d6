//! What handlers answer with.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, Responder};
use domain::Version;
use serde::Serialize;

use crate::Api;
use crate::extract::entity_tags;

/// Something that clients can change only if they know its present version.
pub(crate) trait Resource: Serialize {
    fn version(&self) -> Version;
}

/// 200 with the thing and its `ETag`; 304 when the client has this version already.
pub(crate) struct Tagged<T>(pub(crate) T);

/// 201 with the thing, its `ETag` and where it is from now on: a path below the API's base.
pub(crate) struct Created<T>(pub(crate) String, pub(crate) T);

/// 201 with secrets, which nobody keeps, and where the thing is from now on. Without an `ETag`: there it looks otherwise.
pub(crate) struct CreatedSecret<T>(pub(crate) String, pub(crate) T);

/// 204.
pub(crate) struct Deleted;

/// 202: what was asked for happens later, or not at all.
pub(crate) struct Accepted;

/// 200 with secrets, which nobody keeps.
pub(crate) struct Secret<T>(pub(crate) T);

impl<T: Resource> Responder for Tagged<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let version = self.0.version();
        if request.method() == actix_web::http::Method::GET && is_known(request, &tag(version)) {
            return private(StatusCode::NOT_MODIFIED, version).finish();
        }
        private(StatusCode::OK, version).json(self.0)
    }
}

impl<T: Resource> Responder for Created<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let location = Api::of(request).url(&self.0);
        private(StatusCode::CREATED, self.1.version())
            .insert_header((header::LOCATION, location))
            .json(self.1)
    }
}

impl<T: Serialize> Responder for CreatedSecret<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let location = Api::of(request).url(&self.0);
        HttpResponse::Created()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::LOCATION, location))
            .json(self.1)
    }
}

impl Responder for Deleted {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

impl Responder for Accepted {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Accepted().finish()
    }
}

impl<T: Serialize> Responder for Secret<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(self.0)
    }
}

fn private(status: StatusCode, version: Version) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::ETAG, tag(version)))
        .insert_header((header::CACHE_CONTROL, PRIVATE));
    response
}

/// Personal data: a browser may keep it, and asks each time whether it still holds.
pub(crate) const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");

fn tag(version: Version) -> String {
    format!("\"{}\"", version.0)
}

/// `If-None-Match` (RFC 9110, section 13.1.2); one that cannot be read holds nothing.
pub(crate) fn is_known(request: &HttpRequest, own: &str) -> bool {
    let values = request.headers().get_all(IF_NONE_MATCH);
    let texts = values.filter_map(|it| it.to_str().ok());
    texts.into_iter().any(|text| {
        text.trim() == "*"
            || entity_tags(text).is_some_and(|tags| {
                // Weak comparison: the prefix does not count.
                tags.into_iter().any(|it| opaque(it) == opaque(own))
            })
    })
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}
