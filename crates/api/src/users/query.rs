use application::Direction;
use application::users::{UserFilter, UserQuery, UserSort};
use domain::roles::RoleName;
use domain::users::{DisplayName, EmailAddress, Status};
use utoipa::IntoParams;

use super::shapes::{EmailAddressShape, NamePrefixShape};
use crate::extract::{FromQuery, QueryReader};
use crate::page::{CursorShape, IncludeWord, LimitShape, Paging};
use crate::roles::RoleNameShape;

/// Which users, and how many of them.
pub(super) struct ListUsers {
    pub(super) query: UserQuery,
    pub(super) paging: Paging,
    pub(super) with_total: bool,
}

/// How the parameters of [`ListUsers`] look in the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document alone is made from it")]
pub(super) struct ListUsersParameters {
    /// Only the user with this address.
    email: Option<EmailAddressShape>,
    /// Only users in this state.
    #[param(example = "active")]
    status: Option<super::dto::StatusView>,
    /// Only holders of the role with this name.
    role: Option<RoleNameShape>,
    /// Only users whose address or name begins with it, whatever the letter case.
    q: Option<NamePrefixShape>,
    /// The order; a minus turns it round. `-created_at` unless given.
    #[param(inline, example = "-created_at")]
    sort: Option<SortWord>,
    /// How many at the most; 20 unless given.
    limit: Option<LimitShape>,
    /// Where to go on: the `next_cursor` of the page before, with the same order and filters.
    cursor: Option<CursorShape>,
    /// `total` counts all that match, which takes time where there are many.
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
    #[schema(rename = "email")]
    Email,
    #[schema(rename = "-email")]
    MinusEmail,
    #[schema(rename = "display_name")]
    DisplayName,
    #[schema(rename = "-display_name")]
    MinusDisplayName,
}

impl FromQuery for ListUsers {
    fn from_query(query: &mut QueryReader) -> Self {
        let filter = UserFilter {
            email: query.take("email", EmailAddress::parse),
            status: query.take_word("status", STATUSES),
            role: query.take("role", RoleName::parse),
            prefix: query.take("q", prefix),
        };
        let sort = query.take_word("sort", SORTS);
        let (sort, direction) = sort.unwrap_or((UserSort::CreatedAt, Direction::Descending));
        Self {
            query: UserQuery {
                filter,
                sort,
                direction,
            },
            paging: Paging::from_query(query),
            with_total: IncludeWord::from_query(query).is_some(),
        }
    }
}

impl ListUsers {
    /// What a cursor is bound to.
    pub(super) fn context(&self) -> String {
        format!("listUsers {:?}", self.query)
    }
}

const STATUSES: &[(&str, Status)] = &[
    ("pending", Status::Pending),
    ("active", Status::Active),
    ("deactivated", Status::Deactivated),
];

const SORTS: &[(&str, (UserSort, Direction))] = &[
    ("created_at", (UserSort::CreatedAt, Direction::Ascending)),
    ("-created_at", (UserSort::CreatedAt, Direction::Descending)),
    ("email", (UserSort::Email, Direction::Ascending)),
    ("-email", (UserSort::Email, Direction::Descending)),
    (
        "display_name",
        (UserSort::DisplayName, Direction::Ascending),
    ),
    (
        "-display_name",
        (UserSort::DisplayName, Direction::Descending),
    ),
];

fn prefix(text: &str) -> Result<String, &'static str> {
    match text.chars().count() {
        1..=DisplayName::MAX => Ok(text.to_owned()),
        _ => Err("it has 1 to 100 characters"),
    }
}
