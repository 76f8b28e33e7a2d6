pub(super) const WANTED: &str = "must be `sqlite://path/to/file.db` or `postgres://user:password@host/database`, with no parameter that the driver does not know";

pub(super) fn is_supported(url: &str) -> bool {
    match split(url) {
        Some(("sqlite", rest)) => {
            !until(rest, &['?']).is_empty() && parameters_are_among(url, OF_SQLITE)
        }
        Some(("postgres" | "postgresql", _)) => {
            url.contains("://") && parameters_are_among(url, OF_POSTGRES)
        }
        _ => false,
    }
}

/// The driver would ignore any other, and log its value.
fn parameters_are_among(url: &str, known: &[&str]) -> bool {
    let parameters = url.split_once('?').map_or("", |(_, it)| it);
    let mut names = parameters
        .split('&')
        .filter(|it| !it.is_empty())
        .map(|it| until(it, &['=']));
    names.all(|it| known.contains(&it))
}

const OF_SQLITE: &[&str] = &["mode", "cache", "immutable", "vfs"];
const OF_POSTGRES: &[&str] = &[
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// Whether everything is gone when the server stops.
pub(super) fn is_in_memory(url: &str) -> bool {
    url.starts_with("sqlite:") && (url.contains(":memory:") || url.contains("mode=memory"))
}

pub(super) fn password(url: &str) -> Option<&str> {
    let (_, rest) = split(url)?;
    let (user, _) = rest.rsplit_once('@')?;
    user.split_once(':').map(|(_, password)| password)
}

/// The scheme with the file or the host. The parameters go as well: they too can hold a password.
pub(super) fn without_secrets(url: &str) -> String {
    let redacted = "[redacted]";
    let Some((scheme, rest)) = split(url) else {
        return redacted.to_owned();
    };
    match scheme {
        "sqlite" => return until(url, &['?']).to_owned(),
        "postgres" | "postgresql" => {}
        _ => return redacted.to_owned(),
    }
    let authority = until(rest, &['/', '?', '#']);
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    // A password that is not escaped may reach beyond what looks like the host.
    let is_certain = !rest[authority.len()..].contains('@') && is_host_and_port(host);
    format!("{scheme}://{}", if is_certain { host } else { redacted })
}

/// The scheme, and what follows the slashes.
fn split(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    Some((scheme, rest.strip_prefix("//").unwrap_or(rest)))
}

fn until<'a>(text: &'a str, ends: &[char]) -> &'a str {
    text.find(ends).map_or(text, |end| &text[..end])
}

fn is_host_and_port(text: &str) -> bool {
    if text.starts_with('[') && text.ends_with(']') {
        return true;
    }
    text.rsplit_once(':')
        .is_none_or(|(_, port)| port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::{is_in_memory, is_supported, password, without_secrets};

    #[test]
    fn files_and_servers_are_supported() {
        for good in [
            "sqlite://data/ashlar.db",
            "sqlite:data/ashlar.db?mode=rwc",
            "sqlite::memory:",
            "postgres://host/ashlar",
            "postgresql:///ashlar?host=/run/postgresql",
        ] {
            assert!(is_supported(good), "{good}");
        }
        for bad in [
            "",
            "sqlite",
            "sqlite:",
            "sqlite://?mode=rwc",
            "postgres:host",
            "mysql://host/a",
            "sqlite://file.db?passwd=hush",
            "postgres://host/ashlar?sslmode=require&passwd=hush",
        ] {
            assert!(!is_supported(bad), "{bad}");
        }
    }

    #[test]
    fn each_spelling_of_memory_is_known() {
        for memory in [
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite://any?cache=shared&mode=memory",
        ] {
            assert!(is_in_memory(memory), "{memory}");
        }
        assert!(!is_in_memory("sqlite://data/memory.db"));
        assert!(!is_in_memory("postgres://host/ashlar?mode=memory"));
    }

    #[test]
    fn the_password_is_what_stands_between_the_user_and_the_host() {
        assert_eq!(password("postgres://ada:pa:ss@host/ashlar"), Some("pa:ss"));
        assert_eq!(password("postgres://ada@host/ashlar"), None);
        assert_eq!(password("sqlite://data/ashlar.db"), None);
    }

    #[test]
    fn only_the_place_is_shown() {
        for (url, shown) in [
            (
                "sqlite://data/ashlar.db?mode=rwc",
                "sqlite://data/ashlar.db",
            ),
            ("sqlite::memory:", "sqlite::memory:"),
            ("postgres://host/ashlar", "postgres://host"),
            (
                "postgres://ada:hush@host:5432/ashlar",
                "postgres://host:5432",
            ),
            ("postgres://ada:hush@[::1]/ashlar", "postgres://[::1]"),
            ("postgres://host?user=ada&password=hush", "postgres://host"),
            ("postgres:///ashlar?password=hush", "postgres://"),
        ] {
            assert_eq!(without_secrets(url), shown);
        }
    }

    #[test]
    fn a_password_that_is_not_escaped_is_not_shown_either() {
        for url in [
            "hush",
            "hush:hush",
            "postgres://ada:hush",
            "postgres://ada:hu/sh@host/ashlar",
            "postgres://ada:hu?sh@host/ashlar",
            "postgres://ada:hu#sh@host/ashlar",
            "postgres://ada:hu@sh@host/ashlar",
            "postgres://host/ashlar?password=hu@sh",
        ] {
            let shown = without_secrets(url);
            assert!(!shown.contains("hu") && !shown.contains("sh"), "{shown}");
        }
    }
}
