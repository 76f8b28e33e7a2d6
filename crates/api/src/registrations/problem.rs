use domain::registrations::RegistrationError;

use crate::problem::{Problem, kinds};

kinds! {
    REGISTRATION_CLOSED = 403 "registration_closed", "Nobody can make an account for themselves here",
        "Accounts are made by invitation: ask who runs the server for one.";
}

impl From<RegistrationError> for Problem {
    fn from(refusal: RegistrationError) -> Self {
        match refusal {
            RegistrationError::Closed => Self::new(&REGISTRATION_CLOSED, refusal.to_string()),
        }
    }
}
