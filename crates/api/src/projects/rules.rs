//! The domain's constructors as rules of garde, which tells all verdicts on a body at once.
#![expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "garde passes its context so"
)]

use std::fmt::Display;

use domain::projects::{ProjectDescription, ProjectName};

use super::dto::status_named;

pub(super) fn valid_name(text: &str, _: &()) -> garde::Result {
    judged(ProjectName::parse(text))
}

pub(super) fn valid_description(text: &str, _: &()) -> garde::Result {
    judged(ProjectDescription::parse(text))
}

pub(super) fn valid_status(text: &str, _: &()) -> garde::Result {
    judged(status_named(text).ok_or("a project is active or archived"))
}

fn judged<T, E: Display>(verdict: Result<T, E>) -> garde::Result {
    verdict.map(drop).map_err(garde::Error::new)
}
