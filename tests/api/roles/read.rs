use domain::roles::Permission;
use reqwest::Method;
use reqwest::header::IF_NONE_MATCH;
use serde_json::{Value, json};
use support::TestApp;
use support::factories::roles::create_role;
use support::factories::users::id_of;
use uuid::Uuid;

fn names(list: &Value) -> Vec<&str> {
    let roles = list["data"].as_array().expect("a list has data").iter();
    roles
        .map(|it| it["name"].as_str().expect("it is text"))
        .collect()
}

#[tokio::test]
async fn the_built_in_roles_are_there_from_the_start() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let list = admin.list_roles("").await.ok();

    assert_eq!(names(&list), ["administrator", "member"]);
    let [administrator, member] = [&list["data"][0], &list["data"][1]];
    let all: Vec<_> = Permission::ALL.iter().map(|it| it.name()).collect();
    assert_eq!(administrator["permissions"], json!(all));
    assert_eq!(member["permissions"], json!([]));
    assert_eq!(administrator["built_in"], true);
}

#[tokio::test]
async fn the_list_has_pages_and_a_cursor_of_another_list_is_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    for name in ["zebra", "ant", "bee"] {
        let role = json!({ "name": name, "permissions": [] });
        admin.create_role(&role).await.created();
    }

    let first = admin.list_roles("limit=3").await.ok();
    let cursor = first["page"]["next_cursor"].as_str().unwrap();
    let rest = admin.list_roles(&format!("cursor={cursor}")).await.ok();
    let refused = admin.list_audit_events(&format!("cursor={cursor}")).await;
    let unknown = admin.list_roles("q=a&limit=0").await;

    assert_eq!(names(&first), ["administrator", "ant", "bee"]);
    assert_eq!(names(&rest), ["member", "zebra"]);
    refused.is_problem(400, "invalid_parameter");
    unknown.is_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn a_role_is_shown_and_not_sent_again_while_it_holds() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let created = admin.create_role(&create_role()).await.created();
    let id = id_of(&created);

    let shown = admin.get_role(id).await;
    let request = admin.request(Method::GET, &format!("/api/v1/roles/{id}"));
    let again = request.header(IF_NONE_MATCH, shown.etag());

    assert_eq!(shown.ok(), created);
    admin.send(again).await.not_modified();
}

#[tokio::test]
async fn what_is_no_role_is_not_found() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let nothing = admin.get_role(Uuid::nil()).await;
    let user = admin.get_role(admin.id()).await;
    let no_id = admin.get("/api/v1/roles/administrator").await;

    nothing.is_problem(404, "not_found");
    user.is_problem(404, "not_found");
    no_id.is_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn everything_that_there_is_to_grant_is_listed_and_explained() {
    let app = TestApp::start().await;
    let reader = app.holder_of(&[Permission::RolesRead]).await;

    let answer = reader.list_permissions().await;

    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let listed = answer.ok();
    let listed = listed["permissions"].as_array().unwrap();
    let names: Vec<_> = listed.iter().map(|it| it["name"].as_str()).collect();
    let all: Vec<_> = Permission::ALL.iter().map(|it| Some(it.name())).collect();
    assert_eq!(names, all);
    for permission in listed {
        let allows = permission["allows"].as_str().unwrap();
        assert!(
            allows.ends_with('.') && !allows.starts_with(' '),
            "{allows}"
        );
    }
}

#[tokio::test]
async fn the_list_of_permissions_knows_no_parameters() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let member = app.member().await;

    let refused = admin.get("/api/v1/permissions?limit=1").await;
    refused.is_problem(400, "invalid_parameter");
    let refused = member.list_permissions().await;
    refused.is_problem(403, "insufficient_scope");
}
