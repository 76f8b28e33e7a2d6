//! Use cases on real databases: transactions, races, cancelled calls.

mod after_commit;
mod api_keys;
mod audit;
mod cancelled;
mod connecting;
mod credentials;
mod email_changes;
mod mailed_tokens;
mod outages;
mod outbox;
mod projects;
mod refresh;
mod registrations;
mod revocations;
mod roles;
mod sessions;
mod signed_out;
mod signing_keys;
mod transactions;
mod upkeep;
mod users;
mod writers;

use std::fmt::Debug;
use std::sync::Arc;

use application::api_keys::ApiKeyPolicy;
use application::credentials::Credentials;
use application::projects::ProjectPolicy;
use application::registrations::RegistrationPolicy;
use application::sessions::SessionPolicy;
use application::users::NewUser;
use application::{Actor, Error, Permit, Ports, Services, SessionActor, System, SystemReason};
use chrono::TimeDelta;
use domain::credentials::PasswordPolicy;
use domain::roles::{Required, RoleName};
use domain::sessions::{Session, SessionError, SessionId};
use domain::users::{DisplayName, EmailAddress, Status, User, UserError};
use support::factories::users::{display_name, email, user};
use support::{TestApp, origin};

/// For work at the same time, of which none is to fail because the machine is slow.
const PATIENT: &[(&str, &str)] = &[
    ("ASHLAR__DATABASE__STATEMENT_TIMEOUT_MS", "60000"),
    ("ASHLAR__DATABASE__ACQUIRE_TIMEOUT_MS", "60000"),
];

/// How many API keys somebody may have.
const MAX_KEYS: u64 = 3;

const PASSWORDS: PasswordPolicy = PasswordPolicy { min_length: 15 };

const PROJECTS: ProjectPolicy = ProjectPolicy { most_per_owner: 3 };

async fn patient_app() -> TestApp {
    TestApp::start_with(PATIENT, |ports| ports).await
}

fn services(ports: &Ports) -> Arc<Services> {
    let policy = SessionPolicy {
        access_lifetime: TimeDelta::minutes(10),
        session_lifetime: TimeDelta::days(30),
        idle_lifetime: TimeDelta::days(14),
        reuse_window: TimeDelta::seconds(30),
    };
    let keys = ApiKeyPolicy {
        max_lifetime: TimeDelta::days(366),
        max_per_user: MAX_KEYS,
    };
    let registration = RegistrationPolicy::Open;
    Arc::new(Services::new(
        ports,
        policy,
        PASSWORDS,
        registration,
        PROJECTS,
        keys,
    ))
}

fn credentials(ports: &Ports) -> Credentials {
    Credentials::new(ports, PASSWORDS)
}

fn command_line(app: &TestApp) -> System {
    System::acting(app.ports.ids.next(), SystemReason::CommandLine)
}

/// An administrator, stored, who has just signed in.
async fn administrator(app: &TestApp) -> SessionActor {
    let mut administrator = user(Status::Active);
    administrator.roles.insert(RoleName::administrator());
    app.store(&administrator).await;
    signed_in(app, &administrator).await
}

/// Somebody active without a permission, stored.
async fn member(app: &TestApp) -> User {
    let member = user(Status::Active);
    app.store(&member).await;
    member
}

fn permit<P: Required>(by: &SessionActor) -> Permit<P> {
    by.permit().expect("an administrator may do everything")
}

/// Whoever has just signed in.
async fn signed_in(app: &TestApp, user: &User) -> SessionActor {
    let (id, now) = (SessionId(app.ports.ids.next()), app.in_days(0));
    let session = Session::begun(id, user.id, now, TimeDelta::days(1));
    let begun = app.ports.database.begin(&origin()).await;
    let mut tx = begun.expect("the database is there");
    let inserted = tx.sessions_mut().insert(&session).await;
    inserted.expect("the user is there");
    let standing = tx.sessions().standing(id).await;
    tx.commit().await.expect("nothing speaks against it");

    let standing = standing.expect("the database is there");
    let rights = standing.expect("it has begun").rights;
    let actor = Actor::by_session(user.id, id, rights, TimeDelta::zero(), &origin());
    actor.session().expect("it is by a session")
}

fn new_user() -> NewUser {
    NewUser {
        email: EmailAddress::parse(&email()).expect("it is an address"),
        display_name: DisplayName::parse(&display_name()).expect("it is a name"),
    }
}

async fn stored(app: &TestApp, user: &User) -> User {
    let found = app.ports.database.users().find(user.id).await;
    found
        .expect("the database is there")
        .expect("the user is there")
}

/// How many sessions of the user have not ended.
async fn open_sessions(app: &TestApp, user: &User) -> i64 {
    let id = support::TestDatabase::literal(user.id.0);
    let open = format!("sessions WHERE user_id = {id} AND ended_at IS NULL");
    app.database.count(&open).await
}

/// Of two administrators who shut each other out at once, the second is the last one, or is one no more.
fn assert_one_is_done<T: Debug>(results: &[Result<T, Error>]) {
    let too_late = |it: &Error| {
        let last = *it == Error::User(UserError::LastAdministrator);
        last || *it == Error::Session(SessionError::TokenInvalid)
    };
    let done = results.iter().filter(|it| it.is_ok()).count();
    let refused = results.iter().filter(|it| it.as_ref().is_err_and(too_late));
    assert_eq!(
        (done, refused.count()),
        (1, results.len() - 1),
        "{results:?}"
    );
}
