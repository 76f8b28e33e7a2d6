//! Where a request comes from: the socket's other end, or what a proxy that is trusted says.

use std::net::{IpAddr, SocketAddr};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::HeaderName;
use ipnet::IpNet;

/// From `X-Forwarded-For` as far as trusted proxies have written it, and from no other header.
/// `None` where there is no socket.
pub(crate) fn client_address(request: &ServiceRequest, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let lines: Vec<_> = request.headers().get_all(FORWARDED_FOR).collect();
    let lines = lines.iter().rev();
    Some(farthest(peer, lines.map(|it| it.to_str().ok()), trusted))
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Each proxy adds at the end whom it heard. So the list is read from there, as long as whoever has
/// added the entry is trusted: what stands further left, anybody can have sent. `lines` come last
/// first; one that is no text is `None`.
fn farthest<'a>(
    peer: IpAddr,
    lines: impl Iterator<Item = Option<&'a str>>,
    trusted: &[IpNet],
) -> IpAddr {
    let mut client = peer.to_canonical();
    for line in lines {
        let Some(line) = line else {
            return client;
        };
        let entries = line.rsplit(',').map(str::trim);
        for entry in entries.filter(|it| !it.is_empty()) {
            if !trusted.iter().any(|it| it.contains(&client)) {
                return client;
            }
            match address(entry) {
                Some(address) => client = address,
                None => return client,
            }
        }
    }
    client
}

/// Some proxies add the port, and brackets around IPv6.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry
        .strip_prefix('[')
        .and_then(|it| it.strip_suffix(']'))
        .filter(|it| it.contains(':'))
        .unwrap_or(entry);
    let with_port = || bare.parse::<SocketAddr>().map(|it| it.ip());
    let address = bare.parse().or_else(|_| with_port()).ok()?;
    Some(IpAddr::to_canonical(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.1";

    /// The lines as they are sent.
    fn client(peer: &str, lines: &[&str]) -> String {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|it| it.parse().unwrap());
        let peer = peer.parse().unwrap();
        let lines = lines.iter().rev().map(|it| Some(*it));
        farthest(peer, lines, &trusted).to_string()
    }

    #[test]
    fn a_trusted_proxy_is_believed() {
        for (lines, expected) in [
            (&["192.0.2.7"][..], "192.0.2.7"),
            (&["192.0.2.7, 10.0.0.2"], "192.0.2.7"),
            (&["192.0.2.7,10.0.0.3 ,\t10.0.0.2"], "192.0.2.7"),
            (&["192.0.2.7", "10.0.0.3", "10.0.0.2"], "192.0.2.7"),
            (&["2001:db8::7, fd00::1"], "2001:db8::7"),
            (&["192.0.2.7, , ,"], "192.0.2.7"),
            (&[], PROXY),
            (&[""], PROXY),
        ] {
            assert_eq!(client(PROXY, lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn anybody_else_is_not() {
        for peer in ["192.0.2.1", "11.0.0.1", "2001:db8::1"] {
            assert_eq!(client(peer, &["192.0.2.7"]), peer);
            assert_eq!(client(peer, &["10.0.0.1"]), peer);
        }
    }

    #[test]
    fn what_a_client_puts_in_front_does_not_count() {
        for sent in [
            "192.0.2.9, 192.0.2.7",
            "10.0.0.9, 192.0.2.7",
            "x, 192.0.2.7",
        ] {
            assert_eq!(client(PROXY, &[sent]), "192.0.2.7", "{sent}");
            assert_eq!(client(PROXY, &["192.0.2.9", sent]), "192.0.2.7", "{sent}");
        }
    }

    #[test]
    fn where_all_are_trusted_the_first_of_them_asks() {
        assert_eq!(client(PROXY, &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }

    #[test]
    fn nonsense_ends_the_list_at_the_last_good_entry() {
        for nonsense in [
            "unknown",
            "_hidden",
            "192.0.2.256",
            "192.0.2.7:port",
            "192.0.2.7:70000",
            "[192.0.2.7]",
            "[2001:db8::7",
            "2001:db8::7]",
            "fe80::1%eth0",
            "for=192.0.2.7",
            "192.0.2.7;x",
            "\"192.0.2.7\"",
        ] {
            let lists = format!("192.0.2.9, {nonsense}, 10.0.0.2");
            assert_eq!(client(PROXY, &[&lists]), "10.0.0.2", "{nonsense}");
            assert_eq!(client(PROXY, &[nonsense]), PROXY, "{nonsense}");
        }
        let (peer, trusted) = (PROXY.parse().unwrap(), ["10.0.0.0/8".parse().unwrap()]);
        let lines = [Some("10.0.0.2"), None, Some("192.0.2.7")];
        assert_eq!(
            farthest(peer, lines.into_iter(), &trusted).to_string(),
            "10.0.0.2"
        );
    }

    #[test]
    fn ports_and_brackets_are_left_out() {
        for (sent, expected) in [
            ("192.0.2.7:4711", "192.0.2.7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
        ] {
            assert_eq!(client(PROXY, &[sent]), expected);
        }
    }

    #[test]
    fn an_ipv4_address_in_ipv6_is_that_ipv4_address() {
        assert_eq!(
            client("::ffff:10.0.0.1", &["::ffff:192.0.2.7"]),
            "192.0.2.7"
        );
        assert_eq!(client("::ffff:192.0.2.1", &["192.0.2.7"]), "192.0.2.1");
        assert_eq!(client(PROXY, &["[::ffff:192.0.2.7]:1"]), "192.0.2.7");
    }
}
