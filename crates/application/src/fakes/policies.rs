use chrono::TimeDelta;
use domain::credentials::PasswordPolicy;
use domain::outbox::RetryPolicy;

use crate::api_keys::ApiKeyPolicy;
use crate::outbox::{OutboxPolicy, TokenLifetimes};
use crate::projects::ProjectPolicy;
use crate::sessions::SessionPolicy;
use crate::signing_keys::SigningKeyPolicy;
use crate::upkeep::RetentionPolicy;

pub(crate) const PASSWORDS: PasswordPolicy = PasswordPolicy { min_length: 15 };

pub(crate) const SESSIONS: SessionPolicy = SessionPolicy {
    access_lifetime: TimeDelta::minutes(5),
    session_lifetime: TimeDelta::hours(12),
    idle_lifetime: TimeDelta::hours(3),
    reuse_window: TimeDelta::seconds(20),
};

pub(crate) const RETENTION: RetentionPolicy = RetentionPolicy {
    session: TimeDelta::days(1),
    api_key: TimeDelta::days(2),
    registration: TimeDelta::days(4),
    email_change: TimeDelta::days(5),
    dead_letter: TimeDelta::days(3),
    audit_event: TimeDelta::days(100),
};

pub(crate) const OUTBOX: OutboxPolicy = OutboxPolicy {
    retry: RetryPolicy {
        first_wait: TimeDelta::seconds(30),
        longest_wait: TimeDelta::hours(1),
        max_attempts: 3,
    },
    lease: TimeDelta::minutes(2),
    lifetimes: TokenLifetimes {
        password_reset: TimeDelta::minutes(40),
        invitation: TimeDelta::days(7),
        registration: TimeDelta::hours(24),
        email_change: TimeDelta::hours(12),
        email_change_cancel: TimeDelta::days(6),
    },
};

pub(crate) const PROJECTS: ProjectPolicy = ProjectPolicy { most_per_owner: 3 };
pub(crate) const SIGNING_KEYS: SigningKeyPolicy = SigningKeyPolicy {
    signing: TimeDelta::days(90),
    token_lifetime: SESSIONS.access_lifetime,
};

pub(crate) const API_KEYS: ApiKeyPolicy = ApiKeyPolicy {
    max_lifetime: TimeDelta::days(366),
    max_per_user: 3,
};
