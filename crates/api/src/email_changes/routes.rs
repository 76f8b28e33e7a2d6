use actix_web::post;
use application::email_changes::EmailChanges;
use domain::sessions::Session;
use domain::users::EmailAddress;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AnswerEmailChange, RequestEmailChange};
use crate::answer::{Accepted, Deleted};
use crate::extract::{Anyone, Json, RecentCaller, Service};
use crate::one_time_tokens::TOKEN_VOID;
use crate::problem::Problem;
use crate::rate_limits::RateClass;
use crate::users::EMAIL_TAKEN;

pub(crate) fn routes(app: &mut ServiceConfig) {
    app.service(request).service(confirm).service(cancel);
}

/// Ask for another address
///
/// Mails a link to the new address, by which it becomes yours, and one to the address that you have, by which you can stop
/// it. It takes the place of what you asked for before. The answer, and the time that it takes, are the same where somebody
/// else has the address: they are told in the mail. Your own address again is no change, and no mail.
#[utoipa::path(tag = "me", operation_id = "requestEmailChange", security(("access_token" = [])),
    responses((status = ACCEPTED, description = "Mails are sent")),
    extensions(("x-max-age" = json!(Session::RECENT.num_seconds()))))]
#[post("/me/email-changes")]
async fn request(
    caller: RecentCaller,
    changes: Service<EmailChanges>,
    Json(body): Json<RequestEmailChange>,
) -> Result<Accepted, Problem> {
    let email = EmailAddress::parse(&body.email)?;
    changes.request(&caller, email).await?;
    Ok(Accepted)
}

/// Confirm another address
///
/// With the token of the mail to the new address, once: it is that of the account from then on, and every session ends.
#[utoipa::path(tag = "auth", operation_id = "confirmEmailChange", security(()),
    responses((status = NO_CONTENT, description = "The account has the new address")),
    extensions(("x-problems" = json!([EMAIL_TAKEN.code, TOKEN_VOID.code])), ("x-rate-limit" = json!(RateClass::SignIn.name()))))]
#[post("/auth/email-changes/confirm")]
async fn confirm(
    anyone: Anyone,
    changes: Service<EmailChanges>,
    Json(body): Json<AnswerEmailChange>,
) -> Result<Deleted, Problem> {
    changes.confirm(&anyone, &body.token).await?;
    Ok(Deleted)
}

/// Keep the old address, or take it back
///
/// With the token of a mail to the old address, before and after the change: the account has that address, whatever it was
/// changed to since, and every session, API key and mailed token is void. Then ask for another password: whoever asked
/// for the change knows the one that holds.
#[utoipa::path(tag = "auth", operation_id = "cancelEmailChange", security(()),
    responses((status = NO_CONTENT, description = "The account has the old address")),
    extensions(("x-problems" = json!([EMAIL_TAKEN.code, TOKEN_VOID.code])), ("x-rate-limit" = json!(RateClass::SignIn.name()))))]
#[post("/auth/email-changes/cancel")]
async fn cancel(
    anyone: Anyone,
    changes: Service<EmailChanges>,
    Json(body): Json<AnswerEmailChange>,
) -> Result<Deleted, Problem> {
    changes.cancel(&anyone, &body.token).await?;
    Ok(Deleted)
}
