//! The list of users: filters, orders, and where the next page begins.

use application::users::{UserFilter, UserQuery, UserSort};
use application::{Direction, PageRequest, Position, StoreError};
use domain::users::{DisplayName, User};
use sea_orm::sea_query::{Expr, IntoCondition};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, Order, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

use super::entity::{COLUMN, Column, Entity};
use super::status_text;
use crate::database::{position_in_time, time_of};
use crate::roles::holders;

/// The rows of a page, and one more when there is a next one.
pub(super) fn page(
    found: Select<Entity>,
    query: &UserQuery,
    page: &PageRequest,
) -> Result<Select<Entity>, StoreError> {
    let column = column(query.sort);
    let order = match query.direction {
        Direction::Ascending => Order::Asc,
        Direction::Descending => Order::Desc,
    };
    let mut rows = found
        .order_by(column, order.clone())
        .order_by(Column::Id, order)
        .limit(page.limit + 1);
    if let Some(after) = &page.after {
        rows = rows.filter(behind(query, after)?);
    }
    Ok(rows)
}

pub(super) async fn filtered(
    connection: &impl ConnectionTrait,
    filter: &UserFilter,
) -> Result<Select<Entity>, StoreError> {
    let mut rows = Entity::find();
    if let Some(email) = &filter.email {
        rows = rows.filter(COLUMN.email.eq(email.as_str()));
    }
    if let Some(status) = filter.status {
        rows = rows.filter(COLUMN.status.eq(status_text(status)));
    }
    if let Some(role) = &filter.role {
        let id = Expr::col((Entity, Column::Id));
        rows = rows.filter(holders::holds(connection, role, id).await?);
    }
    if let Some(prefix) = &filter.prefix {
        let either = Condition::any()
            .add(begins_with(Column::Email, &prefix.to_ascii_lowercase()))
            .add(begins_with(
                Column::DisplayNameFolded,
                &DisplayName::fold(prefix),
            ));
        rows = rows.filter(either);
    }
    Ok(rows)
}

/// A range, which an index answers; LIKE with a parameter it does not.
fn begins_with(column: Column, prefix: &str) -> Condition {
    // PostgreSQL refuses to look for what no text can hold.
    let prefix = prefix.replace('\0', "\u{10FFFF}");
    let behind_all = format!("{prefix}{}", char::MAX);
    Condition::all()
        .add(column.gte(prefix))
        .add(column.lt(behind_all))
}

fn column(sort: UserSort) -> Column {
    match sort {
        UserSort::CreatedAt => Column::CreatedAt,
        UserSort::Email => Column::Email,
        UserSort::DisplayName => Column::DisplayNameFolded,
    }
}

/// Where a page of users ends.
pub(super) fn position(user: &User, sort: UserSort) -> Position {
    let key = match sort {
        UserSort::CreatedAt => return position_in_time(user.created_at, user.id.0),
        UserSort::Email => user.email.as_str().to_owned(),
        UserSort::DisplayName => user.display_name.folded(),
    };
    Position { key, id: user.id.0 }
}

fn behind(query: &UserQuery, after: &Position) -> Result<Condition, StoreError> {
    let key = match query.sort {
        UserSort::CreatedAt => Expr::val(time_of(after)?),
        UserSort::Email | UserSort::DisplayName => Expr::val(after.key.as_str()),
    };
    let here = Expr::tuple([
        Expr::col((Entity, column(query.sort))),
        Expr::col((Entity, Column::Id)),
    ]);
    let there = Expr::tuple([key, Expr::val(after.id)]);
    let behind = match query.direction {
        Direction::Ascending => here.gt(there),
        Direction::Descending => here.lt(there),
    };
    Ok(behind.into_condition())
}
