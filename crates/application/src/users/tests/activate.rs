use domain::Version;
use domain::audit::{Action, Deed};
use domain::users::{Status, User};

use super::{holding, takes_update};
use crate::fakes::{ADA, now, permit, unavailable, user};
use crate::{Error, Expected};

fn activated() -> User {
    User {
        version: Version(4),
        updated_at: now(),
        ..user(Status::Active)
    }
}

#[tokio::test]
async fn a_pending_or_deactivated_account_is_opened() {
    for status in [Status::Pending, Status::Deactivated] {
        let mut mocks = holding(user(status));
        takes_update(&mut mocks, &activated());
        let (users, ledger) = mocks.users_service();

        let opened = users
            .activate(&permit(), ADA, &Expected::Any)
            .await
            .unwrap();

        assert_eq!(opened, activated());
        assert_eq!(ledger.commits(), 1);
        assert_eq!(ledger.deeds(), [Deed::on(Action::UsersActivated, ADA)]);
        assert_eq!(ledger.heard(), []);
    }
}

#[tokio::test]
async fn an_active_account_is_not_written_again() {
    let (users, ledger) = holding(user(Status::Active)).users_service();

    let opened = users
        .activate(&permit(), ADA, &Expected::Any)
        .await
        .unwrap();

    assert_eq!(opened, user(Status::Active));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), []);
}

#[tokio::test]
async fn an_account_that_cannot_be_written_stays_shut() {
    let mut mocks = holding(user(Status::Pending));
    mocks
        .users_mut
        .expect_update()
        .return_once(|_| Err(unavailable()));
    let (users, ledger) = mocks.users_service();

    let failed = users
        .activate(&permit(), ADA, &Expected::Any)
        .await
        .unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}
