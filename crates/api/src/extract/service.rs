use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::problem::Problem;

/// The one service that a handler calls.
pub(crate) struct Service<T: ?Sized>(Arc<T>);

impl<T: ?Sized + 'static> FromRequest for Service<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = request.app_data::<Arc<T>>().cloned().map(Self);
        ready(found.ok_or_else(|| Problem::internal("a service was not composed")))
    }
}

impl<T: ?Sized> Deref for Service<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
