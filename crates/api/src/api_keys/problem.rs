use domain::api_keys::ApiKeyError;

use crate::problem::{Fault, FaultCode, INVALID, Problem, kinds};

kinds! {
    TOO_MANY_API_KEYS = 409 "too_many_api_keys", "You have as many API keys as you may",
        "Delete one that nothing uses any more; those that have expired count, too. Whoever runs the server sets the limit in \
         api_keys.most_per_owner.";
}

impl From<ApiKeyError> for Problem {
    fn from(refusal: ApiKeyError) -> Self {
        let told = refusal.to_string();
        match refusal {
            ApiKeyError::NameInvalid => Self::new(&INVALID, told),
            ApiKeyError::ExpiryInvalid(_) => {
                let fault = Fault::at("/expires_at".to_owned(), FaultCode::Invalid, told);
                Self::with_errors(&INVALID, vec![fault])
            }
            ApiKeyError::TooMany(_) => Self::new(&TOO_MANY_API_KEYS, told),
        }
    }
}
