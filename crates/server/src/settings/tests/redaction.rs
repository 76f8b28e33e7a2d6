use std::fmt::Debug;

use super::{MASTER_KEY, Place, signing_key};

const HUSH: &str = "Zq7hush";

fn assert_silent(what: &dyn Debug) {
    says_no_secret(&format!("{what:?} {what:#?}"));
}

fn assert_faults_silent(place: &Place) {
    let error = place.load().unwrap_err();
    assert_silent(&error);
    says_no_secret(&error.to_string());
}

fn says_no_secret(text: &str) {
    for secret in [HUSH, MASTER_KEY, "MIGH"] {
        assert!(!text.contains(secret), "{text}");
    }
}

fn value_of(place: &Place, key: &str) -> String {
    let loaded = place.load().unwrap();
    let shown = loaded.show().iter().find(|shown| shown.key == key);
    shown.unwrap().value.clone()
}

#[test]
fn secrets_are_shown_as_set_or_not() {
    assert_eq!(value_of(&Place::new(), "tokens.signing_key"), "[not set]");
    assert_eq!(value_of(&Place::new(), "security.master_key"), "[not set]");
    let place = Place::in_production();
    assert_eq!(value_of(&place, "tokens.signing_key"), "[redacted]");
    assert_eq!(value_of(&place, "security.master_key"), "[redacted]");
}

#[test]
fn the_rest_is_shown_as_it_is() {
    let place = Place::new().variable("ASHLAR__CORS__ALLOWED_ORIGINS", "https://a.test,*");

    assert_eq!(value_of(&place, "environment"), "development");
    assert_eq!(value_of(&place, "server.workers"), "0");
    assert_eq!(value_of(&place, "features.api_document"), "true");
    assert_eq!(
        value_of(&place, "cors.allowed_origins"),
        "[\"https://a.test\", \"*\"]"
    );
    assert_eq!(value_of(&place, "database.url"), "sqlite://data/ashlar.db");
}

#[test]
fn what_is_loaded_never_says_a_secret() {
    let url = format!("postgres://ada:{HUSH}@db:5432/ashlar?password={HUSH}");
    let place = Place::in_production().variable("ASHLAR__DATABASE__URL", &url);

    let loaded = place.load().unwrap();

    assert_silent(&loaded);
    assert_silent(&loaded.settings);
    assert_silent(&loaded.show());
    assert_eq!(value_of(&place, "database.url"), "postgres://db:5432");
}

#[test]
fn no_fault_says_a_secret() {
    let quoted = format!("[tokens]\nsigning_key = \"{HUSH}\n");
    let bare = format!("[tokens]\nsigning_key = {HUSH}\n");
    let twice = format!("[tokens]\nsigning_key = '{HUSH}'\nsigning_key = '{HUSH}'");
    let listed = format!("[tokens]\nsigning_key = ['{HUSH}']");
    let astray = format!("[server]\nworkers = '{HUSH}'\n[log]\nhush = '{HUSH}'");
    for text in [quoted, bare, twice, listed, astray] {
        let place = Place::new().file("development.toml", &text);
        assert_faults_silent(&place);
    }
    for line in [
        format!("ASHLAR__SECURITY__MASTER_KEY='{HUSH}"),
        format!("ASHLAR__SECURITY__MASTER_KEY {HUSH}"),
        format!("ASHLAR__SECURITY__MASTER_KEY=$({HUSH})"),
    ] {
        let place = Place::new().file(".env", &line);
        assert_faults_silent(&place);
    }
    for name in [
        "ASHLAR__SECURITY__MASTER_KEY",
        "ASHLAR__SECURITY__MASTERKEY",
        "ASHLAR__SECURITY",
        "ASHLAR__TOKENS__SIGNING_KEY",
        "ASHLAR__DATABASE__URL",
        "ASHLAR__SERVER__BIND",
        "ASHLAR__SERVER__WORKERS",
        "ASHLAR__SERVER__PUBLIC_URL",
        "ASHLAR__CORS__ALLOWED_ORIGINS",
        "ASHLAR__ENVIRONMENT",
    ] {
        let place = Place::in_production().variable(name, HUSH);
        assert_faults_silent(&place);
    }
    let malformed = signing_key().replace("END", "THE END");
    let place = Place::in_production().variable("ASHLAR__TOKENS__SIGNING_KEY", &malformed);
    assert_faults_silent(&place);
}

#[test]
fn no_fault_says_a_secret_that_came_from_a_file() {
    let place = Place::in_production().file("key", HUSH);
    let path = place.path("key");

    let place = place.variable("ASHLAR__SECURITY__MASTER_KEY_FILE", &path);

    assert_faults_silent(&place);
}
