use std::sync::{Arc, Mutex};

use application::{Database, Reads, Signal, SignalListener, Transaction};
use domain::sessions::Session;
use domain::users::User;
use infrastructure::{Pools, Store, SystemClock};

use crate::{TestDatabase, origin};

/// The repositories over a database of a test's own, without an application around them.
pub struct TestStore {
    pub database: Arc<TestDatabase>,
    pub pools: Pools,
    pub store: Arc<dyn Database>,
    pub signals: Arc<HeardSignals>,
}

impl TestStore {
    pub async fn new() -> Self {
        Self::new_with(&[]).await
    }

    /// With some settings, by the names of their variables.
    pub async fn new_with(more: &[(&str, &str)]) -> Self {
        let database = Arc::new(TestDatabase::migrated().await);
        Self::over(database, more).await
    }

    /// As another process would have it: connections of its own to the same database.
    pub async fn beside(&self, more: &[(&str, &str)]) -> Self {
        Self::over(Arc::clone(&self.database), more).await
    }

    async fn over(database: Arc<TestDatabase>, more: &[(&str, &str)]) -> Self {
        let pools = database.pools_with(more).await;
        let signals = Arc::new(HeardSignals::default());
        let store = Store::new(
            pools.clone(),
            Arc::new(SystemClock::default()),
            Arc::clone(&signals) as Arc<dyn SignalListener>,
        );
        Self {
            database,
            pools,
            store: Arc::new(store),
            signals,
        }
    }

    #[must_use]
    pub fn reads(&self) -> &dyn Reads {
        &*self.store
    }

    pub async fn begin(&self) -> Box<dyn Transaction> {
        let begun = self.store.begin(&origin()).await;
        begun.expect("the database is there")
    }

    /// Stores an account, for good.
    pub async fn insert_user(&self, user: &User) {
        let mut tx = self.begin().await;
        let inserted = tx.users_mut().insert(user).await;
        inserted.expect("nobody has this address");
        tx.commit().await.expect("nothing speaks against it");
    }

    /// Stores a session, for good.
    pub async fn insert_session(&self, session: &Session) {
        let mut tx = self.begin().await;
        let inserted = tx.sessions_mut().insert(session).await;
        inserted.expect("its user is there");
        tx.commit().await.expect("nothing speaks against it");
    }
}

/// Writes down what it hears.
#[derive(Default)]
pub struct HeardSignals(Mutex<Vec<Signal>>);

impl HeardSignals {
    #[must_use]
    pub fn all(&self) -> Vec<Signal> {
        self.0.lock().expect("nobody panics here").clone()
    }
}

impl SignalListener for HeardSignals {
    fn heard(&self, signal: Signal) {
        self.0.lock().expect("nobody panics here").push(signal);
    }
}
