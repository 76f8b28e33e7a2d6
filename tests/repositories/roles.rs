use std::collections::BTreeSet;

use domain::roles::{Permission, Rights, RoleName};
use domain::users::{Status, User, UserId};
use support::TestStore;
use support::factories::users::user;

async fn holder_of(store: &TestStore, roles: impl IntoIterator<Item = RoleName>) -> UserId {
    let user = User {
        roles: roles.into_iter().collect(),
        ..user(Status::Active)
    };
    store.insert_user(&user).await;
    user.id
}

async fn rights_of(store: &TestStore, user: UserId) -> Rights {
    let rights = store.reads().roles().rights_of(user).await;
    rights.expect("the database is there")
}

#[tokio::test]
async fn the_rights_of_all_roles_add_up() {
    let store = TestStore::new().await;
    let reader = store.database.role(&["users:read"]).await;
    let inviter = store.database.role(&["users:create", "users:read"]).await;
    let nothing = store.database.role(&[]).await;

    let both = holder_of(&store, [reader.clone(), inviter, nothing.clone()]).await;
    let one = holder_of(&store, [reader]).await;
    let none = holder_of(&store, [nothing]).await;

    let read_and_create = [Permission::UsersRead, Permission::UsersCreate];
    assert_eq!(
        rights_of(&store, both).await,
        Rights::from_iter(read_and_create)
    );
    assert_eq!(
        rights_of(&store, one).await,
        Rights::from_iter([Permission::UsersRead])
    );
    assert_eq!(rights_of(&store, none).await, Rights::NONE);
}

#[tokio::test]
async fn a_permission_that_this_version_does_not_know_grants_nothing() {
    let store = TestStore::new().await;
    let names = ["users:read", "users:fly", "Users:delete", "users:delete "];
    let pilot = store.database.role(&names).await;

    let holder = holder_of(&store, [pilot]).await;

    let rights = rights_of(&store, holder).await;
    assert_eq!(rights, Rights::from_iter([Permission::UsersRead]));
}

#[tokio::test]
async fn who_is_nobody_or_has_no_role_has_no_rights() {
    let store = TestStore::new().await;

    let without = holder_of(&store, []).await;

    assert_eq!(rights_of(&store, without).await, Rights::NONE);
    assert_eq!(
        rights_of(&store, user(Status::Active).id).await,
        Rights::NONE
    );
}

#[tokio::test]
async fn rights_are_told_whatever_the_status() {
    // Whether they may be used is asked elsewhere; what they would be decides who may change them.
    let store = TestStore::new().await;
    let mut shut = user(Status::Deactivated);
    shut.roles.insert(RoleName::administrator());

    store.insert_user(&shut).await;

    assert_eq!(rights_of(&store, shut.id).await, Rights::all());
}

#[tokio::test]
async fn the_migrations_grant_administrators_every_permission_and_members_none() {
    // A new permission comes with a migration that grants it, or nobody could give it to others.
    let store = TestStore::new().await;

    let administrator = holder_of(&store, [RoleName::administrator()]).await;
    let member = holder_of(&store, [RoleName::member()]).await;

    assert_eq!(rights_of(&store, administrator).await, Rights::all());
    assert_eq!(rights_of(&store, member).await, Rights::NONE);
}

#[tokio::test]
async fn the_migrations_grant_no_permission_that_is_unknown() {
    let store = TestStore::new().await;

    let rows = store
        .database
        .query("SELECT DISTINCT permission FROM role_permissions")
        .await;

    let granted: BTreeSet<String> = rows
        .iter()
        .map(|it| it.try_get_by_index(0).unwrap())
        .collect();
    let known = Permission::ALL.iter().map(|it| it.name().to_owned());
    assert_eq!(granted, known.collect());
}

#[tokio::test]
async fn only_active_administrators_are_counted() {
    let store = TestStore::new().await;
    let powerful: Vec<&str> = Permission::ALL.iter().map(|it| it.name()).collect();
    let deputy = store.database.role(&powerful).await;
    let statuses = [
        Status::Active,
        Status::Active,
        Status::Pending,
        Status::Deactivated,
    ];
    for status in statuses {
        let mut administrator = user(status);
        administrator.roles.insert(RoleName::administrator());
        store.insert_user(&administrator).await;
    }
    holder_of(&store, [deputy]).await;
    holder_of(&store, [RoleName::member()]).await;

    let mut tx = store.begin().await;
    let counted = tx.roles_mut().lock_administrators().await;

    assert_eq!(counted, Ok(2));
}

#[tokio::test]
async fn without_the_administrators_role_there_is_no_administrator() {
    let store = TestStore::new().await;
    let sql = "DELETE FROM roles WHERE name = 'administrator'";
    store.database.execute(sql).await;

    let mut tx = store.begin().await;
    let counted = tx.roles_mut().lock_administrators().await;

    assert_eq!(counted, Ok(0));
}

#[tokio::test]
async fn a_transaction_counts_the_administrators_that_it_has_left() {
    let store = TestStore::new().await;
    let mut administrator = user(Status::Active);
    administrator.roles.insert(RoleName::administrator());
    store.insert_user(&administrator).await;

    let mut tx = store.begin().await;
    administrator.deactivate(administrator.created_at);
    tx.users_mut().update(&administrator).await.unwrap();
    let counted = tx.roles_mut().lock_administrators().await;

    assert_eq!(counted, Ok(0));
}
