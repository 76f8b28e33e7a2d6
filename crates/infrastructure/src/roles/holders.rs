//! Queries over who has which role.

use application::StoreError;
use domain::roles::RoleName;
use domain::users::Status;
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{entity, holder_entity};
use crate::database::{failed, only};
use crate::users;

/// The ids of those who have that role.
pub(crate) fn of_role(role: Uuid) -> SelectStatement {
    Query::select()
        .column(holder_entity::Column::UserId)
        .from(holder_entity::Entity)
        .and_where(Expr::col(holder_entity::Column::RoleId).eq(role))
        .to_owned()
}

/// Which role has the name, asked apart from [`of_role`]: a planner that sees the id knows how
/// many hold the role, and a join would leave it guessing. The nil id is nobody's.
pub(crate) async fn id_of(
    connection: &impl ConnectionTrait,
    name: &RoleName,
) -> Result<Uuid, StoreError> {
    let query = entity::Entity::find().filter(entity::COLUMN.name.eq(name.as_str()));
    let found = only(query.into_model::<entity::Model>(), connection).await?;
    Ok(found.map_or(Uuid::nil(), |it| it.id))
}

pub(super) async fn count_active(
    connection: &impl ConnectionTrait,
    role: Uuid,
) -> Result<u64, StoreError> {
    users::entity::Entity::find()
        .filter(
            users::entity::COLUMN
                .status
                .eq(users::status_text(Status::Active)),
        )
        .filter(users::entity::COLUMN.id.in_subquery(of_role(role)))
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
