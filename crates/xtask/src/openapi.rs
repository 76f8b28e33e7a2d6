//! The committed document: renewed from the server's own word, and compared with the last commit's.
#![expect(
    clippy::disallowed_methods,
    reason = "this program does one thing at a time, and may wait for a file"
)]

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::workspace::Workspace;
use crate::{changes, document, step};

const FILE: &str = "openapi.json";

pub(crate) fn renew(workspace: &Workspace) -> Result<()> {
    let now: Value = serde_json::from_slice(&document::print(workspace)?)
        .context("`ashlar openapi` printed no JSON")?;
    let path = workspace.root.join(FILE);
    let text = format!("{now:#}\n");
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;

    let Some(before) = committed(workspace)? else {
        step::say(format_args!("{FILE} is written; no commit has one yet"));
        return Ok(());
    };
    let changes = changes::between(&before, &now);
    if changes.is_empty() {
        step::say(format_args!("{FILE} is written; clients see no change"));
    }
    tell(
        "BREAKING: clients that work today may not tomorrow",
        &changes.breaking,
    );
    tell("Additive: clients need not care", &changes.additive);
    Ok(())
}

fn tell(title: &str, changes: &[String]) {
    if !changes.is_empty() {
        let lines = changes::by_what(changes);
        step::say(format_args!("{title}\n  {}", lines.join("\n  ")));
    }
}

/// What the last commit has; `None` when it has none.
fn committed(workspace: &Workspace) -> Result<Option<Value>> {
    let listed = workspace
        .command("git")
        .args(["ls-tree", "--name-only", "HEAD", FILE])
        .output()
        .context("cannot start git")?;
    ensure!(listed.status.success(), "git cannot read the last commit");
    if listed.stdout.is_empty() {
        return Ok(None);
    }
    let shown = workspace
        .command("git")
        .args(["show", &format!("HEAD:{FILE}")])
        .output()
        .context("cannot start git")?;
    ensure!(shown.status.success(), "git cannot show {FILE}");
    let before = serde_json::from_slice(&shown.stdout);
    before
        .map(Some)
        .with_context(|| format!("the last commit's {FILE} is no JSON"))
}
