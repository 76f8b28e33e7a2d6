use domain::Version;
use domain::audit::{Action, Deed};
use domain::projects::{
    Project, ProjectChange, ProjectDescription, ProjectError, ProjectId, ProjectName, ProjectStatus,
};
use domain::roles::{Permission, Rights};
use domain::sessions::SessionError;
use domain::users::{Status, User};
use mockall::predicate::{always, eq};

use super::{NewProject, ProjectFilter, ProjectQuery, ProjectScope};
use crate::fakes::{CALLER, Ledger, Mocks, PROJECTS, caller, now, nth_id, unavailable, user};
use crate::{Actor, Direction, Error, Expected, Page, PageRequest, StoreError};

const BRIDGE: ProjectId = ProjectId(uuid::Uuid::from_u128(0xB41));
const OWN: ProjectScope = ProjectScope::OwnedBy(CALLER);

/// The caller's, of version 3.
fn bridge() -> Project {
    Project {
        version: Version(3),
        ..Project::begun(
            BRIDGE,
            CALLER,
            named("Bridge"),
            ProjectDescription::default(),
            now() - chrono::TimeDelta::days(1),
        )
    }
}

fn named(text: &str) -> ProjectName {
    ProjectName::parse(text).unwrap()
}

/// Somebody without any permission.
fn owner() -> Actor {
    *caller(Rights::NONE)
}

fn seen() -> Expected {
    Expected::OneOf(vec![Version(3)])
}

fn stale() -> Expected {
    Expected::OneOf(vec![Version(2)])
}

fn locking(project: Option<Project>) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .projects_mut
        .expect_lock()
        .with(eq(CALLER), eq(BRIDGE))
        .return_once(|_, _| Ok(project));
    mocks
}

fn holding(count: u64) -> Mocks {
    let mut mocks = Mocks::default();
    let owner = User {
        id: CALLER,
        ..user(Status::Active)
    };
    mocks.holds_caller(Some(owner), false);
    mocks
        .projects
        .expect_count()
        .with(eq(OWN), eq(ProjectFilter::default()))
        .return_once(move |_, _| Ok(count));
    mocks
}

fn new() -> NewProject {
    NewProject {
        name: named("Bridge"),
        description: ProjectDescription::default(),
    }
}

#[track_caller]
fn left_nothing(ledger: &Ledger) {
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    assert_eq!(ledger.deeds(), []);
}

#[tokio::test]
async fn everybody_sees_their_own_and_who_may_read_all_sees_all() {
    let all = Rights::from_iter([Permission::ProjectsReadAll]);
    let query = ProjectQuery {
        filter: ProjectFilter::default(),
        direction: Direction::Descending,
    };
    let page = PageRequest {
        limit: 7,
        after: None,
    };
    for (by, scope) in [(owner(), OWN), (*caller(all), ProjectScope::Everybodys)] {
        let mut mocks = Mocks::default();
        mocks
            .projects
            .expect_find()
            .with(eq(scope), eq(BRIDGE))
            .return_once(|_, _| Ok(Some(bridge())));
        let found = Page {
            items: vec![bridge()],
            next: None,
        };
        let listed = found.clone();
        mocks
            .projects
            .expect_list()
            .with(eq(scope), eq(query.clone()), eq(page.clone()))
            .return_once(|_, _, _| Ok(listed));
        mocks
            .projects
            .expect_count()
            .with(eq(scope), eq(query.filter.clone()))
            .return_once(|_, _| Ok(1));
        let (projects, ledger) = mocks.projects_service();

        assert_eq!(projects.get(&by, BRIDGE).await, Ok(bridge()));
        assert_eq!(projects.list(&by, &query, &page).await, Ok(found));
        assert_eq!(projects.count(&by, &query.filter).await, Ok(1));
        assert_eq!(ledger.begins(), 0);
    }
}

#[tokio::test]
async fn no_project_and_no_store_are_two_things() {
    for (answer, expected) in [
        (Ok(None), Error::NotFound),
        (Err(unavailable()), Error::Store(unavailable())),
    ] {
        let mut mocks = Mocks::default();
        mocks
            .projects
            .expect_find()
            .with(always(), always())
            .return_once(|_, _| answer);
        let (projects, _) = mocks.projects_service();

        assert_eq!(projects.get(&owner(), BRIDGE).await, Err(expected));
    }
}

#[tokio::test]
async fn a_new_project_is_the_callers_and_active() {
    let made = Project::begun(
        ProjectId(nth_id(1)),
        CALLER,
        named("Bridge"),
        ProjectDescription::default(),
        now(),
    );
    let mut mocks = holding(PROJECTS.most_per_owner - 1);
    mocks
        .projects_mut
        .expect_insert()
        .with(eq(made.clone()))
        .once()
        .returning(|_| Ok(()));
    let (projects, ledger) = mocks.projects_service();

    let created = projects.create(&owner(), new()).await.unwrap();

    assert_eq!(created, made);
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::ProjectsCreated, made.id)]);
}

#[tokio::test]
async fn who_has_as_many_as_one_may_have_gets_no_more() {
    let most = PROJECTS.most_per_owner;
    let (projects, ledger) = holding(most).projects_service();

    let refused = projects.create(&owner(), new()).await;

    assert_eq!(refused, Err(Error::Project(ProjectError::TooMany(most))));
    left_nothing(&ledger);
}

#[tokio::test]
async fn who_has_gone_begins_nothing() {
    let mut mocks = Mocks::default();
    mocks.holds_caller(None, false);
    let (projects, ledger) = mocks.projects_service();

    let refused = projects.create(&owner(), new()).await;

    assert_eq!(refused, Err(SessionError::TokenInvalid.into()));
    left_nothing(&ledger);
}

#[tokio::test]
async fn a_project_that_cannot_be_stored_is_not_written_down() {
    let mut mocks = holding(0);
    mocks
        .projects_mut
        .expect_insert()
        .return_once(|_| Err(unavailable()));
    let (projects, ledger) = mocks.projects_service();

    let refused = projects.create(&owner(), new()).await;

    assert_eq!(refused, Err(Error::Store(unavailable())));
    left_nothing(&ledger);
}

fn archived() -> ProjectChange {
    ProjectChange {
        status: Some(ProjectStatus::Archived),
        ..ProjectChange::default()
    }
}

#[tokio::test]
async fn a_changed_project_is_written_once_and_the_same_again_is_not() {
    let changed = Project {
        status: ProjectStatus::Archived,
        version: Version(4),
        updated_at: now(),
        ..bridge()
    };
    let mut mocks = locking(Some(bridge()));
    mocks
        .projects_mut
        .expect_update()
        .with(eq(changed.clone()))
        .once()
        .returning(|_| Ok(()));
    let (projects, ledger) = mocks.projects_service();
    let updated = projects.update(&owner(), BRIDGE, &seen(), archived()).await;
    assert_eq!(updated, Ok(changed));
    assert_eq!(ledger.deeds(), [Deed::on(Action::ProjectsUpdated, BRIDGE)]);

    let (projects, ledger) = locking(Some(bridge())).projects_service();
    let nothing = ProjectChange::default();
    let kept = projects.update(&owner(), BRIDGE, &seen(), nothing).await;
    assert_eq!(kept, Ok(bridge()));
    assert_eq!(ledger.deeds(), []);
}

#[tokio::test]
async fn a_deleted_project_is_written_down() {
    let mut mocks = locking(Some(bridge()));
    mocks
        .projects_mut
        .expect_delete()
        .with(eq(BRIDGE))
        .once()
        .returning(|_| Ok(()));
    let (projects, ledger) = mocks.projects_service();

    let deleted = projects.delete(&owner(), BRIDGE, &seen()).await;

    assert_eq!(deleted, Ok(()));
    assert_eq!(ledger.deeds(), [Deed::on(Action::ProjectsDeleted, BRIDGE)]);
}

#[tokio::test]
async fn what_is_not_theirs_or_has_changed_stays() {
    let all = caller(Rights::all());
    for (project, fault) in [
        (None, Error::NotFound),
        (Some(bridge()), Error::Store(StoreError::Stale)),
    ] {
        let (projects, ledger) = locking(project.clone()).projects_service();
        let updated = projects.update(&all, BRIDGE, &stale(), archived()).await;
        assert_eq!(updated, Err(fault.clone()));
        left_nothing(&ledger);

        let (projects, ledger) = locking(project).projects_service();
        let deleted = projects.delete(&all, BRIDGE, &stale()).await;
        assert_eq!(deleted, Err(fault));
        left_nothing(&ledger);
    }
}
