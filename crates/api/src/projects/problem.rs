use domain::projects::ProjectError;

use crate::problem::{INVALID, Problem, kinds};

kinds! {
    TOO_MANY_PROJECTS = 409 "too_many_projects", "You have as many projects as one may have",
        "Delete one that you do not need any more; archived ones count, too. Whoever runs the server sets the limit in \
         projects.most_per_owner.";
}

impl From<ProjectError> for Problem {
    fn from(refusal: ProjectError) -> Self {
        let kind = match refusal {
            ProjectError::NameInvalid | ProjectError::DescriptionInvalid => &INVALID,
            ProjectError::TooMany(_) => &TOO_MANY_PROJECTS,
        };
        Self::new(kind, refusal.to_string())
    }
}
