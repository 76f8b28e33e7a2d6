use std::sync::Arc;

use application::Error;
use application::users::NewUser;
use domain::credentials::CredentialError;
use domain::users::{Status, UserError};
use secrecy::SecretString;
use support::factories::sessions::session;
use support::factories::users::{PASSWORD, user};
use support::{TestApp, at_once, origin};

use super::{
    command_line, credentials, member, new_user, open_sessions, patient_app, services, signed_in,
    stored,
};

#[tokio::test]
async fn who_gets_a_password_can_sign_in_with_it() {
    let app = TestApp::start().await;
    let invited = user(Status::Pending);
    let mut tx = app.ports.database.begin(&origin()).await.unwrap();
    tx.users_mut().insert(&invited).await.unwrap();
    tx.commit().await.unwrap();

    let set = credentials(&app.ports)
        .set(&command_line(&app), &invited.email, &PASSWORD.into())
        .await;

    assert_eq!(set.unwrap(), stored(&app, &invited).await);
    let sessions = &services(&app.ports).sessions;
    let signed_in = sessions
        .sign_in(&origin(), &invited.email, &PASSWORD.into())
        .await;
    assert!(signed_in.is_ok(), "{signed_in:?}");
}

#[tokio::test]
async fn another_password_ends_every_session() {
    let app = TestApp::start().await;
    let ada = member(&app).await;
    let mut tx = app.ports.database.begin(&origin()).await.unwrap();
    for _ in 0..3 {
        tx.sessions_mut().insert(&session(&ada)).await.unwrap();
    }
    tx.commit().await.unwrap();

    let password = "mortar, lime and sand".into();
    let set = credentials(&app.ports)
        .set(&command_line(&app), &ada.email, &password)
        .await;

    assert!(set.is_ok(), "{set:?}");
    assert_eq!(open_sessions(&app, &ada).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_eight_first_starts_one_makes_the_administrator() {
    let app = patient_app().await;
    let credentials = Arc::new(credentials(&app.ports));
    let wanted = new_user().email;
    assert_eq!(credentials.is_first_start().await, Ok(true));

    let created = (0..8).map(|_| {
        let credentials = Arc::clone(&credentials);
        let by = command_line(&app);
        let new = NewUser {
            email: wanted.clone(),
            ..new_user()
        };
        async move {
            let password = PASSWORD.into();
            credentials.create_administrator(&by, new, &password).await
        }
    });
    let results = at_once(created).await;

    let taken = Err(Error::User(UserError::EmailTaken));
    let refused = results.iter().filter(|it| **it == taken).count();
    let done = results.iter().filter(|it| it.is_ok()).count();
    assert_eq!((done, refused), (1, 7), "{results:?}");
    assert_eq!(credentials.is_first_start().await, Ok(false));
    assert_eq!(app.database.count("credentials").await, 1);
}

/// Or the owner would sign in with one password, and a thief with the other.
#[tokio::test(flavor = "multi_thread")]
async fn of_changes_of_one_password_at_once_one_holds() {
    let app = patient_app().await;
    let ada = member(&app).await;
    let services = services(&app.ports);
    let new = |n: usize| SecretString::from(format!("mortar, lime and sand {n}"));
    let by = signed_in(&app, &ada).await;

    let changes = (0..4).map(|n| {
        let services = Arc::clone(&services);
        async move {
            let by = by.recent().expect("just now");
            let credentials = &services.credentials;
            credentials.change_own(&by, &PASSWORD.into(), &new(n)).await
        }
    });
    let results = at_once(changes).await;

    let wrong = Err(Error::Credential(CredentialError::PasswordWrong));
    assert_eq!(results.iter().filter(|it| **it == wrong).count(), 3);
    for (n, changed) in results.iter().enumerate() {
        let sessions = &services.sessions;
        let signed_in = sessions.sign_in(&origin(), &ada.email, &new(n)).await;
        assert_eq!(signed_in.is_ok(), changed.is_ok(), "{n}: {signed_in:?}");
    }
}
