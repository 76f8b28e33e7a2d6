use std::net::SocketAddr;

use crate::http::{self, Answer};
use crate::place::Place;
use crate::server::port_of_our_own;

const MAIL: &str = "01936f5e-8c00-7000-8000-000000000000.eml";

/// A developer's server, whose mail is shown there.
async fn with_mail() -> (Place, SocketAddr) {
    let address = SocketAddr::from(([127, 0, 0, 1], port_of_our_own()));
    let text = "To: Ada <ada@example.org>\r\nSubject: Hello\r\n\r\nHello Ada\r\n";
    let place = Place::new()
        .await
        .set("ASHLAR__MAIL__INBOX", &address.to_string())
        .file(&format!("data/mail/{MAIL}"), text);
    (place, address)
}

fn get(address: SocketAddr, path: &str) -> Answer {
    http::send(address, "GET", path, "", "")
}

#[tokio::test]
async fn a_developer_reads_in_a_browser_what_was_mailed() {
    let (place, address) = with_mail().await;
    let _server = place.serve();

    let list = get(address, "/");
    let mail = get(address, &format!("/{MAIL}"));

    assert_eq!(list.status, 200, "{list:?}");
    for text in ["Hello", "ada@example.org", &format!("href=\"/{MAIL}\"")] {
        assert!(list.body.contains(text), "{text}: {list:?}");
    }
    let policy = list.header("content-security-policy");
    assert_eq!(policy, Some("default-src 'none'"));
    assert_eq!(
        (mail.status, mail.body.ends_with("Hello Ada\r\n")),
        (200, true)
    );
    assert_eq!(
        mail.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(mail.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn who_asks_for_the_head_of_a_page_gets_it_without_the_page() {
    let (place, address) = with_mail().await;
    let _server = place.serve();

    for path in ["/", &format!("/{MAIL}"), "/none.eml"] {
        let page = get(address, path);
        let head = http::send(address, "HEAD", path, "", "");

        assert_eq!(head.status, page.status, "{path}: {head:?}");
        for name in ["content-type", "content-length", "cache-control"] {
            assert_eq!(head.header(name), page.header(name), "{path}: {name}");
        }
        assert_eq!(head.body, "", "{path}");
    }
}

#[tokio::test]
async fn nothing_else_of_the_machine_is_shown() {
    let (place, address) = with_mail().await;
    let _server = place.serve();

    for path in [
        "/..%2fashlar.db.eml",
        "/../ashlar.db",
        "/01936f5e-8c00-7000-8000-000000000001.eml",
        "/01936f5e-8c00-7000-8000-000000000000",
    ] {
        let answer = get(address, path);
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
    }
}

/// Whose name leads to this machine is a page of a stranger.
#[tokio::test]
async fn pages_of_strangers_read_no_mail() {
    let (place, address) = with_mail().await;
    let _server = place.serve();

    let mut stream = http::connect(address);
    let request = "GET / HTTP/1.1\r\nHost: rebound.example.org\r\nConnection: close\r\n\r\n";
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();

    assert_eq!(Answer::read(&mut stream).status, 404);
}

#[tokio::test]
async fn a_second_server_works_without_the_page() {
    let (place, address) = with_mail().await;
    let _first = place.serve();
    let second = Place::new()
        .await
        .set("ASHLAR__MAIL__INBOX", &address.to_string());

    let server = second.serve();

    assert_eq!(server.ask("GET", "/problems").status, 200);
}
