//! The mail of a developer's server, as pages, on an address of its own: not a part of the API, and not there in production.

mod folder;

use std::net::SocketAddr;
use std::path::PathBuf;

use actix_web::dev::Server;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, ContentType, HOST, HeaderValue};
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, Data, Path};
use actix_web::{App, HttpResponse, HttpServer, error, guard};
use uuid::Uuid;

use crate::background::Stop;
use folder::MailFolder;

/// Listens, if it can: nothing else depends on it, and another server of the same developer may have the address.
pub(crate) fn open(folder: PathBuf, address: SocketAddr) -> Option<Server> {
    match bind(folder, address) {
        Ok((server, address)) => {
            tracing::info!(page = %format!("http://{address}/"), "mail is shown");
            Some(server)
        }
        Err(error) => {
            tracing::warn!(%error, %address, "mail is not shown: `mail.inbox` cannot be had");
            None
        }
    }
}

/// Serves until it is told to stop.
pub(crate) async fn run(server: Server, mut stop: Stop) {
    let handle = server.handle();
    let told = async {
        stop.told().await;
        handle.stop(false).await;
    };
    let (ended, ()) = tokio::join!(server, told);
    if let Err(error) = ended {
        tracing::warn!(%error, "mail is shown no more");
    }
}

fn bind(folder: PathBuf, address: SocketAddr) -> std::io::Result<(Server, SocketAddr)> {
    let folder = Data::new(MailFolder::of(folder));
    let app = move || {
        let headers = DefaultHeaders::new()
            .add((CONTENT_SECURITY_POLICY, "default-src 'none'"))
            .add(("Cache-Control", "no-store"))
            .add(("Referrer-Policy", "no-referrer"))
            .add(("X-Content-Type-Options", "nosniff"));
        App::new()
            .app_data(Data::clone(&folder))
            .wrap(headers)
            .service(
                web::scope("")
                    // A page of somebody else's whose name leads to this machine (DNS rebinding) must not read it.
                    .guard(guard::fn_guard(|it| {
                        it.head().headers().get(HOST).is_some_and(is_loopback)
                    }))
                    .guard(guard::Any(guard::Get()).or(guard::Head()))
                    .service(web::resource("/").to(list))
                    .service(web::resource("/{id}.eml").to(show)),
            )
    };
    let server = HttpServer::new(app).workers(1).disable_signals();
    let server = server.bind(address)?;
    let address = server.addrs().first().copied().unwrap_or(address);
    Ok((server.run(), address))
}

async fn list(folder: Data<MailFolder>) -> actix_web::Result<HttpResponse> {
    let page = folder
        .page()
        .await
        .map_err(error::ErrorInternalServerError)?;
    Ok(HttpResponse::Ok()
        .content_type(ContentType::html())
        .body(page))
}

async fn show(folder: Data<MailFolder>, id: Path<Uuid>) -> actix_web::Result<HttpResponse> {
    let mail = folder.mail(*id).await;
    match mail.map_err(error::ErrorInternalServerError)? {
        Some(mail) => Ok(HttpResponse::Ok()
            .content_type(ContentType::plaintext())
            .body(mail)),
        None => Ok(HttpResponse::NotFound().finish()),
    }
}

/// Whether it names this machine, whatever the port.
fn is_loopback(host: &HeaderValue) -> bool {
    let host = host.to_str().unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|it| it.is_ascii_digit()) => name,
        _ => host,
    };
    ["127.0.0.1", "localhost", "[::1]"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_taken() {
        for (host, taken) in [
            ("127.0.0.1:8025", true),
            ("localhost", true),
            ("[::1]:8025", true),
            ("rebound.example.org:8025", false),
            ("127.0.0.1.example.org", false),
            ("localhost.example.org:80", false),
            ("", false),
        ] {
            assert_eq!(
                is_loopback(&HeaderValue::from_static(host)),
                taken,
                "{host}"
            );
        }
    }
}
