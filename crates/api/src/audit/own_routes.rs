//! What one has done oneself.

use actix_web::get;
use actix_web::middleware::Compress;
use application::audit::AuditLog;
use application::{CursorSeal, Position};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::AuditEventView;
use crate::extract::{FromQuery, Query, QueryReader, Service, SessionCaller};
use crate::page::{CursorShape, LimitShape, PageView, Paging};
use crate::problem::Problem;

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(list);
}

/// List what you have done
///
/// Newest first; with the networks that you did it from, so that you see what was not you.
#[utoipa::path(tag = "me", operation_id = "listMyAuditEvents", params(ListParameters),
    security(("access_token" = [])),
    responses((status = OK, description = "A part of the list", body = PageView<AuditEventView>)))]
#[get("/me/audit-events", wrap = "Compress::default()")]
async fn list(
    caller: SessionCaller,
    log: Service<AuditLog>,
    cursors: Service<dyn CursorSeal>,
    Query(List(paging)): Query<List>,
) -> Result<PageView<AuditEventView>, Problem> {
    let context = format!("listMyAuditEvents {}", caller.user_id().0);
    let page = paging.open(&*cursors, &context)?;
    let found = log.list_own(&caller, &page).await?;
    let seal = |next: &Position| cursors.seal(&context, next);
    Ok(PageView::new(found, None, seal))
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
