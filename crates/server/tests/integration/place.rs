use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use infrastructure::{Es256Signer, random_secret};
use secrecy::ExposeSecret;
use support::{Engine, TestDatabase};
use tempfile::TempDir;

use crate::program::{Ended, Program};
use crate::server::Server;
use crate::wire::Wire;

/// A password that every rule takes.
pub(crate) const PASSWORD: &str = "dressed stone, laid dry";

/// A folder to run `ashlar` in, and the variables that it gets: these and no others.
pub(crate) struct Place {
    folder: TempDir,
    variables: BTreeMap<String, String>,
    /// Where it is not a file in the folder; gone with the place.
    database: Option<TestDatabase>,
}

impl Place {
    /// Nothing is set.
    pub(crate) fn bare() -> Self {
        Self {
            folder: TempDir::new().expect("there is room for a folder"),
            variables: BTreeMap::new(),
            database: None,
        }
    }

    /// Development with an empty database of its own, any free port, cheap hashing, and logs to be read by the test.
    pub(crate) async fn new() -> Self {
        let place = Self::bare()
            .set("ASHLAR__SERVER__BIND", "127.0.0.1:0")
            .set("ASHLAR__SERVER__WORKERS", "1")
            .set("ASHLAR__PASSWORDS__ARGON2_MEMORY_KIB", "8")
            .set("ASHLAR__PASSWORDS__ARGON2_ITERATIONS", "1")
            .set("ASHLAR__MAIL__INBOX", "127.0.0.1:0")
            .set("ASHLAR__LOG__FORMAT", "json");
        match Engine::of_this_run() {
            // Where it is unless somebody says otherwise: in `data`, below the place.
            Engine::Sqlite => place,
            Engine::Postgres => {
                let database = TestDatabase::empty().await;
                let mut place = place.set("ASHLAR__DATABASE__URL", database.url().expose_secret());
                place.database = Some(database);
                place
            }
        }
    }

    /// The same with every table.
    pub(crate) async fn migrated() -> Self {
        let place = Self::new().await;
        place.run(&["migrate", "up"]).ok();
        place
    }

    /// Everything that production asks for.
    pub(crate) fn in_production(self) -> Self {
        let signing_key = Es256Signer::generate_pem().expect("there are random bits");
        let master_key = random_secret().expect("there are random bits");
        self.set("ASHLAR__ENVIRONMENT", "production")
            .set("ASHLAR__SERVER__PUBLIC_URL", "https://api.ashlar.test")
            .set("ASHLAR__TOKENS__SIGNING_KEY", signing_key.expose_secret())
            .set("ASHLAR__SECURITY__MASTER_KEY", master_key.expose_secret())
            .set("ASHLAR__MAIL__TRANSPORT", "smtp")
            .set("ASHLAR__MAIL__FROM", "noreply@ashlar.test")
            .set("ASHLAR__MAIL__SMTP_HOST", "mail.ashlar.test")
            .set(
                "ASHLAR__MAIL__LINKS__PASSWORD_RESET",
                "https://app.ashlar.test/reset#{token}",
            )
            .set(
                "ASHLAR__MAIL__LINKS__INVITATION",
                "https://app.ashlar.test/invitation#{token}",
            )
            .set(
                "ASHLAR__MAIL__LINKS__EMAIL_CHANGE",
                "https://app.ashlar.test/address#{token}",
            )
            .set(
                "ASHLAR__MAIL__LINKS__EMAIL_CHANGE_CANCEL",
                "https://app.ashlar.test/keep-address#{token}",
            )
    }

    pub(crate) fn set(mut self, variable: &str, value: &str) -> Self {
        self.variables.insert(variable.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        let path = self.path(path);
        let folder = path.parent().expect("it is below the place");
        std::fs::create_dir_all(folder).expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
        self
    }

    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Runs it to its end, with nothing to read.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.run_reading(arguments, "")
    }

    /// Runs it to its end; `input` is what it may read.
    pub(crate) fn run_reading(&self, arguments: &[&str], input: &str) -> Ended {
        Program::start(self.command(arguments), input).ended()
    }

    /// Starts a server, and waits until it listens.
    pub(crate) fn serve(&self) -> Server {
        Server::start(self.command(&["serve"]))
    }

    /// Starts a server that reaches its PostgreSQL by a wire, and waits until it listens.
    pub(crate) fn serve_by_wire(&self) -> (Wire, Server) {
        let database = self.database.as_ref().expect("no wire leads to a file");
        let url = database.url().expose_secret();
        let (user, rest) = url.rsplit_once('@').expect("it names a user");
        let (address, name) = rest.split_once('/').expect("it names a database");
        let wire = Wire::to(address.parse().expect("it is on loopback"));
        let url = format!("{user}@{}/{name}", wire.address());
        let mut command = self.command(&["serve"]);
        command.env("ASHLAR__DATABASE__URL", url);
        (wire, Server::start(command))
    }

    /// Makes an administrator with [`PASSWORD`].
    pub(crate) fn administrator(&self, email: &str) {
        let arguments = ["users", "create-admin", "--email", email];
        self.run_reading(&arguments, PASSWORD).ok();
    }

    /// Changes the database behind the program's back.
    pub(crate) async fn execute(&self, sql: &str) {
        let file = TestDatabase::in_file(&self.path("data/ashlar.db"));
        self.database.as_ref().unwrap_or(&file).execute(sql).await;
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ashlar"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs(&self.variables);
        command
    }
}
