use application::StoreError;
use application::credentials::{
    Account, Credential, CredentialReader, CredentialWriter, PasswordHash,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::Network;
use domain::users::{EmailAddress, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::entity::{ActiveModel, Column, Entity, Model};
use super::networks;
use crate::Store;
use crate::database::{Held, corrupt, failed, only};
use crate::users;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> CredentialReader for Store<C> {
    async fn find(&self, user: UserId) -> Result<Option<Credential>, StoreError> {
        let query = Entity::find_by_id(user.0).into_model::<Model>();
        Ok(only(query, &self.connection).await?.map(credential))
    }

    async fn find_account(
        &self,
        user: UserId,
        network: Option<Network>,
    ) -> Result<Option<Account>, StoreError> {
        let found = users::entity::Entity::find_by_id(user.0);
        account_of(found, network, &self.connection).await
    }

    async fn find_account_by_email(
        &self,
        email: &EmailAddress,
        network: Option<Network>,
    ) -> Result<Option<Account>, StoreError> {
        let found = users::entity::Entity::find();
        let found = found.filter(users::entity::COLUMN.email.eq(email.as_str()));
        account_of(found, network, &self.connection).await
    }
}

#[async_trait]
impl CredentialWriter for Store<Held> {
    async fn put(
        &mut self,
        user: UserId,
        hash: &PasswordHash,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            user_id: Set(user.0),
            password_hash: Set(hash.0.clone()),
            updated_at: Set(at),
        };
        let or_replace = OnConflict::column(Column::UserId)
            .update_columns([Column::PasswordHash, Column::UpdatedAt])
            .to_owned();
        Entity::insert(row)
            .on_conflict(or_replace)
            .exec_without_returning(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn put_network(
        &mut self,
        user: UserId,
        network: Network,
        at: DateTime<Utc>,
        keep: u64,
    ) -> Result<(), StoreError> {
        networks::put(&self.connection, user, network, at).await?;
        networks::delete_all_but_latest(&self.connection, user, keep).await
    }
}

#[derive(FromQueryResult)]
struct AccountRow {
    id: Uuid,
    email: String,
    password_hash: Option<String>,
    last_success_at: Option<DateTime<Utc>>,
}

/// The same statement, whoever is asked for and from wherever.
async fn account_of(
    query: Select<users::entity::Entity>,
    network: Option<Network>,
    connection: &impl ConnectionTrait,
) -> Result<Option<Account>, StoreError> {
    let id = || Expr::col((users::entity::Entity, users::entity::Column::Id));
    let hash = Query::select()
        .column(Column::PasswordHash)
        .from(Entity)
        .and_where(Expr::col((Entity, Column::UserId)).eq(id()))
        .to_owned();
    let last_success = networks::last_success(id(), network);
    let query = query
        .select_only()
        .columns([users::entity::Column::Id, users::entity::Column::Email])
        .expr_as(Expr::from(hash), "password_hash")
        .expr_as(Expr::from(last_success), "last_success_at")
        .into_model::<AccountRow>();
    only(query, connection).await?.map(account).transpose()
}

fn account(row: AccountRow) -> Result<Account, StoreError> {
    let user_id = UserId(row.id);
    let corrupt = corrupt("users", row.id);
    Ok(Account {
        user_id,
        email: EmailAddress::parse(&row.email).map_err(|it| corrupt(&it))?,
        credential: row.password_hash.map(|hash| Credential {
            user_id,
            hash: PasswordHash(hash),
        }),
        last_success: row.last_success_at,
    })
}

fn credential(row: Model) -> Credential {
    Credential {
        user_id: UserId(row.user_id),
        hash: PasswordHash(row.password_hash),
    }
}
