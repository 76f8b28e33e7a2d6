use serde_json::json;
use support::TestApp;
use support::factories::projects::create_project;
use support::factories::users::id_of;

#[tokio::test]
async fn a_begun_project_is_at_its_address_active_and_the_callers() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let body = json!({ "name": " Stone bridge ", "description": "Twelve\narches" });

    let created = ada.create_project(&body).await;

    let project = created.created();
    let location = created.header("location").unwrap();
    assert!(location.ends_with(&format!("/api/v1/projects/{}", id_of(&project))));
    assert_eq!(created.etag(), "\"1\"");
    assert_eq!(project["name"], "Stone bridge");
    assert_eq!(project["description"], "Twelve\narches");
    assert_eq!(project["status"], "active");
    assert_eq!(project["owner_id"], json!(ada.id()));
}

#[tokio::test]
async fn a_description_is_not_needed_and_a_name_is_not_taken() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let body = json!({ "name": "Bridge" });

    let first = ada.create_project(&body).await.created();
    let second = ada.create_project(&body).await.created();

    assert_eq!(first["description"], "");
    assert_ne!(first["id"], second["id"]);
}

#[tokio::test]
async fn who_has_as_many_as_one_may_have_deletes_one_first() {
    let few = [("ASHLAR__PROJECTS__MOST_PER_OWNER", "2")];
    let app = TestApp::start_with(&few, |ports| ports).await;
    let (ada, eve) = (app.member().await, app.member().await);
    let first = ada.create_project(&create_project()).await.created();
    ada.create_project(&create_project()).await.created();

    let refused = ada.create_project(&create_project()).await;
    let others = eve.create_project(&create_project()).await;
    ada.delete_project(id_of(&first), "*").await.no_content();
    let again = ada.create_project(&create_project()).await;

    refused.is_problem(409, "too_many_projects");
    others.created();
    again.created();
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_project_is_told_at_once() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let body = json!({ "name": "a\nb", "description": "a\u{0}b", "status": "active" });

    let refused = ada.create_project(&body).await;
    let nothing = ada.create_project(&json!({})).await;

    refused.is_problem(422, "invalid");
    let places: Vec<_> = refused.faults().into_iter().map(|it| it.0).collect();
    assert_eq!(places, ["/description", "/name", "/status"]);
    nothing.is_problem(422, "invalid");
    let places: Vec<_> = nothing.faults().into_iter().map(|it| it.0).collect();
    assert_eq!(places, ["/name"]);
}
