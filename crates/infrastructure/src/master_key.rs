use std::fmt;

use aws_lc_rs::hkdf;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

/// The secret that every other symmetric key comes from; never shown, and gone from memory with
/// its last owner.
#[derive(Clone)]
pub struct MasterKey(hkdf::Prk);

/// The master key, and those that it has taken the place of, or is to give its place to.
#[derive(Debug, Clone)]
pub struct MasterKeys {
    /// Seals, and opens.
    pub(crate) first: MasterKey,
    /// Open what they have sealed, and seal nothing.
    pub(crate) others: Vec<MasterKey>,
}

impl MasterKeys {
    /// # Errors
    /// When one of them is too short.
    pub fn new(first: &SecretString, others: &[SecretString]) -> Result<Self, MasterKeyTooShort> {
        Ok(Self {
            first: MasterKey::new(first)?,
            others: others
                .iter()
                .map(MasterKey::new)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl MasterKey {
    /// In characters. 32 of base64url can carry 192 bits.
    pub const MIN: usize = 32;

    /// # Errors
    /// When it has fewer than [`MasterKey::MIN`] characters.
    pub fn new(secret: &SecretString) -> Result<Self, MasterKeyTooShort> {
        let secret = secret.expose_secret();
        if secret.chars().count() < Self::MIN {
            return Err(MasterKeyTooShort);
        }
        // No salt: there is nowhere to keep one apart from the key (RFC 5869, section 3.1, makes
        // it optional). Nothing here slows guessing down, so the secret has to be a random one.
        let salt = hkdf::Salt::none(hkdf::HKDF_SHA256);
        Ok(Self(salt.extract(secret.as_bytes())))
    }

    /// A key of its own for every label (RFC 5869, section 3.2).
    ///
    /// # Panics
    /// Never: 32 bytes are less than the 8160 that HKDF-SHA256 can give.
    #[must_use]
    pub fn derive(&self, label: &'static str) -> [u8; 32] {
        let info = [label.as_bytes()];
        let mut key = [0; 32];
        self.0
            .expand(&info, hkdf::HKDF_SHA256)
            .and_then(|output| output.fill(&mut key))
            .expect("HKDF-SHA256 gives 32 bytes");
        key
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(..)")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the master key has fewer than {} characters", MasterKey::MIN)]
pub struct MasterKeyTooShort;

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn key(secret: &str) -> MasterKey {
        MasterKey::new(&secret.into()).unwrap()
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert!(MasterKey::new(&SECRET.into()).is_ok());
        assert_eq!(
            MasterKey::new(&SECRET[1..].into()).err(),
            Some(MasterKeyTooShort)
        );
        // 31 characters, whatever their bytes.
        assert!(MasterKey::new(&"é".repeat(31).into()).is_err());
    }

    #[test]
    fn each_label_and_each_secret_has_a_key_of_its_own() {
        let derived = key(SECRET).derive("one");

        assert_eq!(derived, key(SECRET).derive("one"));
        assert_ne!(derived, key(SECRET).derive("two"));
        assert_ne!(derived, key(&SECRET.replace('0', "x")).derive("one"));
    }

    /// Whoever changes the derivation makes everything sealed before unreadable. The value is
    /// what Python's `hmac` gives for RFC 5869.
    #[test]
    fn the_derivation_stays_as_it_is() {
        let derived = key(SECRET).derive("one");

        assert_eq!(
            URL_SAFE_NO_PAD.encode(derived),
            "HdRYbyZKyie6EwlmLMgSw7FzTyNjV71JRj-n7hSv0RA"
        );
    }

    #[test]
    fn debug_does_not_show_it() {
        assert_eq!(format!("{:?}", key(SECRET)), "MasterKey(..)");
    }
}
