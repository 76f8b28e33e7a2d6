use domain::audit::{Action, Deed};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::users::{Status, User, UserError, UserId};
use mockall::predicate::eq;

use crate::fakes::{Mocks, REFUSED, email, name, now, nth_id, permit, unavailable, wanted};
use crate::outbox::MailAllowance;
use crate::users::NewUser;
use crate::{Error, StoreError, Unique};

fn new() -> NewUser {
    NewUser {
        email: email("bob@example.org"),
        display_name: name("Bob"),
    }
}

#[tokio::test]
async fn a_new_account_is_a_pending_member_whom_an_invitation_is_mailed_to() {
    let id = UserId(nth_id(1));
    let invited = User::invited(id, new().email, new().display_name, now());
    let mut mocks = Mocks::default();
    mocks
        .users_mut
        .expect_insert()
        .with(eq(invited.clone()))
        .once()
        .returning(|_| Ok(()));
    let letter = Letter::Invitation(id);
    let invitation = OutboxMessage::queued(OutboxMessageId(nth_id(2)), letter, now());
    mocks
        .outbox_mut
        .expect_insert()
        .with(eq(invitation))
        .once()
        .returning(|_| Ok(()));
    mocks.budget_answers(wanted("bob@example.org"), MailAllowance::Allowed);
    let (users, ledger) = mocks.users_service();

    let created = users.create(&permit(), new()).await.unwrap();

    assert_eq!(created.invitation, MailAllowance::Allowed);
    assert_eq!(created.user, invited);
    assert_eq!(created.user.status, Status::Pending);
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::UsersCreated, id)]);
}

#[tokio::test]
async fn an_account_is_made_also_where_no_invitation_may_be_mailed_and_that_is_told() {
    let mut mocks = Mocks::default();
    mocks.users_mut.expect_insert().once().returning(|_| Ok(()));
    mocks.budget_answers(wanted("bob@example.org"), REFUSED);
    let (users, ledger) = mocks.users_service();

    let created = users.create(&permit(), new()).await.unwrap();

    assert_eq!(created.invitation, REFUSED);
    assert_eq!(ledger.commits(), 1);
    let id = UserId(nth_id(1));
    assert_eq!(ledger.deeds(), [Deed::on(Action::UsersCreated, id)]);
}

#[tokio::test]
async fn a_new_account_is_put_down_to_who_made_it() {
    let mut mocks = Mocks::default();
    mocks.users_mut.expect_insert().returning(|_| Ok(()));
    mocks.outbox_mut.expect_insert().returning(|_| Ok(()));
    mocks.budget_answers(wanted("bob@example.org"), MailAllowance::Allowed);
    let (users, ledger) = mocks.users_service();
    let by = permit();

    users.create(&by, new()).await.unwrap();

    assert_eq!(ledger.origins(), [*by.origin()]);
}

#[tokio::test]
async fn a_taken_address_makes_no_account_and_spends_no_mail() {
    let mut mocks = Mocks::default();
    mocks
        .users_mut
        .expect_insert()
        .return_once(|_| Err(StoreError::Duplicate(Unique::UserEmail)));
    let (users, ledger) = mocks.users_service();

    let refused = users.create(&permit(), new()).await.unwrap_err();

    assert_eq!(refused, Error::User(UserError::EmailTaken));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    assert_eq!(ledger.deeds(), [Deed::of(Action::UsersEmailTaken)]);
}

#[tokio::test]
async fn no_connection_makes_no_account() {
    let mocks = Mocks {
        begin_fails: Some(unavailable()),
        ..Mocks::default()
    };
    let (users, ledger) = mocks.users_service();

    let failed = users.create(&permit(), new()).await.unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!(ledger.commits(), 0);
}

#[tokio::test]
async fn a_taken_address_may_show_itself_as_late_as_the_commit() {
    let mut mocks = Mocks {
        commit_fails: Some(StoreError::Duplicate(Unique::UserEmail)),
        ..Mocks::default()
    };
    mocks.users_mut.expect_insert().returning(|_| Ok(()));
    mocks.outbox_mut.expect_insert().returning(|_| Ok(()));
    mocks.budget_answers(wanted("bob@example.org"), MailAllowance::Allowed);
    let (users, ledger) = mocks.users_service();

    let refused = users.create(&permit(), new()).await.unwrap_err();

    assert_eq!(refused, Error::User(UserError::EmailTaken));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}
