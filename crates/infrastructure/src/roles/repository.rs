use std::collections::HashMap;

use application::StoreError;
use application::roles::{RoleReader, RoleWriter};
use async_trait::async_trait;
use domain::roles::{Permission, Rights, RoleName};
use domain::users::UserId;
use sea_orm::sea_query::{Expr, Func, IntoColumnRef, Query, SelectStatement};
use sea_orm::{ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{entity, holder_entity, permission_entity};
use crate::Store;
use crate::database::{Held, corrupt, failed, only};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> RoleReader for Store<C> {
    async fn rights_of(&self, user: UserId) -> Result<Rights, StoreError> {
        let query = Query::select()
            .expr_as(Expr::from(permissions_of(Expr::val(user.0))), "permissions")
            .to_owned();
        let row = self.connection.query_one(&query).await.map_err(failed)?;
        let granted = row
            .map(|it| Granted::from_query_result(&it, ""))
            .transpose();
        let names = granted.map_err(failed)?.and_then(|it| it.permissions);
        Ok(rights(names.as_deref()))
    }

    async fn rights_by_role(&self) -> Result<HashMap<RoleName, Rights>, StoreError> {
        let permissions = Query::select()
            .expr(joined((
                permission_entity::Entity,
                permission_entity::Column::Permission,
            )))
            .from(permission_entity::Entity)
            .and_where(
                Expr::col((permission_entity::Entity, permission_entity::Column::RoleId))
                    .equals((entity::Entity, entity::Column::Id)),
            )
            .to_owned();
        let rows = entity::Entity::find()
            .select_only()
            .columns([entity::Column::Id, entity::Column::Name])
            .expr_as(Expr::from(permissions), "permissions")
            .into_model::<Role>()
            .all(&self.connection)
            .await
            .map_err(failed)?;
        let role = |row: &Role| {
            let name = RoleName::parse(&row.name).map_err(|it| corrupt("roles", row.id)(&it))?;
            Ok((name, rights(row.permissions.as_deref())))
        };
        rows.iter().map(role).collect()
    }
}

#[async_trait]
impl RoleWriter for Store<Held> {
    async fn lock_administrators(&mut self) -> Result<u64, StoreError> {
        let query = entity::Entity::find()
            .filter(entity::COLUMN.name.eq(RoleName::administrator().as_str()))
            .lock_exclusive()
            .into_model::<entity::Model>();
        let role = only(query, &self.connection).await?;
        let Some(role) = role else { return Ok(0) };
        super::holders::count_active(&self.connection, role.id).await
    }
}

#[derive(FromQueryResult)]
struct Granted {
    permissions: Option<String>,
}

#[derive(FromQueryResult)]
struct Role {
    id: Uuid,
    name: String,
    permissions: Option<String>,
}

/// The set that [`permissions_of`] has found. A permission that only another version of this
/// program knows grants nothing here.
pub(crate) fn rights(names: Option<&str>) -> Rights {
    let names = names.unwrap_or_default().split(',');
    names.filter_map(Permission::parse).collect()
}

/// The permissions of a user's roles, as one text with commas.
pub(crate) fn permissions_of(user: Expr) -> SelectStatement {
    Query::select()
        .expr(joined((
            permission_entity::Entity,
            permission_entity::Column::Permission,
        )))
        .from(holder_entity::Entity)
        .inner_join(
            permission_entity::Entity,
            Expr::col((permission_entity::Entity, permission_entity::Column::RoleId))
                .equals((holder_entity::Entity, holder_entity::Column::RoleId)),
        )
        .and_where(Expr::col((holder_entity::Entity, holder_entity::Column::UserId)).eq(user))
        .to_owned()
}

/// The names of a user's roles, as one text with commas: so a user is one row of one query.
pub(crate) fn names_of(user: Expr) -> SelectStatement {
    Query::select()
        .expr(joined((entity::Entity, entity::Column::Name)))
        .from(holder_entity::Entity)
        .inner_join(
            entity::Entity,
            Expr::col((entity::Entity, entity::Column::Id))
                .equals((holder_entity::Entity, holder_entity::Column::RoleId)),
        )
        .and_where(Expr::col((holder_entity::Entity, holder_entity::Column::UserId)).eq(user))
        .to_owned()
}

/// Both engines have it by this name.
fn joined(column: impl IntoColumnRef) -> Expr {
    Func::cust("string_agg")
        .arg(Expr::col(column))
        .arg(Expr::cust("','"))
        .into()
}
