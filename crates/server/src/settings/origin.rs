use std::net::Ipv6Addr;

pub(super) const WANTED: &str =
    "such as https://app.example.org: lower case, without path, slash at the end or usual port";

/// Whether the text is an origin as browsers send it, since they are compared letter by letter.
pub(super) fn is_origin(text: &str) -> bool {
    let (rest, usual_port) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (rest, 443),
        (_, Some(rest)) => (rest, 80),
        _ => return false,
    };
    let (host, port) = match rest.rsplit_once(':') {
        // The colon belongs to an IPv6 address that has no port after it.
        Some(_) if rest.ends_with(']') => (rest, None),
        Some((host, port)) => (host, Some(port)),
        None => (rest, None),
    };
    is_host(host) && port.is_none_or(|port| is_port(port) && port != usual_port.to_string())
}

fn is_host(host: &str) -> bool {
    let literal = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    if let Some(literal) = literal {
        return literal.parse::<Ipv6Addr>().is_ok();
    }
    host.len() <= 253 && host.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let hyphen_outside = label.starts_with('-') || label.ends_with('-');
    (1..=63).contains(&label.len()) && label.bytes().all(plain) && !hyphen_outside
}

fn is_port(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits && !text.starts_with('0') && text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_origin;

    #[test]
    fn an_origin_is_a_scheme_and_a_host_and_perhaps_a_port() {
        for good in [
            "http://127.0.0.1:8080",
            "http://localhost",
            "https://app.example.org",
            "https://app.example.org:8443",
            "https://[::1]:8443",
            "https://[::1]",
        ] {
            assert!(is_origin(good), "{good}");
        }
    }

    #[test]
    fn anything_more_or_less_is_no_origin() {
        for bad in [
            "",
            "null",
            "https://",
            "app.example.org",
            "ftp://app.example.org",
            "HTTPS://app.example.org",
            "https://App.example.org",
            "https://app.example.org/",
            "https://app.example.org/path",
            "https://app.example.org?query",
            "https://app.example.org#part",
            "https://user@app.example.org",
            "https://app.example.org:443",
            "http://app.example.org:80",
            "https://app.example.org:",
            "https://app.example.org:0",
            "https://app.example.org:65536",
            "https://app..example.org",
            "https://-app.example.org",
            "https://*.example.org",
            "https://[::1",
            "https://[app]",
            " https://app.example.org",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
