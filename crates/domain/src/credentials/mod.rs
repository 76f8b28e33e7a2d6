//! What somebody proves to be themselves with.

mod error;
mod password;

pub use error::CredentialError;
pub use password::{NewPassword, PasswordPolicy};
