use std::sync::Arc;

use actix_web::dev::ServerHandle;
use application::outbox::{Delivery, Mailer};
use application::sessions::AccessClaims;
use application::{Clock, Origin, Ports, System, SystemReason};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use domain::roles::{Permission, RoleName};
use domain::sessions::{Session, SessionId};
use domain::users::{Status, User};
use infrastructure::{Es256Signer, Pools, random_secret};
use secrecy::ExposeSecret;
use server::background::Background;
use server::compose;
use server::keys::Keys;
use server::revocations::Follower;
use server::settings::Settings;
use server::signing_keys::KeyKeeper;
use uuid::Uuid;

use crate::factories::sessions::refresh_token;
use crate::factories::users::{PASSWORD, user};
use crate::{Client, TestClock, TestDatabase, TestMailer, settings};

/// The whole application on a port of its own, over a database of its own.
pub struct TestApp {
    pub database: Arc<TestDatabase>,
    pub clock: Arc<TestClock>,
    /// Where mail goes, once [`TestApp::deliver`] has sent it.
    pub mailer: Arc<TestMailer>,
    /// What the application runs on, for arranging what no operation can.
    pub ports: Ports,
    pub settings: Settings,
    pub pools: Pools,
    pub keys: Arc<Keys>,
    anonymous: Client,
    server: ServerHandle,
    background: Background,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(&[], |ports| ports).await
    }

    /// With some settings, by the names of their variables, and some ports replaced.
    pub async fn start_with(more: &[(&str, &str)], replace: impl FnOnce(Ports) -> Ports) -> Self {
        let database = Arc::new(TestDatabase::migrated().await);
        let clock = Arc::new(TestClock::at(now()));
        Self::over(database, clock, Arc::new(keys()), more, replace).await
    }

    /// With keys in the database that sign, as in production, and not one for good.
    pub async fn start_keeping_keys(replace: impl FnOnce(Ports) -> Ports) -> Self {
        let database = Arc::new(TestDatabase::migrated().await);
        let clock = Arc::new(TestClock::at(now()));
        let keys = Keys {
            signing_key: None,
            ..keys()
        };
        Self::over(database, clock, Arc::new(keys), &[], replace).await
    }

    /// Another instance, with the same database, keys and clock.
    pub async fn beside(&self, replace: impl FnOnce(Ports) -> Ports) -> Self {
        let (database, clock) = (Arc::clone(&self.database), Arc::clone(&self.clock));
        Self::over(database, clock, Arc::clone(&self.keys), &[], replace).await
    }

    async fn over(
        database: Arc<TestDatabase>,
        clock: Arc<TestClock>,
        keys: Arc<Keys>,
        more: &[(&str, &str)],
        replace: impl FnOnce(Ports) -> Ports,
    ) -> Self {
        let settings = settings(database.url(), more);
        let pools = Pools::connect(&compose::database(&settings.database)).await;
        let pools = pools.expect("a test's database is there");
        let time = Arc::clone(&clock) as Arc<dyn Clock>;
        let mailer = Arc::new(TestMailer::default());
        let ports = compose::ports(&settings, &keys, pools.clone(), time);
        let ports = Ports {
            mailer: Arc::clone(&mailer) as Arc<dyn Mailer>,
            ..ports.expect("the keys are good")
        };
        if keys.signing_key.is_none() {
            let keeper = compose::key_keeper(&settings, &ports);
            let loaded = keeper.expect("no setting has the key").load().await;
            loaded.expect("the master key is that of the database");
        }
        let loaded = compose::follower(&settings, &ports).load().await;
        loaded.expect("the database is there");
        let ports = replace(ports);
        let api = compose::api(&settings, &ports);
        let (server, address) = server::serve::bind(api, &settings.server).expect("a port is free");
        let handle = server.handle();
        tokio::spawn(server);
        Self {
            anonymous: Client::anonymous(format!("http://{address}")),
            database,
            clock,
            mailer,
            ports,
            settings,
            pools,
            keys,
            server: handle,
            background: Background::default(),
        }
    }

    /// Delivers whatever is due, as the worker would, and tells what became of each.
    pub async fn deliver(&self) -> Vec<Delivery> {
        let outbox = compose::outbox(&self.settings, &self.ports);
        let by = System::acting(self.ports.ids.next(), SystemReason::Delivery);
        let mut deliveries = Vec::new();
        loop {
            let delivery = outbox.deliver_next(&by).await;
            match delivery.expect("the database is there") {
                Some(delivery) => deliveries.push(delivery),
                None => return deliveries,
            }
        }
    }

    /// Goes on reading what other instances revoke, which a test does without unless it is about
    /// that: its clock stands, so what was read at the start is never too old.
    pub fn follow(&mut self, how: impl FnOnce(Follower) -> Follower) {
        let follower = compose::follower(&self.settings, &self.ports);
        how(follower).start(&mut self.background);
    }

    /// Goes on reading the keys of the database, which a test does without unless it is about that.
    pub fn keep_keys(&mut self, how: impl FnOnce(KeyKeeper) -> KeyKeeper) {
        let keeper = compose::key_keeper(&self.settings, &self.ports);
        let keeper = keeper.expect("no setting has the key");
        how(keeper).start(&mut self.background);
    }

    /// The application's time, so many days from now.
    #[must_use]
    pub fn in_days(&self, days: i64) -> DateTime<Utc> {
        self.clock.now() + TimeDelta::days(days)
    }

    /// Nobody.
    #[must_use]
    pub fn anonymous(&self) -> Client {
        self.anonymous.clone()
    }

    /// Somebody with the built-in role of administrators.
    pub async fn administrator(&self) -> Client {
        let mut user = user(Status::Active);
        user.roles.insert(RoleName::administrator());
        self.sign_in(&user).await
    }

    /// Somebody with an account and no permission.
    pub async fn member(&self) -> Client {
        self.sign_in(&user(Status::Active)).await
    }

    /// Somebody with these permissions and no other.
    pub async fn holder_of(&self, permissions: &[Permission]) -> Client {
        let mut user = user(Status::Active);
        user.roles.insert(self.role(permissions).await);
        self.sign_in(&user).await
    }

    /// A new role that grants these permissions.
    pub async fn role(&self, permissions: &[Permission]) -> RoleName {
        let names: Vec<&str> = permissions.iter().map(|it| it.name()).collect();
        self.database.role(&names).await
    }

    /// Stores an account with [`PASSWORD`].
    pub async fn store(&self, user: &User) {
        let hash = self
            .ports
            .hasher
            .hash(&PASSWORD.into())
            .await
            .expect("nobody else hashes");
        let mut tx = self
            .ports
            .database
            .begin(&origin())
            .await
            .expect("the database is there");
        tx.users_mut()
            .insert(user)
            .await
            .expect("nobody has this address");
        let credentials = tx.credentials_mut();
        credentials
            .put(user.id, &hash, self.clock.now())
            .await
            .expect("the user is there");
        tx.commit().await.expect("nothing speaks against it");
    }

    /// Stores an account, and signs its owner in.
    pub async fn sign_in(&self, user: &User) -> Client {
        self.store(user).await;
        self.session_of(user).await
    }

    /// Stores a session of somebody whose account is stored, as a sign-in would.
    pub async fn session_of(&self, user: &User) -> Client {
        let now = self.clock.now();
        let id = SessionId(self.ports.ids.next());
        let session = Session::begun(id, user.id, now, TimeDelta::days(30));
        let mut tx = self
            .ports
            .database
            .begin(&origin())
            .await
            .expect("the database is there");
        tx.sessions_mut()
            .insert(&session)
            .await
            .expect("the user is there");
        tx.sessions_mut()
            .insert_token(&refresh_token(&session))
            .await
            .expect("its session is there");
        tx.commit().await.expect("nothing speaks against it");
        let token = self.ports.signer.sign(&AccessClaims {
            id: self.ports.ids.next(),
            user_id: user.id,
            session_id: id,
            token_version: user.token_version,
            roles: user.roles.iter().cloned().collect(),
            authenticated_at: now,
            issued_at: now,
            expires_at: now + TimeDelta::minutes(10),
        });
        let token = token.expect("the key signs");
        self.anonymous()
            .with_token(token.expose_secret())
            .who_is(user.id.0)
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // Tells it; nobody waits.
        drop(self.server.stop(false));
    }
}

/// Work that nobody asked for over HTTP.
#[must_use]
pub fn origin() -> Origin {
    Origin::anonymous(Uuid::new_v4(), None)
}

/// Today: a token that the tests make has to look like one to others, too.
fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

fn keys() -> Keys {
    Keys {
        signing_key: Some(Es256Signer::generate_pem().expect("there are random bits")),
        master_key: random_secret().expect("there are random bits"),
        other_master_keys: Vec::new(),
    }
}
