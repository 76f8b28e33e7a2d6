use std::time::Duration;

use application::outbox::MailFailure;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Category;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::ExposeSecret;

use super::policy::{MailPolicyError, SmtpPolicy, SmtpTls};

/// A mail server that takes our mail (RFC 5321, RFC 6409).
pub(super) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    timeout: Duration,
}

impl Smtp {
    /// `domain`: whose mail it is, and so what we call ourselves.
    pub(super) fn new(policy: &SmtpPolicy, domain: &str) -> Result<Self, MailPolicyError> {
        let tls = match policy.tls {
            SmtpTls::None => Tls::None,
            SmtpTls::StartTls => Tls::Required(certificates(&policy.host)?),
            SmtpTls::Implicit => Tls::Wrapper(certificates(&policy.host)?),
        };
        let host = policy.host.as_str();
        // "Dangerous" because it would not ask for TLS by itself.
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(policy.port)
            .tls(tls)
            .hello_name(ClientId::Domain(domain.to_owned()))
            .timeout(Some(policy.timeout));
        if let Some((name, password)) = &policy.credentials {
            let password = password.expose_secret().to_owned();
            transport = transport.credentials(Credentials::new(name.clone(), password));
        }
        Ok(Self {
            transport: transport.build(),
            timeout: policy.timeout,
        })
    }

    pub(super) async fn send(&self, message: Message) -> Result<(), MailFailure> {
        let late = |_| MailFailure::Transient("the mail server did not answer in time".into());
        // lettre limits each step, and there are many.
        let sent = tokio::time::timeout(self.timeout, self.transport.send(message));
        let answer = sent.await.map_err(late)?;
        answer.map(drop).map_err(|error| failure(&error))
    }
}

fn certificates(host: &str) -> Result<TlsParameters, MailPolicyError> {
    TlsParameters::new(host.to_owned()).map_err(|error| {
        if error.is_tls() {
            MailPolicyError::Certificates
        } else {
            MailPolicyError::Host
        }
    })
}

/// The server's words may quote the address: its code goes on alone. A code of 5.5 is about this mail and its
/// reader (RFC 5321, section 4.2.1); a login that was refused, or a policy, may be another one tomorrow.
fn failure(error: &Error) -> MailFailure {
    let Some(code) = error.status() else {
        let why = if error.is_tls() {
            "TLS with the mail server failed"
        } else {
            "the mail server cannot be reached"
        };
        return MailFailure::Transient(why.into());
    };
    let why = format!("the mail server answered {code}");
    if error.is_permanent() && code.category == Category::MailSystem && code.to_string() != "554" {
        MailFailure::Permanent(why)
    } else {
        MailFailure::Transient(why)
    }
}
