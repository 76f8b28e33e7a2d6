//! What the interface is, without starting it.

use api::Operations;

use super::print;

pub(super) fn openapi() -> anyhow::Result<()> {
    print(&serde_json::to_string_pretty(&api::document())?)
}

pub(super) fn routes() -> anyhow::Result<()> {
    let operations = Operations::of(&api::document());
    let mut lines: Vec<_> = operations
        .iter()
        .map(|it| {
            let who = match (&it.permission, it.public) {
                (Some(permission), _) => permission.as_str(),
                (None, true) => "anybody",
                (None, false) => "signed in",
            };
            format!("{:35} {:7} {who:15} {}", it.path, it.method.as_str(), it.id)
        })
        .collect();
    lines.sort();
    print(&lines.join("\n"))
}
