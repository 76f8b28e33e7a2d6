//! Values that an enum of PostgreSQL loses, while rows have them.

use sea_orm::ConnectionTrait as _;
use sea_orm_autogenerate::Options;
use sea_orm_migration_runner::{Runner, Target};
use support::{Engine, TestDatabase};

use super::super::ways::{There, connect, planned};

fn shirts(values: &str) -> Vec<String> {
    let size = format!("CREATE TYPE size AS ENUM ({values})");
    let shirts = "CREATE TABLE shirts (id INTEGER NOT NULL PRIMARY KEY, size size, sizes size[])";
    vec![size, shirts.to_owned()]
}

#[tokio::test]
async fn rows_that_stand_in_the_way_down_are_told_with_what_to_do() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let (from, to) = (shirts("'s', 'm'"), shirts("'s', 'm', 'it''s l'"));
    let plan = planned(&from, &to, &Options::default()).await;
    plan.expect("a value comes");
    let database = TestDatabase::empty().await;
    let connection = connect(&database).await;
    let runner = Runner::of::<There>();
    let all = runner.up(&connection, &Target::All).await;
    all.expect("there is no row yet");

    for (row, way_out, column) in [
        (
            "INSERT INTO shirts VALUES (1, 'it''s l')",
            "UPDATE \"shirts\" SET \"size\" = 'm' WHERE \"size\"::text IN ('it''s l')",
            "size",
        ),
        (
            "INSERT INTO shirts VALUES (2, 's', '{s,it''s l}')",
            "UPDATE \"shirts\" SET \"sizes\" = '{m}' WHERE \"sizes\"::text[] && ARRAY['it''s l']",
            "sizes",
        ),
    ] {
        connection.execute_unprepared(row).await.expect("it fits");

        let refused = runner.down(&connection, &Target::Steps(1)).await;

        let words = refused.expect_err("a row has the value").to_string();
        let cause = format!("shirts.{column} has rows with values that the enum size loses");
        assert!(words.contains(&cause), "{words}");
        let (update, condition) = way_out.split_once(" = ").expect("it sets");
        let (_, condition) = condition.split_once(" WHERE ").expect("it has one");
        assert!(words.contains(update), "{words}");
        assert!(words.contains(condition), "{words}");
        let done = connection.execute_unprepared(way_out).await;
        done.expect("it is SQL");
    }
    let down = runner.down(&connection, &Target::Steps(1)).await;
    down.expect("nothing stands in the way any more");
    connection.close().await.expect("nobody waits for it");
}
