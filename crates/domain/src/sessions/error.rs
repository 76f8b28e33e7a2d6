use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SessionError {
    /// One answer for an unknown address, a wrong password and an account that is not active.
    #[error("the e-mail address or the password is wrong, or the account is not active")]
    SignInRefused,
    /// It is too long ago for what is to be done.
    #[error("the password was given too long ago for that")]
    SignInTooOld,
    /// Somebody came with an API key.
    #[error("this needs a session: an API key is not enough")]
    SessionRequired,
    #[error("the access token is not valid, or no longer")]
    TokenInvalid,
    /// One answer for an unknown, an expired and a spent token, and for one whose session has ended.
    #[error("the refresh token is not valid, or no longer")]
    RefreshRefused,
}
