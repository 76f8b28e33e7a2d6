use thiserror::Error;

/// Why somebody gets no account this way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RegistrationError {
    #[error("accounts are made by invitation here")]
    Closed,
}
