use aws_lc_rs::hmac;
use domain::users::EmailAddress;

use crate::master_key::MasterKeys;

/// What an address is counted by: an HMAC, so that what counts knows no address, and nobody finds one by trying.
pub(crate) struct AddressHash(hmac::Key);

impl AddressHash {
    /// `label`: whoever counts has a key of its own.
    pub(crate) fn new(masters: &MasterKeys, label: &'static str) -> Self {
        let key = masters.first.derive(label);
        Self(hmac::Key::new(hmac::HMAC_SHA256, &key))
    }

    pub(crate) fn of(&self, email: &EmailAddress) -> Box<[u8]> {
        hmac::sign(&self.0, email.as_str().as_bytes())
            .as_ref()
            .into()
    }
}
