use application::projects::NewProject;
use chrono::{DateTime, Utc};
use domain::Version;
use domain::projects::{
    Project, ProjectChange, ProjectDescription, ProjectError, ProjectName, ProjectStatus,
};
use garde::Validate;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{valid_description, valid_name, valid_status};
use super::shapes::{ProjectDescriptionShape, ProjectNameShape, ProjectStatusShape};
use crate::answer::Resource;

/// A project to begin.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct CreateProject {
    #[garde(custom(valid_name))]
    #[schema(value_type = ProjectNameShape)]
    name: String,
    #[serde(default)]
    #[garde(custom(valid_description))]
    #[schema(value_type = ProjectDescriptionShape, required = false)]
    description: String,
}

/// What is to be different about a project; what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct UpdateProject {
    /// Another name.
    #[serde(default, deserialize_with = "given")]
    #[garde(inner(custom(valid_name)))]
    #[schema(value_type = Option<ProjectNameShape>, nullable = false)]
    name: Option<String>,
    /// Another description; an empty one takes it away.
    #[serde(default, deserialize_with = "given")]
    #[garde(inner(custom(valid_description)))]
    #[schema(value_type = Option<ProjectDescriptionShape>, nullable = false)]
    description: Option<String>,
    /// Another status.
    #[serde(default, deserialize_with = "given")]
    #[garde(inner(custom(valid_status)))]
    #[schema(value_type = Option<ProjectStatusShape>, nullable = false)]
    status: Option<String>,
}

/// Something that its owner works on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Project)]
pub(crate) struct ProjectView {
    /// What the project is called by programs, for good.
    #[schema(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: Uuid,
    /// Whose it is.
    #[schema(example = "01936f5e-8c00-7000-8000-000000000000")]
    owner_id: Uuid,
    #[schema(value_type = ProjectNameShape)]
    name: String,
    #[schema(value_type = ProjectDescriptionShape)]
    description: String,
    #[schema(value_type = ProjectStatusShape)]
    status: &'static str,
    /// When it was made.
    #[schema(example = "2026-01-31T09:30:00.000000Z")]
    created_at: DateTime<Utc>,
    /// When anything above was changed.
    #[schema(example = "2026-01-31T09:30:00.000000Z")]
    updated_at: DateTime<Utc>,
    #[serde(skip)]
    version: Version,
}

/// Each status by its word.
pub(super) const STATUSES: &[(&str, ProjectStatus)] =
    &[named(ProjectStatus::Active), named(ProjectStatus::Archived)];

const fn named(status: ProjectStatus) -> (&'static str, ProjectStatus) {
    (word(status), status)
}

const fn word(status: ProjectStatus) -> &'static str {
    match status {
        ProjectStatus::Active => "active",
        ProjectStatus::Archived => "archived",
    }
}

pub(super) fn status_named(word: &str) -> Option<ProjectStatus> {
    let found = STATUSES.iter().find(|(it, _)| *it == word);
    found.map(|(_, status)| *status)
}

impl TryFrom<CreateProject> for NewProject {
    type Error = ProjectError;

    fn try_from(body: CreateProject) -> Result<Self, ProjectError> {
        Ok(Self {
            name: ProjectName::parse(&body.name)?,
            description: ProjectDescription::parse(&body.description)?,
        })
    }
}

impl TryFrom<UpdateProject> for ProjectChange {
    type Error = ProjectError;

    fn try_from(body: UpdateProject) -> Result<Self, ProjectError> {
        let name = body.name.as_deref().map(ProjectName::parse);
        let description = body.description.as_deref().map(ProjectDescription::parse);
        Ok(Self {
            name: name.transpose()?,
            description: description.transpose()?,
            status: body.status.as_deref().and_then(status_named),
        })
    }
}

impl From<Project> for ProjectView {
    fn from(it: Project) -> Self {
        Self {
            id: it.id.0,
            owner_id: it.owner.0,
            name: it.name.as_str().to_owned(),
            description: it.description.as_str().to_owned(),
            status: word(it.status),
            created_at: it.created_at,
            updated_at: it.updated_at,
            version: it.version,
        }
    }
}

impl Resource for ProjectView {
    fn version(&self) -> Version {
        self.version
    }
}

/// Makes `null` a fault: these fields cannot be cleared.
fn given<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    String::deserialize(input).map(Some)
}
