mod dto;
mod keys;
mod oauth;
mod problem;
mod routes;

pub(crate) use keys::routes as key_routes;
pub(crate) use oauth::routes as oauth_routes;
pub(crate) use problem::KINDS;
pub(crate) use routes::routes;
