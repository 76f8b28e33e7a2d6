//! No query of a repository reads a large table from end to end.
//!
//! PostgreSQL counts the sequential scans of every table. So this needs no SQL and no plan: it
//! fills the tables, calls every method of every reader and writer, and looks at the counters
//! after each. That covers foreign keys and triggers as well, which no plan shows. SQLite has no
//! such counters; it has the same indexes.

mod api_keys;
mod audit;
mod credentials;
mod email_changes;
mod outbox;
mod projects;
mod registrations;
mod roles;
mod sessions;
mod signing_keys;
mod upkeep;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use application::Transaction;
use application::revocations::FeedPosition;
use application::users::{UserFilter, UserQuery, UserSort};
use application::{Direction, PageRequest};
use domain::roles::RoleName;
use domain::users::{EmailAddress, Status, UserId};
use sea_orm::ConnectionTrait;
use support::factories::users::user;
use support::{Engine, TestStore};
use uuid::Uuid;

/// Twenty thousand people: one in fifty waits, one in a thousand is shut out, twenty administer,
/// two hundred audit; everybody has a password, a session and an API key.
const FILL: &str = include_str!("plans/fill.sql");

/// What a database on today's disks is set to: by default the server thinks that it has to move a
/// head, and prefers to read a table of this size as a whole.
const NO_DISK_HEAD: &str = "DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET random_page_cost = 1.1', current_database());
    END $$";

/// A table with fewer rows may be read as a whole: no index is faster.
const LARGE: u32 = 1_000;

/// The server thinks anew about the first five calls of a statement, and may then settle for one
/// plan for all values.
const CALLS: usize = 7;

/// Nothing but a whole table tells how many rows it has.
const EXEMPT: &[&str] = &["UserReader::count", "AuditReader::count"];

/// The user from the middle.
const SOMEBODY: UserId = UserId(Uuid::from_u128(10_000));

struct Watch {
    store: TestStore,
    called: BTreeSet<&'static str>,
    scans: Vec<String>,
}

impl Watch {
    async fn over_filled_tables() -> Self {
        let store = TestStore::new().await;
        for statement in FILL.split(';').filter(|it| !it.trim().is_empty()) {
            store.database.execute(statement).await;
        }
        store.database.execute(NO_DISK_HEAD).await;
        // One connection: the counters are those of who asks for them to be written down.
        let one = [("ASHLAR__DATABASE__MAX_CONNECTIONS", "1")];
        Self {
            store: store.beside(&one).await,
            called: BTreeSet::new(),
            scans: Vec::new(),
        }
    }

    /// Calls it several times and notes which large tables were read from end to end.
    async fn look_at(&mut self, method: &'static str, how: &str, call: impl AsyncFn(&TestStore)) {
        let before = self.sequential_scans().await;
        for _ in 0..CALLS {
            call(&self.store).await;
        }
        let after = self.sequential_scans().await;
        self.called.insert(method);
        for (table, scans) in after {
            if scans != before[&table] {
                self.scans.push(format!("{method} {how}: {table}"));
            }
        }
    }

    /// Of a writer: what it does is rolled back.
    async fn look_at_write(
        &mut self,
        method: &'static str,
        write: impl AsyncFn(&mut dyn Transaction),
    ) {
        let call = async |store: &TestStore| {
            let mut tx = store.begin().await;
            write(&mut *tx).await;
        };
        self.look_at(method, "", call).await;
    }

    async fn sequential_scans(&self) -> BTreeMap<String, i64> {
        let flush = "SELECT pg_stat_force_next_flush()";
        let flushed = self.store.pools.execute_unprepared(flush).await;
        flushed.expect("it is a function of PostgreSQL 15");
        let sql = format!(
            "SELECT t.relname::text, t.seq_scan FROM pg_stat_user_tables t \
             JOIN pg_class c ON c.oid = t.relid WHERE c.reltuples >= {LARGE}"
        );
        let rows = self.store.database.query(&sql).await;
        rows.iter()
            .map(|it| {
                let table = it.try_get_by_index(0).expect("a name");
                (table, it.try_get_by_index(1).expect("a number"))
            })
            .collect()
    }
}

/// `Trait::method` of every reader and writer that the ports declare.
#[expect(
    clippy::disallowed_methods,
    reason = "it reads the source, and nobody waits"
)]
fn declared() -> BTreeSet<String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/application/src");
    let features = fs::read_dir(sources).expect("the sources are there");
    let mut methods = BTreeSet::new();
    for feature in features.flatten() {
        let Ok(ports) = fs::read_to_string(feature.path().join("ports.rs")) else {
            continue;
        };
        let mut within = None;
        for line in ports.lines() {
            if let Some(declared) = line.strip_prefix("pub trait ") {
                let name = declared.split(':').next().expect("a split has a first");
                within = Some(name).filter(|it| it.ends_with("Reader") || it.ends_with("Writer"));
            }
            let method = line.trim_start().strip_prefix("async fn ");
            if let (Some(port), Some(method)) = (within, method) {
                let name = method
                    .split(['(', '<'])
                    .next()
                    .expect("a split has a first");
                methods.insert(format!("{port}::{name}"));
            }
        }
    }
    methods
}

fn filters() -> Vec<UserFilter> {
    let none = UserFilter::default();
    let mut filters = vec![none.clone()];
    for status in [Status::Pending, Status::Active, Status::Deactivated] {
        filters.push(UserFilter {
            status: Some(status),
            ..none.clone()
        });
    }
    for role in ["administrator", "member", "role7", "role8"] {
        filters.push(UserFilter {
            role: RoleName::parse(role).ok(),
            ..none.clone()
        });
    }
    // Many by their address, many by their name, one, nobody.
    for prefix in ["a", "name", "c4ca4238a0b923820dcc509a6f75849b", "zz"] {
        filters.push(UserFilter {
            prefix: Some(prefix.to_owned()),
            ..none.clone()
        });
        filters.push(UserFilter {
            prefix: Some(prefix.to_owned()),
            status: Some(Status::Active),
            role: Some(RoleName::member()),
            ..none.clone()
        });
    }
    filters.push(UserFilter {
        email: Some(address_of_somebody()),
        ..none
    });
    filters
}

fn address_of_somebody() -> EmailAddress {
    // The MD5 of 10000.
    EmailAddress::parse("b7a782741f667201b54880c925faec4b@example.org").expect("it is an address")
}

#[tokio::test]
async fn no_query_reads_a_large_table_from_end_to_end() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let mut watch = Watch::over_filled_tables().await;

    see_a_scan(&mut watch).await;
    look_at_lists(&mut watch).await;
    look_at_readers(&mut watch).await;
    look_at_user_writer(&mut watch).await;
    look_at_other_writers(&mut watch).await;
    credentials::look_at_reader(&mut watch).await;
    credentials::look_at_writer(&mut watch).await;
    sessions::look_at_reader(&mut watch).await;
    sessions::look_at_writer(&mut watch).await;
    sessions::look_at_tokens(&mut watch).await;
    outbox::look_at_messages(&mut watch).await;
    outbox::look_at_tokens(&mut watch).await;
    email_changes::look_at_changes(&mut watch).await;
    upkeep::look_at_leftovers(&mut watch).await;
    audit::look_at_log(&mut watch).await;
    roles::look_at_roles(&mut watch).await;
    projects::look_at_projects(&mut watch).await;
    registrations::look_at_registrations(&mut watch).await;
    signing_keys::look_at_keys(&mut watch).await;
    api_keys::look_at_reader(&mut watch).await;
    api_keys::look_at_writer(&mut watch).await;

    assert_eq!(watch.scans, Vec::<String>::new());
    let not_called = declared()
        .into_iter()
        .filter(|it| !watch.called.contains(it.as_str()) && !EXEMPT.contains(&it.as_str()));
    assert_eq!(not_called.collect::<Vec<_>>(), Vec::<String>::new());
}

/// A watch that sees nothing would be content with everything.
async fn see_a_scan(watch: &mut Watch) {
    watch
        .look_at("scan", "of all", async |store| {
            let sum = "SELECT sum(version) FROM users";
            let summed = store.pools.execute_unprepared(sum).await;
            summed.expect("it is a column of numbers");
        })
        .await;
    assert_eq!(std::mem::take(&mut watch.scans), ["scan of all: users"]);
}

async fn look_at_lists(watch: &mut Watch) {
    // An index is read backwards as well as forwards, so each filter gets one direction.
    let directions = [Direction::Ascending, Direction::Descending];
    for (filter, direction) in filters().into_iter().zip(directions.into_iter().cycle()) {
        for sort in [UserSort::CreatedAt, UserSort::Email, UserSort::DisplayName] {
            let query = UserQuery {
                filter: filter.clone(),
                sort,
                direction,
            };
            let call = async |store: &TestStore| {
                let mut after = None;
                for limit in [20, 100] {
                    let page = PageRequest { limit, after };
                    let page = store.reads().users().list(&query, &page).await;
                    after = page.expect("the database is there").next;
                }
            };
            let how = format!("{query:?}");
            watch.look_at("UserReader::list", &how, call).await;
        }
    }
}

async fn look_at_readers(watch: &mut Watch) {
    watch
        .look_at("UserReader::find", "", async |store| {
            let found = store.reads().users().find(SOMEBODY).await;
            assert!(found.expect("the database is there").is_some());
        })
        .await;
    watch
        .look_at("UserReader::find_by_email", "", async |store| {
            let users = store.reads().users();
            let found = users.find_by_email(&address_of_somebody()).await;
            assert!(found.expect("the database is there").is_some());
        })
        .await;
    watch
        .look_at("RoleReader::rights_by_role", "", async |store| {
            let rights = store.reads().roles().rights_by_role().await;
            rights.expect("the database is there");
        })
        .await;
    watch
        .look_at("RevocationReader::list_after", "", async |store| {
            for position in [0, 10_000, 19_999] {
                let feed = store.reads().revocations();
                let entries = feed.list_after(FeedPosition(position), 1_000).await;
                assert!(!entries.expect("the database is there").is_empty());
            }
        })
        .await;
    watch
        .look_at("RoleReader::rights_of", "", async |store| {
            let rights = store.reads().roles().rights_of(SOMEBODY).await;
            rights.expect("the database is there");
        })
        .await;
}

async fn look_at_user_writer(watch: &mut Watch) {
    watch
        .look_at_write("UserWriter::lock", async |tx| {
            let locked = tx.users_mut().lock(SOMEBODY).await;
            assert!(locked.expect("nobody holds it").is_some());
        })
        .await;
    watch
        .look_at_write("UserWriter::lock_by_email", async |tx| {
            let locked = tx.users_mut().lock_by_email(&address_of_somebody()).await;
            assert!(locked.expect("nobody holds it").is_some());
        })
        .await;
    watch
        .look_at_write("UserWriter::insert", async |tx| {
            let inserted = tx.users_mut().insert(&user(Status::Active)).await;
            inserted.expect("nobody has this address");
        })
        .await;
    watch
        .look_at_write("UserWriter::update", async |tx| {
            let mut changed = user(Status::Active);
            changed.id = SOMEBODY;
            changed.version = changed.version.next();
            let updated = tx.users_mut().update(&changed).await;
            updated.expect("it is newer");
        })
        .await;
    watch
        .look_at_write("UserWriter::delete", async |tx| {
            let deleted = tx.users_mut().delete(SOMEBODY).await;
            deleted.expect("nothing holds them");
        })
        .await;
}

async fn look_at_other_writers(watch: &mut Watch) {
    watch
        .look_at_write("RoleWriter::lock_administrators", async |tx| {
            let counted = tx.roles_mut().lock_administrators().await;
            assert!(counted.is_ok());
        })
        .await;
}
