use application::Error;
use application::one_time_tokens::OneTimeSecrets;
use domain::one_time_tokens::OneTimeTokenHash;
use secrecy::SecretString;

use crate::random::{random_secret, sha256};

/// 256 bits in base64url; kept as SHA-256, which is enough for what nobody can guess.
#[derive(Debug, Clone, Copy)]
pub struct RandomOneTimeSecrets;

impl OneTimeSecrets for RandomOneTimeSecrets {
    fn random(&self) -> Result<SecretString, Error> {
        random_secret().map_err(|it| Error::Broken(it.to_string()))
    }

    fn hash(&self, token: &SecretString) -> OneTimeTokenHash {
        OneTimeTokenHash(sha256(token))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn every_token_is_another_one_of_256_bits() {
        let [one, other] = [(); 2].map(|()| RandomOneTimeSecrets.random().unwrap());

        assert_eq!(one.expose_secret().len(), 43);
        assert_ne!(one.expose_secret(), other.expose_secret());
        let hashes = [&one, &other].map(|it| RandomOneTimeSecrets.hash(it));
        assert_ne!(hashes[0], hashes[1]);
    }
}
