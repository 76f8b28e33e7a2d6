use anyhow::Result;

use crate::step;
use crate::workspace::Workspace;

/// Git reads its hooks from the repository afterwards, so a changed hook needs no second call.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    let mut git = workspace.command("git");
    step::run("hooks", git.args(["config", "core.hooksPath", ".githooks"]))
}
