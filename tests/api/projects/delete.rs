use reqwest::Method;
use support::TestApp;
use support::factories::users::id_of;
use uuid::Uuid;

use super::begun;

#[tokio::test]
async fn a_deleted_project_is_gone() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let id = id_of(&begun(&ada).await);

    ada.delete_project(id, "\"1\"").await.no_content();

    ada.get_project(id).await.is_problem(404, "not_found");
    let again = ada.delete_project(id, "*").await;
    again.is_problem(404, "not_found");
}

#[tokio::test]
async fn nobody_deletes_what_is_anothers() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let id = id_of(&begun(&ada).await);

    for other in [app.member().await, app.administrator().await] {
        let refused = other.delete_project(id, "*").await;

        refused.is_problem(404, "not_found");
    }
    ada.get_project(id).await.ok();
}

#[tokio::test]
async fn a_version_that_is_over_and_no_version_delete_nothing() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let id = id_of(&begun(&ada).await);

    let stale = ada.delete_project(id, "\"7\"").await;
    let request = ada.request(Method::DELETE, &format!("/api/v1/projects/{id}"));
    let blind = ada.send(request).await;
    let gone = ada.delete_project(Uuid::nil(), "*").await;

    stale.is_problem(412, "stale");
    blind.is_problem(428, "if_match_required");
    gone.is_problem(404, "not_found");
    ada.get_project(id).await.ok();
}

#[tokio::test]
async fn projects_go_with_their_owner() {
    let app = TestApp::start().await;
    let (admin, ada) = (app.administrator().await, app.member().await);
    let id = id_of(&begun(&ada).await);
    admin.get_project(id).await.ok();

    admin.delete_user(ada.id(), "*").await.no_content();

    admin.get_project(id).await.is_problem(404, "not_found");
}
