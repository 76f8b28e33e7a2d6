use std::fmt;

use chrono::{DateTime, Utc};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SigningKeyId(pub Uuid);

/// A key as it is kept. When it ceases to sign stands on no row: it does when the next one begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    pub id: SigningKeyId,
    pub key: SealedKey,
    /// Published from then on.
    pub created_at: DateTime<Utc>,
    pub signs_from: DateTime<Utc>,
}

/// A private key that only holders of a master key can open.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedKey {
    /// What tokens call it: the thumbprint of its public half (RFC 7638).
    pub kid: String,
    /// Opens for this `kid` alone.
    pub sealed: Vec<u8>,
}

impl fmt::Debug for SealedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedKey({})", self.kid)
    }
}
