use actix_web::middleware::Compress;
use actix_web::{delete, get, patch, post};
use application::credentials::Credentials;
use application::users::Users;
use application::{CursorSeal, Position};
use domain::roles::{UsersActivate, UsersCreate, UsersDelete, UsersRead, UsersUpdate};
use domain::users::UserId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreateUser, UpdateUser, UserView};
use super::problem::{BEYOND_OWN_RIGHTS, EMAIL_TAKEN, LAST_ADMINISTRATOR, NOT_PENDING, ONESELF};
use super::query::{ListUsers, ListUsersParameters};
use crate::answer::{Accepted, Created, Deleted, Tagged};
use crate::extract::{Id, IfMatch, Json, May, MergePatch, Query, Service};
use crate::page::PageView;
use crate::problem::Problem;

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(list)
        .service(create)
        .service(show)
        .service(update)
        .service(remove)
        .service(invite)
        .service(activate)
        .service(deactivate);
}

/// List users
///
/// Newest first unless `sort` says otherwise. Follow `next_cursor`, or the `Link` header, until
/// `has_more` is false.
#[utoipa::path(tag = "users", operation_id = "listUsers", params(ListUsersParameters),
    security(("access_token" = ["users:read"])),
    responses((status = OK, description = "A part of the list", body = PageView<UserView>)))]
#[get("/users", wrap = "Compress::default()")]
async fn list(
    by: May<UsersRead>,
    users: Service<Users>,
    cursors: Service<dyn CursorSeal>,
    Query(list): Query<ListUsers>,
) -> Result<PageView<UserView>, Problem> {
    let context = list.context();
    let page = list.paging.open(&*cursors, &context)?;
    let found = users.list(&by, &list.query, &page).await?;
    let total = if list.with_total {
        Some(users.count(&by, &list.query.filter).await?)
    } else {
        None
    };
    let seal = |next: &Position| cursors.seal(&context, next);
    Ok(PageView::new(found, total, seal))
}

/// Invite somebody
///
/// Makes a pending account with the role `member`, and mails its owner an invitation to choose a password. Nobody can give an account a password or a role this way.
#[utoipa::path(tag = "users", operation_id = "createUser",
    security(("access_token" = ["users:create"])),
    responses((status = CREATED, description = "The account", body = UserView)),
    extensions(("x-problems" = json!([EMAIL_TAKEN.code]))))]
#[post("/users")]
async fn create(
    by: May<UsersCreate>,
    users: Service<Users>,
    Json(body): Json<CreateUser>,
) -> Result<Created<UserView>, Problem> {
    let created = users.create(&by, body.try_into()?).await?;
    Ok(Created(format!("/users/{}", created.id.0), created.into()))
}

/// Invite somebody again
///
/// Mails another invitation to the owner of a pending account. Earlier ones stay valid until they expire. Nobody can invite
/// who has permissions which they have not. Where too much mail was asked for, none is sent: 429.
#[utoipa::path(tag = "users", operation_id = "inviteUser", params(UserPath),
    security(("access_token" = ["users:create"])),
    responses((status = ACCEPTED, description = "A mail is sent")),
    extensions(("x-problems" = json!([BEYOND_OWN_RIGHTS.code, NOT_PENDING.code]))))]
#[post("/users/{id}/invitations")]
async fn invite(
    by: May<UsersCreate>,
    credentials: Service<Credentials>,
    Id(id): Id<UserId>,
) -> Result<Accepted, Problem> {
    credentials.invite_again(&by, id).await?;
    Ok(Accepted)
}

/// Show a user
///
/// Your own account is at `/me`, without a permission.
#[utoipa::path(tag = "users", operation_id = "getUser", params(UserPath),
    security(("access_token" = ["users:read"])),
    responses((status = OK, description = "The account", body = UserView)))]
#[get("/users/{id}")]
async fn show(
    by: May<UsersRead>,
    users: Service<Users>,
    Id(id): Id<UserId>,
) -> Result<Tagged<UserView>, Problem> {
    Ok(Tagged(users.get(&by, id).await?.into()))
}

/// Change a user's name or address
///
/// Another address ends the user's sessions and voids what was mailed to them. The old address is told, and the new one,
/// too; who has not chosen a password yet is invited there. Nobody can change an account that has permissions which they
/// have not; another address of your own is for `/me/email-changes`.
#[utoipa::path(tag = "users", operation_id = "updateUser", params(UserPath, IfMatch),
    security(("access_token" = ["users:update"])),
    request_body(content = UpdateUser, content_type = "application/merge-patch+json"),
    responses((status = OK, description = "The account as it is now", body = UserView)),
    extensions(("x-problems" = json!([BEYOND_OWN_RIGHTS.code, ONESELF.code, EMAIL_TAKEN.code]))))]
#[patch("/users/{id}")]
async fn update(
    by: May<UsersUpdate>,
    users: Service<Users>,
    Id(id): Id<UserId>,
    IfMatch(expected): IfMatch,
    MergePatch(body): MergePatch<UpdateUser>,
) -> Result<Tagged<UserView>, Problem> {
    let updated = users.update(&by, id, &expected, body.try_into()?).await?;
    Ok(Tagged(updated.into()))
}

/// Delete a user
///
/// With everything that belongs to the account; its address is free at once.
#[utoipa::path(tag = "users", operation_id = "deleteUser", params(UserPath, IfMatch),
    security(("access_token" = ["users:delete"])),
    responses((status = NO_CONTENT, description = "It is gone")),
    extensions(("x-problems" = json!([BEYOND_OWN_RIGHTS.code, ONESELF.code, LAST_ADMINISTRATOR.code]))))]
#[delete("/users/{id}")]
async fn remove(
    by: May<UsersDelete>,
    users: Service<Users>,
    Id(id): Id<UserId>,
    IfMatch(expected): IfMatch,
) -> Result<Deleted, Problem> {
    users.delete(&by, id, &expected).await?;
    Ok(Deleted)
}

/// Open an account
///
/// A pending or a deactivated one; an active one stays as it is.
#[utoipa::path(tag = "users", operation_id = "activateUser", params(UserPath, IfMatch),
    security(("access_token" = ["users:activate"])),
    responses((status = OK, description = "The account as it is now", body = UserView)),
    extensions(("x-problems" = json!([BEYOND_OWN_RIGHTS.code]))))]
#[post("/users/{id}/activate")]
async fn activate(
    by: May<UsersActivate>,
    users: Service<Users>,
    Id(id): Id<UserId>,
    IfMatch(expected): IfMatch,
) -> Result<Tagged<UserView>, Problem> {
    Ok(Tagged(users.activate(&by, id, &expected).await?.into()))
}

/// Shut an account
///
/// Ends every session of the user at once; one that is shut stays as it is.
#[utoipa::path(tag = "users", operation_id = "deactivateUser", params(UserPath, IfMatch),
    security(("access_token" = ["users:activate"])),
    responses((status = OK, description = "The account as it is now", body = UserView)),
    extensions(("x-problems" = json!([BEYOND_OWN_RIGHTS.code, ONESELF.code, LAST_ADMINISTRATOR.code]))))]
#[post("/users/{id}/deactivate")]
async fn deactivate(
    by: May<UsersActivate>,
    users: Service<Users>,
    Id(id): Id<UserId>,
    IfMatch(expected): IfMatch,
) -> Result<Tagged<UserView>, Problem> {
    Ok(Tagged(users.deactivate(&by, id, &expected).await?.into()))
}

#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "the document alone is made from it")]
pub(crate) struct UserPath {
    /// The user's id.
    #[param(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: uuid::Uuid,
}
