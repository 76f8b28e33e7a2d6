//! A whole process that is killed, by a signal that it cannot hear.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use secrecy::ExposeSecret;
use support::TestDatabase;

use super::migrations::empty;

struct Process {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Process {
    fn start(database: &TestDatabase, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_migrates"))
            .arg(database.url().expose_secret())
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let out = BufReader::new(child.stdout.take().expect("it is piped"));
        Self { child, out }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("it is text");
        line.trim_end().to_owned()
    }

    fn go_on(&mut self) {
        let stdin = self.child.stdin.as_mut().expect("it is piped");
        stdin.write_all(b"\n").expect("it reads");
    }

    fn kill(mut self) {
        self.child.kill().expect("it is ours");
        let ended = self.child.wait().expect("it is ours");
        assert_eq!(ended.code(), None, "a signal ends it, and nothing else");
    }

    fn exit_code(mut self) -> Option<i32> {
        self.child.wait().expect("it is ours").code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Neither does anything to one that has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn who_comes_after_one_that_was_killed_finds_nothing_half_done() {
    let database = empty().await;
    let mut killed = Process::start(&database, &[]);
    assert_eq!(killed.line(), "in the middle");
    // It may wait already, or come later.
    let mut next = Process::start(&database, &[]);

    killed.kill();

    assert_eq!(next.line(), "in the middle");
    next.go_on();
    assert_eq!(next.line(), "m2_house");
    assert_eq!(next.exit_code(), Some(0));
    assert_eq!(database.count("house").await, 2);
    assert_eq!(database.count("seaql_migrations").await, 2);
}

#[tokio::test]
async fn who_comes_after_one_that_was_killed_without_a_transaction_finds_a_mark() {
    let database = empty().await;
    let mut killed = Process::start(&database, &["bare"]);
    assert_eq!(killed.line(), "in the middle");
    let mut next = Process::start(&database, &["bare"]);

    killed.kill();

    let why = next.line();
    assert!(why.starts_with("m2_house runs without"), "{why}");
    assert_eq!(next.exit_code(), Some(4));
    assert_eq!(database.count("house").await, 2);
}
