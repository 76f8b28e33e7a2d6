//! A schema of a size that projects have. How long it took is printed with `--nocapture`.

use super::{STATEMENTS, Statements, server};
use sea_orm_autogenerate::{Entities, check};
use sea_orm_migration::SchemaManager;

/// Each with a key to the one before it, an index and a default.
fn sixty_tables() -> String {
    let table = |number: u32| {
        let before = number.saturating_sub(1);
        format!(
            "CREATE TABLE t{number} (id INTEGER NOT NULL PRIMARY KEY, before INTEGER REFERENCES t{before} (id) ON DELETE CASCADE, \
             name VARCHAR(90) NOT NULL DEFAULT 'x', size DECIMAL(9, 2), made TIMESTAMP DEFAULT CURRENT_TIMESTAMP, \
             UNIQUE (name), CHECK (size > 0)); CREATE INDEX i{number} ON t{number} (before, made);"
        )
    };
    (0..60).map(table).collect()
}

#[tokio::test]
async fn sixty_tables_are_compared() {
    let tables = sixty_tables();
    STATEMENTS.set(vec![tables.clone()]);
    let extras = async |manager: &SchemaManager<'_>| super::execute(manager, &tables).await;

    let server = server();
    let started = std::time::Instant::now();
    let found = check::<Statements>(&server, &Entities::new(), extras).await;
    println!("60 tables: {:?}", started.elapsed());

    assert_eq!(found.unwrap_or_else(|error| panic!("{error}")), []);
}
