use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{Answer, Client, Contract};

/// A request that a test sends piece by piece, and as it likes: a well-behaved client would not.
pub struct RawRequest {
    stream: TcpStream,
    operation: Option<&'static str>,
}

/// Far more than anything takes, so that a server that never answers is a failure.
const PATIENCE: Duration = Duration::from_secs(30);

impl Client {
    /// Sends the head of a request, with this client's token, on a connection of its own.
    pub async fn begin(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> RawRequest {
        let mut lines = vec![
            format!("{method} {path} HTTP/1.1"),
            format!("Host: {}", self.host()),
        ];
        let token = self.token_if_any();
        lines.extend(token.map(|it| format!("Authorization: Bearer {it}")));
        lines.extend(
            headers
                .iter()
                .map(|(name, value)| format!("{name}: {value}")),
        );
        let head = format!("{}\r\n\r\n", lines.join("\r\n"));
        let plain = path.split('?').next().unwrap_or_default();
        let operation = Contract::ours().operation(&method, plain);
        let operation = operation.map(|it| &*it.id);
        let stream = TcpStream::connect(self.host()).await;
        let stream = stream.expect("the server listens");
        let mut request = RawRequest { stream, operation };
        request.send(head.as_bytes()).await;
        request
    }
}

impl RawRequest {
    pub async fn send(&mut self, bytes: &[u8]) {
        let sent = self.stream.write_all(bytes).await;
        sent.expect("the server reads");
    }

    /// The next answer on the connection, whole.
    pub async fn answer(&mut self) -> Answer {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
                break end + 4;
            }
            assert_ne!(self.read(&mut bytes).await, 0, "no answer");
        };
        let mut answer = head(&bytes[..end]);
        let length = answer.header("content-length");
        let length: usize = length.map_or(0, |it| it.parse().expect("a length is a number"));
        while bytes.len() < end + length {
            assert_ne!(self.read(&mut bytes).await, 0, "half an answer");
        }
        answer.body = bytes.split_off(end);
        // What is no HTTP never gets as far as an operation; what is sent later may be another one.
        let operation = self.operation.take();
        let reached = answer.header("x-request-id").and(operation);
        answer.hold_to_contract(reached);
        answer
    }

    /// Comes back when the server says nothing more.
    pub async fn ends(&mut self) {
        let mut rest = Vec::new();
        let read = self.read(&mut rest).await;
        assert_eq!(read, 0, "{:?}", String::from_utf8_lossy(&rest));
    }

    async fn read(&mut self, bytes: &mut Vec<u8>) -> usize {
        let read = tokio::time::timeout(PATIENCE, self.stream.read_buf(bytes)).await;
        let read = read.expect("the server says something, or ends");
        read.expect("the connection is not cut off")
    }
}

fn head(bytes: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.trim_end().split("\r\n");
    let status = lines
        .next()
        .and_then(|it| it.split(' ').nth(1)?.parse().ok());
    let status = status.and_then(|it| StatusCode::from_u16(it).ok());
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|it| it.split_once(": ")) {
        let name: HeaderName = name.parse().expect("a header has a name");
        let value: HeaderValue = value.parse().expect("a header has a value");
        headers.append(name, value);
    }
    Answer {
        status: status.expect("an answer has a status"),
        headers,
        body: Vec::new(),
    }
}
