use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, de::Error};

use super::ranges::BODY_BYTES;

/// The largest body of one operation, written `operationId=bytes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyLimit {
    pub operation: String,
    pub bytes: usize,
}

pub(super) fn body_limits<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<BodyLimit>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    let limits = texts.iter().map(|it| BodyLimit::parse(it));
    let limits = limits
        .collect::<Option<Vec<_>>>()
        .filter(|it| are_different(it));
    limits.ok_or_else(|| {
        D::Error::custom(format!(
            "must be such as createUser=4096, each operation once, with {} to {} bytes",
            BODY_BYTES.start(),
            BODY_BYTES.end()
        ))
    })
}

impl BodyLimit {
    fn parse(text: &str) -> Option<Self> {
        let (operation, bytes) = text.split_once('=')?;
        let bytes = bytes.trim().parse().ok();
        let bytes = bytes.filter(|it| BODY_BYTES.contains(it))?;
        Some(Self {
            operation: operation.trim().to_owned(),
            bytes: usize::try_from(bytes).ok()?,
        })
    }
}

fn are_different(limits: &[BodyLimit]) -> bool {
    let operations: BTreeSet<_> = limits.iter().map(|it| &it.operation).collect();
    operations.len() == limits.len()
}
