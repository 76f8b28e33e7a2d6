use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UserError {
    #[error("an e-mail address looks like name@example.org and has at most 254 characters")]
    EmailInvalid,
    #[error("a display name has 1 to 100 visible characters on one line")]
    DisplayNameInvalid,
    #[error("another account has this e-mail address")]
    EmailTaken,
    #[error("nobody can shut, delete or readdress their own account here")]
    Oneself,
    #[error("the last active administrator has to stay")]
    LastAdministrator,
    #[error("there are permissions in it that the caller has not")]
    BeyondOwnRights,
    #[error("the account waits for nobody's answer")]
    NotPending,
}
