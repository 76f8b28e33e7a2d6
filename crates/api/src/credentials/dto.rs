use domain::credentials::{NewPassword, PasswordPolicy};
use garde::Validate;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::sessions::{PasswordShape, fits_a_password};
use crate::shape::{Text, shape};
use crate::users::{EmailAddressShape, valid_email};

/// Another password of one's own.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct ChangePassword {
    /// The one that holds now.
    #[garde(custom(fits_a_password))]
    #[schema(value_type = PasswordShape)]
    pub(super) current_password: SecretString,
    /// The one that is to hold from now on.
    // How long it has to be is a setting, and whether it is easy to guess depends on whose it is: the use case judges that.
    #[garde(custom(fits_a_password))]
    #[schema(value_type = NewPasswordShape)]
    pub(super) new_password: SecretString,
}

/// Who wants to choose another password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct RequestPasswordReset {
    #[garde(custom(valid_email))]
    #[schema(value_type = EmailAddressShape)]
    pub(super) email: String,
}

/// A password, by whoever got the mail.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct ChoosePassword {
    #[garde(custom(fits_a_token))]
    #[schema(value_type = OneTimeTokenShape)]
    pub(crate) token: SecretString,
    #[garde(custom(fits_a_password))]
    #[schema(value_type = NewPasswordShape)]
    pub(crate) password: SecretString,
}

/// In characters: far more than a token of ours has.
const LONGEST_TOKEN: usize = 128;

shape!(
    OneTimeTokenShape,
    "OneTimeToken",
    Text {
        meaning: "The token in the link of the mail, behind the `#`.",
        lengths: (1, LONGEST_TOKEN),
        pattern: None,
        format: None,
        example: Some("WWmg3Kjk9LjPcZcbUxM1cHqDAFxKEtB5dVwkTrP6y5I"),
    }
);

shape!(
    NewPasswordShape,
    "NewPassword",
    Text {
        meaning: "A password to choose: any characters, without rules about them. The server may ask for more of them, \
                  and takes none that is easy to guess.",
        lengths: (PasswordPolicy::LEAST, NewPassword::MAX),
        pattern: None,
        format: Some("password"),
        example: Some("dry stone needs no mortar"),
    }
);

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "garde passes the context so"
)]
pub(crate) fn fits_a_token(token: &SecretString, _: &()) -> garde::Result {
    match token.expose_secret().chars().count() {
        1..=LONGEST_TOKEN => Ok(()),
        _ => Err(garde::Error::new("a token has 1 to 128 characters")),
    }
}
