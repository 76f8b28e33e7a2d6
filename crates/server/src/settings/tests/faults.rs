use super::Place;

#[test]
fn an_environment_that_does_not_exist_is_the_only_fault_told() {
    let place = Place::new()
        .variable("ASHLAR__ENVIRONMENT", "Production")
        .variable("ASHLAR__SERVER__WORKERS", "many");

    assert_eq!(
        place.faults(),
        ["environment: must be `development` or `production` (ASHLAR__ENVIRONMENT)"]
    );
}

#[test]
fn no_file_chooses_the_environment() {
    let place = Place::new()
        .file("development.toml", "environment = 'production'")
        .file(".env", "ASHLAR__ENVIRONMENT=production");

    let only = "environment: can only be set as a variable of the process, ASHLAR__ENVIRONMENT";
    assert_eq!(
        place.faults(),
        [
            format!("{only} (development.toml)"),
            format!("{only} (ASHLAR__ENVIRONMENT in .env)"),
        ]
    );
}

#[test]
fn an_unknown_key_is_named_with_what_was_probably_meant() {
    let place = Place::new()
        .file(
            "development.toml",
            "colour = 'red'\n[servers]\nworkers = 1\n[log]\nfilterr = 'info'",
        )
        .variable("ASHLAR__SERVER_BIND", "127.0.0.1:1")
        .variable("ASHLAR__ENVIROMENT", "production")
        .variable("ASHLAR__SERVER__LISTEN__PORT", "1");

    assert_eq!(
        place.faults(),
        [
            "colour: is no key (development.toml)",
            "log.filterr: is no key; did you mean `log.filter`? (development.toml)",
            "servers: is no key; did you mean `server`? (development.toml)",
            "server_bind: is no key; did you mean `ASHLAR__SERVER__BIND`? (ASHLAR__SERVER_BIND)",
            "enviroment: is no key; did you mean `ASHLAR__ENVIRONMENT`? (ASHLAR__ENVIROMENT)",
            "server.listen.port: is no key (ASHLAR__SERVER__LISTEN__PORT)",
        ]
    );
}

#[test]
fn a_wrong_kind_is_named_wherever_it_stands() {
    let place = Place::new()
        .file(
            "development.toml",
            "log = 1\n[server]\nbind = 8080\nworkers = '2'\n[server.keep_alive_ms]\nx = 1\n\
             [cors]\nallowed_origins = [1]\n[tokens]\naudience = 2020-01-01\naccess_minutes = 1.5",
        )
        .variable("ASHLAR__SERVER__WORKERS", "0x2")
        .variable("ASHLAR__FEATURES__API_DOCUMENT", "yes")
        .variable("ASHLAR__CORS__ALLOWED_ORIGINS", "[1, 2]")
        .variable("ASHLAR__SERVER", "127.0.0.1");

    assert_eq!(
        place.faults(),
        [
            "cors.allowed_origins: must be a list of texts (development.toml)",
            "log: is a section: write [log] (development.toml)",
            "server.bind: must be text (development.toml)",
            "server.keep_alive_ms: must be an integer (development.toml)",
            "server.workers: must be an integer (development.toml)",
            "tokens.access_minutes: must be an integer (development.toml)",
            "tokens.audience: must be text (development.toml)",
            "server.workers: must be an integer (ASHLAR__SERVER__WORKERS)",
            "features.api_document: must be true or false (ASHLAR__FEATURES__API_DOCUMENT)",
            "cors.allowed_origins: must be a list of texts (ASHLAR__CORS__ALLOWED_ORIGINS)",
            "server: is a section: set one of its keys, ASHLAR__SERVER__... (ASHLAR__SERVER)",
        ]
    );
}

#[test]
fn a_file_that_is_no_toml_is_named_with_the_line() {
    let place = Place::new()
        .file("development.toml", "[log]\nfilter = 'info'\nformat =\n")
        .variable("ASHLAR__SERVER__WORKERS", "many");

    let faults = place.faults();

    assert_eq!(faults.len(), 2);
    assert!(
        faults[0].starts_with("development.toml: line 3: "),
        "{}",
        faults[0]
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let place = Place::new().file("development.toml", "");
    std::fs::remove_file(place.path("development.toml")).unwrap();
    std::fs::create_dir(place.path("development.toml")).unwrap();
    std::fs::create_dir(place.path(".env")).unwrap();

    let faults = place.faults();

    assert_eq!(faults.len(), 2);
    assert!(faults[0].starts_with("development.toml: cannot be read: "));
    assert!(faults[1].starts_with(".env: cannot be read: "));
}

#[test]
fn each_line_of_dotenv_that_makes_no_sense_is_named() {
    let place = Place::new().file(
        ".env",
        "ASHLAR__SERVER__WORKERS=2\nASHLAR__LOG__FILTER='info\nASHLAR__LOG__FORMAT=xml",
    );

    assert_eq!(
        place.faults(),
        [".env: entry 2 must be NAME=value, with both quotes or none"]
    );
}

#[test]
fn two_variables_for_one_key_are_a_fault() {
    let place = Place::new()
        .file("key", super::MASTER_KEY)
        .also("ASHLAR__SERVER__WORKERS", "1")
        .also("ashlar__server__workers", "1")
        .also("ASHLAR__SECURITY__MASTER_KEY", super::MASTER_KEY);
    let path = place.path("key");

    let place = place.also("ASHLAR__SECURITY__MASTER_KEY_FILE", &path);

    assert_eq!(
        place.faults(),
        [
            "server.workers: is set twice, also by ASHLAR__SERVER__WORKERS: keep one \
             (ashlar__server__workers)",
            "security.master_key: is set twice, also by ASHLAR__SECURITY__MASTER_KEY: keep one \
             (ASHLAR__SECURITY__MASTER_KEY_FILE)",
        ]
    );
}

#[test]
fn the_environment_is_not_chosen_twice() {
    let place = Place::new()
        .also("ASHLAR__ENVIRONMENT", "production")
        .also("ashlar__environment", "development");

    assert_eq!(
        place.faults(),
        [
            "environment: is set twice, also by ASHLAR__ENVIRONMENT: keep one \
             (ashlar__environment)"
        ]
    );
}

#[test]
fn a_secret_file_that_cannot_be_read_is_named_with_variable_and_path() {
    let place = Place::in_production();
    let path = place.path("nowhere");
    let mut place = place.variable("ASHLAR__SECURITY__MASTER_KEY_FILE", &path);
    let plain = "ASHLAR__SECURITY__MASTER_KEY";
    place.variables.retain(|(name, _)| name != plain);

    let faults = place.faults();

    // And not also that production needs the key.
    assert_eq!(faults.len(), 1);
    assert!(faults[0].starts_with("security.master_key: cannot read nowhere: "));
    assert!(faults[0].ends_with("(ASHLAR__SECURITY__MASTER_KEY_FILE)"));
}

#[test]
fn only_secrets_are_read_from_files_of_their_own() {
    let place = Place::new().variable("ASHLAR__LOG__FORMAT_FILE", "/dev/null");

    assert_eq!(
        place.faults(),
        [
            "log.format_file: is no key; did you mean `ASHLAR__LOG__FORMAT`? (ASHLAR__LOG__FORMAT_FILE)"
        ]
    );
}

#[test]
fn a_number_out_of_range_is_told_with_the_range() {
    let place = Place::new()
        .file("development.toml", "[passwords]\nmin_length = 7")
        .variable("ASHLAR__SERVER__REQUEST_TIMEOUT_MS", "0")
        .variable("ASHLAR__SERVER__WORKERS", "-1")
        .variable("ASHLAR__DATABASE__READERS", &i64::MAX.to_string());

    assert_eq!(
        place.faults(),
        [
            "server.workers: must be from 0 to 1024 (ASHLAR__SERVER__WORKERS)",
            "server.request_timeout_ms: must be from 1 to 3600000 \
             (ASHLAR__SERVER__REQUEST_TIMEOUT_MS)",
            "database.readers: must be from 1 to 256 (ASHLAR__DATABASE__READERS)",
            "passwords.min_length: must be from 8 to 128 (development.toml)",
        ]
    );
}

#[test]
fn all_faults_of_all_sources_are_told_at_once() {
    let place = Place::in_production()
        .file(
            "production.toml",
            "[logs]\nformat = 'json'\n[server]\nbind = 'here'",
        )
        .variable("ASHLAR__LOG__FORMAT", "xml")
        .variable("ASHLAR__SERVER__WORKERS", "many")
        .variable("ASHLAR__DATABASE__READERS", "0")
        .variable("ASHLAR__CORS__ALLOWED_ORIGINS", "*")
        .variable("ASHLAR__SECURITY__MASTER_KEY", "");

    assert_eq!(
        place.faults(),
        [
            "logs: is no key; did you mean `log`? (production.toml)",
            "server.workers: must be an integer (ASHLAR__SERVER__WORKERS)",
            "database.readers: must be from 1 to 256 (ASHLAR__DATABASE__READERS)",
            "log.format: must be `text` or `json` (ASHLAR__LOG__FORMAT)",
            "server.bind: must be an address and a port, such as 127.0.0.1:8080 (production.toml)",
            "cors.allowed_origins: must name each origin in production: `*` lets in every page \
             there is (ASHLAR__CORS__ALLOWED_ORIGINS)",
            "security.master_key: must be set in production (ASHLAR__SECURITY__MASTER_KEY)",
        ]
    );
}

#[test]
fn a_key_that_is_wrong_in_two_sources_hides_nothing_else() {
    let place = Place::new()
        .file("development.toml", "[log]\nformat = 1")
        .variable("ASHLAR__LOG__FORMAT", "xml")
        .variable("ASHLAR__SERVER__BIND", "here")
        .variable("ASHLAR__TOKENS__AUDIENCE", "");

    assert_eq!(
        place.faults(),
        [
            "log.format: must be text (development.toml)",
            "log.format: must be `text` or `json` (ASHLAR__LOG__FORMAT)",
            "server.bind: must be an address and a port, such as 127.0.0.1:8080 \
             (ASHLAR__SERVER__BIND)",
            "tokens.audience: must not be empty (ASHLAR__TOKENS__AUDIENCE)",
        ]
    );
}

#[cfg(unix)]
#[test]
fn only_our_variables_must_be_utf8() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    use super::super::sources::readable;

    let broken = || OsString::from_vec(vec![b'a', 0xff]);
    let theirs = (OsString::from("LS_COLORS"), broken());
    let ours = (OsString::from("ASHLAR__LOG__FILTER"), broken());

    assert_eq!(readable([theirs.clone()].into_iter()), Ok(vec![]));
    let refused = readable([theirs, ours].into_iter()).unwrap_err();

    assert_eq!(
        refused.to_string(),
        "ASHLAR__LOG__FILTER: is not valid UTF-8"
    );
}
