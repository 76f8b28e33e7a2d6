//! One's own password.

use actix_web::post;
use application::Error;
use application::credentials::Credentials;
use domain::sessions::Session;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::ChangePassword;
use super::problem::{WRONG_PASSWORD, refused};
use crate::answer::Deleted;
use crate::extract::{Json, RecentCaller, Service};
use crate::problem::Problem;
use crate::rate_limits::RateClass;

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(change);
}

/// Choose another password
///
/// Your other sessions end. This one goes on, but its access tokens are void: refresh.
#[utoipa::path(tag = "me", operation_id = "changeMyPassword", security(("access_token" = [])),
    responses((status = NO_CONTENT, description = "It holds from now on")),
    extensions(("x-problems" = json!([WRONG_PASSWORD.code])), ("x-max-age" = json!(Session::RECENT.num_seconds())),
        ("x-rate-limit" = json!(RateClass::SignIn.name()))))]
#[post("/me/password")]
async fn change(
    caller: RecentCaller,
    credentials: Service<Credentials>,
    Json(body): Json<ChangePassword>,
) -> Result<Deleted, Problem> {
    let changed = credentials.change_own(&caller, &body.current_password, &body.new_password);
    match changed.await {
        Ok(()) => Ok(Deleted),
        Err(Error::Credential(refusal)) => Err(refused(refusal)),
        Err(error) => Err(error.into()),
    }
}
