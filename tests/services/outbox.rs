//! The worker on a real database: killed between two steps, and beside another one.

use std::collections::BTreeSet;
use std::sync::Arc;

use application::outbox::{Delivery, MailFailure, Outbox};
use application::{Error, System, SystemReason, Transaction};
use chrono::TimeDelta;
use domain::outbox::{DeliveryStatus, Letter, OutboxMessage, OutboxMessageId};
use domain::roles::DeadLettersManage;
use domain::users::User;
use server::compose;
use support::factories::outbox::queued;
use support::{TestApp, at_once, origin, token};

use super::{administrator, member, patient_app, permit, services};

fn worker(app: &TestApp) -> (Outbox, System) {
    let outbox = compose::outbox(&app.settings, &app.ports);
    let by = System::acting(app.ports.ids.next(), SystemReason::Delivery);
    (outbox, by)
}

/// A letter that somebody is to get, and who.
async fn letter(app: &TestApp) -> (User, OutboxMessageId) {
    let ada = member(app).await;
    let message = queued(
        Letter::PasswordReset(ada.email.clone()),
        application::Clock::now(&*app.clock),
    );
    insert(app, &message).await;
    (ada, message.id)
}

async fn insert(app: &TestApp, message: &OutboxMessage) {
    let mut tx = begin(app).await;
    let inserted = tx.outbox_mut().insert(message).await;
    inserted.expect("it is not there yet");
    tx.commit().await.expect("nothing speaks against it");
}

async fn kept(app: &TestApp, id: OutboxMessageId) -> Option<OutboxMessage> {
    let mut tx = begin(app).await;
    let found = tx.outbox_mut().lock(id).await;
    // Dropped, it would hold the row for a moment longer, and a worker would pass it over.
    tx.commit().await.expect("nothing speaks against it");
    found.expect("nobody holds it")
}

async fn begin(app: &TestApp) -> Box<dyn Transaction> {
    let begun = app.ports.database.begin(&origin()).await;
    begun.expect("the database is there")
}

fn lease(app: &TestApp) -> TimeDelta {
    TimeDelta::milliseconds(app.settings.mail.smtp_timeout_ms.cast_signed()) * 2
}

#[tokio::test]
async fn a_worker_that_is_killed_before_it_sends_loses_nothing() {
    let app = TestApp::start().await;
    let (ada, _) = letter(&app).await;
    let (outbox, by) = worker(&app);
    outbox.claim(&by).await.unwrap().unwrap();

    assert_eq!(
        app.deliver().await,
        [],
        "it is somebody's, as far as is known"
    );
    app.clock.advance(lease(&app));

    assert_eq!(app.deliver().await, [Delivery::Delivered]);
    assert_eq!(app.mailer.taken_for(&ada.email).len(), 1);
    assert_eq!(app.database.count("outbox_messages").await, 0);
}

#[tokio::test]
async fn a_worker_that_is_killed_after_it_has_sent_leaves_a_duplicate_that_can_be_told() {
    let app = TestApp::start().await;
    let (ada, id) = letter(&app).await;
    let (outbox, by) = worker(&app);
    let claimed = outbox.claim(&by).await.unwrap().unwrap();
    let mail = outbox.write(&by, &claimed).await.unwrap().unwrap();
    app.ports.mailer.send(&mail).await.unwrap();
    app.clock.advance(lease(&app));

    assert_eq!(app.deliver().await, [Delivery::Delivered]);

    let mails = app.mailer.taken_for(&ada.email);
    assert_eq!(mails.iter().map(|it| it.id).collect::<Vec<_>>(), [id, id]);
    // Some mail servers keep the first of two with one id: so both have to work.
    for mail in &mails {
        let token = token(mail).unwrap().into();
        let hash = app.ports.one_time_secrets.hash(&token);
        let found = app.ports.database.one_time_tokens().find(&hash).await;
        assert!(found.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_failure_waits_longer_each_time_and_ends_as_a_dead_letter() {
    let app = TestApp::start_with(&[("ASHLAR__MAIL__MAX_ATTEMPTS", "4")], |it| it).await;
    let (_, id) = letter(&app).await;
    let refusal = MailFailure::Transient("the mail server cannot be reached".into());
    app.mailer.refuse(Some(refusal.clone()));

    for full_wait in [30, 60, 120] {
        assert_eq!(app.deliver().await, [Delivery::Failed(refusal.clone())]);
        let message = kept(&app, id).await.unwrap();
        assert_eq!(message.status, DeliveryStatus::Pending);
        let wait = message.due_at - application::Clock::now(&*app.clock);
        let full_wait = TimeDelta::seconds(full_wait);
        assert!(full_wait / 2 <= wait && wait <= full_wait, "{wait}");
        app.clock.advance(wait - TimeDelta::microseconds(1));
        assert_eq!(app.deliver().await, [], "too early");
        app.clock.advance(TimeDelta::microseconds(1));
    }
    assert_eq!(app.deliver().await, [Delivery::Failed(refusal.clone())]);

    let message = kept(&app, id).await.unwrap();
    assert_eq!(message.status, DeliveryStatus::Dead);
    assert_eq!(message.failure, Some(refusal.to_string()));
    app.mailer.refuse(None);
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(
        app.deliver().await,
        [],
        "nobody has said that it should go on"
    );
}

#[tokio::test]
async fn what_would_be_refused_again_is_not_tried_again() {
    let app = TestApp::start().await;
    let (_, id) = letter(&app).await;
    let refusal = MailFailure::Permanent("the mail server answered 550".into());
    app.mailer.refuse(Some(refusal.clone()));

    assert_eq!(app.deliver().await, [Delivery::Failed(refusal)]);

    assert_eq!(kept(&app, id).await.unwrap().status, DeliveryStatus::Dead);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_share_the_mail_and_send_none_of_it_twice() {
    const LETTERS: usize = 12;
    let app = patient_app().await;
    let mut expected = BTreeSet::new();
    for _ in 0..LETTERS {
        let (_, id) = letter(&app).await;
        expected.insert(id.0);
    }

    let workers = [worker(&app), worker(&app)].map(|(outbox, by)| async move {
        while outbox.deliver_next(&by).await.unwrap().is_some() {}
    });
    at_once(workers).await;

    let taken = app.mailer.taken();
    assert_eq!(taken.len(), LETTERS);
    let ids: BTreeSet<_> = taken.iter().map(|it| it.id.0).collect();
    assert_eq!(ids, expected);
    assert_eq!(app.database.count("outbox_messages").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_retry_a_dead_letter_at_once_one_does() {
    let app = patient_app().await;
    let admin = administrator(&app).await;
    let id = OutboxMessageId(app.some_dead_letter().await);
    let services = services(&app.ports);

    let calls = (0..8).map(|_| {
        let services = Arc::clone(&services);
        let by = permit::<DeadLettersManage>(&admin);
        async move { services.dead_letters.retry(&by, id).await }
    });
    let retried = at_once(calls).await;

    let (done, refused): (Vec<_>, Vec<_>) = retried.into_iter().partition(Result::is_ok);
    assert_eq!(done.len(), 1);
    assert!(refused.iter().all(|it| *it == Err(Error::NotFound)));
}
