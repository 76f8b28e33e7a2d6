use domain::roles::{Permission, RoleName};
use domain::users::{Status, User};
use serde_json::{Value, json};
use support::factories::users::user;
use support::{Answer, TestApp};

use super::{called, ids};

#[tokio::test]
async fn the_list_shows_accounts_as_they_are_shown_alone() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;

    let listed = admin.list_users("status=pending").await;

    let alone = admin.get_user(id).await.ok();
    let page = json!({ "next_cursor": null, "has_more": false });
    assert_eq!(listed.ok(), json!({ "data": [alone], "page": page }));
    assert_eq!(listed.header("cache-control"), Some("private, no-cache"));
    assert_eq!(listed.header("link"), None);
}

#[tokio::test]
async fn the_permission_to_see_accounts_is_all_that_is_needed() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let reader = app.holder_of(&[Permission::UsersRead]).await;

    let listed = ids(&reader.list_users("").await.ok());

    assert!(listed.contains(&admin.id()) && listed.contains(&reader.id()));
}

#[tokio::test]
async fn an_account_is_found_by_its_address_whatever_the_letter_case() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = called("ada+stone@example.org", "Ada");
    let bob = called("ada+stone@example.org.example", "Bob");
    app.store(&ada).await;
    app.store(&bob).await;

    for query in [
        "email=ada%2Bstone@example.org",
        "email=ADA%2BSTONE%40Example.ORG",
    ] {
        let found = admin.list_users(query).await.ok();

        assert_eq!(ids(&found), [ada.id.0], "{query}");
    }
}

#[tokio::test]
async fn accounts_are_found_by_their_status() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (pending, deactivated) = (user(Status::Pending), user(Status::Deactivated));
    app.store(&pending).await;
    app.store(&deactivated).await;

    for (status, id) in [
        ("pending", pending.id.0),
        ("active", admin.id()),
        ("deactivated", deactivated.id.0),
    ] {
        let found = admin.list_users(&format!("status={status}")).await.ok();

        assert_eq!(ids(&found), [id]);
    }
}

#[tokio::test]
async fn accounts_are_found_by_their_role() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let role = app.role(&[]).await;
    let mason = holder(Status::Active, &role);
    app.store(&mason).await;

    for (role, expected) in [
        (role.as_str(), vec![mason.id.0]),
        ("administrator", vec![admin.id()]),
        ("nobody-has-it", vec![]),
    ] {
        let found = admin.list_users(&format!("role={role}")).await.ok();

        assert_eq!(ids(&found), expected, "{role}");
    }
}

#[tokio::test]
async fn filters_hold_together() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let role = app.role(&[]).await;
    let wanted = holder(Status::Pending, &role);
    let others = [
        holder(Status::Active, &role),
        user(Status::Pending),
        holder(Status::Pending, &role),
    ];
    app.store(&wanted).await;
    for other in &others {
        app.store(other).await;
    }
    let (role, email) = (role.as_str(), wanted.email.as_str());

    for (query, total) in [
        (format!("role={role}"), 3),
        (format!("role={role}&status=pending"), 2),
        (format!("role={role}&status=pending&q={email}"), 1),
        (format!("role={role}&status=pending&email={email}"), 1),
        (format!("role={role}&status=active&email={email}"), 0),
        (format!("role=administrator&q={email}"), 0),
        (format!("email={email}&q=%25"), 0),
    ] {
        let found = admin.list_users(&format!("{query}&include=total")).await;

        assert_eq!(ids(&found.ok()).len(), total, "{query}");
        assert_eq!(found.ok()["page"]["total"], total, "{query}");
        let has_wanted = ids(&found.ok()).contains(&wanted.id.0);
        assert_eq!(has_wanted, total > 0, "{query}");
    }
}

#[tokio::test]
async fn a_page_has_as_many_as_asked_for_and_twenty_unless_asked() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let role = app.role(&[]).await;
    for _ in 0..101 {
        app.store(&holder(Status::Pending, &role)).await;
    }

    for (query, length) in [("", 20), ("&limit=1", 1), ("&limit=100", 100)] {
        let found = admin.list_users(&format!("role={role}{query}")).await.ok();

        assert_eq!(ids(&found).len(), length, "{query}");
        assert_eq!(found["page"]["has_more"], true);
    }
}

#[tokio::test]
async fn a_limit_out_of_bounds_is_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    for limit in [
        "0",
        "101",
        "-1",
        "1.5",
        "ten",
        "",
        "99999999999999999999",
        "0x10",
        "1,2",
    ] {
        let refused = admin.list_users(&format!("limit={limit}")).await;

        is_invalid(&refused, &[("limit", "invalid")]);
    }
}

#[tokio::test]
async fn who_asks_for_the_total_is_told_it() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    for _ in 0..2 {
        app.store(&user(Status::Pending)).await;
    }

    let all = admin.list_users("limit=1&include=total").await.ok();
    let pending = admin
        .list_users("status=pending&limit=1&include=total")
        .await
        .ok();
    let none = admin
        .list_users("status=deactivated&include=total")
        .await
        .ok();

    assert_eq!(all["page"]["total"], 3);
    assert_eq!(pending["page"]["total"], 2);
    assert_eq!(none["page"]["total"], 0);
    assert_eq!(ids(&pending).len(), 1);
}

#[tokio::test]
async fn a_value_that_a_parameter_does_not_take_is_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let long = "a".repeat(101);

    for (parameter, value) in [
        ("email", "ada"),
        ("email", ""),
        ("status", "Active"),
        ("status", "gone"),
        ("status", ""),
        ("role", "Administrator"),
        ("role", "a'b"),
        ("q", ""),
        ("q", long.as_str()),
        ("sort", "id"),
        ("sort", "--email"),
        ("sort", "email,created_at"),
        ("sort", "password_hash"),
        ("include", "everything"),
        ("include", ""),
    ] {
        let refused = admin.list_users(&format!("{parameter}={value}")).await;

        is_invalid(&refused, &[(parameter, "invalid")]);
    }
}

#[tokio::test]
async fn unknown_and_repeated_parameters_are_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    for (query, parameter, code) in [
        ("colour=grey", "colour", "unknown"),
        ("colour=grey&colour=red", "colour", "unknown"),
        ("Limit=1", "Limit", "unknown"),
        ("offset=20", "offset", "unknown"),
        ("limit=1&limit=1", "limit", "duplicate"),
        ("q=a&q=b", "q", "duplicate"),
        ("sort=email&%73ort=email", "sort", "duplicate"),
        ("status[]=active", "status[]", "unknown"),
    ] {
        let refused = admin.list_users(query).await;

        is_invalid(&refused, &[(parameter, code)]);
    }
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_query_is_told_at_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let refused = admin
        .list_users(
            "limit=0&cursor=%20&sort=x&status=x&email=x&role=X&q=&include=x&colour=grey&limit=1",
        )
        .await;

    is_invalid(
        &refused,
        &[
            ("colour", "unknown"),
            ("cursor", "invalid"),
            ("email", "invalid"),
            ("include", "invalid"),
            ("limit", "duplicate"),
            ("limit", "invalid"),
            ("q", "invalid"),
            ("role", "invalid"),
            ("sort", "invalid"),
            ("status", "invalid"),
        ],
    );
}

#[tokio::test]
async fn what_is_no_text_is_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    for parameter in ["q", "email", "role", "cursor", "sort"] {
        for value in ["%00", "a%00b", "%ff", "%c3", "%0a", "%ed%a0%80"] {
            let refused = admin.list_users(&format!("{parameter}={value}")).await;

            is_invalid(&refused, &[(parameter, "invalid")]);
        }
    }
}

#[track_caller]
fn is_invalid(refused: &Answer, faults: &[(&str, &str)]) {
    let problem: Value = refused.is_problem(400, "invalid_parameter");
    let told = refused.faults();
    let told: Vec<_> = told
        .iter()
        .map(|(at, code)| (at.as_str(), code.as_str()))
        .collect();
    assert_eq!(told, faults, "{problem}");
}

fn holder(status: Status, role: &RoleName) -> User {
    let mut user = user(status);
    user.roles.insert(role.clone());
    user
}
