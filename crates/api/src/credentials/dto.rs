use domain::credentials::NewPassword;
use garde::Validate;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::shape::{Text, shape};
use crate::users::{EmailAddressShape, valid_email};

/// Who wants to choose another password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct RequestPasswordReset {
    #[garde(custom(valid_email))]
    #[schema(value_type = EmailAddressShape)]
    pub(super) email: String,
}

/// A password, by whoever got the mail.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct ResetPassword {
    #[garde(custom(fits_a_token))]
    #[schema(value_type = OneTimeTokenShape)]
    pub(super) token: SecretString,
    // Its rules need the account, and are the domain's.
    #[garde(skip)]
    #[schema(value_type = NewPasswordShape)]
    pub(super) password: SecretString,
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
        meaning: "A password to choose: any characters, at least as many as the server asks for (15 unless it is \
                  set otherwise), and not easy to guess.",
        lengths: (1, NewPassword::MAX),
        pattern: None,
        format: Some("password"),
        example: Some("dressed stone, laid dry"),
    }
);

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "garde passes the context so"
)]
fn fits_a_token(token: &SecretString, _: &()) -> garde::Result {
    match token.expose_secret().chars().count() {
        1..=LONGEST_TOKEN => Ok(()),
        _ => Err(garde::Error::new("a token has 1 to 128 characters")),
    }
}
