//! A client that costs next to nothing: the server has most of the machine. It holds no answer to the contract, as the tests'
//! client does.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// One that is kept for many requests, one after another.
pub(crate) struct Connection(BufReader<TcpStream>);

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    /// To a host and a port.
    pub(crate) async fn to(host: &str) -> Self {
        let stream = TcpStream::connect(host).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket has that option");
        Self(BufReader::new(stream))
    }

    pub(crate) async fn send(&mut self, request: &str) -> Answer {
        let bytes = request.as_bytes();
        self.0.write_all(bytes).await.expect("the server reads");
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = self.0.read_line(&mut head).await.expect("a head is text");
            assert_ne!(read, 0, "the server has closed the connection: {head}");
        }
        let mut body = vec![0; length(&head)];
        self.0.read_exact(&mut body).await.expect("it is whole");
        let status = head.split(' ').nth(1).expect("an answer has a status");
        let status = status.parse().expect("a status is a number");
        Answer { status, body }
    }

    /// The body of an answer with that status.
    #[track_caller]
    pub(crate) fn expect(&mut self, status: u16, request: &str) -> impl Future<Output = Vec<u8>> {
        let asked = std::panic::Location::caller();
        async move {
            let Answer { status: got, body } = self.send(request).await;
            let text = String::from_utf8_lossy(&body);
            assert_eq!(got, status, "{asked}: {text}");
            body
        }
    }
}

fn length(head: &str) -> usize {
    let field = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let is_it = name.eq_ignore_ascii_case("content-length");
        is_it.then(|| value.trim().parse().expect("a length is a number"))
    };
    head.lines().find_map(field).unwrap_or(0)
}

pub(crate) fn get(path: &str, token: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n")
}

/// `headers` each end with a line break.
pub(crate) fn post(path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    )
}
