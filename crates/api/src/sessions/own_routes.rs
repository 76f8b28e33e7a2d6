//! One's own sessions.

use actix_web::middleware::Compress;
use actix_web::{delete, get};
use application::CursorSeal;
use application::sessions::Sessions;
use domain::sessions::SessionId;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::dto::SessionView;
use super::list::{List, ListParameters, shown};
use crate::answer::Deleted;
use crate::extract::{Id, Query, Service, SessionCaller};
use crate::page::PageView;
use crate::problem::Problem;

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(list).service(end_others).service(end);
}

/// List your sessions
///
/// Where you are signed in: the sessions that can still be used, newest first. Those are gone that have ended, and those
/// that nobody has refreshed for as long as a refresh token lives.
#[utoipa::path(tag = "me", operation_id = "listMySessions", params(ListParameters),
    security(("access_token" = [])),
    responses((status = OK, description = "A part of the list", body = PageView<SessionView>)))]
#[get("/me/sessions", wrap = "Compress::default()")]
async fn list(
    caller: SessionCaller,
    sessions: Service<Sessions>,
    cursors: Service<dyn CursorSeal>,
    Query(List(paging)): Query<List>,
) -> Result<PageView<SessionView>, Problem> {
    let context = format!("listMySessions {}", caller.user_id().0);
    let page = paging.open(&*cursors, &context)?;
    let found = sessions.list_own(&caller, &page).await?;
    Ok(shown(found, Some(caller.session_id()), &*cursors, &context))
}

/// End your other sessions
///
/// All but the one that you call with.
#[utoipa::path(tag = "me", operation_id = "endMyOtherSessions", security(("access_token" = [])),
    responses((status = NO_CONTENT, description = "They have ended")))]
#[delete("/me/sessions")]
async fn end_others(
    caller: SessionCaller,
    sessions: Service<Sessions>,
) -> Result<Deleted, Problem> {
    sessions.end_others(&caller).await?;
    Ok(Deleted)
}

/// End one of your sessions
///
/// Also the one that you call with.
#[utoipa::path(tag = "me", operation_id = "endMySession", params(SessionPath),
    security(("access_token" = [])),
    responses((status = NO_CONTENT, description = "It has ended")))]
#[delete("/me/sessions/{id}")]
async fn end(
    caller: SessionCaller,
    sessions: Service<Sessions>,
    Id(id): Id<SessionId>,
) -> Result<Deleted, Problem> {
    sessions.end_own(&caller, id).await?;
    Ok(Deleted)
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "the document alone is made from it")]
struct SessionPath {
    /// The session's id.
    #[param(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: Uuid,
}
