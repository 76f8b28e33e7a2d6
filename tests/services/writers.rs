//! Many who write at once wait for each other, and none of them fails.

use std::sync::Arc;

use domain::roles::UsersCreate;
use domain::users::Status;
use support::factories::users::user;
use support::{TestStore, at_once};

use super::{PATIENT, administrator, new_user, patient_app, permit, services};

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_writers_of_one_process_all_succeed() {
    let app = patient_app().await;
    let admin = administrator(&app).await;
    let services = services(&app.ports);

    let writers = (0..16).map(|_| {
        let services = Arc::clone(&services);
        let by = permit::<UsersCreate>(&admin);
        async move {
            for _ in 0..5 {
                services.users.create(&by, new_user()).await?;
            }
            Ok::<_, application::Error>(())
        }
    });
    let results = at_once(writers).await;

    assert_eq!(results, vec![Ok(()); 16]);
    assert_eq!(app.database.count("users").await, 1 + 16 * 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_of_several_processes_all_succeed() {
    let first = TestStore::new_with(PATIENT).await;
    let mut processes = Vec::new();
    for _ in 0..4 {
        processes.push(first.beside(PATIENT).await);
    }

    let writers = processes.into_iter().map(|process| async move {
        for _ in 0..10 {
            process.insert_user(&user(Status::Active)).await;
        }
    });
    at_once(writers).await;

    assert_eq!(first.database.count("users").await, 4 * 10);
}
