//! Who asks: the first parameter of every handler.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::http::header::ACCEPT;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use application::{Actor, Origin, Permit};
use domain::roles::Required;

use super::query::no_parameters;
use crate::gate::Called;
use crate::problem::{NOT_ACCEPTABLE, Problem};

/// Anybody at all; only on operations that the document calls public.
pub(crate) struct Anyone(Origin);

/// Somebody who is signed in.
pub(crate) struct Caller(Actor);

/// Somebody who is signed in and has the permission.
pub(crate) struct May<P>(Permit<P>);

impl FromRequest for Anyone {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(origin(request).and_then(|it| fits(request).map(|()| Self(it))))
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(actor(request).and_then(|it| fits(request).map(|()| Self(it))))
    }
}

impl<P: Required> FromRequest for May<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let permit = actor(request).and_then(|it| it.permit().map_err(Problem::from));
        ready(permit.and_then(|it| fits(request).map(|()| Self(it))))
    }
}

impl Deref for Anyone {
    type Target = Origin;

    fn deref(&self) -> &Origin {
        &self.0
    }
}

impl Deref for Caller {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.0
    }
}

impl<P> Deref for May<P> {
    type Target = Permit<P>;

    fn deref(&self) -> &Permit<P> {
        &self.0
    }
}

fn origin(request: &HttpRequest) -> Result<Origin, Problem> {
    let left = request.extensions().get::<Origin>().copied();
    left.ok_or_else(|| Problem::internal("the edge left no origin"))
}

/// The gate leaves an actor on every operation that is not public.
fn actor(request: &HttpRequest) -> Result<Actor, Problem> {
    let left = request.extensions().get::<Actor>().copied();
    left.ok_or_else(|| Problem::internal("the document calls an operation public that asks who"))
}

/// What can be judged without the handler: the answer that is asked for, and, where the operation
/// knows none, that there is no parameter.
fn fits(request: &HttpRequest) -> Result<(), Problem> {
    accepts_json(request)?;
    let called = request.extensions();
    match called.get::<Called>() {
        Some(called) if called.takes_query => Ok(()),
        _ => no_parameters(request),
    }
}

/// RFC 9110, section 12.5.1: the most specific range decides.
fn accepts_json(request: &HttpRequest) -> Result<(), Problem> {
    let mut ranges = request.headers().get_all(ACCEPT);
    if ranges.all(|it| it.as_bytes().trim_ascii().is_empty()) {
        return Ok(());
    }
    let mut best: Option<(u8, bool)> = None;
    for range in request
        .headers()
        .get_all(ACCEPT)
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(','))
    {
        let mut parts = range.split(';').map(str::trim);
        let specific = match parts
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
            .as_str()
        {
            "application/json" => 2,
            "application/*" => 1,
            "*/*" => 0,
            _ => continue,
        };
        let wanted = !parts.any(is_zero_weight);
        if best.is_none_or(|(known, _)| specific >= known) {
            best = Some((specific, wanted));
        }
    }
    match best {
        Some((_, true)) => Ok(()),
        _ => Err(Problem::new(&NOT_ACCEPTABLE, "accept application/json")),
    }
}

fn is_zero_weight(parameter: &str) -> bool {
    let weight = parameter
        .strip_prefix("q=")
        .or_else(|| parameter.strip_prefix("Q="));
    weight.is_some_and(|it| it.parse::<f32>().is_ok_and(|it| it <= 0.0))
}
