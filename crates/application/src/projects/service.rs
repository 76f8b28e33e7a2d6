use std::sync::Arc;

use domain::audit::{Action, Deed};
use domain::projects::{
    Project, ProjectChange, ProjectDescription, ProjectError, ProjectId, ProjectName,
};

use super::{ProjectFilter, ProjectQuery, ProjectScope};
use crate::users::target::lock_caller;
use crate::{Actor, Clock, Database, Error, Expected, Ids, Page, PageRequest, Ports, Transaction};

/// Everybody's own projects; those of others are for who may see them, and for nobody to change.
pub struct Projects {
    database: Arc<dyn Database>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    policy: ProjectPolicy,
}

#[derive(Debug, Clone, Copy)]
pub struct ProjectPolicy {
    /// How many somebody may have.
    pub most_per_owner: u64,
}

pub struct NewProject {
    pub name: ProjectName,
    pub description: ProjectDescription,
}

impl Projects {
    #[must_use]
    pub fn new(ports: &Ports, policy: ProjectPolicy) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            policy,
        }
    }

    /// # Errors
    /// `NotFound`, also for another's.
    pub async fn get(&self, by: &Actor, id: ProjectId) -> Result<Project, Error> {
        let scope = ProjectScope::of(by);
        let found = self.database.projects().find(scope, id).await?;
        found.ok_or(Error::NotFound)
    }

    /// # Errors
    /// Only the store's.
    pub async fn list(
        &self,
        by: &Actor,
        query: &ProjectQuery,
        page: &PageRequest,
    ) -> Result<Page<Project>, Error> {
        let scope = ProjectScope::of(by);
        Ok(self.database.projects().list(scope, query, page).await?)
    }

    /// How many the list has in all.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn count(&self, by: &Actor, filter: &ProjectFilter) -> Result<u64, Error> {
        let scope = ProjectScope::of(by);
        Ok(self.database.projects().count(scope, filter).await?)
    }

    /// # Errors
    /// `TooMany`.
    pub async fn create(&self, by: &Actor, new: NewProject) -> Result<Project, Error> {
        let (owner, now) = (by.user_id(), self.clock.now());
        let id = ProjectId(self.ids.next());
        let project = Project::begun(id, owner, new.name, new.description, now);

        let mut tx = self.database.begin(by.origin()).await?;
        // So that they do not go meanwhile, nor begin others.
        lock_caller(&mut *tx, by).await?;
        let own = ProjectScope::OwnedBy(owner);
        let had = tx.projects().count(own, &ProjectFilter::default()).await?;
        let most = self.policy.most_per_owner;
        if had >= most {
            return Err(ProjectError::TooMany(most).into());
        }
        tx.projects_mut().insert(&project).await?;
        tx.record(Deed::on(Action::ProjectsCreated, id), now);
        tx.commit().await?;
        Ok(project)
    }

    /// # Errors
    /// `NotFound`, also for another's, `Stale`.
    pub async fn update(
        &self,
        by: &Actor,
        id: ProjectId,
        expected: &Expected,
        change: ProjectChange,
    ) -> Result<Project, Error> {
        let mut tx = by.begin(&*self.database).await?;
        let mut project = lock(&mut *tx, by, id, expected).await?;
        let (before, now) = (project.version, self.clock.now());
        project.apply(change, now);
        if project.version != before {
            tx.projects_mut().update(&project).await?;
            tx.record(Deed::on(Action::ProjectsUpdated, id), now);
        }
        tx.commit().await?;
        Ok(project)
    }

    /// # Errors
    /// `NotFound`, also for another's, `Stale`.
    pub async fn delete(
        &self,
        by: &Actor,
        id: ProjectId,
        expected: &Expected,
    ) -> Result<(), Error> {
        let mut tx = by.begin(&*self.database).await?;
        lock(&mut *tx, by, id, expected).await?;
        tx.projects_mut().delete(id).await?;
        tx.record(Deed::on(Action::ProjectsDeleted, id), self.clock.now());
        tx.commit().await?;
        Ok(())
    }
}

/// Finds and holds the project that its owner wants to change.
async fn lock(
    tx: &mut dyn Transaction,
    by: &Actor,
    id: ProjectId,
    expected: &Expected,
) -> Result<Project, Error> {
    let found = tx.projects_mut().lock(by.user_id(), id).await?;
    let project = found.ok_or(Error::NotFound)?;
    expected.admits(project.version)?;
    Ok(project)
}
