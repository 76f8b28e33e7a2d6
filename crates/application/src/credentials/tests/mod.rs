mod command_line;
mod guesses;
mod invitations;
mod own;
mod password_resets;

use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::users::UserId;
use mockall::predicate::eq;

use crate::fakes::{Mocks, now, nth_id};

/// The tokens that were mailed to the owner are void, and what address somebody wants for them is withdrawn.
fn voids(mocks: &mut Mocks, owner: UserId) {
    mocks
        .one_time_tokens_mut
        .expect_delete_all()
        .with(eq(owner))
        .once()
        .returning(|_| Ok(()));
    mocks
        .email_changes_mut
        .expect_delete_open()
        .with(eq(owner))
        .once()
        .returning(|_| Ok(()));
}

/// The same, and they are told of another password.
fn tells(mocks: &mut Mocks, owner: UserId) {
    voids(mocks, owner);
    let notice = Letter::PasswordChanged(owner);
    let notice = OutboxMessage::queued(OutboxMessageId(nth_id(1)), notice, now());
    mocks
        .outbox_mut
        .expect_insert()
        .with(eq(notice))
        .once()
        .returning(|_| Ok(()));
}
