use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use thiserror::Error;

/// How mail looks and leaves.
#[derive(Debug, Clone)]
pub struct MailPolicy {
    /// An address, with or without a name: `Ashlar <noreply@example.org>`.
    pub from: String,
    pub links: MailLinks,
    pub transport: MailTransport,
}

/// The pages of the frontend that a mail leads to. [`MailLinks::TOKEN`] stands where the token goes: in the
/// fragment, which browsers send to nobody.
#[derive(Debug, Clone)]
pub struct MailLinks {
    pub password_reset: String,
    pub invitation: String,
    pub registration: String,
    pub email_change: String,
    pub email_change_cancel: String,
}

impl MailLinks {
    pub const TOKEN: &str = "{token}";
}

#[derive(Debug, Clone)]
pub enum MailTransport {
    /// Files in this folder, for developers.
    Folder(PathBuf),
    Smtp(SmtpPolicy),
}

#[derive(Debug, Clone)]
pub struct SmtpPolicy {
    pub host: String,
    pub port: u16,
    pub tls: SmtpTls,
    /// Name and password, where the server asks for them.
    pub credentials: Option<(String, SecretString)>,
    /// For one mail, from the connection to its acceptance.
    pub timeout: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// From the first byte (RFC 8314, section 3.3).
    Implicit,
    /// After STARTTLS (RFC 3207), and nothing without it.
    StartTls,
    None,
}

/// Why a policy cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MailPolicyError {
    #[error("mail.from is no address such as Ashlar <noreply@example.org>")]
    From,
    #[error("mail.smtp_host is no name that a certificate could be for")]
    Host,
    #[error("the certificates of the system cannot be read")]
    Certificates,
}
