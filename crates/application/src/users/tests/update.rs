use domain::Version;
use domain::api_keys::ApiKeyId;
use domain::audit::{Action, Deed};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::roles::{Permission, Rights};
use domain::sessions::TokenVersion;
use domain::users::{Status, User, UserChange, UserError};
use mockall::predicate::eq;

use super::{ends_sessions, holding, holding_with_rights, takes_update};
use crate::fakes::{
    ADA, CALLER, Mocks, caller, email, name, now, nth_id, origin, permit, unavailable, user,
};
use crate::{Actor, Error, Expected, Signal, StoreError, Unique};

fn to_countess() -> UserChange {
    UserChange {
        display_name: Some(name("Countess")),
        ..UserChange::default()
    }
}

fn countess() -> User {
    User {
        display_name: name("Countess"),
        version: Version(4),
        updated_at: now(),
        ..user(Status::Active)
    }
}

fn to_another_address() -> UserChange {
    UserChange {
        email: Some(email("countess@example.org")),
        ..UserChange::default()
    }
}

fn at_another_address() -> User {
    User {
        email: email("countess@example.org"),
        version: Version(4),
        token_version: TokenVersion(3),
        updated_at: now(),
        ..user(Status::Active)
    }
}

fn to_both_addresses() -> [Letter; 2] {
    [user(Status::Active).email, at_another_address().email].map(|it| Letter::EmailSet(ADA, it))
}

fn takes_back_nothing(mocks: &mut Mocks) {
    mocks
        .email_changes_mut
        .expect_delete_all()
        .with(eq(ADA))
        .once()
        .returning(|_| Ok(()));
}

/// Exactly these are queued.
fn queues(mocks: &mut Mocks, letters: [Letter; 2]) {
    for (n, letter) in (1..).zip(letters) {
        let message = OutboxMessage::queued(OutboxMessageId(nth_id(n)), letter, now());
        mocks
            .outbox_mut
            .expect_insert()
            .with(eq(message))
            .once()
            .returning(|_| Ok(()));
    }
}

#[tokio::test]
async fn another_name_is_written_and_ends_no_sessions() {
    let mut mocks = holding(user(Status::Active));
    takes_update(&mut mocks, &countess());
    let (users, ledger) = mocks.users_service();

    let updated = users
        .update(&permit(), ADA, &Expected::Any, to_countess())
        .await
        .unwrap();

    assert_eq!(updated, countess());
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::UsersUpdated, ADA)]);
    assert_eq!(ledger.heard(), []);
}

#[tokio::test]
async fn another_address_ends_the_sessions() {
    let mut mocks = holding(user(Status::Active));
    takes_update(&mut mocks, &at_another_address());
    ends_sessions(&mut mocks, ADA);
    takes_back_nothing(&mut mocks);
    queues(&mut mocks, to_both_addresses());
    let (users, ledger) = mocks.users_service();

    let updated = users
        .update(&permit(), ADA, &Expected::Any, to_another_address())
        .await
        .unwrap();

    assert_eq!(updated, at_another_address());
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::UsersEmailChanged, ADA)]);
    assert_eq!(ledger.heard(), [Signal::SessionsEnded(ADA)]);
}

#[tokio::test]
async fn who_is_invited_is_invited_to_the_new_address() {
    let mut mocks = holding(user(Status::Pending));
    let invited = User {
        status: Status::Pending,
        ..at_another_address()
    };
    takes_update(&mut mocks, &invited);
    ends_sessions(&mut mocks, ADA);
    takes_back_nothing(&mut mocks);
    let [to_old, _] = to_both_addresses();
    queues(&mut mocks, [to_old, Letter::Invitation(ADA)]);
    let (users, ledger) = mocks.users_service();

    let updated = users
        .update(&permit(), ADA, &Expected::Any, to_another_address())
        .await
        .unwrap();

    assert_eq!(updated, invited);
    assert_eq!(ledger.commits(), 1);
}

/// With a recent password it is theirs to ask for, and whoever reads its mail has to confirm it.
#[tokio::test]
async fn nobody_gives_themselves_another_address_this_way() {
    let own = User {
        id: CALLER,
        ..user(Status::Active)
    };
    let (users, ledger) = holding(own).users_service();

    let refused = users
        .update(&permit(), CALLER, &Expected::Any, to_another_address())
        .await
        .unwrap_err();

    assert_eq!(refused, UserError::Oneself.into());
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn the_same_again_is_not_written() {
    let before = user(Status::Active);
    let same = UserChange {
        email: Some(before.email.clone()),
        display_name: Some(before.display_name.clone()),
    };
    for change in [UserChange::default(), same] {
        let (users, ledger) = holding(before.clone()).users_service();

        let updated = users
            .update(&permit(), ADA, &Expected::Any, change)
            .await
            .unwrap();

        assert_eq!(updated, before);
        assert_eq!(ledger.commits(), 1);
        assert_eq!(ledger.deeds(), []);
        assert_eq!(ledger.heard(), []);
    }
}

#[tokio::test]
async fn the_version_that_the_caller_has_seen_is_updated() {
    let mut mocks = holding(user(Status::Active));
    takes_update(&mut mocks, &countess());
    let (users, ledger) = mocks.users_service();
    let expected = Expected::OneOf(vec![Version(1), Version(3)]);

    let updated = users
        .update(&permit(), ADA, &expected, to_countess())
        .await
        .unwrap();

    assert_eq!(updated.version, Version(4));
    assert_eq!(ledger.commits(), 1);
}

#[tokio::test]
async fn who_may_do_as_much_as_the_caller_is_not_beyond_them() {
    let rights = Rights::from_iter([Permission::UsersUpdate]);
    let mut mocks = holding_with_rights(user(Status::Active), rights);
    takes_update(&mut mocks, &countess());
    let (users, ledger) = mocks.users_service();
    let by = caller(rights).permit().unwrap();

    let updated = users
        .update(&by, ADA, &Expected::Any, to_countess())
        .await
        .unwrap();

    assert_eq!(updated, countess());
    assert_eq!(ledger.commits(), 1);
}

/// The caller's rights are those of the moment when their token was judged.
#[tokio::test]
async fn nobody_is_beyond_themselves() {
    let own = User {
        id: CALLER,
        ..user(Status::Active)
    };
    let written = User {
        id: CALLER,
        ..countess()
    };
    let mut mocks = holding_with_rights(own, Rights::all());
    takes_update(&mut mocks, &written);
    let (users, ledger) = mocks.users_service();
    let rights = Rights::from_iter([Permission::UsersUpdate]);
    let by = caller(rights).permit().unwrap();

    let updated = users
        .update(&by, CALLER, &Expected::Any, to_countess())
        .await
        .unwrap();

    assert_eq!(updated, written);
    assert_eq!(ledger.commits(), 1);
}

/// Who has got hold of the key could have a new password sent to their own address.
#[tokio::test]
async fn an_api_key_is_beyond_its_owner_who_may_do_more() {
    let own = User {
        id: CALLER,
        ..user(Status::Active)
    };
    let (users, ledger) = holding_with_rights(own, Rights::all()).users_service();
    let rights = Rights::from_iter([Permission::UsersUpdate]);
    let by = Actor::by_api_key(ApiKeyId(nth_id(9)), CALLER, rights, &origin());

    let by = by.permit().unwrap();
    let refused = users
        .update(&by, CALLER, &Expected::Any, to_countess())
        .await
        .unwrap_err();

    assert_eq!(refused, UserError::BeyondOwnRights.into());
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_taken_address_is_refused_and_ends_no_sessions() {
    let mut mocks = holding(user(Status::Active));
    mocks
        .users_mut
        .expect_update()
        .return_once(|_| Err(StoreError::Duplicate(Unique::UserEmail)));
    let (users, ledger) = mocks.users_service();

    let refused = users
        .update(&permit(), ADA, &Expected::Any, to_another_address())
        .await
        .unwrap_err();

    assert_eq!(refused, Error::User(UserError::EmailTaken));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    assert_eq!(ledger.deeds(), [Deed::on(Action::UsersEmailTaken, ADA)]);
}

#[tokio::test]
async fn sessions_that_cannot_be_ended_keep_the_old_address() {
    let mut mocks = holding(user(Status::Active));
    takes_update(&mut mocks, &at_another_address());
    mocks
        .sessions_mut
        .expect_end_all()
        .return_once(|_, _| Err(unavailable()));
    let (users, ledger) = mocks.users_service();

    let failed = users
        .update(&permit(), ADA, &Expected::Any, to_another_address())
        .await
        .unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    assert_eq!(ledger.heard(), []);
}
