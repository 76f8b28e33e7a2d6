//! Who gets in at all, judged before anything that costs: not too long, and not too many.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

use crate::problem::{HEADERS_TOO_LARGE, Problem, URI_TOO_LONG};
use crate::{Api, ApiPolicy};

pub(crate) async fn admission(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let api = Arc::clone(request.app_data::<Arc<Api>>().expect("`app` gives it"));
    if let Err(problem) = fits(&request, api.policy()) {
        return Ok(request.error_response(problem));
    }
    let Some(place) = api.in_flight().enter() else {
        return Ok(request.error_response(Problem::overloaded()));
    };
    let answer = next.call(request).await;
    drop(place);
    Ok(answer?.map_into_boxed_body())
}

/// What is longer may still be sent somewhere in the body, where an operation takes one.
fn fits(request: &ServiceRequest, policy: &ApiPolicy) -> Result<(), Problem> {
    let target = request.uri().path_and_query();
    if target.is_some_and(|it| it.as_str().len() > policy.uri_limit) {
        let limit = policy.uri_limit;
        let detail = format!("path and query have at most {limit} bytes together");
        return Err(Problem::new(&URI_TOO_LONG, detail));
    }
    let headers = request.headers().iter();
    let headers: usize = headers
        .map(|(name, it)| name.as_str().len() + it.len())
        .sum();
    if headers > policy.head_limit {
        let limit = policy.head_limit;
        let detail = format!("names and values of all headers have at most {limit} bytes together");
        return Err(Problem::new(&HEADERS_TOO_LARGE, detail));
    }
    Ok(())
}

/// The requests that all workers together are working on. More of them would only wait for each
/// other, until nobody waits for their answers any more.
pub(crate) struct InFlight {
    most: usize,
    now: AtomicUsize,
}

impl InFlight {
    pub(crate) fn at_most(most: usize) -> Self {
        let now = AtomicUsize::new(0);
        Self { most, now }
    }

    fn enter(&self) -> Option<Place<'_>> {
        let one_more = |now| (now < self.most).then_some(now + 1);
        let entered = self
            .now
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        entered.ok().map(|_| Place(self))
    }
}

/// Given back when it is dropped: by an answer, and by whatever else ends a request.
struct Place<'a>(&'a InFlight);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}
