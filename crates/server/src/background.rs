//! Work that goes on beside the requests: begun by `serve`, and ended with it.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::Instrument;

/// Tasks that end together. Dropping it ends them where they stand.
#[derive(Default)]
pub struct Background {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

/// Tells a task that it is time to end.
#[derive(Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Background {
    /// Begins a task, which is to end soon after it is told.
    pub fn start<F>(&mut self, name: &'static str, work: impl FnOnce(Stop) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let work = work(Stop(self.stop.subscribe()));
        let span = tracing::info_span!("background", task = name);
        self.tasks.spawn(work.instrument(span));
    }

    /// Tells every task to end, and ends those that have not in time.
    pub async fn stop(mut self, limit: Duration) {
        self.stop.send_replace(true);
        let ended = async {
            while let Some(ended) = self.tasks.join_next().await {
                if let Err(error) = ended {
                    tracing::error!(%error, "a background task has failed");
                }
            }
        };
        if tokio::time::timeout(limit, ended).await.is_err() {
            tracing::warn!(?limit, "background tasks did not end in time");
        }
    }
}

impl Stop {
    /// Comes back when it is time to end.
    pub async fn told(&mut self) {
        // An error means that nobody is left to tell it.
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    /// Far more than a task takes to end that was told.
    const LONG: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn tasks_run_until_they_are_told_to_end() {
        let mut background = Background::default();
        let (begun, has_begun) = oneshot::channel();
        let (ended, has_ended) = oneshot::channel();

        background.start("tells", |mut stop| async move {
            let _ = begun.send(());
            stop.told().await;
            let _ = ended.send(());
        });
        has_begun.await.unwrap();
        background.stop(LONG).await;

        assert_eq!(has_ended.await, Ok(()));
    }

    #[tokio::test]
    async fn a_task_that_does_not_listen_is_ended_in_time() {
        let mut background = Background::default();
        let (held, is_dropped) = oneshot::channel::<()>();

        background.start("deaf", |_| async move {
            let _held = held;
            std::future::pending::<()>().await;
        });
        background.stop(Duration::from_millis(1)).await;

        assert!(is_dropped.await.is_err());
    }

    #[tokio::test]
    async fn a_task_that_panics_takes_no_other_along() {
        let mut background = Background::default();
        let (ended, has_ended) = oneshot::channel();

        background.start("panics", |_| async { panic!("on purpose") });
        background.start("ends", |mut stop| async move {
            stop.told().await;
            let _ = ended.send(());
        });
        background.stop(LONG).await;

        assert_eq!(has_ended.await, Ok(()));
    }
}
