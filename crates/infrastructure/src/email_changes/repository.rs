use application::StoreError;
use application::email_changes::{EmailChangeReader, EmailChangeWriter};
use async_trait::async_trait;
use domain::email_changes::{EmailChange, EmailChangeId};
use domain::users::{EmailAddress, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};

use super::entity::{ActiveModel, COLUMN, Entity, Model};
use crate::Store;
use crate::database::{Held, corrupt, failed, only};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> EmailChangeReader for Store<C> {
    async fn find(&self, id: EmailChangeId) -> Result<Option<EmailChange>, StoreError> {
        let query = Entity::find_by_id(id.0).into_model::<Model>();
        let found = only(query, &self.connection).await?;
        found.as_ref().map(email_change).transpose()
    }
}

#[async_trait]
impl EmailChangeWriter for Store<Held> {
    async fn insert(&mut self, change: &EmailChange) -> Result<(), StoreError> {
        Entity::insert(row(change))
            .exec_without_returning(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn update(&mut self, change: &EmailChange) -> Result<(), StoreError> {
        Entity::update_many()
            .set(row(change))
            .filter(COLUMN.id.eq(change.id.0))
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn delete_open(&mut self, user: UserId) -> Result<(), StoreError> {
        let open = COLUMN.confirmed_at.is_null();
        delete(&self.connection, of(user).and(open)).await
    }

    async fn delete_from(&mut self, change: &EmailChange) -> Result<(), StoreError> {
        let since = COLUMN.id.gte(change.id.0);
        delete(&self.connection, of(change.user_id).and(since)).await
    }

    async fn delete_all(&mut self, user: UserId) -> Result<(), StoreError> {
        delete(&self.connection, of(user)).await
    }
}

async fn delete(connection: &Held, chosen: Expr) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(chosen)
        .exec(connection)
        .await
        .map_err(failed)?;
    Ok(())
}

fn of(user: UserId) -> Expr {
    COLUMN.user_id.eq(user.0)
}

fn row(change: &EmailChange) -> ActiveModel {
    ActiveModel {
        id: Set(change.id.0),
        user_id: Set(change.user_id.0),
        old_email: Set(change.old_email.as_str().to_owned()),
        new_email: Set(change.new_email.as_str().to_owned()),
        requested_at: Set(change.requested_at),
        confirmed_at: Set(change.confirmed_at),
    }
}

fn email_change(row: &Model) -> Result<EmailChange, StoreError> {
    let corrupt = corrupt("email_changes", row.id);
    Ok(EmailChange {
        id: EmailChangeId(row.id),
        user_id: UserId(row.user_id),
        old_email: EmailAddress::parse(&row.old_email).map_err(|it| corrupt(&it))?,
        new_email: EmailAddress::parse(&row.new_email).map_err(|it| corrupt(&it))?,
        requested_at: row.requested_at,
        confirmed_at: row.confirmed_at,
    })
}
