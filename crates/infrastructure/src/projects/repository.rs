use application::projects::{
    ProjectFilter, ProjectQuery, ProjectReader, ProjectScope, ProjectWriter,
};
use application::{Direction, Page, PageRequest, Position, StoreError};
use async_trait::async_trait;
use domain::Version;
use domain::projects::{Project, ProjectDescription, ProjectId, ProjectName, ProjectStatus};
use domain::users::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use super::entity::{ActiveModel, COLUMN, Column, Entity, Model};
use crate::Store;
use crate::database::{Held, corrupt, cut, failed, only};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> ProjectReader for Store<C> {
    async fn find(
        &self,
        scope: ProjectScope,
        id: ProjectId,
    ) -> Result<Option<Project>, StoreError> {
        let query = within(scope).filter(COLUMN.id.eq(id.0));
        one(query, &self.connection).await
    }

    async fn list(
        &self,
        scope: ProjectScope,
        query: &ProjectQuery,
        page: &PageRequest,
    ) -> Result<Page<Project>, StoreError> {
        // Ids are made in the order of time.
        let mut rows = filtered(scope, &query.filter);
        let order = match query.direction {
            Direction::Ascending => Order::Asc,
            Direction::Descending => Order::Desc,
        };
        if let Some(after) = &page.after {
            rows = rows.filter(match query.direction {
                Direction::Ascending => Column::Id.gt(after.id),
                Direction::Descending => Column::Id.lt(after.id),
            });
        }
        let rows = rows
            .order_by(Column::Id, order)
            .limit(page.limit + 1)
            .into_model::<Model>()
            .all(&self.connection)
            .await
            .map_err(failed)?;
        let projects = rows.iter().map(project).collect::<Result<_, _>>()?;
        Ok(cut(projects, page.limit, |it: &Project| Position {
            key: String::new(),
            id: it.id.0,
        }))
    }

    async fn count(&self, scope: ProjectScope, filter: &ProjectFilter) -> Result<u64, StoreError> {
        let counted = filtered(scope, filter).count(&self.connection).await;
        counted.map_err(failed)
    }
}

#[async_trait]
impl ProjectWriter for Store<Held> {
    async fn lock(&mut self, owner: UserId, id: ProjectId) -> Result<Option<Project>, StoreError> {
        let query = within(ProjectScope::OwnedBy(owner)).filter(COLUMN.id.eq(id.0));
        one(query.lock_exclusive(), &self.connection).await
    }

    async fn insert(&mut self, project: &Project) -> Result<(), StoreError> {
        let inserted = Entity::insert(row(project)).exec_without_returning(&self.connection);
        inserted.await.map_err(failed)?;
        Ok(())
    }

    async fn update(&mut self, project: &Project) -> Result<(), StoreError> {
        let updated = Entity::update_many()
            .set(row(project))
            .filter(COLUMN.id.eq(project.id.0))
            .filter(COLUMN.version.lt(project.version.0))
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        if updated.rows_affected == 0 {
            return Err(StoreError::Stale);
        }
        Ok(())
    }

    async fn delete(&mut self, id: ProjectId) -> Result<(), StoreError> {
        let deleted = Entity::delete_by_id(id.0).exec(&self.connection);
        deleted.await.map_err(failed)?;
        Ok(())
    }
}

fn within(scope: ProjectScope) -> Select<Entity> {
    match scope {
        ProjectScope::Everybodys => Entity::find(),
        ProjectScope::OwnedBy(owner) => Entity::find().filter(COLUMN.owner_id.eq(owner.0)),
    }
}

fn filtered(scope: ProjectScope, filter: &ProjectFilter) -> Select<Entity> {
    let mut rows = within(scope);
    if let Some(owner) = filter.owner {
        rows = rows.filter(COLUMN.owner_id.eq(owner.0));
    }
    if let Some(status) = filter.status {
        rows = rows.filter(COLUMN.status.eq(status_text(status)));
    }
    rows
}

async fn one(
    query: Select<Entity>,
    connection: &impl ConnectionTrait,
) -> Result<Option<Project>, StoreError> {
    let found = only(query.into_model::<Model>(), connection).await?;
    found.as_ref().map(project).transpose()
}

fn project(row: &Model) -> Result<Project, StoreError> {
    let corrupt = corrupt("projects", row.id);
    Ok(Project {
        id: ProjectId(row.id),
        owner: UserId(row.owner_id),
        name: ProjectName::parse(&row.name).map_err(|it| corrupt(&it))?,
        description: ProjectDescription::parse(&row.description).map_err(|it| corrupt(&it))?,
        status: status(&row.status).ok_or_else(|| corrupt(&"an unknown status"))?,
        version: Version(row.version),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn row(project: &Project) -> ActiveModel {
    ActiveModel {
        id: Set(project.id.0),
        owner_id: Set(project.owner.0),
        name: Set(project.name.as_str().to_owned()),
        description: Set(project.description.as_str().to_owned()),
        status: Set(status_text(project.status).to_owned()),
        version: Set(project.version.0),
        created_at: Set(project.created_at),
        updated_at: Set(project.updated_at),
    }
}

fn status_text(status: ProjectStatus) -> &'static str {
    match status {
        ProjectStatus::Active => "active",
        ProjectStatus::Archived => "archived",
    }
}

fn status(text: &str) -> Option<ProjectStatus> {
    let all = [ProjectStatus::Active, ProjectStatus::Archived];
    all.into_iter().find(|it| status_text(*it) == text)
}
