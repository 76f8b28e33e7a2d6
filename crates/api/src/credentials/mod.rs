mod dto;
mod own_routes;
mod problem;
mod routes;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use dto::{ChoosePassword, OneTimeTokenShape, fits_a_token};
pub(crate) use problem::KINDS;

pub(crate) fn routes(app: &mut ServiceConfig) {
    routes::routes(app);
    own_routes::routes(app);
}
