use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Instant;

use serde_json::{Value, json};

use crate::http::{self, Answer};
use crate::lines::DEADLINE;
use crate::program::{Ended, Program};

/// An `ashlar serve` that listens. Its logs are JSON.
pub(crate) struct Server {
    pub(crate) program: Program,
    pub(crate) address: SocketAddr,
}

impl Server {
    #[track_caller]
    pub(crate) fn start(command: Command) -> Self {
        Self::once_listening(Program::start(command, ""))
    }

    #[track_caller]
    pub(crate) fn once_listening(mut program: Program) -> Self {
        match program.errors.find(listening) {
            Some(address) => Self { program, address },
            None => panic!("it does not listen: {:?}", program.ended()),
        }
    }

    pub(crate) fn get(&self, path: &str, token: Option<&str>) -> Answer {
        http::send(self.address, "GET", path, &authorization(token), "")
    }

    /// A connection on which nothing has been said.
    pub(crate) fn connect(&self) -> TcpStream {
        http::connect(self.address)
    }

    pub(crate) fn ask(&self, method: &str, path: &str) -> Answer {
        http::send(self.address, method, path, "", "")
    }

    /// `headers` each end with a line break.
    pub(crate) fn get_with(&self, path: &str, headers: &str) -> Answer {
        http::send(self.address, "GET", path, headers, "")
    }

    pub(crate) fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Answer {
        let (headers, body) = (authorization(token), body.to_string());
        http::send(self.address, "POST", path, &headers, &body)
    }

    pub(crate) fn log_in(&self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        self.post("/api/v1/auth/login", None, &body)
    }

    /// The access token.
    #[track_caller]
    pub(crate) fn sign_in(&self, email: &str, password: &str) -> String {
        let answer = self.log_in(email, password);
        assert_eq!(answer.status, 200, "{answer:?}");
        let body = answer.json();
        let token = body["access_token"].as_str();
        token.expect("there is a token").to_owned()
    }

    /// Asks until the token is refused, which another process has revoked.
    #[track_caller]
    pub(crate) fn refuses_soon(&self, token: &str) {
        let give_up = Instant::now() + DEADLINE;
        loop {
            let answer = self.get("/api/v1/me", Some(token));
            if answer.status == 401 {
                return;
            }
            assert_eq!(answer.status, 200, "{answer:?}");
            assert!(Instant::now() < give_up, "the token is still good");
        }
    }

    /// Asks it to end, and waits until it has.
    #[track_caller]
    pub(crate) fn stop(self) -> Ended {
        self.program.terminate();
        self.program.ended()
    }
}

fn authorization(token: Option<&str>) -> String {
    token.map_or_else(String::new, |token| {
        format!("Authorization: Bearer {token}\r\n")
    })
}

fn listening(line: &str) -> Option<SocketAddr> {
    let line: Value = serde_json::from_str(line).ok()?;
    let address = line["address"]
        .as_str()
        .filter(|_| line["message"] == "listening")?;
    address.parse().ok()
}

/// For what cannot ask for any free port: one from below those that the system hands out by itself, so that nobody
/// gets it in between.
pub(crate) fn port_of_our_own() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 1_000).expect("it is small") * 10;
    loop {
        let port = first + TAKEN.fetch_add(1, Ordering::Relaxed);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
