use domain::roles::{
    Permission, Required, Rights, UsersActivate, UsersCreate, UsersDelete, UsersRead, UsersUpdate,
};
use uuid::Uuid;

use crate::fakes::{ADA, CALLER, caller, origin};
use crate::{Cause, Error, Origin, System, SystemReason};

/// With every other permission, and then with it alone.
fn needs_its_permission<P: Required>() {
    let all = Permission::ALL.iter().copied();
    let others = caller(all.filter(|it| *it != P::PERMISSION).collect());
    let alone = caller(Rights::from_iter([P::PERMISSION]));

    let refused = others.permit::<P>().err();

    assert_eq!(refused, Some(Error::Forbidden(P::PERMISSION)));
    assert!(alone.permit::<P>().is_ok(), "{:?}", P::PERMISSION);
}

#[test]
fn a_permit_is_had_by_its_permission_and_by_no_other() {
    needs_its_permission::<UsersRead>();
    needs_its_permission::<UsersCreate>();
    needs_its_permission::<UsersUpdate>();
    needs_its_permission::<UsersDelete>();
    needs_its_permission::<UsersActivate>();
}

#[test]
fn who_has_no_rights_gets_no_permit() {
    let refused = caller(Rights::NONE).permit::<UsersRead>().unwrap_err();

    assert_eq!(refused, Error::Forbidden(Permission::UsersRead));
}

#[test]
fn a_permit_is_held_by_its_actor_and_covers_the_actors_rights() {
    let rights = Rights::from_iter([Permission::UsersRead, Permission::UsersDelete]);

    let permit = caller(rights).permit::<UsersDelete>().unwrap();

    assert!(permit.is_held_by(CALLER));
    assert!(!permit.is_held_by(ADA));
    assert!(permit.covers(Rights::NONE));
    assert!(permit.covers(rights));
    assert!(!permit.covers(Rights::from_iter([Permission::UsersCreate])));
    assert!(!permit.covers(Rights::all()));
}

#[test]
fn an_actor_is_the_cause_of_what_came_in_without_one() {
    let actor = caller(Rights::NONE);

    let caused = *actor.origin();

    assert_eq!(origin().cause, Cause::Anonymous);
    assert_eq!(
        caused,
        Origin {
            cause: Cause::User(CALLER),
            ..origin()
        }
    );
}

#[test]
fn a_permit_has_the_origin_of_its_actor() {
    let actor = caller(Rights::all());

    let permit = actor.permit::<UsersRead>().unwrap();

    assert_eq!(permit.origin(), actor.origin());
}

#[test]
fn the_system_says_why_it_acts() {
    let id = Uuid::from_u128(1);

    let system = System::acting(id, SystemReason::CommandLine);

    let expected = Origin {
        request_id: id,
        client: None,
        cause: Cause::System(SystemReason::CommandLine),
    };
    assert_eq!(system.origin(), &expected);
}
