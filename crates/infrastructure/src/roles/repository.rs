use std::collections::{BTreeSet, HashMap};

use application::roles::{RoleReader, RoleWriter};
use application::{Page, PageRequest, StoreError};
use async_trait::async_trait;
use domain::revocations::Revocation;
use domain::roles::{Permission, Rights, Role, RoleId, RoleName};
use domain::users::UserId;
use sea_orm::sea_query::{Expr, Func, IntoColumnRef, Query, SelectStatement};
use sea_orm::{
    ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use uuid::Uuid;

use super::{entity, holder_entity, holders, permission_entity, rows};
use crate::Store;
use crate::database::{Held, cut, failed, hold, only};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> RoleReader for Store<C> {
    async fn find(&self, id: RoleId) -> Result<Option<Role>, StoreError> {
        rows::one(entity::Entity::find_by_id(id.0), &self.connection).await
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<Role>, StoreError> {
        let mut query = entity::Entity::find();
        if let Some(after) = &page.after {
            query = query.filter(entity::COLUMN.name.gt(after.key.as_str()));
        }
        let query = query.order_by_asc(entity::Column::Name);
        let found = rows::all(query.limit(page.limit + 1), &self.connection).await?;
        Ok(cut(found, page.limit, rows::position))
    }

    async fn find_named(&self, names: &BTreeSet<RoleName>) -> Result<Vec<Role>, StoreError> {
        rows::all(named(names), &self.connection).await
    }

    async fn is_held(&self, id: RoleId) -> Result<bool, StoreError> {
        // In order, so that PostgreSQL asks the index: it would look for the first one in the table.
        let first = holder_entity::Entity::find()
            .filter(holder_entity::COLUMN.role_id.eq(id.0))
            .order_by_asc(holder_entity::Column::UserId)
            .limit(1)
            .into_model::<holder_entity::Model>();
        Ok(only(first, &self.connection).await?.is_some())
    }

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
        let all = rows::all(entity::Entity::find(), &self.connection).await?;
        Ok(all.into_iter().map(|it| (it.name, it.rights)).collect())
    }
}

#[async_trait]
impl RoleWriter for Store<Held> {
    async fn lock(&mut self, id: RoleId) -> Result<Option<Role>, StoreError> {
        let query = entity::Entity::find_by_id(id.0).lock_exclusive();
        let held = hold(query, entity::Column::Id, &self.connection).await?;
        rows::one(with_id(held), &self.connection).await
    }

    async fn lock_named(&mut self, names: &BTreeSet<RoleName>) -> Result<Vec<Role>, StoreError> {
        let query = named(names).lock_shared();
        let held = hold(query, entity::Column::Id, &self.connection).await?;
        rows::all(with_id(held), &self.connection).await
    }

    async fn insert(&mut self, role: &Role) -> Result<(), StoreError> {
        entity::Entity::insert(rows::row(role))
            .exec_without_returning(&self.connection)
            .await
            .map_err(failed)?;
        // Nobody has it yet; but who does from now on is judged by what is known of roles.
        self.revoke(Revocation::Role(role.id));
        rows::grant(&self.connection, role.id, role.rights).await
    }

    async fn update(&mut self, role: &Role) -> Result<(), StoreError> {
        let updated = entity::Entity::update_many()
            .set(rows::row(role))
            .filter(entity::COLUMN.id.eq(role.id.0))
            .filter(entity::COLUMN.version.lt(role.version.0))
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        if updated.rows_affected == 0 {
            return Err(StoreError::Stale);
        }
        self.revoke(Revocation::Role(role.id));
        rows::grant(&self.connection, role.id, role.rights).await
    }

    async fn delete(&mut self, id: RoleId) -> Result<(), StoreError> {
        // What it grants goes with it by the foreign key.
        entity::Entity::delete_by_id(id.0)
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        self.revoke(Revocation::Role(id));
        Ok(())
    }

    async fn assign(&mut self, user: UserId, roles: &BTreeSet<RoleName>) -> Result<(), StoreError> {
        holder_entity::Entity::delete_many()
            .filter(holder_entity::COLUMN.user_id.eq(user.0))
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        holders::insert(&self.connection, user.0, roles.iter()).await
    }

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

fn named(names: &BTreeSet<RoleName>) -> Select<entity::Entity> {
    let names = names.iter().map(RoleName::as_str);
    entity::Entity::find().filter(entity::COLUMN.name.is_in(names))
}

fn with_id(ids: Vec<Uuid>) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::COLUMN.id.is_in(ids))
}

#[derive(FromQueryResult)]
struct Granted {
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
pub(super) fn joined(column: impl IntoColumnRef) -> Expr {
    Func::cust("string_agg")
        .arg(Expr::col(column))
        .arg(Expr::cust("','"))
        .into()
}
