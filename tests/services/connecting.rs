//! The start, with a database that is not there, or not willing.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use application::Reads;
use application::users::UserFilter;
use domain::users::Status;
use infrastructure::{ConnectError, DatabasePolicy, Pools, Store, SystemClock};
use sea_orm_migration_runner::Target;
use secrecy::ExposeSecret;
use support::factories::users::user;
use support::{Engine, HeardSignals, TestDatabase, TestStore};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::time::timeout;

/// Far more than any answer takes, and far less than the longest wait here.
const LONG: Duration = Duration::from_mins(1);

fn policy(url: &str) -> DatabasePolicy {
    DatabasePolicy {
        url: url.into(),
        max_connections: 2,
        readers: 2,
        acquire_timeout: Duration::from_millis(200),
        statement_timeout: Duration::from_secs(5),
        connect_timeout: Duration::from_hours(1),
        creates: true,
    }
}

async fn refused(policy: &DatabasePolicy) -> ConnectError {
    let connected = timeout(LONG, Pools::connect(policy)).await;
    let connected = connected.expect("it does not go on for ever");
    connected.expect_err("nothing is there to connect to")
}

/// Nobody listens at it: the system does not give a port twice in a row.
async fn dead_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let address = listener.expect("a port is free").local_addr();
    address.expect("it has an address").port()
}

#[tokio::test]
async fn where_nobody_listens_the_start_gives_up_in_time() {
    let port = dead_port().await;
    let policy = DatabasePolicy {
        connect_timeout: Duration::from_millis(350),
        ..policy(&format!("postgres://ada:secret@127.0.0.1:{port}/ashlar"))
    };

    let error = refused(&policy).await;

    assert!(matches!(error, ConnectError::TimedOut { .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("secret"));
}

#[tokio::test]
async fn where_nobody_answers_the_start_gives_up_in_time() {
    // The system takes the connection; no server ever reads from it.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let policy = DatabasePolicy {
        connect_timeout: Duration::from_millis(350),
        ..policy(&format!("postgres://ada:secret@127.0.0.1:{port}/ashlar"))
    };

    let error = refused(&policy).await;

    assert!(matches!(error, ConnectError::TimedOut { .. }), "{error:?}");
}

#[tokio::test]
async fn a_url_that_cannot_be_read_is_refused_at_once_and_not_shown() {
    for url in [
        "",
        "secret",
        "mysql://ada:secret@127.0.0.1/ashlar",
        "postgres://ada:secret@127.0.0.1:port/ashlar",
        "postgres://[secret/ashlar",
        "sqlite://ashlar.db?mode=secret",
    ] {
        let error = refused(&policy(url)).await;

        assert!(matches!(error, ConnectError::Url), "{url}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{url}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_at_once() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let database = TestDatabase::migrated().await;
    let url = database.url().expose_secret();
    let (before, host) = url.rsplit_once('@').unwrap();
    let user = before.rsplit_once(':').unwrap().0;

    let error = refused(&policy(&format!("{user}:secret@{host}"))).await;

    assert!(matches!(error, ConnectError::Refused(_)), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("secret"));
}

#[tokio::test]
async fn a_database_that_does_not_exist_is_refused_at_once() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let database = TestDatabase::migrated().await;

    let error = refused(&policy(&format!("{}_x", database.url().expose_secret()))).await;

    assert!(matches!(error, ConnectError::Refused(_)), "{error:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_at_once() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("letter.txt");
    tokio::fs::write(&file, "Dear Ada, this is no database.\n".repeat(100))
        .await
        .unwrap();

    let error = refused(&policy(&format!("sqlite://{}", file.display()))).await;

    assert!(matches!(error, ConnectError::Refused(_)), "{error:?}");
    let kept = tokio::fs::read_to_string(&file).await.unwrap();
    assert!(kept.starts_with("Dear Ada"));
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    tokio::fs::write(&file, "").await.unwrap();

    let url = format!("sqlite://{}/under/ashlar.db", file.display());
    let error = refused(&policy(&url)).await;

    assert!(matches!(error, ConnectError::File { .. }), "{error:?}");
}

#[tokio::test]
async fn the_folder_of_a_new_database_is_made() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}/new/deep/ashlar.db", folder.path().display());

    let pools = Pools::connect(&policy(&url)).await.unwrap();

    let status = migration::runner().status(pools.writer()).await.unwrap();
    assert_eq!(status.pending(), status.entries.len());
}

#[tokio::test]
async fn a_database_in_memory_is_one_for_readers_and_writers() {
    let pools = Pools::connect(&policy("sqlite::memory:")).await.unwrap();
    let up = migration::runner().up(pools.writer(), &Target::All).await;
    up.unwrap();

    let store = Store::new(
        pools,
        Arc::new(SystemClock::default()),
        Arc::new(HeardSignals::default()),
    );

    assert_eq!(store.users().count(&UserFilter::default()).await, Ok(0));
}

#[tokio::test]
async fn a_second_process_finds_what_the_first_has_written() {
    let first = TestStore::new().await;
    let user = user(Status::Active);
    first.insert_user(&user).await;

    let second = first.beside(&[]).await;

    assert_eq!(second.reads().users().find(user.id).await, Ok(Some(user)));
}
