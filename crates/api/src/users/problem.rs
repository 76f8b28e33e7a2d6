use domain::users::UserError;

use crate::problem::{INVALID, Problem, kinds};

kinds! {
    EMAIL_TAKEN = 409 "email_taken", "The e-mail address is taken",
        "Another account has this address. Nothing was changed.";
    ONESELF = 409 "oneself", "That cannot be done to oneself",
        "Nobody shuts their own account: ask somebody else to. They delete it, or give it another address, under \
         `/me`, with a recent password.";
    LAST_ADMINISTRATOR = 409 "last_administrator", "The last active administrator has to stay",
        "Without one nobody could grant anything any more. Make another administrator first.";
    NOT_PENDING = 409 "not_pending", "The account waits for nobody's answer",
        "Its owner has chosen a password already, or it was shut: no invitation was sent.";
    BEYOND_OWN_RIGHTS = 403 "beyond_own_rights", "There are permissions in it that you have not",
        "Who changes an account or a role needs all of its permissions, and those that it is to have: otherwise \
         they could take over, or become, whoever may do more.";
}

impl From<UserError> for Problem {
    fn from(refusal: UserError) -> Self {
        let kind = match refusal {
            UserError::EmailInvalid | UserError::DisplayNameInvalid => &INVALID,
            UserError::EmailTaken => &EMAIL_TAKEN,
            UserError::Oneself => &ONESELF,
            UserError::LastAdministrator => &LAST_ADMINISTRATOR,
            UserError::BeyondOwnRights => &BEYOND_OWN_RIGHTS,
            UserError::NotPending => &NOT_PENDING,
        };
        Self::new(kind, refusal.to_string())
    }
}
