use garde::Validate;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::credentials::{OneTimeTokenShape, fits_a_token};
use crate::users::{EmailAddressShape, valid_email};

/// Another address for one's own account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct RequestEmailChange {
    /// Where mail is to reach you; letter case does not count.
    #[garde(custom(valid_email))]
    #[schema(value_type = EmailAddressShape)]
    pub(super) email: String,
}

/// Whoever got the mail.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct AnswerEmailChange {
    #[garde(custom(fits_a_token))]
    #[schema(value_type = OneTimeTokenShape)]
    pub(super) token: SecretString,
}
