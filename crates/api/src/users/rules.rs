//! The domain's constructors as rules of garde, which tells all verdicts on a body at once.

use domain::users::{DisplayName, EmailAddress, UserError};

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "garde passes its context so"
)]
pub(crate) fn valid_email(text: &str, _: &()) -> garde::Result {
    judged(EmailAddress::parse(text))
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "garde passes its context so"
)]
pub(crate) fn valid_display_name(text: &str, _: &()) -> garde::Result {
    judged(DisplayName::parse(text))
}

fn judged<T>(verdict: Result<T, UserError>) -> garde::Result {
    verdict.map(drop).map_err(garde::Error::new)
}
