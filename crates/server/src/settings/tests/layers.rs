use secrecy::ExposeSecret;

use super::super::{Environment, LogFormat};
use super::{MASTER_KEY, Place};

#[test]
fn without_any_source_the_defaults_are_in_force() {
    let settings = Place::new().settings();

    assert_eq!(settings.environment, Environment::Development);
    assert_eq!(settings.server.bind, "127.0.0.1:8080".parse().unwrap());
    assert_eq!(settings.passwords.min_length, 15);
    assert_eq!(settings.log.format, LogFormat::Text);
    assert!(settings.cors.allowed_origins.is_empty());
    assert!(settings.tokens.signing_key.expose_secret().is_empty());
}

#[test]
fn each_layer_wins_over_the_one_below() {
    let place = Place::new()
        .file(
            "development.toml",
            "[server]\nworkers = 1\nkeep_alive_ms = 1\nmax_connections = 1",
        )
        .file(
            ".env",
            "ASHLAR__SERVER__KEEP_ALIVE_MS=2\nASHLAR__SERVER__MAX_CONNECTIONS=2",
        )
        .variable("ASHLAR__SERVER__MAX_CONNECTIONS", "3");

    let loaded = place.load().unwrap();

    let server = &loaded.settings.server;
    assert_eq!(server.header_timeout_ms, 5_000);
    assert_eq!(server.workers, 1);
    assert_eq!(server.keep_alive_ms, 2);
    assert_eq!(server.max_connections, 3);
    let source = |key: &str| {
        let shown = loaded.show().iter().find(|shown| shown.key == key);
        shown.unwrap().source.clone()
    };
    assert_eq!(source("environment"), "not set");
    assert_eq!(source("server.header_timeout_ms"), "default.toml");
    assert_eq!(source("server.workers"), place.path("development.toml"));
    assert_eq!(
        source("server.keep_alive_ms"),
        format!("ASHLAR__SERVER__KEEP_ALIVE_MS in {}", place.path(".env"))
    );
    assert_eq!(
        source("server.max_connections"),
        "ASHLAR__SERVER__MAX_CONNECTIONS"
    );
}

#[test]
fn each_environment_reads_its_own_file() {
    let place = Place::in_production()
        .file(
            "development.toml",
            "[log]\nformat = 'text'\nfilter = 'debug'",
        )
        .file("production.toml", "[log]\nformat = 'json'");

    let settings = place.settings();

    assert_eq!(settings.environment, Environment::Production);
    assert_eq!(settings.log.format, LogFormat::Json);
    assert_ne!(settings.log.filter, "debug");
}

#[test]
fn production_does_not_read_dotenv() {
    let place = Place::in_production().file(".env", "ASHLAR__LOG__FILTER=debug\nnonsense");

    assert_ne!(place.settings().log.filter, "debug");
}

#[test]
fn variables_of_others_do_not_matter() {
    let place = Place::new()
        .file(".env", "SERVER__WORKERS=1")
        .variable("ASHLAR", "1")
        .variable("ASHLAR_HOME", "/opt")
        .variable("PATH", "/bin");

    assert!(place.load().is_ok());
}

#[test]
fn the_case_of_a_variable_does_not_matter() {
    let place = Place::new().variable("ashlar__Server__workers", "2");

    assert_eq!(place.settings().server.workers, 2);
}

#[test]
fn text_stays_text_whatever_it_looks_like() {
    for text in [
        "00123",
        "1.50",
        "true",
        "[1, 2]",
        "{a = 1}",
        "\"quoted\"",
        " blanks ",
        "a=b",
    ] {
        let place = Place::new().variable("ASHLAR__TOKENS__AUDIENCE", text);

        assert_eq!(place.settings().tokens.audience, text);
    }
}

#[test]
fn a_secret_of_digits_stays_as_it_is() {
    let digits = "0".repeat(8) + &"123456789".repeat(4);
    let place = Place::new().variable("ASHLAR__SECURITY__MASTER_KEY", &digits);

    assert_eq!(place.settings().security.master_key.expose_secret(), digits);
}

#[test]
fn integers_and_booleans_are_read_from_text() {
    let place = Place::new()
        .variable("ASHLAR__SERVER__WORKERS", " 0004 ")
        .variable("ASHLAR__FEATURES__API_DOCUMENT", "false");

    assert_eq!(place.settings().server.workers, 4);
    assert!(!place.settings().features.api_document);
}

#[test]
fn a_list_is_written_with_commas_or_as_in_a_file() {
    let (a, b) = ("https://a.test", "https://b.test");
    for (text, list) in [
        ("https://a.test", vec![a]),
        ("https://a.test, https://b.test,", vec![a, b]),
        ("['https://a.test', \"https://b.test\"]", vec![a, b]),
        ("[]", vec![]),
        ("", vec![]),
    ] {
        let place = Place::new().variable("ASHLAR__CORS__ALLOWED_ORIGINS", text);

        assert_eq!(place.settings().cors.allowed_origins, list);
    }
}

#[test]
fn a_list_replaces_the_list_below() {
    let place = Place::new()
        .file(
            "development.toml",
            "[cors]\nallowed_origins = ['https://a.test']",
        )
        .variable("ASHLAR__CORS__ALLOWED_ORIGINS", "https://b.test");

    assert_eq!(place.settings().cors.allowed_origins, ["https://b.test"]);
}

#[test]
fn a_secret_is_read_from_its_file_without_the_last_new_line() {
    for end in ["", "\n", "\r\n"] {
        let place = Place::new().file("key", &format!("{MASTER_KEY}{end}"));
        let path = place.path("key");

        let place = place.variable("ASHLAR__SECURITY__MASTER_KEY_FILE", &path);

        let settings = place.settings();
        assert_eq!(settings.security.master_key.expose_secret(), MASTER_KEY);
    }
}

#[test]
fn a_file_from_a_higher_layer_wins_over_a_value_below() {
    let place = Place::new()
        .file("key", MASTER_KEY)
        .file(".env", "ASHLAR__SECURITY__MASTER_KEY=short");
    let path = place.path("key");

    let place = place.variable("ASHLAR__SECURITY__MASTER_KEY_FILE", &path);

    let settings = place.settings();
    assert_eq!(settings.security.master_key.expose_secret(), MASTER_KEY);
}

#[test]
fn a_quoted_key_of_several_lines_fits_into_dotenv() {
    let key = super::signing_key();
    let place = Place::new().file(".env", &format!("ASHLAR__TOKENS__SIGNING_KEY=\"{key}\""));

    let settings = place.settings();
    assert_eq!(settings.tokens.signing_key.expose_secret(), key);
}
