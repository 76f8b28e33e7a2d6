//! Migrates the database of its first argument, in the middle says so, and goes on when it may read a line. With a second
//! argument it does so without a transaction.

#![expect(
    clippy::print_stdout,
    reason = "its output is how a test knows where it is"
)]

use std::io;
use std::process::ExitCode;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, Database, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};
use sea_orm_migration_runner::{Error, Runner, Target};

struct Stones;

impl MigrationName for Stones {
    fn name(&self) -> &'static str {
        "m1_stones"
    }
}

#[async_trait]
impl MigrationTrait for Stones {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, "CREATE TABLE stones (name TEXT)").await?;
        run(manager, "INSERT INTO stones VALUES ('first'), ('second')").await
    }
}

struct House {
    in_transaction: bool,
}

impl MigrationName for House {
    fn name(&self) -> &'static str {
        "m2_house"
    }
}

#[async_trait]
impl MigrationTrait for House {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, "CREATE TABLE house (name TEXT)").await?;
        run(manager, "INSERT INTO house SELECT name FROM stones").await?;
        run(manager, "DELETE FROM stones").await?;
        println!("in the middle");
        let went_on = io::stdin().read_line(&mut String::new());
        went_on.map_err(|it| DbErr::Custom(it.to_string()))?;
        run(manager, "DROP TABLE stones").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(self.in_transaction)
    }
}

async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    connection.execute_unprepared(sql).await.map(drop)
}

async fn up(url: &str, in_transaction: bool) -> Result<Vec<String>, Error> {
    let connection = Database::connect(url).await?;
    let runner = Runner::new(vec![Box::new(Stones), Box::new(House { in_transaction })]);
    runner.up(&connection, &Target::All).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match up(&arguments[0], arguments.len() == 1).await {
        Ok(applied) => {
            println!("{}", applied.join(" "));
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{error}");
            error.exit_code().into()
        }
    }
}
