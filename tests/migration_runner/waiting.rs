use std::sync::Arc;
use std::time::Duration;

use sea_orm_migration_runner::{Error, Target};
use support::Engine;

use super::migrations::{Gate, Plain, empty, runner, three};

#[tokio::test]
async fn who_waits_gives_up_in_time_and_says_why() {
    let database = empty().await;
    let (connection, other) = (database.connection().await, database.connection().await);
    let gate = Gate::after(1);
    let [first, ..] = three();
    let at_work = first.clone().through(&gate);
    let at_work =
        tokio::spawn(async move { runner(&[at_work]).up(&connection, &Target::All).await });
    gate.reached().await;

    let limit = Duration::from_millis(100);
    let impatient = runner(&[first]).waiting(limit);
    let gave_up = impatient.up(&other, &Target::All).await.unwrap_err();

    assert!(
        matches!(gave_up, Error::Busy(it) if it == limit),
        "{gave_up}"
    );
    assert!(
        gave_up
            .to_string()
            .starts_with("another process was still at it after 100ms")
    );
    gate.open();
    assert_eq!(at_work.await.unwrap().unwrap(), ["m1_stones"]);
    let nothing = impatient.up(&other, &Target::All).await.unwrap();
    assert_eq!(nothing, Vec::<String>::new());
}

#[tokio::test]
async fn the_status_waits_for_nobody() {
    let database = empty().await;
    let (connection, other) = (database.connection().await, database.connection().await);
    let gate = Gate::after(1);
    let [first, ..] = three();
    let at_work = first.clone().through(&gate);
    let at_work =
        tokio::spawn(async move { runner(&[at_work]).up(&connection, &Target::All).await });
    gate.reached().await;

    let status = runner(&[first]).status(&other).await.unwrap();

    assert_eq!(status.pending(), 1);
    gate.open();
    at_work.await.unwrap().unwrap();
}

/// It waits for the end of every snapshot, also of those that wait for it: both would wait for ever.
#[tokio::test]
async fn who_waits_beside_an_index_that_is_made_concurrently_is_not_waited_for() {
    if Engine::of_this_run() != Engine::Postgres {
        return;
    }
    let database = Arc::new(empty().await);
    let gate = Gate::after(1);
    let migrations = [
        three()[0].clone().through(&gate),
        Plain::new(
            "m2_index",
            &["CREATE INDEX CONCURRENTLY stones_name_idx ON stones (name)"],
            &[],
        )
        .without_transaction(),
    ];
    let start = || {
        let (database, migrations) = (Arc::clone(&database), migrations.clone());
        tokio::spawn(async move {
            let connection = database.connection().await;
            runner(&migrations).up(&connection, &Target::All).await
        })
    };
    let at_work = start();
    gate.reached().await;
    let waits = start();
    let asking = "pg_stat_activity WHERE datname = current_database() \
                  AND query LIKE 'SELECT pg_try_advisory_lock%'";
    // The one at work has asked, too, but has gone on since.
    while database.count(asking).await == 0 {}

    gate.open();

    assert_eq!(at_work.await.unwrap().unwrap(), ["m1_stones", "m2_index"]);
    assert_eq!(waits.await.unwrap().unwrap(), Vec::<String>::new());
}
