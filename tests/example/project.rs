//! A copy of the example, and what somebody does with it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use secrecy::ExposeSecret as _;
use support::{Engine, TestDatabase, postgres};
use tempfile::TempDir;

pub(crate) const FIRST: &str = "m20260101_000001_create_the_shop";

/// One at a time, because all are built in the same place.
pub(crate) struct Example {
    folder: TempDir,
    database: TestDatabase,
    _alone: File,
}

/// What a command has said, on either stream.
pub(crate) struct Answer {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
}

impl Example {
    /// It supports the engine of this run, and SQLite.
    pub(crate) async fn copied() -> Self {
        // Before the copy: Cargo takes files that are older than what it has built for those that it has built it of.
        let alone = File::create(target().join("example.lock")).expect("it is ours");
        alone.lock().expect("it is a file");
        let folder = TempDir::new().expect("there is room");
        copy(&root().join(SHOP), folder.path());
        let database = match Engine::of_this_run() {
            Engine::Sqlite => TestDatabase::in_file(&folder.path().join("shop.db")),
            Engine::Postgres => TestDatabase::empty().await,
        };
        let example = Self {
            folder,
            database,
            _alone: alone,
        };
        example.edit(
            "Cargo.toml",
            "path = \"../..\"",
            &path("crates/autogenerate"),
        );
        let runner = path("crates/migration-runner");
        example.edit(
            "Cargo.toml",
            "path = \"../../../migration-runner\"",
            &runner,
        );
        // Built as Ashlar is, so that what is compiled already is taken from its folder; and judged as Ashlar is.
        std::fs::copy(root().join("Cargo.lock"), example.path("Cargo.lock")).expect("it is ours");
        let ours = std::fs::read_to_string(root().join("Cargo.toml")).expect("it is ours");
        let rust = part(&ours, "[workspace.lints.rust]", "[workspace.lints.clippy]");
        let clippy = part(&ours, "[workspace.lints.clippy]", "[profile.dev]");
        let profile = part(&ours, "[profile.dev]", "# A sign-in");
        let pedantic = "[workspace.lints.clippy]\npedantic = { level = \"warn\", priority = -1 }\n";
        let all = format!("{rust}warnings = \"deny\"\n\n{clippy}\n{profile}");
        example.edit("Cargo.toml", pedantic, &all);
        if Engine::of_this_run() == Engine::Postgres {
            let both = "DbBackend::Sqlite, DbBackend::Postgres";
            example.edit("migrate/src/main.rs", "DbBackend::Sqlite", both);
        }
        example
    }

    pub(crate) fn database(&self) -> &TestDatabase {
        &self.database
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub(crate) fn read(&self, file: &str) -> String {
        let text = std::fs::read_to_string(self.path(file));
        text.unwrap_or_else(|it| panic!("{file}: {it}"))
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        std::fs::write(self.path(file), text).expect("it is ours");
    }

    pub(crate) fn edit(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert_eq!(text.matches(old).count(), 1, "{old} in {file}: {text}");
        self.write(file, &text.replace(old, new));
    }

    /// Without a warning of the compiler or of clippy, and formatted.
    pub(crate) fn builds(&self) {
        let built = self.build();
        assert_eq!(built.code, Some(0), "{}", built.said);
        let mut format = self.cargo();
        format.args([
            "fmt",
            "--check",
            "-p",
            "shop",
            "-p",
            "migration",
            "-p",
            PROGRAM,
        ]);
        let formatted = answer(&mut format);
        assert_eq!(formatted.code, Some(0), "{}", formatted.said);
    }

    pub(crate) fn build(&self) -> Answer {
        let mut cargo = self.cargo();
        cargo.args(["build", "--offline", "--quiet", "--package", PROGRAM]);
        // Clippy compiles, too.
        cargo.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
        cargo.env("CLIPPY_CONF_DIR", root());
        answer(&mut cargo)
    }

    pub(crate) fn migrate(&self, arguments: &[&str]) -> Answer {
        let mut migrate = Command::new(target().join("debug").join(PROGRAM));
        migrate.args(arguments).current_dir(self.folder.path());
        match Engine::of_this_run() {
            Engine::Sqlite => migrate.env_remove("DATABASE_URL").env_remove(SERVER),
            Engine::Postgres => migrate
                .env("DATABASE_URL", self.database.url().expose_secret())
                .env(SERVER, postgres::server().url("postgres")),
        };
        answer(&mut migrate)
    }

    pub(crate) fn said(&self, arguments: &[&str]) -> String {
        self.told(0, arguments)
    }

    pub(crate) fn told(&self, code: i32, arguments: &[&str]) -> String {
        let answer = self.migrate(arguments);
        assert_eq!(answer.code, Some(code), "{arguments:?}: {}", answer.said);
        answer.said
    }

    /// The file that was written, without its folder and ending.
    pub(crate) fn generated(&self, arguments: &[&str]) -> String {
        let said = self.said(&[&["generate"], arguments].concat());
        let file = said.lines().find_map(|it| it.strip_prefix("wrote  "));
        let file = Path::new(file.expect("it is told"));
        let name = file.file_stem().and_then(|it| it.to_str());
        name.expect("it is text").to_owned()
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> Answer {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]);
        git.args(arguments).current_dir(self.folder.path());
        answer(git.env("GIT_CONFIG_GLOBAL", "/dev/null"))
    }

    fn cargo(&self) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(self.folder.path());
        cargo.env("CARGO_TARGET_DIR", target());
        cargo
    }
}

const SHOP: &str = "crates/autogenerate/examples/shop";
const PROGRAM: &str = "shop-migrate";
const SERVER: &str = "MIGRATE_POSTGRES_URL";

fn root() -> &'static Path {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("it is in the workspace")
}

fn target() -> &'static Path {
    let own = Path::new(env!("CARGO_TARGET_TMPDIR"));
    own.parent().expect("it is in that of the workspace")
}

fn path(folder: &str) -> String {
    format!("path = \"{}\"", root().join(folder).display())
}

fn part<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).expect("it is there");
    let (part, _) = rest.split_once(to).expect("it is there");
    &text[text.len() - rest.len() - from.len()..][..from.len() + part.len()]
}

fn copy(from: &Path, to: &Path) {
    for entry in from.read_dir().expect("a folder of ours can be read") {
        let entry = entry.expect("it can be read");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_name() == "target" {
            continue;
        }
        if from.is_dir() {
            std::fs::create_dir(&to).expect("it is new");
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).expect("there is room");
        }
    }
}

fn answer(command: &mut Command) -> Answer {
    let output = command.output();
    let Output {
        status,
        stdout,
        stderr,
    } = output.unwrap_or_else(|it| panic!("{command:?}: {it}"));
    let said = [stdout, stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    Answer {
        code: status.code(),
        said: said.concat(),
    }
}
