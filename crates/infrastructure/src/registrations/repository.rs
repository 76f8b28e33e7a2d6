use application::StoreError;
use application::registrations::{RegistrationReader, RegistrationWriter};
use async_trait::async_trait;
use domain::registrations::{Registration, RegistrationId};
use domain::users::{DisplayName, EmailAddress};
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, EntityTrait};

use super::entity::{ActiveModel, Entity, Model};
use crate::Store;
use crate::database::{Held, corrupt, failed, only};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> RegistrationReader for Store<C> {
    async fn find(&self, id: RegistrationId) -> Result<Option<Registration>, StoreError> {
        let query = Entity::find_by_id(id.0).into_model::<Model>();
        let found = only(query, &self.connection).await?;
        found.as_ref().map(registration).transpose()
    }
}

#[async_trait]
impl RegistrationWriter for Store<Held> {
    async fn insert(&mut self, registration: &Registration) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(registration.id.0),
            email: Set(registration.email.as_str().to_owned()),
            display_name: Set(registration.display_name.as_str().to_owned()),
            created_at: Set(registration.created_at),
        };
        Entity::insert(row)
            .exec_without_returning(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn delete(&mut self, id: RegistrationId) -> Result<(), StoreError> {
        Entity::delete_by_id(id.0)
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }
}

fn registration(row: &Model) -> Result<Registration, StoreError> {
    let corrupt = corrupt("registrations", row.id);
    Ok(Registration {
        id: RegistrationId(row.id),
        email: EmailAddress::parse(&row.email).map_err(|it| corrupt(&it))?,
        display_name: DisplayName::parse(&row.display_name).map_err(|it| corrupt(&it))?,
        created_at: row.created_at,
    })
}
