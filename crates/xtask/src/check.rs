//! The judges of a change, the quick ones first.

use std::time::Instant;

use anyhow::Result;

use crate::clients::Clients;
use crate::migrations;
use crate::step;
use crate::test::Test;
use crate::workspace::Workspace;

pub(crate) fn everything(workspace: &Workspace) -> Result<()> {
    let started = Instant::now();
    quick(workspace)?;
    dependencies(workspace)?;
    migrations::judge(workspace)?;
    Test::default().run(workspace)?;
    Clients::default().run(workspace)?;
    let seconds = started.elapsed().as_secs_f32();
    step::say(format_args!("\nAll checks passed in {seconds:.0} s."));
    Ok(())
}

pub(crate) fn quick(workspace: &Workspace) -> Result<()> {
    let mut format = workspace.cargo(&["fmt", "--all", "--check"]);
    step::run("format", &mut format)?;
    let mut lints = workspace.cargo(&["clippy", "--workspace", "--all-targets", "--locked"]);
    step::run("lints", lints.args(["--", "-D", "warnings"]))
}

fn dependencies(workspace: &Workspace) -> Result<()> {
    let mut probe = workspace.cargo(&["deny", "--version"]);
    if step::answer(&mut probe).is_none() {
        return step::skip(
            "cargo-deny is missing, so nobody judges the dependencies",
            "Install it with: cargo install --locked cargo-deny",
        );
    }
    // cargo-deny judges the crates of every platform, and offline it sees only those that were fetched.
    step::run("fetch", &mut workspace.cargo(&["fetch", "--locked"]))?;
    let mut deny = workspace.cargo(&["deny", "--offline", "--locked", "check"]);
    // The graph of each duplicate would be a thousand lines; `cargo tree --invert` draws the one that matters.
    deny.args(["--hide-inclusion-graph", "bans", "licenses", "sources"]);
    step::run("dependencies", &mut deny)
}
