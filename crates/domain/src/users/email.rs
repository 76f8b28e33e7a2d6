use super::UserError;

/// An address that mail can be sent to (RFC 5321, section 4.1.2, without quoted local parts and
/// address literals), in lower case: no provider of note tells addresses apart by letter case,
/// and two accounts that differ by it alone would be a trap.
///
/// International domains are written in their ASCII form (`xn--...`), so that two addresses that
/// look alike are alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// In octets (RFC 5321, section 4.5.3.1.3, less its two angle brackets).
    pub const MAX: usize = 254;
    /// In octets (RFC 5321, section 4.5.3.1.1).
    const MAX_LOCAL: usize = 64;
    /// In octets (RFC 1035, section 2.3.4).
    const MAX_LABEL: usize = 63;

    /// # Errors
    /// `EmailInvalid` when it is not such an address.
    pub fn parse(text: &str) -> Result<Self, UserError> {
        let text = text.trim();
        if text.len() > Self::MAX {
            return Err(UserError::EmailInvalid);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(UserError::EmailInvalid)?;
        if !is_local_part(local) || !is_domain(domain) {
            return Err(UserError::EmailInvalid);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

fn is_local_part(text: &str) -> bool {
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    text.len() <= EmailAddress::MAX_LOCAL && text.split('.').all(is_atom)
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=EmailAddress::MAX_LABEL).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_number = |label: &str| label.bytes().all(|b| b.is_ascii_digit());
    text.split('.').count() >= 2
        && text.split('.').all(is_label)
        && !text.rsplit('.').next().is_some_and(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_case_and_blanks_around_it_do_not_count() {
        let email = EmailAddress::parse(" Ada.Lovelace+Stone@Example.ORG ").unwrap();

        assert_eq!(email.as_str(), "ada.lovelace+stone@example.org");
        assert_eq!(email.local_part(), "ada.lovelace+stone");
    }

    #[test]
    fn the_longest_parts_fit_and_one_more_octet_does_not() {
        let local = "a".repeat(64);
        let label = "b".repeat(63);

        assert!(EmailAddress::parse(&format!("{local}@{label}.org")).is_ok());
        assert!(EmailAddress::parse(&format!("{local}a@{label}.org")).is_err());
        assert!(EmailAddress::parse(&format!("{local}@{label}b.org")).is_err());
        assert!(EmailAddress::parse(&format!("{local}@{label}.{label}.{label}.org")).is_err());
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for text in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@example",
            "ada@@example.org",
            "a@b@example.org",
            ".ada@example.org",
            "ada.@example.org",
            "a..b@example.org",
            "ada@-example.org",
            "ada@example-.org",
            "ada@.org",
            "ada@example.org.",
            "ada@1.2.3.4",
            "ada@[1.2.3.4]",
            "\"ada\"@example.org",
            "a b@example.org",
            "ada\0@example.org",
            "ada\n@example.org",
            "äda@example.org",
            "ada@exämple.org",
            "ada@example\u{202E}.org",
        ] {
            assert_eq!(
                EmailAddress::parse(text),
                Err(UserError::EmailInvalid),
                "{text:?}"
            );
        }
    }
}
