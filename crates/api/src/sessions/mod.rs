mod cookie;
mod dto;
mod introspection;
mod keys;
mod list;
mod metadata;
mod oauth;
mod own_routes;
mod problem;
mod routes;
mod step_up;
mod user_routes;

pub(crate) use dto::{PasswordShape, fits_a_password};
pub(crate) use keys::routes as key_routes;
pub(crate) use metadata::routes as metadata_routes;
pub(crate) use oauth::routes as oauth_routes;
pub(crate) use problem::KINDS;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(app: &mut ServiceConfig) {
    routes::routes(app);
    own_routes::routes(app);
    step_up::routes(app);
    user_routes::routes(app);
}
