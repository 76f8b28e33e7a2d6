use actix_web::middleware::Compress;
use actix_web::{delete, get, patch, post};
use application::roles::Roles;
use application::{CursorSeal, Position};
use domain::roles::{RoleId, RolesManage, RolesRead};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreateRole, PermissionCatalogueView, RoleView, UpdateRole};
use super::problem::{ROLE_BUILT_IN, ROLE_IN_USE, ROLE_NAME_TAKEN};
use crate::answer::{Created, Deleted, Secret, Tagged};
use crate::extract::{FromQuery, Id, IfMatch, Json, May, MergePatch, Query, QueryReader, Service};
use crate::page::{CursorShape, LimitShape, PageView, Paging};
use crate::problem::Problem;
use crate::users::BEYOND_OWN_RIGHTS;

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(permissions)
        .service(list)
        .service(create)
        .service(show)
        .service(update)
        .service(remove);
}

/// List what there is to grant
///
/// All permissions of this version: an operation names the one that it needs.
#[utoipa::path(tag = "roles", operation_id = "listPermissions",
    security(("access_token" = ["roles:read"])),
    responses((status = OK, description = "All permissions", body = PermissionCatalogueView)))]
#[get("/permissions")]
async fn permissions(_by: May<RolesRead>) -> Secret<PermissionCatalogueView> {
    Secret(PermissionCatalogueView::of_all())
}

/// List roles
///
/// By name. Follow `next_cursor`, or the `Link` header, until `has_more` is false.
#[utoipa::path(tag = "roles", operation_id = "listRoles", params(ListParameters),
    security(("access_token" = ["roles:read"])),
    responses((status = OK, description = "A part of the list", body = PageView<RoleView>)))]
#[get("/roles", wrap = "Compress::default()")]
async fn list(
    by: May<RolesRead>,
    roles: Service<Roles>,
    cursors: Service<dyn CursorSeal>,
    Query(List(paging)): Query<List>,
) -> Result<PageView<RoleView>, Problem> {
    let page = paging.open(&*cursors, CONTEXT)?;
    let found = roles.list(&by, &page).await?;
    let seal = |next: &Position| cursors.seal(CONTEXT, next);
    Ok(PageView::new(found, None, seal))
}

/// What a cursor is bound to.
const CONTEXT: &str = "listRoles";

/// Make a role
///
/// It can grant nothing that you may not do yourself.
#[utoipa::path(tag = "roles", operation_id = "createRole",
    security(("access_token" = ["roles:manage"])),
    responses((status = CREATED, description = "The role; nobody has it yet", body = RoleView)),
    extensions(("x-problems" = json!([BEYOND_OWN_RIGHTS.code, ROLE_NAME_TAKEN.code]))))]
#[post("/roles")]
async fn create(
    by: May<RolesManage>,
    roles: Service<Roles>,
    Json(body): Json<CreateRole>,
) -> Result<Created<RoleView>, Problem> {
    let created = roles.create(&by, body.try_into()?).await?;
    Ok(Created(format!("/roles/{}", created.id.0), created.into()))
}

/// Show a role
///
/// With everything that it grants.
#[utoipa::path(tag = "roles", operation_id = "getRole", params(RolePath),
    security(("access_token" = ["roles:read"])),
    responses((status = OK, description = "The role", body = RoleView)))]
#[get("/roles/{id}")]
async fn show(
    by: May<RolesRead>,
    roles: Service<Roles>,
    Id(id): Id<RoleId>,
) -> Result<Tagged<RoleView>, Problem> {
    Ok(Tagged(roles.get(&by, id).await?.into()))
}

/// Change a role
///
/// What it grants from now on, its holders may do at once, and what it does not, not any more. Nobody can
/// change a role that grants, or let it grant, what they may not do themselves.
#[utoipa::path(tag = "roles", operation_id = "updateRole", params(RolePath, IfMatch),
    security(("access_token" = ["roles:manage"])),
    request_body(content = UpdateRole, content_type = "application/merge-patch+json"),
    responses((status = OK, description = "The role as it is now", body = RoleView)),
    extensions(("x-problems" = json!([BEYOND_OWN_RIGHTS.code, ROLE_BUILT_IN.code]))))]
#[patch("/roles/{id}")]
async fn update(
    by: May<RolesManage>,
    roles: Service<Roles>,
    Id(id): Id<RoleId>,
    IfMatch(expected): IfMatch,
    MergePatch(body): MergePatch<UpdateRole>,
) -> Result<Tagged<RoleView>, Problem> {
    let updated = roles.update(&by, id, &expected, body.try_into()?).await?;
    Ok(Tagged(updated.into()))
}

/// Delete a role
///
/// One that nobody has.
#[utoipa::path(tag = "roles", operation_id = "deleteRole", params(RolePath, IfMatch),
    security(("access_token" = ["roles:manage"])),
    responses((status = NO_CONTENT, description = "It is gone")),
    extensions(("x-problems" = json!([BEYOND_OWN_RIGHTS.code, ROLE_BUILT_IN.code, ROLE_IN_USE.code]))))]
#[delete("/roles/{id}")]
async fn remove(
    by: May<RolesManage>,
    roles: Service<Roles>,
    Id(id): Id<RoleId>,
    IfMatch(expected): IfMatch,
) -> Result<Deleted, Problem> {
    roles.delete(&by, id, &expected).await?;
    Ok(Deleted)
}

struct List(Paging);

impl FromQuery for List {
    fn from_query(query: &mut QueryReader) -> Self {
        Self(Paging::from_query(query))
    }
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document alone is made from it")]
struct ListParameters {
    /// How many at the most; 20 unless given.
    limit: Option<LimitShape>,
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<CursorShape>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "the document alone is made from it")]
struct RolePath {
    /// The role's id.
    #[param(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: uuid::Uuid,
}
