use actix_web::post;
use application::registrations::Registrations;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::RequestRegistration;
use super::problem::REGISTRATION_CLOSED;
use crate::answer::{Accepted, Created};
use crate::credentials::ChoosePassword;
use crate::extract::{Anyone, Json, Service};
use crate::one_time_tokens::TOKEN_VOID;
use crate::problem::Problem;
use crate::rate_limits::RateClass;
use crate::users::UserView;

pub(crate) fn routes(app: &mut ServiceConfig) {
    app.service(request).service(confirm);
}

/// Ask for an account
///
/// Mails a link to the address. The answer, and the time that it takes, are the same where somebody has an account with it:
/// they are told in the mail.
#[utoipa::path(tag = "auth", operation_id = "requestRegistration", security(()),
    responses((status = ACCEPTED, description = "A mail is sent")),
    extensions(("x-problems" = json!([REGISTRATION_CLOSED.code]))))]
#[post("/auth/registrations")]
async fn request(
    anyone: Anyone,
    registrations: Service<Registrations>,
    Json(body): Json<RequestRegistration>,
) -> Result<Accepted, Problem> {
    registrations.request(&anyone, body.try_into()?).await?;
    Ok(Accepted)
}

/// Make an account
///
/// With the token of the mail, once. A password that may not be chosen spends no token.
#[utoipa::path(tag = "auth", operation_id = "confirmRegistration", security(()),
    responses((status = CREATED, description = "Your account", body = UserView)),
    extensions(("x-problems" = json!([REGISTRATION_CLOSED.code, TOKEN_VOID.code])), ("x-rate-limit" = json!(RateClass::SignIn.name()))))]
#[post("/auth/registrations/confirm")]
async fn confirm(
    anyone: Anyone,
    registrations: Service<Registrations>,
    Json(body): Json<ChoosePassword>,
) -> Result<Created<UserView>, Problem> {
    let confirmed = registrations.confirm(&anyone, &body.token, &body.password);
    let user = confirmed.await?;
    Ok(Created(format!("/users/{}", user.id.0), user.into()))
}
