use application::audit::AuditFilter;
use chrono::{DateTime, Utc};
use domain::audit::Action;
use utoipa::IntoParams;
use uuid::Uuid;

use super::dto::ActionShape;
use crate::extract::{FromQuery, QueryReader};
use crate::page::{CursorShape, IncludeWord, LimitShape, Paging};
use crate::time;

/// Which events, and how many of them.
pub(super) struct ListEvents {
    pub(super) filter: AuditFilter,
    pub(super) paging: Paging,
    pub(super) with_total: bool,
}

/// How the parameters of [`ListEvents`] look in the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document alone is made from it")]
pub(super) struct ListEventsParameters {
    /// Only what the user with this id has done.
    #[param(example = "01936f5e-8c00-7000-8000-000000000000")]
    actor: Option<Uuid>,
    /// Only this.
    action: Option<ActionShape>,
    /// Only what occurred then or later (RFC 3339).
    #[param(example = "2026-01-31T09:30:00Z")]
    since: Option<DateTime<Utc>>,
    /// How many at the most; 20 unless given.
    limit: Option<LimitShape>,
    /// Where to go on: the `next_cursor` of the page before, with the same filters.
    cursor: Option<CursorShape>,
    /// `total` counts all that match, which takes time where there are many.
    #[param(inline, example = "total")]
    include: Option<IncludeWord>,
}

impl FromQuery for ListEvents {
    fn from_query(query: &mut QueryReader) -> Self {
        let actions: Vec<_> = Action::ALL.iter().map(|it| (it.name(), *it)).collect();
        Self {
            filter: AuditFilter {
                actor: query.take_id("actor"),
                action: query.take_word("action", &actions),
                since: query.take("since", time::parse),
            },
            paging: Paging::from_query(query),
            with_total: IncludeWord::from_query(query).is_some(),
        }
    }
}

impl ListEvents {
    /// What a cursor is bound to.
    pub(super) fn context(&self) -> String {
        format!("listAuditEvents {:?}", self.filter)
    }
}
