//! Lists of sessions, one's own and others'.

use application::{CursorSeal, Page, Position};
use domain::sessions::{LiveSession, SessionId};
use utoipa::IntoParams;

use super::dto::SessionView;
use crate::extract::{FromQuery, QueryReader};
use crate::page::{CursorShape, LimitShape, PageView, Paging};

pub(super) struct List(pub(super) Paging);

impl FromQuery for List {
    fn from_query(query: &mut QueryReader) -> Self {
        Self(Paging::from_query(query))
    }
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document alone is made from it")]
pub(super) struct ListParameters {
    /// How many at the most; 20 unless given.
    limit: Option<LimitShape>,
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<CursorShape>,
}

/// `current` is the one that the caller is signed in with, unless by an API key.
pub(super) fn shown(
    found: Page<LiveSession>,
    current: Option<SessionId>,
    cursors: &dyn CursorSeal,
    context: &str,
) -> PageView<SessionView> {
    let views = found.items.into_iter();
    let views = views.map(|it| SessionView::of(&it, current));
    let page = Page {
        items: views.collect::<Vec<_>>(),
        next: found.next,
    };
    let seal = |next: &Position| cursors.seal(context, next);
    PageView::new(page, None, seal)
}
