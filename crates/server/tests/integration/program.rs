use std::io::Write;
use std::process::{Child, Command, Stdio};

use crate::lines::Lines;

/// A running `ashlar`. It ends with its test, also when that fails.
pub(crate) struct Program {
    child: Child,
    out: Lines,
    pub(crate) errors: Lines,
}

/// What is left of one that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// `None` when a signal has ended it.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) errors: String,
}

impl Program {
    pub(crate) fn start(mut command: Command, input: &str) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("it is piped");
        // A program that has ended without reading it did not want it.
        let _ = stdin.write_all(input.as_bytes());
        Self {
            out: Lines::of(child.stdout.take().expect("it is piped")),
            errors: Lines::of(child.stderr.take().expect("it is piped")),
            child,
        }
    }

    /// Asks it to end.
    pub(crate) fn terminate(&self) {
        let kill = format!("kill -TERM {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status();
        assert!(sent.expect("there is a shell").success(), "{kill}");
    }

    /// Waits until it has ended by itself.
    #[track_caller]
    pub(crate) fn ended(mut self) -> Ended {
        let (out, errors) = (self.out.all(), self.errors.all());
        let status = self.child.wait().expect("it is our child");
        Ended {
            code: status.code(),
            out,
            errors,
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Neither does anything to one that has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    /// What it wrote to standard output, having succeeded.
    #[track_caller]
    pub(crate) fn ok(&self) -> &str {
        assert_eq!(self.code, Some(0), "{self:?}");
        &self.out
    }

    /// The one line in which it said why it failed.
    #[track_caller]
    pub(crate) fn failed(&self) -> &str {
        self.failed_with(1)
    }

    #[track_caller]
    pub(crate) fn failed_with(&self, code: i32) -> &str {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.errors.lines().count(), 1, "{self:?}");
        assert_eq!(self.out, "");
        let line = self.errors.trim_end();
        line.strip_prefix("ashlar: ").expect("it says who fails")
    }

    /// What was wrong with the settings, a fault a line.
    #[track_caller]
    pub(crate) fn faults(&self) -> Vec<&str> {
        assert_eq!(self.code, Some(2), "{self:?}");
        assert_eq!(self.out, "");
        let mut lines = self.errors.lines();
        assert_eq!(lines.next(), Some("ashlar: the settings are wrong:"));
        lines.collect()
    }
}
