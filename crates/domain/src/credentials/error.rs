use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CredentialError {
    #[error("the password has fewer characters than the least allowed, which is {0}")]
    PasswordTooShort(usize),
    #[error("a password has at most 128 characters")]
    PasswordTooLong,
    #[error("the password is one that many people use, or hardly more than a repetition")]
    PasswordCommon,
    #[error("the password is hardly more than the e-mail address")]
    PasswordLikeAddress,
    #[error("it is not the present password")]
    PasswordWrong,
}
