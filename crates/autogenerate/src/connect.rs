use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use crate::error::Error;
use crate::scratch::{PATIENCE, without_password};

/// What somebody wants to do with a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// The engine itself refuses everything else.
    Read,
    Write,
    /// And make the file of SQLite where there is none.
    Create,
}

/// # Errors
/// `NoDatabase`.
pub(crate) async fn connect(url: &str, access: Access) -> Result<DatabaseConnection, Error> {
    if access == Access::Create {
        make_folder(url);
    }
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .connect_timeout(PATIENCE)
        .acquire_timeout(PATIENCE)
        // A database in memory is gone with its last connection.
        .idle_timeout(None)
        .max_lifetime(None)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |it| match access {
            Access::Read => it.read_only(true),
            Access::Write => it,
            Access::Create => it.create_if_missing(true),
        })
        .map_sqlx_postgres_opts(move |it| match access {
            Access::Read => it.options([("default_transaction_read_only", "on")]),
            Access::Write | Access::Create => it,
        });
    let connected = Database::connect(options).await;
    connected.map_err(|source| Error::NoDatabase {
        database: without_password(url),
        source,
    })
}

/// SQLite makes a file, and no folder for it.
#[expect(
    clippy::disallowed_methods,
    reason = "runs on a developer's machine, and has nothing else to do"
)]
fn make_folder(url: &str) {
    // The driver would take any URL for a file's: the folder of another had its password for a name.
    if !url.starts_with("sqlite:") {
        return;
    }
    let Ok(options) = url.parse::<SqliteConnectOptions>() else {
        return;
    };
    if let Some(folder) = options.get_filename().parent() {
        // What is wrong with it, SQLite tells.
        let _ = std::fs::create_dir_all(folder);
    }
}
