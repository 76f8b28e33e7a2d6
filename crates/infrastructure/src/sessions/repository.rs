use application::sessions::{SessionReader, SessionWriter, Standing};
use application::{Page, PageRequest, Position, StoreError};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::revocations::Revocation;
use domain::sessions::{
    LiveSession, RefreshToken, RefreshTokenHash, Session, SessionId, TokenVersion,
};
use domain::users::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, Order, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait,
};
use uuid::Uuid;

use super::entity::{ActiveModel, COLUMN, Column, Entity, Model, Relation};
use super::refresh_token_entity::Column as TokenColumn;
use super::refresh_tokens;
use crate::Store;
use crate::database::{Held, corrupt, cut, failed, only};
use crate::{roles, users};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> SessionReader for Store<C> {
    async fn standing(&self, id: SessionId) -> Result<Option<Standing>, StoreError> {
        let owner = Expr::col((Entity, Column::UserId));
        let query = Entity::find_by_id(id.0)
            .select_only()
            .columns([Column::UserId, Column::ExpiresAt, Column::EndedAt])
            .column(users::entity::Column::Status)
            .column(users::entity::Column::TokenVersion)
            .expr_as(Expr::from(roles::permissions_of(owner)), "permissions")
            .join(JoinType::InnerJoin, Relation::User.def())
            .into_model::<Row>();
        let found = only(query, &self.connection).await?;
        found.as_ref().map(standing).transpose()
    }

    async fn list(
        &self,
        user: UserId,
        at: DateTime<Utc>,
        page: &PageRequest,
    ) -> Result<Page<LiveSession>, StoreError> {
        let latest = |column| Expr::from(refresh_tokens::latest_of_session(column));
        let mut query = Entity::find()
            .expr_as(latest(TokenColumn::CreatedAt), "refreshed_at")
            .filter(COLUMN.user_id.eq(user.0))
            .filter(COLUMN.ended_at.is_null())
            // No refresh token outlives its session.
            .filter(latest(TokenColumn::ExpiresAt).gt(at));
        if let Some(after) = &page.after {
            query = query.filter(COLUMN.id.lt(after.id));
        }
        // Their ids are in the order of time.
        let rows = query
            .order_by(Column::Id, Order::Desc)
            .limit(page.limit + 1)
            .into_model::<LiveRow>()
            .all(&self.connection)
            .await
            .map_err(failed)?;
        let sessions = rows.iter().map(live_session).collect();
        Ok(cut(sessions, page.limit, |it: &LiveSession| Position {
            key: String::new(),
            id: it.session.id.0,
        }))
    }

    async fn find_token(
        &self,
        hash: &RefreshTokenHash,
    ) -> Result<Option<RefreshToken>, StoreError> {
        refresh_tokens::find(&self.connection, hash).await
    }
}

#[async_trait]
impl SessionWriter for Store<Held> {
    async fn insert(&mut self, session: &Session) -> Result<(), StoreError> {
        Entity::insert(row(session))
            .exec_without_returning(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn lock(&mut self, id: SessionId) -> Result<Option<Session>, StoreError> {
        let query = Entity::find_by_id(id.0).lock_exclusive();
        let found = only(query.into_model::<Model>(), &self.connection).await?;
        Ok(found.as_ref().map(session))
    }

    async fn lock_by_token(
        &mut self,
        hash: &RefreshTokenHash,
    ) -> Result<Option<Session>, StoreError> {
        let query = Entity::find()
            .filter(COLUMN.id.in_subquery(refresh_tokens::session_of(hash)))
            .lock_exclusive()
            .into_model::<Model>();
        Ok(only(query, &self.connection).await?.as_ref().map(session))
    }

    async fn update(&mut self, session: &Session) -> Result<(), StoreError> {
        Entity::update(row(session))
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn insert_token(&mut self, token: &RefreshToken) -> Result<(), StoreError> {
        refresh_tokens::insert(&self.connection, token).await
    }

    async fn spend_token(
        &mut self,
        hash: &RefreshTokenHash,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        refresh_tokens::spend(&self.connection, hash, at).await
    }

    async fn end(&mut self, id: SessionId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.end_where(COLUMN.id.eq(id.0), at).await
    }

    async fn end_others(
        &mut self,
        user: UserId,
        but: SessionId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let others = COLUMN.user_id.eq(user.0).and(COLUMN.id.ne(but.0));
        self.end_where(others, at).await
    }

    async fn end_all(&mut self, user: UserId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.end_where(COLUMN.user_id.eq(user.0), at).await
    }
}

impl Store<Held> {
    async fn end_where(&mut self, chosen: Expr, at: DateTime<Utc>) -> Result<(), StoreError> {
        let ended = Entity::update_many()
            .col_expr(Column::EndedAt, Expr::val(at))
            .filter(chosen)
            .filter(COLUMN.ended_at.is_null())
            .exec_with_returning(&self.connection)
            .await
            .map_err(failed)?;
        for session in ended {
            self.revoke(Revocation::Session(SessionId(session.id)));
        }
        Ok(())
    }
}

#[derive(FromQueryResult)]
struct Row {
    user_id: Uuid,
    expires_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    status: String,
    token_version: i64,
    permissions: Option<String>,
}

#[derive(FromQueryResult)]
struct LiveRow {
    #[sea_orm(nested)]
    session: Model,
    refreshed_at: DateTime<Utc>,
}

fn live_session(row: &LiveRow) -> LiveSession {
    LiveSession {
        session: session(&row.session),
        refreshed_at: row.refreshed_at,
    }
}

fn session(row: &Model) -> Session {
    Session {
        id: SessionId(row.id),
        user_id: UserId(row.user_id),
        authenticated_at: row.authenticated_at,
        created_at: row.created_at,
        expires_at: row.expires_at,
        ended_at: row.ended_at,
    }
}

fn row(session: &Session) -> ActiveModel {
    ActiveModel {
        id: Set(session.id.0),
        user_id: Set(session.user_id.0),
        authenticated_at: Set(session.authenticated_at),
        created_at: Set(session.created_at),
        expires_at: Set(session.expires_at),
        ended_at: Set(session.ended_at),
    }
}

fn standing(row: &Row) -> Result<Standing, StoreError> {
    let corrupt = corrupt("users", row.user_id);
    Ok(Standing {
        user_id: UserId(row.user_id),
        status: users::status(&row.status).ok_or_else(|| corrupt(&"an unknown status"))?,
        token_version: TokenVersion(row.token_version),
        rights: roles::rights(row.permissions.as_deref()),
        ended: row.ended_at.is_some(),
        expires_at: row.expires_at,
    })
}
