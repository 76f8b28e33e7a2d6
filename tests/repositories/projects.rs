use application::projects::{ProjectFilter, ProjectQuery, ProjectScope};
use application::{Direction, PageRequest, StoreError};
use domain::projects::{Project, ProjectId, ProjectStatus};
use domain::users::{Status, User};
use support::factories::projects::project;
use support::factories::users::user;
use support::{TestDatabase, TestStore};

async fn an_owner(store: &TestStore) -> User {
    let owner = user(Status::Active);
    store.insert_user(&owner).await;
    owner
}

/// A new project of theirs, stored.
async fn stored(store: &TestStore, owner: &User) -> Project {
    let project = project(owner);
    let mut tx = store.begin().await;
    tx.projects_mut().insert(&project).await.expect("it is new");
    tx.commit().await.expect("nothing has failed");
    project
}

fn own(owner: &User) -> ProjectScope {
    ProjectScope::OwnedBy(owner.id)
}

fn all() -> ProjectQuery {
    ProjectQuery {
        filter: ProjectFilter::default(),
        direction: Direction::Ascending,
    }
}

async fn listed(store: &TestStore, scope: ProjectScope, query: &ProjectQuery) -> Vec<ProjectId> {
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = PageRequest { limit: 2, after };
        let page = store.reads().projects().list(scope, query, &page).await;
        let page = page.expect("the database is there");
        ids.extend(page.items.into_iter().map(|it| it.id));
        after = page.next;
        if after.is_none() {
            return ids;
        }
    }
}

#[tokio::test]
async fn a_project_is_found_and_locked_as_it_was_written() {
    let store = TestStore::new().await;
    let ada = an_owner(&store).await;
    let mut bridge = stored(&store, &ada).await;
    bridge.status = ProjectStatus::Archived;
    bridge.version = bridge.version.next();

    let mut tx = store.begin().await;
    tx.projects_mut().update(&bridge).await.unwrap();
    let locked = tx.projects_mut().lock(ada.id, bridge.id).await;
    tx.commit().await.unwrap();
    let found = store.reads().projects().find(own(&ada), bridge.id).await;

    assert_eq!(locked, Ok(Some(bridge.clone())));
    assert_eq!(found, Ok(Some(bridge)));
}

#[tokio::test]
async fn what_is_out_of_scope_is_not_there() {
    let store = TestStore::new().await;
    let (ada, eve) = (an_owner(&store).await, an_owner(&store).await);
    let bridge = stored(&store, &ada).await;
    let projects = store.reads().projects();

    assert_eq!(projects.find(own(&eve), bridge.id).await, Ok(None));
    let locked = store
        .begin()
        .await
        .projects_mut()
        .lock(eve.id, bridge.id)
        .await;
    assert_eq!(locked, Ok(None));
    assert!(listed(&store, own(&eve), &all()).await.is_empty());
    let filter = ProjectFilter {
        owner: Some(ada.id),
        status: None,
    };
    assert_eq!(projects.count(own(&eve), &filter).await, Ok(0));
    let everybodys = ProjectScope::Everybodys;
    assert_eq!(
        projects.find(everybodys, bridge.id).await,
        Ok(Some(bridge.clone()))
    );
    assert_eq!(projects.count(everybodys, &filter).await, Ok(1));
}

#[tokio::test]
async fn pages_hold_each_project_once_in_either_order() {
    let store = TestStore::new().await;
    let (ada, eve) = (an_owner(&store).await, an_owner(&store).await);
    let mut hers = Vec::new();
    for _ in 0..3 {
        hers.push(stored(&store, &ada).await.id);
    }
    hers.sort_by_key(|it| it.0);
    let others = stored(&store, &eve).await;

    let ascending = listed(&store, own(&ada), &all()).await;
    let mut backwards = all();
    backwards.direction = Direction::Descending;
    let mut descending = listed(&store, own(&ada), &backwards).await;

    assert_eq!(ascending, hers);
    descending.reverse();
    assert_eq!(descending, hers);
    let everybodys = listed(&store, ProjectScope::Everybodys, &all()).await;
    assert_eq!(everybodys.len(), 4);
    assert!(everybodys.contains(&others.id));
}

#[tokio::test]
async fn a_status_leaves_out_those_with_another() {
    let store = TestStore::new().await;
    let ada = an_owner(&store).await;
    stored(&store, &ada).await;
    let mut query = all();

    query.filter.status = Some(ProjectStatus::Archived);
    assert!(listed(&store, own(&ada), &query).await.is_empty());
    query.filter.status = Some(ProjectStatus::Active);
    assert_eq!(listed(&store, own(&ada), &query).await.len(), 1);
}

#[tokio::test]
async fn a_project_that_is_not_newer_is_stale() {
    let store = TestStore::new().await;
    let ada = an_owner(&store).await;
    let bridge = stored(&store, &ada).await;

    let refused = store.begin().await.projects_mut().update(&bridge).await;

    assert_eq!(refused, Err(StoreError::Stale));
}

#[tokio::test]
async fn a_project_goes_by_itself_or_with_its_owner() {
    let store = TestStore::new().await;
    let (ada, eve) = (an_owner(&store).await, an_owner(&store).await);
    let (first, _) = (stored(&store, &ada).await, stored(&store, &ada).await);
    stored(&store, &eve).await;

    let mut tx = store.begin().await;
    tx.projects_mut().delete(first.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(listed(&store, own(&ada), &all()).await.len(), 1);
    let mut tx = store.begin().await;
    tx.users_mut().delete(ada.id).await.unwrap();
    tx.commit().await.unwrap();

    assert!(listed(&store, own(&ada), &all()).await.is_empty());
    assert_eq!(listed(&store, own(&eve), &all()).await.len(), 1);
}

#[tokio::test]
async fn a_row_that_the_domain_does_not_take_is_named() {
    let store = TestStore::new().await;
    let ada = an_owner(&store).await;
    let bridge = stored(&store, &ada).await;
    let id = TestDatabase::literal(bridge.id.0);

    for (column, value) in [("status", "lost"), ("name", " ")] {
        let sql = format!("UPDATE projects SET {column} = '{value}' WHERE id = {id}");
        store.database.execute(&sql).await;

        let found = store.reads().projects().find(own(&ada), bridge.id).await;

        assert!(
            matches!(&found, Err(StoreError::Corrupt { table: "projects", id, .. }) if *id == bridge.id.0),
            "{found:?}"
        );
    }
}
