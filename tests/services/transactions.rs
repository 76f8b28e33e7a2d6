//! A use case that fails in its middle leaves nothing: here the table of its second write is gone.

use application::{Error, Expected, Signal, StoreError};
use domain::roles::{UsersActivate, UsersUpdate};
use domain::users::{EmailAddress, UserChange};
use support::TestApp;
use support::factories::sessions::session;
use support::factories::users::{PASSWORD, email};

use super::{
    administrator, command_line, credentials, member, new_user, open_sessions, permit, services,
    stored,
};

const NEW_PASSWORD: &str = "mortar, lime and sand";

#[track_caller]
fn is_failure<T: std::fmt::Debug>(result: Result<T, Error>) {
    let error = result.expect_err("a table is gone");
    assert!(
        matches!(error, Error::Store(StoreError::Failed(_))),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_administrator_whose_password_cannot_be_kept_is_not_created() {
    let app = TestApp::start().await;
    app.database.execute("DROP TABLE credentials").await;

    let created = credentials(&app.ports)
        .create_administrator(&command_line(&app), new_user(), &PASSWORD.into())
        .await;

    is_failure(created);
    assert_eq!(app.database.count("users").await, 0);
    assert_eq!(app.database.count("user_roles").await, 0);
}

#[tokio::test]
async fn a_password_is_not_changed_when_the_sessions_cannot_be_ended() {
    let app = TestApp::start().await;
    let ada = member(&app).await;
    let before = app.ports.database.credentials().find(ada.id).await;
    app.database
        .execute("ALTER TABLE sessions RENAME TO gone")
        .await;

    let set = credentials(&app.ports)
        .set(&command_line(&app), &ada.email, &NEW_PASSWORD.into())
        .await;

    is_failure(set);
    let after = app.ports.database.credentials().find(ada.id).await;
    assert_eq!(after, before);
    assert_eq!(stored(&app, &ada).await, ada);
}

#[tokio::test]
async fn an_account_is_not_shut_when_its_sessions_cannot_be_ended() {
    let app = TestApp::start().await;
    let (admin, ada) = (administrator(&app).await, member(&app).await);
    app.database
        .execute("ALTER TABLE sessions RENAME TO gone")
        .await;

    let shut = services(&app.ports)
        .users
        .deactivate(&permit::<UsersActivate>(&admin), ada.id, &Expected::Any)
        .await;

    is_failure(shut);
    assert_eq!(stored(&app, &ada).await, ada);
}

#[tokio::test]
async fn an_address_is_not_changed_when_the_sessions_cannot_be_ended() {
    let app = TestApp::start().await;
    let (admin, ada) = (administrator(&app).await, member(&app).await);
    app.database
        .execute("ALTER TABLE sessions RENAME TO gone")
        .await;
    let change = UserChange {
        email: EmailAddress::parse(&email()).ok(),
        ..UserChange::default()
    };

    let changed = services(&app.ports)
        .users
        .update(
            &permit::<UsersUpdate>(&admin),
            ada.id,
            &Expected::Any,
            change,
        )
        .await;

    is_failure(changed);
    assert_eq!(stored(&app, &ada).await, ada);
}

#[tokio::test]
async fn what_was_prepared_is_whole_when_nothing_fails() {
    let app = TestApp::start().await;
    let (admin, ada) = (administrator(&app).await, member(&app).await);
    let mut tx = app.ports.database.begin(&support::origin()).await.unwrap();
    tx.sessions_mut().insert(&session(&ada)).await.unwrap();
    tx.after_commit(Signal::SessionsEnded(ada.id));
    tx.commit().await.unwrap();

    let shut = services(&app.ports)
        .users
        .deactivate(&permit::<UsersActivate>(&admin), ada.id, &Expected::Any)
        .await;

    assert_eq!(shut.unwrap(), stored(&app, &ada).await);
    assert_eq!(open_sessions(&app, &ada).await, 0);
}
