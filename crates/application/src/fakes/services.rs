//! Each service on mocks, with what it did.

use std::sync::Arc;

use super::{
    API_KEYS, Ledger, Mocks, MovedClock, OUTBOX, PASSWORDS, PROJECTS, RETENTION, SESSIONS,
    SIGNING_KEYS, known,
};
use crate::Ports;
use crate::api_keys::ApiKeys;
use crate::audit::AuditLog;
use crate::credentials::Credentials;
use crate::email_changes::EmailChanges;
use crate::outbox::{DeadLetters, Outbox};
use crate::projects::Projects;
use crate::registrations::{RegistrationPolicy, Registrations};
use crate::revocations::{KnownRevocations, RevocationFeed};
use crate::roles::Roles;
use crate::sessions::Sessions;
use crate::signing_keys::{KeyLoader, SigningKeys};
use crate::upkeep::Upkeep;
use crate::users::Users;

impl Mocks {
    pub(crate) fn users_service(self) -> (Users, Ledger) {
        let (ports, ledger) = self.ports();
        (Users::new(&ports), ledger)
    }

    pub(crate) fn sessions_service(self) -> (Sessions, Ledger) {
        let (ports, ledger) = self.ports();
        (Sessions::new(&ports, SESSIONS), ledger)
    }

    /// With the clock and what it knows.
    pub(crate) fn revocation_feed(
        self,
    ) -> (
        RevocationFeed,
        Arc<KnownRevocations>,
        Arc<MovedClock>,
        Ledger,
    ) {
        let clock = Arc::new(MovedClock::default());
        let (ports, ledger) = self.ports();
        let ports = Ports {
            revocations: known(clock.clone()),
            clock: clock.clone(),
            ..ports
        };
        let feed = RevocationFeed::new(&ports);
        (feed, ports.revocations, clock, ledger)
    }

    pub(crate) fn signing_keys_service(self) -> (SigningKeys, Ledger) {
        let (ports, ledger) = self.ports();
        (SigningKeys::new(&ports, SIGNING_KEYS), ledger)
    }

    /// With the clock.
    pub(crate) fn key_loader(self) -> (KeyLoader, Arc<MovedClock>) {
        let clock = Arc::new(MovedClock::default());
        let (ports, _) = self.ports();
        let ports = Ports {
            clock: clock.clone(),
            ..ports
        };
        (KeyLoader::new(&ports), clock)
    }

    pub(crate) fn credentials_service(self) -> (Credentials, Ledger) {
        let (ports, ledger) = self.ports();
        (Credentials::new(&ports, PASSWORDS), ledger)
    }

    pub(crate) fn registrations_service(
        self,
        policy: RegistrationPolicy,
    ) -> (Registrations, Ledger) {
        let (ports, ledger) = self.ports();
        (Registrations::new(&ports, policy, PASSWORDS), ledger)
    }

    pub(crate) fn email_changes_service(self) -> (EmailChanges, Ledger) {
        let (ports, ledger) = self.ports();
        (EmailChanges::new(&ports), ledger)
    }

    pub(crate) fn outbox_service(self) -> (Outbox, Ledger) {
        let (ports, ledger) = self.ports();
        (Outbox::new(&ports, OUTBOX), ledger)
    }

    pub(crate) fn upkeep_service(self) -> (Upkeep, Ledger) {
        let (ports, ledger) = self.ports();
        (Upkeep::new(&ports, RETENTION), ledger)
    }

    pub(crate) fn dead_letters_service(self) -> (DeadLetters, Ledger) {
        let (ports, ledger) = self.ports();
        (DeadLetters::new(&ports), ledger)
    }

    pub(crate) fn roles_service(self) -> (Roles, Ledger) {
        let (ports, ledger) = self.ports();
        (Roles::new(&ports), ledger)
    }

    pub(crate) fn projects_service(self) -> (Projects, Ledger) {
        let (ports, ledger) = self.ports();
        (Projects::new(&ports, PROJECTS), ledger)
    }

    pub(crate) fn api_keys_service(self) -> (ApiKeys, Ledger) {
        let (ports, ledger) = self.ports();
        (ApiKeys::new(&ports, API_KEYS), ledger)
    }

    pub(crate) fn audit_service(self) -> (AuditLog, Ledger) {
        let (ports, ledger) = self.ports();
        (AuditLog::new(&ports), ledger)
    }
}
