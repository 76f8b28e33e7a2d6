use api::Operations;
use secrecy::ExposeSecret;

use super::sections::{Cors, Environment, MailTransport, RegistrationMode, Settings, SmtpTls};
use super::{database_url, mail, origin, secrets};

/// A rule that types cannot hold.
pub(super) struct Broken {
    /// The key to correct first, then the others that took part.
    pub(super) keys: &'static [&'static str],
    pub(super) message: String,
}

pub(super) fn broken(settings: &Settings) -> Vec<Broken> {
    let mut rules = Rules(Vec::new());
    rules.forms(settings);
    rules.bounds(settings);
    match settings.environment {
        Environment::Development => rules.of_development(settings),
        Environment::Production => rules.of_production(settings),
    }
    rules.0
}

struct Rules(Vec<Broken>);

impl Rules {
    fn hold(&mut self, keys: &'static [&'static str], holds: bool, message: impl Into<String>) {
        if !holds {
            let message = message.into();
            self.0.push(Broken { keys, message });
        }
    }

    fn forms(&mut self, settings: &Settings) {
        self.hold(
            &["server.public_url"],
            origin::is_origin(&settings.server.public_url),
            format!("must be a URL {}", origin::WANTED),
        );
        let origins = &settings.cors.allowed_origins;
        self.hold(
            &["cors.allowed_origins"],
            origins
                .iter()
                .all(|it| it == Cors::ANY || origin::is_origin(it)),
            format!("must be origins {}", origin::WANTED),
        );
        self.hold(
            &["database.url"],
            database_url::is_supported(settings.database.url.expose_secret()),
            database_url::WANTED,
        );
        let signing_key = settings.tokens.signing_key.expose_secret();
        self.hold(
            &["tokens.signing_key"],
            signing_key.is_empty() || secrets::pem_body(signing_key).is_some(),
            "must be a P-256 private key as PKCS#8 PEM, from BEGIN PRIVATE KEY to END PRIVATE KEY",
        );
        let master_key = settings.security.master_key.expose_secret();
        self.hold(
            &["security.master_key"],
            master_key.is_empty() || master_key.chars().count() >= secrets::MASTER_KEY_MIN,
            format!("must have {} characters or more", secrets::MASTER_KEY_MIN),
        );
        let others = settings.security.other_master_keys();
        self.hold(
            &["security.other_master_keys"],
            others
                .iter()
                .all(|it| it.expose_secret().chars().count() >= secrets::MASTER_KEY_MIN),
            format!(
                "must have {} characters or more each",
                secrets::MASTER_KEY_MIN
            ),
        );
        self.hold(
            &["tokens.audience"],
            !settings.tokens.audience.trim().is_empty(),
            "must not be empty",
        );
        for (keys, link) in mail::links(&settings.mail) {
            self.hold(keys, mail::keeps_its_token(link), mail::LINK_WANTED);
        }
        self.hold(
            &["mail.inbox"],
            settings.mail.inbox.ip().to_canonical().is_loopback(),
            "must be a loopback address, such as 127.0.0.1:8025: mails hold tokens",
        );
        self.hold(
            &["mail.smtp_host", "mail.transport"],
            settings.mail.transport != MailTransport::Smtp || !settings.mail.smtp_host.is_empty(),
            "must be the name of the mail server",
        );
        let bodies = &settings.limits.bodies;
        // The operations are not looked up for nothing.
        if !bodies.is_empty() {
            let known = operations_with_bodies();
            self.hold(
                &["limits.bodies"],
                bodies.iter().all(|it| known.contains(&it.operation)),
                format!(
                    "must name operations that take a body: {}",
                    known.join(", ")
                ),
            );
        }
    }

    fn bounds(&mut self, settings: &Settings) {
        let tokens = &settings.tokens;
        self.hold(
            &["tokens.session_idle_days", "tokens.session_max_days"],
            tokens.session_idle_days <= tokens.session_max_days,
            format!(
                "must be at most tokens.session_max_days, {}",
                tokens.session_max_days
            ),
        );
        let mail = &settings.mail;
        self.hold(
            &["mail.retry_first_seconds", "mail.retry_longest_seconds"],
            mail.retry_first_seconds <= mail.retry_longest_seconds,
            format!(
                "must be at most mail.retry_longest_seconds, {}",
                mail.retry_longest_seconds
            ),
        );
        // Argon2 itself refuses less.
        let least = settings.passwords.argon2_parallelism * 8;
        self.hold(
            &[
                "passwords.argon2_memory_kib",
                "passwords.argon2_parallelism",
            ],
            settings.passwords.argon2_memory_kib >= least,
            format!("must be at least 8 for each lane of passwords.argon2_parallelism, {least}"),
        );
    }

    /// A server whose keys and answers are made for a developer must not be reached by others.
    fn of_development(&mut self, settings: &Settings) {
        self.hold(
            &["server.bind"],
            settings.server.bind.ip().to_canonical().is_loopback(),
            "must be a loopback address in development, such as 127.0.0.1:8080",
        );
    }

    fn of_production(&mut self, settings: &Settings) {
        // Any free port is for tests: nobody could know which it is.
        self.hold(
            &["server.bind"],
            settings.server.bind.port() != 0,
            "must name a port in production, such as 0.0.0.0:8080",
        );
        self.hold(
            &["server.public_url"],
            settings.server.public_url.starts_with("https://"),
            "must begin with https:// in production",
        );
        self.hold(
            &["cors.allowed_origins"],
            !settings
                .cors
                .allowed_origins
                .iter()
                .any(|it| it == Cors::ANY),
            "must name each origin in production: `*` lets in every page there is",
        );
        let url = settings.database.url.expose_secret();
        self.hold(
            &["database.url"],
            !database_url::is_in_memory(url),
            "must not be a database in memory in production: it is gone when the server stops",
        );
        self.hold(
            &["database.url"],
            !database_url::password(url).is_some_and(secrets::is_placeholder),
            "must have a password of its own in production: this one is a placeholder",
        );
        self.hold(
            &["mail.transport"],
            settings.mail.transport == MailTransport::Smtp,
            "must be `smtp` in production: nobody reads the files",
        );
        self.hold(
            &["mail.from"],
            !mail::is_from_nowhere(&settings.mail),
            "must be an address of your own in production, such as Ashlar <noreply@example.org>",
        );
        self.hold(
            &["mail.smtp_tls", "mail.smtp_host"],
            settings.mail.smtp_tls != SmtpTls::None || mail::stays_on_the_machine(&settings.mail),
            "must be `starttls` or `tls` in production, unless mail.smtp_host is the machine itself: mails hold tokens",
        );
        let opens = settings.registration.mode == RegistrationMode::Open;
        for (keys, link) in mail::links(&settings.mail) {
            self.hold(
                keys,
                link.starts_with("https://") || (!opens && keys == mail::REGISTRATION_LINK),
                "must begin with https:// in production",
            );
        }
        let signing_key = settings.tokens.signing_key.expose_secret();
        let body = secrets::pem_body(signing_key).unwrap_or_default();
        self.drawn(&["tokens.signing_key"], signing_key, &body);
        let master_key = settings.security.master_key.expose_secret();
        self.hold(
            &["security.master_key"],
            !master_key.is_empty(),
            "must be set in production",
        );
        self.drawn(&["security.master_key"], master_key, master_key);
        for other in settings.security.other_master_keys() {
            let other = other.expose_secret();
            self.drawn(&["security.other_master_keys"], other, other);
        }
    }

    /// `drawn` is the part of the key that chance should have made.
    fn drawn(&mut self, keys: &'static [&'static str], key: &str, drawn: &str) {
        self.hold(
            keys,
            key.is_empty() || !secrets::is_made_up(drawn),
            "must be drawn at random in production: this one looks like a placeholder",
        );
    }
}

fn operations_with_bodies() -> Vec<String> {
    let operations = Operations::of(&api::document());
    let with_bodies = operations.iter().filter(|it| it.takes_body);
    let mut ids: Vec<_> = with_bodies.map(|it| it.id.to_string()).collect();
    ids.sort();
    ids
}
