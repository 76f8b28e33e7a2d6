//! Changes of one address, and their cancellation, at the same time.

use std::sync::Arc;

use application::Error;
use domain::one_time_tokens::OneTimeTokenError;
use domain::users::{EmailAddress, User, UserError};
use secrecy::SecretString;
use support::factories::users::{PASSWORD, email};
use support::{TestApp, at_once, origin};

use super::{member, patient_app, services, stored};

struct Asked {
    confirm: SecretString,
    cancel: SecretString,
}

async fn asked(app: &TestApp, of: &User, new: &EmailAddress) -> Asked {
    let session = app.session_of(of).await;
    let asked = session.request_email_change(new.as_str()).await;
    asked.accepted();
    app.deliver().await;
    let letters = app.mailer.taken_for(new);
    Asked {
        confirm: support::token(&letters[letters.len() - 1])
            .expect("nobody has the address")
            .into(),
        cancel: app.mailer.token_for(&of.email).into(),
    }
}

fn an_address() -> EmailAddress {
    EmailAddress::parse(&email()).expect("it is one")
}

/// What somebody does with a token.
#[derive(Clone, Copy)]
enum Answer {
    Confirm,
    Cancel,
}

async fn answer_at_once(
    app: &TestApp,
    answers: Vec<(Answer, SecretString)>,
) -> Vec<Result<(), Error>> {
    let services = services(&app.ports);
    let answering = answers.into_iter().map(|(answer, token)| {
        let services = Arc::clone(&services);
        async move {
            let (changes, origin) = (&services.email_changes, origin());
            match answer {
                Answer::Confirm => changes.confirm(&origin, &token).await,
                Answer::Cancel => changes.cancel(&origin, &token).await,
            }
        }
    });
    at_once(answering).await
}

fn void() -> Result<(), Error> {
    Err(Error::OneTimeToken(OneTimeTokenError::Void))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_token_changes_an_address_once_however_often_it_is_given_at_once() {
    let app = patient_app().await;
    let ada = member(&app).await;
    let new = an_address();
    let asked = asked(&app, &ada, &new).await;

    let results = answer_at_once(&app, vec![(Answer::Confirm, asked.confirm); 8]).await;

    let done = results.iter().filter(|it| it.is_ok()).count();
    assert_eq!(done, 1, "{results:?}");
    let refused = results.iter().filter(|it| **it == void()).count();
    assert_eq!(refused, 7, "{results:?}");
    assert_eq!(stored(&app, &ada).await.email, new);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cancels_while_somebody_confirms_has_the_old_address() {
    let app = patient_app().await;
    for _ in 0..4 {
        let ada = member(&app).await;
        let asked = asked(&app, &ada, &an_address()).await;

        let answers = vec![
            (Answer::Confirm, asked.confirm),
            (Answer::Cancel, asked.cancel),
        ];
        let results = answer_at_once(&app, answers).await;

        assert_eq!(results[1], Ok(()));
        assert!(results[0].is_ok() || results[0] == void(), "{results:?}");
        assert_eq!(stored(&app, &ada).await.email, ada.email);
    }
    assert_eq!(app.database.count("email_changes").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_confirm_one_address_at_once_one_has_it() {
    let app = patient_app().await;
    let new = an_address();
    let mut people = Vec::new();
    let mut answers = Vec::new();
    for _ in 0..2 {
        let one = member(&app).await;
        let asked = asked(&app, &one, &new).await;
        app.clock.advance(chrono::TimeDelta::minutes(1));
        people.push(one);
        answers.push((Answer::Confirm, asked.confirm));
    }

    let results = answer_at_once(&app, answers).await;

    let taken = Err(Error::User(UserError::EmailTaken));
    let refused = results.iter().filter(|it| **it == taken).count();
    assert_eq!(refused, 1, "{results:?}");
    for (one, result) in people.iter().zip(&results) {
        let has_it = stored(&app, one).await.email == new;
        assert_eq!(has_it, result.is_ok());
    }
}

/// The thief's session was good when the request came, and the owner's reset came first.
#[tokio::test(flavor = "multi_thread")]
async fn no_request_outlives_another_password_that_is_chosen_at_once() {
    let app = patient_app().await;
    for _ in 0..4 {
        let ada = member(&app).await;
        let thief = app.session_of(&ada).await;
        let nobody = app.anonymous();
        let reset = nobody.request_password_reset(ada.email.as_str()).await;
        reset.accepted();
        app.deliver().await;
        let token = app.mailer.token_for(&ada.email);
        let new = an_address();

        let (asked, reset) = tokio::join!(
            thief.request_email_change(new.as_str()),
            nobody.confirm_password_reset(&token, PASSWORD),
        );

        reset.no_content();
        if asked.status != 202 {
            asked.is_problem(401, "invalid_token");
        }
        assert_eq!(app.database.count("email_changes").await, 0);
    }
}
