//! What has to be so of the settings of mail.

use std::net::IpAddr;

use infrastructure::MailLinks;

use super::sections::Mail;

pub(super) const LINK_WANTED: &str = "must be a URL whose fragment has the token, such as https://app.example.org/page#token={token}: what stands before the `#` is sent to servers, and written into their logs";

/// Of the link that nobody follows where nobody can register.
pub(super) const REGISTRATION_LINK: &[&str] = &["mail.links.registration"];

/// Each link with its key.
pub(super) fn links(mail: &Mail) -> [(&'static [&'static str], &str); 5] {
    let links = &mail.links;
    [
        (&["mail.links.password_reset"], &links.password_reset),
        (&["mail.links.invitation"], &links.invitation),
        (REGISTRATION_LINK, &links.registration),
        (&["mail.links.email_change"], &links.email_change),
        (
            &["mail.links.email_change_cancel"],
            &links.email_change_cancel,
        ),
    ]
}

/// Whether the token is in the fragment alone.
pub(super) fn keeps_its_token(link: &str) -> bool {
    let Some((page, fragment)) = link.split_once('#') else {
        return false;
    };
    let host = page
        .strip_prefix("https://")
        .or_else(|| page.strip_prefix("http://"));
    host.is_some_and(|it| !it.is_empty() && !it.starts_with('/'))
        && !page.contains(MailLinks::TOKEN)
        && fragment.matches(MailLinks::TOKEN).count() == 1
        && !link.contains(char::is_whitespace)
}

/// Whether nobody could answer, nor find out whose mail it is.
pub(super) fn is_from_nowhere(mail: &Mail) -> bool {
    mail.from.trim_end_matches('>').ends_with("@localhost")
}

/// Whether mail goes to the machine itself: nobody is in between who could read it.
pub(super) fn stays_on_the_machine(mail: &Mail) -> bool {
    let host = mail.smtp_host.as_str();
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_its_token_in_the_fragment_and_nowhere_else() {
        for link in [
            "https://app.example.org/reset#token={token}",
            "http://localhost:3000/#/reset/{token}",
        ] {
            assert!(keeps_its_token(link), "{link}");
        }
        for link in [
            "https://app.example.org/reset?token={token}",
            "https://app.example.org/{token}#token={token}",
            "https://app.example.org/reset#token={token}{token}",
            "https://app.example.org/reset#token=",
            "app.example.org/reset#token={token}",
            "https:///reset#token={token}",
            "javascript:alert(1)#{token}",
            "https://app.example.org/re set#{token}",
        ] {
            assert!(!keeps_its_token(link), "{link}");
        }
    }
}
