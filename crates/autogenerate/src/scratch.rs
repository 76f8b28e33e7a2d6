//! Empty databases with names that nobody else has, made here and dropped here.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend};
use uuid::Uuid;

use crate::catalog::Catalog;
use crate::error::{Error, code};
use crate::{postgres, sqlite};

/// Where scratch databases are made.
///
/// ```
/// use sea_orm_autogenerate::Server;
///
/// let servers = [
///     Server::Sqlite,
///     Server::Postgres("postgres://ada:secret@localhost/postgres".to_owned()),
/// ];
/// assert_eq!(servers.map(|it| it.name()), ["sqlite", "postgres"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Server {
    /// In memory.
    Sqlite,
    /// Beside the database of this URL, which itself is only connected to, never read or changed. Its user needs the
    /// right to create databases.
    Postgres(String),
}

impl Server {
    #[must_use]
    pub fn engine(&self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres(_) => DbBackend::Postgres,
        }
    }

    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

/// How long a server may take to answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Does the work on an empty database, which is gone afterwards however the work ends.
pub(crate) async fn on_scratch<T>(
    server: &Server,
    work: impl AsyncFnOnce(&DatabaseConnection) -> Result<T, Error>,
) -> Result<T, Error> {
    let name = new_name();
    let database = create(server, &name).await?;
    let careful = async {
        refuse_unless_empty(&database, &name).await?;
        work(&database).await
    };
    let outcome = AssertUnwindSafe(careful).catch_unwind().await;
    let dropped = drop_it(server, &name, database).await;
    let outcome = outcome.unwrap_or_else(|panic| Err(Error::Panicked(text(panic.as_ref()))))?;
    dropped?;
    Ok(outcome)
}

pub(crate) async fn read(database: &DatabaseConnection) -> Result<Catalog, Error> {
    let catalog = match database.get_database_backend() {
        DbBackend::Postgres => postgres::read(database).await,
        _ => sqlite::read(database).await,
    };
    catalog.map_err(Error::Catalog)
}

/// What somebody said who panicked.
pub(crate) fn text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|it| (*it).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "it panicked".to_owned())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a tool for developers has no ports, and the name must be nobody else's"
)]
fn new_name() -> String {
    format!("autogenerate_{}", Uuid::new_v4().simple())
}

async fn create(server: &Server, name: &str) -> Result<DatabaseConnection, Error> {
    let Server::Postgres(url) = server else {
        return connect(ConnectOptions::new("sqlite::memory:"), 1)
            .await
            .map_err(|source| Error::Scratch {
                name: name.to_owned(),
                source,
            });
    };
    // Not `template1`: an administrator may have put things there.
    let made = on_server(
        url,
        &format!("CREATE DATABASE \"{name}\" TEMPLATE template0"),
    )
    .await?;
    made.map_err(|source| match code(&source).as_deref() {
        Some("42501") => Error::MayNotCreate {
            server: without_password(url),
        },
        Some("42P04") => Error::NameTaken {
            name: name.to_owned(),
        },
        _ => Error::Scratch {
            name: name.to_owned(),
            source,
        },
    })?;
    let mut options = ConnectOptions::new(url.as_str());
    let database = name.to_owned();
    options.map_sqlx_postgres_opts(move |it| it.database(&database));
    connect(options, 4).await.map_err(|source| Error::Scratch {
        name: name.to_owned(),
        source,
    })
}

async fn drop_it(server: &Server, name: &str, database: DatabaseConnection) -> Result<(), Error> {
    let left = |source| Error::Left {
        name: name.to_owned(),
        source,
    };
    database.close().await.map_err(left)?;
    let Server::Postgres(url) = server else {
        return Ok(());
    };
    let dropped = on_server(url, &format!("DROP DATABASE \"{name}\" WITH (FORCE)")).await?;
    dropped.map_err(left)
}

/// One statement beside the scratch databases. The outer failure is about the connection.
async fn on_server(url: &str, statement: &str) -> Result<Result<(), sea_orm::DbErr>, Error> {
    let unreachable = |source| Error::Unreachable {
        server: without_password(url),
        source,
    };
    let connection = connect(ConnectOptions::new(url), 1)
        .await
        .map_err(unreachable)?;
    let outcome = connection.execute_unprepared(statement).await;
    connection.close().await.map_err(unreachable)?;
    Ok(outcome.map(|_| ()))
}

async fn connect(
    mut options: ConnectOptions,
    connections: u32,
) -> Result<DatabaseConnection, sea_orm::DbErr> {
    options
        .min_connections(1)
        .max_connections(connections)
        .connect_timeout(PATIENCE)
        .acquire_timeout(PATIENCE)
        // A database in memory is gone with its last connection.
        .idle_timeout(None)
        .max_lifetime(None);
    Database::connect(options).await
}

async fn refuse_unless_empty(database: &DatabaseConnection, name: &str) -> Result<(), Error> {
    if read(database).await?.is_empty() {
        return Ok(());
    }
    Err(Error::NotEmpty {
        name: name.to_owned(),
    })
}

pub(crate) fn without_password(url: &str) -> String {
    if url.starts_with("sqlite:") {
        return url.split('?').next().unwrap_or_default().to_owned();
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return "the server".to_owned();
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_that_holds_something_is_no_scratch_database() {
        let database = create(&Server::Sqlite, "used").await.unwrap();
        refuse_unless_empty(&database, "used").await.unwrap();
        let table = database.execute_unprepared("CREATE TABLE t (id INTEGER)");
        table.await.unwrap();

        let refused = refuse_unless_empty(&database, "used").await.unwrap_err();

        assert!(matches!(refused, Error::NotEmpty { name } if name == "used"));
    }

    #[tokio::test]
    async fn who_panics_is_heard() {
        let outcome: Result<(), _> =
            on_scratch(&Server::Sqlite, async |_| panic!("no such thing")).await;

        assert_eq!(outcome.unwrap_err().to_string(), "no such thing");
    }

    #[test]
    fn a_password_is_not_told() {
        assert_eq!(
            without_password("postgres://ada:p@ss:w@host:5432/db?sslmode=require"),
            "postgres://host:5432"
        );
        assert_eq!(
            without_password("sqlite://a/b.db?mode=ro"),
            "sqlite://a/b.db"
        );
        assert_eq!(without_password("nonsense"), "the server");
    }
}
