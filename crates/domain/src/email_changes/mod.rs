//! Other addresses for accounts, which their owners ask for themselves and can take back.

mod email_change;

pub use email_change::{EmailChange, EmailChangeId};
