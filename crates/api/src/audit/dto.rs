use application::Cause;
use application::audit::AuditEvent;
use chrono::{DateTime, Utc};
use domain::audit::{Action, Outcome, Target};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use uuid::Uuid;

use crate::shape::shape;

/// Something that was done, or refused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub(crate) struct AuditEventView {
    /// What the event is called, for good.
    #[schema(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: Uuid,
    /// When it happened.
    #[schema(example = "2026-01-31T09:30:00.000000Z")]
    occurred_at: DateTime<Utc>,
    #[schema(value_type = ActionShape)]
    action: &'static str,
    outcome: OutcomeView,
    actor: ActorView,
    /// What it was done to, if that has an id; it may be gone by now.
    #[schema(required = true)]
    target: Option<TargetView>,
    /// The id of the request, as its client was told it and as the log has it.
    #[schema(example = "01936f5e-8c00-7000-8000-000000000000")]
    request_id: Uuid,
    /// The network that the request came from: an IPv4 /24 or an IPv6 /64.
    #[schema(required = true, example = "203.0.113.0/24")]
    network: Option<String>,
}

shape!(
    ActionShape,
    "AuditAction",
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("What was done; other values may come."))
        .enum_values(Some(Action::ALL.iter().map(|it| it.name())))
        .examples(["users.created"])
);

/// Whether it was done, or somebody tried.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AuditOutcome)]
enum OutcomeView {
    Done,
    Refused,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditActor)]
struct ActorView {
    /// `user`; `anonymous`, for whoever was not signed in; or why the system acted by itself, such as
    /// `command_line`. Other values may come.
    #[schema(example = "user")]
    kind: &'static str,
    /// The user's id.
    #[schema(required = true, example = "01936f5e-8c00-7000-8000-000000000000")]
    id: Option<Uuid>,
    /// The id of the API key that the request came with; null where none did. The key may be gone by now.
    #[schema(required = true, example = "01936f5e-8c00-7000-8000-000000000000")]
    api_key_id: Option<Uuid>,
}

/// What something was done to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditTarget)]
struct TargetView {
    /// `user`, `session`, `role`, `project`, `signing_key`, `api_key` or `dead_letter`; other values may come.
    #[schema(example = "user")]
    kind: &'static str,
    /// Its id.
    #[schema(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: Uuid,
}

impl From<AuditEvent> for AuditEventView {
    fn from(it: AuditEvent) -> Self {
        Self {
            id: it.id.0,
            occurred_at: it.occurred_at,
            action: it.action.name(),
            outcome: it.action.outcome().into(),
            actor: it.by.into(),
            target: it.target.map(Into::into),
            request_id: it.request_id,
            network: it.network.map(|it| it.to_string()),
        }
    }
}

impl From<Outcome> for OutcomeView {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::Done,
            Outcome::Refused => Self::Refused,
        }
    }
}

impl From<Cause> for ActorView {
    fn from(cause: Cause) -> Self {
        let (kind, id, api_key_id) = match cause {
            Cause::Anonymous => ("anonymous", None, None),
            Cause::User(id) => ("user", Some(id.0), None),
            Cause::ApiKey(key, owner) => ("user", Some(owner.0), Some(key.0)),
            Cause::System(reason) => (reason.name(), None, None),
        };
        Self {
            kind,
            id,
            api_key_id,
        }
    }
}

impl From<Target> for TargetView {
    fn from(target: Target) -> Self {
        let (kind, id) = match target {
            Target::User(id) => ("user", id.0),
            Target::Session(id) => ("session", id.0),
            Target::Role(id) => ("role", id.0),
            Target::Project(id) => ("project", id.0),
            Target::SigningKey(id) => ("signing_key", id.0),
            Target::ApiKey(id) => ("api_key", id.0),
            Target::DeadLetter(id) => ("dead_letter", id.0),
        };
        Self { kind, id }
    }
}
