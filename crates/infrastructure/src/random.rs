use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

/// 256 random bits in base64url: a key, or a password that nobody chose.
///
/// # Errors
/// When the system gives no randomness.
pub fn random_secret() -> Result<SecretString, NoRandomness> {
    let mut bytes = Zeroizing::new([0; 32]);
    rand::fill(bytes.as_mut_slice()).map_err(|_| NoRandomness)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes.as_slice()).into())
}

/// What is kept of a secret that was drawn at random.
pub(crate) fn sha256(secret: &SecretString) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, secret.expose_secret().as_bytes()).as_ref());
    hash
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the system gives no random bits")]
pub struct NoRandomness;
