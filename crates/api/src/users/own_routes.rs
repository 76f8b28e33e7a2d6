//! One's own account.

use actix_web::{delete, get, patch};
use application::users::Users;
use domain::sessions::Session;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{PermissionsView, UpdateMe, UserView};
use super::problem::LAST_ADMINISTRATOR;
use crate::answer::{Deleted, Secret, Tagged};
use crate::extract::{Caller, IfMatch, MergePatch, RecentCaller, Service};
use crate::problem::Problem;

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(show)
        .service(update)
        .service(remove)
        .service(permissions);
}

/// Show your account
///
/// With the names of your roles.
#[utoipa::path(tag = "me", operation_id = "getMe",
    responses((status = OK, description = "Your account", body = UserView)))]
#[get("/me")]
async fn show(caller: Caller, users: Service<Users>) -> Result<Tagged<UserView>, Problem> {
    Ok(Tagged(users.get_own(&caller).await?.into()))
}

/// Change your name
///
/// Your address, your state and your roles are for others to change.
#[utoipa::path(tag = "me", operation_id = "updateMe", params(IfMatch),
    request_body(content = UpdateMe, content_type = "application/merge-patch+json"),
    responses((status = OK, description = "Your account as it is now", body = UserView)))]
#[patch("/me")]
async fn update(
    caller: Caller,
    users: Service<Users>,
    IfMatch(expected): IfMatch,
    MergePatch(body): MergePatch<UpdateMe>,
) -> Result<Tagged<UserView>, Problem> {
    let updated = users
        .rename_own(&caller, &expected, body.display_name()?)
        .await?;
    Ok(Tagged(updated.into()))
}

/// Delete your account
///
/// With everything that belongs to it; your address is free at once.
#[utoipa::path(tag = "me", operation_id = "deleteMe", params(IfMatch), security(("access_token" = [])),
    responses((status = NO_CONTENT, description = "It is gone")),
    extensions(("x-problems" = json!([LAST_ADMINISTRATOR.code])), ("x-max-age" = json!(Session::RECENT.num_seconds()))))]
#[delete("/me")]
async fn remove(
    caller: RecentCaller,
    users: Service<Users>,
    IfMatch(expected): IfMatch,
) -> Result<Deleted, Problem> {
    users.delete_own(&caller, &expected).await?;
    Ok(Deleted)
}

/// List what you may do
///
/// All permissions of all your roles: an operation names the one that it needs.
#[utoipa::path(tag = "me", operation_id = "getMyPermissions",
    responses((status = OK, description = "Your permissions", body = PermissionsView)))]
#[get("/me/permissions")]
async fn permissions(caller: Caller) -> Secret<PermissionsView> {
    Secret(caller.rights().into())
}
