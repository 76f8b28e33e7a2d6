use application::outbox::{OutboxReader, OutboxWriter};
use application::{Page, PageRequest, StoreError};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::email_changes::EmailChangeId;
use domain::outbox::{DeadLetter, DeliveryStatus, Letter, OutboxMessage, OutboxMessageId, Purpose};
use domain::registrations::RegistrationId;
use domain::users::{EmailAddress, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ConnectionTrait, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::entity::{ActiveModel, COLUMN, Column, Entity, Model};
use crate::Store;
use crate::database::{Held, corrupt, cut, failed, only, position_in_time, time_of};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> OutboxReader for Store<C> {
    async fn is_due(&self, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let first = due(at).select_only().column(Column::Id).into_tuple();
        let found: Option<uuid::Uuid> = only(first, &self.connection).await?;
        Ok(found.is_some())
    }

    async fn list_dead(&self, page: &PageRequest) -> Result<Page<DeadLetter>, StoreError> {
        let mut query = in_status(DeliveryStatus::Dead);
        if let Some(after) = &page.after {
            let here = [Column::DueAt, Column::Id].map(|it| Expr::col((Entity, it)));
            let there = [Expr::val(time_of(after)?), Expr::val(after.id)];
            query = query.filter(Expr::tuple(here).lt(Expr::tuple(there)));
        }
        let rows = query
            .order_by(Column::DueAt, Order::Desc)
            .order_by(Column::Id, Order::Desc)
            .limit(page.limit + 1)
            .into_model::<Model>()
            .all(&self.connection)
            .await
            .map_err(failed)?;
        let messages = rows.into_iter().map(message);
        let letters = messages.filter_map(|it| it.map(|it| DeadLetter::of(&it)).transpose());
        let letters = letters.collect::<Result<_, _>>()?;
        Ok(cut(letters, page.limit, |it: &DeadLetter| {
            position_in_time(it.failed_at, it.id.0)
        }))
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
            .filter(COLUMN.user_id.is_null())
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }
}

/// The one that waits for longest.
fn due(at: DateTime<Utc>) -> Select<Entity> {
    in_status(DeliveryStatus::Pending)
        .filter(COLUMN.due_at.lte(at))
        .order_by(Column::DueAt, Order::Asc)
        .limit(1)
}

pub(crate) fn in_status(status: DeliveryStatus) -> Select<Entity> {
    Entity::find().filter(COLUMN.status.eq(status_text(status)))
}

fn message(row: Model) -> Result<OutboxMessage, StoreError> {
    let corrupt = corrupt("outbox_messages", row.id);
    let nobody = || corrupt(&"nobody whom it is for");
    let purpose = Purpose::named(&row.purpose).ok_or_else(|| corrupt(&"an unknown purpose"))?;
    let user = || row.user_id.map(UserId).ok_or_else(nobody);
    let email_change = || row.email_change_id.map(EmailChangeId).ok_or_else(nobody);
    let email = || {
        let email = row.email.as_deref().ok_or_else(nobody)?;
        EmailAddress::parse(email).map_err(|it| corrupt(&it))
    };
    let letter = match purpose {
        Purpose::PasswordReset => Letter::PasswordReset(email()?),
        Purpose::PasswordChanged => Letter::PasswordChanged(user()?),
        Purpose::RefreshReused => Letter::RefreshReused(user()?),
        Purpose::Invitation => Letter::Invitation(user()?),
        Purpose::Registration => {
            let id = row.registration_id.ok_or_else(nobody)?;
            Letter::Registration(RegistrationId(id))
        }
        Purpose::EmailChange => Letter::EmailChange(email_change()?),
        Purpose::EmailChangeNotice => Letter::EmailChangeNotice(email_change()?),
        Purpose::EmailSet => Letter::EmailSet(user()?, email()?),
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
        Letter::PasswordReset(email) => (None, None, None, Some(email)),
        Letter::PasswordChanged(it) | Letter::RefreshReused(it) | Letter::Invitation(it) => {
            (Some(it.0), None, None, None)
        }
        Letter::Registration(it) => (None, Some(it.0), None, None),
        Letter::EmailChange(it) | Letter::EmailChangeNotice(it) => (None, None, Some(it.0), None),
        Letter::EmailSet(user, email) => (Some(user.0), None, None, Some(email)),
    };
    ActiveModel {
        id: Set(message.id.0),
        purpose: Set(message.letter.purpose().name().to_owned()),
        user_id: Set(user_id),
        registration_id: Set(registration_id),
        email_change_id: Set(email_change_id),
        email: Set(email.map(|it| it.as_str().to_owned())),
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
