use serde_json::json;

use crate::place::{PASSWORD, Place};

const ADA: &str = "ada@example.org";

#[tokio::test]
async fn an_administrator_signs_in_and_may_do_everything() {
    let place = Place::migrated().await;

    let made = place.run_reading(
        &["users", "create-admin", "--email", ADA, "--name", "Ada"],
        PASSWORD,
    );

    assert!(
        made.ok()
            .starts_with("ada@example.org is an administrator, with the id ")
    );
    let server = place.serve();
    let token = server.sign_in(ADA, PASSWORD);
    let me = server.get("/api/v1/me", Some(&token)).json();
    assert_eq!(
        (&me["display_name"], &me["status"]),
        (&json!("Ada"), &json!("active"))
    );
    let users = server.get("/api/v1/users", Some(&token));
    assert_eq!(users.status, 200, "{users:?}");
}

#[tokio::test]
async fn a_weak_password_is_refused_and_nothing_made() {
    let place = Place::migrated().await;
    let create = ["users", "create-admin", "--email", ADA];

    let refused = place.run_reading(&create, "short");

    let why = refused.failed();
    assert!(
        why.contains("fewer characters") && !why.contains("short"),
        "{why}"
    );
    // Had it been made, its address would be taken.
    place.run_reading(&create, PASSWORD).ok();
}

#[tokio::test]
async fn a_taken_address_is_refused() {
    let place = Place::migrated().await;
    place.administrator(ADA);

    let refused = place.run_reading(
        &["users", "create-admin", "--email", "ADA@example.org"],
        "another dressed stone",
    );

    assert_eq!(refused.failed(), "another account has this e-mail address");
    place.serve().sign_in(ADA, PASSWORD);
}

#[tokio::test]
async fn what_is_no_address_is_refused() {
    let place = Place::migrated().await;

    let refused = place.run_reading(&["users", "create-admin", "--email", "ada"], PASSWORD);

    assert!(refused.failed().contains("e-mail address"));
}

#[tokio::test]
async fn before_the_tables_are_there_it_says_what_to_run() {
    let place = Place::new().await;

    let refused = place.run_reading(&["users", "create-admin", "--email", ADA], PASSWORD);

    assert!(
        refused.failed().contains("run `ashlar migrate up`"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_new_password_replaces_the_old_one_and_ends_sessions() {
    let place = Place::migrated()
        .await
        .set("ASHLAR__LIMITS__READ_BURST", "1000000");
    let place = place.set("ASHLAR__LIMITS__PUBLIC_BURST", "1000000");
    place.administrator(ADA);
    let server = place.serve();
    let token = server.sign_in(ADA, PASSWORD);

    let set = place.run_reading(
        &["users", "set-password", "--email", ADA],
        "another dressed stone",
    );

    assert_eq!(
        set.ok(),
        "ada@example.org has another password; every session has ended\n"
    );
    server.refuses_soon(&token);
    assert_eq!(server.log_in(ADA, PASSWORD).status, 401);
    server.sign_in(ADA, "another dressed stone");
}

#[tokio::test]
async fn a_password_activates_a_pending_user() {
    let place = Place::migrated().await;
    place.administrator(ADA);
    let server = place.serve();
    let token = server.sign_in(ADA, PASSWORD);
    let bob = json!({ "email": "bob@example.org", "display_name": "Bob" });
    let invited = server.post("/api/v1/users", Some(&token), &bob).json();
    assert_eq!(invited["status"], "pending");

    let set = place.run_reading(
        &["users", "set-password", "--email", "bob@example.org"],
        "another dressed stone",
    );

    set.ok();
    let token = server.sign_in("bob@example.org", "another dressed stone");
    let me = server.get("/api/v1/me", Some(&token)).json();
    assert_eq!(
        (&me["id"], &me["status"]),
        (&invited["id"], &json!("active"))
    );
}

#[tokio::test]
async fn nobody_with_the_address_means_no_password_set() {
    let place = Place::migrated().await;

    let refused = place.run_reading(&["users", "set-password", "--email", ADA], PASSWORD);

    assert_eq!(refused.failed(), "nobody has the address ada@example.org");
}

#[tokio::test]
async fn a_weak_password_leaves_the_old_one() {
    let place = Place::migrated().await;
    place.administrator(ADA);

    let refused = place.run_reading(&["users", "set-password", "--email", ADA], "short");

    assert!(refused.failed().contains("fewer characters"));
    place.serve().sign_in(ADA, PASSWORD);
}
