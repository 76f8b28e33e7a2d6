use application::StoreError;
use application::credentials::{Credential, CredentialReader, CredentialWriter, PasswordHash};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::users::{EmailAddress, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};

use super::entity::{ActiveModel, COLUMN, Column, Entity, Model};
use crate::Store;
use crate::database::{Held, failed, only};
use crate::users;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> CredentialReader for Store<C> {
    async fn find(&self, user: UserId) -> Result<Option<Credential>, StoreError> {
        let query = Entity::find_by_id(user.0).into_model::<Model>();
        Ok(only(query, &self.connection).await?.map(credential))
    }

    async fn find_by_email(&self, email: &EmailAddress) -> Result<Option<Credential>, StoreError> {
        let owner = Query::select()
            .column(users::entity::Column::Id)
            .from(users::entity::Entity)
            .and_where(Expr::col(users::entity::Column::Email).eq(email.as_str()))
            .to_owned();
        let query = Entity::find().filter(COLUMN.user_id.in_subquery(owner));
        let found = only(query.into_model::<Model>(), &self.connection).await?;
        Ok(found.map(credential))
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
}

fn credential(row: Model) -> Credential {
    Credential {
        user_id: UserId(row.user_id),
        hash: PasswordHash(row.password_hash),
    }
}
