//! `q`: whose address or name begins with it.

use domain::roles::Permission;
use domain::users::User;
use reqwest::Method;
use support::{Client, TestApp};
use uuid::Uuid;

use super::{called, ids};

#[tokio::test]
async fn the_beginning_of_an_address_or_of_a_name_finds() {
    let app = TestApp::start().await;
    let reader = reader(&app).await;
    let ada = called("lovelace@example.org", "Ada King");
    let kin = called("kingdom@example.org", "Bob");
    let both = called("kinetic@example.org", "Kind Kate");
    store(&app, &[&ada, &kin, &both]).await;

    for (prefix, found) in [
        ("lovel", vec![&ada]),
        ("ada k", vec![&ada]),
        ("king", vec![&kin]),
        ("kin", vec![&both, &kin]),
        ("lovelace@example.org", vec![&ada]),
        ("lovelace@example.orga", vec![]),
        ("ace", vec![]),
        (" ada", vec![]),
    ] {
        assert_eq!(search(&reader, prefix).await, all(&found), "{prefix:?}");
    }
}

#[tokio::test]
async fn letter_case_does_not_count() {
    let app = TestApp::start().await;
    let reader = reader(&app).await;
    let lukasz = called("l.nowak@example.org", "Łukasz Żuraw");
    let odysseus = called("odysseus@example.org", "Οδυσσεύς");
    let emile = called("e@example.org", "ÉMILE");
    store(&app, &[&lukasz, &odysseus, &emile]).await;

    for (prefix, found) in [
        ("L.NOWAK@EXAMPLE", &lukasz),
        ("łUKASZ", &lukasz),
        ("Łukasz żUR", &lukasz),
        ("οδυσ", &odysseus),
        // A sigma at the end of what is typed, in the middle of the name.
        ("ΟΔΥΣ", &odysseus),
        ("ΟΔΥΣΣΕΎΣ", &odysseus),
        ("émi", &emile),
    ] {
        assert_eq!(search(&reader, prefix).await, [found.id.0], "{prefix:?}");
    }
}

#[tokio::test]
async fn nothing_in_it_is_a_wildcard() {
    let app = TestApp::start().await;
    let reader = reader(&app).await;
    let percent = called("%a_b@example.org", "Percent");
    let plain = called("xaxb@example.org", "Plain");
    let star = called("star@example.org", "*'\"\\;--");
    store(&app, &[&percent, &plain, &star]).await;

    for (prefix, found) in [
        ("%", vec![&percent]),
        ("%a_", vec![&percent]),
        ("_", vec![]),
        ("_axb", vec![]),
        ("%lain", vec![]),
        ("xa_b", vec![]),
        ("?", vec![]),
        ("[a-z]", vec![]),
        ("*", vec![&star]),
        ("*'\"\\", vec![&star]),
        ("' OR 1=1 --", vec![]),
        ("\\", vec![]),
    ] {
        assert_eq!(search(&reader, prefix).await, all(&found), "{prefix:?}");
    }
}

#[tokio::test]
async fn the_longest_prefix_may_be_a_whole_name() {
    let app = TestApp::start().await;
    let reader = reader(&app).await;
    let name = "🪨".repeat(100);
    let long = called("long@example.org", &name);
    store(&app, &[&long]).await;

    assert_eq!(search(&reader, &name).await, [long.id.0]);
}

/// Somebody whom no search here finds by chance.
async fn reader(app: &TestApp) -> Client {
    let mut reader = called("reader@example.org", "Reader");
    reader
        .roles
        .insert(app.role(&[Permission::UsersRead]).await);
    app.sign_in(&reader).await
}

async fn store(app: &TestApp, users: &[&User]) {
    for user in users {
        app.store(user).await;
    }
}

/// Who is found, by address.
async fn search(client: &Client, prefix: &str) -> Vec<Uuid> {
    let request = client.request(Method::GET, "/api/v1/users");
    let request = request.query(&[("q", prefix), ("sort", "email")]);
    ids(&client.send(request).await.ok())
}

fn all(users: &[&User]) -> Vec<Uuid> {
    users.iter().map(|it| it.id.0).collect()
}
