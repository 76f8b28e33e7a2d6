use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use server::settings::{Settings, Sources};

/// The settings of a test: those of development, with a database of its own, any free port, hashing
/// that costs next to nothing, and limits that no test reaches.
#[must_use]
pub fn settings(database: &SecretString, more: &[(&str, &str)]) -> Settings {
    let own = [
        ("ASHLAR__SERVER__BIND", "127.0.0.1:0"),
        ("ASHLAR__SERVER__WORKERS", "1"),
        ("ASHLAR__DATABASE__URL", database.expose_secret()),
        ("ASHLAR__DATABASE__READERS", "2"),
        ("ASHLAR__DATABASE__MAX_CONNECTIONS", "4"),
        ("ASHLAR__PASSWORDS__ARGON2_MEMORY_KIB", "8"),
        ("ASHLAR__PASSWORDS__ARGON2_ITERATIONS", "1"),
        ("ASHLAR__REGISTRATION__MODE", "open"),
        ("ASHLAR__LIMITS__SIGN_IN_BURST", "1000000"),
        ("ASHLAR__LIMITS__GUESSES_BURST", "1000000"),
        ("ASHLAR__LIMITS__STRANGER_GUESSES_BURST", "1000000"),
        ("ASHLAR__LIMITS__PUBLIC_BURST", "1000000"),
        ("ASHLAR__LIMITS__READ_BURST", "1000000"),
        ("ASHLAR__LIMITS__WRITE_BURST", "1000000"),
        ("ASHLAR__LIMITS__MAIL_BURST", "1000000"),
        ("ASHLAR__LIMITS__NETWORK_MAIL_BURST", "1000000"),
    ];
    let environment = own
        .iter()
        .filter(|(name, _)| !more.iter().any(|(it, _)| it == name));
    let sources = Sources {
        config_dir: PathBuf::from("no/such/folder"),
        dotenv: PathBuf::from("no/such/file"),
        environment: environment
            .chain(more)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    };
    let loaded = Settings::load(&sources);
    loaded.unwrap_or_else(|faults| panic!("{faults}")).settings
}
