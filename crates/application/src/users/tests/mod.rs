mod activate;
mod create;
mod deactivate;
mod delete;
mod expected;
mod own;
mod permit;
mod read;
mod target;
mod update;

use domain::roles::Rights;
use domain::users::{User, UserId};
use mockall::predicate::eq;

use crate::fakes::{Mocks, now};

/// `user` is found and held; their roles grant nothing.
fn holding(user: User) -> Mocks {
    holding_with_rights(user, Rights::NONE)
}

fn holding_with_rights(user: User, rights: Rights) -> Mocks {
    let mut mocks = Mocks::default();
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
}

/// Exactly this is written over the row.
fn takes_update(mocks: &mut Mocks, user: &User) {
    mocks
        .users_mut
        .expect_update()
        .with(eq(user.clone()))
        .once()
        .returning(|_| Ok(()));
}

fn ends_sessions(mocks: &mut Mocks, user: UserId) {
    mocks
        .sessions_mut
        .expect_end_all()
        .with(eq(user), eq(now()))
        .once()
        .returning(|_, _| Ok(()));
    mocks
        .one_time_tokens_mut
        .expect_delete_all()
        .with(eq(user))
        .once()
        .returning(|_| Ok(()));
}

fn deletes_keys(mocks: &mut Mocks, user: UserId) {
    mocks
        .api_keys_mut
        .expect_delete_all()
        .with(eq(user))
        .once()
        .returning(|_| Ok(()));
}

fn counts_administrators(mocks: &mut Mocks, active: u64) {
    mocks
        .roles_mut
        .expect_lock_administrators()
        .once()
        .returning(move || Ok(active));
}
