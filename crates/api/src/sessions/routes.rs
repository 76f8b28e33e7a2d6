use actix_web::post;
use application::sessions::Sessions;
use domain::users::EmailAddress;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{Login, SignedInView};
use super::problem::SIGN_IN_REFUSED;
use crate::answer::{Deleted, Secret};
use crate::extract::{Anyone, Caller, Json, Service};
use crate::problem::Problem;
use crate::rate_limits::RateClass;

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(login).service(logout);
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

/// Sign out
///
/// Ends your session: its access token and its refresh tokens are void.
#[utoipa::path(tag = "auth", operation_id = "logout",
    responses((status = NO_CONTENT, description = "Signed out")))]
#[post("/auth/logout")]
async fn logout(caller: Caller, sessions: Service<Sessions>) -> Result<Deleted, Problem> {
    sessions.sign_out(&caller).await?;
    Ok(Deleted)
}
