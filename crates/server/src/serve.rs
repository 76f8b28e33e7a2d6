//! From settings to a server that answers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::Server;
use anyhow::Context;
use api::{Api, Connection};
use infrastructure::Pools;

use crate::compose::{self, or_cores};
use crate::first_administrator;
use crate::keys::Keys;
use crate::settings::{self, Environment, Settings};

/// Serves until it is told to stop (SIGTERM lets running requests end; SIGINT does not wait).
///
/// # Errors
/// When it cannot start: the database, its schema, a key, the address.
pub async fn serve(settings: &Settings) -> anyhow::Result<()> {
    compose::check(settings)?;
    let pools = Pools::connect(&compose::database(&settings.database)).await?;
    if settings.database.migrate_on_start {
        for name in migration::up(pools.writer(), None)
            .await
            .context("cannot migrate")?
        {
            tracing::info!(name, "migrated");
        }
    } else {
        ensure_migrated(&pools).await?;
    }
    let ports = compose::ports(settings, &Keys::of(settings)?, pools.clone())?;
    if settings.environment == Environment::Development {
        let credentials = compose::credentials(settings, &ports);
        first_administrator::ensure(&ports, &credentials).await?;
    }
    let (mut server, addresses) = bind(compose::api(settings, &ports), &settings.server)?;
    // Polled for the first time it starts its workers and catches signals; before, a SIGTERM would just kill it.
    tokio::select! {
        biased;
        ended = &mut server => return Ok(ended?),
        () = std::future::ready(()) => {}
    }
    for address in addresses {
        tracing::info!(%address, public_url = settings.server.public_url, "listening");
    }
    server.await?;
    pools.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Without its tables everything else would fail less clearly.
pub(crate) async fn ensure_migrated(pools: &Pools) -> anyhow::Result<()> {
    let all = migration::status(pools.writer())
        .await
        .context("cannot read the migrations")?;
    let pending = all.iter().filter(|it| !it.applied).count();
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
pub fn bind(
    api: Arc<Api>,
    settings: &settings::Server,
) -> anyhow::Result<(Server, Vec<SocketAddr>)> {
    let workers = or_cores(settings.workers);
    let server = HttpServer::new(move || api::app(&api))
        .workers(workers)
        .max_connections(settings.max_connections.div_ceil(workers))
        .keep_alive(Duration::from_millis(settings.keep_alive_ms))
        .client_request_timeout(Duration::from_millis(settings.header_timeout_ms))
        .shutdown_timeout(settings.shutdown_timeout_ms.div_ceil(1000))
        // Who has left needs no answer: their work stops, and is rolled back.
        .h1_allow_half_closed(false)
        .on_connect(|_, data| {
            data.insert(Connection::default());
        })
        .bind(settings.bind)
        .with_context(|| format!("cannot listen on {}", settings.bind))?;
    let addresses = server.addrs();
    Ok((server.run(), addresses))
}
