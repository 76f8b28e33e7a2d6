//! What one instance revokes, the others refuse; and what they do while they cannot know.

use std::time::{Duration, Instant};

use application::StoreError;
use chrono::TimeDelta;
use domain::roles::Permission;
use domain::users::Status;
use reqwest::StatusCode;
use server::revocations::Follower;
use support::factories::users::user;
use support::{Client, Engine, Fault, Faults, Place, TestApp};

/// Far more than anything takes, so that what never happens is a failure.
const LONG: Duration = Duration::from_secs(20);

/// Reads of its own accord, for the length of a test, never.
fn pushed(follower: Follower) -> Follower {
    follower.every(Duration::from_hours(1))
}

fn polled(follower: Follower) -> Follower {
    follower.without_pushes().every(Duration::from_millis(5))
}

/// An instance, and one beside it that follows it. A request to that one which asks the database
/// fails: so it can know what it knows by the feed alone.
struct Two {
    first: TestApp,
    second: TestApp,
    faults: Faults,
}

impl Two {
    async fn following(how: fn(Follower) -> Follower) -> Self {
        let first = TestApp::start().await;
        let faults = Faults::default();
        let second = first.beside(|ports| faults.within_database(ports));
        let mut second = second.await;
        second.follow(how);
        let two = Self {
            first,
            second,
            faults,
        };
        two.refuse_to_look();
        two
    }

    fn refuse_to_look(&self) {
        let refused = StoreError::Failed("it was asked".into());
        self.faults.plan(Place::Standing, Fault::Answers(refused));
    }

    /// The same token at the second instance.
    fn at_second(&self, client: &Client) -> Client {
        self.second.anonymous().with_token(client.token())
    }
}

/// Asks until the answer is that; before, it is the other.
async fn becomes(ask: impl AsyncFn() -> StatusCode, before: u16, after: u16) {
    let give_up = Instant::now() + LONG;
    loop {
        let status = ask().await;
        if status == after {
            return;
        }
        assert_eq!(status, before);
        assert!(Instant::now() < give_up, "it stays {before}");
    }
}

async fn is_refused_soon(client: &Client) {
    becomes(async || client.get_me().await.status, 200, 401).await;
    let refused = client.get_me().await;
    refused.is_problem(401, "invalid_token");
}

async fn everything_arrives(how: fn(Follower) -> Follower) {
    let two = Two::following(how).await;
    let (first, admin) = (&two.first, two.first.administrator().await);

    let ada = first.member().await;
    two.at_second(&ada).get_me().await.ok();
    ada.logout().await;
    is_refused_soon(&two.at_second(&ada)).await;

    let bob = user(Status::Active);
    let (one, other) = (first.sign_in(&bob).await, first.session_of(&bob).await);
    one.end_my_other_sessions().await;
    is_refused_soon(&two.at_second(&other)).await;
    two.at_second(&one).get_me().await.ok();

    let eve = first.member().await;
    admin.deactivate_user(eve.id(), "*").await.ok();
    is_refused_soon(&two.at_second(&eve)).await;

    let joe = first.member().await;
    admin.delete_user(joe.id(), "*").await;
    is_refused_soon(&two.at_second(&joe)).await;

    two.at_second(&admin).get_me().await.ok();
}

#[tokio::test]
async fn what_one_instance_revokes_is_pushed_to_another() {
    if Engine::of_this_run() == Engine::Sqlite {
        // Nobody pushes: each process has the file alone.
        return;
    }
    everything_arrives(pushed).await;
}

#[tokio::test]
async fn what_one_instance_revokes_another_finds_by_itself() {
    everything_arrives(polled).await;
}

async fn a_changed_role_arrives(how: fn(Follower) -> Follower) {
    let two = Two::following(how).await;
    let mut reader = user(Status::Active);
    let role = two.first.role(&[Permission::UsersRead]).await;
    reader.roles.insert(role.clone());
    let reader = two.first.sign_in(&reader).await;
    let reader = two.at_second(&reader);
    let list = async || reader.list_users("").await.status;
    becomes(&list, 500, 200).await;

    // While it reads the roles again, it may ask.
    two.faults.mend();
    two.first.database.strip_role(&role).await;

    becomes(&list, 200, 403).await;
    two.refuse_to_look();
    becomes(list, 500, 403).await;
}

#[tokio::test]
async fn what_a_role_grants_is_pushed_to_every_instance() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    a_changed_role_arrives(pushed).await;
}

#[tokio::test]
async fn what_a_role_grants_every_instance_finds_by_itself() {
    a_changed_role_arrives(polled).await;
}

/// Which has it in memory, and asks no more until it hears that.
async fn a_deleted_key_arrives(how: fn(Follower) -> Follower) {
    let two = Two::following(how).await;
    let ada = two.first.member().await;
    let (program, key) = ada.some_api_key(&[]).await;
    let program = two.at_second(&program);
    two.faults.mend();
    program.get_me().await.ok();
    two.refuse_to_look();
    program.get_me().await.ok();

    ada.delete_my_api_key(key, "*").await.no_content();

    becomes(async || program.get_me().await.status, 200, 500).await;
    two.faults.mend();
    program.get_me().await.is_problem(401, "invalid_token");
}

#[tokio::test]
async fn that_a_key_is_deleted_is_pushed_to_every_instance() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    a_deleted_key_arrives(pushed).await;
}

#[tokio::test]
async fn that_a_key_is_deleted_every_instance_finds_by_itself() {
    a_deleted_key_arrives(polled).await;
}

#[tokio::test]
async fn who_was_cut_from_the_pushes_listens_again_and_has_missed_nothing() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let two = Two::following(pushed).await;

    for _ in 0..3 {
        let ada = two.first.member().await;
        cut_listener(&two.first).await;
        ada.logout().await;
        is_refused_soon(&two.at_second(&ada)).await;
    }
}

/// Once it listens: then its connection is ended.
async fn cut_listener(app: &TestApp) {
    let give_up = Instant::now() + LONG;
    let cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
               WHERE datname = current_database() AND application_name = 'ashlar revocations'";
    while app.database.query(cut).await.is_empty() {
        assert!(Instant::now() < give_up, "nobody listens");
    }
}

/// The second has read the feed at its start, and then not again.
#[tokio::test]
async fn who_has_not_heard_from_the_feed_for_two_seconds_asks_the_database() {
    let first = TestApp::start().await;
    let second = first.beside(|ports| ports).await;
    let ada = first.member().await;
    let at_second = second.anonymous().with_token(ada.token());
    ada.logout().await;

    first.clock.advance(TimeDelta::milliseconds(1_999));
    let before = at_second.get_me().await;
    first.clock.advance(TimeDelta::milliseconds(1));
    let after = at_second.get_me().await;

    assert_eq!(before.status, 200);
    after.is_problem(401, "invalid_token");
}

#[tokio::test]
async fn without_the_feed_and_without_a_database_nobody_is_judged() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within_database(ports)).await;
    let ada = app.member().await;
    let gone = StoreError::Unavailable("gone".into());
    faults.plan(Place::Standing, Fault::Answers(gone));
    ada.get_my_permissions().await.ok();

    app.clock.advance(TimeDelta::seconds(2));
    let refused = ada.get_my_permissions().await;
    faults.mend();
    let served = ada.get_my_permissions().await;

    refused.is_problem(503, "unavailable");
    assert_eq!(refused.header("retry-after"), Some("1"));
    served.ok();
}

#[tokio::test]
async fn when_the_feed_speaks_again_the_database_is_asked_no_longer() {
    let first = TestApp::start().await;
    let faults = Faults::default();
    let mut second = first.beside(|ports| faults.within_database(ports)).await;
    let ada = first.member().await;
    let at_second = second.anonymous().with_token(ada.token());
    let gone = StoreError::Unavailable("gone".into());
    faults.plan(Place::Feed, Fault::Answers(gone.clone()));
    first.clock.advance(TimeDelta::seconds(2));
    second.follow(polled);

    faults.struck().await;
    at_second.get_me().await.ok();
    faults.plan(Place::Standing, Fault::Answers(gone));

    becomes(async || at_second.get_me().await.status, 503, 200).await;
    ada.logout().await;
    is_refused_soon(&at_second).await;
}
