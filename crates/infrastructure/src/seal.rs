use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use secrecy::zeroize::Zeroizing;

use crate::master_key::MasterKeys;

/// AES-256-GCM-SIV (RFC 8452): nonce, ciphertext and tag. The context is the associated data, so that
/// what is sealed opens only where it belongs. The nonces are random; should one ever come twice, this
/// mode gives no key away.
pub(crate) struct Seal {
    seals: RandomizedNonceKey,
    /// Opens what was sealed under other master keys.
    opens: Vec<RandomizedNonceKey>,
}

impl Seal {
    /// For what the label says, and nothing else.
    pub(crate) fn new(masters: &MasterKeys, label: &'static str) -> Self {
        let derived = |master: &crate::MasterKey| {
            let key = Zeroizing::new(master.derive(label));
            let key = RandomizedNonceKey::new(&AES_256_GCM_SIV, key.as_slice());
            key.expect("a key of AES-256 has 32 bytes")
        };
        Self {
            seals: derived(&masters.first),
            opens: masters.others.iter().map(derived).collect(),
        }
    }

    pub(crate) fn seal(&self, context: &str, text: &[u8]) -> Vec<u8> {
        let mut sealed = text.to_vec();
        let nonce = self
            .seals
            .seal_in_place_append_tag(Aad::from(context), &mut sealed)
            .expect("AES-GCM-SIV takes anything below 64 GiB");
        let mut whole = nonce.as_ref().to_vec();
        whole.append(&mut sealed);
        whole
    }

    /// `None` when it was not sealed here and for this.
    pub(crate) fn open(&self, context: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut keys = std::iter::once(&self.seals).chain(&self.opens);
        keys.find_map(|key| {
            let mut text = Zeroizing::new(sealed.to_vec());
            let nonce = Nonce::from(nonce);
            let opened = key.open_in_place(nonce, Aad::from(context), &mut text);
            let length = opened.ok()?.len();
            text.truncate(length);
            Some(text)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masters(secrets: &[&str]) -> MasterKeys {
        let secrets = secrets.iter().map(|it| it.repeat(32).into());
        let secrets: Vec<_> = secrets.collect();
        let (first, others) = secrets.split_first().unwrap();
        MasterKeys::new(first, others).unwrap()
    }

    fn seal(secrets: &[&str]) -> Seal {
        Seal::new(&masters(secrets), "label")
    }

    fn opened(by: &Seal, context: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        by.open(context, sealed).map(|it| it.to_vec())
    }

    #[test]
    fn what_is_sealed_opens_again_and_never_looks_the_same() {
        for text in [&b"hush"[..], b""] {
            let sealed = seal(&["a"]).seal("here", text);

            assert_eq!(opened(&seal(&["a"]), "here", &sealed).unwrap(), text);
            assert_ne!(seal(&["a"]).seal("here", text), sealed);
        }
    }

    #[test]
    fn the_first_master_key_seals_and_each_opens() {
        let by_old = seal(&["old"]).seal("here", b"hush");
        let both = seal(&["new", "older", "old"]);

        assert_eq!(opened(&both, "here", &by_old).unwrap(), b"hush");
        let by_both = both.seal("here", b"hush");
        assert_eq!(opened(&seal(&["new"]), "here", &by_both).unwrap(), b"hush");
        assert_eq!(opened(&seal(&["old"]), "here", &by_both), None);
        assert_eq!(opened(&seal(&["new"]), "here", &by_old), None);
    }

    #[test]
    fn it_opens_in_no_other_context_and_under_no_other_label() {
        let sealed = seal(&["a"]).seal("here", b"hush");

        assert_eq!(opened(&seal(&["a"]), "there", &sealed), None);
        assert_eq!(opened(&seal(&["a"]), "", &sealed), None);
        let other = Seal::new(&masters(&["a"]), "another");
        assert_eq!(opened(&other, "here", &sealed), None);
    }

    #[test]
    fn no_bit_can_be_flipped_and_no_byte_left_out() {
        let seal = seal(&["a", "b"]);
        let sealed = seal.seal("here", b"hush");

        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert_eq!(opened(&seal, "here", &flipped), None);
            assert_eq!(opened(&seal, "here", &sealed[..at]), None);
        }
    }
}
