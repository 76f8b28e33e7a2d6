use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use sea_orm_migration::MigratorTrait;

use super::Answer;
use super::check::Scratch;
use crate::error::Error;
use crate::project::Project;
use crate::scratch::Server;
use crate::verify::{Dump, Trial, Verification, Verified};

#[derive(Args)]
pub(super) struct Verify {
    #[command(flatten)]
    scratch: Scratch,
    /// Verify the migrations that this dump lacks, on its rows: a script of `pg_dump` or of `sqlite3 FILE .dump`, or a database
    /// file of SQLite
    ///
    /// The file is only read. Only on the engine that it is of.
    #[arg(long, value_name = "DUMP")]
    from: Option<PathBuf>,
    /// A migration that cannot be taken back, or not without losing rows
    #[arg(long, value_name = "NAME")]
    allow_irreversible: Vec<String>,
}

impl Verify {
    pub(super) async fn execute<M: MigratorTrait>(
        &self,
        project: &Project<M>,
    ) -> Result<Answer, Error> {
        let dump = self.from.as_ref().map(Dump::open).transpose()?;
        let servers = match &dump {
            Some(dump) => vec![self.scratch.of(dump.engine())?],
            None => self.scratch.servers(project)?,
        };
        let verification = Verification {
            dump,
            irreversible: self.allow_irreversible.clone(),
        };
        let mut said = Vec::new();
        let mut holds = true;
        for server in servers {
            let verified = project.verify(&server, &verification).await?;
            holds = holds && verified.holds();
            said.push(told(&server, &verified));
        }
        Ok(Answer::of(u8::from(!holds), said.join("\n")))
    }
}

fn told(server: &Server, verified: &Verified) -> String {
    let engine = server.name();
    let mut lines: Vec<_> = verified.trials.iter().map(|it| trial(engine, it)).collect();
    if lines.is_empty() {
        lines.push(format!(
            "{engine}  nothing to verify: no migration is pending"
        ));
    }
    let untried = verified.untried.iter();
    lines.extend(untried.map(|it| format!("{engine}  {it}  not reached")));
    lines.join("\n")
}

fn trial(engine: &str, trial: &Trial) -> String {
    let Trial {
        migration,
        tables,
        rows,
        is_taken_back,
        failures,
        warnings,
    } = trial;
    let outcome = match (failures.is_empty(), is_taken_back) {
        (false, _) => "does not hold",
        (true, true) => "up, down, up",
        (true, false) => "up",
    };
    let mut text = format!("{engine}  {migration}  {outcome}  ({tables} tables, {rows} rows)");
    for failure in failures {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n- {}", failure.replace(" Next: ", "\n  Next: "));
    }
    for warning in warnings {
        let _ = write!(text, "\n  note: {warning}");
    }
    text
}
