//! A server in a process of its own: this program, called to serve. So it is the same build, and its memory is its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

use secrecy::ExposeSecret;
use serde_json::Value;
use support::TestApp;
use tempfile::TempDir;

/// The first argument of such a process.
pub(crate) const SERVE: &str = "serve";

const UNLIMITED: &str = "1000000";

/// It ends when this is dropped.
pub(crate) struct ServerProcess {
    child: Child,
    /// Host and port.
    pub(crate) host: String,
    _folder: TempDir,
}

impl ServerProcess {
    /// With the database and the keys of the application, what is shipped for the rest, limits that nobody reaches, and
    /// these variables.
    pub(crate) fn beside(app: &TestApp, more: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().expect("there is room for a folder");
        let signing_key = app.keys.signing_key.as_ref().expect("its key is given");
        let program = std::env::current_exe().expect("this program is a file");
        let mut command = Command::new(program);
        command
            .arg(SERVE)
            .current_dir(folder.path())
            .env_clear()
            .env("ASHLAR__SERVER__BIND", "127.0.0.1:0")
            .env("ASHLAR__MAIL__INBOX", "127.0.0.1:0")
            .env("ASHLAR__LOG__FORMAT", "json")
            .env("ASHLAR__DATABASE__URL", app.database.url().expose_secret())
            .env("ASHLAR__TOKENS__SIGNING_KEY", signing_key.expose_secret())
            .env(
                "ASHLAR__SECURITY__MASTER_KEY",
                app.keys.master_key.expose_secret(),
            )
            .env("ASHLAR__LIMITS__SIGN_IN_BURST", UNLIMITED)
            .env("ASHLAR__LIMITS__GUESSES_BURST", UNLIMITED)
            .env("ASHLAR__LIMITS__STRANGER_GUESSES_BURST", UNLIMITED)
            .env("ASHLAR__LIMITS__PUBLIC_BURST", UNLIMITED)
            .env("ASHLAR__LIMITS__READ_BURST", UNLIMITED)
            .env("ASHLAR__LIMITS__WRITE_BURST", UNLIMITED)
            .envs(more.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("this program starts");
        let log = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut lines = log.lines().map_while(Result::ok);
        let host = lines.find_map(|it| listening(&it));
        // Read on, so that it never waits for us.
        thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            host: host.expect("it listens"),
            _folder: folder,
        }
    }

    /// The most memory that it has had at once, in MiB: `VmHWM` of proc(5).
    pub(crate) async fn peak_memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.id());
        let status = tokio::fs::read_to_string(status).await;
        let status = status.expect("Linux tells of a process");
        let mut lines = status.lines();
        let peak = lines.find_map(|it| it.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|it| it.trim().strip_suffix(" kB"));
        let kib: u64 = peak.and_then(|it| it.parse().ok()).expect("it is a number");
        kib / 1_024
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // Neither does anything to one that has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listening(line: &str) -> Option<String> {
    let line: Value = serde_json::from_str(line).ok()?;
    let address = line["address"].as_str();
    Some(
        address
            .filter(|_| line["message"] == "listening")?
            .to_owned(),
    )
}
