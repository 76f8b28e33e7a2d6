//! Everybody's sessions.

use actix_web::middleware::Compress;
use actix_web::{delete, get};
use application::CursorSeal;
use application::sessions::Sessions;
use domain::roles::UsersSessions;
use domain::users::UserId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::SessionView;
use super::list::{List, ListParameters, shown};
use crate::answer::Deleted;
use crate::extract::{Id, May, Query, Service};
use crate::page::PageView;
use crate::problem::Problem;
use crate::users::{BEYOND_OWN_RIGHTS, UserPath};

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(list).service(end_all);
}

/// List a user's sessions
///
/// Where they are signed in: the sessions that can still be used, newest first. Those are gone that have ended, and those
/// that nobody has refreshed for as long as a refresh token lives.
#[utoipa::path(tag = "users", operation_id = "listUserSessions", params(UserPath, ListParameters),
    security(("access_token" = ["users:sessions"])),
    responses((status = OK, description = "A part of the list", body = PageView<SessionView>)))]
#[get("/users/{id}/sessions", wrap = "Compress::default()")]
async fn list(
    by: May<UsersSessions>,
    sessions: Service<Sessions>,
    cursors: Service<dyn CursorSeal>,
    Id(user): Id<UserId>,
    Query(List(paging)): Query<List>,
) -> Result<PageView<SessionView>, Problem> {
    let context = format!("listUserSessions {}", user.0);
    let page = paging.open(&*cursors, &context)?;
    let found = sessions.list(&by, user, &page).await?;
    Ok(shown(found, by.session_id(), &*cursors, &context))
}

/// End a user's sessions
///
/// All of them, at once. Nobody can do that to an account that has permissions which they have not.
#[utoipa::path(tag = "users", operation_id = "endUserSessions", params(UserPath),
    security(("access_token" = ["users:sessions"])),
    responses((status = NO_CONTENT, description = "They have ended")),
    extensions(("x-problems" = json!([BEYOND_OWN_RIGHTS.code]))))]
#[delete("/users/{id}/sessions")]
async fn end_all(
    by: May<UsersSessions>,
    sessions: Service<Sessions>,
    Id(user): Id<UserId>,
) -> Result<Deleted, Problem> {
    sessions.end_all(&by, user).await?;
    Ok(Deleted)
}
