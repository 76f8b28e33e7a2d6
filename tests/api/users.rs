use support::TestApp;
use support::factories::users::{create_user, id_of};

#[tokio::test]
async fn an_invited_user_is_found_again() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let body = create_user();

    let created = admin.create_user(&body).await;

    let user = created.created();
    assert_eq!(user["email"], body["email"]);
    assert_eq!(user["status"], "pending");
    assert_eq!(admin.get_user(id_of(&user)).await.ok(), user);
}
