//! A PostgreSQL server of the test process's own.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _},
    net::{Ipv4Addr, TcpListener},
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database};
use uuid::Uuid;

const DEADLINE: Duration = Duration::from_secs(30);

/// Runs beside the tests and outlives them, so that it can clean up however they end. Given are the folder of the
/// programs, the folder of the data and the port. What it prints is the server's log.
const SUPERVISOR: &str = r#"
programs=$1 data=$2 port=$3
exec 3<&0
trap 'rm -rf "$data"' EXIT

# A password, because others may work on this machine. Sent as it is: SCRAM costs a debug build 40 ms a connection.
init() {
    printf '%s\n' "$PASSWORD" | "$programs/initdb" --pgdata="$data" --encoding=UTF8 "$@" \
        --username=postgres --pwfile=/dev/stdin --auth=password --no-sync --no-instructions
}

# Text in another order than its bytes, so that a query that relies on the order of bytes fails here.
init --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US || init --no-locale || exit

# Nothing of a test has to survive a power cut; a benchmark pays what production pays.
if [ -n "$ASHLAR_TEST_DURABLE" ]; then synced=on; else synced=off; fi
"$programs/postgres" -D "$data" -p "$port" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 \
    -c fsync=$synced -c full_page_writes=$synced -c synchronous_commit=$synced \
    -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=256MB -c shared_buffers=128MB &
server=$!

# The pipe ends with the tests. QUIT does not wait for clients; TERM is for a server that does not listen to QUIT yet.
{ read -r _; kill -TERM "$server"; kill -QUIT "$server"; } <&3 &
watcher=$!

wait "$server"
kill "$watcher"
"#;

/// How often another port is tried when somebody took the one that was free a moment ago.
const ATTEMPTS: usize = 5;

/// One server for all tests of a process. It ends with the process, however that ends, and takes its files along.
#[derive(Debug)]
pub struct PostgresServer {
    port: u16,
    password: String,
    /// Closes when this process ends, and then the supervisor stops the server.
    _lifeline: ChildStdin,
}

/// Whether this machine has the programs of a PostgreSQL server.
#[must_use]
pub fn available() -> bool {
    programs().is_some()
}

/// The server, started by the first test that asks.
///
/// Blocks while it starts: nothing of it belongs to the runtime of that test, which ends before the others do.
pub fn server() -> &'static PostgresServer {
    static SERVER: OnceLock<Result<PostgresServer, String>> = OnceLock::new();

    match SERVER.get_or_init(start) {
        Ok(server) => server,
        Err(reason) => panic!("PostgreSQL does not start: {reason}"),
    }
}

impl PostgresServer {
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let Self { port, password, .. } = self;
        format!("postgres://postgres:{password}@127.0.0.1:{port}/{database}")
    }

    pub async fn create_database(&self, name: &str) {
        self.execute(&format!("CREATE DATABASE {}", identifier(name)))
            .await;
    }

    /// Copies a database to which nobody is connected; many may copy it at once.
    pub async fn clone_database(&self, template: &str, name: &str) {
        // Faster than `WAL_LOG` where nothing is synced to disk: copies made at once share their checkpoints.
        self.execute(&format!(
            "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY",
            identifier(name),
            identifier(template),
        ))
        .await;
    }

    /// Drops it under whoever is connected; none to drop is fine.
    pub async fn drop_database(&self, name: &str) {
        self.execute(&format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            identifier(name)
        ))
        .await;
    }

    /// Cuts every connection to the database, and returns when they are gone.
    pub async fn terminate_connections(&self, database: &str) {
        self.execute(&format!(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = {}",
            literal(database)
        ))
        .await;
    }

    /// A connection for each statement, because one that is kept would end with the runtime of the test that made it.
    async fn execute(&self, statement: &str) {
        let mut options = ConnectOptions::new(self.url("postgres"));
        options.max_connections(1).sqlx_logging(false);
        let outcome = async {
            let connection = Database::connect(options).await?;
            let outcome = connection.execute_unprepared(statement).await;
            connection.close().await?;
            outcome
        }
        .await;
        if let Err(error) = outcome {
            panic!("PostgreSQL refuses `{statement}`: {error}");
        }
    }
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Where the programs are: the newest of those that Debian keeps side by side, or else the search path.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let newest = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry)))
        .map(|(version, entry)| (version, entry.path().join("bin")))
        .filter(|(_, folder)| is_complete(folder))
        .max_by_key(|(version, _)| *version)
        .map(|(_, folder)| folder);
    newest.or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| is_complete(folder))
    })
}

fn is_complete(folder: &Path) -> bool {
    folder.join("initdb").is_file() && folder.join("postgres").is_file()
}

fn start() -> Result<PostgresServer, String> {
    let programs = programs().ok_or("there is no `initdb` on this machine")?;
    let deadline = Instant::now() + DEADLINE;

    for _ in 1..ATTEMPTS {
        match start_by(deadline, &programs) {
            Err(reason) if reason.contains("Address already in use") => {}
            outcome => return outcome,
        }
    }
    start_by(deadline, &programs)
}

fn start_by(deadline: Instant, programs: &Path) -> Result<PostgresServer, String> {
    let failed = |error: io::Error| error.to_string();
    let port = free_port().map_err(failed)?;
    let password = Uuid::new_v4().simple().to_string();
    let log = tempfile::tempfile().map_err(failed)?;
    let folder = tempfile::Builder::new()
        .prefix("ashlar-postgres-")
        .tempdir_in(place())
        .map_err(failed)?;

    let mut supervisor =
        supervise(programs, folder.path(), port, &password, &log).map_err(failed)?;
    let lifeline = supervisor.stdin.take().ok_or("no pipe to the supervisor")?;
    // The supervisor removes it: this process may be killed before it could.
    let folder = folder.keep();

    while !is_ready(&folder) {
        if supervisor.try_wait().map_err(failed)?.is_some() {
            return Err(text(&log));
        }
        if Instant::now() > deadline {
            return Err(format!("not ready after {DEADLINE:?}\n{}", text(&log)));
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(PostgresServer {
        port,
        password,
        _lifeline: lifeline,
    })
}

/// In memory, where there is room: each test makes and drops a database of a thousand files, which is most of its work on
/// a disk. A benchmark pays for its disk.
fn place() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let durable = std::env::var_os("ASHLAR_TEST_DURABLE").is_some();
    if !durable && free_bytes(memory).is_some_and(|it| it >= ROOM) {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    }
}

/// Several times what it takes.
const ROOM: u64 = 2 << 30;

fn free_bytes(folder: &Path) -> Option<u64> {
    let arguments = ["--output=avail", "--block-size=1"];
    let output = Command::new("df")
        .args(arguments)
        .arg(folder)
        .output()
        .ok()?;
    let answer = String::from_utf8_lossy(&output.stdout);
    answer.lines().last()?.trim().parse().ok()
}

fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

fn supervise(
    programs: &Path,
    folder: &Path,
    port: u16,
    password: &str,
    log: &File,
) -> io::Result<Child> {
    let mut supervisor = Command::new("sh");
    supervisor
        .args(["-c", SUPERVISOR, "postgres-supervisor"])
        .args([programs, folder])
        .arg(port.to_string())
        .env("PASSWORD", password)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(log.try_clone()?)
        .stderr(log.try_clone()?)
        // Ctrl-C ends the tests, and their end the server: the supervisor has to live a little longer.
        .process_group(0);
    if id(&["-u"])? == 0 {
        // The server refuses to run as root.
        let (user, group) = (id(&["-u", "postgres"])?, id(&["-g", "postgres"])?);
        chown(folder, Some(user), Some(group))?;
        supervisor.uid(user).gid(group);
    }
    supervisor.spawn()
}

fn id(arguments: &[&str]) -> io::Result<u32> {
    let output = Command::new("id").args(arguments).output()?;
    let answer = String::from_utf8_lossy(&output.stdout);
    answer.trim().parse().map_err(|_| {
        let complaint = String::from_utf8_lossy(&output.stderr);
        io::Error::other(complaint.trim().to_owned())
    })
}

/// The server notes it in its folder. An answer at the port would prove less: it may be that of another server.
fn is_ready(folder: &Path) -> bool {
    fs::read_to_string(folder.join("postmaster.pid"))
        .is_ok_and(|status| status.lines().any(|line| line.trim() == "ready"))
}

fn text(mut log: &File) -> String {
    let mut text = String::new();
    match log.rewind().and_then(|()| log.read_to_string(&mut text)) {
        Ok(_) => text,
        Err(error) => format!("its log cannot be read: {error}"),
    }
}
