mod dto;
mod own_routes;
mod problem;

pub(crate) use own_routes::routes;
pub(crate) use problem::KINDS;
