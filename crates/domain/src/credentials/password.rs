use std::collections::BTreeSet;

use secrecy::{ExposeSecret, SecretString};

use super::CredentialError;
use crate::users::EmailAddress;

/// What a new password has to be like (NIST SP 800-63B-4, section 3.1.1.2): long, and not easy to
/// guess; nothing about letters, digits and signs.
#[derive(Debug, Clone, Copy)]
pub struct PasswordPolicy {
    /// In code points; from [`PasswordPolicy::LEAST`] to [`NewPassword::MAX`].
    pub min_length: usize,
}

impl PasswordPolicy {
    /// No setting goes below it.
    pub const LEAST: usize = 8;
}

/// A password that somebody may choose. It is never shown: not by `Debug`, not in errors.
#[derive(Debug, Clone)]
pub struct NewPassword(SecretString);

impl NewPassword {
    /// In code points.
    pub const MAX: usize = 128;

    /// # Errors
    /// Why it may not be chosen.
    pub fn parse(
        text: &SecretString,
        owner: &EmailAddress,
        policy: PasswordPolicy,
    ) -> Result<Self, CredentialError> {
        let password = text.expose_secret();
        let length = password.chars().count();
        if length < policy.min_length {
            return Err(CredentialError::PasswordTooShort(policy.min_length));
        }
        if length > Self::MAX {
            return Err(CredentialError::PasswordTooLong);
        }
        if is_common(password) {
            return Err(CredentialError::PasswordCommon);
        }
        if is_like(&fold(password), owner) {
            return Err(CredentialError::PasswordLikeAddress);
        }
        Ok(Self(text.clone()))
    }

    #[must_use]
    pub fn expose(&self) -> &SecretString {
        &self.0
    }
}

/// Lower case, with the usual disguises taken off (`p4$$w0rd`), letters and digits only.
fn fold(password: &str) -> String {
    let plain = |c: char| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    let lower = password.to_lowercase();
    let folded: String = lower
        .chars()
        .map(plain)
        .filter(|c| c.is_alphanumeric())
        .collect();
    // A password of signs alone has nothing to fold.
    if folded.is_empty() { lower } else { folded }
}

/// Whether hardly anything is left without the words that people use, or without runs, or whether
/// it is a repetition: what a list of common passwords of this length holds is made of these.
fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let mut without_words = fold(password);
    for word in WORDS {
        without_words = without_words.replace(&fold(word), "");
    }
    distinct(&without_words) < MIN_DISTINCT
        || distinct(&without_runs(&lower)) < MIN_DISTINCT
        || is_repetition(&lower)
}

fn distinct(text: &str) -> usize {
    text.chars().collect::<BTreeSet<_>>().len()
}

/// Fewer different characters than this, beside common words, are no secret.
const MIN_DISTINCT: usize = 4;

/// The stem of most passwords that were found in leaks.
const WORDS: &[&str] = &[
    "password",
    "passwort",
    "passphrase",
    "administrator",
    "changeme",
    "welcome",
    "letmein",
    "iloveyou",
    "football",
    "baseball",
    "princess",
    "sunshine",
    "superman",
    "starwars",
    "trustno1",
    "whatever",
    "computer",
    "internet",
    "michael",
    "jessica",
    "charlie",
    "dragon",
    "monkey",
    "shadow",
    "master",
    "secret",
    "freedom",
    "qwertyuiop",
    "qwertz",
    "qwerty",
    "azerty",
    "asdfghjkl",
    "asdfgh",
    "asdf",
    "zxcvbnm",
    "zxcvbn",
    "1q2w3e4r5t",
    "1q2w3e4r",
    "1qaz2wsx",
    "ashlar",
    "admin",
    "login",
    "hello",
    "default",
    "example",
    "correcthorsebatterystaple",
    "qazwsx",
    "summer",
    "winter",
    "spring",
    "autumn",
    "pass",
    "user",
    "test",
    "root",
];

/// `1234`, `abcd`, `9876` and `aaaa` carry no more than their first character.
fn without_runs(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut before = None;
    for c in text.chars() {
        let next_to = |b: char| (u32::from(c).abs_diff(u32::from(b))) <= 1;
        if !before.is_some_and(next_to) {
            kept.push(c);
        }
        before = Some(c);
    }
    kept
}

/// Whether it is one piece of up to a third of its length, over and over.
fn is_repetition(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=chars.len() / 3).any(|n| chars.iter().enumerate().all(|(i, c)| *c == chars[i % n]))
}

/// Whether the address, or what stands before its `@`, is most of the password.
fn is_like(folded: &str, owner: &EmailAddress) -> bool {
    [owner.as_str(), owner.local_part()]
        .into_iter()
        .any(|part| {
            let part = fold(part);
            let beside = folded.replace(&part, "").chars().count();
            part.chars().count() >= 4 && folded.contains(&part) && beside < MIN_BESIDE_ADDRESS
        })
}

/// So many characters beside the address make it a password of its own.
const MIN_BESIDE_ADDRESS: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<NewPassword, CredentialError> {
        let owner = EmailAddress::parse("ada.lovelace@example.org").unwrap();
        NewPassword::parse(&text.into(), &owner, PasswordPolicy { min_length: 15 })
    }

    #[test]
    fn a_long_phrase_in_any_script_is_taken() {
        for text in [
            "dressed stone, laid dry",
            "четыре гладких камня",
            "石を積むには時間がかかるのです",
            "7hJ-qp2_Zx90-vvKe",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn length_counts_code_points_and_has_two_ends() {
        assert_eq!(
            parse("été à la plage").unwrap_err(),
            CredentialError::PasswordTooShort(15)
        );
        assert!(parse(&"a7 kümmel ".repeat(12)).is_err(), "a repetition");
        let longest: String = ('\u{4E00}'..).step_by(7).take(NewPassword::MAX).collect();
        assert!(parse(&longest).is_ok());
        assert_eq!(
            parse(&format!("{longest}x")).unwrap_err(),
            CredentialError::PasswordTooLong
        );
    }

    #[test]
    fn what_many_people_use_is_refused() {
        for text in [
            "aaaaaaaaaaaaaaaaaa",
            "123456789012345678",
            "passwordpassword",
            "P4$$w0rd-p4$$w0rd",
            "qwertyuiopasdfghjkl",
            "correct horse battery staple",
            "abcabcabcabcabcabc",
            "                    ",
            "--------------------",
        ] {
            assert_eq!(
                parse(text).unwrap_err(),
                CredentialError::PasswordCommon,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_hardly_more_than_the_address_is_refused() {
        for text in [
            "ada.lovelace@example.org",
            "ada.lovelace@example.org ADA.LOVELACE@example.org",
            "AdaLovelace1815",
            "xx-ada.lovelace-yy",
        ] {
            assert_eq!(
                parse(text).unwrap_err(),
                CredentialError::PasswordLikeAddress,
                "{text}"
            );
        }
    }

    #[test]
    fn debug_does_not_show_it() {
        let shown = format!("{:?}", parse("dressed stone, laid dry").unwrap());

        assert!(!shown.contains("stone"), "{shown}");
    }
}
