//! Deletes what nobody needs any more, beside the requests.

use std::sync::Arc;
use std::time::Duration;

use application::upkeep::{Batch, Upkeep};
use application::{Error, Ids, System, SystemReason};
use domain::upkeep::Leftover;
use tokio::time::sleep;

use crate::background::Stop;

/// How long to wait.
struct Pace {
    /// Before the first round.
    first: Duration,
    /// Between two rounds.
    rounds: Duration,
    /// Between two batches: requests come first.
    batches: Duration,
}

impl Pace {
    const ROUNDS: Duration = Duration::from_hours(1);

    /// Servers that start together begin at different times.
    fn hourly(random: u64) -> Self {
        Self {
            first: Duration::from_secs(random % Self::ROUNDS.as_secs()),
            rounds: Self::ROUNDS,
            batches: Duration::from_millis(200),
        }
    }
}

/// Clears away once an hour until it is told to stop; a batch that is not done by then is rolled back.
pub(crate) async fn run(upkeep: Upkeep, ids: Arc<dyn Ids>, mut stop: Stop) {
    // Half of an id's bits are random (UUIDv7, RFC 9562, section 5.7).
    let (_, random) = ids.next().as_u64_pair();
    let pace = Pace::hourly(random);
    let (upkeep, ids) = (&upkeep, &*ids);
    let clear = move |kind| async move {
        let by = System::acting(ids.next(), SystemReason::Upkeep);
        upkeep.clear(&by, kind).await
    };
    tokio::select! {
        biased;
        () = stop.told() => {}
        () = go_on(&pace, clear) => {}
    }
}

async fn go_on<F>(pace: &Pace, clear: impl Fn(Leftover) -> F)
where
    F: Future<Output = Result<Batch, Error>>,
{
    sleep(pace.first).await;
    loop {
        for kind in Leftover::ALL.iter().copied() {
            let mut rows = 0;
            let cleared = clear_all(kind, pace, &clear, &mut rows).await;
            let kind = kind.name();
            if rows > 0 {
                tracing::info!(kind, rows, "leftovers were deleted");
            }
            if let Err(cause) = cleared {
                tracing::warn!(kind, %cause, "leftovers could not be deleted");
            }
        }
        sleep(pace.rounds).await;
    }
}

/// Until a batch is not full, or another server is at it.
async fn clear_all<F>(
    kind: Leftover,
    pace: &Pace,
    clear: &impl Fn(Leftover) -> F,
    rows: &mut u64,
) -> Result<(), Error>
where
    F: Future<Output = Result<Batch, Error>>,
{
    while let Batch::Deleted(some) = clear(kind).await? {
        *rows += some;
        if some < Upkeep::BATCH {
            break;
        }
        sleep(pace.batches).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::ready;

    use application::StoreError;
    use tokio::sync::Notify;

    use super::*;

    const AT_ONCE: Pace = Pace {
        first: Duration::ZERO,
        rounds: Duration::ZERO,
        batches: Duration::ZERO,
    };

    /// What is asked for, in order, when the answers are these and then always that nothing is left.
    async fn asked(answers: Vec<Result<Batch, Error>>, times: usize) -> Vec<Leftover> {
        let (asked, answers) = (RefCell::new(Vec::new()), RefCell::new(answers.into_iter()));
        let done = Notify::new();
        let clear = |kind| {
            asked.borrow_mut().push(kind);
            if asked.borrow().len() == times {
                done.notify_one();
            }
            ready(answers.borrow_mut().next().unwrap_or(Ok(Batch::Deleted(0))))
        };
        tokio::select! {
            biased;
            () = done.notified() => {}
            () = go_on(&AT_ONCE, clear) => {}
        }
        let mut asked = asked.into_inner();
        asked.truncate(times);
        asked
    }

    #[tokio::test]
    async fn every_kind_has_its_turn_in_every_round() {
        let two_rounds = [Leftover::ALL, Leftover::ALL].concat();

        assert_eq!(asked(Vec::new(), two_rounds.len()).await, two_rounds);
    }

    #[tokio::test]
    async fn a_full_batch_is_followed_by_another_of_its_kind() {
        let full = Batch::Deleted(Upkeep::BATCH);
        let answers = vec![Ok(full), Ok(full), Ok(Batch::Deleted(Upkeep::BATCH - 1))];

        let [first, second] = [Leftover::ALL[0], Leftover::ALL[1]];
        assert_eq!(asked(answers, 4).await, [first, first, first, second]);
    }

    #[tokio::test]
    async fn what_another_server_is_at_is_left_to_it() {
        let [first, second] = [Leftover::ALL[0], Leftover::ALL[1]];

        assert_eq!(asked(vec![Ok(Batch::Elsewhere)], 2).await, [first, second]);
    }

    #[tokio::test]
    async fn a_store_that_fails_ends_neither_the_round_nor_the_task() {
        let away = || Err(StoreError::Unavailable("no connection".into()).into());
        let answers = Leftover::ALL.iter().map(|_| away()).collect();
        let two_rounds = [Leftover::ALL, Leftover::ALL].concat();

        assert_eq!(asked(answers, two_rounds.len()).await, two_rounds);
    }

    #[test]
    fn servers_that_start_together_begin_at_different_times_within_the_hour() {
        let first = |random| Pace::hourly(random).first;

        assert_ne!(first(7), first(8));
        assert!(first(u64::MAX) < Pace::ROUNDS);
    }
}
