use std::fmt;

use application::sessions::PublicKey;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

/// A P-256 key, both halves.
pub(super) struct SigningKey {
    pub(super) signing: EncodingKey,
    pub(super) verifying: DecodingKey,
    pub(super) public: PublicKey,
}

impl SigningKey {
    pub(super) fn from_pem(pem: &SecretString) -> Result<Self, SignerError> {
        Self::of(EncodingKey::from_ec_pem(pem.expose_secret().as_bytes())?)
    }

    /// From PKCS#8 (RFC 5958).
    pub(super) fn from_der(der: &[u8]) -> Result<Self, SignerError> {
        Self::of(EncodingKey::from_ec_der(der))
    }

    fn of(signing: EncodingKey) -> Result<Self, SignerError> {
        let jwk = Jwk::from_encoding_key(&signing, Algorithm::ES256)?;
        let verifying = DecodingKey::from_jwk(&jwk)?;
        // RFC 7638: the same key has the same name everywhere.
        let kid = jwk.thumbprint(ThumbprintHash::SHA256)?;
        let AlgorithmParameters::EllipticCurve(point) = jwk.algorithm else {
            return Err(SignerError::KeyInvalid);
        };
        Ok(Self {
            signing,
            verifying,
            public: PublicKey {
                kid,
                x: point.x,
                y: point.y,
            },
        })
    }

    /// A new key as PKCS#8.
    pub(super) fn generate() -> Result<Zeroizing<Vec<u8>>, SignerError> {
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map(|key| Zeroizing::new(key.as_ref().to_vec()))
            .map_err(|_| SignerError::KeyNotMade)
    }

    pub(super) fn generate_pem() -> Result<SecretString, SignerError> {
        Self::generate().map(|der| pem(&der))
    }
}

fn pem(key: &[u8]) -> SecretString {
    let encoded = Zeroizing::new(STANDARD.encode(key));
    let mut pem = String::with_capacity(encoded.len() + 128);
    pem.push_str("-----BEGIN PRIVATE KEY-----\n");
    // RFC 7468, section 2: exactly 64 characters a line.
    let mut rest = encoded.as_str();
    while let Some((line, after)) = rest.split_at_checked(64) {
        pem.extend([line, "\n"]);
        rest = after;
    }
    pem.extend([rest, "\n-----END PRIVATE KEY-----\n"]);
    pem.into()
}

/// Says nothing of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignerError {
    KeyInvalid,
    KeyNotMade,
}

impl fmt::Display for SignerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyInvalid => "the signing key is not a P-256 private key as PKCS#8 in PEM",
            Self::KeyNotMade => "no signing key could be made",
        })
    }
}

impl std::error::Error for SignerError {}

impl From<jsonwebtoken::errors::Error> for SignerError {
    fn from(_: jsonwebtoken::errors::Error) -> Self {
        Self::KeyInvalid
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::{SHA256, digest};
    use aws_lc_rs::signature::ECDSA_P384_SHA384_FIXED_SIGNING;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    #[test]
    fn the_key_is_named_by_its_thumbprint() {
        let pem = SigningKey::generate_pem().unwrap();

        let key = SigningKey::from_pem(&pem).unwrap().public;

        let text = format!(
            r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#,
            key.x, key.y
        );
        assert_eq!(
            key.kid,
            URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
        );
        let length = |text| URL_SAFE_NO_PAD.decode(text).unwrap().len();
        assert_eq!((length(key.x), length(key.y)), (32, 32));
    }

    #[test]
    fn a_key_of_another_kind_is_refused() {
        let p384 =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &SystemRandom::new())
                .unwrap();
        let good = SigningKey::generate_pem().unwrap();
        let good = good.expose_secret();
        for text in [
            pem(p384.as_ref()),
            good.replace("PRIVATE", "PUBLIC").into(),
            good.replace("PRIVATE", "EC PRIVATE").into(),
            good[..100].into(),
            pem(b"garbage"),
            pem(&[]),
            "".into(),
        ] {
            let refused = SigningKey::from_pem(&text);
            assert_eq!(refused.err(), Some(SignerError::KeyInvalid));
        }
        for der in [p384.as_ref(), b"garbage", b""] {
            let refused = SigningKey::from_der(der);
            assert_eq!(refused.err(), Some(SignerError::KeyInvalid));
        }
        assert!(good.lines().all(|line| line.len() <= 64));
    }
}
