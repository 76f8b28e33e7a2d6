use domain::roles::Permission;
use reqwest::Method;
use reqwest::header::IF_NONE_MATCH;
use serde_json::{Value, json};
use support::factories::users::id_of;
use support::{Client, TestApp};
use uuid::Uuid;

use super::begun;

fn ids(list: &Value) -> Vec<Uuid> {
    let projects = list["data"].as_array().expect("a list has data");
    projects.iter().map(id_of).collect()
}

async fn three(owner: &Client) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(id_of(&begun(owner).await));
    }
    ids
}

#[tokio::test]
async fn everybody_sees_their_own_projects_and_no_others() {
    let app = TestApp::start().await;
    let (ada, eve) = (app.member().await, app.member().await);
    let hers = begun(&ada).await;
    begun(&eve).await;

    let listed = ada.list_projects("include=total").await;
    let of_eve = format!("owner={}", eve.id());
    let others = ada.list_projects(&of_eve).await.ok();
    let refused = eve.get_project(id_of(&hers)).await;

    let page = json!({ "next_cursor": null, "has_more": false, "total": 1 });
    assert_eq!(listed.header("cache-control"), Some("private, no-cache"));
    assert_eq!(listed.ok(), json!({ "data": [hers], "page": page }));
    assert_eq!(others["data"], json!([]));
    refused.is_problem(404, "not_found");
}

#[tokio::test]
async fn who_may_see_all_sees_those_of_others_too() {
    let app = TestApp::start().await;
    let (ada, eve) = (app.member().await, app.member().await);
    let reader = app.holder_of(&[Permission::ProjectsReadAll]).await;
    let (hers, _) = (begun(&ada).await, begun(&eve).await);

    let all = reader.list_projects("include=total").await.ok();
    let of_ada = format!("owner={}", ada.id());
    let of_ada = reader.list_projects(&of_ada).await.ok();
    let shown = reader.get_project(id_of(&hers)).await.ok();

    assert_eq!(all["page"]["total"], 2);
    assert_eq!(ids(&of_ada), [id_of(&hers)]);
    assert_eq!(shown, hers);
}

#[tokio::test]
async fn newest_come_first_unless_asked_otherwise_over_all_pages() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let mut expected = three(&ada).await;

    for (sort, turned) in [("created_at", false), ("-created_at", true)] {
        if turned {
            expected.reverse();
        }
        let first = format!("sort={sort}&limit=2");
        let first = ada.list_projects(&first).await.ok();
        let cursor = first["page"]["next_cursor"].as_str().unwrap();
        let rest = format!("sort={sort}&limit=2&cursor={cursor}");
        let rest = ada.list_projects(&rest).await.ok();

        assert_eq!([ids(&first), ids(&rest)].concat(), expected);
    }
    assert_eq!(ids(&ada.list_projects("").await.ok()), expected);
}

#[tokio::test]
async fn projects_are_found_by_their_status() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let ids_of_all = three(&ada).await;
    let archived = json!({ "status": "archived" });
    ada.update_project(ids_of_all[1], "*", &archived).await.ok();

    let archived = ada.list_projects("status=archived").await.ok();
    let active = ada.list_projects("status=active").await.ok();

    assert_eq!(ids(&archived), [ids_of_all[1]]);
    assert_eq!(ids(&active), [ids_of_all[2], ids_of_all[0]]);
}

#[tokio::test]
async fn a_cursor_holds_for_one_list_alone_and_what_is_unknown_is_refused() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    three(&ada).await;
    let first = ada.list_projects("limit=1").await.ok();
    let cursor = first["page"]["next_cursor"].as_str().unwrap();

    for query in [
        format!("sort=created_at&cursor={cursor}"),
        format!("status=active&cursor={cursor}"),
        "owner=me".to_owned(),
        "status=lost&sort=name&limit=0&q=a".to_owned(),
    ] {
        let refused = ada.list_projects(&query).await;

        refused.is_problem(400, "invalid_parameter");
    }
}

#[tokio::test]
async fn a_project_is_shown_and_not_sent_again_while_it_holds() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let project = begun(&ada).await;
    let id = id_of(&project);

    let shown = ada.get_project(id).await;
    let request = ada.request(Method::GET, &format!("/api/v1/projects/{id}"));
    let again = request.header(IF_NONE_MATCH, shown.etag());

    assert_eq!(shown.ok(), project);
    ada.send(again).await.not_modified();
}

#[tokio::test]
async fn what_is_no_project_is_not_found() {
    let app = TestApp::start().await;
    let ada = app.member().await;

    let nothing = ada.get_project(Uuid::nil()).await;
    let no_id = ada.get("/api/v1/projects/bridge").await;

    nothing.is_problem(404, "not_found");
    no_id.is_problem(400, "invalid_parameter");
}
