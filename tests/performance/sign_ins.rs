//! What readers notice of many who sign in at once, and what memory that takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use domain::users::Status;
use serde_json::json;
use support::factories::users::{PASSWORD, user};
use support::{TestApp, at_once};

use crate::figures::{milliseconds, quantile};
use crate::http::{Connection, get, post};
use crate::process::ServerProcess;
use crate::say;

const SIGN_INS: usize = 64;
const READERS: usize = 4;
const QUIET_READS: usize = 1_000;
const ROUNDS: usize = 3;

/// What a hash costs in config/default.toml: the tests' cost nothing.
const HASHING: [(&str, &str); 2] = [
    ("ASHLAR__PASSWORDS__ARGON2_MEMORY_KIB", "19456"),
    ("ASHLAR__PASSWORDS__ARGON2_ITERATIONS", "2"),
];

/// A pool of as many hashes as there are cores, as shipped, and for comparison none to speak of.
const POOLS: [(&str, &str); 2] = [("one hash a core", "0"), ("64 hashes at once", "64")];

pub(crate) async fn run() {
    let app = TestApp::start_with(&HASHING, |ports| ports).await;
    let reader = app.administrator().await;
    let read = get(&format!("/api/v1/users/{}", reader.id()), reader.token());
    let mut logins = Vec::new();
    for _ in 0..SIGN_INS {
        let user = user(Status::Active);
        app.store(&user).await;
        let body = json!({ "email": user.email.as_str(), "password": PASSWORD });
        let json = "Content-Type: application/json\r\n";
        logins.push(post("/api/v1/auth/login", json, &body.to_string()));
    }
    for (name, hashes) in POOLS {
        let pool = [("ASHLAR__PASSWORDS__MAX_CONCURRENT_HASHES", hashes)];
        measure(name, &ServerProcess::beside(&app, &pool), &read, &logins).await;
    }
}

async fn measure(name: &str, server: &ServerProcess, read: &str, logins: &[String]) {
    reads_alone(server, read).await;
    let memory = server.peak_memory().await;
    let (mut alone, mut beside, mut sign_ins) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.extend(reads_alone(server, read).await);
        let reading = Reading::start(server, read).await;
        sign_ins.extend(sign_in_at_once(server, logins).await);
        beside.extend(reading.stop().await);
    }
    let at = |times: &[Duration], part| milliseconds(quantile(times, part));
    let p99 = [at(&alone, 0.99), at(&beside, 0.99)];
    say(format_args!(
        "sign_ins, {name}: readers' median {:.2} ms, beside 64 sign-ins {:.2} ms; p99 {:.2} ms, beside them {:.2} ms ({:.1} times); \
         sign-ins' median {:.0} ms, last {:.0} ms; peak memory {memory} MiB, with them {} MiB",
        at(&alone, 0.5),
        at(&beside, 0.5),
        p99[0],
        p99[1],
        p99[1] / p99[0],
        at(&sign_ins, 0.5),
        at(&sign_ins, 1.0),
        server.peak_memory().await,
    ));
}

async fn reads_alone(server: &ServerProcess, read: &str) -> Vec<Duration> {
    let mut readers = Vec::new();
    for _ in 0..READERS {
        let mut connection = Connection::to(&server.host).await;
        let read = read.to_owned();
        readers.push(async move {
            let mut times = Vec::with_capacity(QUIET_READS);
            for _ in 0..QUIET_READS {
                times.push(timed(&mut connection, &read).await);
            }
            times
        });
    }
    at_once(readers).await.concat()
}

async fn sign_in_at_once(server: &ServerProcess, logins: &[String]) -> Vec<Duration> {
    let mut clients = Vec::new();
    for login in logins {
        let mut connection = Connection::to(&server.host).await;
        let login = login.clone();
        clients.push(async move { timed(&mut connection, &login).await });
    }
    at_once(clients).await
}

async fn timed(connection: &mut Connection, request: &str) -> Duration {
    let started = Instant::now();
    connection.expect(200, request).await;
    started.elapsed()
}

/// Goes on until it is stopped.
struct Reading {
    enough: Arc<AtomicBool>,
    readers: Vec<tokio::task::JoinHandle<Vec<Duration>>>,
}

impl Reading {
    async fn start(server: &ServerProcess, read: &str) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let mut readers = Vec::new();
        for _ in 0..READERS {
            let mut connection = Connection::to(&server.host).await;
            let (read, enough) = (read.to_owned(), Arc::clone(&enough));
            readers.push(tokio::spawn(async move {
                let mut times = Vec::new();
                while !enough.load(Ordering::Relaxed) {
                    times.push(timed(&mut connection, &read).await);
                }
                times
            }));
        }
        Self { enough, readers }
    }

    async fn stop(self) -> Vec<Duration> {
        self.enough.store(true, Ordering::Relaxed);
        let mut times = Vec::new();
        for reader in self.readers {
            times.extend(reader.await.expect("no reader panics"));
        }
        times
    }
}
