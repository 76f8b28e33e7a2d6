//! From settings to a server that answers.

use std::future::ready;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_http::HttpService;
use actix_service::{ServiceFactoryExt, map_config};
use actix_web::dev::{AppConfig, Server, fn_service};
use anyhow::Context;
use api::{Api, Connection};
use infrastructure::{Pools, SystemClock};
use sea_orm_migration_runner::Target;
use tokio::net::{TcpSocket, TcpStream};

use crate::background::Background;
use crate::compose::{self, or_cores};
use crate::connection::Watched;
use crate::delivery;
use crate::first_administrator;
use crate::inbox;
use crate::keys::Keys;
use crate::settings::{self, Environment, MailTransport, Settings};
use crate::upkeep;

/// Serves until it is told to stop (SIGTERM lets running requests end; SIGINT does not wait).
///
/// # Errors
/// When it cannot start: the database, its schema, a key, the address.
pub async fn serve(settings: &Settings) -> anyhow::Result<()> {
    compose::check(settings)?;
    let database = compose::database(&settings.database);
    let pools = Pools::connect(&database).await?;
    if settings.database.migrate_on_start {
        for name in compose::migrations(&settings.database)
            .up(pools.writer(), &Target::All)
            .await
            .context("cannot migrate")?
        {
            tracing::info!(name, "migrated");
        }
    } else {
        ensure_migrated(&pools).await?;
    }
    let clock = Arc::new(SystemClock::default());
    let ports = compose::ports(settings, &Keys::of(settings)?, pools.clone(), clock)?;
    if settings.environment == Environment::Development {
        let credentials = compose::credentials(settings, &ports);
        first_administrator::ensure(&ports, &credentials).await?;
    }
    let own_pools = pools.beside(&database).await?;
    let beside = compose::over(own_pools.clone(), &ports);
    let keeper = compose::key_keeper(settings, &beside);
    if let Some(keeper) = &keeper {
        let loaded = keeper.load().await;
        loaded.context("cannot load the signing keys")?;
    }
    // Nobody is served by a server that does not know what became void before it started.
    let follower = compose::follower(settings, &beside);
    let loaded = follower.load().await;
    loaded.context("cannot load the revocations")?;
    let (mut server, address) = bind(compose::api(settings, &ports), &settings.server)?;
    // Polled for the first time it starts its workers and catches signals; before, a SIGTERM would just kill it.
    tokio::select! {
        biased;
        ended = &mut server => return Ok(ended?),
        () = std::future::ready(()) => {}
    }
    let mut background = Background::default();
    let outbox = compose::outbox(settings, &beside);
    let ids = Arc::clone(&ports.ids);
    background.start("delivery", |stop| delivery::run(outbox, ids, stop));
    let upkeep = compose::upkeep(settings, &beside);
    let ids = Arc::clone(&ports.ids);
    background.start("upkeep", |stop| upkeep::run(upkeep, ids, stop));
    if settings.mail.transport == MailTransport::Folder {
        let folder = settings.mail.folder.clone();
        if let Some(server) = inbox::open(folder, settings.mail.inbox) {
            background.start("inbox", |stop| inbox::run(server, stop));
        }
    }
    follower.start(&mut background);
    if let Some(keeper) = keeper {
        keeper.start(&mut background);
    }
    compose::api_key_uses(&beside).start(&mut background);
    tracing::info!(%address, public_url = settings.server.public_url, "listening");
    server.await?;
    background.stop(BACKGROUND_STOP).await;
    own_pools.close().await;
    pools.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// How long the work beside the requests may take to end.
const BACKGROUND_STOP: Duration = Duration::from_secs(5);

/// Without its tables everything else would fail less clearly.
pub(crate) async fn ensure_migrated(pools: &Pools) -> anyhow::Result<()> {
    let status = migration::runner().status(pools.writer()).await;
    let status = status.context("cannot read the migrations")?;
    status.check()?;
    let pending = status.pending();
    anyhow::ensure!(
        pending == 0,
        "{pending} migrations are pending: run `ashlar migrate up`"
    );
    Ok(())
}

/// A server on the address of the settings, which runs as long as it is awaited or spawned.
///
/// # Errors
/// When the address is taken or not ours.
pub fn bind(api: Arc<Api>, settings: &settings::Server) -> anyhow::Result<(Server, SocketAddr)> {
    let workers = or_cores(settings.workers);
    let listener = listen(settings.bind);
    let listener = listener.with_context(|| format!("cannot listen on {}", settings.bind))?;
    let address = listener.local_addr()?;
    let keep_alive = Duration::from_millis(settings.keep_alive_ms);
    let head = Duration::from_millis(settings.header_timeout_ms);
    let limit = head + Duration::from_millis(settings.request_timeout_ms);
    let builder = Server::build();
    let stop = builder.graceful_shutdown_signal();
    let server = builder
        .workers(workers)
        .max_concurrent_connections(settings.max_connections.div_ceil(workers))
        .shutdown_timeout(settings.shutdown_timeout_ms.div_ceil(1000))
        // `HttpServer` does the same, but has no place for a stream of our own.
        .listen("http", listener, move || {
            let stop = stop.clone();
            let http = HttpService::build()
                .graceful_shutdown_signal(move || {
                    let stop = stop.clone();
                    async move { stop.notified().await }
                })
                .keep_alive(keep_alive)
                .client_request_timeout(head)
                .client_disconnect_timeout(DISCONNECT_TIMEOUT)
                // Who has left needs no answer: their work stops, and is rolled back.
                .h1_allow_half_closed(false)
                .on_connect_ext(|_: &Watched<TcpStream>, data| {
                    data.insert(Connection::default());
                })
                .h1(map_config(api::app(&api), |()| AppConfig::default()));
            fn_service(move |stream: TcpStream| {
                // An answer in several pieces need not wait until the client has acknowledged the first.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection will be slower");
                }
                let client = stream.peer_addr().ok();
                ready(Ok((
                    Watched::new(stream, limit, keep_alive + limit),
                    client,
                )))
            })
            .and_then(http)
        })?;
    Ok((server.run(), address))
}

/// How long a client may go on sending what nobody reads any more, so that it sees its answer.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(1);

fn listen(address: SocketAddr) -> std::io::Result<std::net::TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // A server that is started again need not wait for the connections of the one before.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(1024)?.into_std()
}
