//! Requests that can be read, but that a proxy in front may read as another one (RFC 9112, section
//! 11.2): they are refused, and nothing that follows them on their connection is answered.

use std::cell::Cell;

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::http::header::{HOST, HeaderValue, UPGRADE};
use actix_web::http::uri::{Authority, Uri};
use actix_web::middleware::Next;

use crate::problem::{BAD_REQUEST, Problem};

/// What all requests of one connection share; the server makes it when somebody connects.
#[derive(Debug, Default)]
pub struct Connection {
    /// Whether the last request has been seen that it may bring.
    ends: Cell<bool>,
}

/// What `next` answers, unless the request is in doubt.
pub(crate) async fn checked(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let doubt = doubt(&request);
    let last = request.head().connection_type() == ConnectionType::Close;
    if let Some(connection) = request.conn_data::<Connection>() {
        connection.ends.set(doubt.is_some() || last);
    }
    match doubt {
        Some(doubt) => Ok(request.error_response(Problem::new(&BAD_REQUEST, doubt))),
        None => Ok(next.call(request).await?.map_into_boxed_body()),
    }
}

/// Nothing more is answered on the connection: of what follows nobody knows where it begins.
pub(crate) fn give_up(response: &ServiceResponse<BoxBody>) {
    if let Some(connection) = response.request().conn_data::<Connection>() {
        connection.ends.set(true);
    }
}

/// Tells the client, and actix, when nothing more is answered.
pub(crate) fn end(response: &mut ServiceResponse<BoxBody>) {
    let connection = response.request().conn_data::<Connection>();
    if connection.is_some_and(|it| it.ends.get()) {
        let head = response.response_mut().head_mut();
        head.set_connection_type(ConnectionType::Close);
    }
}

fn doubt(request: &ServiceRequest) -> Option<&'static str> {
    let connection = request.conn_data::<Connection>();
    let headers = request.headers();
    if connection.is_some_and(|it| it.ends.get()) {
        // RFC 9112, section 9.6. actix would answer what was sent together with the last request.
        Some("the request before this one was the last of its connection")
    } else if !headers.get_all(HOST).all(is_authority) {
        Some("Host is no host, or no port")
    } else if !is_ours(request.uri()) {
        Some("the target is no address of a web server")
    } else if headers.get_all(UPGRADE).any(is_websocket) {
        // actix takes everything that follows for its body, whatever its length is said to be.
        Some("there are no WebSockets here")
    } else {
        None
    }
}

/// RFC 9110, section 7.2; a host that is empty is none (section 4.2.1).
fn is_authority(value: &HeaderValue) -> bool {
    let text = value.to_str().unwrap_or_default();
    let Ok(authority) = text.parse::<Authority>() else {
        return false;
    };
    let host = authority.host();
    let port = text.strip_prefix(host).filter(|_| !host.is_empty());
    port.is_some_and(|it| match it.strip_prefix(':') {
        Some("") => true,
        Some(port) => port.bytes().all(|it| it.is_ascii_digit()) && port.parse::<u16>().is_ok(),
        None => it.is_empty(),
    })
}

/// RFC 9112, section 3.2.2: who sends a whole address is answered as if it were a path.
fn is_ours(target: &Uri) -> bool {
    let of_the_web = target
        .scheme_str()
        .is_none_or(|it| ["http", "https"].contains(&it));
    // RFC 9110, section 4.2.4.
    of_the_web
        && !target
            .authority()
            .is_some_and(|it| it.as_str().contains('@'))
}

fn is_websocket(value: &HeaderValue) -> bool {
    value
        .as_bytes()
        .trim_ascii()
        .eq_ignore_ascii_case(b"websocket")
}
