mod invitations;
mod password_resets;
#[cfg_attr(
    test,
    expect(
        clippy::ref_option_ref,
        reason = "a mock's matchers take every argument by reference"
    )
)]
mod ports;
mod service;
#[cfg(test)]
mod tests;

pub use ports::{
    Credential, CredentialReader, CredentialWriter, PasswordHash, PasswordHasher, Verdict,
};
#[cfg(test)]
pub(crate) use ports::{MockCredentialReader, MockCredentialWriter, MockPasswordHasher};
pub use service::Credentials;
