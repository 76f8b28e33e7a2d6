use actix_web::get;
use actix_web::middleware::Compress;
use application::audit::AuditLog;
use application::{CursorSeal, Position};
use domain::roles::AuditRead;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::AuditEventView;
use super::query::{ListEvents, ListEventsParameters};
use crate::extract::{May, Query, Service};
use crate::page::PageView;
use crate::problem::Problem;

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(list);
}

/// List what was done
///
/// Who did what to whom, newest first. Events are written in the same transaction as what they tell of, and
/// never changed; they keep ids, so that they tell nothing of those who are gone.
#[utoipa::path(tag = "audit", operation_id = "listAuditEvents", params(ListEventsParameters),
    security(("access_token" = ["audit:read"])),
    responses((status = OK, description = "A part of the list", body = PageView<AuditEventView>)))]
#[get("/audit-events", wrap = "Compress::default()")]
async fn list(
    by: May<AuditRead>,
    log: Service<AuditLog>,
    cursors: Service<dyn CursorSeal>,
    Query(list): Query<ListEvents>,
) -> Result<PageView<AuditEventView>, Problem> {
    let context = list.context();
    let page = list.paging.open(&*cursors, &context)?;
    let found = log.list(&by, &list.filter, &page).await?;
    let total = if list.with_total {
        Some(log.count(&by, &list.filter).await?)
    } else {
        None
    };
    let seal = |next: &Position| cursors.seal(&context, next);
    Ok(PageView::new(found, total, seal))
}
