use clap::Args;
use sea_orm_migration::MigratorTrait;

use super::Answer;
use super::check::Scratch;
use crate::error::Error;
use crate::generate::Draft;
use crate::plan::{Backfill, Options, RenamedColumn, RenamedTable};
use crate::project::Project;

#[derive(Args)]
pub(super) struct Generate {
    /// What changes, in some words: the file is named by it
    #[arg(short, long, value_name = "TEXT")]
    message: String,
    /// Write one that does nothing yet
    #[arg(long, conflicts_with_all = ["allow_destructive", "renamed_columns", "renamed_tables", "backfills"])]
    empty: bool,
    /// Print the file, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Values may be lost: by dropping tables and columns, by narrower types, by values of an enum that go
    #[arg(long)]
    allow_destructive: bool,
    /// A column that has another name now, and keeps its values
    #[arg(long = "rename", value_name = "TABLE.OLD:NEW", value_parser = renamed_column)]
    renamed_columns: Vec<RenamedColumn>,
    /// A table that has another name now, and keeps its rows
    #[arg(long = "rename-table", value_name = "OLD:NEW", value_parser = renamed_table)]
    renamed_tables: Vec<RenamedTable>,
    /// What a column gets in the rows that are there, in SQL over the columns of the row
    ///
    /// For a column that takes no NULL, or whose old values do not fit its new type. Without an expression the file has a place
    /// for it, and does not compile until somebody has filled it.
    #[arg(long = "backfill", value_name = "TABLE.COLUMN[=EXPRESSION]", value_parser = backfill)]
    backfills: Vec<Backfill>,
    #[command(flatten)]
    scratch: Scratch,
}

impl Generate {
    pub(super) async fn execute<M: MigratorTrait>(
        &self,
        project: &Project<M>,
    ) -> Result<Answer, Error> {
        let mut left_out = String::new();
        let draft = if self.empty {
            project.empty_draft(&self.message)?
        } else {
            let servers = self.scratch.servers(project)?;
            let options = Options {
                allow_destructive: self.allow_destructive,
                renamed_tables: self.renamed_tables.clone(),
                renamed_columns: self.renamed_columns.clone(),
                backfills: self.backfills.clone(),
            };
            let draft = project.draft(&servers, &self.message, &options).await?;
            if servers.len() < project.supported().len() {
                "\nPostgreSQL was not asked: `check --postgres URL` tells whether it agrees."
                    .clone_into(&mut left_out);
            }
            let Some(draft) = draft else {
                let agree = "Entities and migrations agree: there is nothing to write.";
                return Ok(Answer::of(0, format!("{agree}{left_out}")));
            };
            draft
        };
        if self.dry_run {
            return Ok(Answer::of(0, draft.code.trim_end()));
        }
        let file = project.write(&draft)?;
        let told = told(&draft);
        let file = file.display();
        Ok(Answer::of(0, format!("wrote  {file}\n{told}{left_out}")))
    }
}

fn told(draft: &Draft) -> String {
    let operations = draft.operations.iter().map(|it| format!("- {it}\n"));
    let operations: String = operations.collect();
    let next = if draft.is_open {
        "Next: fill the place that does not compile, `seal` the migration by its name, then `up`."
    } else {
        "Next: review it, then `up`. After an edit `seal` it by its name."
    };
    format!("{operations}{next}")
}

fn renamed_column(text: &str) -> Result<RenamedColumn, String> {
    let parts = text.split_once(':').and_then(|(old, new)| {
        let (table, old) = old.rsplit_once('.')?;
        Some((table, old, new))
    });
    match parts {
        Some((table, from, to)) if ![table, from, to].contains(&"") => Ok(RenamedColumn {
            table: table.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        }),
        _ => Err("it is table.old:new".to_owned()),
    }
}

fn renamed_table(text: &str) -> Result<RenamedTable, String> {
    match text.split_once(':') {
        Some((from, to)) if !from.is_empty() && !to.is_empty() => Ok(RenamedTable {
            from: from.to_owned(),
            to: to.to_owned(),
        }),
        _ => Err("it is old:new".to_owned()),
    }
}

fn backfill(text: &str) -> Result<Backfill, String> {
    let (place, expression) = match text.split_once('=') {
        Some((place, expression)) => (place, Some(expression)),
        None => (text, None),
    };
    match place.rsplit_once('.') {
        Some((table, column))
            if !table.is_empty() && !column.is_empty() && expression != Some("") =>
        {
            Ok(Backfill {
                table: table.to_owned(),
                column: column.to_owned(),
                expression: expression.map(str::to_owned),
            })
        }
        _ => Err("it is table.column=expression, or table.column".to_owned()),
    }
}
