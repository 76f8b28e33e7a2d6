//! What holds of every use case that changes somebody else's account.

use domain::Version;
use domain::audit::{self, Action};
use domain::roles::{Permission, Rights};
use domain::users::{Status, User, UserChange, UserError, UserId};

use super::{counts_administrators, holding, holding_with_rights};
use crate::fakes::{ADA, CALLER, Mocks, administrator, caller, email, unavailable, user};
use crate::users::Users;
use crate::{Actor, Error, Expected, StoreError, Unique};

#[derive(Debug, Clone, Copy)]
enum Deed {
    Update,
    Activate,
    Deactivate,
    Delete,
}

impl Deed {
    const ALL: [Self; 4] = [Self::Update, Self::Activate, Self::Deactivate, Self::Delete];

    /// Those that take an account, or the use of it, away.
    const TAKING: [Self; 2] = [Self::Deactivate, Self::Delete];

    async fn attempt(
        self,
        users: &Users,
        by: &Actor,
        id: UserId,
        expected: &Expected,
    ) -> Result<(), Error> {
        match self {
            Self::Update => {
                let by = by.permit()?;
                users.update(&by, id, expected, change()).await.map(drop)
            }
            Self::Activate => users.activate(&by.permit()?, id, expected).await.map(drop),
            Self::Deactivate => {
                let by = by.permit()?;
                users.deactivate(&by, id, expected).await.map(drop)
            }
            Self::Delete => users.delete(&by.permit()?, id, expected).await,
        }
    }
}

fn change() -> UserChange {
    UserChange {
        email: Some(email("countess@example.org")),
        display_name: None,
    }
}

/// Not the version that the fakes' user has.
fn outdated() -> Expected {
    Expected::OneOf(vec![Version(1), Version(2)])
}

/// Nothing that `Deed` needs is missing, but not everything is there.
fn without_reading() -> Rights {
    let all = Permission::ALL.iter().copied();
    all.filter(|it| *it != Permission::UsersRead).collect()
}

fn reading() -> Rights {
    Rights::from_iter([Permission::UsersRead])
}

/// The caller's own account, and the last that may administer everything.
fn last_administrator_and_caller() -> User {
    User {
        id: CALLER,
        ..administrator(Status::Active)
    }
}

#[tokio::test]
async fn an_unknown_user_is_not_found() {
    for deed in Deed::ALL {
        let mut mocks = Mocks::default();
        mocks.users_mut.expect_lock().return_once(|_| Ok(None));
        let (users, ledger) = mocks.users_service();
        let by = caller(Rights::all());

        let refused = deed.attempt(&users, &by, ADA, &Expected::Any).await;

        assert_eq!(refused, Err(Error::NotFound), "{deed:?}");
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1), "{deed:?}");
    }
}

#[tokio::test]
async fn who_may_do_more_than_the_caller_is_beyond_them() {
    for deed in Deed::ALL {
        let mocks = holding_with_rights(user(Status::Active), reading());
        let (users, ledger) = mocks.users_service();
        let by = caller(without_reading());

        let refused = deed.attempt(&users, &by, ADA, &Expected::Any).await;

        let expected = Error::User(UserError::BeyondOwnRights);
        assert_eq!(refused, Err(expected), "{deed:?}");
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1), "{deed:?}");
        let told = audit::Deed::on(Action::RightsExceeded, ADA);
        assert_eq!(ledger.deeds(), [told], "{deed:?}");
    }
}

#[tokio::test]
async fn a_version_that_the_caller_has_not_seen_is_stale() {
    for deed in Deed::ALL {
        for expected in [outdated(), Expected::OneOf(vec![])] {
            let (users, ledger) = holding(user(Status::Active)).users_service();
            let by = caller(Rights::all());

            let refused = deed.attempt(&users, &by, ADA, &expected).await;

            let stale = Error::Store(StoreError::Stale);
            assert_eq!(refused, Err(stale), "{deed:?}");
            assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1), "{deed:?}");
            assert_eq!(ledger.deeds(), [], "{deed:?}");
        }
    }
}

#[tokio::test]
async fn a_store_that_is_away_changes_nothing() {
    for deed in Deed::ALL {
        let mut mocks = Mocks::default();
        mocks
            .users_mut
            .expect_lock()
            .return_once(|_| Err(unavailable()));
        let (users, ledger) = mocks.users_service();
        let by = caller(Rights::all());

        let failed = deed.attempt(&users, &by, ADA, &Expected::Any).await;

        assert_eq!(failed, Err(Error::Store(unavailable())), "{deed:?}");
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1), "{deed:?}");
    }
}

#[tokio::test]
async fn no_connection_changes_nothing() {
    for deed in Deed::ALL {
        let mocks = Mocks {
            begin_fails: Some(unavailable()),
            ..Mocks::default()
        };
        let (users, ledger) = mocks.users_service();
        let by = caller(Rights::all());

        let failed = deed.attempt(&users, &by, ADA, &Expected::Any).await;

        assert_eq!(failed, Err(Error::Store(unavailable())), "{deed:?}");
        assert_eq!(ledger.commits(), 0, "{deed:?}");
    }
}

#[tokio::test]
async fn nobody_takes_their_own_account_away() {
    for deed in Deed::TAKING {
        let own = User {
            id: CALLER,
            ..user(Status::Active)
        };
        let (users, ledger) = holding(own).users_service();
        let by = caller(Rights::all());

        let refused = deed.attempt(&users, &by, CALLER, &Expected::Any).await;

        let oneself = Error::User(UserError::Oneself);
        assert_eq!(refused, Err(oneself), "{deed:?}");
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1), "{deed:?}");
    }
}

#[tokio::test]
async fn the_last_active_administrator_stays() {
    for deed in Deed::TAKING {
        let mut mocks = holding_with_rights(administrator(Status::Active), Rights::all());
        counts_administrators(&mut mocks, 1);
        let (users, ledger) = mocks.users_service();
        let by = caller(Rights::all());

        let refused = deed.attempt(&users, &by, ADA, &Expected::Any).await;

        let last = Error::User(UserError::LastAdministrator);
        assert_eq!(refused, Err(last), "{deed:?}");
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1), "{deed:?}");
    }
}

#[tokio::test]
async fn administrators_who_cannot_be_counted_stay() {
    for deed in Deed::TAKING {
        let mut mocks = holding(administrator(Status::Active));
        mocks
            .roles_mut
            .expect_lock_administrators()
            .return_once(|| Err(unavailable()));
        let (users, ledger) = mocks.users_service();
        let by = caller(Rights::all());

        let failed = deed.attempt(&users, &by, ADA, &Expected::Any).await;

        assert_eq!(failed, Err(Error::Store(unavailable())), "{deed:?}");
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1), "{deed:?}");
    }
}

// The order of faults: where several hold, the first of these is told.

#[tokio::test]
async fn not_found_comes_before_beyond_own_rights() {
    for deed in Deed::ALL {
        let mut mocks = Mocks::default();
        mocks.users_mut.expect_lock().return_once(|_| Ok(None));
        // What a store says of somebody who is gone should not matter.
        mocks.roles.expect_rights_of().returning(|_| Ok(reading()));
        let (users, ledger) = mocks.users_service();
        let by = caller(without_reading());

        let refused = deed.attempt(&users, &by, ADA, &outdated()).await;

        assert_eq!(refused, Err(Error::NotFound), "{deed:?}");
        assert_eq!(ledger.commits(), 0, "{deed:?}");
    }
}

#[tokio::test]
async fn beyond_own_rights_comes_before_stale() {
    for deed in Deed::ALL {
        let mocks = holding_with_rights(user(Status::Active), reading());
        let (users, ledger) = mocks.users_service();
        let by = caller(without_reading());

        let refused = deed.attempt(&users, &by, ADA, &outdated()).await;

        let expected = Error::User(UserError::BeyondOwnRights);
        assert_eq!(refused, Err(expected), "{deed:?}");
        assert_eq!(ledger.commits(), 0, "{deed:?}");
    }
}

#[tokio::test]
async fn stale_comes_before_every_conflict() {
    for deed in Deed::ALL {
        let mut mocks = holding(last_administrator_and_caller());
        mocks
            .roles_mut
            .expect_lock_administrators()
            .returning(|| Ok(1));
        mocks
            .users_mut
            .expect_update()
            .returning(|_| Err(StoreError::Duplicate(Unique::UserEmail)));
        let (users, ledger) = mocks.users_service();
        let by = caller(Rights::all());

        let refused = deed.attempt(&users, &by, CALLER, &outdated()).await;

        let stale = Error::Store(StoreError::Stale);
        assert_eq!(refused, Err(stale), "{deed:?}");
        assert_eq!(ledger.commits(), 0, "{deed:?}");
    }
}

#[tokio::test]
async fn oneself_comes_before_the_last_administrator() {
    for deed in Deed::TAKING {
        let own = last_administrator_and_caller();
        let (users, ledger) = holding(own).users_service();
        let by = caller(Rights::all());

        let refused = deed.attempt(&users, &by, CALLER, &Expected::Any).await;

        let oneself = Error::User(UserError::Oneself);
        assert_eq!(refused, Err(oneself), "{deed:?}");
        assert_eq!(ledger.commits(), 0, "{deed:?}");
    }
}
