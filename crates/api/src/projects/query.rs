use application::Direction;
use application::projects::{ProjectFilter, ProjectQuery};
use utoipa::IntoParams;
use uuid::Uuid;

use super::dto::STATUSES;
use super::shapes::ProjectStatusShape;
use crate::extract::{FromQuery, QueryReader};
use crate::page::{CursorShape, IncludeWord, LimitShape, Paging};

/// Which projects, and how many of them.
pub(super) struct ListProjects {
    pub(super) query: ProjectQuery,
    pub(super) paging: Paging,
    pub(super) with_total: bool,
}

/// How the parameters of [`ListProjects`] look in the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document alone is made from it")]
pub(super) struct ListProjectsParameters {
    /// Only projects of the user with this id.
    #[param(example = "01936f5e-8c00-7000-8000-000000000000")]
    owner: Option<Uuid>,
    /// Only projects with this status.
    status: Option<ProjectStatusShape>,
    /// The order; a minus turns it round. `-created_at` unless given.
    #[param(inline, example = "-created_at")]
    sort: Option<SortWord>,
    /// How many at the most; 20 unless given.
    limit: Option<LimitShape>,
    /// Where to go on: the `next_cursor` of the page before, with the same order and filters.
    cursor: Option<CursorShape>,
    /// `total` counts all that match.
    #[param(inline, example = "total")]
    include: Option<IncludeWord>,
}

#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "the document alone is made from it")]
enum SortWord {
    #[schema(rename = "created_at")]
    CreatedAt,
    #[schema(rename = "-created_at")]
    MinusCreatedAt,
}

impl FromQuery for ListProjects {
    fn from_query(query: &mut QueryReader) -> Self {
        let filter = ProjectFilter {
            owner: query.take_id("owner"),
            status: query.take_word("status", STATUSES),
        };
        let direction = query.take_word("sort", DIRECTIONS);
        Self {
            query: ProjectQuery {
                filter,
                direction: direction.unwrap_or(Direction::Descending),
            },
            paging: Paging::from_query(query),
            with_total: IncludeWord::from_query(query).is_some(),
        }
    }
}

impl ListProjects {
    /// What a cursor is bound to.
    pub(super) fn context(&self) -> String {
        format!("listProjects {:?}", self.query)
    }
}

const DIRECTIONS: &[(&str, Direction)] = &[
    ("created_at", Direction::Ascending),
    ("-created_at", Direction::Descending),
];
