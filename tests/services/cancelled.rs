//! A client that leaves takes its use case with it, wherever that has got to: nothing of it
//! stays, and its connection comes back.

mod stuck;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use application::Expected;
use domain::roles::UsersActivate;
use domain::users::Status;
use support::factories::users::{PASSWORD, user};
use support::{Engine, TestApp, TestStore, origin};
use tokio::time::timeout;

use super::{administrator, member, open_sessions, permit, services, stored};
use stuck::stuck;

/// Every transaction and every read on PostgreSQL shares one connection, and a use case whose
/// connection is not given back is the last.
const ONE_CONNECTION: &[(&str, &str)] = &[
    ("ASHLAR__DATABASE__MAX_CONNECTIONS", "1"),
    ("ASHLAR__DATABASE__ACQUIRE_TIMEOUT_MS", "30000"),
];

/// Lets it run until it waits for the `polls`th time, and then drops it. `None` when it was
/// dropped.
async fn cut_short<F: Future>(work: F, polls: usize) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut left = polls;
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

/// That no connection of the pool was left in the middle of a transaction.
async fn no_transaction_is_left_open(app: &TestApp) {
    // On the only connection: when this has an answer, all that came before it is over.
    let answer = app
        .ports
        .database
        .users()
        .find(user(Status::Active).id)
        .await;
    assert_eq!(answer, Ok(None));
    if Engine::of_this_run() == Engine::Postgres {
        let left = "pg_stat_activity WHERE datname = current_database() \
                    AND state LIKE 'idle in transaction%'";
        assert_eq!(app.database.count(left).await, 0);
    }
}

#[tokio::test]
async fn an_aborted_use_case_leaves_nothing_and_gives_its_connection_back() {
    let app = TestApp::start_with(ONE_CONNECTION, |ports| ports).await;
    let (admin, ada) = (administrator(&app).await, member(&app).await);
    let (ports, reached) = stuck(&app);
    let services = services(&ports);

    for _ in 0..20 {
        let task = tokio::spawn({
            let services = Arc::clone(&services);
            let (by, id) = (permit::<UsersActivate>(&admin), ada.id);
            async move { services.users.deactivate(&by, id, &Expected::Any).await }
        });
        // It has changed the account by now, and would end the sessions.
        reached.notified().await;
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());

        assert_eq!(stored(&app, &ada).await, ada);
        no_transaction_is_left_open(&app).await;
    }

    let next = app.ports.database.begin(&origin()).await;
    assert!(next.is_ok(), "the connection is there");
}

#[tokio::test]
async fn an_aborted_sign_in_leaves_no_session() {
    let app = TestApp::start_with(ONE_CONNECTION, |ports| ports).await;
    let ada = member(&app).await;
    let (ports, reached) = stuck(&app);
    let services = services(&ports);

    for _ in 0..5 {
        let task = tokio::spawn({
            let services = Arc::clone(&services);
            let email = ada.email.clone();
            async move {
                let sessions = &services.sessions;
                sessions.sign_in(&origin(), &email, &PASSWORD.into()).await
            }
        });
        reached.notified().await;
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    }

    assert_eq!(open_sessions(&app, &ada).await, 0);
    no_transaction_is_left_open(&app).await;
}

#[tokio::test]
async fn a_use_case_can_be_dropped_wherever_it_waits() {
    let app = TestApp::start_with(ONE_CONNECTION, |ports| ports).await;
    let admin = administrator(&app).await;
    let users = &services(&app.ports).users;
    let by = permit::<UsersActivate>(&admin);
    let mut finished = 0;

    for polls in 0..60 {
        let ada = member(&app).await;

        let done = cut_short(users.deactivate(&by, ada.id, &Expected::Any), polls).await;

        no_transaction_is_left_open(&app).await;
        let now = stored(&app, &ada).await;
        match done {
            Some(done) => {
                finished += 1;
                assert_eq!(done, Ok(now));
            }
            // Dropped while it waited for the answer to COMMIT, it may have happened as a whole.
            None if now.status == Status::Deactivated => {
                assert_eq!(now.version, ada.version.next());
            }
            None => assert_eq!(now, ada, "after {polls} polls"),
        }
    }

    assert!(finished > 0, "some were not dropped at all");
}

#[tokio::test]
async fn a_begin_can_be_dropped_wherever_it_waits() {
    let app = TestApp::start_with(ONE_CONNECTION, |ports| ports).await;

    for polls in (0..6).cycle().take(60) {
        let begun = cut_short(app.ports.database.begin(&origin()), polls).await;
        drop(begun);

        no_transaction_is_left_open(&app).await;
    }

    let next = app.ports.database.begin(&origin()).await;
    assert!(next.is_ok(), "the connection is there");
}

#[tokio::test]
async fn a_read_can_be_dropped_wherever_it_waits() {
    let store = TestStore::new_with(ONE_CONNECTION).await;
    let user = user(Status::Active);
    store.insert_user(&user).await;

    for polls in (0..6).cycle().take(60) {
        let dropped = cut_short(store.reads().users().find(user.id), polls).await;

        assert!(dropped.is_none_or(|it| it == Ok(Some(user.clone()))));
    }

    let found = store.reads().users().find(user.id).await;
    assert_eq!(found, Ok(Some(user)));
}

#[tokio::test]
async fn who_stops_waiting_for_a_lock_does_not_get_it_later() {
    let store = TestStore::new_with(&[("ASHLAR__DATABASE__MAX_CONNECTIONS", "2")]).await;
    let user = user(Status::Active);
    store.insert_user(&user).await;

    for _ in 0..5 {
        let mut holder = store.begin().await;
        holder.users_mut().lock(user.id).await.unwrap();
        let waiting = async {
            let mut tx = store.store.begin(&origin()).await?;
            tx.users_mut().delete(user.id).await?;
            tx.commit().await
        };
        // However long it is: the lock is held, so this always runs out.
        let waited = timeout(Duration::from_millis(20), waiting).await;
        assert!(waited.is_err(), "somebody else holds it");
        holder.commit().await.unwrap();
    }

    let mut tx = store.begin().await;
    assert_eq!(tx.users_mut().lock(user.id).await, Ok(Some(user)));
}
