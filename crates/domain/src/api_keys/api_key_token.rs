use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::ApiKeyId;

/// A key as its holder sends it: `ask_<id>_<secret>_<checksum>`, in lower-case hexadecimal digits: 32 of the id, 64 of
/// the secret, which is 256 random bits, and 8 of the CRC-32 of all before the last `_`. By the beginning and the
/// checksum those who look for leaked secrets know one, and a typing error is known without asking anybody.
#[derive(Debug, Clone)]
pub struct ApiKeyToken {
    pub id: ApiKeyId,
    pub secret: SecretString,
}

impl ApiKeyToken {
    /// What every key begins with, and no access token.
    pub const PREFIX: &str = "ask_";

    /// `None` for what has another form, or another checksum.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (covered, checksum) = text.rsplit_once('_')?;
        let (id, secret) = covered.strip_prefix(Self::PREFIX)?.split_once('_')?;
        let whole = are_digits(id, 32) && are_digits(secret, 64) && checksum == sum(covered);
        let id = Uuid::parse_str(id).ok().filter(|_| whole)?;
        Some(Self {
            id: ApiKeyId(id),
            secret: secret.into(),
        })
    }

    /// What [`ApiKeyToken::parse`] reads.
    #[must_use]
    pub fn text(&self) -> SecretString {
        let (id, secret) = (self.id.0.simple(), self.secret.expose_secret());
        let covered = format!("{}{id}_{secret}", Self::PREFIX);
        let checksum = sum(&covered);
        format!("{covered}_{checksum}").into()
    }
}

/// In one spelling alone, so that a key has one.
fn are_digits(text: &str, count: usize) -> bool {
    let digit = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
    text.len() == count && text.bytes().all(digit)
}

fn sum(text: &str) -> String {
    format!("{:08x}", crc32(text.as_bytes()))
}

/// The CRC-32 of zip and PNG (ISO/IEC 13239; W3C PNG, annex D), bit by bit: a key is short.
fn crc32(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xEDB8_8320;
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = crc & 1;
            crc >>= 1;
            if carry == 1 {
                crc ^= POLYNOMIAL;
            }
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> ApiKeyToken {
        ApiKeyToken {
            id: ApiKeyId(Uuid::from_u128(0x0193_6f5e_8c00_7000_8000_0000_0000_0001)),
            secret: "0123456789abcdef".repeat(4).into(),
        }
    }

    /// Computed by Python's `zlib`: keys that are given out go on to mean the same.
    #[test]
    fn a_key_looks_as_it_did() {
        let text = token().text();

        let expected = "ask_01936f5e8c0070008000000000000001_\
                        0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef_523206ec";
        assert_eq!(text.expose_secret(), expected);
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn what_is_written_is_read() {
        let read = ApiKeyToken::parse(token().text().expose_secret()).unwrap();

        assert_eq!(read.id, token().id);
        assert_eq!(read.secret.expose_secret(), token().secret.expose_secret());
    }

    #[test]
    fn one_letter_more_less_or_another_is_no_key() {
        let text = token().text().expose_secret().to_owned();
        for at in 0..text.len() {
            for other in ['0', 'f', 'F', '_', 'ß', '\0'] {
                let mut changed: Vec<char> = text.chars().collect();
                if changed[at] != other {
                    changed[at] = other;
                    let changed: String = changed.into_iter().collect();
                    assert!(ApiKeyToken::parse(&changed).is_none(), "{changed}");
                }
            }
            assert!(ApiKeyToken::parse(&text[..at]).is_none());
            assert!(ApiKeyToken::parse(&text[at + 1..]).is_none());
        }
        assert!(ApiKeyToken::parse(&format!("{text}0")).is_none());
    }

    #[test]
    fn another_form_is_no_key_though_its_checksum_is_right() {
        let secret = token().secret.expose_secret().to_owned();
        let id = token().id.0;
        for covered in [
            format!("ask_{id}_{secret}"),
            format!("ask_{:X}_{secret}", id.simple()),
            format!("ask_{}_{}", id.simple(), secret.to_uppercase()),
            format!("ask_{}_{secret}0", id.simple()),
            format!("ask_{}_{}", id.simple(), &secret[1..]),
            format!("ASK_{}_{secret}", id.simple()),
            format!("{}_{secret}", id.simple()),
            format!("ask_{}", id.simple()),
            "ask".to_owned(),
            String::new(),
        ] {
            let checksum = sum(&covered);
            let text = format!("{covered}_{checksum}");
            assert!(ApiKeyToken::parse(&text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let shown = format!("{:?}", token());

        assert!(!shown.contains("0123456789abcdef"), "{shown}");
    }
}
