//! Answers without a version of their own, which their bytes tell apart.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use chrono::TimeDelta;

use crate::answer::is_known;

/// Some bytes with their `ETag`, a weak one because they may be compressed (RFC 9110, section 8.8.1): who has
/// them already gets 304.
pub(crate) struct TaggedBytes {
    media_type: &'static str,
    bytes: Bytes,
    etag: String,
    cache_control: Cow<'static, str>,
}

impl TaggedBytes {
    pub(crate) fn new(media_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Self {
            media_type,
            bytes,
            etag: format!("W/\"{:016x}\"", hasher.finish()),
            // Their address does not change with them, so a client asks each time whether they still hold.
            cache_control: Cow::Borrowed("no-cache"),
        }
    }

    /// Anybody may keep it for so long without asking again.
    pub(crate) fn public_for(self, age: TimeDelta) -> Self {
        let age = age.num_seconds();
        Self {
            cache_control: Cow::Owned(format!("public, max-age={age}")),
            ..self
        }
    }

    pub(crate) fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let known = is_known(request, &self.etag);
        let mut response = if known {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header((header::ETAG, self.etag.as_str()))
            .insert_header((header::CACHE_CONTROL, &*self.cache_control))
            .insert_header((header::VARY, "Accept-Encoding"));
        if known {
            return response.finish();
        }
        response
            .content_type(self.media_type)
            .body(self.bytes.clone())
    }
}
