use domain::users::UserError;

use crate::problem::{INVALID, Kind, Problem};

const EMAIL_TAKEN: Kind = Kind::new(409, "email_taken", "The e-mail address is taken");
const ONESELF: Kind = Kind::new(409, "oneself", "That cannot be done to oneself");
const LAST_ADMINISTRATOR: Kind = Kind::new(
    409,
    "last_administrator",
    "The last active administrator has to stay",
);
const BEYOND_OWN_RIGHTS: Kind = Kind::new(
    403,
    "beyond_own_rights",
    "The account has more permissions than you",
);

impl From<UserError> for Problem {
    fn from(refusal: UserError) -> Self {
        let kind = match refusal {
            UserError::EmailInvalid | UserError::DisplayNameInvalid => &INVALID,
            UserError::EmailTaken => &EMAIL_TAKEN,
            UserError::Oneself => &ONESELF,
            UserError::LastAdministrator => &LAST_ADMINISTRATOR,
            UserError::BeyondOwnRights => &BEYOND_OWN_RIGHTS,
        };
        Self::new(kind, refusal.to_string())
    }
}
