//! Giving the password again, before something sensitive (RFC 9470).

use actix_web::post;
use application::sessions::Sessions;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{SignedInView, StepUp};
use super::problem::SIGN_IN_REFUSED;
use crate::answer::Secret;
use crate::extract::{Json, Service, SessionCaller};
use crate::problem::Problem;
use crate::rate_limits::RateClass;

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(step_up);
}

/// Give your password again
///
/// For another access token of the same session, which says in `auth_time` that you have just given it. What is sensitive
/// asks for that.
#[utoipa::path(tag = "me", operation_id = "stepUp", security(("access_token" = [])),
    responses((status = OK, description = "The access token; the refresh token stays as it is", body = SignedInView)),
    extensions(("x-problems" = json!([SIGN_IN_REFUSED.code])), ("x-rate-limit" = json!(RateClass::SignIn.name()))))]
#[post("/me/step-up")]
async fn step_up(
    caller: SessionCaller,
    sessions: Service<Sessions>,
    Json(body): Json<StepUp>,
) -> Result<Secret<SignedInView>, Problem> {
    let access = sessions.step_up(&caller, &body.password).await?;
    Ok(Secret(access.into()))
}
