//! Who holds a row keeps it from others: on PostgreSQL that row, on SQLite everything.

use std::collections::BTreeSet;
use std::sync::Arc;

use application::StoreError;
use domain::roles::{Permission, RoleName};
use domain::users::{DisplayName, Status};
use secrecy::ExposeSecret;
use support::factories::roles::role;
use support::factories::users::user;
use support::{Engine, TestStore, at_once, origin};
use tokio::task::JoinHandle;

/// Nobody in these tests is to fail because the machine is slow.
const PATIENT: &[(&str, &str)] = &[
    ("ASHLAR__DATABASE__STATEMENT_TIMEOUT_MS", "60000"),
    ("ASHLAR__DATABASE__ACQUIRE_TIMEOUT_MS", "60000"),
];

/// Another process on the same database, which waits for no lock, but for anything else.
async fn impatient(store: &TestStore) -> TestStore {
    match Engine::of_this_run() {
        Engine::Sqlite => {
            let impatient = [("ASHLAR__DATABASE__ACQUIRE_TIMEOUT_MS", "50")];
            store.beside(&impatient).await
        }
        Engine::Postgres => {
            let url = store.database.url().expose_secret();
            let url = format!("{url}?options=-c%20lock_timeout%3D50");
            store.beside(&[("ASHLAR__DATABASE__URL", &url)]).await
        }
    }
}

#[track_caller]
fn is_unavailable<T>(refused: &Result<T, StoreError>) {
    assert!(matches!(refused, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn a_locked_user_is_kept_from_others_until_the_end_of_the_transaction() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let store = TestStore::new_with(PATIENT).await;
    let user = user(Status::Active);
    store.insert_user(&user).await;
    let impatient = impatient(&store).await;

    let mut holder = store.begin().await;
    holder.users_mut().lock(user.id).await.unwrap();

    is_unavailable(&impatient.begin().await.users_mut().lock(user.id).await);
    let by_email = impatient
        .begin()
        .await
        .users_mut()
        .lock_by_email(&user.email)
        .await;
    is_unavailable(&by_email);
    is_unavailable(&impatient.begin().await.users_mut().delete(user.id).await);
    drop(holder);
    let patient = store.begin().await.users_mut().lock(user.id).await;
    assert_eq!(patient, Ok(Some(user)));
}

#[tokio::test]
async fn a_user_locked_by_address_is_as_locked_as_any() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let store = TestStore::new_with(PATIENT).await;
    let user = user(Status::Active);
    store.insert_user(&user).await;
    let impatient = impatient(&store).await;

    let mut holder = store.begin().await;
    holder.users_mut().lock_by_email(&user.email).await.unwrap();

    is_unavailable(&impatient.begin().await.users_mut().lock(user.id).await);
}

/// Until somebody waits for a lock, and not the other way round: nothing else ends the wait before.
async fn is_waiting<T>(waiting: &JoinHandle<T>, store: &TestStore) {
    let waits = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while store.database.count(waits).await == 0 {
        assert!(!waiting.is_finished(), "nobody holds it");
    }
}

#[tokio::test]
async fn who_has_waited_for_a_user_sees_the_roles_that_they_have_by_then() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let store = Arc::new(TestStore::new_with(PATIENT).await);
    let ada = user(Status::Active);
    store.insert_user(&ada).await;
    let both = BTreeSet::from([RoleName::administrator(), RoleName::member()]);

    for by_address in [false, true] {
        let mut holder = store.begin().await;
        holder.users_mut().lock(ada.id).await.unwrap();
        let waiting = tokio::spawn({
            let (store, ada) = (Arc::clone(&store), ada.clone());
            async move {
                let mut tx = store.begin().await;
                let users = tx.users_mut();
                if by_address {
                    return users.lock_by_email(&ada.email).await;
                }
                users.lock(ada.id).await
            }
        });
        is_waiting(&waiting, &store).await;
        let roles = if by_address { &ada.roles } else { &both };
        holder.roles_mut().assign(ada.id, roles).await.unwrap();
        holder.commit().await.unwrap();

        let seen = waiting.await.unwrap().unwrap().unwrap();
        assert_eq!(seen.roles, *roles);
    }
}

#[tokio::test]
async fn who_has_waited_for_a_role_sees_what_it_grants_by_then() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let store = Arc::new(TestStore::new_with(PATIENT).await);
    let mut role = role(&[Permission::UsersRead]);
    let mut tx = store.begin().await;
    tx.roles_mut().insert(&role).await.unwrap();
    tx.commit().await.unwrap();

    for (by_name, more) in [
        (false, Permission::AuditRead),
        (true, Permission::RolesRead),
    ] {
        let mut holder = store.begin().await;
        holder.roles_mut().lock(role.id).await.unwrap();
        let waiting = tokio::spawn({
            let (store, id, name) = (Arc::clone(&store), role.id, role.name.clone());
            async move {
                let mut tx = store.begin().await;
                let roles = tx.roles_mut();
                if by_name {
                    return roles.lock_named(&BTreeSet::from([name])).await;
                }
                roles.lock(id).await.map(Vec::from_iter)
            }
        });
        is_waiting(&waiting, &store).await;
        role.rights = role.rights.iter().chain([more]).collect();
        role.version = role.version.next();
        holder.roles_mut().update(&role).await.unwrap();
        holder.commit().await.unwrap();

        assert_eq!(waiting.await.unwrap(), Ok(vec![role.clone()]));
    }
}

#[tokio::test]
async fn one_locked_user_keeps_nobody_from_another() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let store = TestStore::new_with(PATIENT).await;
    let (ada, bob) = (user(Status::Active), user(Status::Active));
    for user in [&ada, &bob] {
        store.insert_user(user).await;
    }

    let (mut first, mut second) = (store.begin().await, store.begin().await);
    first.users_mut().lock(ada.id).await.unwrap();
    let other = second.users_mut().lock(bob.id).await;

    assert_eq!(other, Ok(Some(bob)));
}

#[tokio::test]
async fn the_administrators_are_counted_by_one_transaction_at_a_time() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let store = TestStore::new_with(PATIENT).await;
    let mut administrator = user(Status::Active);
    administrator.roles.insert(RoleName::administrator());
    store.insert_user(&administrator).await;
    let impatient = impatient(&store).await;

    let mut holder = store.begin().await;
    let counted = holder.roles_mut().lock_administrators().await;
    let refused = impatient
        .begin()
        .await
        .roles_mut()
        .lock_administrators()
        .await;
    holder.commit().await.unwrap();

    is_unavailable(&refused);
    assert_eq!(counted, Ok(1));
    let next = store.begin().await.roles_mut().lock_administrators().await;
    assert_eq!(next, Ok(1));
}

#[tokio::test]
async fn sqlite_lets_one_writer_in_at_a_time() {
    if Engine::of_this_run() == Engine::Postgres {
        return;
    }
    let store = TestStore::new_with(PATIENT).await;
    let other_process = impatient(&store).await;

    let holder = store.begin().await;
    let refused = other_process.store.begin(&origin()).await;
    drop(holder);
    let patient = store.store.begin(&origin()).await;

    is_unavailable(&refused);
    assert!(patient.is_ok());
}

#[tokio::test]
async fn a_reader_waits_for_no_writer() {
    let store = TestStore::new().await;
    let before = user(Status::Active);
    store.insert_user(&before).await;
    let mut after = before.clone();
    after.display_name = DisplayName::parse("Somebody Else").unwrap();
    after.version = after.version.next();

    let mut writer = store.begin().await;
    writer.users_mut().lock(before.id).await.unwrap();
    writer.users_mut().update(&after).await.unwrap();

    let outside = store.reads().users().find(before.id).await;
    let inside = writer.users().find(before.id).await;
    assert_eq!(outside, Ok(Some(before)), "others see what is committed");
    assert_eq!(inside, Ok(Some(after)), "it sees what it has done itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_who_lock_the_same_user_at_once_lose_no_change() {
    let store = Arc::new(TestStore::new_with(PATIENT).await);
    let before = user(Status::Active);
    store.insert_user(&before).await;

    let changes = (0..20).map(|_| {
        let store = Arc::clone(&store);
        let id = before.id;
        async move {
            let mut tx = store.begin().await;
            let mut user = tx.users_mut().lock(id).await?.expect("it is there");
            user.version = user.version.next();
            tx.users_mut().update(&user).await?;
            tx.commit().await
        }
    });
    let results = at_once(changes).await;

    assert_eq!(results, vec![Ok(()); 20]);
    let after = store
        .reads()
        .users()
        .find(before.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(after.version.0, before.version.0 + 20);
}
