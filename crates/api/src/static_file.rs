//! Answers that are the same until the server is built anew.

use std::hash::{DefaultHasher, Hash, Hasher};

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};

use crate::answer::is_known;

/// Some bytes with their `ETag`: who has them already gets 304.
pub(crate) struct StaticFile {
    media_type: &'static str,
    bytes: Bytes,
    etag: String,
}

impl StaticFile {
    pub(crate) fn new(media_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Self {
            media_type,
            bytes,
            etag: format!("\"{:016x}\"", hasher.finish()),
        }
    }

    /// Its address does not change with it, so a browser asks each time whether it still holds.
    pub(crate) fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let known = is_known(request, &self.etag);
        let mut response = if known {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header((header::ETAG, self.etag.as_str()))
            .insert_header((header::CACHE_CONTROL, "no-cache"));
        if known {
            return response.finish();
        }
        response
            .content_type(self.media_type)
            .body(self.bytes.clone())
    }
}
