use domain::roles::RoleError;

use crate::problem::{Fault, FaultCode, INVALID, Problem, kinds};

kinds! {
    ROLE_NAME_TAKEN = 409 "role_name_taken", "The name is taken",
        "Another role has this name. Nothing was changed.";
    ROLE_BUILT_IN = 409 "role_built_in", "Built-in roles stay as they are",
        "The product relies on this role. Make another one that grants what you need.";
    ROLE_IN_USE = 409 "role_in_use", "Somebody has the role",
        "Take it from everybody who has it first: GET /users?role= lists them.";
}

impl From<RoleError> for Problem {
    fn from(refusal: RoleError) -> Self {
        let kind = match &refusal {
            RoleError::NameInvalid(_) | RoleError::DescriptionInvalid => &INVALID,
            RoleError::NameTaken => &ROLE_NAME_TAKEN,
            RoleError::BuiltIn => &ROLE_BUILT_IN,
            RoleError::InUse => &ROLE_IN_USE,
            RoleError::Unknown(_) => {
                let told = refusal.to_string();
                let fault = Fault::at("/roles".to_owned(), FaultCode::Invalid, told);
                return Self::with_errors(&INVALID, vec![fault]);
            }
        };
        Self::new(kind, refusal.to_string())
    }
}
