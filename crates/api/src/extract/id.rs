use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use uuid::Uuid;

use super::faults::invalid_parameters;
use crate::problem::{Fault, FaultCode, Problem};

/// The `{id}` of the path: a UUID in its usual form, with hyphens.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: From<Uuid>> FromRequest for Id<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().query("id");
        ready(id(text).map(Self).map_err(|detail| {
            let fault = Fault::of_parameter("id", FaultCode::Invalid, detail);
            invalid_parameters(vec![fault])
        }))
    }
}

pub(super) fn id<T: From<Uuid>>(text: &str) -> Result<T, &'static str> {
    match text.parse::<Uuid>() {
        // Other forms (braces, no hyphens) would be other addresses of the same thing.
        Ok(id) if text.len() == uuid::fmt::Hyphenated::LENGTH => Ok(id.into()),
        _ => Err("an id is a UUID such as 01936f5e-8c00-7000-8000-000000000000"),
    }
}
