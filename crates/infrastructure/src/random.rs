use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the system gives no random bits")]
pub struct NoRandomness;
