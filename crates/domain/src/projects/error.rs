use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProjectError {
    #[error("a project's name has 1 to 100 visible characters on one line")]
    NameInvalid,
    #[error("a project's description has at most 2000 visible characters, on any number of lines")]
    DescriptionInvalid,
    #[error("somebody has at most {0} projects")]
    TooMany(u64),
}
