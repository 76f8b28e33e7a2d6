use domain::projects::{Project, ProjectDescription, ProjectId, ProjectName};
use domain::users::User;
use serde_json::{Value, json};
use uuid::Uuid;

/// The body of `createProject`.
#[must_use]
pub fn create_project() -> Value {
    json!({ "name": "Stone bridge", "description": "Of a test" })
}

/// A new project of that user.
#[must_use]
pub fn project(of: &User) -> Project {
    let name = ProjectName::parse("Stone bridge").expect("it has the form of a name");
    let description = ProjectDescription::parse("Of a test").expect("it is a line");
    let id = ProjectId(Uuid::now_v7());
    Project::begun(id, of.id, name, description, of.created_at)
}
