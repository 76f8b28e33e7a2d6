//! Who asks: the first parameter of every handler.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::http::header::ACCEPT;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use application::{Actor, Origin, Permit, RecentActor, SessionActor};
use domain::roles::Required;

use super::query::no_parameters;
use crate::gate::Called;
use crate::problem::{NOT_ACCEPTABLE, Problem};

/// Anybody at all; only on operations that the document calls public.
pub(crate) struct Anyone(Origin);

/// Somebody, by an access token or an API key.
pub(crate) struct Caller(Actor);

/// Somebody who is signed in, by an access token alone; the operation names no other scheme.
pub(crate) struct SessionCaller(SessionActor);

/// Somebody who is signed in, and has given their password a short while ago; the operation says so in [`MAX_AGE`].
pub(crate) struct RecentCaller(RecentActor);

/// The member of an operation in the document that says how many seconds ago the password may have been given.
pub(crate) const MAX_AGE: &str = "x-max-age";

/// Somebody who has the permission, and whose API key, if they send one, has it, too.
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

impl FromRequest for SessionCaller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(session(request).and_then(|it| fits(request).map(|()| Self(it))))
    }
}

impl FromRequest for RecentCaller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let recent = session(request).and_then(|it| it.recent().map_err(Problem::from));
        ready(recent.and_then(|it| fits(request).map(|()| Self(it))))
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

impl Deref for SessionCaller {
    type Target = SessionActor;

    fn deref(&self) -> &SessionActor {
        &self.0
    }
}

impl Deref for RecentCaller {
    type Target = RecentActor;

    fn deref(&self) -> &RecentActor {
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

fn session(request: &HttpRequest) -> Result<SessionActor, Problem> {
    actor(request).and_then(|it| it.session().map_err(Problem::from))
}

/// What can be judged without the handler: the type of answer that is asked for, and, where the
/// operation knows none, that there is no parameter.
fn fits(request: &HttpRequest) -> Result<(), Problem> {
    let extensions = request.extensions();
    let called = extensions.get::<Called>();
    let called = called.ok_or_else(|| Problem::internal("the gate left no operation"))?;
    accepts_one_of(request, &called.media_types)?;
    if called.takes_query {
        return Ok(());
    }
    no_parameters(request)
}

fn accepts_one_of(request: &HttpRequest, media_types: &[String]) -> Result<(), Problem> {
    let mut ranges = request.headers().get_all(ACCEPT);
    if ranges.all(|it| it.as_bytes().trim_ascii().is_empty()) {
        return Ok(());
    }
    if media_types.iter().any(|it| accepts(request, it)) {
        return Ok(());
    }
    let detail = format!("accept {}", media_types.join(" or "));
    Err(Problem::new(&NOT_ACCEPTABLE, detail))
}

/// RFC 9110, section 12.5.1: the most specific range decides.
fn accepts(request: &HttpRequest, media_type: &str) -> bool {
    let mut best: Option<(u8, bool)> = None;
    for range in request
        .headers()
        .get_all(ACCEPT)
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(','))
    {
        let mut parts = range.split(';').map(str::trim);
        let range = parts.next().unwrap_or_default().to_ascii_lowercase();
        let Some(specific) = specificity(&range, media_type) else {
            continue;
        };
        let wanted = !parts.any(is_zero_weight);
        if best.is_none_or(|(known, _)| specific >= known) {
            best = Some((specific, wanted));
        }
    }
    best.is_some_and(|(_, wanted)| wanted)
}

/// How closely a range names the type; `None` when it does not.
fn specificity(range: &str, media_type: &str) -> Option<u8> {
    let (kind, _) = media_type.split_once('/')?;
    match range {
        "*/*" => Some(0),
        _ if range.strip_suffix("/*") == Some(kind) => Some(1),
        _ if range == media_type => Some(2),
        _ => None,
    }
}

fn is_zero_weight(parameter: &str) -> bool {
    let weight = parameter
        .strip_prefix("q=")
        .or_else(|| parameter.strip_prefix("Q="));
    weight.is_some_and(|it| it.parse::<f32>().is_ok_and(|it| it <= 0.0))
}
