//! The file of a migration.

use std::collections::BTreeMap;

use sea_orm::DbBackend;
use sea_orm::sea_query::ColumnType;

use super::blocks::{Blocks, function};
use super::code::Code;
use crate::plan::{Operation, Planned};

/// What it needs beside the plans.
pub(crate) struct Hints {
    /// What entities say of their columns, by table and name.
    pub types: BTreeMap<(String, String), ColumnType>,
}

/// The text of the file, not formatted yet. `planned` has one plan for each engine that was asked; no plan does nothing.
pub(crate) fn file(message: &str, planned: &[Planned], hints: &Hints) -> String {
    let way = |of: fn(&Planned) -> &[Operation], is_up: bool| {
        let blocks = planned.iter().map(|it| {
            let other = planned
                .iter()
                .find(|other| other.plan.engine != it.plan.engine);
            let end = |it: &'_ Planned| {
                if is_up {
                    it.to.raw.clone()
                } else {
                    it.from.raw.clone()
                }
            };
            let other = other.map(end);
            let code = Code {
                engine: it.plan.engine,
                other: other.as_ref(),
                hint: &|table, column| hints.types.get(&(table.to_owned(), column.to_owned())),
            };
            let blocks = of(it).iter().map(|operation| code.of(operation)).collect();
            (it.plan.engine, blocks)
        });
        blocks.collect::<Vec<(DbBackend, Vec<String>)>>()
    };
    let up = Blocks::of(way(|it| &it.plan.up, true));
    let down = Blocks::of(way(|it| &it.plan.down, false));
    let backend = if up.is_divided() || down.is_divided() {
        "use sea_orm_migration::sea_orm::DbBackend;\n"
    } else {
        ""
    };
    let (up, up_parts) = function("up", &up);
    let (down, down_parts) = function("down", &down);
    format!(
        "{}\nuse sea_orm_migration::prelude::*;\n{backend}\n\
         #[derive(DeriveMigrationName)]\npub(crate) struct Migration;\n\n\
         #[async_trait::async_trait]\nimpl MigrationTrait for Migration {{\n{up}\n{down}}}\n{up_parts}{down_parts}",
        head(message, planned)
    )
}

/// Of one that somebody will write.
pub(crate) fn empty(message: &str) -> String {
    format!(
        "{}\nuse sea_orm_migration::prelude::*;\n\n\
         #[derive(DeriveMigrationName)]\npub(crate) struct Migration;\n\n\
         #[async_trait::async_trait]\nimpl MigrationTrait for Migration {{\n\
         async fn up(&self, _manager: &SchemaManager) -> Result<(), DbErr> {{\nOk(())\n}}\n\n\
         async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {{\nOk(())\n}}\n}}\n",
        head(message, &[])
    )
}

fn head(message: &str, planned: &[Planned]) -> String {
    let mut head = vec![format!("//! {}\n", sentence(message))];
    let down = told(planned, |it| &it.plan.down);
    for (way, lines) in [
        ("To be reviewed. Up:", operations(planned)),
        ("Down:", down),
    ] {
        if !lines.is_empty() {
            head.push(format!("//!\n//! {way}\n"));
        }
        for line in lines {
            head.push(format!("//! - {line}\n"));
        }
    }
    head.concat()
}

/// The way up in words, each with its engine where it is of one alone.
pub(crate) fn operations(planned: &[Planned]) -> Vec<String> {
    told(planned, |it| &it.plan.up)
}

fn told(planned: &[Planned], way: fn(&Planned) -> &[Operation]) -> Vec<String> {
    let lists: Vec<_> = planned
        .iter()
        .map(|it| (it.plan.engine, lines(way(it))))
        .collect();
    let mut told: Vec<&String> = Vec::new();
    let mut all = Vec::new();
    for (engine, own) in &lists {
        for line in own {
            if told.contains(&line) {
                continue;
            }
            told.push(line);
            let is_common = lists.iter().all(|(_, lines)| lines.contains(line));
            all.push(match engine {
                _ if is_common => line.clone(),
                DbBackend::Sqlite => format!("SQLite: {line}"),
                _ => format!("PostgreSQL: {line}"),
            });
        }
    }
    all
}

/// A doc comment is a line.
fn lines(operations: &[Operation]) -> Vec<String> {
    let words = operations.iter().flat_map(Operation::words);
    let line = |it: String| it.split_whitespace().collect::<Vec<_>>().join(" ");
    words.map(line).collect()
}

fn sentence(message: &str) -> String {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = message.chars();
    let first = letters
        .next()
        .map(|it| it.to_uppercase().collect::<String>());
    let end = if message.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{}{}{end}", first.unwrap_or_default(), letters.as_str())
}
