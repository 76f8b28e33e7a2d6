use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, de::Error};

use super::body_limit::{BodyLimit, body_limits};

/// All settings. Each field is a section or key of `config/default.toml`, where it is explained.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    pub environment: Environment,
    pub server: Server,
    pub limits: Limits,
    pub cors: Cors,
    pub database: Database,
    pub tokens: Tokens,
    pub passwords: Passwords,
    pub api_keys: ApiKeys,
    pub security: Security,
    pub mail: Mail,
    pub projects: Projects,
    pub retention: Retention,
    pub registration: Registration,
    pub log: Log,
    pub features: Features,
}

/// Development helps; production refuses what is not safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    Development,
    Production,
}

impl Environment {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct Server {
    #[serde(deserialize_with = "address")]
    pub bind: SocketAddr,
    pub public_url: String,
    /// Whose `X-Forwarded-For` is believed.
    #[serde(deserialize_with = "networks")]
    pub trusted_proxies: Vec<IpNet>,
    /// 0 means one for each core.
    pub workers: usize,
    pub request_timeout_ms: u64,
    pub header_timeout_ms: u64,
    pub keep_alive_ms: u64,
    pub shutdown_timeout_ms: u64,
    /// Of path and query.
    pub uri_limit_bytes: usize,
    /// Of the names and values of all headers.
    pub head_limit_bytes: usize,
    pub body_limit_bytes: usize,
    /// Of all workers together.
    pub max_connections: usize,
    /// Of all workers together.
    pub max_in_flight: usize,
}

/// How often one client may call (0 a minute or an hour does not limit at all), and the bodies of single operations.
#[derive(Debug, Clone, Deserialize)]
pub struct Limits {
    pub sign_in_per_minute: u32,
    pub sign_in_burst: u32,
    pub guesses_per_hour: u32,
    pub guesses_burst: u32,
    pub stranger_guesses_per_hour: u32,
    pub stranger_guesses_burst: u32,
    pub public_per_minute: u32,
    pub public_burst: u32,
    pub read_per_minute: u32,
    pub read_burst: u32,
    pub write_per_minute: u32,
    pub write_burst: u32,
    pub mail_per_minute: u32,
    pub mail_burst: u32,
    pub network_mail_per_minute: u32,
    pub network_mail_burst: u32,
    #[serde(deserialize_with = "body_limits")]
    pub bodies: Vec<BodyLimit>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Cors {
    /// Origins, or [`Cors::ANY`].
    pub allowed_origins: Vec<String>,
}

impl Cors {
    pub const ANY: &str = "*";
}

#[derive(Debug, Clone, Deserialize)]
pub struct Database {
    #[serde(deserialize_with = "secret")]
    pub url: SecretString,
    pub max_connections: u32,
    pub readers: u32,
    pub acquire_timeout_ms: u64,
    pub statement_timeout_ms: u64,
    pub connect_timeout_ms: u64,
    pub migrate_on_start: bool,
    pub migration_wait_ms: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Tokens {
    /// Empty means not set: then the database has the keys.
    #[serde(deserialize_with = "secret")]
    pub signing_key: SecretString,
    pub signing_key_days: u32,
    pub audience: String,
    pub access_minutes: u32,
    pub session_idle_days: u32,
    pub session_max_days: u32,
    pub refresh_reuse_seconds: u32,
    pub password_reset_minutes: u32,
    pub invitation_hours: u32,
    pub registration_hours: u32,
    pub email_change_hours: u32,
    pub email_change_cancel_days: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Registration {
    pub mode: RegistrationMode,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegistrationMode {
    Open,
    Closed,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Passwords {
    pub min_length: usize,
    pub argon2_memory_kib: u32,
    pub argon2_iterations: u32,
    pub argon2_parallelism: u32,
    /// 0 means one for each core.
    pub max_concurrent_hashes: usize,
    pub max_waiting_hashes: usize,
}

#[derive(Debug, Clone, Deserialize)]
pub struct ApiKeys {
    pub max_days: u32,
    pub max_per_user: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Security {
    /// Empty means not set, which only development allows.
    #[serde(deserialize_with = "secret")]
    pub master_key: SecretString,
    /// Any number, with white space between them.
    #[serde(deserialize_with = "secret")]
    pub other_master_keys: SecretString,
}

impl Security {
    /// One by one.
    #[must_use]
    pub fn other_master_keys(&self) -> Vec<SecretString> {
        let keys = self.other_master_keys.expose_secret().split_whitespace();
        keys.map(SecretString::from).collect()
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct Projects {
    pub most_per_owner: u64,
}

/// How long things are kept that have done their work.
#[derive(Debug, Clone, Deserialize)]
#[expect(clippy::struct_field_names, reason = "settings tell their unit")]
pub struct Retention {
    pub session_days: u32,
    pub api_key_days: u32,
    pub dead_letter_days: u32,
    pub audit_days: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Mail {
    pub transport: MailTransport,
    pub from: String,
    pub folder: PathBuf,
    #[serde(deserialize_with = "address")]
    pub inbox: SocketAddr,
    pub smtp_host: String,
    pub smtp_port: u16,
    pub smtp_tls: SmtpTls,
    /// Empty means that nobody asks.
    pub smtp_username: String,
    #[serde(deserialize_with = "secret")]
    pub smtp_password: SecretString,
    pub smtp_timeout_ms: u64,
    pub retry_first_seconds: u32,
    pub retry_longest_seconds: u32,
    pub max_attempts: u32,
    pub links: MailLinks,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTransport {
    Folder,
    Smtp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    StartTls,
    Tls,
    None,
}

/// Addresses of pages, with a place for the token.
#[derive(Debug, Clone, Deserialize)]
pub struct MailLinks {
    pub password_reset: String,
    pub invitation: String,
    pub registration: String,
    pub email_change: String,
    pub email_change_cancel: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Features {
    pub api_document: bool,
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    String::deserialize(from).map(SecretString::from)
}

/// As serde would, but saying what would be right.
fn address<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(from)?;
    text.parse()
        .map_err(|_| D::Error::custom("must be an address and a port, such as 127.0.0.1:8080"))
}

fn networks<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<IpNet>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    let networks = texts.iter().map(|it| network(it)).collect::<Option<_>>();
    networks.ok_or_else(|| {
        D::Error::custom(
            "must be addresses or networks, such as 10.0.0.0/8: not all there are, and IPv4 not as IPv6",
        )
    })
}

/// An IPv4 address within IPv6 is read as IPv4, so no network of the former would ever hold it.
fn network(text: &str) -> Option<IpNet> {
    let one = || text.parse::<IpAddr>().map(IpNet::from);
    let network = text.parse::<IpNet>().or_else(|_| one()).ok()?;
    let address = network.addr();
    (network.prefix_len() > 0 && address.to_canonical() == address).then_some(network)
}
