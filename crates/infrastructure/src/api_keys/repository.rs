use application::api_keys::{ApiKeyReader, ApiKeyStanding, ApiKeyWriter};
use application::{Page, PageRequest, Position, StoreError};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Version;
use domain::api_keys::{ApiKey, ApiKeyHash, ApiKeyId, ApiKeyName};
use domain::revocations::Revocation;
use domain::roles::{Permission, Rights, RoleName};
use domain::sessions::TokenVersion;
use domain::users::UserId;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

use super::entity::{ActiveModel, COLUMN, Column, Entity, Model, Relation};
use crate::Store;
use crate::database::{Held, corrupt, failed, only};
use crate::{roles, users};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> ApiKeyReader for Store<C> {
    async fn standing(&self, id: ApiKeyId) -> Result<Option<ApiKeyStanding>, StoreError> {
        let owner = || Expr::col((Entity, Column::UserId));
        let query = Entity::find_by_id(id.0)
            .column(users::entity::Column::Status)
            .column(users::entity::Column::TokenVersion)
            .expr_as(Expr::from(roles::names_of(owner())), "roles")
            .expr_as(Expr::from(roles::permissions_of(owner())), "permissions")
            .join(JoinType::InnerJoin, Relation::User.def())
            .into_model::<Row>();
        let found = only(query, &self.connection).await?;
        found.map(standing).transpose()
    }

    async fn find(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        let query = Entity::find_by_id(id.0).into_model::<Model>();
        let found = only(query, &self.connection).await?;
        found.as_ref().map(key).transpose()
    }

    async fn list(&self, user: UserId, page: &PageRequest) -> Result<Page<ApiKey>, StoreError> {
        let mut query = Entity::find().filter(COLUMN.user_id.eq(user.0));
        if let Some(after) = &page.after {
            query = query.filter(COLUMN.id.lt(after.id));
        }
        // Their ids are in the order of time.
        let rows = query
            .order_by(Column::Id, Order::Desc)
            .limit(page.limit + 1)
            .into_model::<Model>()
            .all(&self.connection)
            .await
            .map_err(failed)?;
        let keys = rows.iter().map(key).collect::<Result<_, _>>()?;
        Ok(cut(keys, page.limit))
    }

    async fn count(&self, user: UserId) -> Result<u64, StoreError> {
        Entity::find()
            .filter(COLUMN.user_id.eq(user.0))
            .count(&self.connection)
            .await
            .map_err(failed)
    }
}

#[async_trait]
impl ApiKeyWriter for Store<Held> {
    async fn lock(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        let query = Entity::find_by_id(id.0).lock_exclusive();
        let found = only(query.into_model::<Model>(), &self.connection).await?;
        found.as_ref().map(key).transpose()
    }

    async fn insert(&mut self, key: &ApiKey, hash: &ApiKeyHash) -> Result<(), StoreError> {
        let row = ActiveModel {
            hash: Set(hash.0.to_vec()),
            last_used_at: Set(key.last_used_at),
            ..row(key)
        };
        Entity::insert(row)
            .exec_without_returning(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn update(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        let updated = Entity::update_many()
            .set(row(key))
            .filter(COLUMN.id.eq(key.id.0))
            .filter(COLUMN.version.lt(key.version.0))
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        if updated.rows_affected == 0 {
            return Err(StoreError::Stale);
        }
        self.revoke(Revocation::ApiKey {
            key: key.id,
            below: key.version,
        });
        Ok(())
    }

    async fn delete(&mut self, id: ApiKeyId) -> Result<(), StoreError> {
        self.delete_where(COLUMN.id.eq(id.0)).await
    }

    async fn delete_all(&mut self, user: UserId) -> Result<(), StoreError> {
        self.delete_where(COLUMN.user_id.eq(user.0)).await
    }

    async fn touch(&mut self, keys: &[ApiKeyId], at: DateTime<Utc>) -> Result<(), StoreError> {
        let earlier = COLUMN.last_used_at.is_null().or(COLUMN.last_used_at.lt(at));
        Entity::update_many()
            .col_expr(Column::LastUsedAt, Expr::val(at))
            .filter(COLUMN.id.is_in(keys.iter().map(|it| it.0)))
            .filter(earlier)
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }
}

impl Store<Held> {
    async fn delete_where(&mut self, chosen: Expr) -> Result<(), StoreError> {
        let deleted = Entity::delete_many()
            .filter(chosen)
            .exec_with_returning(&self.connection)
            .await
            .map_err(failed)?;
        for key in deleted {
            self.revoke(Revocation::ApiKey {
                key: ApiKeyId(key.id),
                below: Version(key.version).next(),
            });
        }
        Ok(())
    }
}

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    key: Model,
    status: String,
    token_version: i64,
    roles: Option<String>,
    permissions: Option<String>,
}

/// Takes the row beyond the page off again, and tells where the page ends.
fn cut(mut keys: Vec<ApiKey>, limit: u64) -> Page<ApiKey> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = keys.len() > limit;
    keys.truncate(limit);
    let last = keys.last().filter(|_| more);
    Page {
        next: last.map(|it| Position {
            key: String::new(),
            id: it.id.0,
        }),
        items: keys,
    }
}

fn standing(row: Row) -> Result<ApiKeyStanding, StoreError> {
    let Row { key, status, .. } = row;
    let corrupt = corrupt("api_keys", key.id);
    let hash = key.hash.try_into();
    let roles = row.roles.unwrap_or_default();
    let names = roles.split(',').filter(|it| !it.is_empty());
    Ok(ApiKeyStanding {
        id: ApiKeyId(key.id),
        version: Version(key.version),
        hash: ApiKeyHash(hash.map_err(|_| corrupt(&"a hash of another length"))?),
        scopes: scopes(&key.scopes),
        expires_at: key.expires_at,
        user_id: UserId(key.user_id),
        status: users::status(&status).ok_or_else(|| corrupt(&"an owner of an unknown status"))?,
        token_version: TokenVersion(row.token_version),
        roles: names
            .map(RoleName::parse)
            .collect::<Result<_, _>>()
            .map_err(|it| corrupt(&it))?,
        rights: roles::rights(row.permissions.as_deref()),
    })
}

fn key(row: &Model) -> Result<ApiKey, StoreError> {
    let name = ApiKeyName::parse(&row.name);
    Ok(ApiKey {
        id: ApiKeyId(row.id),
        user_id: UserId(row.user_id),
        name: name.map_err(|it| corrupt("api_keys", row.id)(&it))?,
        scopes: scopes(&row.scopes),
        version: Version(row.version),
        created_at: row.created_at,
        updated_at: row.updated_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
    })
}

/// What a change may write: the hash stays, and so does what others write of its use.
fn row(key: &ApiKey) -> ActiveModel {
    let scopes: Vec<_> = key.scopes.iter().map(Permission::name).collect();
    ActiveModel {
        id: Set(key.id.0),
        user_id: Set(key.user_id.0),
        name: Set(key.name.as_str().to_owned()),
        hash: NotSet,
        scopes: Set(scopes.join(" ")),
        version: Set(key.version.0),
        created_at: Set(key.created_at),
        updated_at: Set(key.updated_at),
        expires_at: Set(key.expires_at),
        last_used_at: NotSet,
    }
}

/// A permission that only another version of this program knows allows nothing here.
fn scopes(names: &str) -> Rights {
    names.split(' ').filter_map(Permission::parse).collect()
}
