mod dto;
mod problem;
mod routes;

pub(crate) use routes::routes;
