use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ApiKeyError {
    #[error("a key's name has 1 to 100 visible characters on one line")]
    NameInvalid,
    /// With the most days that there may be.
    #[error("a key expires in the future, at most {0} days from now")]
    ExpiryInvalid(i64),
    /// With the most that there may be.
    #[error("there are {0} keys already, which is as many as one may have")]
    TooMany(u64),
}
