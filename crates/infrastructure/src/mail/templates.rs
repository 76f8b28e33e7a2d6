//! What mails say. A text and a page for each, with the same words.

use application::outbox::{Mail, MailContent};
use chrono::TimeDelta;
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
        let (subject, template, link, valid_for) = match &mail.content {
            MailContent::PasswordReset { token, valid_for } => (
                "Choose another password",
                "password_reset",
                link(&self.links.password_reset, token),
                span(*valid_for),
            ),
            MailContent::PasswordChanged => (
                "Your password has been changed",
                "password_changed",
                String::new(),
                String::new(),
            ),
        };
        let context = context! { subject, name => mail.name.as_str(), link, valid_for };
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

    fn rendered(name: &str, content: MailContent) -> Rendered {
        let templates = Templates::new(MailLinks {
            password_reset: "https://app.example.org/reset#token={token}".into(),
        });
        let mail = Mail {
            id: OutboxMessageId(Uuid::from_u128(7)),
            to: EmailAddress::parse("ada@example.org").unwrap(),
            name: DisplayName::parse(name).unwrap(),
            content,
        };
        templates.render(&mail).unwrap()
    }

    fn every_content() -> [MailContent; 2] {
        [
            MailContent::PasswordReset {
                token: "s3cret".into(),
                valid_for: TimeDelta::minutes(30),
            },
            MailContent::PasswordChanged,
        ]
    }

    #[test]
    fn every_mail_has_words_for_its_reader_in_both_forms() {
        for content in every_content() {
            let mail = rendered("Ada", content);

            for form in [&mail.text, &mail.html] {
                assert!(form.contains("Ada") && !form.contains("{{"), "{form}");
            }
            assert!(mail.text.lines().all(|it| it.len() < 200), "{}", mail.text);
            assert!(mail.html.contains(mail.subject), "{}", mail.html);
        }
    }

    #[test]
    fn a_token_stands_in_the_link_of_both_forms() {
        let [reset, _] = every_content();
        let mail = rendered("Ada", reset);

        let link = "https://app.example.org/reset#token=s3cret";
        assert!(mail.text.lines().any(|it| it == link), "{}", mail.text);
        assert!(mail.html.contains("#token=s3cret"), "{}", mail.html);
        assert!(mail.text.contains("30 minutes"), "{}", mail.text);
    }

    #[test]
    fn a_name_is_no_markup() {
        for content in every_content() {
            let mail = rendered("<a href=//evil>Ada</a>", content);

            assert!(!mail.html.contains("<a href=//"), "{}", mail.html);
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
