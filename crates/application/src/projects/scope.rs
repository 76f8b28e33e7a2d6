use domain::roles::ProjectsReadAll;
use domain::users::UserId;

use crate::Actor;

/// Whose projects somebody sees. Every way to read one asks for it, so that nobody forgets to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectScope {
    OwnedBy(UserId),
    Everybodys,
}

impl ProjectScope {
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        match actor.permit::<ProjectsReadAll>() {
            Ok(_) => Self::Everybodys,
            Err(_) => Self::OwnedBy(actor.user_id()),
        }
    }
}
