use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Params, Version};
use aws_lc_rs::constant_time;

pub(super) const ALGORITHM: Algorithm = Algorithm::Argon2id;
pub(super) const VERSION: Version = Version::V0x13;

/// What RFC 9106, section 4, recommends: 128 bits of salt, 256 of output.
pub(super) const SALT_LENGTH: usize = 16;
pub(super) const HASH_LENGTH: usize = 32;

/// A hash that asks for more would take the process down, or a worker for good.
pub(super) fn is_bearable(params: &Params) -> bool {
    const MAX_MEMORY_KIB: u32 = 1024 * 1024;
    const MAX_ITERATIONS: u32 = 16;
    params.m_cost() <= MAX_MEMORY_KIB && params.t_cost() <= MAX_ITERATIONS
}

/// A hash in the PHC string format, taken apart.
pub(super) struct StoredHash {
    pub(super) params: Params,
    pub(super) salt: Salt,
    output: Output,
}

impl StoredHash {
    /// `None` when it is not Argon2id, or not bearable.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let hash = PasswordHash::new(text).ok()?;
        let params = Params::try_from(&hash).ok()?;
        let known = hash.algorithm == ALGORITHM.ident() && hash.version == Some(VERSION.into());
        if !known || !is_bearable(&params) {
            return None;
        }
        Some(Self {
            params,
            salt: hash.salt?,
            output: hash.hash?,
        })
    }

    pub(super) fn is(&self, output: &[u8]) -> bool {
        constant_time::verify_slices_are_equal(self.output.as_bytes(), output).is_ok()
    }
}

pub(super) fn encode(
    params: &Params,
    salt: &[u8],
    output: &[u8],
) -> argon2::password_hash::Result<String> {
    let hash = PasswordHash {
        algorithm: ALGORITHM.ident(),
        version: Some(VERSION.into()),
        params: ParamsString::try_from(params)?,
        salt: Some(Salt::new(salt)?),
        hash: Some(Output::new(output)?),
    };
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT_AND_OUTPUT: &str = "c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    fn parse(head: &str) -> Option<StoredHash> {
        StoredHash::parse(&format!("{head}${SALT_AND_OUTPUT}"))
    }

    #[test]
    fn what_was_encoded_is_parsed() {
        let params = Params::new(16, 2, 1, Some(HASH_LENGTH)).unwrap();

        let text = encode(&params, &[1; SALT_LENGTH], &[2; HASH_LENGTH]).unwrap();

        let stored = StoredHash::parse(&text).unwrap();
        assert_eq!(stored.params, params);
        assert_eq!(*stored.salt, [1; SALT_LENGTH]);
        assert!(stored.is(&[2; HASH_LENGTH]));
        assert!(!stored.is(&[2; HASH_LENGTH - 1]));
    }

    #[test]
    fn only_argon2id_of_version_19_is_known() {
        assert!(parse("$argon2id$v=19$m=16,t=1,p=1").is_some());
        for head in [
            "$argon2i$v=19$m=16,t=1,p=1",
            "$argon2d$v=19$m=16,t=1,p=1",
            "$argon2id$v=16$m=16,t=1,p=1",
            "$argon2id$m=16,t=1,p=1",
            "$scrypt$ln=16,r=8,p=1",
        ] {
            assert!(parse(head).is_none(), "{head}");
        }
    }

    #[test]
    fn no_more_is_asked_than_the_process_can_bear() {
        assert!(parse("$argon2id$v=19$m=1048576,t=16,p=1").is_some());
        for head in [
            "$argon2id$v=19$m=1048577,t=1,p=1",
            "$argon2id$v=19$m=4294967295,t=1,p=1",
            "$argon2id$v=19$m=16,t=17,p=1",
            "$argon2id$v=19$m=16,t=1,p=16777215",
        ] {
            assert!(parse(head).is_none(), "{head}");
        }
    }

    #[test]
    fn what_is_not_whole_is_nothing() {
        for text in ["", "$", "stone", "$argon2id", "$argon2id$v=19$m=16,t=1,p=1"] {
            assert!(StoredHash::parse(text).is_none(), "{text}");
        }
        assert!(parse("$argon2id$v=19$m=1,t=1,p=1").is_none());
        assert!(parse("$argon2id$v=19$m=16,t=1,p=1$c29tZXNhbHQ").is_none());
    }
}
