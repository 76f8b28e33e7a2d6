use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OneTimeTokenError {
    /// One answer for an unknown, a used and an expired token, and for one of another purpose.
    #[error("the token is not valid, or no longer: ask for another mail")]
    Void,
}
