use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::ORIGIN;
use actix_web::{FromRequest, HttpRequest};

use crate::Api;
use crate::problem::{ORIGIN_REFUSED, Problem};

/// The request comes from a page whose origin is trusted: asked for wherever a cookie alone says who calls, because a
/// browser adds cookies to what any page sends (OWASP CSRF Prevention Cheat Sheet, "Verifying Origin With Standard Headers").
pub(crate) struct TrustedPage;

impl FromRequest for TrustedPage {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut origins = request.headers().get_all(ORIGIN);
        let only = origins.next().filter(|_| origins.next().is_none());
        let trusted = only.is_some_and(|it| Api::of(request).policy().trusts(it));
        ready(trusted.then_some(Self).ok_or_else(|| {
            Problem::new(
                &ORIGIN_REFUSED,
                "the page that sends this has to be of an allowed origin",
            )
        }))
    }
}
