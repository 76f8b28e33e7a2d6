//! Queries over who has which role.

use application::StoreError;
use domain::roles::RoleName;
use domain::users::Status;
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{entity, holder_entity};
use crate::database::failed;
use crate::users;

/// The ids of those who have the role of that name.
pub(crate) fn of_role(name: &RoleName) -> SelectStatement {
    Query::select()
        .column((holder_entity::Entity, holder_entity::Column::UserId))
        .from(holder_entity::Entity)
        .inner_join(
            entity::Entity,
            Expr::col((entity::Entity, entity::Column::Id))
                .equals((holder_entity::Entity, holder_entity::Column::RoleId)),
        )
        .and_where(Expr::col((entity::Entity, entity::Column::Name)).eq(name.as_str()))
        .to_owned()
}

pub(super) async fn count_active(
    connection: &impl ConnectionTrait,
    role: Uuid,
) -> Result<u64, StoreError> {
    let holders = Query::select()
        .column(holder_entity::Column::UserId)
        .from(holder_entity::Entity)
        .and_where(Expr::col(holder_entity::Column::RoleId).eq(role))
        .to_owned();
    users::entity::Entity::find()
        .filter(
            users::entity::COLUMN
                .status
                .eq(users::status_text(Status::Active)),
        )
        .filter(users::entity::COLUMN.id.in_subquery(holders))
        .count(connection)
        .await
        .map_err(failed)
}

/// Gives `user` the roles of these names.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    user: Uuid,
    roles: impl Iterator<Item = &RoleName>,
) -> Result<(), StoreError> {
    for role in roles {
        let found = Query::select()
            .expr(Expr::val(user))
            .column(entity::Column::Id)
            .from(entity::Entity)
            .and_where(Expr::col(entity::Column::Name).eq(role.as_str()))
            .to_owned();
        let mut insert = Query::insert();
        insert
            .into_table(holder_entity::Entity)
            .columns([holder_entity::Column::UserId, holder_entity::Column::RoleId])
            .select_from(found)
            .map_err(|_| StoreError::Failed("columns and values differ in number".into()))?;
        let inserted = connection.execute(&insert).await.map_err(failed)?;
        if inserted.rows_affected() != 1 {
            return Err(StoreError::Failed(format!("there is no role {role}")));
        }
    }
    Ok(())
}
