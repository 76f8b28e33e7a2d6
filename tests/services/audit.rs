//! What is written down stands and falls with what it tells of.

use application::audit::{AuditEvent, AuditFilter};
use application::{Cause, Error, Expected, PageRequest, StoreError, SystemReason};
use domain::audit::{Action, Deed};
use domain::roles::{UsersActivate, UsersCreate};
use domain::users::{Status, UserError};
use support::factories::users::PASSWORD;
use support::{TestApp, at_once, origin};

use super::{
    PATIENT, administrator, command_line, credentials, member, new_user, permit, services, stored,
};
use application::users::NewUser;

async fn events(app: &TestApp) -> Vec<AuditEvent> {
    let page = PageRequest {
        limit: 100,
        after: None,
    };
    let any = AuditFilter::default();
    let listed = app.ports.database.audit().list(&any, &page).await;
    listed.expect("the database is there").items
}

async fn actions(app: &TestApp) -> Vec<Action> {
    events(app).await.iter().map(|it| it.action).collect()
}

#[tokio::test]
async fn nothing_is_done_that_cannot_be_written_down() {
    let app = TestApp::start().await;
    let (admin, ada) = (administrator(&app).await, member(&app).await);
    app.database
        .execute("ALTER TABLE audit_events RENAME TO gone")
        .await;

    let shut = services(&app.ports)
        .users
        .deactivate(&permit::<UsersActivate>(&admin), ada.id, &Expected::Any)
        .await;

    assert!(
        matches!(shut, Err(Error::Store(StoreError::Failed(_)))),
        "{shut:?}"
    );
    assert_eq!(stored(&app, &ada).await, ada);
}

#[tokio::test]
async fn what_changes_nothing_is_not_written_down() {
    let app = TestApp::start().await;
    let (admin, ada) = (administrator(&app).await, member(&app).await);
    let by = permit::<UsersActivate>(&admin);

    let opened = services(&app.ports)
        .users
        .activate(&by, ada.id, &Expected::Any)
        .await;

    assert_eq!(opened.unwrap().status, Status::Active);
    assert_eq!(actions(&app).await, []);
}

#[tokio::test]
async fn the_command_line_is_told_as_what_it_is() {
    let app = TestApp::start().await;
    let (by, new) = (command_line(&app), new_user());
    let email = new.email.clone();

    let credentials = credentials(&app.ports);
    let made = credentials
        .create_administrator(&by, new, &PASSWORD.into())
        .await
        .unwrap();
    credentials
        .set(&by, &email, &"mortar, lime and sand".into())
        .await
        .unwrap();

    let events = events(&app).await;
    let told: Vec<_> = events.iter().map(|it| it.action).collect();
    let order = [
        Action::UsersPasswordSet,
        Action::UsersRolesChanged,
        Action::UsersCreated,
    ];
    assert_eq!(told, order);
    for event in &events {
        assert_eq!(event.by, Cause::System(SystemReason::CommandLine));
        assert_eq!(event.target, Some(made.id.into()));
        assert_eq!(event.request_id, by.origin().request_id);
    }
}

/// On PostgreSQL the refusal has broken its transaction: nothing more can be written in it.
#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_of_many_at_once_is_written_down() {
    let app = TestApp::start_with(PATIENT, |ports| ports).await;
    let admin = administrator(&app).await;
    let services = services(&app.ports);
    let taken = new_user().email;

    let created = (0..10).map(|_| {
        let (services, by) = (services.clone(), permit::<UsersCreate>(&admin));
        let new = NewUser {
            email: taken.clone(),
            ..new_user()
        };
        async move { services.users.create(&by, new).await }
    });
    let results = at_once(created).await;

    let refused = Err(Error::User(UserError::EmailTaken));
    assert_eq!(results.iter().filter(|it| **it == refused).count(), 9);
    let told = actions(&app).await;
    let count = |action| told.iter().filter(|it| **it == action).count();
    assert_eq!(count(Action::UsersEmailTaken), 9);
    assert_eq!(count(Action::UsersCreated), 1);
}

#[tokio::test]
async fn who_cannot_connect_writes_no_refusal_down() {
    let app = TestApp::start().await;
    app.pools.close().await;

    let now = application::Clock::now(&*app.clock);
    let deed = Deed::of(Action::SignInRefused);
    let failed = app.ports.database.record(&origin(), deed, now).await;

    assert!(
        matches!(failed, Err(StoreError::Unavailable(_))),
        "{failed:?}"
    );
}
