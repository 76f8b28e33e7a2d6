use actix_web::post;
use application::credentials::Credentials;
use domain::users::EmailAddress;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ChoosePassword, RequestPasswordReset};
use crate::answer::{Accepted, Deleted};
use crate::extract::{Anyone, Json, Service};
use crate::one_time_tokens::TOKEN_VOID;
use crate::problem::Problem;
use crate::rate_limits::RateClass;

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(request).service(confirm).service(accept);
}

/// Ask for another password
///
/// Mails a link to whoever has an active account with this address. The answer, and the time that it takes, are
/// the same where nobody has.
#[utoipa::path(tag = "auth", operation_id = "requestPasswordReset", security(()),
    responses((status = ACCEPTED, description = "A mail is sent, if somebody has the address")))]
#[post("/auth/password-resets")]
async fn request(
    anyone: Anyone,
    credentials: Service<Credentials>,
    Json(body): Json<RequestPasswordReset>,
) -> Result<Accepted, Problem> {
    let email = EmailAddress::parse(&body.email)?;
    credentials.request_reset(&anyone, email).await?;
    Ok(Accepted)
}

/// Choose another password
///
/// With the token of the mail, once. It ends every session of the account. A password that may not be chosen
/// spends no token.
#[utoipa::path(tag = "auth", operation_id = "confirmPasswordReset", security(()),
    responses((status = NO_CONTENT, description = "The password is another one now")),
    extensions(("x-problems" = json!([TOKEN_VOID.code])), ("x-rate-limit" = json!(RateClass::SignIn.name()))))]
#[post("/auth/password-resets/confirm")]
async fn confirm(
    anyone: Anyone,
    credentials: Service<Credentials>,
    Json(body): Json<ChoosePassword>,
) -> Result<Deleted, Problem> {
    let reset = credentials.reset(&anyone, &body.token, &body.password);
    reset.await?;
    Ok(Deleted)
}

/// Accept an invitation
///
/// With the token of the mail, once: your account has the password from then on, and is active. A password that may not be
/// chosen spends no token.
#[utoipa::path(tag = "auth", operation_id = "acceptInvitation", security(()),
    responses((status = NO_CONTENT, description = "You can sign in")),
    extensions(("x-problems" = json!([TOKEN_VOID.code])), ("x-rate-limit" = json!(RateClass::SignIn.name()))))]
#[post("/auth/invitations/accept")]
async fn accept(
    anyone: Anyone,
    credentials: Service<Credentials>,
    Json(body): Json<ChoosePassword>,
) -> Result<Deleted, Problem> {
    let accepted = credentials.accept_invitation(&anyone, &body.token, &body.password);
    accepted.await?;
    Ok(Deleted)
}
