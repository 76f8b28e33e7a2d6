mod dto;
mod problem;
mod routes;
mod shapes;

pub(crate) use problem::KINDS;
pub(crate) use routes::routes;
