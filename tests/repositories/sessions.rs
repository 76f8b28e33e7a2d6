use application::StoreError;
use application::sessions::Standing;
use chrono::{SubsecRound, TimeDelta};
use domain::roles::{Permission, Rights, RoleName};
use domain::sessions::{Session, SessionId, TokenVersion};
use domain::users::{Status, User};
use support::factories::sessions::session;
use support::factories::users::user;
use support::{TestDatabase, TestStore};

async fn begun(store: &TestStore, user: &User) -> Session {
    let session = session(user);
    store.insert_session(&session).await;
    session
}

async fn end_all(store: &TestStore, user: &User, after: TimeDelta) {
    let mut tx = store.begin().await;
    let ended = tx
        .sessions_mut()
        .end_all(user.id, user.created_at + after)
        .await;
    ended.expect("the database is there");
    tx.commit().await.expect("nothing speaks against it");
}

async fn has_ended(store: &TestStore, id: SessionId) -> bool {
    let standing = store.reads().sessions().standing(id).await;
    standing
        .expect("it can be read")
        .expect("it is there")
        .ended
}

#[tokio::test]
async fn a_session_stands_as_its_user_does() {
    let store = TestStore::new().await;
    let mut user = user(Status::Active);
    user.roles.insert(RoleName::administrator());
    user.token_version = TokenVersion(7);
    store.insert_user(&user).await;
    let expires_at = user.created_at.trunc_subsecs(0) + TimeDelta::microseconds(1_000_003);
    let session = Session {
        expires_at,
        ..session(&user)
    };

    store.insert_session(&session).await;

    let standing = store.reads().sessions().standing(session.id).await;
    let expected = Standing {
        user_id: user.id,
        status: Status::Active,
        token_version: TokenVersion(7),
        rights: Rights::all(),
        ended: false,
        expires_at,
    };
    assert_eq!(standing, Ok(Some(expected)));
}

#[tokio::test]
async fn every_status_of_a_user_is_told() {
    let store = TestStore::new().await;
    for status in [Status::Pending, Status::Active, Status::Deactivated] {
        let user = user(status);
        store.insert_user(&user).await;
        let session = begun(&store, &user).await;

        let standing = store.reads().sessions().standing(session.id).await;

        let told = standing.unwrap().unwrap();
        assert_eq!((told.status, told.rights), (status, Rights::NONE));
    }
}

#[tokio::test]
async fn a_role_that_is_given_or_changed_counts_at_once() {
    let store = TestStore::new().await;
    let user = user(Status::Active);
    store.insert_user(&user).await;
    let session = begun(&store, &user).await;

    let grant = "INSERT INTO role_permissions SELECT id, 'users:read' FROM roles \
                 WHERE name = 'member'";
    store.database.execute(grant).await;

    let standing = store.reads().sessions().standing(session.id).await;
    let rights = standing.unwrap().unwrap().rights;
    assert_eq!(rights, Rights::from_iter([Permission::UsersRead]));
}

#[tokio::test]
async fn an_unknown_session_has_no_standing() {
    let store = TestStore::new().await;
    let user = user(Status::Active);
    store.insert_user(&user).await;
    begun(&store, &user).await;

    let standing = store.reads().sessions().standing(session(&user).id).await;

    assert_eq!(standing, Ok(None));
}

#[tokio::test]
async fn a_session_of_somebody_deleted_has_no_standing() {
    let store = TestStore::new().await;
    let user = user(Status::Active);
    store.insert_user(&user).await;
    let session = begun(&store, &user).await;

    let mut tx = store.begin().await;
    tx.users_mut().delete(user.id).await.unwrap();
    tx.commit().await.unwrap();

    let standing = store.reads().sessions().standing(session.id).await;
    assert_eq!(standing, Ok(None));
}

#[tokio::test]
async fn a_session_of_nobody_is_refused() {
    let store = TestStore::new().await;

    let mut tx = store.begin().await;
    let refused = tx
        .sessions_mut()
        .insert(&session(&user(Status::Active)))
        .await;

    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
}

#[tokio::test]
async fn all_sessions_of_one_user_end_and_those_of_others_go_on() {
    let store = TestStore::new().await;
    let (ada, bob) = (user(Status::Active), user(Status::Active));
    for user in [&ada, &bob] {
        store.insert_user(user).await;
    }
    let (first, second) = (begun(&store, &ada).await, begun(&store, &ada).await);
    let other = begun(&store, &bob).await;

    end_all(&store, &ada, TimeDelta::hours(1)).await;

    assert!(has_ended(&store, first.id).await);
    assert!(has_ended(&store, second.id).await);
    assert!(!has_ended(&store, other.id).await);
}

#[tokio::test]
async fn a_session_that_has_ended_keeps_the_time_of_its_end() {
    let store = TestStore::new().await;
    let user = user(Status::Active);
    store.insert_user(&user).await;
    let early = begun(&store, &user).await;
    end_all(&store, &user, TimeDelta::hours(1)).await;
    let late = begun(&store, &user).await;

    end_all(&store, &user, TimeDelta::hours(2)).await;

    for (session, hours) in [(early, 1), (late, 2)] {
        let id = TestDatabase::literal(session.id.0);
        let sql = format!("SELECT ended_at FROM sessions WHERE id = {id}");
        let ended_at: chrono::DateTime<chrono::Utc> = store.database.query(&sql).await[0]
            .try_get_by_index(0)
            .unwrap();
        assert_eq!(ended_at, user.created_at + TimeDelta::hours(hours));
    }
}

#[tokio::test]
async fn ending_the_sessions_of_who_has_none_is_no_failure() {
    let store = TestStore::new().await;
    let user = user(Status::Active);
    store.insert_user(&user).await;

    end_all(&store, &user, TimeDelta::hours(1)).await;

    assert_eq!(store.database.count("sessions").await, 0);
}

#[tokio::test]
async fn an_updated_session_is_found_as_it_was_written_and_no_other_is_touched() {
    let store = TestStore::new().await;
    let user = user(Status::Active);
    store.insert_user(&user).await;
    let (one, other) = (begun(&store, &user).await, begun(&store, &user).await);
    let written = Session {
        authenticated_at: one.authenticated_at + TimeDelta::microseconds(1),
        ..one
    };

    let mut tx = store.begin().await;
    let updated = tx.sessions_mut().update(&written).await;
    updated.expect("it is there");
    let locked = [
        tx.sessions_mut().lock(written.id).await,
        tx.sessions_mut().lock(other.id).await,
    ];

    assert_eq!(locked, [Ok(Some(written)), Ok(Some(other))]);
}
