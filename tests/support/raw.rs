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
    /// What has come and belongs to no answer yet.
    received: Vec<u8>,
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
        let mut request = self.connect().await;
        request.operation = operation;
        request.send(head.as_bytes()).await;
        request
    }

    /// A connection on which nothing has been said.
    pub async fn connect(&self) -> RawRequest {
        let stream = TcpStream::connect(self.host()).await;
        RawRequest {
            stream: stream.expect("the server listens"),
            received: Vec::new(),
            operation: None,
        }
    }
}

impl RawRequest {
    pub async fn send(&mut self, bytes: &[u8]) {
        let sent = self.stream.write_all(bytes).await;
        sent.expect("the server reads");
    }

    /// The next answer on the connection, whole.
    pub async fn answer(&mut self) -> Answer {
        let end = loop {
            let mut windows = self.received.windows(4);
            if let Some(end) = windows.position(|it| it == b"\r\n\r\n") {
                break end + 4;
            }
            assert_ne!(self.read().await, 0, "no answer");
        };
        let mut answer = head(&self.received[..end]);
        let length = answer.header("content-length");
        let length: usize = length.map_or(0, |it| it.parse().expect("a length is a number"));
        while self.received.len() < end + length {
            assert_ne!(self.read().await, 0, "half an answer");
        }
        let rest = self.received.split_off(end + length);
        answer.body = std::mem::replace(&mut self.received, rest).split_off(end);
        // What is no HTTP never gets as far as an operation; what is sent later may be another one.
        let operation = self.operation.take();
        let reached = answer.header("x-request-id").and(operation);
        answer.hold_to_contract(reached);
        answer
    }

    /// Comes back when the server says nothing more.
    pub async fn ends(&mut self) {
        if self.received.is_empty() {
            self.read().await;
        }
        let rest = String::from_utf8_lossy(&self.received);
        assert!(rest.is_empty(), "{rest:?}");
    }

    /// Sends as much as the server takes, and gives everything that it answers until it ends the
    /// connection.
    pub async fn exchange(mut self, bytes: &[u8]) -> Vec<Answer> {
        let (mut reader, mut writer) = self.stream.split();
        let read = async {
            // Who is cut off in the middle of sending has been answered before.
            while let Ok(1..) = reader.read_buf(&mut self.received).await {}
        };
        let both = async { tokio::join!(writer.write_all(bytes), read) };
        let both = tokio::time::timeout(PATIENCE, both).await;
        drop(both.expect("the server ends the connection"));
        let mut answers = Vec::new();
        while !self.received.is_empty() {
            answers.push(self.answer().await);
        }
        answers
    }

    /// Asks for this again and again and reads no answer, until the server ends the connection.
    pub async fn flood(mut self, request: &[u8]) {
        let many = request.repeat(1_000);
        let sent = async { while self.stream.write_all(&many).await.is_ok() {} };
        let sent = tokio::time::timeout(PATIENCE, sent).await;
        sent.expect("the server ends the connection");
    }

    async fn read(&mut self) -> usize {
        let read = self.stream.read_buf(&mut self.received);
        let read = tokio::time::timeout(PATIENCE, read).await;
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
