use std::sync::Arc;

use domain::credentials::PasswordPolicy;

use crate::api_keys::{ApiKeyPolicy, ApiKeySecrets, ApiKeys, KnownApiKeys};
use crate::audit::AuditLog;
use crate::credentials::{Credentials, GuessBudget, PasswordHasher};
use crate::email_changes::EmailChanges;
use crate::one_time_tokens::OneTimeSecrets;
use crate::outbox::{DeadLetters, MailBudget, Mailer};
use crate::projects::{ProjectPolicy, Projects};
use crate::registrations::{RegistrationPolicy, Registrations};
use crate::revocations::KnownRevocations;
use crate::roles::Roles;
use crate::sessions::{RefreshSecrets, SessionPolicy, Sessions, TokenSigner};
use crate::signing_keys::KeyRing;
use crate::users::Users;
use crate::{Clock, CursorSeal, Database, Ids, RateLimiter};

/// Everything from outside that the use cases need.
#[derive(Clone)]
pub struct Ports {
    pub database: Arc<dyn Database>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub hasher: Arc<dyn PasswordHasher>,
    pub signer: Arc<dyn TokenSigner>,
    /// What the signer signs with.
    pub key_ring: Arc<dyn KeyRing>,
    pub refresh_secrets: Arc<dyn RefreshSecrets>,
    pub one_time_secrets: Arc<dyn OneTimeSecrets>,
    pub mailer: Arc<dyn Mailer>,
    pub api_key_secrets: Arc<dyn ApiKeySecrets>,
    pub mail_budget: Arc<dyn MailBudget>,
    pub guess_budget: Arc<dyn GuessBudget>,
    pub cursors: Arc<dyn CursorSeal>,
    pub limiter: Arc<dyn RateLimiter>,
    /// Shared by those who hear of revocations and those who judge by them.
    pub revocations: Arc<KnownRevocations>,
    /// Shared by those who judge keys and those who write down that they were used.
    pub api_keys: Arc<KnownApiKeys>,
}

/// The use cases that are served over HTTP.
pub struct Services {
    pub users: Users,
    pub sessions: Sessions,
    pub credentials: Credentials,
    pub registrations: Registrations,
    pub email_changes: EmailChanges,
    pub audit: AuditLog,
    pub roles: Roles,
    pub projects: Projects,
    pub api_keys: ApiKeys,
    pub dead_letters: DeadLetters,
}

impl Services {
    #[must_use]
    pub fn new(
        ports: &Ports,
        sessions: SessionPolicy,
        passwords: PasswordPolicy,
        registration: RegistrationPolicy,
        projects: ProjectPolicy,
        api_keys: ApiKeyPolicy,
    ) -> Self {
        Self {
            users: Users::new(ports),
            sessions: Sessions::new(ports, sessions),
            credentials: Credentials::new(ports, passwords),
            registrations: Registrations::new(ports, registration, passwords),
            email_changes: EmailChanges::new(ports),
            audit: AuditLog::new(ports),
            roles: Roles::new(ports),
            projects: Projects::new(ports, projects),
            api_keys: ApiKeys::new(ports, api_keys),
            dead_letters: DeadLetters::new(ports),
        }
    }
}
