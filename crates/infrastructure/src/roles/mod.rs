pub(crate) mod entity;
pub(crate) mod holder_entity;
pub(crate) mod holders;
pub(crate) mod permission_entity;
mod repository;
mod rows;

pub(crate) use repository::{names_of, permissions_of, rights};
