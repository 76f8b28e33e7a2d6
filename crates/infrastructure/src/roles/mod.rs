pub(crate) mod entity;
mod holder_entity;
pub(crate) mod holders;
mod permission_entity;
mod repository;

pub(crate) use repository::{names_of, permissions_of, rights};
