mod dto;
mod problem;
mod query;
mod routes;
mod rules;
mod shapes;

pub(crate) use problem::KINDS;
pub(crate) use routes::routes;
