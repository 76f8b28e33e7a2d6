use actix_web::middleware::Compress;
use actix_web::{delete, get, patch, post};
use application::projects::Projects;
use application::{CursorSeal, Position};
use domain::projects::ProjectId;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreateProject, ProjectView, UpdateProject};
use super::problem::TOO_MANY_PROJECTS;
use super::query::{ListProjects, ListProjectsParameters};
use crate::answer::{Created, Deleted, Tagged};
use crate::extract::{Caller, Id, IfMatch, Json, MergePatch, Query, Service};
use crate::page::PageView;
use crate::problem::Problem;

pub(crate) fn routes(app: &mut ServiceConfig) {
    app.service(list)
        .service(create)
        .service(show)
        .service(update)
        .service(remove);
}

/// List your projects
///
/// Newest first unless `sort` says otherwise.
#[utoipa::path(tag = "projects", operation_id = "listProjects", params(ListProjectsParameters),
    responses((status = OK, description = "A part of the list", body = PageView<ProjectView>)),
    extensions(("x-widened-by" = json!("projects:read_all"))))]
#[get("/projects", wrap = "Compress::default()")]
async fn list(
    caller: Caller,
    projects: Service<Projects>,
    cursors: Service<dyn CursorSeal>,
    Query(list): Query<ListProjects>,
) -> Result<PageView<ProjectView>, Problem> {
    let context = list.context();
    let page = list.paging.open(&*cursors, &context)?;
    let found = projects.list(&caller, &list.query, &page).await?;
    let total = if list.with_total {
        Some(projects.count(&caller, &list.query.filter).await?)
    } else {
        None
    };
    let seal = |next: &Position| cursors.seal(&context, next);
    Ok(PageView::new(found, total, seal))
}

/// Begin a project
///
/// It is active, and yours for good.
#[utoipa::path(tag = "projects", operation_id = "createProject",
    responses((status = CREATED, description = "The project", body = ProjectView)),
    extensions(("x-problems" = json!([TOO_MANY_PROJECTS.code]))))]
#[post("/projects")]
async fn create(
    caller: Caller,
    projects: Service<Projects>,
    Json(body): Json<CreateProject>,
) -> Result<Created<ProjectView>, Problem> {
    let created = projects.create(&caller, body.try_into()?).await?;
    Ok(Created(
        format!("/projects/{}", created.id.0),
        created.into(),
    ))
}

/// Show a project
///
/// One of your own.
#[utoipa::path(tag = "projects", operation_id = "getProject", params(ProjectPath),
    responses((status = OK, description = "The project", body = ProjectView)),
    extensions(("x-widened-by" = json!("projects:read_all"))))]
#[get("/projects/{id}")]
async fn show(
    caller: Caller,
    projects: Service<Projects>,
    Id(id): Id<ProjectId>,
) -> Result<Tagged<ProjectView>, Problem> {
    Ok(Tagged(projects.get(&caller, id).await?.into()))
}

/// Change a project
///
/// One of your own: for everybody else there is none, whatever they may see.
#[utoipa::path(tag = "projects", operation_id = "updateProject", params(ProjectPath, IfMatch),
    request_body(content = UpdateProject, content_type = "application/merge-patch+json"),
    responses((status = OK, description = "The project as it is now", body = ProjectView)))]
#[patch("/projects/{id}")]
async fn update(
    caller: Caller,
    projects: Service<Projects>,
    Id(id): Id<ProjectId>,
    IfMatch(expected): IfMatch,
    MergePatch(body): MergePatch<UpdateProject>,
) -> Result<Tagged<ProjectView>, Problem> {
    let change = body.try_into()?;
    let updated = projects.update(&caller, id, &expected, change).await?;
    Ok(Tagged(updated.into()))
}

/// Delete a project
///
/// One of your own: for everybody else there is none, whatever they may see.
#[utoipa::path(tag = "projects", operation_id = "deleteProject", params(ProjectPath, IfMatch),
    responses((status = NO_CONTENT, description = "It is gone")))]
#[delete("/projects/{id}")]
async fn remove(
    caller: Caller,
    projects: Service<Projects>,
    Id(id): Id<ProjectId>,
    IfMatch(expected): IfMatch,
) -> Result<Deleted, Problem> {
    projects.delete(&caller, id, &expected).await?;
    Ok(Deleted)
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "the document alone is made from it")]
struct ProjectPath {
    /// The project's id.
    #[param(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: uuid::Uuid,
}
