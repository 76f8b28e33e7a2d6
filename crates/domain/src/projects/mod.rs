//! What people work on. The example that teams follow for features of their own.

mod error;
mod project;
mod project_description;
mod project_name;

pub use error::ProjectError;
pub use project::{Project, ProjectChange, ProjectId, ProjectStatus};
pub use project_description::ProjectDescription;
pub use project_name::ProjectName;
