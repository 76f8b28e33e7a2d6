use domain::credentials::{NewPassword, PasswordPolicy};
use garde::Validate;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::sessions::{PasswordShape, fits_a_password};
use crate::shape::{Text, shape};

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
