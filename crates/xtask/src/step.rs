//! One step of a verb: said, timed, and the end of all if it fails.

use std::env;
use std::fmt::Display;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

pub(crate) fn run(name: &str, command: &mut Command) -> Result<()> {
    let line = line(command);
    let started = Instant::now();
    timed(name, &line, || {
        let status = command
            .status()
            .with_context(|| format!("cannot start {line}"))?;
        let seconds = started.elapsed().as_secs_f32();
        ensure!(
            status.success(),
            "{name} ({status}, {seconds:.1} s): {line}"
        );
        Ok(())
    })
}

/// A step that is more than one command, in words.
pub(crate) fn timed<T>(name: &str, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    say(format_args!("\n==> {name}: {what}"));
    let started = Instant::now();
    let outcome = work()?;
    let seconds = started.elapsed().as_secs_f32();
    say(format_args!("==> {name}: ok, {seconds:.1} s"));
    Ok(outcome)
}

/// What a program answers to a question such as `--version`; `None` where there is no such program.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let answer = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(answer)
}

/// For a step that this machine cannot do: CI must not pass without it, a developer may.
pub(crate) fn skip(what: &str, cure: &str) -> Result<()> {
    if env::var("ASHLAR_TEST_REQUIRE").is_ok_and(|required| required == "all") {
        bail!("{what}, and ASHLAR_TEST_REQUIRE=all. {cure}");
    }
    say(format_args!("\nSKIPPED: {what}. {cure}"));
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "this program talks to whoever typed its name"
)]
pub(crate) fn say(text: impl Display) {
    println!("{text}");
}

/// The command as one would type it.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_stem()
        .unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new("/opt/rust/bin/cargo");
        command.args(["fmt", "--check"]);

        assert_eq!(line(&command), "cargo fmt --check");
    }

    #[test]
    fn only_a_program_that_succeeds_has_answered() {
        assert_eq!(
            answer(Command::new("echo").arg("1.2")),
            Some("1.2".to_owned())
        );
        assert_eq!(answer(&mut Command::new("false")), None);
        assert_eq!(answer(&mut Command::new("/nowhere/program")), None);
    }

    #[test]
    fn a_failed_step_names_itself_and_its_command() {
        let failure = run("comparison", &mut Command::new("false")).unwrap_err();

        let text = failure.to_string();
        assert!(text.starts_with("comparison (exit status: 1, "), "{text}");
        assert!(text.ends_with(" s): false"), "{text}");
    }
}
