//! What is planned leads where it should, and back: the library has tried it before it tells.

use sea_orm_autogenerate::{Entities, Error, Options, Plan, plan};
use sea_orm_migration::prelude::*;

use super::{STATEMENTS, Statements, execute, server};

async fn planned(entities: &[&str], migrations: &[&str], options: &Options) -> Result<Plan, Error> {
    STATEMENTS.set(migrations.iter().map(|it| (*it).to_owned()).collect());
    let extras = async |manager: &SchemaManager<'_>| {
        for sql in entities {
            execute(manager, sql).await?;
        }
        Ok(())
    };
    plan::<Statements>(&server(), &Entities::new(), extras, options).await
}

#[tokio::test]
async fn it_works() {
    let options = Options {
        allow_destructive: true,
        ..Options::default()
    };
    let a = "CREATE TABLE shops (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(9), a INTEGER); CREATE TABLE old (id INTEGER PRIMARY KEY, shop INTEGER REFERENCES shops (id))";
    let b = "CREATE TABLE shops (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(12) NOT NULL DEFAULT 'x' UNIQUE, b INTEGER CHECK (b > 0)); CREATE TABLE cakes (id INTEGER PRIMARY KEY, shop INTEGER REFERENCES shops (id) ON DELETE CASCADE, name TEXT); CREATE INDEX cakes_name ON cakes (lower(name)) WHERE shop IS NOT NULL";
    let plan = planned(&[b], &[a], &options)
        .await
        .unwrap_or_else(|it| panic!("{it}"));
    println!("{:#?}", plan.operations());
    let plan = planned(&[b], &[a], &Options::default()).await.unwrap_err();
    println!("{plan}");
}
