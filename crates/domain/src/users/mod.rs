//! People who have an account.

mod display_name;
mod email;
mod error;
mod user;

pub use display_name::DisplayName;
pub use email::EmailAddress;
pub use error::UserError;
pub use user::{Status, User, UserChange, UserId};
