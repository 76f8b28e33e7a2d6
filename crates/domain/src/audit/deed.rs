use uuid::Uuid;

use super::Action;
use crate::api_keys::ApiKeyId;
use crate::outbox::OutboxMessageId;
use crate::projects::ProjectId;
use crate::roles::RoleId;
use crate::sessions::SessionId;
use crate::signing_keys::SigningKeyId;
use crate::users::UserId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuditEventId(pub Uuid);

/// What was done to what. Who did it, and where the request came from, whoever writes it down knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deed {
    pub action: Action,
    pub target: Option<Target>,
    /// Who it turned out to be, where a password or a token said so and not the request.
    pub by: Option<UserId>,
}

/// What something was done to. It may be gone by now: its id stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    User(UserId),
    Session(SessionId),
    Role(RoleId),
    Project(ProjectId),
    SigningKey(SigningKeyId),
    ApiKey(ApiKeyId),
    DeadLetter(OutboxMessageId),
}

impl Deed {
    #[must_use]
    pub fn on(action: Action, target: impl Into<Target>) -> Self {
        Self {
            target: Some(target.into()),
            ..Self::of(action)
        }
    }

    /// On nothing that has an id.
    #[must_use]
    pub fn of(action: Action) -> Self {
        Self {
            action,
            target: None,
            by: None,
        }
    }

    #[must_use]
    pub fn by(self, user: UserId) -> Self {
        Self {
            by: Some(user),
            ..self
        }
    }
}

impl From<UserId> for Target {
    fn from(id: UserId) -> Self {
        Self::User(id)
    }
}

impl From<SessionId> for Target {
    fn from(id: SessionId) -> Self {
        Self::Session(id)
    }
}

impl From<RoleId> for Target {
    fn from(id: RoleId) -> Self {
        Self::Role(id)
    }
}

impl From<ProjectId> for Target {
    fn from(id: ProjectId) -> Self {
        Self::Project(id)
    }
}

impl From<SigningKeyId> for Target {
    fn from(id: SigningKeyId) -> Self {
        Self::SigningKey(id)
    }
}

impl From<ApiKeyId> for Target {
    fn from(id: ApiKeyId) -> Self {
        Self::ApiKey(id)
    }
}

impl From<OutboxMessageId> for Target {
    fn from(id: OutboxMessageId) -> Self {
        Self::DeadLetter(id)
    }
}
