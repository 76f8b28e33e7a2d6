//! Who has which role.

use actix_web::put;
use application::roles::Roles;
use domain::roles::RolesAssign;
use domain::users::UserId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::AssignRoles;
use crate::answer::Tagged;
use crate::extract::{Id, IfMatch, Json, May, Service};
use crate::problem::Problem;
use crate::users::{BEYOND_OWN_RIGHTS, LAST_ADMINISTRATOR, UserPath, UserView};

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(assign);
}

/// Give somebody their roles
///
/// These and no others. Rights change at once; the user's access tokens are void then, and their sessions go on.
/// Nobody can grant what they may not do themselves, nor change an account that may do more.
#[utoipa::path(tag = "users", operation_id = "assignRoles", params(UserPath, IfMatch),
    security(("access_token" = ["roles:assign"])),
    responses((status = OK, description = "The account as it is now", body = UserView)),
    extensions(("x-problems" = json!([BEYOND_OWN_RIGHTS.code, LAST_ADMINISTRATOR.code]))))]
#[put("/users/{id}/roles")]
async fn assign(
    by: May<RolesAssign>,
    roles: Service<Roles>,
    Id(id): Id<UserId>,
    IfMatch(expected): IfMatch,
    Json(body): Json<AssignRoles>,
) -> Result<Tagged<UserView>, Problem> {
    let assigned = roles.assign(&by, id, &expected, body.try_into()?).await?;
    Ok(Tagged(assigned.into()))
}
