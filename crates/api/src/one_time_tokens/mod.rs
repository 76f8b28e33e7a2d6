mod problem;

pub(crate) use problem::{KINDS, TOKEN_VOID};
