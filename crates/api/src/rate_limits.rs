//! How often one client may call: each operation has a class, and each class a limit.

use std::cell::OnceCell;
use std::rc::Rc;
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use application::{Allowance, Origin, RateLimit, RateLimitKey};
use domain::users::UserId;
use serde_json::{Value, json};

use crate::Api;
use crate::problem::Problem;

/// What kind of work an operation is, as far as limits are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateClass {
    /// It takes a password: the operation says so itself.
    SignIn,
    /// Anybody may call it without a token; also what is asked with a token that is not valid.
    Public,
    Read,
    Write,
}

/// The limit of each class; `None` does not limit it.
#[derive(Debug, Clone, Copy)]
pub struct RateLimits {
    pub sign_in: Option<RateLimit>,
    pub public: Option<RateLimit>,
    pub read: Option<RateLimit>,
    pub write: Option<RateLimit>,
}

impl RateClass {
    const ALL: [Self; 4] = [Self::SignIn, Self::Public, Self::Read, Self::Write];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Public => "public",
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl RateLimits {
    fn of(&self, class: RateClass) -> Option<RateLimit> {
        match class {
            RateClass::SignIn => self.sign_in,
            RateClass::Public => self.public,
            RateClass::Read => self.read,
            RateClass::Write => self.write,
        }
    }
}

/// The member of an operation in the document that names its class.
pub(crate) const RATE_CLASS: &str = "x-rate-limit";

/// Gives an operation of the document its class, unless it names one itself.
pub(crate) fn classify(operation: &mut Value, method: &str) {
    if operation.get(RATE_CLASS).is_some() {
        return;
    }
    let class = match method {
        _ if operation["security"] == json!([{}]) => RateClass::Public,
        "get" => RateClass::Read,
        _ => RateClass::Write,
    };
    operation[RATE_CLASS] = class.name().into();
}

/// Who has the quota.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Client {
    User(UserId),
    /// The network that the request came from.
    Stranger,
}

/// Counts the request.
///
/// # Errors
/// When its client has called too often.
pub(crate) async fn take(
    api: &Api,
    request: &ServiceRequest,
    class: RateClass,
    client: Client,
) -> Result<(), Problem> {
    let Some(limit) = api.policy().rate_limits.of(class) else {
        return Ok(());
    };
    let key = RateLimitKey {
        scope: class.name(),
        subject: match client {
            Client::User(id) => id.0.as_bytes().as_slice().into(),
            Client::Stranger => network(request),
        },
    };
    let allowance = match api.limiter().take(&key, limit).await {
        Ok(allowance) => allowance,
        // Limits keep the service up; without them it is still better up than down.
        Err(error) => {
            tracing::warn!(cause = %error, class = class.name(), "a request was not limited");
            return Ok(());
        }
    };
    if let Some(fields) = request.extensions().get::<RateLimitFields>() {
        fields.tell(class, limit, allowance);
    }
    match allowance {
        Allowance::Allowed { .. } => Ok(()),
        Allowance::Refused { retry_after } => Err(Problem::rate_limited(retry_after)),
    }
}

/// Nothing, for all of whom no address is known.
fn network(request: &ServiceRequest) -> Box<[u8]> {
    let origin = request.extensions().get::<Origin>().copied();
    let network = origin.and_then(|it| it.network());
    let text = network.map_or_else(String::new, |it| it.to_string());
    text.into_bytes().into()
}

/// The header fields of the answer that tell about the limit, once the request was judged by one
/// (draft-ietf-httpapi-ratelimit-headers-11).
#[derive(Debug, Clone, Default)]
pub(crate) struct RateLimitFields(Rc<OnceCell<[(HeaderName, String); 2]>>);

impl RateLimitFields {
    /// `q` and `w`: how much in which time; `r` and `t`: in so many seconds no more than that.
    fn tell(&self, class: RateClass, limit: RateLimit, allowance: Allowance) {
        let (left, within) = match allowance {
            Allowance::Allowed {
                remaining,
                whole_in,
            } => (remaining, whole_in),
            Allowance::Refused { retry_after } => (0, retry_after),
        };
        let (name, quota) = (class.name(), limit.quota);
        let (window, within) = (whole_seconds(limit.window), whole_seconds(within));
        // A request is judged once; a second time would tell of another class.
        let _ = self.0.set([
            (POLICY, format!("\"{name}\";q={quota};w={window}")),
            (LEFT, format!("\"{name}\";r={left};t={within}")),
        ]);
    }

    pub(crate) fn add_to(&self, headers: &mut HeaderMap) {
        for (name, value) in self.0.get().into_iter().flatten() {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name.clone(), value);
            }
        }
    }
}

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// Rounded up, so that who waits as long as told has waited long enough.
pub(crate) fn whole_seconds(time: Duration) -> u64 {
    let begun = u64::from(time.subsec_nanos() > 0);
    (time.as_secs() + begun).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_rounded_up() {
        for (millis, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (60_000, 60)] {
            assert_eq!(whole_seconds(Duration::from_millis(millis)), seconds);
        }
    }

    #[test]
    fn a_class_follows_from_token_and_method_unless_it_is_named() {
        let (open, secured) = (json!([{}]), json!([{ "access_token": [] }]));
        for (operation, method, class) in [
            (json!({ "security": open }), "get", "public"),
            (json!({ "security": open }), "post", "public"),
            (json!({ "security": secured }), "get", "read"),
            (json!({ "security": secured }), "delete", "write"),
            (json!({ "x-rate-limit": "sign_in" }), "post", "sign_in"),
        ] {
            let mut operation = operation;

            classify(&mut operation, method);

            assert_eq!(operation[RATE_CLASS], class);
        }
    }
}
