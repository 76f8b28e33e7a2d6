//! A server of this source on loopback, with an administrator whose password is known.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this program does one thing at a time, and may wait for a file or for another program"
)]

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, process, thread};

use anyhow::{Context, Result, bail, ensure};

use super::{fetch, log};
use crate::files;

const EMAIL: &str = "admin@example.org";
const PASSWORD: &str = "dressed stone, laid dry";

const LIMITS: [&str; 8] = [
    "SIGN_IN_PER_MINUTE",
    "GUESSES_PER_HOUR",
    "STRANGER_GUESSES_PER_HOUR",
    "PUBLIC_PER_MINUTE",
    "READ_PER_MINUTE",
    "WRITE_PER_MINUTE",
    "MAIL_PER_MINUTE",
    "NETWORK_MAIL_PER_MINUTE",
];

/// Far more than it takes, so that only what hangs gets here.
const DEADLINE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(20);

pub(super) struct Server {
    program: PathBuf,
    address: SocketAddr,
    url: String,
    /// Pages of this origin may call it; nobody serves them yet.
    page_url: String,
    /// Where mail goes by [`Outlet::Smtp`]; nobody listens there yet.
    mail_port: String,
    child: Child,
    pub(super) log: PathBuf,
}

/// Where its mail goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outlet {
    Smtp,
    Folder,
}

impl Server {
    /// Starts it in a folder of its own, on the database of this address or else on SQLite, and waits until it listens.
    pub(super) fn start(
        program: &Path,
        folder: &Path,
        database: Option<&str>,
        outlet: Outlet,
    ) -> Result<Self> {
        files::clear(folder)?;
        let [address, page, mail] = free_addresses()?;
        let url = format!("http://{address}");
        let page_url = format!("http://{page}");
        let mail_port = mail.port().to_string();
        let by_smtp = [
            ("ASHLAR__MAIL__TRANSPORT", "smtp"),
            ("ASHLAR__MAIL__SMTP_HOST", "127.0.0.1"),
            ("ASHLAR__MAIL__SMTP_PORT", &mail_port),
            ("ASHLAR__MAIL__SMTP_TLS", "none"),
            ("ASHLAR__MAIL__RETRY_FIRST_SECONDS", "1"),
        ];
        let ashlar = |arguments: &[&str]| {
            let mut command = Command::new(program);
            command
                .args(arguments)
                .current_dir(folder)
                .env_clear()
                .envs(env::var_os("PATH").map(|path| ("PATH", path)))
                .env("ASHLAR__SERVER__BIND", address.to_string())
                .env("ASHLAR__SERVER__PUBLIC_URL", &url)
                .env("ASHLAR__CORS__ALLOWED_ORIGINS", &page_url)
                .envs(database.map(|url| ("ASHLAR__DATABASE__URL", url)))
                // Wrong passwords are sent by the hundred, and what a hash costs is not in question here.
                .env("ASHLAR__REGISTRATION__MODE", "open")
                .env("ASHLAR__PASSWORDS__ARGON2_MEMORY_KIB", "8")
                .env("ASHLAR__PASSWORDS__ARGON2_ITERATIONS", "1")
                // All clients are one address and one user.
                .envs(LIMITS.map(|limit| (format!("ASHLAR__LIMITS__{limit}"), "0")));
            if outlet == Outlet::Smtp {
                command.envs(by_smtp);
            }
            command
        };

        files::write(&folder.join("password"), PASSWORD)?;
        finish(&mut ashlar(&["migrate", "up"]))?;
        let administrator = ["users", "create-admin", "--email", EMAIL];
        finish(ashlar(&administrator).args(["--password-file", "password"]))?;

        let log = folder.join("server.log");
        let output =
            File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = ashlar(&["serve"])
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut server = Self {
            program: program.to_owned(),
            address,
            url,
            page_url,
            mail_port,
            child,
            log,
        };
        server.wait_until_it_listens()?;
        Ok(server)
    }

    /// Another one of the same program, whose mail leaves by SMTP.
    pub(super) fn mailing(&self, folder: &Path) -> Result<Self> {
        Self::start(&self.program, folder, None, Outlet::Smtp)
    }

    /// The OpenAPI document that it serves.
    pub(super) fn document(&self) -> Result<String> {
        fetch::get(self.address, "/openapi.json")
    }

    /// What a client needs to sign in, and a mail server to be found.
    pub(super) fn access(&self) -> [(&'static str, &str); 5] {
        [
            ("ASHLAR_URL", &self.url),
            ("ASHLAR_PAGE_URL", &self.page_url),
            ("ASHLAR_MAIL_PORT", &self.mail_port),
            ("ASHLAR_EMAIL", EMAIL),
            ("ASHLAR_PASSWORD", PASSWORD),
        ]
    }

    /// Asks it to end, and fails where it does not, or where its log has something else to complain about than what was
    /// foreseen.
    pub(super) fn stop(mut self, foreseen: &[&str]) -> Result<()> {
        finish(Command::new("kill").arg(self.child.id().to_string()))?;
        let give_up = Instant::now() + DEADLINE;
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            ensure!(Instant::now() < give_up, "the server does not stop");
            thread::sleep(PAUSE);
        };
        ensure!(status.success(), "the server ended with {status}");
        let text = files::read(&self.log)?;
        let mut complaints = log::complaints(&text);
        complaints.retain(|line| !foreseen.iter().any(|it| line.contains(it)));
        ensure!(
            complaints.is_empty(),
            "the server's log, {}, complains {} times:\n  {}",
            self.log.display(),
            complaints.len(),
            complaints.join("\n  ")
        );
        Ok(())
    }

    fn wait_until_it_listens(&mut self) -> Result<()> {
        let give_up = Instant::now() + DEADLINE;
        loop {
            let ended = self.child.try_wait()?;
            let text = files::read(&self.log)?;
            if let Some(status) = ended {
                bail!("the server ended with {status}:\n{text}");
            }
            if log::says_listening(&text) {
                return Ok(());
            }
            ensure!(
                Instant::now() < give_up,
                "the server does not listen after {DEADLINE:?}:\n{text}"
            );
            thread::sleep(PAUSE);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Neither does anything to one that has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a program to its end. What it says is shown where it fails.
fn finish(command: &mut Command) -> Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    ensure!(
        output.status.success(),
        "{} ended with {}:\n{}",
        command.get_program().display(),
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// Some from below those that the system hands out by itself, so that nobody gets them before we do.
fn free_addresses<const COUNT: usize>() -> Result<[SocketAddr; COUNT]> {
    let first = 21_000 + u16::try_from(process::id() % 1_000)? * 10;
    let addresses = (first..first + 1_000).map(|port| (Ipv4Addr::LOCALHOST, port).into());
    let free = addresses.filter(|it: &SocketAddr| TcpListener::bind(it).is_ok());
    let free: Vec<_> = free.take(COUNT).collect();
    match free.try_into() {
        Ok(free) => Ok(free),
        Err(_) => bail!("a thousand ports are all taken"),
    }
}
