//! Programs of this workspace, for whoever runs them outside cargo.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use cargo_metadata::Message;

use crate::workspace::Workspace;

/// The server.
pub(crate) fn server(workspace: &Workspace) -> Result<PathBuf> {
    build(workspace, &["--bin", "ashlar"])
}

/// What developers and CI ask about entities and migrations.
pub(crate) fn migrate(workspace: &Workspace) -> Result<PathBuf> {
    build(workspace, &["--bin", "migrate"])
}

/// The one that starts the tests' PostgreSQL for somebody else.
pub(crate) fn postgres(workspace: &Workspace) -> Result<PathBuf> {
    build(workspace, &["--example", "postgres"])
}

/// Builds it with the features that the tests already compiled its dependencies with (`cargo run` would choose
/// others, and compile them again), and tells where it is.
fn build(workspace: &Workspace, target: &[&str]) -> Result<PathBuf> {
    let output = workspace
        .cargo(&["build", "--workspace", "--locked"])
        .args(target)
        .args(["--quiet", "--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    let name = target.join(" ");
    ensure!(output.status.success(), "{name} does not compile");
    let artifacts =
        Message::parse_stream(output.stdout.as_slice()).filter_map(|message| match message {
            Ok(Message::CompilerArtifact(artifact)) => artifact.executable,
            _ => None,
        });
    let program = artifacts.last();
    Ok(program
        .with_context(|| format!("cargo built no {name}"))?
        .into())
}
