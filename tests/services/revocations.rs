//! That nothing which is revoked escapes those who follow the feed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use application::revocations::{Judgement, KnownRevocations, RevocationFeed};
use application::sessions::AccessClaims;
use application::{Ports, StoreError};
use chrono::TimeDelta;
use domain::sessions::Session;
use domain::users::User;
use support::factories::sessions::session;
use support::{Fault, Faults, Place, TestApp, origin};

use super::{command_line, credentials, member, patient_app};

/// Knows nothing but what it reads.
fn follower(app: &TestApp) -> (RevocationFeed, Arc<KnownRevocations>) {
    let lifetime = TimeDelta::minutes(10);
    let known = Arc::new(KnownRevocations::new(app.clock.clone(), lifetime));
    let ports = Ports {
        revocations: Arc::clone(&known),
        ..app.ports.clone()
    };
    (RevocationFeed::new(&ports), known)
}

async fn begun(app: &TestApp, user: &User) -> Session {
    let session = session(user);
    let begun = app.ports.database.begin(&origin()).await;
    let mut tx = begun.expect("the database is there");
    let inserted = tx.sessions_mut().insert(&session).await;
    inserted.expect("its user is there");
    tx.commit().await.expect("nothing speaks against it");
    session
}

fn claims(app: &TestApp, user: &User, session: &Session) -> AccessClaims {
    let now = application::Clock::now(&*app.clock);
    AccessClaims {
        id: session.id.0,
        user_id: user.id,
        session_id: session.id,
        token_version: user.token_version,
        roles: user.roles.iter().cloned().collect(),
        authenticated_at: now,
        issued_at: now,
        expires_at: now + TimeDelta::minutes(10),
    }
}

fn judge(app: &TestApp, known: &KnownRevocations, claims: &AccessClaims) -> Judgement {
    known.judge(claims, application::Clock::now(&*app.clock))
}

/// Identifiers that are given in one order and become visible in another are what a reader would
/// step over: so some end sessions at once, and one reads all the time.
#[tokio::test(flavor = "multi_thread")]
async fn a_follower_misses_nothing_that_commits_while_it_reads() {
    let app = patient_app().await;
    let ada = member(&app).await;
    let mut sessions = Vec::new();
    for _ in 0..200 {
        sessions.push(begun(&app, &ada).await);
    }
    let (feed, known) = follower(&app);
    let done = Arc::new(AtomicBool::new(false));
    let reading = tokio::spawn({
        let done = Arc::clone(&done);
        async move {
            while !done.load(Ordering::Relaxed) {
                feed.read_on().await.unwrap();
            }
            feed.read_on().await.unwrap();
        }
    });

    let writers = sessions.chunks(50).map(|some| {
        let (database, some) = (Arc::clone(&app.ports.database), some.to_vec());
        tokio::spawn(async move {
            for session in some {
                let mut tx = database.begin(&origin()).await.unwrap();
                let at = session.created_at;
                tx.sessions_mut().end(session.id, at).await.unwrap();
                tx.commit().await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    done.store(true, Ordering::Relaxed);
    reading.await.unwrap();

    let missed = sessions.iter().filter(|it| {
        let claims = claims(&app, &ada, it);
        judge(&app, &known, &claims) != Judgement::Void
    });
    assert_eq!(missed.count(), 0);
}

#[tokio::test]
async fn the_process_that_revokes_knows_it_at_once() {
    let app = TestApp::start().await;
    let ada = member(&app).await;
    let claims = claims(&app, &ada, &begun(&app, &ada).await);
    let known = &app.ports.revocations;
    assert!(matches!(judge(&app, known, &claims), Judgement::Valid(_)));

    let password = "mortar, lime and sand".into();
    let (credentials, by) = (credentials(&app.ports), command_line(&app));
    credentials.set(&by, &ada.email, &password).await.unwrap();

    assert_eq!(judge(&app, known, &claims), Judgement::Void);
}

#[tokio::test]
async fn a_follower_that_was_cut_off_catches_up() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within_database(ports)).await;
    let ada = member(&app).await;
    let session = begun(&app, &ada).await;
    let claims = claims(&app, &ada, &session);
    let (feed, known) = follower(&app);
    feed.read_on().await.unwrap();

    let gone = StoreError::Unavailable("gone".into());
    faults.plan(Place::Feed, Fault::Answers(gone.clone()));
    let mut tx = app.ports.database.begin(&origin()).await.unwrap();
    let at = session.created_at;
    tx.sessions_mut().end(session.id, at).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(feed.read_on().await, Err(gone.into()));
    assert!(matches!(judge(&app, &known, &claims), Judgement::Valid(_)));
    faults.mend();
    feed.read_on().await.unwrap();

    assert_eq!(judge(&app, &known, &claims), Judgement::Void);
}
