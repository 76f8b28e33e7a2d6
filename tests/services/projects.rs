//! Projects while others change them, too.

use std::sync::Arc;

use application::projects::NewProject;
use application::{Error, Expected, SessionActor, StoreError};
use domain::projects::{
    Project, ProjectChange, ProjectDescription, ProjectError, ProjectName, ProjectStatus,
};
use domain::roles::UsersDelete;
use domain::sessions::SessionError;
use support::{TestApp, at_once};

use super::{PROJECTS, administrator, member, patient_app, permit, services, signed_in};

async fn begin(app: &TestApp, owner: &SessionActor) -> Result<Project, Error> {
    let new = NewProject {
        name: ProjectName::parse("Bridge").expect("it has the form of a name"),
        description: ProjectDescription::default(),
    };
    services(&app.ports).projects.create(owner, new).await
}

fn renamed(name: &str) -> ProjectChange {
    ProjectChange {
        name: ProjectName::parse(name).ok(),
        ..ProjectChange::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_changes_to_one_version_one_is_made() {
    let app = patient_app().await;
    let services = services(&app.ports);
    let ada = signed_in(&app, &member(&app).await).await;
    let bridge = begin(&app, &ada).await.unwrap();

    let changes = (0..8).map(|n| {
        let (services, by, id) = (Arc::clone(&services), ada, bridge.id);
        let seen = Expected::OneOf(vec![bridge.version]);
        async move {
            let change = renamed(&format!("Bridge {n}"));
            services.projects.update(&by, id, &seen, change).await
        }
    });
    let results = at_once(changes).await;

    assert_eq!(results.iter().filter(|it| it.is_ok()).count(), 1);
    let stale = |it: &&Result<Project, Error>| **it == Err(Error::Store(StoreError::Stale));
    assert_eq!(results.iter().filter(stale).count(), 7, "{results:?}");
    let now = services.projects.get(&ada, bridge.id).await;
    assert_eq!(now.unwrap().version, bridge.version.next());
}

#[tokio::test]
async fn somebody_has_as_many_as_one_may_have_and_archived_ones_count() {
    let app = patient_app().await;
    let ada = signed_in(&app, &member(&app).await).await;
    let eve = signed_in(&app, &member(&app).await).await;
    for _ in 0..PROJECTS.most_per_owner {
        let project = begin(&app, &ada).await.unwrap();
        let archived = ProjectChange {
            status: Some(ProjectStatus::Archived),
            ..ProjectChange::default()
        };
        let services = services(&app.ports);
        let archived = services
            .projects
            .update(&ada, project.id, &Expected::Any, archived)
            .await;
        archived.unwrap();
    }

    let refused = begin(&app, &ada).await;

    let most = PROJECTS.most_per_owner;
    assert_eq!(refused, Err(Error::Project(ProjectError::TooMany(most))));
    begin(&app, &eve).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_begun_at_once_there_are_no_more_than_allowed() {
    let app = Arc::new(patient_app().await);
    let ada = signed_in(&app, &member(&app).await).await;

    let begun = (0..8).map(|_| {
        let app = Arc::clone(&app);
        async move { begin(&app, &ada).await }
    });
    let results = at_once(begun).await;

    let most = PROJECTS.most_per_owner;
    let refused = Err(Error::Project(ProjectError::TooMany(most)));
    assert_eq!(results.iter().filter(|it| **it == refused).count(), 5);
    assert_eq!(app.database.count("projects").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_is_begun_before_its_owner_goes_or_not_at_all() {
    let app = Arc::new(patient_app().await);
    let admin = administrator(&app).await;

    for round in 0..10 {
        let user = member(&app).await;
        let ada = signed_in(&app, &user).await;
        let works = [true, false].map(|begins| {
            let (app, by) = (Arc::clone(&app), permit::<UsersDelete>(&admin));
            let id = user.id;
            async move {
                if begins {
                    return begin(&app, &ada).await.map(drop);
                }
                let users = &services(&app.ports).users;
                users.delete(&by, id, &Expected::Any).await
            }
        });
        let results = at_once(works).await;

        assert_eq!(results[1], Ok(()), "round {round}");
        let gone = Err(SessionError::TokenInvalid.into());
        let begun = &results[0];
        assert!(begun.is_ok() || *begun == gone, "round {round}: {begun:?}");
        assert_eq!(app.database.count("projects").await, 0, "round {round}");
    }
}

#[tokio::test]
async fn a_project_of_somebody_who_has_gone_is_not_begun() {
    let app = patient_app().await;
    let ada = signed_in(&app, &member(&app).await).await;
    let mut tx = app.ports.database.begin(&support::origin()).await.unwrap();
    tx.users_mut().delete(ada.user_id()).await.unwrap();
    tx.commit().await.unwrap();

    let refused = begin(&app, &ada).await;

    assert_eq!(refused, Err(SessionError::TokenInvalid.into()));
}
