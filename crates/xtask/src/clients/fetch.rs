//! One GET, for which a whole HTTP client would be much.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// For each read, and far more than it takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The body of what a server on this machine answers.
pub(super) fn get(address: SocketAddr, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    body(&answer).with_context(|| format!("GET {path}"))
}

fn body(answer: &str) -> Result<String> {
    let Some((head, body)) = answer.split_once("\r\n\r\n") else {
        bail!("no answer of HTTP: {answer}");
    };
    ensure!(head.starts_with("HTTP/1.1 200 "), "{answer}");
    let is_in_chunks = head.to_ascii_lowercase().contains("\r\ntransfer-encoding:");
    ensure!(!is_in_chunks, "the body came in chunks:\n{head}");
    Ok(body.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_what_follows_the_head() {
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

        assert_eq!(body(answer).unwrap(), "{}");
    }

    #[test]
    fn everything_else_is_shown() {
        for refused in [
            "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "SSH-2.0",
        ] {
            let failure = body(refused).unwrap_err().to_string();

            assert!(
                failure.contains(refused.lines().next().unwrap()),
                "{failure}"
            );
        }
    }
}
