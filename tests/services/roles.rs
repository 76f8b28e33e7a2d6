//! Races over who may do what.

use std::collections::BTreeSet;
use std::sync::Arc;

use application::{Error, Expected};
use domain::roles::{Permission, RoleError, RoleName, RolesAssign, RolesManage, UsersActivate};
use domain::users::User;
use support::factories::roles::role;
use support::{TestApp, at_once};

use super::{administrator, assert_one_is_done, member, patient_app, permit, services, stored};

fn only_member() -> BTreeSet<RoleName> {
    BTreeSet::from([RoleName::member()])
}

async fn active_administrators(app: &TestApp) -> u64 {
    let mut tx = app
        .ports
        .database
        .begin(&support::origin())
        .await
        .expect("the database is there");
    tx.roles_mut()
        .lock_administrators()
        .await
        .expect("the database is there")
}

async fn insert(app: &TestApp, role: &domain::roles::Role) {
    let mut tx = app
        .ports
        .database
        .begin(&support::origin())
        .await
        .expect("the database is there");
    tx.roles_mut().insert(role).await.expect("it is new");
    tx.commit().await.expect("nothing has failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_administrators_who_demote_each_other_one_stays() {
    let app = patient_app().await;
    let services = services(&app.ports);

    for _ in 0..10 {
        let pair = [administrator(&app).await, administrator(&app).await];
        let demoted = [(0, 1), (1, 0)].map(|(by, whom)| {
            let services = Arc::clone(&services);
            let (by, id) = (permit::<RolesAssign>(&pair[by]), pair[whom].user_id());
            async move {
                let roles = &services.roles;
                roles.assign(&by, id, &Expected::Any, only_member()).await
            }
        });
        let results = at_once(demoted).await;

        assert_one_is_done(&results);
        assert_eq!(active_administrators(&app).await, 1);
        app.database.execute("DELETE FROM users").await;
    }
}

/// Two ways to lose an administrator, which take the same locks.
#[tokio::test(flavor = "multi_thread")]
async fn of_one_who_demotes_and_one_who_shuts_out_one_stays() {
    let app = patient_app().await;
    let services = services(&app.ports);

    for _ in 0..10 {
        let [first, second] = [administrator(&app).await, administrator(&app).await];
        let works = [true, false].map(|demotes| {
            let services = Arc::clone(&services);
            let demote = permit::<RolesAssign>(&first);
            let shut = permit::<UsersActivate>(&second);
            let (first, second) = (first.user_id(), second.user_id());
            async move {
                let any = &Expected::Any;
                if demotes {
                    return services
                        .roles
                        .assign(&demote, second, any, only_member())
                        .await;
                }
                services.users.deactivate(&shut, first, any).await
            }
        });
        let results: Vec<Result<User, Error>> = at_once(works).await;

        assert_one_is_done(&results);
        assert_eq!(active_administrators(&app).await, 1);
        app.database.execute("DELETE FROM users").await;
    }
}

/// They are judged when they have waited for the other, not before.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_demoted_meanwhile_does_not_give_themselves_the_role_back() {
    let app = patient_app().await;
    let admin = administrator(&app).await;
    let services = services(&app.ports);
    let both = BTreeSet::from([RoleName::administrator(), RoleName::member()]);

    for round in 0..10 {
        let demoted = administrator(&app).await;
        let works = (0..6).map(|at| {
            let services = Arc::clone(&services);
            let (by, roles) = match at {
                2 => (permit::<RolesAssign>(&admin), only_member()),
                _ => (permit::<RolesAssign>(&demoted), both.clone()),
            };
            async move {
                let (assigned, any) = (demoted.user_id(), &Expected::Any);
                services.roles.assign(&by, assigned, any, roles).await
            }
        });
        let results = at_once(works).await;

        assert_eq!(
            active_administrators(&app).await,
            1,
            "round {round}: {results:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_given_or_deleted_and_never_both() {
    let app = patient_app().await;
    let admin = administrator(&app).await;
    let services = services(&app.ports);

    for round in 0..10 {
        let (auditor, ada) = (role(&[Permission::AuditRead]), member(&app).await);
        insert(&app, &auditor).await;
        let works = [true, false].map(|gives| {
            let services = Arc::clone(&services);
            let (give, delete) = (permit::<RolesAssign>(&admin), permit::<RolesManage>(&admin));
            let (user, role) = (ada.id, auditor.id);
            let wanted = BTreeSet::from([auditor.name.clone()]);
            async move {
                let (roles, any) = (&services.roles, &Expected::Any);
                if gives {
                    return roles.assign(&give, user, any, wanted).await.map(drop);
                }
                roles.delete(&delete, role, any).await
            }
        });
        let results = at_once(works).await;

        let has_it = stored(&app, &ada).await.roles.contains(&auditor.name);
        let left = app.ports.database.roles().find(auditor.id).await.unwrap();
        assert_eq!(has_it, left.is_some(), "round {round}: {results:?}");
        let expected = |it: &Result<(), Error>| match it {
            Ok(()) => true,
            Err(Error::Role(refusal)) => {
                matches!(refusal, RoleError::InUse | RoleError::Unknown(_))
            }
            Err(_) => false,
        };
        assert!(results.iter().all(expected), "round {round}: {results:?}");
    }
}

#[tokio::test]
async fn roles_are_not_changed_when_the_account_cannot_be() {
    let app = TestApp::start().await;
    let (admin, ada) = (administrator(&app).await, member(&app).await);
    // The last thing that is written before the commit.
    app.database
        .execute("ALTER TABLE audit_events RENAME TO gone")
        .await;

    let by = permit::<RolesAssign>(&admin);
    let roles = BTreeSet::from([RoleName::administrator()]);
    let failed = services(&app.ports)
        .roles
        .assign(&by, ada.id, &Expected::Any, roles)
        .await;

    assert!(matches!(failed, Err(Error::Store(_))), "{failed:?}");
    assert_eq!(stored(&app, &ada).await, ada);
}
