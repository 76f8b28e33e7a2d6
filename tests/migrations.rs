//! Up, down and up again; alone, and with others at the same moment.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::users::Status;
use infrastructure::Pools;
use sea_orm::{DatabaseConnection, QueryResult};
use sea_orm_migration_runner::{Entry, Error, State, Target};
use support::factories::sessions::session;
use support::factories::users::user;
use support::{Engine, TestDatabase, TestStore, at_once};

async fn entries(pools: &Pools) -> Vec<Entry> {
    let status = migration::runner().status(pools.writer()).await;
    status.expect("the database is there").entries
}

/// The names of all, oldest first.
async fn all(pools: &Pools) -> Vec<String> {
    let entries = entries(pools).await.into_iter();
    entries.map(|it| it.name).collect()
}

async fn applied(pools: &Pools) -> Vec<String> {
    let entries = entries(pools).await.into_iter();
    let applied = entries.filter(|it| it.state == State::Applied);
    applied.map(|it| it.name).collect()
}

/// All, or as many.
async fn up(database: &DatabaseConnection, steps: Option<u32>) -> Result<Vec<String>, Error> {
    let target = steps.map_or(Target::All, Target::Steps);
    migration::runner().up(database, &target).await
}

async fn down(database: &DatabaseConnection, steps: u32) -> Result<Vec<String>, Error> {
    let target = Target::Steps(steps);
    migration::runner().down(database, &target).await
}

/// Everything that the engine knows of tables, columns, indexes and constraints, a line each; but
/// for the tables in which the migrations themselves are written down, and the one in which SQLite counts,
/// which stays for good.
async fn catalog(database: &TestDatabase) -> BTreeSet<String> {
    let sql = match Engine::of_this_run() {
        Engine::Sqlite => {
            // A table that was rebuilt, and one that got a column, have other texts and other places for it: what they mean counts.
            "SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || coalesce(sql, '') \
             FROM sqlite_master WHERE type <> 'table' AND tbl_name NOT LIKE 'seaql_migrations%' \
             UNION ALL SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' \
                || coalesce(c.dflt_value, '') || ' ' || c.pk || ' ' || c.hidden || ' ' || (m.sql LIKE '%AUTOINCREMENT%') \
             FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'seaql_migrations%' AND m.name NOT LIKE 'sqlite_%' \
             UNION ALL SELECT m.name || '.' || f.\"from\" || ' to ' || f.\"table\" || '.' || coalesce(f.\"to\", '') \
                || ' ' || f.on_delete || ' ' || f.on_update \
             FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f \
             WHERE m.type = 'table' AND m.name NOT LIKE 'seaql_migrations%'"
        }
        Engine::Postgres => {
            // PostgreSQL gives no column the number of one that was dropped: so their order counts, and not the number.
            "SELECT table_name || '.' || column_name || ' ' \
                || row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position) || ' ' || udt_name \
                || ' ' || is_nullable || ' ' || coalesce(column_default, '') || ' ' \
                || coalesce(collation_name, '') || coalesce(datetime_precision::text, '') \
             FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name NOT LIKE 'seaql_migrations%' \
             UNION ALL SELECT indexdef FROM pg_indexes \
             WHERE schemaname = 'public' AND tablename NOT LIKE 'seaql_migrations%' \
             UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
             FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
                AND conrelid::regclass::text NOT LIKE 'seaql_migrations%' \
             UNION ALL SELECT relkind::text || ' ' || relname FROM pg_class \
             WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'seaql_migrations%' \
             UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid \
             WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace \
             UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc \
             WHERE pronamespace = 'public'::regnamespace \
             UNION ALL SELECT typtype::text || ' ' || typname FROM pg_type \
             WHERE typnamespace = 'public'::regnamespace AND typname NOT LIKE '%seaql_migrations%'"
        }
    };
    let rows = database.query(sql).await;
    rows.iter().map(text).collect()
}

fn text(row: &QueryResult) -> String {
    row.try_get_by_index(0).expect("it is text")
}

async fn roles_and_grants(database: &TestDatabase) -> Vec<String> {
    let sql = "SELECT roles.name || ' ' || coalesce(permission, 'nothing') FROM roles \
               LEFT JOIN role_permissions ON role_id = id ORDER BY 1";
    database.query(sql).await.iter().map(text).collect()
}

/// At least one row in every table.
async fn fill(store: &TestStore) {
    let mut ada = user(Status::Active);
    ada.roles.insert(domain::roles::RoleName::administrator());
    ada.roles.insert(store.database.role(&["users:read"]).await);
    store.insert_user(&ada).await;
    store.insert_session(&session(&ada)).await;
    let hash = application::credentials::PasswordHash("$argon2id$".to_owned());
    let mut tx = store.begin().await;
    let put = tx.credentials_mut().put(ada.id, &hash, ada.created_at);
    put.await.expect("the user is there");
    tx.commit().await.expect("nothing speaks against it");
}

#[tokio::test]
async fn an_empty_database_gets_every_migration_once_in_order() {
    let database = TestDatabase::empty().await;
    let pools = database.pools().await;

    let first = up(pools.writer(), None).await.unwrap();
    let second = up(pools.writer(), None).await.unwrap();

    let names = all(&pools).await;
    assert!(names.len() >= 7 && names.is_sorted(), "{names:?}");
    assert_eq!(first, names);
    assert_eq!(applied(&pools).await, names);
    assert_eq!(second, Vec::<String>::new());
}

#[tokio::test]
async fn as_many_steps_are_taken_as_were_asked_for() {
    let database = TestDatabase::empty().await;
    let pools = database.pools().await;
    let names = all(&pools).await;

    let none = up(pools.writer(), Some(0)).await.unwrap();
    let two = up(pools.writer(), Some(2)).await.unwrap();
    let three = up(pools.writer(), Some(3)).await.unwrap();
    let back = down(pools.writer(), 1).await.unwrap();

    assert_eq!(none, names[..0]);
    assert_eq!(two, names[..2]);
    assert_eq!(three, names[2..5]);
    assert_eq!(back, names[4..5]);
    assert_eq!(applied(&pools).await, names[..4]);
}

#[tokio::test]
async fn the_status_of_an_empty_database_is_told_without_touching_it() {
    let database = TestDatabase::empty().await;
    let pools = database.pools().await;

    let entries = entries(&pools).await;

    assert!(entries.iter().all(|it| it.state == State::Pending));
    let sql = match Engine::of_this_run() {
        Engine::Sqlite => "sqlite_master",
        Engine::Postgres => "pg_class WHERE relnamespace = 'public'::regnamespace",
    };
    assert_eq!(database.count(sql).await, 0);
}

#[tokio::test]
async fn every_migration_comes_back_as_it_was_after_down_and_up() {
    let database = TestDatabase::empty().await;
    let pools = database.pools().await;
    let names = all(&pools).await;
    let mut catalogs = vec![catalog(&database).await];
    for at in 0..names.len() {
        assert_eq!(up(pools.writer(), Some(1)).await.unwrap(), names[at..=at]);
        catalogs.push(catalog(&database).await);
    }
    let granted = roles_and_grants(&database).await;

    for (at, name) in names.iter().enumerate().rev() {
        assert_eq!(down(pools.writer(), 1).await.unwrap(), names[at..=at]);
        assert_eq!(catalog(&database).await, catalogs[at], "down {name}");
        up(pools.writer(), Some(1)).await.unwrap();
        assert_eq!(catalog(&database).await, catalogs[at + 1], "up {name}");
        down(pools.writer(), 1).await.unwrap();
    }
    assert_eq!(applied(&pools).await, Vec::<String>::new());
    assert_eq!(catalog(&database).await, BTreeSet::new());

    assert_eq!(up(pools.writer(), None).await.unwrap(), names);
    assert_eq!(catalog(&database).await, catalogs[names.len()]);
    assert_eq!(roles_and_grants(&database).await, granted);
}

#[tokio::test]
async fn filled_tables_go_down_and_up_one_by_one() {
    let store = TestStore::new().await;
    fill(&store).await;
    let writer = store.pools.writer();
    let names = all(&store.pools).await;

    for at in (0..names.len()).rev() {
        // Each goes while the tables below it are full, comes back, and goes for good.
        assert_eq!(down(writer, 1).await.unwrap(), names[at..=at]);
        assert_eq!(up(writer, Some(1)).await.unwrap(), names[at..=at]);
        assert_eq!(down(writer, 1).await.unwrap(), names[at..=at]);
    }

    assert_eq!(up(writer, None).await.unwrap(), names);
    fill(&store).await;
    assert_eq!(store.database.count("users").await, 1);
}

#[tokio::test]
async fn taking_the_built_in_roles_back_takes_them_from_nobody() {
    let store = TestStore::new().await;
    fill(&store).await;

    let writer = store.pools.writer();
    let names = all(&store.pools).await;
    let built_in = "m20261121_000007_add_built_in_roles";
    let later = names.iter().rev().take_while(|it| *it != built_in).count();
    let steps = u32::try_from(later).unwrap() + 1;
    let taken_back = down(writer, steps).await.unwrap();
    up(writer, None).await.unwrap();

    assert_eq!(taken_back.last().unwrap(), built_in);
    for (table, rows) in [
        ("users", 1),
        ("credentials", 1),
        ("sessions", 1),
        ("user_roles", 3),
    ] {
        assert_eq!(store.database.count(table).await, rows, "{table}");
    }
}

#[tokio::test]
async fn down_beyond_the_first_takes_all_back_and_then_nothing() {
    let store = TestStore::new().await;
    let names = all(&store.pools).await;

    let mut taken_back = down(store.pools.writer(), 1_000).await.unwrap();
    let nothing = down(store.pools.writer(), 1).await.unwrap();

    taken_back.sort_unstable();
    assert_eq!(taken_back, names);
    assert_eq!(nothing, Vec::<String>::new());
    assert_eq!(catalog(&store.database).await, BTreeSet::new());
}

#[tokio::test]
async fn the_connection_that_migrates_still_holds_foreign_keys_and_time_outs() {
    let store = TestStore::new().await;

    down(store.pools.writer(), 1).await.unwrap();
    up(store.pools.writer(), None).await.unwrap();

    let mut tx = store.begin().await;
    let stranger = session(&user(Status::Active));
    assert!(tx.sessions_mut().insert(&stranger).await.is_err());
}

#[tokio::test]
async fn a_migration_of_a_newer_program_stops_everything() {
    let store = TestStore::new().await;
    let newer = "INSERT INTO seaql_migrations (version, applied_at) \
                 VALUES ('m99991231_000001_from_the_future', 0)";
    store.database.execute(newer).await;
    let before = catalog(&store.database).await;

    let writer = store.pools.writer();

    let entries = entries(&store.pools).await;
    assert_eq!(entries.last().unwrap().state, State::Unknown);
    for refused in [up(writer, None).await, down(writer, 1).await] {
        let refused = refused.unwrap_err();
        assert_eq!(refused.exit_code(), 3);
        assert!(
            refused
                .to_string()
                .contains("m99991231_000001_from_the_future")
        );
    }
    assert_eq!(catalog(&store.database).await, before);
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_and_keeps_those_before_it() {
    let database = TestDatabase::empty().await;
    let pools = database.pools().await;
    // In the way of one in the middle.
    database.execute("CREATE TABLE sessions (id INTEGER)").await;

    let failed = up(pools.writer(), None).await;

    let names = all(&pools).await;
    let failed = failed.unwrap_err();
    assert!(failed.to_string().starts_with(&names[5]), "{failed}");
    assert_eq!(failed.exit_code(), 1);
    assert_eq!(applied(&pools).await, names[..5]);
    database.execute("DROP TABLE sessions").await;
    assert_eq!(up(pools.writer(), None).await.unwrap(), names[5..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_that_start_at_once_apply_each_migration_once() {
    for round in 0..20 {
        let database = Arc::new(TestDatabase::empty().await);

        let starts = (0..8).map(|_| {
            let database = Arc::clone(&database);
            async move {
                let pools = database.pools().await;
                let applied = up(pools.writer(), None).await;
                pools.close().await;
                applied.map_err(|it| it.to_string())
            }
        });
        let results = at_once(starts).await;

        let applied: Result<Vec<Vec<String>>, String> = results.into_iter().collect();
        let mut applied = applied.unwrap_or_else(|error| panic!("round {round}: {error}"));
        applied.retain(|it| !it.is_empty());
        let pools = database.pools().await;
        assert_eq!(applied, [all(&pools).await], "round {round}");
        assert_eq!(
            database.count("seaql_migrations").await,
            i64::try_from(applied[0].len()).unwrap()
        );
    }
}
