use chrono::{DateTime, TimeDelta, Utc};
use domain::upkeep::Leftover;
use mockall::predicate::eq;

use super::{Batch, Upkeep};
use crate::fakes::{Mocks, SESSIONS, now, nth_id, unavailable};
use crate::{Error, System, SystemReason};

fn system() -> System {
    System::acting(nth_id(1), SystemReason::Upkeep)
}

/// What was over by then goes: a day, two days and so on before [`now`], as the fakes' policy says.
fn over_by(kind: Leftover) -> DateTime<Utc> {
    let kept = match kind {
        Leftover::Sessions => TimeDelta::days(1),
        Leftover::OneTimeTokens => TimeDelta::zero(),
        Leftover::Revocations => SESSIONS.access_lifetime + TimeDelta::minutes(5),
        Leftover::ApiKeys => TimeDelta::days(2),
        Leftover::SignInNetworks => TimeDelta::days(90),
        Leftover::Registrations => TimeDelta::days(4),
        Leftover::EmailChanges => TimeDelta::days(5),
        Leftover::DeadLetters => TimeDelta::days(3),
        Leftover::AuditEvents => TimeDelta::days(100) + TimeDelta::hours(1),
    };
    now() - kept
}

#[tokio::test]
async fn each_kind_goes_when_its_time_is_over_and_one_batch_at_a_time() {
    for kind in Leftover::ALL.iter().copied() {
        let mut mocks = Mocks::default();
        mocks.upkeep_mut.expect_take_turn().returning(|| Ok(true));
        mocks
            .upkeep_mut
            .expect_delete_over()
            .with(eq(kind), eq(over_by(kind)), eq(Upkeep::BATCH))
            .once()
            .returning(|_, _, _| Ok(7));
        let (upkeep, ledger) = mocks.upkeep_service();

        let cleared = upkeep.clear(&system(), kind).await;

        assert_eq!(cleared, Ok(Batch::Deleted(7)));
        assert_eq!(ledger.commits(), 1);
        assert_eq!(ledger.origins(), [*system().origin()]);
        assert_eq!(ledger.deeds(), []);
    }
}

#[tokio::test]
async fn while_another_server_clears_away_nothing_is_done() {
    let mut mocks = Mocks::default();
    mocks.upkeep_mut.expect_take_turn().returning(|| Ok(false));
    let (upkeep, ledger) = mocks.upkeep_service();

    let cleared = upkeep.clear(&system(), Leftover::Sessions).await;

    assert_eq!(cleared, Ok(Batch::Elsewhere));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn what_the_store_refuses_to_delete_is_told_and_stays() {
    let mut mocks = Mocks::default();
    mocks.upkeep_mut.expect_take_turn().returning(|| Ok(true));
    mocks
        .upkeep_mut
        .expect_delete_over()
        .returning(|_, _, _| Err(unavailable()));
    let (upkeep, ledger) = mocks.upkeep_service();

    let cleared = upkeep.clear(&system(), Leftover::AuditEvents).await;

    assert_eq!(cleared, Err(Error::Store(unavailable())));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[test]
fn every_kind_has_a_name_of_its_own() {
    let names: std::collections::BTreeSet<_> = Leftover::ALL.iter().map(|it| it.name()).collect();

    assert_eq!(names.len(), Leftover::ALL.len());
}
