use sea_orm::DatabaseConnection;
use sea_orm_migration::MigratorTrait;
use sea_orm_migration_runner::seal::{Source, seal};
use sea_orm_migration_runner::{Entry, Fault, Runner, State, Target};

use super::migrations::{empty, runner, states, three};

/// A lock for these names, with the code that each is said to have.
fn lock(sources: &[(&str, &str)]) -> String {
    let sources: Vec<_> = sources
        .iter()
        .map(|(name, code)| Source {
            name: (*name).to_owned(),
            code: (*code).to_owned(),
        })
        .collect();
    seal("", &sources, &[]).expect("nothing was sealed before")
}

fn sealed() -> String {
    lock(&[
        ("m1_stones", "a"),
        ("m2_first_stone", "b"),
        ("m3_walls", "c"),
    ])
}

/// Whatever runs is refused for this alone, and the exit code says so.
async fn is_refused(runner: &Runner, connection: &DatabaseConnection, fault: Fault) {
    let status = runner.status(connection).await;
    let faults = status.expect("the database can be read").faults;
    assert_eq!(faults, std::slice::from_ref(&fault));
    let refused = runner.up(connection, &Target::All).await;
    let refused = refused.expect_err("the history is broken");
    assert_eq!(refused.exit_code(), 3);
    assert!(
        refused.to_string().contains(&fault.to_string()),
        "{refused}"
    );
}

#[tokio::test]
async fn each_migration_is_written_down_with_when_and_how_long() {
    let database = empty().await;
    let connection = database.connection().await;
    let runner = runner(&three());

    let two = Target::To("m2_first_stone".to_owned());
    let applied = runner.up(&connection, &two).await.unwrap();

    assert_eq!(applied, ["m1_stones", "m2_first_stone"]);
    let status = runner.status(&connection).await.unwrap();
    assert_eq!(
        states(&status),
        [State::Applied, State::Applied, State::Pending]
    );
    let history = status.history();
    assert_eq!(history.len(), 2);
    // Later than when this was written.
    let is_told = |it: &&Entry| it.at > Some(1_700_000_000) && it.took.is_some();
    assert!(history.iter().all(is_told), "{history:?}");
}

#[tokio::test]
async fn down_and_up_again_reach_what_was_asked_for() {
    let database = empty().await;
    let connection = database.connection().await;
    let runner = runner(&three());
    runner.up(&connection, &Target::All).await.unwrap();

    let to_first = Target::To("m1_stones".to_owned());
    let down = runner.down(&connection, &to_first).await.unwrap();
    let up = runner.up(&connection, &Target::Steps(1)).await.unwrap();
    let base = Target::To(Target::BASE.to_owned());
    let all = runner.down(&connection, &base).await.unwrap();

    assert_eq!(down, ["m3_walls", "m2_first_stone"]);
    assert_eq!(up, ["m2_first_stone"]);
    assert_eq!(all, ["m2_first_stone", "m1_stones"]);
    assert_eq!(database.count("seaql_migrations").await, 0);
    assert_eq!(database.count("seaql_migrations_history").await, 0);
    let again = runner.up(&connection, &Target::All).await.unwrap();
    assert_eq!(again.len(), 3);
}

#[tokio::test]
async fn a_name_that_nobody_knows_changes_nothing() {
    let database = empty().await;
    let connection = database.connection().await;
    let runner = runner(&three());
    let nowhere = Target::To("m9".to_owned());

    for refused in [
        runner.up(&connection, &nowhere).await.unwrap_err(),
        runner.down(&connection, &nowhere).await.unwrap_err(),
        runner.stamp(&connection, "m9").await.unwrap_err(),
    ] {
        assert_eq!(refused.exit_code(), 2);
        assert_eq!(
            refused.to_string(),
            "there is no migration m9: `status` lists them"
        );
    }
    assert_eq!(runner.status(&connection).await.unwrap().pending(), 3);
}

#[tokio::test]
async fn a_stamp_runs_nothing() {
    let database = empty().await;
    let connection = database.connection().await;
    let runner = runner(&three());

    let stamped = runner.stamp(&connection, "m2_first_stone").await.unwrap();

    let applied = |name: &str| (name.to_owned(), State::Applied);
    assert_eq!(stamped, [applied("m1_stones"), applied("m2_first_stone")]);
    assert_eq!(
        runner.up(&connection, &Target::All).await.unwrap(),
        ["m3_walls"]
    );
    let back = runner.stamp(&connection, "m1_stones").await.unwrap();
    let pending = |name: &str| (name.to_owned(), State::Pending);
    assert_eq!(back, [pending("m2_first_stone"), pending("m3_walls")]);
    assert_eq!(runner.status(&connection).await.unwrap().pending(), 2);
}

#[tokio::test]
async fn one_that_was_edited_after_it_was_applied_is_named_until_it_is_undone_or_stamped() {
    let database = empty().await;
    let connection = database.connection().await;
    let before = runner(&three()).sealed_by(&sealed());
    before.up(&connection, &Target::All).await.unwrap();

    let edited = lock(&[
        ("m1_stones", "a"),
        ("m2_first_stone", "edited"),
        ("m3_walls", "c"),
    ]);
    let edited = runner(&three()).sealed_by(&edited);

    is_refused(
        &edited,
        &connection,
        Fault::Edited("m2_first_stone".to_owned()),
    )
    .await;
    let down = edited.down(&connection, &Target::All).await.unwrap_err();
    assert_eq!(down.exit_code(), 3);
    let status = edited.status(&connection).await.unwrap();
    assert_eq!(
        states(&status),
        [State::Applied, State::Edited, State::Applied]
    );
    assert!(before.status(&connection).await.unwrap().check().is_ok());
    edited.stamp(&connection, "m3_walls").await.unwrap();
    assert!(edited.status(&connection).await.unwrap().check().is_ok());
    assert_eq!(before.status(&connection).await.unwrap().faults.len(), 1);
}

#[tokio::test]
async fn one_that_was_edited_before_it_was_applied_is_nobodys_concern() {
    let database = empty().await;
    let connection = database.connection().await;
    let before = runner(&three()).sealed_by(&sealed());
    before.up(&connection, &Target::Steps(1)).await.unwrap();

    let edited = lock(&[
        ("m1_stones", "a"),
        ("m2_first_stone", "edited"),
        ("m3_walls", "c"),
    ]);
    let edited = runner(&three()).sealed_by(&edited);

    assert_eq!(edited.up(&connection, &Target::All).await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_program_and_lock_do_not_share_is_named() {
    let database = empty().await;
    let connection = database.connection().await;
    let [first, second, third] = three();

    let missing = runner(&[first.clone(), second.clone()]).sealed_by(&sealed());
    is_refused(&missing, &connection, Fault::Missing("m3_walls".to_owned())).await;
    let short = lock(&[("m1_stones", "a"), ("m2_first_stone", "b")]);
    let unsealed = runner(&three()).sealed_by(&short);
    is_refused(
        &unsealed,
        &connection,
        Fault::Unsealed("m3_walls".to_owned()),
    )
    .await;
    let misplaced = runner(&[first, third, second]).sealed_by(&sealed());
    is_refused(
        &misplaced,
        &connection,
        Fault::Misplaced("m3_walls".to_owned()),
    )
    .await;
    assert_eq!(misplaced.heads(), ["m3_walls"]);
}

#[tokio::test]
async fn two_branches_that_both_added_one_are_both_named() {
    let database = empty().await;
    let connection = database.connection().await;
    let base = lock(&[("m1_stones", "a")]);
    let mine = lock(&[("m1_stones", "a"), ("m2_first_stone", "b")]);
    let theirs = lock(&[("m1_stones", "a"), ("m3_walls", "c")]);

    let merged = format!("{mine}{}", theirs.strip_prefix(&base).unwrap());
    let merged = runner(&three()).sealed_by(&merged);

    let fork = Fault::Fork {
        one: "m2_first_stone".to_owned(),
        other: "m3_walls".to_owned(),
    };
    is_refused(&merged, &connection, fork).await;
    assert_eq!(merged.heads(), ["m2_first_stone", "m3_walls"]);
}

#[tokio::test]
async fn a_late_one_is_named_and_going_down_is_a_way_out() {
    let database = empty().await;
    let connection = database.connection().await;
    let [first, _, third] = three();
    let theirs = runner(&[first, third]);
    theirs.up(&connection, &Target::All).await.unwrap();
    let merged = runner(&three());

    let late = Fault::Late {
        name: "m2_first_stone".to_owned(),
        after: "m3_walls".to_owned(),
    };
    is_refused(&merged, &connection, late).await;

    let down = merged.down(&connection, &Target::Steps(1)).await.unwrap();
    let up = merged.up(&connection, &Target::All).await.unwrap();

    assert_eq!(down, ["m3_walls"]);
    assert_eq!(up, ["m2_first_stone", "m3_walls"]);
}

#[tokio::test]
async fn one_that_is_listed_twice_is_named() {
    let database = empty().await;
    let connection = database.connection().await;
    let [first, ..] = three();

    let doubled = runner(&[first.clone(), first]);

    is_refused(
        &doubled,
        &connection,
        Fault::Doubled("m1_stones".to_owned()),
    )
    .await;
}

#[tokio::test]
async fn what_seaorm_has_applied_goes_on_without_a_step_by_hand() {
    let database = empty().await;
    let connection = database.connection().await;
    // As the program did before it had this runner, and as sea-orm-cli does.
    migration::Migrator::up(&connection, Some(3)).await.unwrap();
    let runner = migration::runner();

    let applied = runner.up(&connection, &Target::All).await.unwrap();

    assert_eq!(applied.len(), migration::Migrator::migrations().len() - 3);
    let status = runner.status(&connection).await.unwrap();
    assert!(status.check().is_ok() && status.pending() == 0);
    let history = database
        .query("SELECT count(hash) FROM seaql_migrations_history")
        .await;
    let hashes: i64 = history[0].try_get_by_index(0).unwrap();
    assert_eq!(usize::try_from(hashes).unwrap(), status.entries.len());
}

#[tokio::test]
async fn seaorm_takes_back_what_the_runner_has_applied() {
    let database = empty().await;
    let connection = database.connection().await;
    let runner = migration::runner();
    // Those that rebuild tables want the runner itself.
    let first = Target::Steps(3);
    let applied = runner.up(&connection, &first).await.unwrap();
    let all = migration::Migrator::migrations().len();

    migration::Migrator::down(&connection, Some(1))
        .await
        .unwrap();

    let status = runner.status(&connection).await.unwrap();
    assert_eq!(status.pending(), all - 2);
    let again = runner.up(&connection, &Target::All).await.unwrap();
    assert_eq!((again.len(), &again[0]), (all - 2, &applied[2]));
}
