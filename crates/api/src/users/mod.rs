mod dto;
mod own_routes;
mod problem;
mod query;
mod routes;
mod rules;
mod shapes;

pub(crate) use dto::UserView;
pub(crate) use problem::{BEYOND_OWN_RIGHTS, EMAIL_TAKEN, KINDS, LAST_ADMINISTRATOR};
pub(crate) use routes::UserPath;
pub(crate) use rules::{valid_display_name, valid_email};
pub(crate) use shapes::{DisplayNameShape, EmailAddressShape, NamePrefixShape, ONE_LINE};
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(app: &mut ServiceConfig) {
    routes::routes(app);
    own_routes::routes(app);
}
