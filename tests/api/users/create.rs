use domain::roles::Permission;
use serde_json::{Value, json};
use support::TestApp;
use support::factories::users::{PASSWORD, create_user, display_name, email, id_of};

#[tokio::test]
async fn an_invited_user_is_found_again() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let body = create_user();

    let created = admin.create_user(&body).await;

    let user = created.created();
    assert_eq!(user["email"], body["email"]);
    assert_eq!(user["display_name"], body["display_name"]);
    assert_eq!(user["status"], "pending");
    assert_eq!(user["roles"], json!(["member"]));
    assert_eq!(admin.get_user(id_of(&user)).await.ok(), user);
}

#[tokio::test]
async fn the_answer_says_where_the_account_is_and_which_version_it_has() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let created = admin.create_user(&create_user()).await;

    let id = id_of(&created.created());
    let address = format!("{}/api/v1/users/{id}", app.settings.server.public_url);
    assert_eq!(created.header("location"), Some(address.as_str()));
    assert_eq!(created.header("cache-control"), Some("private, no-cache"));
    assert_eq!(created.etag(), admin.get_user(id).await.etag());
}

#[tokio::test]
async fn an_account_shows_these_members_and_no_other() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let user = admin.create_user(&create_user()).await.created();

    let mut members: Vec<_> = user.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(
        members,
        [
            "created_at",
            "display_name",
            "email",
            "id",
            "roles",
            "status",
            "updated_at"
        ]
    );
    for time in ["created_at", "updated_at"] {
        assert!(user[time].as_str().unwrap().ends_with('Z'), "{user}");
    }
}

#[tokio::test]
async fn letter_case_and_blanks_around_an_address_do_not_count() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (address, name) = (email(), display_name());
    let written = format!("  {} ", address.to_uppercase());

    let created = admin
        .create_user(&json!({ "email": written, "display_name": format!("  {name} ") }))
        .await;

    let user = created.created();
    assert_eq!(user["email"], address);
    assert_eq!(user["display_name"], name);
}

#[tokio::test]
async fn the_permission_to_invite_is_all_that_is_needed() {
    let app = TestApp::start().await;
    let inviter = app.holder_of(&[Permission::UsersCreate]).await;

    let created = inviter.create_user(&create_user()).await;

    created.created();
}

#[tokio::test]
async fn a_taken_address_is_refused_whatever_its_letter_case() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let body = create_user();
    admin.create_user(&body).await.created();
    let before = app.database.count("users").await;
    let address = body["email"].as_str().unwrap();

    for again in [address.to_owned(), address.to_uppercase()] {
        let refused = admin
            .create_user(&json!({ "email": again, "display_name": display_name() }))
            .await;

        let problem = refused.is_problem(409, "email_taken").to_string();
        assert!(!problem.contains(&again), "no address is told: {problem}");
    }
    assert_eq!(app.database.count("users").await, before);
}

#[tokio::test]
async fn everything_that_is_missing_is_told_at_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let refused = admin.create_user(&json!({})).await;

    refused.is_problem(422, "invalid");
    assert_eq!(
        refused.faults(),
        at(&[("/display_name", "missing"), ("/email", "missing")])
    );
}

#[tokio::test]
async fn every_value_that_breaks_a_rule_is_told_at_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let long = "a".repeat(101);

    for (email, name) in [
        ("ada", ""),
        ("ada@localhost", "  "),
        ("ada@example.org\u{0}", "Ada\nLovelace"),
        ("", long.as_str()),
        ("ada@exämple.org", "evil\u{202E}txt"),
    ] {
        let refused = admin
            .create_user(&json!({ "email": email, "display_name": name }))
            .await;

        refused.is_problem(422, "invalid");
        assert_eq!(
            refused.faults(),
            at(&[("/display_name", "invalid"), ("/email", "invalid")]),
            "{email:?} {name:?}"
        );
    }
}

#[tokio::test]
async fn values_of_another_kind_and_unknown_members_are_told_at_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let refused = admin
        .create_user(&json!({ "email": 7, "display_name": null, "colour": "grey" }))
        .await;

    refused.is_problem(422, "invalid");
    assert_eq!(
        refused.faults(),
        at(&[
            ("/colour", "unknown_field"),
            ("/display_name", "wrong_type"),
            ("/email", "wrong_type"),
        ])
    );
}

#[tokio::test]
async fn nobody_chooses_what_an_invitation_does_not_ask_for() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let before = app.database.count("users").await;

    for (member, value) in [
        ("password", json!(PASSWORD)),
        ("roles", json!(["administrator"])),
        ("status", json!("active")),
        ("id", json!("01936f5e-8c00-7000-8000-000000000000")),
        ("version", json!(7)),
        ("created_at", json!("2026-01-01T00:00:00Z")),
    ] {
        let mut body = create_user();
        body[member] = value;

        let refused = admin.create_user(&body).await;

        refused.is_problem(422, "invalid");
        assert_eq!(
            refused.faults(),
            at(&[(&format!("/{member}"), "unknown_field")])
        );
    }
    assert_eq!(app.database.count("users").await, before);
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    for body in [json!([]), json!("ada"), json!(7), Value::Null] {
        let refused = admin.create_user(&body).await;

        refused.is_problem(422, "invalid");
        assert!(
            refused.faults().contains(&at(&[("", "wrong_type")])[0]),
            "{body}"
        );
    }
}

fn at(faults: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(at, code): &(&str, &str)| ((*at).to_owned(), (*code).to_owned());
    faults.iter().map(owned).collect()
}
