use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// As `rustfmt` has it in this folder; as it was where there is none, or it finds no sense in it.
pub(super) fn formatted(code: &str, folder: &Path) -> String {
    rustfmt(code, folder).unwrap_or_else(|| code.to_owned())
}

fn rustfmt(code: &str, folder: &Path) -> Option<String> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", &edition(folder), "--emit", "stdout", "--quiet"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    rustfmt.stdin.take()?.write_all(code.as_bytes()).ok()?;
    let output = rustfmt.wait_with_output().ok()?;
    let formatted = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !formatted.is_empty()).then_some(formatted)
}

/// That of the package in the folder, as Cargo knows it.
fn edition(folder: &Path) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(folder)
        .stderr(Stdio::null())
        .output();
    let found = output.ok().and_then(|output| {
        let manifest = folder.canonicalize().ok()?.join("Cargo.toml");
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
        let packages = metadata["packages"].as_array()?;
        let of_folder = |it: &&serde_json::Value| {
            it["manifest_path"].as_str().map(Path::new) == Some(&manifest)
        };
        Some(
            packages.iter().find(of_folder)?["edition"]
                .as_str()?
                .to_owned(),
        )
    });
    found.unwrap_or_else(|| "2024".to_owned())
}
