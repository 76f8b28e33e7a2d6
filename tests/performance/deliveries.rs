//! How much mail leaves the outbox, where whoever takes it takes it at once.

use std::time::Instant;

use application::outbox::{Delivery, Outbox};
use application::{Clock, System, SystemReason};
use domain::outbox::Letter;
use domain::users::{Status, User};
use server::compose;
use support::factories::outbox::queued;
use support::factories::users::user;
use support::{TestApp, at_once, origin};

use crate::figures::{median, per_second};
use crate::{AS_SHIPPED, say};

const ROUNDS: usize = 5;
const LETTERS: usize = 100;

pub(crate) async fn run() {
    let app = TestApp::start_with(&AS_SHIPPED, |ports| ports).await;
    let ada = user(Status::Active);
    app.store(&ada).await;

    let (mut one, mut two) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let figures = [
            deliveries_a_second(&app, &ada, 1).await,
            deliveries_a_second(&app, &ada, 2).await,
        ];
        // The first warms up.
        if round > 0 {
            one.push(figures[0]);
            two.push(figures[1]);
        }
    }

    say(format_args!(
        "deliveries: {:.0}/s by one worker, {:.0}/s by two: {:.2} times as many",
        median(&one),
        median(&two),
        median(&two) / median(&one)
    ));
}

async fn deliveries_a_second(app: &TestApp, to: &User, workers: usize) -> f64 {
    queue(app, to).await;
    let work = (0..workers).map(|_| deliver(compose::outbox(&app.settings, &app.ports), by(app)));
    let started = Instant::now();
    let delivered: usize = at_once(work).await.into_iter().sum();
    let took = started.elapsed();
    assert_eq!(delivered, LETTERS, "each is delivered once");
    per_second(LETTERS, took)
}

async fn deliver(outbox: Outbox, by: System) -> usize {
    let mut delivered = 0;
    loop {
        let delivery = outbox.deliver_next(&by).await;
        match delivery.expect("the database is there") {
            Some(Delivery::Delivered) => delivered += 1,
            Some(other) => panic!("{other:?}"),
            None => return delivered,
        }
    }
}

fn by(app: &TestApp) -> System {
    System::acting(app.ports.ids.next(), SystemReason::Delivery)
}

/// Letters with a token in each.
async fn queue(app: &TestApp, to: &User) {
    let begun = app.ports.database.begin(&origin()).await;
    let mut tx = begun.expect("the database is there");
    for _ in 0..LETTERS {
        let message = queued(Letter::PasswordReset(to.email.clone()), app.clock.now());
        let inserted = tx.outbox_mut().insert(&message).await;
        inserted.expect("it is not there yet");
    }
    tx.commit().await.expect("nothing speaks against it");
}
