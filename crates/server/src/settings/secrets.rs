/// What nobody would draw at random. Every example of ours holds one of them.
const PLACEHOLDERS: [&str; 10] = [
    "changeme",
    "change-me",
    "change_me",
    "secret",
    "password",
    "placeholder",
    "example",
    "replace",
    "12345678",
    "abcdefgh",
];

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

pub(super) const MASTER_KEY_MIN: usize = 32;

/// A P-256 key is at least 67 bytes, which Base64 makes this long.
const PEM_BODY_MIN: usize = 92;

/// Eight different characters are fewer than any random text of 32 has.
const DIFFERENT_MIN: usize = 8;

/// The part of a PKCS#8 PEM that is the key. `None` when it is no such thing.
pub(super) fn pem_body(text: &str) -> Option<String> {
    let body = text.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let body: String = body.split_whitespace().collect();
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    (body.len() >= PEM_BODY_MIN && body.bytes().all(is_base64)).then_some(body)
}

/// Whether somebody forgot to put in a key of their own.
pub(super) fn is_made_up(key: &str) -> bool {
    let mut different: Vec<char> = key.chars().collect();
    different.sort_unstable();
    different.dedup();
    different.len() < DIFFERENT_MIN || is_placeholder(key)
}

pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.to_lowercase();
    PLACEHOLDERS.iter().any(|known| text.contains(known))
}

#[cfg(test)]
mod tests {
    use super::{is_made_up, pem_body};

    #[test]
    fn a_drawn_key_is_not_made_up() {
        assert!(!is_made_up("vJ0q9XkB2mHnT5wRz7LcYdE4uGsA1fPo"));
        assert!(!is_made_up("9f86d081884c7d659a2feaa0c55ad015"));
    }

    #[test]
    fn a_typed_key_is_made_up() {
        for typed in [
            "a".repeat(40),
            "abcabcabc".repeat(5),
            "please-ChangeMe-before-you-go-live".to_owned(),
            "my-secret-key-of-more-than-32-letters".to_owned(),
            "12345678901234567890123456789012".to_owned(),
        ] {
            assert!(is_made_up(&typed), "{typed}");
        }
    }

    #[test]
    fn a_pem_has_both_ends_and_a_key_between() {
        let body = "MIGHAgEAMBMGByqGSM49".repeat(6);
        let pem = |name: &str| format!("-----BEGIN {name}-----\n{body}\n-----END {name}-----\n");

        assert_eq!(pem_body(&pem("PRIVATE KEY")), Some(body.clone()));
        assert_eq!(pem_body(&pem("EC PRIVATE KEY")), None);
        assert_eq!(pem_body(&pem("PRIVATE KEY").replace("END", "AND")), None);
        assert_eq!(pem_body(&pem("PRIVATE KEY").replace(&body, "MIGH")), None);
        assert_eq!(pem_body(&pem("PRIVATE KEY").replace('M', "?")), None);
    }
}
