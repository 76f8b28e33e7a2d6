use std::path::Path;
use std::sync::Arc;

use chrono::Utc;
use domain::roles::RoleName;
use infrastructure::{DatabasePolicy, Pools};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult,
};
use sea_orm_migration_runner::Target;
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::postgres;

/// Which database this run of the tests is about (`ASHLAR_TEST_DATABASE`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    #[must_use]
    pub fn of_this_run() -> Self {
        match std::env::var("ASHLAR_TEST_DATABASE").as_deref() {
            Err(_) | Ok("sqlite") => Self::Sqlite,
            Ok("postgres") => Self::Postgres,
            Ok(other) => panic!("ASHLAR_TEST_DATABASE is sqlite or postgres, not {other}"),
        }
    }
}

/// A database of a test's own; gone when the test is.
pub struct TestDatabase {
    url: SecretString,
    kept: Kept,
}

enum Kept {
    File { _folder: Option<TempDir> },
    Clone { name: String },
}

impl TestDatabase {
    /// With every migration applied.
    pub async fn migrated() -> Self {
        match Engine::of_this_run() {
            Engine::Sqlite => {
                let database = Self::empty().await;
                let template = sqlite_template().await;
                let file = database.url.expose_secret().trim_start_matches("sqlite://");
                tokio::fs::copy(template, file)
                    .await
                    .expect("the template is a file");
                database
            }
            Engine::Postgres => {
                let template = postgres_template().await;
                let name = unique_name();
                postgres::server().clone_database(template, &name).await;
                Self::cloned(name)
            }
        }
    }

    /// Without a single table.
    pub async fn empty() -> Self {
        match Engine::of_this_run() {
            Engine::Sqlite => {
                let folder = TempDir::new().expect("there is room for a folder");
                let url = url_of(&folder.path().join("test.db"));
                Self {
                    url,
                    kept: Kept::File {
                        _folder: Some(folder),
                    },
                }
            }
            Engine::Postgres => {
                let name = unique_name();
                postgres::server().create_database(&name).await;
                Self::cloned(name)
            }
        }
    }

    /// The file that a program under test has made.
    #[must_use]
    pub fn in_file(file: &Path) -> Self {
        Self {
            url: url_of(file),
            kept: Kept::File { _folder: None },
        }
    }

    fn cloned(name: String) -> Self {
        Self {
            url: postgres::server().url(&name).into(),
            kept: Kept::Clone { name },
        }
    }

    #[must_use]
    pub fn url(&self) -> &SecretString {
        &self.url
    }

    /// Ends every connection that somebody has to it, where the engine knows such a thing.
    pub async fn cut_connections(&self) {
        if let Kept::Clone { name } = &self.kept {
            postgres::server().terminate_connections(name).await;
        }
    }

    /// The connections that the product would make.
    pub async fn pools(&self) -> Pools {
        self.pools_with(&[]).await
    }

    /// With some settings, by the names of their variables.
    pub async fn pools_with(&self, more: &[(&str, &str)]) -> Pools {
        let policy = server::compose::database(&crate::settings(&self.url, more).database);
        Pools::connect(&policy)
            .await
            .expect("a test's database is there")
    }

    /// A connection for what no port offers.
    pub async fn connection(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(self.url.expose_secret());
        options.max_connections(1).sqlx_logging(false);
        Database::connect(options)
            .await
            .expect("a test's database is there")
    }

    pub async fn execute(&self, sql: &str) {
        let connection = self.connection().await;
        connection
            .execute_unprepared(sql)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        connection.close().await.expect("it closes");
    }

    pub async fn query(&self, sql: &str) -> Vec<QueryResult> {
        let connection = self.connection().await;
        let statement =
            sea_orm::Statement::from_string(connection.get_database_backend(), sql.to_owned());
        let rows = connection.query_all_raw(statement).await;
        let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
        connection.close().await.expect("it closes");
        rows
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        let rows = self.query(&format!("SELECT count(*) FROM {table}")).await;
        rows[0].try_get_by_index(0).expect("a count is a number")
    }

    /// A new role that grants permissions of these names, also such as nobody knows.
    pub async fn role(&self, permissions: &[&str]) -> RoleName {
        let id = Uuid::new_v4();
        let name = format!("r{}", id.simple());
        let literal = Self::literal(id);
        let role = format!(
            "INSERT INTO roles (id, name, description, built_in, version, created_at, updated_at) \
             VALUES ({literal}, '{name}', '', false, 1, '2026-01-01 00:00:00+00:00', \
             '2026-01-01 00:00:00+00:00')"
        );
        self.execute(&role).await;
        for permission in permissions {
            let grant = format!("INSERT INTO role_permissions VALUES ({literal}, '{permission}')");
            self.execute(&grant).await;
        }
        self.tell_of_role(id).await;
        RoleName::parse(&name).expect("it has the form of a name")
    }

    /// Takes everything from a role.
    pub async fn strip_role(&self, name: &RoleName) {
        let find = format!("SELECT id FROM roles WHERE name = '{name}'");
        let id: Uuid = self.query(&find).await[0]
            .try_get_by_index(0)
            .expect("it is an id");
        let literal = Self::literal(id);
        let strip = format!("DELETE FROM role_permissions WHERE role_id = {literal}");
        self.execute(&strip).await;
        self.tell_of_role(id).await;
    }

    /// As who changes a role tells everybody.
    async fn tell_of_role(&self, id: Uuid) {
        let literal = Self::literal(id);
        let now = Utc::now().to_rfc3339();
        let tell = format!(
            "INSERT INTO revocations (kind, subject, created_at) VALUES ('role', {literal}, '{now}')"
        );
        self.execute(&tell).await;
        if Engine::of_this_run() == Engine::Postgres {
            self.execute("NOTIFY ashlar_revocations").await;
        }
    }

    /// How SQL says this id on this engine.
    #[must_use]
    pub fn literal(id: Uuid) -> String {
        match Engine::of_this_run() {
            Engine::Sqlite => format!("x'{}'", id.simple()),
            Engine::Postgres => format!("'{id}'"),
        }
    }

    #[must_use]
    pub fn backend(&self) -> DbBackend {
        match self.kept {
            Kept::File { .. } => DbBackend::Sqlite,
            Kept::Clone { .. } => DbBackend::Postgres,
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Kept::Clone { name } = &self.kept else {
            return;
        };
        // The test's own runtime is on its way out: this takes another, and nobody waits for it.
        let name = name.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let runtime = runtime.expect("a runtime needs nothing");
            runtime.block_on(postgres::server().drop_database(&name));
        });
    }
}

fn unique_name() -> String {
    format!("test_{}", Uuid::new_v4().simple())
}

fn url_of(file: &Path) -> SecretString {
    format!("sqlite://{}", file.display()).into()
}

/// Migrated once a process; every test gets a copy.
async fn sqlite_template() -> &'static Path {
    static TEMPLATE: OnceCell<Arc<TempDir>> = OnceCell::const_new();
    static FILE: OnceCell<std::path::PathBuf> = OnceCell::const_new();
    let folder = TEMPLATE
        .get_or_init(|| async { Arc::new(TempDir::new().expect("there is room for a folder")) })
        .await;
    FILE.get_or_init(|| async {
        let file = folder.path().join("template.db");
        migrate(&url_of(&file)).await;
        file
    })
    .await
}

async fn postgres_template() -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let name = unique_name();
            postgres::server().create_database(&name).await;
            migrate(&postgres::server().url(&name).into()).await;
            name
        })
        .await
}

async fn migrate(url: &SecretString) {
    let settings = crate::settings(url, &[]);
    let policy: DatabasePolicy = server::compose::database(&settings.database);
    let pools = Pools::connect(&policy)
        .await
        .expect("a new database is there");
    migration::runner()
        .up(pools.writer(), &Target::All)
        .await
        .expect("the migrations run");
    // A copy of the file has to hold everything, and a template must not be in use.
    pools.close().await;
}
