use application::audit::{AuditEvent, AuditFilter, AuditReader};
use application::{Cause, Ids, Origin, Page, PageRequest, StoreError, SystemReason};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::api_keys::ApiKeyId;
use domain::audit::{Action, AuditEventId, Deed, Network, Target};
use domain::outbox::OutboxMessageId;
use domain::projects::ProjectId;
use domain::roles::RoleId;
use domain::sessions::SessionId;
use domain::signing_keys::SigningKeyId;
use domain::users::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ConnectionTrait, EntityTrait, ExprTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use super::entity::{ActiveModel, COLUMN, Column, Entity, Model};
use crate::Store;
use crate::database::{corrupt, cut, failed, position_in_time, time_of};
use crate::ids::TimeOrderedIds;

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> AuditReader for Store<C> {
    async fn list(
        &self,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditEvent>, StoreError> {
        let mut query = filtered(filter);
        if let Some(after) = &page.after {
            let here = [Column::OccurredAt, Column::Id].map(|it| Expr::col((Entity, it)));
            let there = [Expr::val(time_of(after)?), Expr::val(after.id)];
            query = query.filter(Expr::tuple(here).lt(Expr::tuple(there)));
        }
        let rows = query
            .order_by(Column::OccurredAt, Order::Desc)
            .order_by(Column::Id, Order::Desc)
            .limit(page.limit + 1)
            .into_model::<Model>()
            .all(&self.connection)
            .await
            .map_err(failed)?;
        let events = rows.into_iter().map(event).collect::<Result<_, _>>()?;
        Ok(cut(events, page.limit, |it: &AuditEvent| {
            position_in_time(it.occurred_at, it.id.0)
        }))
    }

    async fn count(&self, filter: &AuditFilter) -> Result<u64, StoreError> {
        let counted = filtered(filter).count(&self.connection).await;
        counted.map_err(failed)
    }
}

/// What a transaction does, until it commits.
#[derive(Default)]
pub(crate) struct Events {
    /// What all of them have in common.
    caused: ActiveModel,
    rows: Vec<ActiveModel>,
}

impl Events {
    pub(crate) fn caused_by(origin: &Origin) -> Self {
        let network = origin.network().map(|it| it.to_string());
        let caused = ActiveModel {
            request_id: Set(origin.request_id),
            network: Set(network),
            ..ActiveModel::default()
        };
        Self {
            caused: done_by(origin.cause, caused),
            rows: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, deed: Deed, at: DateTime<Utc>) {
        let (target, target_id) = deed.target.map(target_columns).unzip();
        let row = ActiveModel {
            id: Set(TimeOrderedIds.next()),
            occurred_at: Set(at),
            action: Set(deed.action.name().to_owned()),
            target: Set(target.map(str::to_owned)),
            target_id: Set(target_id),
            ..self.caused.clone()
        };
        self.rows.push(match deed.by {
            Some(user) => done_by(Cause::User(user), row),
            None => row,
        });
    }
}

fn done_by(cause: Cause, row: ActiveModel) -> ActiveModel {
    let (actor, actor_id, api_key_id) = match cause {
        Cause::Anonymous => (ANONYMOUS, None, None),
        Cause::User(id) => (USER, Some(id.0), None),
        Cause::ApiKey(key, owner) => (USER, Some(owner.0), Some(key.0)),
        Cause::System(reason) => (reason.name(), None, None),
    };
    ActiveModel {
        actor: Set(actor.to_owned()),
        actor_id: Set(actor_id),
        api_key_id: Set(api_key_id),
        ..row
    }
}

/// Takes the rows with it.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    events: &mut Events,
) -> Result<(), StoreError> {
    let rows = std::mem::take(&mut events.rows);
    if rows.is_empty() {
        return Ok(());
    }
    Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await
        .map_err(failed)?;
    Ok(())
}

fn filtered(filter: &AuditFilter) -> Select<Entity> {
    let mut query = Entity::find();
    if let Some(actor) = filter.actor {
        query = query.filter(COLUMN.actor_id.eq(actor.0));
    }
    if let Some(action) = filter.action {
        query = query.filter(COLUMN.action.eq(action.name()));
    }
    if let Some(since) = filter.since {
        query = query.filter(COLUMN.occurred_at.gte(since));
    }
    query
}

fn event(row: Model) -> Result<AuditEvent, StoreError> {
    let corrupt = corrupt("audit_events", row.id);
    let network = row.network.map(|it| {
        let network = Network::parse(&it);
        network.ok_or_else(|| corrupt(&"a network that is none"))
    });
    let target = match (row.target.as_deref(), row.target_id) {
        (None, None) => None,
        (Some(USER), Some(id)) => Some(Target::User(UserId(id))),
        (Some(SESSION), Some(id)) => Some(Target::Session(SessionId(id))),
        (Some(ROLE), Some(id)) => Some(Target::Role(RoleId(id))),
        (Some(PROJECT), Some(id)) => Some(Target::Project(ProjectId(id))),
        (Some(SIGNING_KEY), Some(id)) => Some(Target::SigningKey(SigningKeyId(id))),
        (Some(API_KEY), Some(id)) => Some(Target::ApiKey(ApiKeyId(id))),
        (Some(DEAD_LETTER), Some(id)) => Some(Target::DeadLetter(OutboxMessageId(id))),
        _ => return Err(corrupt(&"an unknown kind of target")),
    };
    let by = match (&*row.actor, row.actor_id, row.api_key_id) {
        (ANONYMOUS, None, None) => Some(Cause::Anonymous),
        (USER, Some(id), None) => Some(Cause::User(UserId(id))),
        (USER, Some(id), Some(key)) => Some(Cause::ApiKey(ApiKeyId(key), UserId(id))),
        (reason, None, None) => SystemReason::parse(reason).map(Cause::System),
        _ => None,
    };
    Ok(AuditEvent {
        id: AuditEventId(row.id),
        occurred_at: row.occurred_at,
        action: Action::parse(&row.action).ok_or_else(|| corrupt(&"an unknown action"))?,
        by: by.ok_or_else(|| corrupt(&"an unknown kind of actor"))?,
        target,
        request_id: row.request_id,
        network: network.transpose()?,
    })
}

fn target_columns(target: Target) -> (&'static str, Uuid) {
    match target {
        Target::User(id) => (USER, id.0),
        Target::Session(id) => (SESSION, id.0),
        Target::Role(id) => (ROLE, id.0),
        Target::Project(id) => (PROJECT, id.0),
        Target::SigningKey(id) => (SIGNING_KEY, id.0),
        Target::ApiKey(id) => (API_KEY, id.0),
        Target::DeadLetter(id) => (DEAD_LETTER, id.0),
    }
}

const ANONYMOUS: &str = "anonymous";
const USER: &str = "user";
const SESSION: &str = "session";
const ROLE: &str = "role";
const PROJECT: &str = "project";
const SIGNING_KEY: &str = "signing_key";
const API_KEY: &str = "api_key";
const DEAD_LETTER: &str = "dead_letter";
