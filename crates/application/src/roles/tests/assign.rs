use std::collections::BTreeSet;

use domain::Version;
use domain::audit::{Action, Deed};
use domain::roles::{Rights, Role, RoleError, RoleName};
use domain::sessions::TokenVersion;
use domain::users::{Status, User, UserError};
use mockall::predicate::eq;

use super::{auditor, exceeded, left_nothing, lesser, named, reading, seen, stale};
use crate::fakes::{ADA, CALLER, Mocks, administrator, now, permit, user};
use crate::{Error, StoreError};

fn to_auditor() -> BTreeSet<RoleName> {
    BTreeSet::from([RoleName::member(), named("auditor")])
}

/// There are these roles, and `user` is found, who may do what `rights` say.
fn assigning(user: User, rights: Rights, roles: Vec<Role>) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .roles
        .expect_find_named()
        .return_once(|names| Ok(names.iter().map(|it| of_name(it.clone())).collect()));
    mocks
        .roles
        .expect_rights_of()
        .with(eq(user.id))
        .return_once(move |_| Ok(rights));
    mocks
        .users_mut
        .expect_lock()
        .with(eq(user.id))
        .return_once(|_| Ok(Some(user)));
    mocks
        .roles_mut
        .expect_lock_named()
        .return_once(|_| Ok(roles));
    mocks
}

fn of_name(name: RoleName) -> Role {
    Role { name, ..auditor() }
}

#[tokio::test]
async fn other_roles_void_the_tokens_and_end_no_session() {
    let assigned = User {
        roles: to_auditor(),
        version: Version(4),
        token_version: TokenVersion(3),
        updated_at: now(),
        ..user(Status::Active)
    };
    let mut mocks = assigning(user(Status::Active), Rights::NONE, vec![auditor()]);
    mocks
        .roles_mut
        .expect_assign()
        .with(eq(ADA), eq(to_auditor()))
        .once()
        .returning(|_, _| Ok(()));
    mocks
        .users_mut
        .expect_update()
        .with(eq(assigned.clone()))
        .once()
        .returning(|_| Ok(()));
    let (roles, ledger) = mocks.roles_service();

    let after = roles.assign(&permit(), ADA, &seen(), to_auditor()).await;

    assert_eq!(after, Ok(assigned));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::UsersRolesChanged, ADA)]);
}

#[tokio::test]
async fn the_same_roles_again_are_not_written() {
    let before = user(Status::Active);
    let (roles, ledger) = assigning(before.clone(), Rights::NONE, vec![]).roles_service();

    let same = roles
        .assign(&permit(), ADA, &seen(), before.roles.clone())
        .await;

    assert_eq!(same, Ok(before));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), []);
}

#[tokio::test]
async fn nobody_gives_a_role_that_may_do_more_than_they() {
    for whom in [ADA, CALLER] {
        let target = User {
            id: whom,
            ..user(Status::Active)
        };
        let (roles, ledger) = assigning(target, Rights::NONE, vec![auditor()]).roles_service();

        let by = lesser().permit().unwrap();
        let refused = roles.assign(&by, whom, &seen(), to_auditor()).await;

        assert_eq!(refused, Err(exceeded()));
        left_nothing(&ledger);
        assert_eq!(ledger.deeds(), [Deed::on(Action::RightsExceeded, whom)]);
    }
}

#[tokio::test]
async fn nobody_takes_a_role_from_who_may_do_more_than_they() {
    let (roles, ledger) = assigning(user(Status::Active), reading(), vec![]).roles_service();

    let by = lesser().permit().unwrap();
    let refused = roles.assign(&by, ADA, &stale(), BTreeSet::new()).await;

    assert_eq!(refused, Err(exceeded()));
    left_nothing(&ledger);
}

#[tokio::test]
async fn an_unknown_role_is_told_before_anything_is_looked_up() {
    let mut mocks = Mocks::default();
    mocks.roles.expect_find_named().return_once(|_| Ok(vec![]));
    let (roles, ledger) = mocks.roles_service();

    let refused = roles.assign(&permit(), ADA, &stale(), to_auditor()).await;

    let unknown = RoleError::Unknown(named("auditor"));
    assert_eq!(refused, Err(Error::Role(unknown)));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_role_deleted_meanwhile_is_unknown() {
    let (roles, ledger) = assigning(user(Status::Active), Rights::NONE, vec![]).roles_service();

    let refused = roles.assign(&permit(), ADA, &seen(), to_auditor()).await;

    let unknown = RoleError::Unknown(named("auditor"));
    assert_eq!(refused, Err(Error::Role(unknown)));
    left_nothing(&ledger);
}

#[tokio::test]
async fn a_version_that_the_caller_has_not_seen_keeps_its_roles() {
    let (roles, ledger) = assigning(user(Status::Active), Rights::NONE, vec![]).roles_service();

    let refused = roles.assign(&permit(), ADA, &stale(), to_auditor()).await;

    assert_eq!(refused, Err(Error::Store(StoreError::Stale)));
    left_nothing(&ledger);
}

#[tokio::test]
async fn the_last_active_administrator_stays_one() {
    let mut mocks = assigning(administrator(Status::Active), Rights::all(), vec![]);
    mocks
        .roles_mut
        .expect_lock_administrators()
        .once()
        .returning(|| Ok(1));
    let (roles, ledger) = mocks.roles_service();

    let members = BTreeSet::from([RoleName::member()]);
    let refused = roles.assign(&permit(), ADA, &seen(), members).await;

    assert_eq!(refused, Err(Error::User(UserError::LastAdministrator)));
    left_nothing(&ledger);
}
