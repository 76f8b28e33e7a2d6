//! What mails say. A text and a page for each, with the same words.

use application::outbox::{Mail, MailContent};
use chrono::TimeDelta;
use domain::users::DisplayName;
use minijinja::{Environment, context};
use secrecy::{ExposeSecret, SecretString};

use super::policy::MailLinks;

/// A mail in words.
pub(super) struct Rendered {
    pub(super) subject: &'static str,
    pub(super) text: String,
    pub(super) html: String,
}

pub(super) struct Templates {
    environment: Environment<'static>,
    links: MailLinks,
}

/// Name and source of each; what ends with `.html` is escaped.
const SOURCES: &[(&str, &str)] = &[
    ("layout.html", include_str!("templates/layout.html")),
    ("layout.txt", include_str!("templates/layout.txt")),
    (
        "password_reset.txt",
        include_str!("templates/password_reset.txt"),
    ),
    (
        "password_reset.html",
        include_str!("templates/password_reset.html"),
    ),
    (
        "password_changed.txt",
        include_str!("templates/password_changed.txt"),
    ),
    (
        "password_changed.html",
        include_str!("templates/password_changed.html"),
    ),
    (
        "refresh_reused.txt",
        include_str!("templates/refresh_reused.txt"),
    ),
    (
        "refresh_reused.html",
        include_str!("templates/refresh_reused.html"),
    ),
    ("invitation.txt", include_str!("templates/invitation.txt")),
    ("invitation.html", include_str!("templates/invitation.html")),
    (
        "registration.txt",
        include_str!("templates/registration.txt"),
    ),
    (
        "registration.html",
        include_str!("templates/registration.html"),
    ),
    (
        "already_registered.txt",
        include_str!("templates/already_registered.txt"),
    ),
    (
        "already_registered.html",
        include_str!("templates/already_registered.html"),
    ),
    (
        "email_change.txt",
        include_str!("templates/email_change.txt"),
    ),
    (
        "email_change.html",
        include_str!("templates/email_change.html"),
    ),
    ("email_taken.txt", include_str!("templates/email_taken.txt")),
    (
        "email_taken.html",
        include_str!("templates/email_taken.html"),
    ),
    (
        "email_change_notice.txt",
        include_str!("templates/email_change_notice.txt"),
    ),
    (
        "email_change_notice.html",
        include_str!("templates/email_change_notice.html"),
    ),
    (
        "email_changed.txt",
        include_str!("templates/email_changed.txt"),
    ),
    (
        "email_changed.html",
        include_str!("templates/email_changed.html"),
    ),
    ("email_set.txt", include_str!("templates/email_set.txt")),
    ("email_set.html", include_str!("templates/email_set.html")),
    (
        "email_replaced.txt",
        include_str!("templates/email_replaced.txt"),
    ),
    (
        "email_replaced.html",
        include_str!("templates/email_replaced.html"),
    ),
];

impl Templates {
    /// # Panics
    /// Never: the templates are compiled in, and a test renders each.
    pub(super) fn new(links: MailLinks) -> Self {
        let mut environment = Environment::new();
        for (name, source) in SOURCES {
            let added = environment.add_template(name, source);
            added.expect("the template is well-formed");
        }
        Self { environment, links }
    }

    /// # Errors
    /// Never in a released server: a test renders each.
    pub(super) fn render(&self, mail: &Mail) -> Result<Rendered, minijinja::Error> {
        let links = &self.links;
        let (subject, template, token) = match &mail.content {
            MailContent::PasswordReset { token, valid_for } => (
                "Choose another password",
                "password_reset",
                Some((&links.password_reset, token, valid_for)),
            ),
            MailContent::RefreshReused => {
                ("You have been signed out somewhere", "refresh_reused", None)
            }
            MailContent::PasswordChanged => {
                ("Your password has been changed", "password_changed", None)
            }
            MailContent::Invitation { token, valid_for } => (
                "You are invited",
                "invitation",
                Some((&links.invitation, token, valid_for)),
            ),
            MailContent::Registration { token, valid_for } => (
                "Confirm your registration",
                "registration",
                Some((&links.registration, token, valid_for)),
            ),
            MailContent::AlreadyRegistered => {
                ("You have an account already", "already_registered", None)
            }
            MailContent::EmailChange { token, valid_for } => (
                "Confirm your address",
                "email_change",
                Some((&links.email_change, token, valid_for)),
            ),
            MailContent::EmailTaken => ("Your address stays yours", "email_taken", None),
            MailContent::EmailChangeNotice { token, valid_for } => (
                "Your account is to have another address",
                "email_change_notice",
                Some((&links.email_change_cancel, token, valid_for)),
            ),
            MailContent::EmailChanged { token, valid_for } => (
                "Your account has another address",
                "email_changed",
                Some((&links.email_change_cancel, token, valid_for)),
            ),
            MailContent::EmailSet => ("Your account has this address now", "email_set", None),
            MailContent::EmailReplaced => {
                ("Your account has another address", "email_replaced", None)
            }
        };
        let context = context! {
            subject,
            name => mail.name.as_ref().map(DisplayName::as_str),
            link => token.map(|(page, token, _)| link(page, token)),
            valid_for => token.map(|(_, _, time)| span(*time)),
        };
        let render = |kind: &str| {
            let template = self
                .environment
                .get_template(&format!("{template}.{kind}"))?;
            template.render(&context)
        };
        Ok(Rendered {
            subject,
            text: render("txt")?,
            html: render("html")?,
        })
    }
}

fn link(template: &str, token: &SecretString) -> String {
    template.replace(MailLinks::TOKEN, token.expose_secret())
}

/// In the largest unit that it is a whole number of.
fn span(time: TimeDelta) -> String {
    let minutes = time.num_minutes();
    let (count, unit) = match minutes {
        _ if minutes % (24 * 60) == 0 => (minutes / (24 * 60), "day"),
        _ if minutes % 60 == 0 => (minutes / 60, "hour"),
        _ => (minutes, "minute"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use domain::outbox::OutboxMessageId;
    use domain::users::{DisplayName, EmailAddress};
    use uuid::Uuid;

    use super::*;

    fn rendered(name: Option<&str>, content: MailContent) -> Rendered {
        let templates = Templates::new(MailLinks {
            password_reset: "https://app.example.org/reset#token={token}".into(),
            invitation: "https://app.example.org/invitation#token={token}".into(),
            registration: "https://app.example.org/register#token={token}".into(),
            email_change: "https://app.example.org/address#token={token}".into(),
            email_change_cancel: "https://app.example.org/stop#token={token}".into(),
        });
        let mail = Mail {
            id: OutboxMessageId(Uuid::from_u128(7)),
            to: EmailAddress::parse("ada@example.org").unwrap(),
            name: name.map(|it| DisplayName::parse(it).unwrap()),
            content,
        };
        templates.render(&mail).unwrap()
    }

    /// Each with its token's page, if it has one.
    fn every_content() -> [(MailContent, Option<&'static str>); 12] {
        let (token, valid_for) = (SecretString::from("s3cret"), TimeDelta::minutes(30));
        [
            (
                MailContent::PasswordReset {
                    token: token.clone(),
                    valid_for,
                },
                Some("reset"),
            ),
            (MailContent::PasswordChanged, None),
            (MailContent::RefreshReused, None),
            (
                MailContent::Invitation {
                    token: token.clone(),
                    valid_for,
                },
                Some("invitation"),
            ),
            (
                MailContent::Registration {
                    token: token.clone(),
                    valid_for,
                },
                Some("register"),
            ),
            (MailContent::AlreadyRegistered, None),
            (
                MailContent::EmailChange {
                    token: token.clone(),
                    valid_for,
                },
                Some("address"),
            ),
            (MailContent::EmailTaken, None),
            (
                MailContent::EmailChangeNotice {
                    token: token.clone(),
                    valid_for,
                },
                Some("stop"),
            ),
            (MailContent::EmailChanged { token, valid_for }, Some("stop")),
            (MailContent::EmailSet, None),
            (MailContent::EmailReplaced, None),
        ]
    }

    #[test]
    fn every_mail_has_words_for_its_reader_in_both_forms() {
        for (content, _) in every_content() {
            let mail = rendered(Some("Ada"), content);

            for form in [&mail.text, &mail.html] {
                assert!(form.contains("Hello Ada,"), "{form}");
                assert!(!form.contains("{{"), "{form}");
            }
            assert!(mail.text.lines().all(|it| it.len() < 200), "{}", mail.text);
            assert!(mail.html.contains(mail.subject), "{}", mail.html);
        }
    }

    #[test]
    fn a_token_stands_in_the_link_of_both_forms() {
        for (content, page) in every_content() {
            let mail = rendered(Some("Ada"), content);

            let Some(page) = page else {
                assert!(!mail.text.contains("https://"), "{}", mail.text);
                continue;
            };
            let link = format!("https://app.example.org/{page}#token=s3cret");
            assert!(mail.text.lines().any(|it| it == link), "{}", mail.text);
            assert!(mail.html.contains("#token=s3cret"), "{}", mail.html);
            assert!(mail.text.contains("30 minutes"), "{}", mail.text);
        }
    }

    #[test]
    fn a_name_is_no_markup_and_may_be_missing() {
        for (content, _) in every_content() {
            let marked = rendered(Some("<a href=//evil>Ada</a>"), content.clone());
            let nameless = rendered(None, content);

            assert!(!marked.html.contains("<a href=//"), "{}", marked.html);
            assert!(nameless.text.starts_with("Hello,\n\n"), "{}", nameless.text);
            assert!(nameless.html.contains("<p>Hello,</p>"), "{}", nameless.html);
        }
    }

    #[test]
    fn spans_have_their_largest_whole_unit() {
        for (minutes, told) in [
            (1, "1 minute"),
            (90, "90 minutes"),
            (60, "1 hour"),
            (2_880, "2 days"),
        ] {
            assert_eq!(span(TimeDelta::minutes(minutes)), told);
        }
    }
}
