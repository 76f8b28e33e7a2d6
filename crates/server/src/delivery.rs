//! The worker that delivers mail, beside the requests.

use std::sync::Arc;
use std::time::Duration;

use application::outbox::{Delivery, Outbox};
use application::{Ids, System, SystemReason};
use tokio::time::sleep;

use crate::background::Stop;

/// How long a mail may lie there before anybody looks.
const PAUSE: Duration = Duration::from_secs(1);
/// How long to leave a store alone that has failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Delivers until it is told to stop: a mail that is being handed over is handed over first.
pub(crate) async fn run(outbox: Outbox, ids: Arc<dyn Ids>, mut stop: Stop) {
    loop {
        let by = System::acting(ids.next(), SystemReason::Delivery);
        let pause = match outbox.deliver_next(&by).await {
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

/// Whom a mail is for is told to nobody.
fn tell(delivery: &Delivery) {
    match delivery {
        Delivery::Delivered => tracing::info!("a mail was delivered"),
        Delivery::Dropped => tracing::debug!("there was nobody to mail to"),
        Delivery::Failed(cause) => tracing::warn!(%cause, "a mail was not delivered"),
        Delivery::GivenUp => tracing::error!("a mail was given up: its attempts never ended"),
    }
}
