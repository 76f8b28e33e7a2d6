//! Registrations of one address, and whoever else wants it, at the same time.

use std::sync::Arc;

use application::Error;
use application::registrations::NewRegistration;
use domain::one_time_tokens::OneTimeTokenError;
use domain::users::{DisplayName, EmailAddress, User};
use secrecy::SecretString;
use support::factories::users::{PASSWORD, email};
use support::{TestApp, at_once, origin};

use super::{patient_app, services};

/// As many tokens as asked for, all mailed to one address.
async fn tokens(app: &TestApp, count: usize) -> (EmailAddress, Vec<SecretString>) {
    let address = EmailAddress::parse(&email()).expect("it is one");
    for _ in 0..count {
        let new = NewRegistration {
            email: address.clone(),
            display_name: DisplayName::parse("Grace").expect("it is one"),
        };
        let services = services(&app.ports);
        let asked = services.registrations.request(&origin(), new).await;
        asked.expect("nothing speaks against it");
        app.clock.advance(chrono::TimeDelta::minutes(1));
    }
    app.deliver().await;
    let mails = app.mailer.taken_for(&address);
    let tokens = mails.iter().filter_map(support::token);
    (address, tokens.map(SecretString::from).collect())
}

async fn confirm_at_once(app: &TestApp, tokens: Vec<SecretString>) -> Vec<Result<User, Error>> {
    let services = services(&app.ports);
    let confirming = tokens.into_iter().map(|token| {
        let services = Arc::clone(&services);
        async move {
            let registrations = &services.registrations;
            registrations
                .confirm(&origin(), &token, &PASSWORD.into())
                .await
        }
    });
    at_once(confirming).await
}

fn assert_one_made(results: &[Result<User, Error>]) {
    let void = Err(Error::OneTimeToken(OneTimeTokenError::Void));
    let refused = results.iter().filter(|it| **it == void).count();
    assert_eq!(refused, results.len() - 1, "{results:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_token_makes_one_account_however_often_it_is_given_at_once() {
    let app = patient_app().await;
    let (_, mut tokens) = tokens(&app, 1).await;
    let token = tokens.remove(0);

    let results = confirm_at_once(&app, vec![token; 8]).await;

    assert_one_made(&results);
    assert_eq!(app.database.count("users").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_tokens_for_one_address_make_one_account() {
    let app = patient_app().await;
    let (address, tokens) = tokens(&app, 4).await;

    let results = confirm_at_once(&app, tokens).await;

    assert_one_made(&results);
    let users = app.ports.database.users();
    let found = users.find_by_email(&address).await.unwrap();
    assert_eq!(found, results.into_iter().find_map(Result::ok));
}
