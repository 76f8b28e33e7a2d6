//! A network between a server and its PostgreSQL that a test can break.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

/// Hands on what either side says, until it is told to break. It lasts as long as somebody holds its other end.
pub(crate) struct Wire {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    connections: Vec<Connection>,
    /// What becomes of those that are made from now on.
    swallows_new: bool,
}

struct Connection {
    ends: [TcpStream; 2],
    /// The first that its client said, which names the application.
    greeting: Arc<Mutex<Vec<u8>>>,
    /// It stays open, and nobody hears what the other says: as when a router forgets a connection, or drops packets.
    swallows: Arc<AtomicBool>,
}

impl Wire {
    pub(crate) fn to(database: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = listener.local_addr().expect("it has been bound");
        let state = Arc::<Mutex<State>>::default();
        let connections = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming() {
                // Whoever hangs up before it is served has no say.
                let _ = client.and_then(|client| join(client, database, &connections));
            }
        });
        Self { address, state }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on nothing gets through, and nobody is told.
    pub(crate) fn swallow_everything(&self) {
        self.state().swallows_new = true;
        self.swallow(|_| true);
    }

    /// Nothing gets through on the connections that there are; others can be made.
    pub(crate) fn swallow_those_that_are(&self) {
        self.swallow(|_| true);
    }

    /// Nothing gets through on the connections of the application of that name.
    pub(crate) fn swallow_those_of(&self, application: &str) {
        let name = application.as_bytes();
        self.swallow(|it| it.windows(name.len()).any(|some| some == name));
    }

    /// Ends the connections that there are; others can be made.
    pub(crate) fn cut(&self) {
        for connection in self.state().connections.drain(..) {
            for end in connection.ends {
                // It may be closed by now.
                let _ = end.shutdown(Shutdown::Both);
            }
        }
    }

    /// Others can be made. What was swallowed has been lost, and so have its connections.
    pub(crate) fn mend(&self) {
        self.state().swallows_new = false;
    }

    fn swallow(&self, greeted: impl Fn(&[u8]) -> bool) {
        let state = self.state();
        let mut swallowed = 0;
        for connection in &state.connections {
            if !greeted(&connection.greeting.lock().expect("nobody failed")) {
                continue;
            }
            connection.swallows.store(true, Ordering::SeqCst);
            swallowed += 1;
        }
        assert!(swallowed > 0, "there is nothing to swallow");
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody failed")
    }
}

fn join(client: TcpStream, database: SocketAddr, state: &Mutex<State>) -> std::io::Result<()> {
    let server = TcpStream::connect(database)?;
    let mut state = state.lock().expect("nobody failed");
    let connection = Connection {
        ends: [client.try_clone()?, server.try_clone()?],
        greeting: Arc::default(),
        swallows: Arc::new(AtomicBool::new(state.swallows_new)),
    };
    let directions = [
        (
            client.try_clone()?,
            server.try_clone()?,
            Some(Arc::clone(&connection.greeting)),
        ),
        (server, client, None),
    ];
    for (from, to, heard) in directions {
        let swallows = Arc::clone(&connection.swallows);
        thread::spawn(move || hand_on(from, to, &swallows, heard.as_deref()));
    }
    state.connections.push(connection);
    Ok(())
}

/// Until either side hangs up.
fn hand_on(
    mut from: TcpStream,
    mut to: TcpStream,
    swallows: &AtomicBool,
    heard: Option<&Mutex<Vec<u8>>>,
) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        if let Some(heard) = heard {
            let mut heard = heard.lock().expect("nobody failed");
            let missing = GREETING.saturating_sub(heard.len()).min(length);
            heard.extend(&bytes[..missing]);
        }
        if !swallows.load(Ordering::SeqCst) && to.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    for end in [from, to] {
        let _ = end.shutdown(Shutdown::Both);
    }
}

/// Bytes in which a client has said who it is (PostgreSQL's documentation, section 55.2.1).
const GREETING: usize = 512;
