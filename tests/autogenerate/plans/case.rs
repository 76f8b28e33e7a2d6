//! A case by its name, and how all of them are tried at once: databases take time.

use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use sea_orm_autogenerate::{Backfill, Options, RenamedColumn, RenamedTable};
use sea_orm_migration_runner::{Runner, Target};
use support::TestDatabase;

use super::super::here;
use super::super::ways::{There, connect, leads_there_and_back, planned};

/// In all texts `#` stands for the number of the case: every table has it in its name.
pub(super) struct Case {
    name: &'static str,
    /// What stands where `#` stood.
    mark: String,
    from: String,
    to: String,
    rows: String,
    options: Options,
    operations: Vec<String>,
    there: Vec<Rows>,
    back: Vec<Rows>,
}

/// What a query finds, in any order.
#[derive(Clone)]
struct Rows {
    query: String,
    found: Vec<String>,
}

pub(super) fn case(name: &'static str, from: &str, to: &str) -> Case {
    Case {
        name,
        mark: String::new(),
        from: from.to_owned(),
        to: to.to_owned(),
        rows: String::new(),
        options: Options {
            allow_destructive: true,
            ..Options::default()
        },
        operations: Vec::new(),
        there: Vec::new(),
        back: Vec::new(),
    }
}

impl Case {
    /// That are there before.
    pub(super) fn rows(self, sql: &str) -> Self {
        let rows = sql.to_owned();
        Self { rows, ..self }
    }

    /// What is done on the way up, in words.
    pub(super) fn plans(self, operations: &[&str]) -> Self {
        let operations = operations.iter().map(|it| (*it).to_owned()).collect();
        Self { operations, ..self }
    }

    /// Where the engines do other things.
    pub(super) fn plans_either(self, sqlite: &[&str], postgres: &[&str]) -> Self {
        self.plans(here(sqlite, postgres))
    }

    /// A query of one text, and what it finds after the way up.
    pub(super) fn there(mut self, query: &str, found: &[&str]) -> Self {
        self.there.push(rows(query, found));
        self
    }

    /// After the way down.
    pub(super) fn back(mut self, query: &str, found: &[&str]) -> Self {
        self.back.push(rows(query, found));
        self
    }

    /// After both.
    pub(super) fn keeps(self, query: &str, found: &[&str]) -> Self {
        self.there(query, found).back(query, found)
    }

    pub(super) fn renames_table(mut self, from: &str, to: &str) -> Self {
        self.options.renamed_tables.push(RenamedTable {
            from: from.to_owned(),
            to: to.to_owned(),
        });
        self
    }

    pub(super) fn renames(mut self, table: &str, from: &str, to: &str) -> Self {
        self.options.renamed_columns.push(RenamedColumn {
            table: table.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        });
        self
    }

    pub(super) fn backfills(mut self, table: &str, column: &str, expression: &str) -> Self {
        self.options.backfills.push(Backfill {
            table: table.to_owned(),
            column: column.to_owned(),
            expression: Some(expression.to_owned()),
        });
        self
    }

    fn numbered(self, number: usize) -> Self {
        let mark = format!("_c{number}x");
        let put = |text: &str| text.replace('#', &mark);
        let put_all = |rows: &[Rows]| -> Vec<Rows> {
            let rows = rows.iter().map(|it| Rows {
                query: put(&it.query),
                found: it.found.clone(),
            });
            rows.collect()
        };
        let mut options = self.options;
        for rename in &mut options.renamed_tables {
            (rename.from, rename.to) = (put(&rename.from), put(&rename.to));
        }
        for rename in &mut options.renamed_columns {
            rename.table = put(&rename.table);
        }
        for backfill in &mut options.backfills {
            backfill.table = put(&backfill.table);
            backfill.expression = backfill.expression.as_deref().map(put);
        }
        Self {
            from: put(&self.from),
            to: put(&self.to),
            rows: put(&self.rows),
            operations: self.operations,
            there: put_all(&self.there),
            back: put_all(&self.back),
            options,
            mark: mark.clone(),
            ..self
        }
    }
}

fn rows(query: &str, found: &[&str]) -> Rows {
    let mut found: Vec<_> = found.iter().map(|it| (*it).to_owned()).collect();
    found.sort_unstable();
    let query = query.to_owned();
    Rows { query, found }
}

pub(super) async fn all_lead_there_and_back(cases: Vec<Case>) {
    let numbered = (1..).zip(cases);
    let cases: Vec<_> = numbered.map(|(number, it)| it.numbered(number)).collect();
    let Err(complaint) = go(&cases).await else {
        return;
    };
    // Whose fault it is, each tells alone.
    let mut complaints = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        let alone = go(&cases[at..=at]).await;
        complaints.extend(alone.err().map(|it| format!("{}: {it}", case.name)));
    }
    if complaints.is_empty() {
        complaints.push(complaint);
    }
    panic!("{}", complaints.join("\n\n"));
}

async fn go(cases: &[Case]) -> Result<(), String> {
    let all = |of: fn(&Case) -> &String| -> Vec<String> {
        let all = cases.iter().map(of).filter(|it| !it.is_empty());
        all.cloned().collect()
    };
    let (from, to) = (all(|it| &it.from), all(|it| &it.to));
    let planned = planned(&from, &to, &options(cases)).await;
    let planned = planned.map_err(|it| format!("no plan: {it}"))?;
    for case in cases {
        let own = |it: String| it.contains(&case.mark).then(|| it.replace(&case.mark, "#"));
        let own: Vec<_> = planned.operations().into_iter().filter_map(own).collect();
        if own != case.operations {
            return Err(format!("{own:#?} instead of {:#?}", case.operations));
        }
    }
    leads_there_and_back(&from, &to).await?;
    with_rows(cases, &all(|it| &it.rows).join(";\n")).await
}

async fn with_rows(cases: &[Case], rows: &str) -> Result<(), String> {
    let database = TestDatabase::empty().await;
    let connection = connect(&database).await;
    let runner = Runner::of::<There>();
    let outcome = async {
        let ran = runner.up(&connection, &Target::Steps(1)).await;
        ran.map_err(|it| format!("the first schema: {it}"))?;
        let filled = connection.execute_unprepared(rows).await;
        filled.map_err(|it| format!("its rows: {it}"))?;
        let ran = runner.up(&connection, &Target::All).await;
        ran.map_err(|it| format!("up: {it}"))?;
        for case in cases {
            case.finds(&connection, &case.there, "there").await?;
        }
        let ran = runner.down(&connection, &Target::Steps(1)).await;
        ran.map_err(|it| format!("down: {it}"))?;
        for case in cases {
            case.finds(&connection, &case.back, "back").await?;
        }
        Ok(())
    };
    let outcome = outcome.await;
    connection.close().await.map_err(|it| it.to_string())?;
    outcome
}

fn options(cases: &[Case]) -> Options {
    let mut all = Options::default();
    for Case { options, .. } in cases {
        let options = options.clone();
        all.allow_destructive |= options.allow_destructive;
        all.renamed_tables.extend(options.renamed_tables);
        all.renamed_columns.extend(options.renamed_columns);
        all.backfills.extend(options.backfills);
    }
    all
}

impl Case {
    async fn finds(
        &self,
        connection: &DatabaseConnection,
        all: &[Rows],
        way: &str,
    ) -> Result<(), String> {
        for Rows { query, found } in all {
            let backend = connection.get_database_backend();
            let statement = Statement::from_string(backend, query.clone());
            let rows = connection.query_all_raw(statement).await;
            let rows = rows.map_err(|it| format!("{way}: {query}: {it}"))?;
            let text = |it: sea_orm::QueryResult| it.try_get_by_index::<Option<String>>(0);
            let texts: Result<Vec<_>, _> = rows.into_iter().map(text).collect();
            let texts = texts.map_err(|it| format!("{way}: {query}: {it}"))?;
            let null = || "NULL".to_owned();
            let mut texts: Vec<_> = texts
                .into_iter()
                .map(|it| it.unwrap_or_else(null))
                .collect();
            texts.sort_unstable();
            if texts != *found {
                return Err(format!("{way}: {query} finds {texts:?}, not {found:?}"));
            }
        }
        Ok(())
    }
}
