pub(crate) mod entity;
mod list;
mod repository;

pub(crate) use repository::{status, status_text};
