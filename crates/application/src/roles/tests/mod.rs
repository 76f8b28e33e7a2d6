mod assign;

use domain::Version;
use domain::audit::{Action, Deed};
use domain::roles::{
    Permission, Rights, Role, RoleChange, RoleDescription, RoleError, RoleId, RoleName,
};
use domain::users::UserError;
use mockall::predicate::eq;

use super::NewRole;
use crate::fakes::{Ledger, Mocks, caller, now, nth_id, permit, unavailable};
use crate::{Actor, Error, Expected, Page, PageRequest, SessionActor, StoreError, Unique};

const AUDITOR: RoleId = RoleId(uuid::Uuid::from_u128(0xA0D));

fn named(name: &str) -> RoleName {
    RoleName::parse(name).unwrap()
}

fn reading() -> Rights {
    Rights::from_iter([Permission::AuditRead])
}

/// Of version 3, nobody's.
fn auditor() -> Role {
    Role {
        id: AUDITOR,
        name: named("auditor"),
        description: RoleDescription::default(),
        rights: reading(),
        built_in: false,
        version: Version(3),
        created_at: now() - chrono::TimeDelta::days(2),
        updated_at: now() - chrono::TimeDelta::days(1),
    }
}

/// May do everything that roles need, and not what the auditor may.
fn lesser() -> SessionActor {
    let all = Permission::ALL.iter().copied();
    caller(all.filter(|it| *it != Permission::AuditRead).collect())
}

fn stale() -> Expected {
    Expected::OneOf(vec![Version(2)])
}

fn seen() -> Expected {
    Expected::OneOf(vec![Version(3)])
}

fn locking(role: Option<Role>) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .roles_mut
        .expect_lock()
        .with(eq(AUDITOR))
        .return_once(|_| Ok(role));
    mocks
}

#[track_caller]
fn left_nothing(ledger: &Ledger) {
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

fn exceeded() -> Error {
    Error::User(UserError::BeyondOwnRights)
}

#[tokio::test]
async fn a_role_is_read_without_a_transaction() {
    let (page, mut mocks) = (
        PageRequest {
            limit: 7,
            after: None,
        },
        Mocks::default(),
    );
    let found = Page {
        items: vec![auditor()],
        next: None,
    };
    let listed = found.clone();
    mocks.roles.expect_list().return_once(|_| Ok(listed));
    mocks
        .roles
        .expect_find()
        .with(eq(AUDITOR))
        .times(2)
        .returning(|_| Ok(Some(auditor())));
    let (roles, ledger) = mocks.roles_service();

    assert_eq!(roles.list(&permit(), &page).await, Ok(found));
    for _ in 0..2 {
        assert_eq!(roles.get(&permit(), AUDITOR).await, Ok(auditor()));
    }
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn no_role_and_no_store_are_two_things() {
    let mut mocks = Mocks::default();
    mocks.roles.expect_find().return_once(|_| Ok(None));
    let (roles, _) = mocks.roles_service();
    assert_eq!(roles.get(&permit(), AUDITOR).await, Err(Error::NotFound));

    let mut mocks = Mocks::default();
    mocks
        .roles
        .expect_find()
        .return_once(|_| Err(unavailable()));
    let (roles, _) = mocks.roles_service();
    let away = Err(Error::Store(unavailable()));
    assert_eq!(roles.get(&permit(), AUDITOR).await, away);
}

fn new() -> NewRole {
    NewRole {
        name: named("auditor"),
        description: RoleDescription::default(),
        rights: reading(),
    }
}

#[tokio::test]
async fn a_new_role_is_nobodys_and_not_built_in() {
    let made = Role {
        id: RoleId(nth_id(1)),
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        ..auditor()
    };
    let mut mocks = Mocks::default();
    mocks
        .roles_mut
        .expect_insert()
        .with(eq(made.clone()))
        .once()
        .returning(|_| Ok(()));
    let (roles, ledger) = mocks.roles_service();

    let created = roles.create(&permit(), new()).await.unwrap();

    assert_eq!(created, made);
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::RolesCreated, made.id)]);
}

#[tokio::test]
async fn nobody_makes_a_role_that_may_do_more_than_they() {
    let (roles, ledger) = Mocks::default().roles_service();

    let by = lesser().permit().unwrap();
    let refused = roles.create(&by, new()).await.unwrap_err();

    assert_eq!(refused, exceeded());
    assert_eq!(ledger.begins(), 0);
    assert_eq!(ledger.deeds(), [Deed::of(Action::RightsExceeded)]);
}

#[tokio::test]
async fn a_taken_name_makes_no_role() {
    let mut mocks = Mocks::default();
    mocks
        .roles_mut
        .expect_insert()
        .return_once(|_| Err(StoreError::Duplicate(Unique::RoleName)));
    let (roles, ledger) = mocks.roles_service();

    let refused = roles.create(&permit(), new()).await.unwrap_err();

    assert_eq!(refused, Error::Role(RoleError::NameTaken));
    left_nothing(&ledger);
}

fn to_nothing() -> RoleChange {
    RoleChange {
        rights: Some(Rights::NONE),
        ..RoleChange::default()
    }
}

#[tokio::test]
async fn a_changed_role_is_written_once_and_the_same_again_is_not() {
    let changed = Role {
        rights: Rights::NONE,
        version: Version(4),
        updated_at: now(),
        ..auditor()
    };
    let mut mocks = locking(Some(auditor()));
    mocks
        .roles_mut
        .expect_update()
        .with(eq(changed.clone()))
        .once()
        .returning(|_| Ok(()));
    let (roles, ledger) = mocks.roles_service();
    let updated = roles
        .update(&permit(), AUDITOR, &seen(), to_nothing())
        .await;
    assert_eq!(updated, Ok(changed));
    assert_eq!(ledger.deeds(), [Deed::on(Action::RolesUpdated, AUDITOR)]);
    assert_eq!(ledger.commits(), 1);

    let (roles, ledger) = locking(Some(auditor())).roles_service();
    let same = roles
        .update(&permit(), AUDITOR, &seen(), RoleChange::default())
        .await;
    assert_eq!(same, Ok(auditor()));
    assert_eq!(ledger.deeds(), []);
}

#[tokio::test]
async fn nobody_lets_a_role_grant_what_they_may_not_do() {
    let weak = Role {
        rights: Rights::NONE,
        ..auditor()
    };
    let (roles, ledger) = locking(Some(weak)).roles_service();
    let change = RoleChange {
        rights: Some(reading()),
        ..RoleChange::default()
    };

    let by = lesser().permit().unwrap();
    let refused = roles.update(&by, AUDITOR, &seen(), change).await;

    assert_eq!(refused, Err(exceeded()));
    left_nothing(&ledger);
    assert_eq!(ledger.deeds(), [Deed::on(Action::RightsExceeded, AUDITOR)]);
}

/// Both deeds that change a role, with an outdated version where the faults have an order.
async fn refused(
    by: &Actor,
    role: Option<Role>,
    expected: &Expected,
) -> Vec<(Result<(), Error>, Ledger)> {
    let (roles, ledger) = locking(role.clone()).roles_service();
    let by_update = by.permit().unwrap();
    let updated = roles
        .update(&by_update, AUDITOR, expected, to_nothing())
        .await;
    let updated = (updated.map(drop), ledger);
    let (roles, ledger) = locking(role).roles_service();
    let deleted = roles.delete(&by.permit().unwrap(), AUDITOR, expected).await;
    vec![updated, (deleted, ledger)]
}

#[tokio::test]
async fn of_several_faults_the_first_is_told() {
    let all = caller(Rights::all());
    let built_in = Role {
        built_in: true,
        ..auditor()
    };
    for (by, role, expected, fault) in [
        (lesser(), None, stale(), Error::NotFound),
        (lesser(), Some(built_in.clone()), stale(), exceeded()),
        (
            all,
            Some(built_in.clone()),
            stale(),
            Error::Store(StoreError::Stale),
        ),
        (all, Some(built_in), seen(), Error::Role(RoleError::BuiltIn)),
    ] {
        for (refused, ledger) in refused(&by, role, &expected).await {
            assert_eq!(refused, Err(fault.clone()));
            left_nothing(&ledger);
        }
    }
}

#[tokio::test]
async fn a_role_that_nobody_has_is_deleted_and_one_in_use_stays() {
    for is_held in [false, true] {
        let mut mocks = locking(Some(auditor()));
        mocks
            .roles
            .expect_is_held()
            .with(eq(AUDITOR))
            .return_once(move |_| Ok(is_held));
        if !is_held {
            mocks
                .roles_mut
                .expect_delete()
                .with(eq(AUDITOR))
                .once()
                .returning(|_| Ok(()));
        }
        let (roles, ledger) = mocks.roles_service();

        let deleted = roles.delete(&permit(), AUDITOR, &seen()).await;

        if is_held {
            assert_eq!(deleted, Err(Error::Role(RoleError::InUse)));
            left_nothing(&ledger);
        } else {
            assert_eq!(deleted, Ok(()));
            assert_eq!(ledger.deeds(), [Deed::on(Action::RolesDeleted, AUDITOR)]);
        }
    }
}
