//! The domain's constructors as rules of garde, which tells all verdicts on a body at once.
#![expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "garde passes its context so"
)]

use std::fmt::Display;

use domain::roles::{Permission, RoleDescription, RoleName};

pub(super) fn valid_name(text: &str, _: &()) -> garde::Result {
    judged(RoleName::parse(text))
}

pub(super) fn valid_description(text: &str, _: &()) -> garde::Result {
    judged(RoleDescription::parse(text))
}

pub(crate) fn valid_permission(text: &str, _: &()) -> garde::Result {
    judged(Permission::parse(text).ok_or("there is no such permission; GET /permissions lists all"))
}

fn judged<T, E: Display>(verdict: Result<T, E>) -> garde::Result {
    verdict.map(drop).map_err(garde::Error::new)
}
