use std::collections::BTreeSet;

use application::{PageRequest, StoreError, Unique};
use domain::roles::{Permission, Rights, Role, RoleId, RoleName};
use domain::users::{Status, User, UserId};
use support::TestStore;
use support::factories::roles::role;
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

fn names(names: &[&RoleName]) -> BTreeSet<RoleName> {
    names.iter().map(|it| (*it).clone()).collect()
}

async fn insert(store: &TestStore, role: &Role) {
    let mut tx = store.begin().await;
    let inserted = tx.roles_mut().insert(role).await;
    inserted.expect("nothing has its name");
    tx.commit().await.expect("nothing speaks against it");
}

async fn find(store: &TestStore, id: RoleId) -> Option<Role> {
    let found = store.reads().roles().find(id).await;
    found.expect("the database is there")
}

#[tokio::test]
async fn a_role_is_found_and_locked_as_it_was_written() {
    let store = TestStore::new().await;
    let mut auditor = role(&[Permission::AuditRead, Permission::UsersRead]);
    insert(&store, &auditor).await;
    assert_eq!(find(&store, auditor.id).await, Some(auditor.clone()));

    auditor.rights = Rights::from_iter([Permission::UsersRead, Permission::RolesRead]);
    auditor.version = auditor.version.next();
    let mut tx = store.begin().await;
    tx.roles_mut().update(&auditor).await.unwrap();
    assert_eq!(
        tx.roles_mut().lock(auditor.id).await,
        Ok(Some(auditor.clone()))
    );
    tx.commit().await.unwrap();

    assert_eq!(find(&store, auditor.id).await, Some(auditor));
}

#[tokio::test]
async fn a_role_that_is_not_newer_is_stale() {
    let store = TestStore::new().await;
    let auditor = role(&[]);
    insert(&store, &auditor).await;

    let mut tx = store.begin().await;
    let refused = tx.roles_mut().update(&auditor).await;

    assert_eq!(refused, Err(StoreError::Stale));
}

#[tokio::test]
async fn what_only_another_version_knows_is_granted_on() {
    let store = TestStore::new().await;
    let pilot = store.database.role(&["users:fly", "users:read"]).await;
    let found = store.reads().roles().find_named(&names(&[&pilot])).await;
    let mut pilot = found.unwrap().remove(0);

    pilot.rights = Rights::NONE;
    pilot.version = pilot.version.next();
    let mut tx = store.begin().await;
    tx.roles_mut().update(&pilot).await.unwrap();
    tx.commit().await.unwrap();

    let granted = |permission| format!("role_permissions WHERE permission = '{permission}'");
    assert_eq!(store.database.count(&granted("users:fly")).await, 1);
    // The administrators have it.
    assert_eq!(store.database.count(&granted("users:read")).await, 1);
}

#[tokio::test]
async fn a_taken_name_is_told_as_what_it_is() {
    let store = TestStore::new().await;
    let mut impostor = role(&[]);
    impostor.name = RoleName::administrator();

    let mut tx = store.begin().await;
    let refused = tx.roles_mut().insert(&impostor).await;

    assert_eq!(refused, Err(StoreError::Duplicate(Unique::RoleName)));
}

#[tokio::test]
async fn roles_are_listed_by_name_each_on_one_page() {
    let store = TestStore::new().await;
    for name in ["zebra", "ant", "bee"] {
        let mut role = role(&[]);
        role.name = RoleName::parse(name).unwrap();
        insert(&store, &role).await;
    }
    let (mut listed, mut after) = (Vec::new(), None);

    loop {
        let page = PageRequest { limit: 2, after };
        let page = store.reads().roles().list(&page).await.unwrap();
        listed.extend(page.items.into_iter().map(|it| it.name.to_string()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }

    assert_eq!(listed, ["administrator", "ant", "bee", "member", "zebra"]);
}

#[tokio::test]
async fn only_those_are_found_by_name_that_there_are() {
    let store = TestStore::new().await;
    let (auditor, stranger) = (role(&[]), role(&[]));
    insert(&store, &auditor).await;
    let wanted = names(&[&auditor.name, &stranger.name]);

    let found = store.reads().roles().find_named(&wanted).await;
    let locked = store.begin().await.roles_mut().lock_named(&wanted).await;
    let none = store.reads().roles().find_named(&BTreeSet::new()).await;

    assert_eq!(found, Ok(vec![auditor.clone()]));
    assert_eq!(locked, Ok(vec![auditor]));
    assert_eq!(none, Ok(vec![]));
}

#[tokio::test]
async fn assigned_roles_are_all_that_somebody_has() {
    let store = TestStore::new().await;
    let (auditor, other) = (role(&[Permission::AuditRead]), role(&[]));
    insert(&store, &auditor).await;
    insert(&store, &other).await;
    let holder = holder_of(&store, [RoleName::member(), other.name.clone()]).await;
    let is_held = async |role: &Role| store.reads().roles().is_held(role.id).await;
    assert_eq!(is_held(&auditor).await, Ok(false));

    let assigned = names(&[&RoleName::member(), &auditor.name]);
    let mut tx = store.begin().await;
    tx.roles_mut().assign(holder, &assigned).await.unwrap();
    tx.commit().await.unwrap();

    let user = store.reads().users().find(holder).await.unwrap().unwrap();
    assert_eq!(user.roles, assigned);
    assert_eq!(rights_of(&store, holder).await, auditor.rights);
    assert_eq!(is_held(&auditor).await, Ok(true));
    assert_eq!(is_held(&other).await, Ok(false));
}

#[tokio::test]
async fn a_deleted_role_grants_nothing_and_one_in_use_cannot_be() {
    let store = TestStore::new().await;
    let (auditor, held) = (role(&[Permission::AuditRead]), role(&[]));
    insert(&store, &auditor).await;
    insert(&store, &held).await;
    holder_of(&store, [held.name.clone()]).await;

    let mut tx = store.begin().await;
    tx.roles_mut().delete(auditor.id).await.unwrap();
    tx.commit().await.unwrap();
    let refused = store.begin().await.roles_mut().delete(held.id).await;

    assert_eq!(find(&store, auditor.id).await, None);
    let id = support::TestDatabase::literal(auditor.id.0);
    let grants = format!("role_permissions WHERE role_id = {id}");
    assert_eq!(store.database.count(&grants).await, 0);
    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
}
