//! The rows of networks from which passwords were right.

use application::StoreError;
use chrono::{DateTime, Utc};
use domain::audit::Network;
use domain::users::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockBehavior, LockType, OnConflict, Query, SelectStatement};
use sea_orm::{ConnectionTrait, EntityTrait, ExprTrait, Order, QueryFilter};

use super::network_entity::{ActiveModel, COLUMN, Column, Entity};
use crate::database::failed;

/// When the user's password was last right from there. `user`: the id in the query around it.
pub(super) fn last_success(user: Expr, network: Option<Network>) -> SelectStatement {
    // No row has an empty one.
    let network = network.map_or_else(String::new, |it| it.to_string());
    Query::select()
        .column(Column::LastSuccessAt)
        .from(Entity)
        .and_where(Expr::col((Entity, Column::UserId)).eq(user))
        .and_where(Expr::col((Entity, Column::Network)).eq(network))
        .to_owned()
}

pub(super) async fn put(
    connection: &impl ConnectionTrait,
    user: UserId,
    network: Network,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = ActiveModel {
        user_id: Set(user.0),
        network: Set(network.to_string()),
        last_success_at: Set(at),
    };
    let or_replace = OnConflict::columns([Column::UserId, Column::Network])
        .update_column(Column::LastSuccessAt)
        .to_owned();
    Entity::insert(row)
        .on_conflict(or_replace)
        .exec_without_returning(connection)
        .await
        .map_err(failed)?;
    Ok(())
}

pub(super) async fn delete_all_but_latest(
    connection: &impl ConnectionTrait,
    user: UserId,
    keep: u64,
) -> Result<(), StoreError> {
    let of_user = Expr::col(Column::UserId).eq(user.0);
    let latest = Query::select()
        .column(Column::Network)
        .from(Entity)
        .and_where(of_user)
        .order_by(Column::LastSuccessAt, Order::Desc)
        .limit(keep)
        .to_owned();
    Entity::delete_many()
        .filter(COLUMN.user_id.eq(user.0))
        .filter(Expr::col(Column::Network).not_in_subquery(latest))
        .exec(connection)
        .await
        .map_err(failed)?;
    Ok(())
}

/// What another transaction holds is passed over: no sign-in waits for who cleans up, nor the other way round.
pub(crate) async fn delete_over(
    connection: &impl ConnectionTrait,
    by: DateTime<Utc>,
    limit: u64,
) -> Result<u64, StoreError> {
    let key = [Column::UserId, Column::Network];
    let some = Query::select()
        .columns(key)
        .from(Entity)
        .and_where(Expr::col(Column::LastSuccessAt).lte(by))
        .order_by(Column::LastSuccessAt, Order::Asc)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .to_owned();
    let deleted = Entity::delete_many()
        .filter(Expr::tuple(key.map(Expr::col)).in_subquery(some))
        .exec(connection)
        .await
        .map_err(failed)?;
    Ok(deleted.rows_affected)
}
