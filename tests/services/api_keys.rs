//! Races over API keys.

use std::sync::Arc;

use application::Error;
use application::api_keys::NewApiKey;
use domain::api_keys::{ApiKeyError, ApiKeyName};
use domain::roles::{Rights, UsersActivate};
use domain::sessions::SessionError;
use support::{TestApp, at_once};

use super::{MAX_KEYS, administrator, member, patient_app, permit, services, signed_in};

fn new(app: &TestApp) -> NewApiKey {
    NewApiKey {
        name: ApiKeyName::parse("Of a race").expect("it is one line"),
        scopes: Rights::NONE,
        expires_at: app.in_days(1),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_keys_made_at_once_no_more_are_made_than_allowed() {
    let app = patient_app().await;
    let services = services(&app.ports);
    let ada = member(&app).await;
    let by = signed_in(&app, &ada).await;

    let made = (0..MAX_KEYS + 5).map(|_| {
        let (services, new) = (Arc::clone(&services), new(&app));
        async move {
            let by = by.recent().expect("they have just signed in");
            services.api_keys.create_own(&by, new).await.map(drop)
        }
    });
    let results = at_once(made).await;

    let refused = Err(ApiKeyError::TooMany(MAX_KEYS).into());
    let (done, others): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!(done.len() as u64, MAX_KEYS);
    assert!(others.iter().all(|it| *it == refused), "{others:?}");
    assert_eq!(app.database.count("api_keys").await, MAX_KEYS.cast_signed());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_key_is_left_of_who_is_shut_out_while_making_one() {
    let app = patient_app().await;
    let services = services(&app.ports);
    let admin = administrator(&app).await;

    for round in 0..10 {
        let ada = member(&app).await;
        let owner = signed_in(&app, &ada).await;
        let works = [true, false].map(|makes| {
            let (services, by) = (Arc::clone(&services), permit::<UsersActivate>(&admin));
            let (id, new) = (ada.id, new(&app));
            async move {
                if makes {
                    let owner = owner.recent().expect("they have just signed in");
                    let made = services.api_keys.create_own(&owner, new).await;
                    return made.map(drop);
                }
                let users = &services.users;
                let shut = users.deactivate(&by, id, &application::Expected::Any).await;
                shut.map(drop)
            }
        });
        let results = at_once(works).await;

        let late = Err(Error::Session(SessionError::TokenInvalid));
        assert!(results.iter().all(|it| it.is_ok() || *it == late));
        let left = app.database.count("api_keys").await;
        assert_eq!(left, 0, "round {round}: {results:?}");
    }
}
