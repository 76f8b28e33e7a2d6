//! Queries over who has which role.

use application::StoreError;
use domain::roles::RoleName;
use domain::users::Status;
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{entity, holder_entity};
use crate::database::{failed, only};
use crate::users;

/// That the user whose id is `user` has the role, said so that a page costs the same however many
/// have it: from few holders on to their users, and through the users in their order where so many
/// hold it that a page is full soon. PostgreSQL has counted and knows which is better; SQLite
/// would collect and sort a million holders for a page of twenty.
pub(crate) async fn holds(
    connection: &impl ConnectionTrait,
    name: &RoleName,
    user: Expr,
) -> Result<Expr, StoreError> {
    let role = id_of(connection, name).await?;
    let plans_by_itself = connection.get_database_backend() == DbBackend::Postgres;
    if plans_by_itself || has_few_holders(connection, role).await? {
        return Ok(user.in_subquery(of_role(role)));
    }
    let one_by_one = Query::select()
        .expr(Expr::cust("1"))
        .from(holder_entity::Entity)
        .and_where(Expr::col((holder_entity::Entity, holder_entity::Column::UserId)).eq(user))
        .and_where(Expr::col((holder_entity::Entity, holder_entity::Column::RoleId)).eq(role))
        .to_owned();
    Ok(Expr::from(one_by_one).eq(Expr::cust("1")))
}

async fn has_few_holders(
    connection: &impl ConnectionTrait,
    role: Uuid,
) -> Result<bool, StoreError> {
    let few = of_role(role).limit(FEW + 1).to_owned();
    let query = Query::select()
        .expr_as(Expr::cust("count(*)"), "holders")
        .from_subquery(few, "few")
        .to_owned();
    let row = connection.query_one(&query).await.map_err(failed)?;
    let holders = row.map(|it| it.try_get::<i64>("", "holders")).transpose();
    Ok(holders.map_err(failed)?.unwrap_or_default() <= FEW.cast_signed())
}

/// So many rows are looked up and sorted in a few milliseconds.
const FEW: u64 = 1_000;

/// The ids of those who have that role.
fn of_role(role: Uuid) -> SelectStatement {
    Query::select()
        .column(holder_entity::Column::UserId)
        .from(holder_entity::Entity)
        .and_where(Expr::col(holder_entity::Column::RoleId).eq(role))
        .to_owned()
}

/// Which role has the name; the nil id is nobody's.
async fn id_of(connection: &impl ConnectionTrait, name: &RoleName) -> Result<Uuid, StoreError> {
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
