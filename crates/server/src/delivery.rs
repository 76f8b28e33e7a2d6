//! The worker that delivers mail, beside the requests.

use std::sync::Arc;
use std::time::Duration;

use application::outbox::{Delivery, Outbox};
use application::{Error, Ids, System, SystemReason};
use tokio::time::{Instant, sleep};

use crate::background::Stop;

/// How long a mail may lie there before anybody looks.
const PAUSE: Duration = Duration::from_secs(1);
/// How long to leave a store alone that has failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How often to forget what has expired.
const BETWEEN_SWEEPS: Duration = Duration::from_hours(1);

/// Delivers until it is told to stop: a mail that is being handed over is handed over first.
pub(crate) async fn run(outbox: Outbox, ids: Arc<dyn Ids>, mut stop: Stop) {
    let mut swept = None;
    loop {
        let by = System::acting(ids.next(), SystemReason::Delivery);
        let pause = match work(&outbox, &by, &mut swept).await {
            Ok(Some(delivery)) => {
                tell(&delivery);
                Duration::ZERO
            }
            Ok(None) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "mail cannot be delivered just now");
                PAUSE_AFTER_FAILURE
            }
        };
        tokio::select! {
            biased;
            () = stop.told() => return,
            () = sleep(pause) => {}
        }
    }
}

async fn work(
    outbox: &Outbox,
    by: &System,
    swept: &mut Option<Instant>,
) -> Result<Option<Delivery>, Error> {
    let delivery = outbox.deliver_next(by).await?;
    if delivery.is_none() && swept.is_none_or(|it| it.elapsed() > BETWEEN_SWEEPS) {
        outbox.sweep(by).await?;
        *swept = Some(Instant::now());
    }
    Ok(delivery)
}

/// Whom a mail is for is told to nobody.
fn tell(delivery: &Delivery) {
    match delivery {
        Delivery::Delivered => tracing::info!("a mail was delivered"),
        Delivery::Dropped => tracing::debug!("there was nobody to mail to"),
        Delivery::Failed(cause) => tracing::warn!(%cause, "a mail was not delivered"),
        Delivery::GivenUp => tracing::error!("a mail was given up: its attempts never ended"),
    }
}
