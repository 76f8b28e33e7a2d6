//! How long an answer takes does not tell who has an account.
//!
//! What is compared is a rank, not a time: how often the answer for a known address is the slower one of a pair that
//! was asked for one after the other. Where nothing differs, that is like tossing a coin, however fast the machine is
//! and whatever else it does; where a hash, or a mail, is made for one of the two only, it is nearly always or never.

use std::time::{Duration, Instant};

use domain::users::Status;
use support::factories::users::{PASSWORD, email, user};
use support::{Answer, TestApp, origin};

const PAIRS: usize = 60;

/// Six standard deviations of a coin that is tossed so often (3.9 each) are 23 from the middle: once in 500 million runs.
const SLOWER_WHEN_KNOWN: std::ops::RangeInclusive<usize> = 7..=53;

/// Hashing as dear as in production, so that it stands out.
const SETTINGS: [(&str, &str); 2] = [
    ("ASHLAR__PASSWORDS__ARGON2_MEMORY_KIB", "19456"),
    ("ASHLAR__PASSWORDS__ARGON2_ITERATIONS", "2"),
];

async fn known(app: &TestApp, status: Status) -> Vec<String> {
    let hash = app.ports.hasher.hash(&PASSWORD.into()).await;
    let hash = hash.expect("nobody else hashes");
    let begun = app.ports.database.begin(&origin()).await;
    let mut tx = begun.expect("the database is there");
    let mut addresses = Vec::new();
    for _ in 0..PAIRS {
        let user = user(status);
        let inserted = tx.users_mut().insert(&user).await;
        inserted.expect("nobody has this address");
        let put = tx.credentials_mut().put(user.id, &hash, user.created_at);
        put.await.expect("the user is there");
        addresses.push(user.email.as_str().to_owned());
    }
    tx.commit().await.expect("nothing speaks against it");
    addresses
}

async fn tells_nothing(known: &[String], ask: impl AsyncFn(&str) -> Answer) {
    let time = async |address: &str| -> (Duration, u16) {
        let start = Instant::now();
        let answer = ask(address).await;
        (start.elapsed(), answer.status.as_u16())
    };
    let mut slower = 0;
    for (n, known) in known.iter().enumerate() {
        let unknown = email();
        // Whoever comes second finds warm what the first has touched.
        let (known, unknown) = if n % 2 == 0 {
            let known = time(known).await;
            (known, time(&unknown).await)
        } else {
            let unknown = time(&unknown).await;
            (time(known).await, unknown)
        };
        assert_eq!(known.1, unknown.1);
        slower += usize::from(known.0 > unknown.0);
    }
    assert!(
        SLOWER_WHEN_KNOWN.contains(&slower),
        "for a known address it was slower {slower} times of {PAIRS}"
    );
}

async fn sign_in_tells_nothing_of(status: Status) {
    let app = TestApp::start_with(&SETTINGS, |ports| ports).await;
    let known = known(&app, status).await;
    let nobody = app.anonymous();

    tells_nothing(&known, async |address| {
        nobody.login(address, "not the password at all").await
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_takes_as_long_as_an_unknown_address() {
    sign_in_tells_nothing_of(Status::Active).await;
}

#[tokio::test]
async fn a_shut_account_takes_as_long_as_an_unknown_address() {
    sign_in_tells_nothing_of(Status::Deactivated).await;
}

#[tokio::test]
async fn a_reset_takes_as_long_for_an_unknown_address() {
    let app = TestApp::start_with(&SETTINGS, |ports| ports).await;
    let known = known(&app, Status::Active).await;
    let nobody = app.anonymous();

    tells_nothing(&known, async |address| {
        nobody.request_password_reset(address).await
    })
    .await;
}

#[tokio::test]
async fn a_registration_takes_as_long_for_an_unknown_address() {
    let app = TestApp::start_with(&SETTINGS, |ports| ports).await;
    let known = known(&app, Status::Active).await;
    let nobody = app.anonymous();

    tells_nothing(&known, async |address| {
        nobody.request_registration(address).await
    })
    .await;
}

#[tokio::test]
async fn another_address_takes_as_long_whether_it_is_taken() {
    let app = TestApp::start_with(&SETTINGS, |ports| ports).await;
    let known = known(&app, Status::Active).await;
    let ada = app.member().await;

    tells_nothing(&known, async |address| {
        ada.request_email_change(address).await
    })
    .await;
}
