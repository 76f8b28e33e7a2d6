mod dto;
mod problem;
mod routes;

pub(crate) use problem::KINDS;
pub(crate) use routes::routes;
