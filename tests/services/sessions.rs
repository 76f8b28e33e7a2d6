use std::sync::Arc;

use application::sessions::SignedIn;
use application::{Error, Expected};
use domain::roles::UsersActivate;
use domain::sessions::SessionError;
use secrecy::ExposeSecret;
use support::factories::users::PASSWORD;
use support::{TestApp, at_once, origin};

use super::{
    administrator, command_line, credentials, member, open_sessions, patient_app, permit, services,
};

/// What became of work that ran beside sign-ins.
enum Done {
    SignedIn(Result<SignedIn, Error>),
    Other,
}

/// That a sign-in was refused, or its token is worth nothing by now.
async fn is_void(app: &TestApp, result: Result<SignedIn, Error>) -> bool {
    match result {
        Err(error) => error == Error::Session(SessionError::SignInRefused),
        Ok(signed_in) => {
            let token = signed_in.access.token.expose_secret().to_owned();
            let sessions = &services(&app.ports).sessions;
            let actor = sessions.authenticate(&origin(), &token).await;
            actor.is_err_and(|it| it == Error::Session(SessionError::TokenInvalid))
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_sign_in_outlives_a_deactivation() {
    let app = patient_app().await;
    let admin = administrator(&app).await;
    let services = services(&app.ports);

    for round in 0..10 {
        let ada = member(&app).await;
        let work = (0..9).map(|at| {
            let services = Arc::clone(&services);
            let by = permit::<UsersActivate>(&admin);
            let ada = ada.clone();
            async move {
                if at == 4 {
                    let users = &services.users;
                    let shut = users.deactivate(&by, ada.id, &Expected::Any).await;
                    shut.expect("nothing speaks against it");
                    return Done::Other;
                }
                let sessions = &services.sessions;
                let password = PASSWORD.into();
                Done::SignedIn(sessions.sign_in(&origin(), &ada.email, &password).await)
            }
        });
        let results = at_once(work).await;

        assert_eq!(open_sessions(&app, &ada).await, 0, "round {round}");
        for result in results {
            if let Done::SignedIn(result) = result {
                assert!(is_void(&app, result).await, "round {round}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_sign_in_with_the_old_password_outlives_a_new_one() {
    let app = patient_app().await;
    let services = services(&app.ports);
    let credentials = Arc::new(credentials(&app.ports));

    for round in 0..10 {
        let ada = member(&app).await;
        let work = (0..9).map(|at| {
            let services = Arc::clone(&services);
            let credentials = Arc::clone(&credentials);
            let by = command_line(&app);
            let ada = ada.clone();
            async move {
                if at == 4 {
                    let password = "mortar, lime and sand".into();
                    let set = credentials.set(&by, &ada.email, &password).await;
                    set.expect("nothing speaks against it");
                    return Done::Other;
                }
                let sessions = &services.sessions;
                let password = PASSWORD.into();
                Done::SignedIn(sessions.sign_in(&origin(), &ada.email, &password).await)
            }
        });
        let results = at_once(work).await;

        assert_eq!(open_sessions(&app, &ada).await, 0, "round {round}");
        for result in results {
            if let Done::SignedIn(result) = result {
                assert!(is_void(&app, result).await, "round {round}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_who_signs_in_at_once_gets_a_session_of_their_own() {
    let app = patient_app().await;
    let ada = member(&app).await;
    let services = services(&app.ports);

    let sign_ins = (0..12).map(|_| {
        let services = Arc::clone(&services);
        let email = ada.email.clone();
        async move {
            let sessions = &services.sessions;
            sessions.sign_in(&origin(), &email, &PASSWORD.into()).await
        }
    });
    let results = at_once(sign_ins).await;

    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(open_sessions(&app, &ada).await, 12);
}

#[tokio::test]
async fn a_sign_in_that_is_refused_leaves_no_session() {
    let app = TestApp::start().await;
    let ada = member(&app).await;

    let sessions = &services(&app.ports).sessions;
    let wrong = "mortar, lime and sand".into();
    let refused = sessions.sign_in(&origin(), &ada.email, &wrong).await;

    let error = refused.expect_err("the password is wrong");
    assert_eq!(error, Error::Session(SessionError::SignInRefused));
    assert_eq!(open_sessions(&app, &ada).await, 0);
}
