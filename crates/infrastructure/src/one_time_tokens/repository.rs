use application::StoreError;
use application::one_time_tokens::{OneTimeTokenReader, OneTimeTokenWriter};
use async_trait::async_trait;
use domain::email_changes::EmailChangeId;
use domain::one_time_tokens::{OneTimeToken, OneTimeTokenHash, TokenPurpose};
use domain::registrations::RegistrationId;
use domain::users::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter};

use super::entity::{ActiveModel, COLUMN, Entity, Model};
use crate::Store;
use crate::database::{Held, corrupt, failed, only};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> OneTimeTokenReader for Store<C> {
    async fn find(&self, hash: &OneTimeTokenHash) -> Result<Option<OneTimeToken>, StoreError> {
        let query = Entity::find_by_id(hash.0.to_vec()).into_model::<Model>();
        only(query, &self.connection).await?.map(token).transpose()
    }
}

#[async_trait]
impl OneTimeTokenWriter for Store<Held> {
    async fn insert(&mut self, token: &OneTimeToken) -> Result<(), StoreError> {
        let (purpose, user_id, registration_id, email_change_id) = match token.purpose {
            TokenPurpose::PasswordReset(user) => (PASSWORD_RESET, Some(user.0), None, None),
            TokenPurpose::Invitation(user) => (INVITATION, Some(user.0), None, None),
            TokenPurpose::Registration(it) => (REGISTRATION, None, Some(it.0), None),
            TokenPurpose::EmailChange(it) => (EMAIL_CHANGE, None, None, Some(it.0)),
            TokenPurpose::EmailChangeCancel(it) => (EMAIL_CHANGE_CANCEL, None, None, Some(it.0)),
        };
        let row = ActiveModel {
            hash: Set(token.hash.0.to_vec()),
            purpose: Set(purpose.to_owned()),
            user_id: Set(user_id),
            registration_id: Set(registration_id),
            email_change_id: Set(email_change_id),
            created_at: Set(token.created_at),
            expires_at: Set(token.expires_at),
        };
        Entity::insert(row)
            .exec_without_returning(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn delete(&mut self, hash: &OneTimeTokenHash) -> Result<bool, StoreError> {
        let deleted = Entity::delete_by_id(hash.0.to_vec())
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        Ok(deleted.rows_affected == 1)
    }

    async fn delete_all(&mut self, user: UserId) -> Result<(), StoreError> {
        Entity::delete_many()
            .filter(COLUMN.user_id.eq(user.0))
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }
}

fn token(row: Model) -> Result<OneTimeToken, StoreError> {
    let of = row.user_id.or(row.registration_id).or(row.email_change_id);
    let corrupt = corrupt("one_time_tokens", of.unwrap_or_default());
    let user = row.user_id.map(UserId);
    let registration = row.registration_id.map(RegistrationId);
    let email_change = row.email_change_id.map(EmailChangeId);
    let purpose = match row.purpose.as_str() {
        PASSWORD_RESET => user.map(TokenPurpose::PasswordReset),
        INVITATION => user.map(TokenPurpose::Invitation),
        REGISTRATION => registration.map(TokenPurpose::Registration),
        EMAIL_CHANGE => email_change.map(TokenPurpose::EmailChange),
        EMAIL_CHANGE_CANCEL => email_change.map(TokenPurpose::EmailChangeCancel),
        _ => None,
    };
    let hash = row.hash.try_into();
    Ok(OneTimeToken {
        hash: OneTimeTokenHash(hash.map_err(|_| corrupt(&"a hash that is not 32 bytes long"))?),
        purpose: purpose.ok_or_else(|| corrupt(&"an unknown purpose, or nobody for it"))?,
        created_at: row.created_at,
        expires_at: row.expires_at,
    })
}

const PASSWORD_RESET: &str = "password_reset";
const INVITATION: &str = "invitation";
const REGISTRATION: &str = "registration";
const EMAIL_CHANGE: &str = "email_change";
const EMAIL_CHANGE_CANCEL: &str = "email_change_cancel";
