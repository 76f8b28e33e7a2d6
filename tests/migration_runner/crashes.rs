use sea_orm_migration_runner::{Runner, State, Target};
use support::{Engine, TestDatabase};

use super::migrations::{Gate, Plain, empty, runner, states, status, three};

/// What a crash interrupts, after the statement at which the gate stands.
fn interrupted(gate: &std::sync::Arc<Gate>) -> Plain {
    second().through(gate)
}

fn second() -> Plain {
    Plain::new(
        "m2_house",
        &[
            "CREATE TABLE houses (name TEXT NOT NULL)",
            "INSERT INTO stones VALUES ('first')",
            "INSERT INTO houses SELECT name FROM stones",
            "DELETE FROM stones",
        ],
        &["DROP TABLE houses"],
    )
}

/// How a run can end.
#[derive(Clone, Copy)]
enum Crash {
    /// As a process does: all at once.
    Dropped,
    /// The server, or the network, ends the connection.
    Cut,
}

async fn crash(migrations: [Plain; 2], gate: &Gate, database: &TestDatabase, crash: Crash) {
    let connection = database.connection().await;
    let at_work =
        tokio::spawn(async move { runner(&migrations).up(&connection, &Target::All).await });
    gate.reached().await;
    match crash {
        Crash::Dropped => {
            at_work.abort();
            assert!(at_work.await.expect_err("it was ended").is_cancelled());
        }
        Crash::Cut => {
            database.cut_connections().await;
            gate.open();
            let ended = at_work.await.expect("it does not panic");
            ended.expect_err("its connection is gone");
        }
    }
}

fn crashes() -> Vec<Crash> {
    match Engine::of_this_run() {
        Engine::Sqlite => vec![Crash::Dropped],
        Engine::Postgres => vec![Crash::Dropped, Crash::Cut],
    }
}

async fn up(runner: &Runner, database: &TestDatabase) -> Result<Vec<String>, u8> {
    let connection = database.connection().await;
    let applied = runner.up(&connection, &Target::All).await;
    applied.map_err(|it| it.exit_code())
}

#[tokio::test]
async fn after_a_crash_at_any_statement_nothing_of_the_migration_is_left() {
    let [first, ..] = three();
    for statement in 1..=4 {
        for way in crashes() {
            let database = empty().await;
            let gate = Gate::after(statement);

            crash([first.clone(), interrupted(&gate)], &gate, &database, way).await;

            let again = runner(&[first.clone(), second()]);
            let left = status(&again, &database).await;
            assert_eq!(
                states(&left),
                [State::Applied, State::Pending],
                "{statement}"
            );
            assert_eq!(database.count("stones").await, 0, "{statement}");
            assert_eq!(up(&again, &database).await.unwrap(), ["m2_house"]);
            assert_eq!(database.count("houses").await, 1, "{statement}");
        }
    }
}

#[tokio::test]
async fn after_a_crash_of_one_without_a_transaction_there_is_a_mark() {
    let [first, ..] = three();
    for statement in 1..=4 {
        for way in crashes() {
            let database = empty().await;
            let gate = Gate::after(statement);
            let half = interrupted(&gate).without_transaction();

            crash([first.clone(), half], &gate, &database, way).await;

            let again = runner(&[first.clone(), second().without_transaction()]);
            let left = status(&again, &database).await;
            assert_eq!(states(&left), [State::Applied, State::Dirty], "{statement}");
            assert_eq!(up(&again, &database).await, Err(4), "{statement}");
        }
    }
}
