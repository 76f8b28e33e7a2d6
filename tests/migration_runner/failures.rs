use sea_orm_migration_runner::{Error, State, Target};

use super::migrations::{Plain, empty, runner, states, status, three};

#[tokio::test]
async fn a_migration_that_fails_in_the_middle_leaves_nothing_and_keeps_those_before() {
    let database = empty().await;
    let connection = database.connection().await;
    let [first, second, _] = three();
    let bad = Plain::new(
        "m3_bad",
        &[
            "CREATE TABLE walls (name TEXT)",
            "INSERT INTO stones VALUES ('third')",
            "INSERT INTO nowhere VALUES (1)",
        ],
        &[],
    );
    let bad = runner(&[first.clone(), second.clone(), bad]);

    let failed = bad.up(&connection, &Target::All).await.unwrap_err();

    assert_eq!(failed.exit_code(), 1);
    assert!(
        failed
            .to_string()
            .starts_with("m3_bad failed and was rolled back: "),
        "{failed}"
    );
    assert_eq!(database.count("stones").await, 1);
    let after = status(&bad, &database).await;
    assert_eq!(
        states(&after),
        [State::Applied, State::Applied, State::Pending]
    );
    // The table that it had made is not in the way.
    let good = Plain::new("m3_bad", &["CREATE TABLE walls (name TEXT)"], &[]);
    let good = runner(&[first, second, good]);
    assert_eq!(
        good.up(&connection, &Target::All).await.unwrap(),
        ["m3_bad"]
    );
}

#[tokio::test]
async fn a_way_back_that_fails_leaves_the_migration_applied() {
    let database = empty().await;
    let connection = database.connection().await;
    let one_way = Plain::new(
        "m1",
        &["CREATE TABLE stones (name TEXT)"],
        &["DROP TABLE stones", "DROP TABLE nowhere"],
    );
    let runner = runner(&[one_way]);
    runner.up(&connection, &Target::All).await.unwrap();

    let failed = runner.down(&connection, &Target::All).await.unwrap_err();

    assert!(matches!(failed, Error::Failed { .. }), "{failed}");
    assert_eq!(states(&status(&runner, &database).await), [State::Applied]);
    assert_eq!(database.count("stones").await, 0);
}

fn half_done() -> [Plain; 2] {
    let half = Plain::new(
        "m1_half",
        &[
            "CREATE TABLE stones (name TEXT)",
            "INSERT INTO nowhere VALUES (1)",
        ],
        &["DROP TABLE stones"],
    );
    [half.without_transaction(), three()[2].clone()]
}

#[tokio::test]
async fn one_that_fails_without_a_transaction_is_dirty_until_it_is_stamped() {
    let database = empty().await;
    let connection = database.connection().await;
    let runner = runner(&half_done());

    let failed = runner.up(&connection, &Target::All).await.unwrap_err();
    let refused = [
        runner.up(&connection, &Target::All).await.unwrap_err(),
        runner.down(&connection, &Target::All).await.unwrap_err(),
    ];

    assert!(matches!(failed, Error::HalfDone { .. }), "{failed}");
    for refused in refused {
        assert_eq!(refused.exit_code(), 4);
        assert!(refused.to_string().contains("m1_half") && refused.to_string().contains("stamp"));
    }
    let before = status(&runner, &database).await;
    assert_eq!(states(&before), [State::Dirty, State::Pending]);

    // What it had left to do is done by hand.
    let stamped = runner.stamp(&connection, "m1_half").await.unwrap();

    assert_eq!(stamped, [("m1_half".to_owned(), State::Applied)]);
    assert_eq!(
        runner.up(&connection, &Target::All).await.unwrap(),
        ["m3_walls"]
    );
}

#[tokio::test]
async fn one_that_was_undone_by_hand_is_stamped_away() {
    let database = empty().await;
    let connection = database.connection().await;
    let runner = runner(&half_done());
    runner.up(&connection, &Target::All).await.unwrap_err();
    database.execute("DROP TABLE stones").await;

    let stamped = runner.stamp(&connection, Target::BASE).await.unwrap();

    assert_eq!(stamped, [("m1_half".to_owned(), State::Pending)]);
    let again = runner.up(&connection, &Target::All).await.unwrap_err();
    assert!(matches!(again, Error::HalfDone { .. }), "{again}");
}

#[tokio::test]
async fn a_way_back_without_a_transaction_that_fails_is_dirty() {
    let database = empty().await;
    let connection = database.connection().await;
    let one_way = Plain::new(
        "m1",
        &["CREATE TABLE stones (name TEXT)"],
        &["DROP TABLE nowhere"],
    );
    let runner = runner(&[one_way.without_transaction()]);
    runner.up(&connection, &Target::All).await.unwrap();

    runner.down(&connection, &Target::All).await.unwrap_err();

    assert_eq!(states(&status(&runner, &database).await), [State::Dirty]);
}
