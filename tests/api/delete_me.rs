use domain::users::Status;
use reqwest::Method;
use serde_json::json;
use support::TestApp;
use support::factories::users::{PASSWORD, user};

#[tokio::test]
async fn everybody_can_delete_their_own_account_and_its_address_is_free() {
    let app = TestApp::start().await;
    let (admin, ada) = (app.administrator().await, user(Status::Active));
    let client = app.sign_in(&ada).await;
    let seen = client.get_me().await.etag();

    client.delete_me(&seen).await.no_content();

    client.get_me().await.is_problem(401, "invalid_token");
    let nobody = app.anonymous();
    let login = nobody.login(ada.email.as_str(), PASSWORD).await;
    login.is_problem(401, "sign_in_refused");
    admin.get_user(ada.id.0).await.is_problem(404, "not_found");
    let again = json!({ "email": ada.email.as_str(), "display_name": "Ada" });
    admin.create_user(&again).await.created();
    let id = support::TestDatabase::literal(ada.id.0);
    for table in ["sessions", "credentials", "user_roles"] {
        let left = app
            .database
            .count(&format!("{table} WHERE user_id = {id}"))
            .await;
        assert_eq!(left, 0, "{table}");
    }
}

#[tokio::test]
async fn who_has_seen_another_version_or_says_none_deletes_nothing() {
    let app = TestApp::start().await;
    let ada = app.member().await;

    let unsaid = ada.send(ada.request(Method::DELETE, "/api/v1/me")).await;
    let stale = ada.delete_me("\"7\"").await;
    let malformed = ada.delete_me("7").await;

    unsaid.is_problem(428, "if_match_required");
    stale.is_problem(412, "stale");
    malformed.is_problem(400, "invalid_parameter");
    ada.get_me().await.ok();
}

#[tokio::test]
async fn the_last_administrator_has_to_stay() {
    let app = TestApp::start().await;
    let ada = app.administrator().await;

    let refused = ada.delete_me("*").await;
    let other = app.administrator().await;
    let deleted = ada.delete_me("*").await;

    refused.is_problem(409, "last_administrator");
    deleted.no_content();
    other
        .delete_me("*")
        .await
        .is_problem(409, "last_administrator");
}
