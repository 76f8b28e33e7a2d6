use actix_web::middleware::Compress;
use actix_web::{delete, get, post};
use application::outbox::DeadLetters;
use application::{CursorSeal, Position};
use domain::outbox::OutboxMessageId;
use domain::roles::{DeadLettersManage, DeadLettersRead};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::DeadLetterView;
use crate::answer::Deleted;
use crate::extract::{FromQuery, Id, May, Query, QueryReader, Service};
use crate::page::{CursorShape, LimitShape, PageView, Paging};
use crate::problem::Problem;

pub(crate) fn routes(app: &mut ServiceConfig) {
    app.service(list).service(retry).service(remove);
}

/// List mail that was given up
///
/// What was given up last comes first. It is kept for a while (`retention.dead_letter_days`), and then deleted.
#[utoipa::path(tag = "mail", operation_id = "listDeadLetters", params(ListParameters),
    security(("access_token" = ["dead_letters:read"])),
    responses((status = OK, description = "A part of the list", body = PageView<DeadLetterView>)))]
#[get("/dead-letters", wrap = "Compress::default()")]
async fn list(
    by: May<DeadLettersRead>,
    letters: Service<DeadLetters>,
    cursors: Service<dyn CursorSeal>,
    Query(List(paging)): Query<List>,
) -> Result<PageView<DeadLetterView>, Problem> {
    let page = paging.open(&*cursors, CONTEXT)?;
    let found = letters.list(&by, &page).await?;
    let seal = |next: &Position| cursors.seal(CONTEXT, next);
    Ok(PageView::new(found, None, seal))
}

/// Send mail after all
///
/// It is due now, and has all its attempts again: once the mail server takes mail again, say. A token in it is a new one.
#[utoipa::path(tag = "mail", operation_id = "retryDeadLetter", params(DeadLetterPath),
    security(("access_token" = ["dead_letters:manage"])),
    responses((status = NO_CONTENT, description = "It is on its way, and no dead letter any more")))]
#[post("/dead-letters/{id}/retry")]
async fn retry(
    by: May<DeadLettersManage>,
    letters: Service<DeadLetters>,
    Id(id): Id<OutboxMessageId>,
) -> Result<Deleted, Problem> {
    letters.retry(&by, id).await?;
    Ok(Deleted)
}

/// Delete mail that was given up
///
/// Nobody will get it.
#[utoipa::path(tag = "mail", operation_id = "deleteDeadLetter", params(DeadLetterPath),
    security(("access_token" = ["dead_letters:manage"])),
    responses((status = NO_CONTENT, description = "It is gone")))]
#[delete("/dead-letters/{id}")]
async fn remove(
    by: May<DeadLettersManage>,
    letters: Service<DeadLetters>,
    Id(id): Id<OutboxMessageId>,
) -> Result<Deleted, Problem> {
    letters.delete(&by, id).await?;
    Ok(Deleted)
}

/// What a cursor is bound to.
const CONTEXT: &str = "listDeadLetters";

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
struct DeadLetterPath {
    /// The dead letter's id.
    #[param(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: uuid::Uuid,
}
