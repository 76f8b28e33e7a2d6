use application::StoreError;
use application::revocations::FeedPosition;
use chrono::TimeDelta;
use domain::revocations::Revocation;
use domain::roles::RoleId;
use domain::sessions::{Session, SessionId, TokenVersion};
use domain::upkeep::Leftover;
use domain::users::{Status, User};
use support::factories::sessions::session;
use support::factories::users::user;
use support::{TestDatabase, TestStore};
use uuid::Uuid;

async fn stored() -> (TestStore, User) {
    let store = TestStore::new().await;
    let user = user(Status::Active);
    store.insert_user(&user).await;
    (store, user)
}

async fn begun(store: &TestStore, user: &User) -> Session {
    let session = session(user);
    store.insert_session(&session).await;
    session
}

async fn feed_after(store: &TestStore, position: FeedPosition) -> Vec<Revocation> {
    let feed = store.reads().revocations().list_after(position, 100).await;
    let feed = feed.expect("it can be read");
    feed.iter().map(|it| it.revocation).collect()
}

async fn feed(store: &TestStore) -> Vec<Revocation> {
    feed_after(store, FeedPosition::START).await
}

fn ended(session: &Session) -> Revocation {
    Revocation::Session(session.id)
}

fn outdated(user: &User) -> Revocation {
    Revocation::Tokens {
        user: user.id,
        below: user.token_version.next(),
    }
}

#[tokio::test]
async fn whoever_ends_sessions_tells_which() {
    let (store, user) = stored().await;
    let now = user.created_at;
    let (first, second) = (begun(&store, &user).await, begun(&store, &user).await);
    let (third, kept) = (begun(&store, &user).await, begun(&store, &user).await);

    let mut tx = store.begin().await;
    tx.sessions_mut().end(first.id, now).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(feed(&store).await, [ended(&first)]);

    let mut tx = store.begin().await;
    let others = tx.sessions_mut().end_others(user.id, kept.id, now).await;
    others.unwrap();
    tx.commit().await.unwrap();
    let mut told = feed(&store).await.split_off(1);
    told.sort_by_key(|it| *it != ended(&second));
    assert_eq!(told, [ended(&second), ended(&third)]);

    let mut tx = store.begin().await;
    tx.sessions_mut().end_all(user.id, now).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(feed(&store).await.split_off(3), [ended(&kept)]);
}

#[tokio::test]
async fn a_session_that_has_ended_is_not_told_of_again() {
    let (store, user) = stored().await;
    let session = begun(&store, &user).await;

    for _ in 0..2 {
        let mut tx = store.begin().await;
        let sessions = tx.sessions_mut();
        sessions.end(session.id, user.created_at).await.unwrap();
        tx.commit().await.unwrap();
    }

    assert_eq!(feed(&store).await, [ended(&session)]);
}

#[tokio::test]
async fn whoever_voids_a_users_tokens_tells_up_to_which() {
    let (store, before) = stored().await;
    let mut user = before.clone();
    user.deactivate(before.updated_at + TimeDelta::seconds(1));

    let mut tx = store.begin().await;
    tx.users_mut().update(&user).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(feed(&store).await, [outdated(&before)]);

    let mut tx = store.begin().await;
    tx.users_mut().delete(user.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(feed(&store).await, [outdated(&before), outdated(&user)]);
}

#[tokio::test]
async fn a_change_that_voids_no_token_is_told_to_nobody() {
    let (store, mut user) = stored().await;
    user.version = user.version.next();

    let mut tx = store.begin().await;
    tx.users_mut().update(&user).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(feed(&store).await, []);
}

/// The first attempt of an update is one for unchanged tokens: it must not hide this.
#[tokio::test]
async fn a_stale_update_is_stale_and_tells_nothing() {
    let (store, user) = stored().await;
    for token_version in [user.token_version, user.token_version.next()] {
        let stale = User {
            token_version,
            ..user.clone()
        };

        let mut tx = store.begin().await;
        let refused = tx.users_mut().update(&stale).await;

        assert_eq!(refused, Err(StoreError::Stale));
    }
    assert_eq!(feed(&store).await, []);
}

#[tokio::test]
async fn what_is_rolled_back_is_told_to_nobody() {
    let (store, user) = stored().await;
    let session = begun(&store, &user).await;

    let mut tx = store.begin().await;
    let sessions = tx.sessions_mut();
    sessions.end(session.id, user.created_at).await.unwrap();
    drop(tx);

    assert_eq!(feed(&store).await, []);
}

#[tokio::test]
async fn the_feed_is_read_on_from_where_it_was_left() {
    let (store, user) = stored().await;
    let sessions = [begun(&store, &user).await, begun(&store, &user).await];
    for session in &sessions {
        let mut tx = store.begin().await;
        let ends = tx.sessions_mut().end(session.id, user.created_at).await;
        ends.unwrap();
        tx.commit().await.unwrap();
    }

    let reads = store.reads().revocations();
    let first = reads.list_after(FeedPosition::START, 1).await.unwrap();

    let [first] = first[..] else {
        panic!("one was asked for: {first:?}");
    };
    assert_eq!(first.revocation, ended(&sessions[0]));
    let rest = feed_after(&store, first.position).await;
    assert_eq!(rest, [ended(&sessions[1])]);
}

/// More than one statement takes.
#[tokio::test]
async fn many_sessions_end_at_once() {
    let (store, user) = stored().await;
    let mut tx = store.begin().await;
    for _ in 0..1_001 {
        tx.sessions_mut().insert(&session(&user)).await.unwrap();
    }
    let sessions = tx.sessions_mut();
    sessions.end_all(user.id, user.created_at).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(store.database.count("revocations").await, 1_001);
}

#[tokio::test]
async fn what_is_old_is_deleted_and_its_positions_are_not_given_again() {
    let (store, user) = stored().await;
    let session = begun(&store, &user).await;
    let mut tx = store.begin().await;
    let sessions = tx.sessions_mut();
    sessions.end(session.id, user.created_at).await.unwrap();
    tx.commit().await.unwrap();
    let reads = store.reads().revocations();
    let last = reads.list_after(FeedPosition::START, 1).await.unwrap()[0];

    for (by, left) in [(last.at - TimeDelta::microseconds(1), 1), (last.at, 0)] {
        let mut tx = store.begin().await;
        let upkeep = tx.upkeep_mut();
        let deleted = upkeep.delete_over(Leftover::Revocations, by, 10).await;
        tx.commit().await.unwrap();
        assert_eq!(deleted, Ok(1 - left));
        let left_over = store.database.count("revocations").await;
        assert_eq!(left_over.cast_unsigned(), left);
    }

    let mut tx = store.begin().await;
    tx.users_mut().delete(user.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(feed_after(&store, last.position).await, [outdated(&user)]);
}

async fn insert(store: &TestStore, values: &str) {
    let columns = "INSERT INTO revocations (kind, subject, token_version, created_at) VALUES";
    let insert = format!("{columns} ({values}, '2026-01-01 00:00:00+00:00')");
    store.database.execute(&insert).await;
}

#[tokio::test]
async fn each_kind_is_read_as_it_is_written() {
    let store = TestStore::new().await;
    let id = Uuid::from_u128(7);
    let literal = TestDatabase::literal(id);

    for values in ["'session', {}, NULL", "'tokens', {}, 3", "'role', {}, NULL"] {
        insert(&store, &values.replace("{}", &literal)).await;
    }

    let outdated = Revocation::Tokens {
        user: id.into(),
        below: TokenVersion(3),
    };
    assert_eq!(
        feed(&store).await,
        [
            Revocation::Session(SessionId(id)),
            outdated,
            Revocation::Role(RoleId(id))
        ]
    );
}

/// Going on without it would be to trust what somebody has revoked.
#[tokio::test]
async fn a_kind_that_this_version_does_not_know_cannot_be_overlooked() {
    for values in ["'key', {}, NULL", "'tokens', {}, NULL", "'session', {}, 3"] {
        let store = TestStore::new().await;
        let id = Uuid::from_u128(7);
        insert(&store, &values.replace("{}", &TestDatabase::literal(id))).await;

        let reads = store.reads().revocations();
        let read = reads.list_after(FeedPosition::START, 10).await;

        let corrupt = matches!(read, Err(StoreError::Corrupt { table: "revocations", id: it, .. }) if it == id);
        assert!(corrupt, "{values}: {read:?}");
    }
}
