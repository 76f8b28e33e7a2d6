use actix_web::post;
use application::sessions::Sessions;
use domain::users::EmailAddress;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{Login, SignedInView};
use super::problem::SIGN_IN_REFUSED;
use crate::answer::Secret;
use crate::extract::{Anyone, Json, Service};
use crate::problem::Problem;
use crate::rate_limits::RateClass;

pub(crate) fn routes(app: &mut ServiceConfig) {
    app.service(login);
}

/// Sign in
///
/// Unknown address, wrong password and an account that is not active have one answer.
#[utoipa::path(tag = "auth", operation_id = "login", security(()),
    responses((status = OK, description = "Signed in", body = SignedInView)),
    extensions(("x-problems" = json!([SIGN_IN_REFUSED.code])), ("x-rate-limit" = json!(RateClass::SignIn.name()))))]
#[post("/auth/login")]
async fn login(
    anyone: Anyone,
    sessions: Service<Sessions>,
    Json(body): Json<Login>,
) -> Result<Secret<SignedInView>, Problem> {
    let email = EmailAddress::parse(&body.email)?;
    let signed_in = sessions.sign_in(&anyone, &email, &body.password).await?;
    Ok(Secret(signed_in.into()))
}
