//! Projects while others change them, too.

use std::sync::Arc;

use application::projects::NewProject;
use application::{Error, Expected, SessionActor, StoreError};
use domain::projects::{
    Project, ProjectChange, ProjectDescription, ProjectError, ProjectName, ProjectStatus,
};
use domain::sessions::SessionError;
use support::{TestApp, at_once};

use super::{PROJECTS, member, patient_app, services, signed_in};

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
