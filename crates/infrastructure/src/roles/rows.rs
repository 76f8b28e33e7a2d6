//! Roles with what they grant, as rows.

use application::{Position, StoreError};
use domain::Version;
use domain::roles::{Permission, Rights, Role, RoleDescription, RoleId, RoleName};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{
    ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::entity::{ActiveModel, Column, Entity, Model};
use super::permission_entity;
use super::repository::{joined, rights};
use crate::database::{corrupt, failed, only};

#[derive(FromQueryResult)]
pub(super) struct Row {
    #[sea_orm(nested)]
    role: Model,
    permissions: Option<String>,
}

pub(super) async fn one(
    query: Select<Entity>,
    connection: &impl ConnectionTrait,
) -> Result<Option<Role>, StoreError> {
    let found = only(with_permissions(query).into_model::<Row>(), connection).await?;
    found.map(role).transpose()
}

pub(super) async fn all(
    query: Select<Entity>,
    connection: &impl ConnectionTrait,
) -> Result<Vec<Role>, StoreError> {
    let rows = with_permissions(query).into_model::<Row>();
    let rows = rows.all(connection).await.map_err(failed)?;
    rows.into_iter().map(role).collect()
}

/// Where a page of roles ends.
pub(super) fn position(role: &Role) -> Position {
    Position {
        key: role.name.as_str().to_owned(),
        id: role.id.0,
    }
}

/// Makes the rows say that the role grants this and, of what this version knows, nothing else.
pub(super) async fn grant(
    connection: &impl ConnectionTrait,
    role: RoleId,
    rights: Rights,
) -> Result<(), StoreError> {
    let known = Permission::ALL.iter().map(|it| it.name());
    permission_entity::Entity::delete_many()
        .filter(permission_entity::COLUMN.role_id.eq(role.0))
        .filter(permission_entity::COLUMN.permission.is_in(known))
        .exec(connection)
        .await
        .map_err(failed)?;
    let rows = rights.iter().map(|it| permission_entity::ActiveModel {
        role_id: Set(role.0),
        permission: Set(it.name().to_owned()),
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    let inserted = permission_entity::Entity::insert_many(rows);
    let inserted = inserted.exec_without_returning(connection).await;
    inserted.map_err(failed)?;
    Ok(())
}

pub(super) fn row(role: &Role) -> ActiveModel {
    ActiveModel {
        id: Set(role.id.0),
        name: Set(role.name.as_str().to_owned()),
        description: Set(role.description.as_str().to_owned()),
        built_in: Set(role.built_in),
        version: Set(role.version.0),
        created_at: Set(role.created_at),
        updated_at: Set(role.updated_at),
    }
}

fn with_permissions(query: Select<Entity>) -> Select<Entity> {
    let id = Expr::col((Entity, Column::Id));
    query.expr_as(Expr::from(granted_by(id)), "permissions")
}

fn granted_by(role: Expr) -> SelectStatement {
    let of = (permission_entity::Entity, permission_entity::Column::RoleId);
    Query::select()
        .expr(joined((
            permission_entity::Entity,
            permission_entity::Column::Permission,
        )))
        .from(permission_entity::Entity)
        .and_where(Expr::col(of).eq(role))
        .to_owned()
}

fn role(row: Row) -> Result<Role, StoreError> {
    let Row { role, permissions } = row;
    let id: Uuid = role.id;
    let corrupt = corrupt("roles", id);
    Ok(Role {
        id: RoleId(id),
        name: RoleName::parse(&role.name).map_err(|it| corrupt(&it))?,
        description: RoleDescription::parse(&role.description).map_err(|it| corrupt(&it))?,
        rights: rights(permissions.as_deref()),
        built_in: role.built_in,
        version: Version(role.version),
        created_at: role.created_at,
        updated_at: role.updated_at,
    })
}
