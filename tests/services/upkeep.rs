//! What is deleted, and when: to the microsecond, and nothing else.

use std::sync::Arc;

use application::upkeep::{Batch, RetentionPolicy, Upkeep};
use application::{Clock, Error, StoreError, System, SystemReason, Transaction};
use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::{Action, Deed, Network};
use domain::outbox::Letter;
use domain::sessions::Session;
use domain::upkeep::Leftover;
use server::compose;
use support::factories::api_keys::{api_key, api_key_hash};
use support::factories::email_changes::email_change;
use support::factories::one_time_tokens::reset_token;
use support::factories::outbox::queued;
use support::factories::registrations::{registration, registration_token};
use support::factories::sessions::{refresh_token, session};
use support::{TestApp, at_once, origin};

use super::{member, patient_app};

/// The shortest time that there is in the database.
const MOMENT: TimeDelta = TimeDelta::microseconds(1);

fn now(app: &TestApp) -> DateTime<Utc> {
    Clock::now(&*app.clock)
}

fn system() -> System {
    System::acting(origin().request_id, SystemReason::Upkeep)
}

/// One batch.
async fn cleared(app: &TestApp, kind: Leftover) -> u64 {
    let upkeep = compose::upkeep(&app.settings, &app.ports);
    match upkeep.clear(&system(), kind).await {
        Ok(Batch::Deleted(rows)) => rows,
        other => panic!("{other:?}"),
    }
}

async fn write(app: &TestApp, write: impl AsyncFnOnce(&mut dyn Transaction)) {
    let begun = app.ports.database.begin(&origin()).await;
    let mut tx = begun.expect("the database is there");
    write(&mut *tx).await;
    tx.commit().await.expect("nothing speaks against it");
}

/// What is over since `over_at` stays for that long, and not a moment longer.
async fn stays_for(app: &TestApp, kind: Leftover, over_at: DateTime<Utc>, kept: TimeDelta) {
    app.clock.advance(over_at + kept - MOMENT - now(app));
    assert_eq!(cleared(app, kind).await, 0, "{kind:?} went too early");
    app.clock.advance(MOMENT);
    assert!(cleared(app, kind).await > 0, "{kind:?} stayed");
}

async fn begun(app: &TestApp) -> Session {
    let session = session(&member(app).await);
    write(app, async |tx| {
        let inserted = tx.sessions_mut().insert(&session).await;
        inserted.expect("its user is there");
        let token = refresh_token(&session);
        let inserted = tx.sessions_mut().insert_token(&token).await;
        inserted.expect("its session is there");
    })
    .await;
    session
}

#[tokio::test]
async fn a_session_that_was_ended_goes_a_week_later_with_its_tokens() {
    let app = TestApp::start().await;
    let (ended, other) = (begun(&app).await, begun(&app).await);
    let ended_at = now(&app);
    write(&app, async |tx| {
        tx.sessions_mut().end(ended.id, ended_at).await.unwrap();
    })
    .await;

    stays_for(&app, Leftover::Sessions, ended_at, TimeDelta::days(7)).await;

    assert_eq!(app.database.count("sessions").await, 1);
    assert_eq!(app.database.count("refresh_tokens").await, 1);
    let left = app.ports.database.sessions().standing(other.id).await;
    assert!(left.unwrap().is_some());
}

#[tokio::test]
async fn a_session_that_has_expired_goes_a_week_later_with_its_tokens() {
    let app = TestApp::start().await;
    let session = begun(&app).await;

    stays_for(
        &app,
        Leftover::Sessions,
        session.expires_at,
        TimeDelta::days(7),
    )
    .await;

    assert_eq!(app.database.count("sessions").await, 0);
    assert_eq!(app.database.count("refresh_tokens").await, 0);
}

/// However old they are: that one comes a second time tells of a thief.
#[tokio::test]
async fn a_refresh_token_of_a_session_that_goes_on_never_goes() {
    let app = TestApp::start_with(&[("ASHLAR__RETENTION__SESSION_DAYS", "0")], |it| it).await;
    let session = begun(&app).await;
    write(&app, async |tx| {
        let mut spent = refresh_token(&session);
        spent.used_at = Some(spent.created_at);
        spent.expires_at = spent.created_at;
        tx.sessions_mut().insert_token(&spent).await.unwrap();
    })
    .await;

    app.clock.advance(session.expires_at - MOMENT - now(&app));
    for kind in Leftover::ALL {
        cleared(&app, *kind).await;
    }

    assert_eq!(app.database.count("refresh_tokens").await, 2);
    app.clock.advance(MOMENT);
    assert_eq!(cleared(&app, Leftover::Sessions).await, 3);
}

/// One that is used all day has thousands.
#[tokio::test]
async fn the_tokens_of_a_session_go_in_batches_and_it_goes_last() {
    let app = patient_app().await;
    let session = begun(&app).await;
    write(&app, async |tx| {
        for _ in 0..Upkeep::BATCH {
            let token = refresh_token(&session);
            tx.sessions_mut().insert_token(&token).await.unwrap();
        }
    })
    .await;
    app.clock.advance(TimeDelta::days(60));

    let first = cleared(&app, Leftover::Sessions).await;
    let left = (
        app.database.count("sessions").await,
        app.database.count("refresh_tokens").await,
    );
    let second = cleared(&app, Leftover::Sessions).await;

    assert_eq!((first, left), (Upkeep::BATCH, (1, 1)));
    assert_eq!(second, 2);
    assert_eq!(app.database.count("sessions").await, 0);
}

#[tokio::test]
async fn a_one_time_token_goes_with_its_end() {
    let app = TestApp::start().await;
    let token = reset_token(&member(&app).await);
    let mut other = reset_token(&member(&app).await);
    other.expires_at += MOMENT;
    write(&app, async |tx| {
        for token in [&token, &other] {
            tx.one_time_tokens_mut().insert(token).await.unwrap();
        }
    })
    .await;

    stays_for(
        &app,
        Leftover::OneTimeTokens,
        token.expires_at,
        TimeDelta::zero(),
    )
    .await;

    assert_eq!(app.database.count("one_time_tokens").await, 1);
}

#[tokio::test]
async fn a_revocation_goes_when_no_access_token_is_left_for_it() {
    let app = TestApp::start().await;
    let session = begun(&app).await;
    let revoked_at = now(&app);
    write(&app, async |tx| {
        tx.sessions_mut().end(session.id, revoked_at).await.unwrap();
    })
    .await;

    let lifetime = TimeDelta::minutes(app.settings.tokens.access_minutes.into());
    let kept = lifetime + TimeDelta::minutes(5);
    stays_for(&app, Leftover::Revocations, revoked_at, kept).await;

    assert_eq!(app.database.count("revocations").await, 0);
}

#[tokio::test]
async fn an_api_key_is_shown_for_a_month_after_it_has_expired() {
    let app = TestApp::start().await;
    let owner = member(&app).await;
    let (key, mut other) = (api_key(&owner, &[]), api_key(&owner, &[]));
    other.expires_at += MOMENT;
    write(&app, async |tx| {
        for key in [&key, &other] {
            let keys = tx.api_keys_mut();
            keys.insert(key, &api_key_hash()).await.unwrap();
        }
    })
    .await;

    stays_for(&app, Leftover::ApiKeys, key.expires_at, TimeDelta::days(30)).await;

    assert_eq!(app.database.count("api_keys").await, 1);
}

#[tokio::test]
async fn a_network_is_known_for_ninety_days() {
    let app = TestApp::start().await;
    let users = [member(&app).await, member(&app).await];
    let network = Network::parse("203.0.113.0/24").expect("it is a network");
    let at = now(&app);
    write(&app, async |tx| {
        for (user, at) in users.iter().zip([at, at + MOMENT]) {
            let credentials = tx.credentials_mut();
            let put = credentials.put_network(user.id, network, at, 1).await;
            put.unwrap();
        }
    })
    .await;

    let kept = TimeDelta::days(90);
    stays_for(&app, Leftover::SignInNetworks, at, kept).await;

    assert_eq!(app.database.count("sign_in_networks").await, 1);
}

#[tokio::test]
async fn a_change_of_an_address_goes_when_nobody_can_take_it_back() {
    let app = TestApp::start().await;
    let ada = super::member(&app).await;
    let (old, mut other) = (email_change(&ada), email_change(&ada));
    other.requested_at = old.requested_at + MOMENT;
    write(&app, async |tx| {
        for it in [&old, &other] {
            tx.email_changes_mut().insert(it).await.unwrap();
        }
    })
    .await;

    let kept = TimeDelta::hours(24) + TimeDelta::days(7) + TimeDelta::days(14);
    stays_for(&app, Leftover::EmailChanges, old.requested_at, kept).await;

    assert_eq!(app.database.count("email_changes").await, 1);
}

#[tokio::test]
async fn a_registration_goes_with_its_token_when_no_mail_can_be_on_its_way() {
    let app = TestApp::start().await;
    let (old, mut other) = (registration(), registration());
    other.created_at = old.created_at + MOMENT;
    write(&app, async |tx| {
        for it in [&old, &other] {
            tx.registrations_mut().insert(it).await.unwrap();
        }
        let token = registration_token(&old);
        tx.one_time_tokens_mut().insert(&token).await.unwrap();
    })
    .await;

    let kept = TimeDelta::hours(24) + TimeDelta::days(7);
    stays_for(&app, Leftover::Registrations, old.created_at, kept).await;

    assert_eq!(app.database.count("registrations").await, 1);
    assert_eq!(app.database.count("one_time_tokens").await, 0);
}

#[tokio::test]
async fn mail_that_was_given_up_can_be_sent_for_a_month_and_what_is_on_its_way_stays() {
    let app = TestApp::start().await;
    let on_its_way = Letter::PasswordChanged(member(&app).await.id);
    let on_its_way = queued(on_its_way, now(&app));
    write(&app, async |tx| {
        tx.outbox_mut().insert(&on_its_way).await.unwrap();
    })
    .await;
    app.some_dead_letter().await;

    stays_for(&app, Leftover::DeadLetters, now(&app), TimeDelta::days(30)).await;

    assert_eq!(app.database.count("outbox_messages").await, 1);
    assert_eq!(cleared(&app, Leftover::DeadLetters).await, 0);
}

/// The database has a clock of its own, so these are old.
#[tokio::test]
async fn an_audit_event_is_kept_for_a_year() {
    let app = TestApp::start().await;
    let occurred_at = now(&app) - TimeDelta::days(364);
    write(&app, async |tx| {
        tx.record(Deed::of(Action::SignInRefused), occurred_at);
        tx.record(Deed::of(Action::SignInRefused), occurred_at + MOMENT);
    })
    .await;
    let before = app.database.count("audit_events").await;

    let kept = TimeDelta::days(365) + TimeDelta::hours(1);
    stays_for(&app, Leftover::AuditEvents, occurred_at, kept).await;

    assert_eq!(app.database.count("audit_events").await, before - 1);
}

#[tokio::test]
async fn whatever_the_settings_say_no_audit_event_of_the_last_ninety_days_goes() {
    let app = TestApp::start().await;
    let young = now(&app) - TimeDelta::days(89);
    write(&app, async |tx| {
        tx.record(Deed::of(Action::SignInRefused), young);
    })
    .await;
    let before = app.database.count("audit_events").await;
    let day = TimeDelta::days(1);
    let wrong = RetentionPolicy {
        session: day,
        api_key: day,
        registration: day,
        email_change: day,
        dead_letter: day,
        audit_event: day,
    };

    let upkeep = Upkeep::new(&app.ports, wrong);
    let refused = upkeep.clear(&system(), Leftover::AuditEvents).await;

    assert!(
        matches!(refused, Err(Error::Store(StoreError::Failed(_)))),
        "{refused:?}"
    );
    assert_eq!(app.database.count("audit_events").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_clear_away_at_once_share_the_work_and_none_waits() {
    let app = patient_app().await;
    let owner = member(&app).await;
    let tokens = 3 * Upkeep::BATCH / 2;
    write(&app, async |tx| {
        for _ in 0..tokens {
            let token = reset_token(&owner);
            tx.one_time_tokens_mut().insert(&token).await.unwrap();
        }
    })
    .await;
    app.clock.advance(TimeDelta::days(1));

    let upkeep = Arc::new(compose::upkeep(&app.settings, &app.ports));
    let calls = (0..4).map(|_| {
        let upkeep = Arc::clone(&upkeep);
        async move { upkeep.clear(&system(), Leftover::OneTimeTokens).await }
    });
    let batches = at_once(calls).await;

    let mut rows = 0;
    for batch in batches {
        match batch.expect("nobody waits too long") {
            Batch::Deleted(some) => rows += some,
            Batch::Elsewhere => {}
        }
    }
    assert!(rows >= Upkeep::BATCH, "{rows}");
    let left = app.database.count("one_time_tokens").await;
    assert_eq!(left.cast_unsigned(), tokens - rows);
}
