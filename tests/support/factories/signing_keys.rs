use chrono::{DateTime, Utc};
use domain::signing_keys::{SealedKey, SigningKey, SigningKeyId};
use uuid::Uuid;

/// A key that signs from then on, and that no master key opens.
#[must_use]
pub fn signing_key(signs_from: DateTime<Utc>) -> SigningKey {
    let id = Uuid::now_v7();
    SigningKey {
        id: SigningKeyId(id),
        key: SealedKey {
            kid: format!("key of {id}"),
            sealed: id.as_bytes().to_vec(),
        },
        created_at: signs_from,
        signs_from,
    }
}
