use std::cell::Cell;
use std::time::Duration;

use chrono::TimeDelta;
use domain::audit::{Action, Deed};
use domain::credentials::CredentialError;
use domain::sessions::SessionError;
use mockall::predicate::eq;

use crate::credentials::{Account, Guess, GuessAllowance, remember_network};
use crate::fakes::{ADA, Ledger, Mocks, email, now, origin, unavailable};
use crate::{Error, Origin};

const LATER: Error = Error::TooManyGuesses {
    retry_after: Duration::from_mins(3),
};

fn account(last_success: Option<TimeDelta>) -> Account {
    Account {
        user_id: ADA,
        email: email("ada@example.org"),
        credential: None,
        last_success: last_success.map(|ago| now() - ago),
    }
}

fn guess(is_known: bool) -> Guess {
    Guess {
        email: email("ada@example.org"),
        network: origin().network(),
        is_known,
    }
}

fn refusing(is_news: bool) -> Mocks {
    let mut mocks = Mocks::default();
    let refused = GuessAllowance::Refused {
        retry_after: Duration::from_mins(3),
        is_news,
    };
    mocks
        .guess_budget
        .expect_take()
        .once()
        .return_once(move |_| Ok(refused));
    mocks
}

/// With the outcome of the work, and whether it was begun.
async fn counted(
    mocks: Mocks,
    account: Option<&Account>,
    work: Result<(), Error>,
) -> (Result<(), Error>, bool, Ledger) {
    let (guesses, ledger) = mocks.guesses();
    let begun = Cell::new(false);
    let address = email("ada@example.org");
    let work = async {
        begun.set(true);
        work
    };
    let done = guesses.counted(&origin(), &address, account, work).await;
    (done, begun.get(), ledger)
}

#[tokio::test]
async fn what_is_refused_is_not_begun_and_told_if_it_is_news() {
    let ada = account(None);
    let on_ada = Deed::on(Action::SignInLimited, ADA);
    for (account, is_news, told) in [
        (Some(&ada), true, vec![on_ada]),
        (None, true, vec![Deed::of(Action::SignInLimited)]),
        (Some(&ada), false, vec![]),
    ] {
        let (done, begun, ledger) = counted(refusing(is_news), account, Ok(())).await;

        assert_eq!(done, Err(LATER));
        assert!(!begun);
        assert_eq!(ledger.deeds(), told);
    }
}

#[tokio::test]
async fn a_wrong_password_has_spent_its_try_and_nothing_else_has() {
    for (work, given_back) in [
        (Err(SessionError::SignInRefused.into()), 0),
        (Err(CredentialError::PasswordWrong.into()), 0),
        (Ok(()), 1),
        (Err(Error::Overloaded), 1),
        (Err(Error::Store(unavailable())), 1),
    ] {
        let mut mocks = Mocks::default();
        mocks
            .guess_budget
            .expect_take()
            .with(eq(guess(false)))
            .once()
            .return_once(|_| Ok(GuessAllowance::Allowed));
        mocks
            .guess_budget
            .expect_give_back()
            .with(eq(guess(false)))
            .times(given_back)
            .return_const(());

        let (done, begun, ledger) = counted(mocks, None, work.clone()).await;

        assert_eq!(done, work);
        assert!(begun);
        assert_eq!(ledger.deeds(), []);
    }
}

#[tokio::test]
async fn a_network_is_known_for_ninety_days() {
    let days = TimeDelta::days;
    for (last_success, is_known) in [
        (None, false),
        (Some(TimeDelta::zero()), true),
        (Some(days(90) - TimeDelta::seconds(1)), true),
        (Some(days(90)), false),
    ] {
        let mut mocks = Mocks::default();
        mocks
            .guess_budget
            .expect_take()
            .with(eq(guess(is_known)))
            .once()
            .return_once(|_| Err(Error::Broken("stop".into())));

        let (done, ..) = counted(mocks, Some(&account(last_success)), Ok(())).await;

        assert_eq!(done, Err(Error::Broken("stop".into())), "{last_success:?}");
    }
}

#[tokio::test]
async fn a_budget_that_cannot_tell_lets_nobody_guess() {
    let mut mocks = Mocks::default();
    mocks
        .guess_budget
        .expect_take()
        .return_once(|_| Err(Error::Broken("away".into())));

    let (done, begun, _) = counted(mocks, None, Ok(())).await;

    assert_eq!(done, Err(Error::Broken("away".into())));
    assert!(!begun);
}

#[tokio::test]
async fn a_network_is_written_down_once_a_day_if_there_is_one() {
    let nowhere = Origin {
        client: None,
        ..origin()
    };
    for (from, last_success, written) in [
        (origin(), None, 1),
        (origin(), Some(TimeDelta::hours(23)), 0),
        (origin(), Some(TimeDelta::hours(24)), 1),
        (nowhere, None, 0),
    ] {
        let mut mocks = Mocks::default();
        mocks
            .credentials_mut
            .expect_put_network()
            .withf(|user, network, at, keep| {
                let of_ada = *user == ADA && Some(*network) == origin().network();
                of_ada && *at == now() && *keep == 20
            })
            .times(written)
            .returning(|_, _, _, _| Ok(()));
        let (ports, _) = mocks.ports();
        let mut tx = ports.database.begin(&from).await.unwrap();

        let done = remember_network(&mut *tx, &from, &account(last_success), now()).await;

        assert_eq!(done, Ok(()));
    }
}
