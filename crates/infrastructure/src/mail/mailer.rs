use application::outbox::{Mail, MailFailure, Mailer};
use async_trait::async_trait;
use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart};

use super::folder::Folder;
use super::policy::{MailPolicy, MailPolicyError, MailTransport};
use super::smtp::Smtp;
use super::templates::Templates;

/// Writes mails by templates, as text and as a page, and gives them to its transport.
pub struct TemplateMailer {
    from: Mailbox,
    templates: Templates,
    transport: Transport,
}

enum Transport {
    Folder(Folder),
    Smtp(Smtp),
}

impl TemplateMailer {
    /// # Errors
    /// Why the policy cannot be followed. Nobody is connected to yet.
    pub fn new(policy: MailPolicy) -> Result<Self, MailPolicyError> {
        let from: Mailbox = policy.from.parse().map_err(|_| MailPolicyError::From)?;
        let transport = match policy.transport {
            MailTransport::Folder(path) => Transport::Folder(Folder(path)),
            MailTransport::Smtp(policy) => {
                Transport::Smtp(Smtp::new(&policy, from.email.domain())?)
            }
        };
        Ok(Self {
            from,
            templates: Templates::new(policy.links),
            transport,
        })
    }

    fn message(&self, mail: &Mail) -> Result<Message, MailFailure> {
        // Whatever speaks against it will do so the next time, too.
        let failed = |what: &str| MailFailure::Permanent(format!("the mail has no {what}"));
        let rendered = self.templates.render(mail);
        let rendered = rendered.map_err(|_| failed("words"))?;
        let to = mail.to.as_str().parse().map_err(|_| failed("address"))?;
        let name = mail.name.as_ref().map(|it| it.as_str().to_owned());
        let to = Mailbox::new(name, to);
        // RFC 3834, section 5: so that no machine answers.
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .message_id(Some(self.message_id(mail)))
            .from(self.from.clone())
            .to(to)
            .subject(rendered.subject)
            .raw_header(HeaderValue::new(automatic, "auto-generated".into()))
            .multipart(MultiPart::alternative_plain_html(
                plain(rendered.text),
                rendered.html,
            ))
            .map_err(|_| failed("form"))
    }

    /// The same at every attempt (RFC 5322, section 3.6.4).
    fn message_id(&self, mail: &Mail) -> String {
        format!("<{}@{}>", mail.id.0, self.from.email.domain())
    }
}

/// As it is where mail can carry it so, that a link can be copied from it; else encoded.
fn plain(text: String) -> Body {
    // In octets, without the end of the line (RFC 5322, section 2.1.1).
    const LONGEST_LINE: usize = 998;
    if !text.is_ascii() || text.lines().any(|it| it.len() > LONGEST_LINE) {
        return Body::new(text);
    }
    let lines = text.lines().flat_map(|it| [it, "\r\n"]);
    let lines = lines.collect::<String>().into_bytes();
    Body::dangerous_pre_encoded(lines, ContentTransferEncoding::SevenBit)
}

#[async_trait]
impl Mailer for TemplateMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailFailure> {
        let message = self.message(mail)?;
        match &self.transport {
            Transport::Folder(folder) => folder.put(mail.id, &message).await,
            Transport::Smtp(smtp) => smtp.send(message).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use application::outbox::MailContent;
    use chrono::TimeDelta;
    use domain::outbox::OutboxMessageId;
    use domain::users::{DisplayName, EmailAddress};
    use uuid::Uuid;

    use super::super::policy::MailLinks;
    use super::*;

    fn mailer(from: &str) -> Result<TemplateMailer, MailPolicyError> {
        TemplateMailer::new(MailPolicy {
            from: from.into(),
            links: MailLinks {
                password_reset: "https://app.example.org/reset#token={token}".into(),
                invitation: "https://app.example.org/invitation#token={token}".into(),
                registration: "https://app.example.org/register#token={token}".into(),
                email_change: "https://app.example.org/address#token={token}".into(),
                email_change_cancel: "https://app.example.org/stop#token={token}".into(),
            },
            transport: MailTransport::Folder("nowhere".into()),
        })
    }

    fn mail(name: &str) -> Mail {
        Mail {
            id: OutboxMessageId(Uuid::from_u128(7)),
            to: EmailAddress::parse("ada@example.org").unwrap(),
            name: Some(DisplayName::parse(name).unwrap()),
            content: MailContent::PasswordReset {
                token: "s3cret".into(),
                valid_for: TimeDelta::minutes(30),
            },
        }
    }

    fn formatted(name: &str) -> String {
        let mailer = mailer("Ashlar <noreply@ashlar.example>").unwrap();
        let message = mailer.message(&mail(name)).unwrap();
        String::from_utf8(message.formatted()).unwrap()
    }

    #[test]
    fn every_attempt_has_the_same_message_id() {
        let id = "Message-ID: <00000000-0000-0000-0000-000000000007@ashlar.example>\r\n";
        for _ in 0..2 {
            let text = formatted("Ada");
            assert!(text.contains(id), "{text}");
        }
    }

    #[test]
    fn a_mail_says_from_whom_to_whom_and_that_a_machine_wrote_it() {
        let text = formatted("Ada");

        for line in [
            "From: Ashlar <noreply@ashlar.example>\r\n",
            "To: Ada <ada@example.org>\r\n",
            "Subject: Choose another password\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "\r\nhttps://app.example.org/reset#token=s3cret\r\n",
            "Content-Type: multipart/alternative",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
    }

    /// A name is what its owner says, and so might be a header.
    #[test]
    fn a_name_cannot_add_a_reader() {
        for name in ["Ada, eve@example.org", "Ada\" <eve@example.org>, \"", "Ädä"] {
            let text = formatted(name);

            let to = text.lines().find(|it| it.starts_with("To: ")).unwrap();
            let read: lettre::message::Mailboxes = to[4..].parse().unwrap_or_default();
            let readers: Vec<_> = read.iter().map(|it| it.email.to_string()).collect();
            assert!(readers.is_empty() || readers == ["ada@example.org"], "{to}");
            assert!(!text.contains("Bcc"), "{text}");
        }
    }

    #[test]
    fn who_mail_is_from_has_an_address() {
        for from in ["", "Ashlar", "Ashlar <>", "a@b@c"] {
            assert_eq!(mailer(from).err(), Some(MailPolicyError::From), "{from}");
        }
        assert!(mailer("noreply@example.org").is_ok());
    }
}
