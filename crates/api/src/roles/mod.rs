mod assigning;
mod dto;
mod problem;
mod routes;
mod rules;
mod shapes;

pub(crate) use dto::{given, rights};
pub(crate) use problem::KINDS;
pub(crate) use rules::valid_permission;
pub(crate) use shapes::{MAX_PERMISSIONS, PermissionShape, PermissionsShape, RoleNameShape};
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(app: &mut ServiceConfig) {
    routes::routes(app);
    assigning::routes(app);
}
