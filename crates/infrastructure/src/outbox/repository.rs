use application::StoreError;
use application::outbox::{OutboxReader, OutboxWriter};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::email_changes::EmailChangeId;
use domain::outbox::{DeliveryStatus, Letter, OutboxMessage, OutboxMessageId, Purpose};
use domain::registrations::RegistrationId;
use domain::users::{EmailAddress, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select};

use super::entity::{ActiveModel, COLUMN, Column, Entity, Model};
use crate::Store;
use crate::database::{Held, corrupt, failed, only};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> OutboxReader for Store<C> {
    async fn is_due(&self, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let first = due(at).select_only().column(Column::Id).into_tuple();
        let found: Option<uuid::Uuid> = only(first, &self.connection).await?;
        Ok(found.is_some())
    }
}

#[async_trait]
impl OutboxWriter for Store<Held> {
    async fn insert(&mut self, message: &OutboxMessage) -> Result<(), StoreError> {
        Entity::insert(row(message))
            .exec_without_returning(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn lock_due(&mut self, at: DateTime<Utc>) -> Result<Option<OutboxMessage>, StoreError> {
        // On SQLite the one connection that writes is lock enough.
        let query = due(at).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let found = only(query.into_model::<Model>(), &self.connection).await?;
        found.map(message).transpose()
    }

    async fn lock(&mut self, id: OutboxMessageId) -> Result<Option<OutboxMessage>, StoreError> {
        let query = Entity::find_by_id(id.0).lock_exclusive();
        let found = only(query.into_model::<Model>(), &self.connection).await?;
        found.map(message).transpose()
    }

    async fn update(&mut self, message: &OutboxMessage) -> Result<(), StoreError> {
        Entity::update_many()
            .set(row(message))
            .filter(COLUMN.id.eq(message.id.0))
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn delete(&mut self, id: OutboxMessageId) -> Result<(), StoreError> {
        Entity::delete_by_id(id.0)
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn delete_addressed(&mut self, email: &EmailAddress) -> Result<(), StoreError> {
        Entity::delete_many()
            .filter(COLUMN.email.eq(email.as_str()))
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }
}

/// The one that waits for longest.
fn due(at: DateTime<Utc>) -> Select<Entity> {
    Entity::find()
        .filter(COLUMN.status.eq(status_text(DeliveryStatus::Pending)))
        .filter(COLUMN.due_at.lte(at))
        .order_by(Column::DueAt, Order::Asc)
        .limit(1)
}

fn message(row: Model) -> Result<OutboxMessage, StoreError> {
    let corrupt = corrupt("outbox_messages", row.id);
    let nobody = || corrupt(&"nobody whom it is for");
    let purpose = Purpose::named(&row.purpose).ok_or_else(|| corrupt(&"an unknown purpose"))?;
    let user = || row.user_id.map(UserId).ok_or_else(nobody);
    let email_change = || row.email_change_id.map(EmailChangeId).ok_or_else(nobody);
    let letter = match purpose {
        Purpose::PasswordReset => {
            let email = row.email.ok_or_else(nobody)?;
            Letter::PasswordReset(EmailAddress::parse(&email).map_err(|it| corrupt(&it))?)
        }
        Purpose::PasswordChanged => Letter::PasswordChanged(user()?),
        Purpose::Invitation => Letter::Invitation(user()?),
        Purpose::Registration => {
            let id = row.registration_id.ok_or_else(nobody)?;
            Letter::Registration(RegistrationId(id))
        }
        Purpose::EmailChange => Letter::EmailChange(email_change()?),
        Purpose::EmailChangeNotice => Letter::EmailChangeNotice(email_change()?),
    };
    Ok(OutboxMessage {
        id: OutboxMessageId(row.id),
        letter,
        status: status(&row.status).ok_or_else(|| corrupt(&"an unknown status"))?,
        attempts: u32::try_from(row.attempts).map_err(|it| corrupt(&it))?,
        due_at: row.due_at,
        created_at: row.created_at,
        failure: row.failure,
    })
}

fn row(message: &OutboxMessage) -> ActiveModel {
    let (user_id, registration_id, email_change_id, email) = match &message.letter {
        Letter::PasswordReset(email) => (None, None, None, Some(email.as_str().to_owned())),
        Letter::PasswordChanged(it) | Letter::Invitation(it) => (Some(it.0), None, None, None),
        Letter::Registration(it) => (None, Some(it.0), None, None),
        Letter::EmailChange(it) | Letter::EmailChangeNotice(it) => (None, None, Some(it.0), None),
    };
    ActiveModel {
        id: Set(message.id.0),
        purpose: Set(message.letter.purpose().name().to_owned()),
        user_id: Set(user_id),
        registration_id: Set(registration_id),
        email_change_id: Set(email_change_id),
        email: Set(email),
        status: Set(status_text(message.status).to_owned()),
        attempts: Set(message.attempts.into()),
        due_at: Set(message.due_at),
        created_at: Set(message.created_at),
        failure: Set(message.failure.clone()),
    }
}

fn status_text(status: DeliveryStatus) -> &'static str {
    match status {
        DeliveryStatus::Pending => "pending",
        DeliveryStatus::Dead => "dead",
    }
}

fn status(text: &str) -> Option<DeliveryStatus> {
    let all = [DeliveryStatus::Pending, DeliveryStatus::Dead];
    all.into_iter().find(|it| status_text(*it) == text)
}
