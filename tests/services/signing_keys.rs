//! The life of the keys that sign, on a real database and in several processes.

use application::signing_keys::{Rotation, SigningKeys};
use application::{StoreError, System, SystemReason};
use chrono::TimeDelta;
use domain::signing_keys::{KeySet, KeyState};
use server::compose;
use support::{Fault, Faults, Place, TestApp, at_once, origin};

use super::{command_line, member};

fn upkeep() -> System {
    System::acting(origin().request_id, SystemReason::Upkeep)
}

fn keys(app: &TestApp) -> SigningKeys {
    compose::signing_keys(&app.settings, &app.ports)
}

async fn states(app: &TestApp) -> Vec<KeyState> {
    let listed = keys(app).list(&command_line(app)).await;
    let listed = listed.expect("the database is there");
    listed.into_iter().map(|(_, state)| state).collect()
}

async fn keep_up(app: &TestApp) {
    keys(app).keep_up(&upkeep()).await.expect("it can");
}

#[tokio::test]
async fn a_key_lives_through_all_its_states_and_ends() {
    let app = TestApp::start_keeping_keys(|ports| ports).await;
    let start = application::Clock::now(&*app.clock);
    assert_eq!(states(&app).await, [KeyState::Signing { since: start }]);

    app.clock.advance(TimeDelta::days(90));
    keep_up(&app).await;
    let signs_from = start + TimeDelta::days(90) + KeySet::ANNOUNCEMENT;
    let announced = KeyState::Announced { signs_from };
    let signing = KeyState::Signing { since: start };
    assert_eq!(states(&app).await, [signing, announced]);

    app.clock.advance(KeySet::ANNOUNCEMENT);
    keep_up(&app).await;
    let until = signs_from + TimeDelta::minutes(15);
    let verifying = KeyState::Verifying { until };
    let signing = KeyState::Signing { since: signs_from };
    assert_eq!(states(&app).await, [verifying, signing]);

    app.clock.advance(TimeDelta::minutes(15));
    assert_eq!(states(&app).await, [KeyState::Retired, signing]);
    keep_up(&app).await;
    assert_eq!(states(&app).await, [signing]);
    assert_eq!(app.database.count("signing_keys").await, 1);
    let told = "audit_events WHERE actor = 'upkeep' AND target = 'signing_key' AND action = ";
    let rotated = format!("{told}'signing_keys.rotated'");
    assert_eq!(app.database.count(&rotated).await, 2);
    let retired = format!("{told}'signing_keys.retired'");
    assert_eq!(app.database.count(&retired).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_servers_that_find_the_same_due_one_does_it() {
    let first = TestApp::start_keeping_keys(|ports| ports).await;
    first.clock.advance(TimeDelta::days(90));
    let mut servers = Vec::new();
    for _ in 0..4 {
        servers.push(first.beside(|ports| ports).await);
    }
    // Those that start make what is due, too.
    assert_eq!(first.database.count("signing_keys").await, 2);
    first.clock.advance(TimeDelta::days(91));

    let at_work: Vec<_> = servers.iter().map(keys).collect();
    let done = at_once(
        at_work
            .into_iter()
            .map(async |it| it.keep_up(&upkeep()).await),
    );

    for done in done.await {
        assert_eq!(done, Ok(()));
    }
    // The third one; the first is gone.
    assert_eq!(first.database.count("signing_keys").await, 2);
    let rotated = "audit_events WHERE action = 'signing_keys.rotated'";
    assert_eq!(first.database.count(rotated).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_those_who_ask_at_once_for_another_key_one_gets_it() {
    let app = TestApp::start_keeping_keys(|ports| ports).await;
    let asking: Vec<_> = (0..4).map(|_| keys(&app)).collect();

    let asked = at_once(
        asking
            .into_iter()
            .map(async |it| it.rotate(&upkeep()).await.expect("it can")),
    );
    let asked = asked.await;

    let begun = asked.iter().filter(|it| matches!(it, Rotation::Begun(_)));
    assert_eq!(begun.count(), 1);
    assert_eq!(app.database.count("signing_keys").await, 2);
}

#[tokio::test]
async fn a_rotation_that_fails_leaves_the_keys_as_they_were() {
    let faults = Faults::default();
    let app = TestApp::start_keeping_keys(|ports| faults.within_database(ports)).await;
    let broken = StoreError::Unavailable("innermost".into());
    faults.plan(Place::Commit, Fault::Answers(broken.clone()));

    let failed = keys(&app).replace(&upkeep()).await;

    assert_eq!(failed, Err(broken.into()));
    assert_eq!(states(&app).await.len(), 1);
    assert_eq!(app.database.count("signing_keys").await, 1);
}

/// Those who come while one looks wait for what it finds.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_many_miss_at_once_is_looked_for_once() {
    let app = TestApp::start_keeping_keys(|ports| ports).await;
    let ada = member(&app).await;
    let faults = Faults::default();
    let behind = app.beside(|ports| faults.within_database(ports)).await;
    keys(&app).replace(&command_line(&app)).await.unwrap();
    let elsewhere = app.beside(|ports| ports).await;
    let token = elsewhere.session_of(&ada).await;
    faults.plan(Place::SigningKeys, Fault::WaitsUntilMended);

    let asking = (0..8).map(|_| {
        let client = behind.anonymous().with_token(token.token());
        tokio::spawn(async move { client.get_me().await.status })
    });
    let asking: Vec<_> = asking.collect();
    faults.struck().await;
    faults.mend();

    for asked in asking {
        assert_eq!(asked.await.expect("it ends"), 200);
    }
    assert_eq!(faults.signing_key_reads(), 1);
}
