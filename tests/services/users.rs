//! Races between people.

use std::sync::Arc;

use application::users::NewUser;
use application::{Error, Expected, StoreError};
use domain::roles::{UsersActivate, UsersCreate, UsersDelete, UsersUpdate};
use domain::users::{DisplayName, Status, User, UserChange, UserError};
use support::at_once;
use support::factories::users::user;

use super::{
    administrator, assert_one_is_done, member, new_user, patient_app, permit, services, stored,
};

fn renamed(name: &str) -> UserChange {
    UserChange {
        display_name: DisplayName::parse(name).ok(),
        ..UserChange::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_administrators_who_shut_each_other_out_one_stays() {
    let app = patient_app().await;
    let services = services(&app.ports);

    for _ in 0..20 {
        let pair = [administrator(&app).await, administrator(&app).await];
        let shut = [(0, 1), (1, 0)].map(|(by, whom)| {
            let services = Arc::clone(&services);
            let (by, id) = (permit::<UsersActivate>(&pair[by]), pair[whom].user_id());
            async move { services.users.deactivate(&by, id, &Expected::Any).await }
        });
        let results = at_once(shut).await;

        assert_one_is_done(&results);
        app.database.execute("DELETE FROM users").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_administrators_who_delete_each_other_one_stays() {
    let app = patient_app().await;
    let services = services(&app.ports);

    for _ in 0..10 {
        let pair = [administrator(&app).await, administrator(&app).await];
        let deleted = [(0, 1), (1, 0)].map(|(by, whom)| {
            let services = Arc::clone(&services);
            let (by, id) = (permit::<UsersDelete>(&pair[by]), pair[whom].user_id());
            async move { services.users.delete(&by, id, &Expected::Any).await }
        });
        let results = at_once(deleted).await;

        assert_one_is_done(&results);
        app.database.execute("DELETE FROM users").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_changes_of_the_same_version_one_wins() {
    let app = patient_app().await;
    let (admin, ada) = (administrator(&app).await, member(&app).await);
    let services = services(&app.ports);

    let changes = (0..20).map(|at| {
        let services = Arc::clone(&services);
        let by = permit::<UsersUpdate>(&admin);
        let (id, expected) = (ada.id, Expected::OneOf(vec![ada.version]));
        let change = renamed(&format!("Name {at}"));
        async move { services.users.update(&by, id, &expected, change).await }
    });
    let results = at_once(changes).await;

    let stale = Err(Error::Store(StoreError::Stale));
    let refused = results.iter().filter(|it| **it == stale).count();
    let winners: Vec<&User> = results.iter().flatten().collect();
    assert_eq!((winners.len(), refused), (1, 19), "{results:?}");
    assert_eq!(*winners[0], stored(&app, &ada).await);
    assert_eq!(winners[0].version, ada.version.next());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_changes_of_any_version_none_is_lost() {
    let app = patient_app().await;
    let (admin, ada) = (administrator(&app).await, member(&app).await);
    let services = services(&app.ports);

    let changes = (0..20).map(|at| {
        let services = Arc::clone(&services);
        let (by, id) = (permit::<UsersUpdate>(&admin), ada.id);
        let change = renamed(&format!("Name {at}"));
        async move { services.users.update(&by, id, &Expected::Any, change).await }
    });
    let results = at_once(changes).await;

    let mut versions: Vec<i64> = results
        .into_iter()
        .map(|it| it.unwrap().version.0)
        .collect();
    versions.sort_unstable();
    let expected: Vec<i64> = (ada.version.0 + 1..=ada.version.0 + 20).collect();
    assert_eq!(versions, expected);
    assert_eq!(stored(&app, &ada).await.version.0, ada.version.0 + 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_who_take_the_same_address_one_gets_it() {
    let app = patient_app().await;
    let admin = administrator(&app).await;
    let services = services(&app.ports);
    let wanted = new_user().email;

    let created = (0..20).map(|_| {
        let services = Arc::clone(&services);
        let by = permit::<UsersCreate>(&admin);
        let new = NewUser {
            email: wanted.clone(),
            ..new_user()
        };
        async move { services.users.create(&by, new).await }
    });
    let results = at_once(created).await;

    let taken = Err(Error::User(UserError::EmailTaken));
    let refused = results.iter().filter(|it| **it == taken).count();
    let done = results.iter().filter(|it| it.is_ok()).count();
    assert_eq!((done, refused), (1, 19), "{results:?}");
    assert_eq!(app.database.count("users").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_who_move_to_the_same_address_one_gets_it() {
    let app = patient_app().await;
    let admin = administrator(&app).await;
    let services = services(&app.ports);
    let wanted = new_user().email;
    let mut moves = Vec::new();
    for _ in 0..20 {
        let somebody = user(Status::Active);
        app.store(&somebody).await;
        let services = Arc::clone(&services);
        let by = permit::<UsersUpdate>(&admin);
        let change = UserChange {
            email: Some(wanted.clone()),
            ..UserChange::default()
        };
        moves.push(async move {
            let users = &services.users;
            users.update(&by, somebody.id, &Expected::Any, change).await
        });
    }

    let results = at_once(moves).await;

    let taken = Err(Error::User(UserError::EmailTaken));
    let refused = results.iter().filter(|it| **it == taken).count();
    let done = results.iter().filter(|it| it.is_ok()).count();
    assert_eq!((done, refused), (1, 19), "{results:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_deleted_while_others_change_them_is_gone_and_nobody_fails_otherwise() {
    let app = patient_app().await;
    let admin = administrator(&app).await;
    let services = services(&app.ports);

    for _ in 0..10 {
        let ada = member(&app).await;
        let changes = (0..6).map(|at| {
            let services = Arc::clone(&services);
            let (delete, update) = (permit(&admin), permit(&admin));
            let (id, change) = (ada.id, renamed(&format!("Name {at}")));
            async move {
                if at == 3 {
                    return services.users.delete(&delete, id, &Expected::Any).await;
                }
                let updated = services.users.update(&update, id, &Expected::Any, change);
                updated.await.map(drop)
            }
        });
        let results = at_once(changes).await;

        assert_eq!(results[3], Ok(()));
        let expected = |it: &Result<(), Error>| matches!(it, Ok(()) | Err(Error::NotFound));
        assert!(results.iter().all(expected), "{results:?}");
        let found = app.ports.database.users().find(ada.id).await;
        assert_eq!(found, Ok(None));
    }
}
