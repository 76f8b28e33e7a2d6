mod assigning;
mod dto;
mod problem;
mod routes;
mod rules;
mod shapes;

pub(crate) use problem::KINDS;
pub(crate) use shapes::RoleNameShape;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(app: &mut ServiceConfig) {
    routes::routes(app);
    assigning::routes(app);
}
