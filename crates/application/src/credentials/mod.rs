mod guesses;
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

pub(crate) use guesses::{Guesses, NETWORK_KNOWN_FOR, remember_network};
pub use ports::{
    Account, Credential, CredentialReader, CredentialWriter, Guess, GuessAllowance, GuessBudget,
    PasswordHash, PasswordHasher, Verdict,
};
#[cfg(test)]
pub(crate) use ports::{
    MockCredentialReader, MockCredentialWriter, MockGuessBudget, MockPasswordHasher,
};
pub use service::Credentials;
