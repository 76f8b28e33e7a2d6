pub(crate) mod entity;
mod push;
mod repository;

pub(crate) use repository::publish;

pub use push::{RevocationPush, RevocationPushes};
