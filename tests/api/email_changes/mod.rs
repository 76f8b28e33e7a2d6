mod cancel;
mod confirm;
mod request;
mod withdrawn;

use domain::users::{EmailAddress, Status, User};
use support::factories::users::{PASSWORD, email, user};
use support::{Client, TestApp};

/// What somebody has asked for, and the tokens of the two mails.
struct Asked {
    address: EmailAddress,
    confirm: String,
    cancel: String,
}

fn an_address() -> EmailAddress {
    EmailAddress::parse(&email()).expect("it is one")
}

/// Somebody active, and a session of theirs.
async fn ada(app: &TestApp) -> (User, Client) {
    let ada = user(Status::Active);
    let session = app.sign_in(&ada).await;
    (ada, session)
}

/// Another address for who has `present` now.
async fn asked(app: &TestApp, session: &Client, present: &EmailAddress) -> Asked {
    let address = an_address();
    let asked = session.request_email_change(address.as_str()).await;
    asked.accepted();
    app.deliver().await;
    Asked {
        confirm: app.mailer.token_for(&address),
        cancel: app.mailer.token_for(present),
        address,
    }
}

/// The same, and confirmed.
async fn changed(app: &TestApp, session: &Client, present: &EmailAddress) -> Asked {
    let asked = asked(app, session, present).await;
    let confirmed = app.anonymous().confirm_email_change(&asked.confirm).await;
    confirmed.no_content();
    app.deliver().await;
    asked
}

/// Whoever has the address, signed in with the password that all have.
async fn signed_in(app: &TestApp, address: &EmailAddress) -> Client {
    let nobody = app.anonymous();
    let tokens = nobody.login(address.as_str(), PASSWORD).await.ok();
    let token = tokens["access_token"].as_str().expect("it is text");
    nobody.with_token(token)
}

async fn address_of(app: &TestApp, user: &User) -> EmailAddress {
    let found = app.ports.database.users().find(user.id).await;
    let found = found.expect("the database is there");
    found.expect("the user is there").email
}

async fn assert_cannot_confirm(app: &TestApp, token: &str) {
    let refused = app.anonymous().confirm_email_change(token).await;
    refused.is_problem(410, "token_void");
}

async fn assert_cannot_cancel(app: &TestApp, token: &str) {
    let refused = app.anonymous().cancel_email_change(token).await;
    refused.is_problem(410, "token_void");
}
