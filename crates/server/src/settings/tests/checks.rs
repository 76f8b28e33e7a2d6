use secrecy::ExposeSecret;

use super::{MASTER_KEY, Place, signing_key};

/// The one fault, without its source.
fn refusal(place: &Place) -> String {
    let faults = place.load().unwrap_err().faults;
    assert_eq!(faults.len(), 1, "{faults:?}");
    let key = faults[0].key.clone().unwrap();
    format!("{key}: {}", faults[0].message)
}

/// Sets the variable and expects the words in the one fault about it.
fn refuses(place: Place, name: &str, value: &str, words: &str) {
    let refusal = refusal(&place.variable(name, value));
    let key = name["ASHLAR__".len()..].to_lowercase().replace("__", ".");
    assert!(refusal.starts_with(&format!("{key}: ")), "{refusal}");
    assert!(refusal.contains(words), "{refusal}");
}

#[test]
fn production_starts_with_what_it_asks_for() {
    Place::in_production().load().unwrap();
}

#[test]
fn production_needs_a_master_key() {
    let place = Place::in_production()
        .without("ASHLAR__TOKENS__SIGNING_KEY")
        .without("ASHLAR__SECURITY__MASTER_KEY");

    assert_eq!(
        place.faults(),
        ["security.master_key: must be set in production (default.toml)"]
    );
}

#[test]
fn production_needs_a_mail_server_and_pages_of_its_own() {
    let place = Place::in_production()
        .without("ASHLAR__MAIL__FROM")
        .without("ASHLAR__MAIL__SMTP_HOST")
        .without("ASHLAR__MAIL__LINKS__PASSWORD_RESET")
        .without("ASHLAR__MAIL__LINKS__INVITATION")
        .without("ASHLAR__MAIL__LINKS__EMAIL_CHANGE")
        .without("ASHLAR__MAIL__LINKS__EMAIL_CHANGE_CANCEL");

    assert_eq!(
        place.faults(),
        [
            "mail.smtp_host: must be the name of the mail server (default.toml)",
            "mail.from: must be an address of your own in production, such as Ashlar <noreply@example.org> (default.toml)",
            "mail.links.password_reset: must begin with https:// in production (default.toml)",
            "mail.links.invitation: must begin with https:// in production (default.toml)",
            "mail.links.email_change: must begin with https:// in production (default.toml)",
            "mail.links.email_change_cancel: must begin with https:// in production (default.toml)",
        ]
    );
}

#[test]
fn who_opens_registration_has_a_page_for_it() {
    let place = Place::in_production().variable("ASHLAR__REGISTRATION__MODE", "open");

    assert_eq!(
        place.faults(),
        ["mail.links.registration: must begin with https:// in production (default.toml)"]
    );
}

#[test]
fn mail_is_encrypted_where_it_leaves_the_machine() {
    let place = || Place::in_production().variable("ASHLAR__MAIL__SMTP_TLS", "none");
    refuses(
        place(),
        "ASHLAR__MAIL__SMTP_TLS",
        "none",
        "mails hold tokens",
    );

    for host in ["localhost", "127.0.0.1", "::1"] {
        let place = place().variable("ASHLAR__MAIL__SMTP_HOST", host);
        assert!(place.load().is_ok(), "{host}");
    }
}

#[test]
fn production_refuses_placeholders() {
    let name = "ASHLAR__SECURITY__MASTER_KEY";
    for placeholder in ["x".repeat(32), format!("changeme{MASTER_KEY}")] {
        refuses(Place::in_production(), name, &placeholder, "placeholder");
        let others = format!("{MASTER_KEY} {placeholder}");
        let name = "ASHLAR__SECURITY__OTHER_MASTER_KEYS";
        refuses(Place::in_production(), name, &others, "placeholder");
    }
    let name = "ASHLAR__TOKENS__SIGNING_KEY";
    for body in ["A".repeat(100), "changeme".repeat(20)] {
        let key = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----");
        refuses(Place::in_production(), name, &key, "placeholder");
    }
    let url = "postgres://ashlar:changeme@db/ashlar";
    refuses(
        Place::in_production(),
        "ASHLAR__DATABASE__URL",
        url,
        "placeholder",
    );
}

#[test]
fn production_refuses_what_only_a_developer_wants() {
    for (name, value, words) in [
        (
            "ASHLAR__SERVER__PUBLIC_URL",
            "http://api.ashlar.test",
            "https://",
        ),
        ("ASHLAR__SERVER__BIND", "0.0.0.0:0", "name a port"),
        (
            "ASHLAR__CORS__ALLOWED_ORIGINS",
            "https://a.test,*",
            "each origin",
        ),
        ("ASHLAR__MAIL__TRANSPORT", "folder", "`smtp`"),
        (
            "ASHLAR__MAIL__FROM",
            "Ashlar <noreply@localhost>",
            "of your own",
        ),
        ("ASHLAR__DATABASE__URL", "sqlite::memory:", "in memory"),
        (
            "ASHLAR__DATABASE__URL",
            "sqlite://a?mode=memory",
            "in memory",
        ),
    ] {
        refuses(Place::in_production(), name, value, words);
    }
}

#[test]
fn development_takes_what_production_refuses() {
    Place::new()
        .variable("ASHLAR__SERVER__BIND", "127.0.0.1:0")
        .variable("ASHLAR__CORS__ALLOWED_ORIGINS", "*")
        .variable("ASHLAR__DATABASE__URL", "sqlite::memory:")
        .variable("ASHLAR__SECURITY__MASTER_KEY", &"x".repeat(32))
        .load()
        .unwrap();
}

#[test]
fn development_listens_on_loopback_only() {
    for good in ["127.0.0.1:1", "127.1.2.3:80", "[::1]:8080"] {
        let place = Place::new().variable("ASHLAR__SERVER__BIND", good);
        assert!(place.load().is_ok(), "{good}");
    }
    for bad in ["0.0.0.0:8080", "[::]:8080", "192.168.1.1:80"] {
        refuses(Place::new(), "ASHLAR__SERVER__BIND", bad, "loopback");
    }
}

#[test]
fn forms_hold_in_every_environment() {
    let sec1 = signing_key().replace("PRIVATE", "EC PRIVATE");
    for (name, value, words) in [
        (
            "ASHLAR__SERVER__BIND",
            "localhost:8080",
            "an address and a port",
        ),
        ("ASHLAR__SERVER__BIND", "127.0.0.1", "an address and a port"),
        (
            "ASHLAR__SERVER__BIND",
            "127.0.0.1:65536",
            "an address and a port",
        ),
        (
            "ASHLAR__SERVER__PUBLIC_URL",
            "https://api.ashlar.test/",
            "slash",
        ),
        (
            "ASHLAR__CORS__ALLOWED_ORIGINS",
            "https://a.test,b.test",
            "origins",
        ),
        ("ASHLAR__SERVER__TRUSTED_PROXIES", "proxy", "10.0.0.0/8"),
        (
            "ASHLAR__SERVER__TRUSTED_PROXIES",
            "10.0.0.1,::/0",
            "not all",
        ),
        (
            "ASHLAR__SERVER__TRUSTED_PROXIES",
            "::ffff:10.0.0.1",
            "not as IPv6",
        ),
        ("ASHLAR__LIMITS__BODIES", "login", "such as"),
        ("ASHLAR__LIMITS__BODIES", "login=1023", "1024 to"),
        ("ASHLAR__LIMITS__BODIES", "login=2048,login=4096", "once"),
        (
            "ASHLAR__LIMITS__BODIES",
            "login=2048,nobody=2048",
            "createUser, ",
        ),
        ("ASHLAR__LIMITS__BODIES", "getMe=2048", "take a body"),
        ("ASHLAR__DATABASE__URL", "mysql://db/ashlar", "sqlite://"),
        ("ASHLAR__DATABASE__URL", "", "sqlite://"),
        ("ASHLAR__TOKENS__SIGNING_KEY", sec1.as_str(), "PKCS#8"),
        ("ASHLAR__TOKENS__AUDIENCE", " ", "empty"),
        ("ASHLAR__SECURITY__MASTER_KEY", "short", "32 characters"),
        (
            "ASHLAR__SECURITY__OTHER_MASTER_KEYS",
            "short",
            "32 characters",
        ),
        ("ASHLAR__MAIL__INBOX", "0.0.0.0:8025", "loopback"),
        (
            "ASHLAR__MAIL__LINKS__PASSWORD_RESET",
            "https://app.ashlar.test/reset?{token}",
            "fragment",
        ),
        (
            "ASHLAR__MAIL__LINKS__INVITATION",
            "https://app.ashlar.test/invitation",
            "fragment",
        ),
        ("ASHLAR__MAIL__LINKS__REGISTRATION", "#{token}", "fragment"),
        (
            "ASHLAR__MAIL__LINKS__EMAIL_CHANGE",
            "https://app.ashlar.test/{token}",
            "fragment",
        ),
        (
            "ASHLAR__MAIL__LINKS__EMAIL_CHANGE_CANCEL",
            "https://app.ashlar.test/#",
            "fragment",
        ),
    ] {
        refuses(Place::new(), name, value, words);
        refuses(Place::in_production(), name, value, words);
    }
}

#[test]
fn a_session_cannot_idle_longer_than_it_lives() {
    let name = "ASHLAR__TOKENS__SESSION_IDLE_DAYS";
    refuses(
        Place::new(),
        name,
        "31",
        "at most tokens.session_max_days, 30",
    );
}

#[test]
fn the_first_wait_for_mail_is_not_above_the_longest() {
    let name = "ASHLAR__MAIL__RETRY_FIRST_SECONDS";
    let words = "at most mail.retry_longest_seconds, 3600";
    refuses(Place::new(), name, "3601", words);
}

#[test]
fn argon2_gets_the_memory_that_its_lanes_need() {
    let place = Place::new().variable("ASHLAR__PASSWORDS__ARGON2_PARALLELISM", "4");
    let name = "ASHLAR__PASSWORDS__ARGON2_MEMORY_KIB";
    refuses(place, name, "31", "at least 8 for each lane");
}

#[test]
fn a_rule_is_not_judged_by_the_default_that_stands_in_for_a_faulty_value() {
    let place = Place::new()
        .variable("ASHLAR__TOKENS__SESSION_IDLE_DAYS", "60")
        .variable("ASHLAR__TOKENS__SESSION_MAX_DAYS", "0");

    assert_eq!(
        refusal(&place),
        "tokens.session_max_days: must be from 1 to 3650"
    );
}

#[test]
fn other_master_keys_stand_apart_by_any_white_space() {
    let place = Place::new().file("keys", &format!("{MASTER_KEY}\n{MASTER_KEY}x \n"));
    let file = place.path("keys");
    let place = place.variable("ASHLAR__SECURITY__OTHER_MASTER_KEYS_FILE", &file);

    let others = place.settings().security.other_master_keys();

    let others: Vec<_> = others.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(others, [MASTER_KEY, &format!("{MASTER_KEY}x")]);
    assert!(
        Place::new()
            .settings()
            .security
            .other_master_keys()
            .is_empty()
    );
}
