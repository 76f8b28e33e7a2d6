use application::StoreError;
use application::users::{UserFilter, UserQuery, UserReader, UserWriter};
use application::{Page, PageRequest};
use async_trait::async_trait;
use domain::Version;
use domain::revocations::Revocation;
use domain::roles::RoleName;
use domain::sessions::TokenVersion;
use domain::users::{DisplayName, EmailAddress, Status, User, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QuerySelect, Select,
};

use super::entity::{ActiveModel, COLUMN, Column, Entity, Model};
use super::list;
use crate::Store;
use crate::database::{Held, corrupt, cut, failed, hold, only};
use crate::roles::{holders, names_of};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> UserReader for Store<C> {
    async fn find(&self, id: UserId) -> Result<Option<User>, StoreError> {
        one(with_roles(Entity::find_by_id(id.0)), &self.connection).await
    }

    async fn find_by_email(&self, email: &EmailAddress) -> Result<Option<User>, StoreError> {
        let found = Entity::find().filter(COLUMN.email.eq(email.as_str()));
        one(with_roles(found), &self.connection).await
    }

    async fn list(&self, query: &UserQuery, page: &PageRequest) -> Result<Page<User>, StoreError> {
        let found = list::filtered(&self.connection, &query.filter).await?;
        let rows = with_roles(list::page(found, query, page)?)
            .into_model::<Row>()
            .all(&self.connection)
            .await
            .map_err(failed)?;
        let users = rows.into_iter().map(user).collect::<Result<Vec<_>, _>>()?;
        Ok(cut(users, page.limit, |it| list::position(it, query.sort)))
    }

    async fn count(&self, filter: &UserFilter) -> Result<u64, StoreError> {
        list::filtered(&self.connection, filter)
            .await?
            .count(&self.connection)
            .await
            .map_err(failed)
    }
}

#[async_trait]
impl UserWriter for Store<Held> {
    async fn lock(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        held(Entity::find_by_id(id.0), &self.connection).await
    }

    async fn lock_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, StoreError> {
        let found = Entity::find().filter(COLUMN.email.eq(email.as_str()));
        held(found, &self.connection).await
    }

    async fn insert(&mut self, user: &User) -> Result<(), StoreError> {
        Entity::insert(row(user))
            .exec_without_returning(&self.connection)
            .await
            .map_err(failed)?;
        holders::insert(&self.connection, user.id.0, user.roles.iter()).await
    }

    async fn update(&mut self, user: &User) -> Result<(), StoreError> {
        let update = Entity::update_many()
            .set(row(user))
            .filter(COLUMN.id.eq(user.id.0))
            .filter(COLUMN.version.lt(user.version.0));
        // Most changes leave the tokens alone, and are this one statement.
        let same_tokens = COLUMN.token_version.eq(user.token_version.0);
        let updated = update.clone().filter(same_tokens).exec(&self.connection);
        if updated.await.map_err(failed)?.rows_affected > 0 {
            return Ok(());
        }
        let updated = update.exec(&self.connection).await.map_err(failed)?;
        if updated.rows_affected == 0 {
            return Err(StoreError::Stale);
        }
        self.revoke(Revocation::Tokens {
            user: user.id,
            below: user.token_version,
        });
        Ok(())
    }

    async fn delete(&mut self, id: UserId) -> Result<(), StoreError> {
        // Roles, credential, sessions, tokens and mail go with it by their foreign keys.
        let deleted = Entity::delete_by_id(id.0)
            .exec_with_returning(&self.connection)
            .await
            .map_err(failed)?;
        if let Some(user) = deleted {
            self.revoke(Revocation::Tokens {
                user: id,
                below: TokenVersion(user.token_version).next(),
            });
        }
        Ok(())
    }
}

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    user: Model,
    roles: Option<String>,
}

fn with_roles(query: Select<Entity>) -> Select<Entity> {
    let id = Expr::col((Entity, Column::Id));
    query.expr_as(Expr::from(names_of(id)), "roles")
}

async fn held(
    query: Select<Entity>,
    connection: &impl ConnectionTrait,
) -> Result<Option<User>, StoreError> {
    let ids = hold(query.lock_exclusive(), Column::Id, connection).await?;
    let held = Entity::find().filter(COLUMN.id.is_in(ids));
    one(with_roles(held), connection).await
}

async fn one(
    query: Select<Entity>,
    connection: &impl ConnectionTrait,
) -> Result<Option<User>, StoreError> {
    let found = only(query.into_model::<Row>(), connection).await?;
    found.map(user).transpose()
}

fn user(Row { user: row, roles }: Row) -> Result<User, StoreError> {
    let corrupt = corrupt("users", row.id);
    let roles = roles.unwrap_or_default();
    let names = roles.split(',').filter(|it| !it.is_empty());
    Ok(User {
        id: UserId(row.id),
        email: EmailAddress::parse(&row.email).map_err(|it| corrupt(&it))?,
        display_name: DisplayName::parse(&row.display_name).map_err(|it| corrupt(&it))?,
        status: status(&row.status).ok_or_else(|| corrupt(&"an unknown status"))?,
        roles: names
            .map(RoleName::parse)
            .collect::<Result<_, _>>()
            .map_err(|it| corrupt(&it))?,
        version: Version(row.version),
        token_version: TokenVersion(row.token_version),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn row(user: &User) -> ActiveModel {
    ActiveModel {
        id: Set(user.id.0),
        email: Set(user.email.as_str().to_owned()),
        display_name: Set(user.display_name.as_str().to_owned()),
        display_name_folded: Set(user.display_name.folded()),
        status: Set(status_text(user.status).to_owned()),
        version: Set(user.version.0),
        token_version: Set(user.token_version.0),
        created_at: Set(user.created_at),
        updated_at: Set(user.updated_at),
    }
}

pub(crate) fn status_text(status: Status) -> &'static str {
    match status {
        Status::Pending => "pending",
        Status::Active => "active",
        Status::Deactivated => "deactivated",
    }
}

pub(crate) fn status(text: &str) -> Option<Status> {
    let all = [Status::Pending, Status::Active, Status::Deactivated];
    all.into_iter().find(|it| status_text(*it) == text)
}
