use infrastructure::Es256Signer;
use secrecy::ExposeSecret;

use crate::place::Place;

const MASTER_KEY: &str = "vJ0q9XkB2mHnT5wRz7LcYdE4uGsA1fPo";

#[test]
fn without_any_setting_development_is_fine() {
    let place = Place::bare();

    let judged = place.run(&["config", "check"]);

    assert_eq!(judged.ok(), "The settings are fine.\n");
}

#[test]
fn production_with_all_it_asks_for_is_fine() {
    let place = Place::bare().in_production();

    let judged = place.run(&["config", "check"]);

    assert_eq!(judged.ok(), "The settings are fine.\n");
}

#[test]
fn all_faults_are_told_at_once_each_with_its_source() {
    let place = Place::bare()
        .file(
            "config/development.toml",
            "[server]\nbind = 8080\nport = 1\n",
        )
        .file(".env", "ASHLAR__LOG__FORMAT=xml\n")
        .set("ASHLAR__SERVER__WORKERS", "many")
        .set("ASHLAR__TOKENS__ACCESS_MINUTES", "0")
        .set("ASHLAR__SECURITY__MASTER_KEY_FILE", "no/such/file")
        .set("ASHLAR__SERVR__BIND", "127.0.0.1:1");

    let judged = place.run(&["config", "check"]);

    let faults = judged.faults();
    for (key, source) in [
        ("server.bind", "config/development.toml"),
        ("server.port", "config/development.toml"),
        ("log.format", "ASHLAR__LOG__FORMAT in .env"),
        ("server.workers", "ASHLAR__SERVER__WORKERS"),
        ("tokens.access_minutes", "ASHLAR__TOKENS__ACCESS_MINUTES"),
        ("security.master_key", "ASHLAR__SECURITY__MASTER_KEY_FILE"),
        ("servr.bind", "ASHLAR__SERVR__BIND"),
    ] {
        assert!(has(&faults, key, source), "{key} in {faults:#?}");
    }
    assert_eq!(faults.len(), 7, "{faults:#?}");
}

#[test]
fn each_verb_with_settings_refuses_wrong_ones() {
    for verb in [
        "serve",
        "migrate up",
        "migrate status",
        "config show",
        "config check",
    ] {
        let place = Place::bare().set("ASHLAR__SERVER__WORKERS", "many");
        let arguments: Vec<_> = verb.split_whitespace().collect();

        let refused = place.run(&arguments);

        assert!(
            has(
                &refused.faults(),
                "server.workers",
                "ASHLAR__SERVER__WORKERS"
            ),
            "{verb}"
        );
    }
}

#[test]
fn production_refuses_all_that_is_not_safe() {
    let place = Place::bare()
        .set("ASHLAR__ENVIRONMENT", "production")
        .set("ASHLAR__SERVER__PUBLIC_URL", "http://api.ashlar.test")
        .set("ASHLAR__CORS__ALLOWED_ORIGINS", "*")
        .set("ASHLAR__DATABASE__URL", "sqlite::memory:");

    let judged = place.run(&["serve"]);

    let faults = judged.faults();
    for (key, source) in [
        ("server.public_url", "ASHLAR__SERVER__PUBLIC_URL"),
        ("cors.allowed_origins", "ASHLAR__CORS__ALLOWED_ORIGINS"),
        ("database.url", "ASHLAR__DATABASE__URL"),
        ("security.master_key", "default.toml"),
        ("mail.transport", "default.toml"),
        ("mail.from", "default.toml"),
        ("mail.links.password_reset", "default.toml"),
        ("mail.links.invitation", "default.toml"),
        ("mail.links.email_change", "default.toml"),
        ("mail.links.email_change_cancel", "default.toml"),
    ] {
        assert!(has(&faults, key, source), "{key} in {faults:#?}");
    }
    assert_eq!(faults.len(), 10, "{faults:#?}");
}

#[test]
fn development_listens_on_loopback_only() {
    let place = Place::bare().set("ASHLAR__SERVER__BIND", "0.0.0.0:8080");

    let refused = place.run(&["serve"]);

    let faults = refused.faults();
    assert!(
        has(&faults, "server.bind", "ASHLAR__SERVER__BIND"),
        "{faults:#?}"
    );
    assert!(faults[0].contains("loopback"), "{faults:#?}");
}

#[test]
fn every_key_is_shown_with_its_value_and_source() {
    let place = Place::bare()
        .file("config/development.toml", "[log]\nfilter = \"debug\"\n")
        .file(".env", "ASHLAR__SERVER__WORKERS=3\n")
        .set("ASHLAR__CORS__ALLOWED_ORIGINS", "https://app.ashlar.test");

    let shown = place.run(&["config", "show"]);

    let shown = shown.ok();
    for (key, value, source) in [
        ("environment", "development", "not set"),
        ("log.filter", "debug", "config/development.toml"),
        ("server.workers", "3", "ASHLAR__SERVER__WORKERS in .env"),
        (
            "cors.allowed_origins",
            "https://app.ashlar.test",
            "ASHLAR__CORS__ALLOWED_ORIGINS",
        ),
        ("server.bind", "127.0.0.1:8080", "default.toml"),
    ] {
        let line = line_of(shown, key);
        assert!(line.contains(value) && line.ends_with(source), "{line}");
    }
    for key in keys_of_default_toml() {
        line_of(shown, &key);
    }
}

#[test]
fn another_folder_of_settings_can_be_named() {
    let place = Place::bare().file("elsewhere/development.toml", "[server]\nworkers = 7\n");

    let shown = place.run(&["--config-dir", "elsewhere", "config", "show"]);

    let line = line_of(shown.ok(), "server.workers");
    assert!(line.ends_with("elsewhere/development.toml"), "{line}");
}

#[test]
fn no_secret_is_shown_wherever_it_stands() {
    let pem = Es256Signer::generate_pem().unwrap();
    let pem = pem.expose_secret();
    let place = Place::bare()
        .file("secrets/master", MASTER_KEY)
        .file(
            ".env",
            "ASHLAR__DATABASE__URL=postgres://ada:hush-hush@db.ashlar.test/ashlar\n",
        )
        .set("ASHLAR__SECURITY__MASTER_KEY_FILE", "secrets/master")
        .set("ASHLAR__TOKENS__SIGNING_KEY", pem);

    let shown = place.run(&["config", "show"]);

    let shown = shown.ok();
    for secret in ["hush-hush", "ada", MASTER_KEY]
        .into_iter()
        .chain(pem.lines())
    {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    for (key, value, source) in [
        (
            "database.url",
            "postgres://db.ashlar.test",
            "ASHLAR__DATABASE__URL in .env",
        ),
        (
            "security.master_key",
            "[redacted]",
            "ASHLAR__SECURITY__MASTER_KEY_FILE",
        ),
        (
            "tokens.signing_key",
            "[redacted]",
            "ASHLAR__TOKENS__SIGNING_KEY",
        ),
    ] {
        let line = line_of(shown, key);
        assert!(line.contains(value) && line.ends_with(source), "{line}");
    }
}

#[test]
fn a_secret_in_the_wrong_place_is_not_repeated() {
    let place = Place::bare()
        .set("ASHLAR__TOKENS__ACCESS_MINUTES", MASTER_KEY)
        .set("ASHLAR__TOKENS__SIGNING_KEY", MASTER_KEY)
        .file(
            ".env",
            &format!("ASHLAR__SECURITY__MASTER_KEY='{MASTER_KEY}\n"),
        );

    let judged = place.run(&["config", "check"]);

    assert_eq!(judged.faults().len(), 3, "{judged:?}");
    assert!(!judged.errors.contains(MASTER_KEY), "{judged:?}");
}

fn has(faults: &[&str], key: &str, source: &str) -> bool {
    let (key, source) = (format!("{key}: "), format!("({source})"));
    faults
        .iter()
        .any(|it| it.starts_with(&key) && it.ends_with(&source))
}

#[track_caller]
fn line_of<'a>(shown: &'a str, key: &str) -> &'a str {
    let mut lines = shown.lines();
    let line = lines.find(|line| line.split_whitespace().next() == Some(key));
    line.unwrap_or_else(|| panic!("{key} is not in\n{shown}"))
}

fn keys_of_default_toml() -> Vec<String> {
    let text = include_str!("../../../../config/default.toml");
    let sections: toml::Table = text.parse().expect("it is TOML");
    let of = |(section, keys)| keys_within(section, keys);
    sections.into_iter().flat_map(of).collect()
}

fn keys_within(name: String, value: toml::Value) -> Vec<String> {
    let toml::Value::Table(keys) = value else {
        return vec![name];
    };
    let of = |(key, value)| keys_within(format!("{name}.{key}"), value);
    keys.into_iter().flat_map(of).collect()
}
