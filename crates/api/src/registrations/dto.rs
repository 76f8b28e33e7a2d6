use application::registrations::NewRegistration;
use domain::users::{DisplayName, EmailAddress, UserError};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::users::{DisplayNameShape, EmailAddressShape, valid_display_name, valid_email};

/// Somebody who wants an account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct RequestRegistration {
    /// Where mail reaches you; letter case does not count.
    #[garde(custom(valid_email))]
    #[schema(value_type = EmailAddressShape)]
    email: String,
    /// What to call you.
    #[garde(custom(valid_display_name))]
    #[schema(value_type = DisplayNameShape)]
    display_name: String,
}

impl TryFrom<RequestRegistration> for NewRegistration {
    type Error = UserError;

    fn try_from(body: RequestRegistration) -> Result<Self, UserError> {
        Ok(Self {
            email: EmailAddress::parse(&body.email)?,
            display_name: DisplayName::parse(&body.display_name)?,
        })
    }
}
