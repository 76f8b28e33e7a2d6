//! Orders, cursors, and the way through all pages.

use chrono::TimeDelta;
use domain::roles::Permission;
use domain::users::{Status, User};
use serde_json::Value;
use support::factories::users::user;
use support::{Answer, Client, TestApp};
use uuid::Uuid;

use super::{called, ids};

const SORTS: [&str; 6] = [
    "created_at",
    "-created_at",
    "email",
    "-email",
    "display_name",
    "-display_name",
];

#[tokio::test]
async fn every_order_is_kept_over_all_pages_and_nobody_comes_twice() {
    let app = TestApp::start().await;
    let crowd = Crowd::of(&app).await;
    for sort in SORTS {
        let expected = crowd.sorted(sort);
        for limit in [1, 2, 3, 100] {
            let query = format!("sort={sort}&limit={limit}");

            let walked = walk(&crowd.reader, &query).await;

            assert_eq!(walked, expected, "{query}");
        }
    }
}

#[tokio::test]
async fn newest_first_is_the_order_unless_another_is_asked_for() {
    let app = TestApp::start().await;
    let crowd = Crowd::of(&app).await;

    let listed = ids(&crowd.reader.list_users("").await.ok());

    assert_eq!(listed, crowd.sorted("-created_at"));
}

#[tokio::test]
async fn filters_hold_on_every_page() {
    let app = TestApp::start().await;
    let crowd = Crowd::of(&app).await;
    for _ in 0..3 {
        app.store(&user(Status::Deactivated)).await;
    }
    app.store(&called("twin@example.org", "Somebody else"))
        .await;

    let walked = walk(&crowd.reader, "q=twin&status=pending&sort=email&limit=2").await;

    assert_eq!(walked.len(), 5);
    assert!(crowd.sorted("email").ends_with(&walked));
}

#[tokio::test]
async fn the_link_leads_through_all_pages_as_the_cursor_does() {
    let app = TestApp::start().await;
    let crowd = Crowd::of(&app).await;
    let public_url = app.settings.server.public_url.as_str();
    let mut path = "/api/v1/users?sort=display_name&q=T&&%6Cimit=2&include=total".to_owned();
    let mut walked = Vec::new();

    loop {
        let answer = crowd.reader.get(&path).await;
        let page = answer.ok();
        walked.extend(ids(&page));
        assert_eq!(page["page"]["total"], 5);
        let Some(link) = next_of(&answer) else { break };
        path = link.strip_prefix(public_url).unwrap().to_owned();
    }

    let twins = crowd.sorted("display_name");
    let twins: Vec<_> = twins.into_iter().filter(|it| crowd.is_twin(*it)).collect();
    assert_eq!(walked, twins);
}

#[tokio::test]
async fn a_link_names_one_cursor_however_the_last_one_was_written() {
    let app = TestApp::start().await;
    let crowd = Crowd::of(&app).await;
    let first = crowd.reader.list_users("limit=2").await.ok();
    let cursor = cursor_of(&first).unwrap();

    let second = crowd
        .reader
        .list_users(&format!("limit=2&%63ursor={cursor}"))
        .await;

    let link = next_of(&second).unwrap();
    let third = link.strip_prefix(app.settings.server.public_url.as_str());
    crowd.reader.get(third.unwrap()).await.ok();
}

#[tokio::test]
async fn a_cursor_may_go_on_with_another_limit() {
    let app = TestApp::start().await;
    let crowd = Crowd::of(&app).await;
    let first = crowd.reader.list_users("sort=email&limit=2").await.ok();
    let cursor = cursor_of(&first).unwrap();

    let rest = crowd
        .reader
        .list_users(&format!("cursor={cursor}&limit=100&sort=email"))
        .await;

    assert_eq!(ids(&rest.ok()), crowd.sorted("email")[2..]);
    assert_eq!(rest.ok()["page"]["has_more"], false);
}

#[tokio::test]
async fn a_cursor_outlives_the_account_that_it_stands_at() {
    let app = TestApp::start().await;
    Crowd::of(&app).await;
    let admin = app.administrator().await;
    for sort in ["created_at", "email", "display_name"] {
        let query = format!("status=pending&sort={sort}&limit=1");
        let first = admin.list_users(&query).await.ok();
        let rest = walk_on(&admin, &query, &first).await;

        admin.delete_user(ids(&first)[0], "*").await.no_content();
        let after = walk_on(&admin, &query, &first).await;

        assert!(rest.len() >= 2, "some are left");
        assert_eq!(after, rest, "{sort}");
    }
}

#[tokio::test]
async fn who_comes_while_somebody_turns_pages_moves_nobody() {
    let app = TestApp::start().await;
    let crowd = Crowd::of(&app).await;
    let query = "sort=email&limit=2";
    let first = crowd.reader.list_users(query).await.ok();

    app.store(&called("0@example.org", "Before all")).await;
    let mut walked = ids(&first);
    walked.extend(walk_on(&crowd.reader, query, &first).await);

    assert_eq!(walked, crowd.sorted("email"));
}

#[tokio::test]
async fn a_cursor_of_another_order_or_of_other_filters_is_refused() {
    let app = TestApp::start().await;
    let crowd = Crowd::of(&app).await;
    let first = crowd
        .reader
        .list_users("sort=email&status=pending&limit=1")
        .await;
    let cursor = cursor_of(&first.ok()).unwrap();

    for query in [
        "",
        "sort=email",
        "status=pending",
        "sort=-email&status=pending",
        "sort=display_name&status=pending",
        "sort=email&status=active",
        "sort=email&status=pending&q=a",
        "sort=email&status=pending&role=member",
        "sort=email&status=pending&email=ada@example.org",
    ] {
        let refused = crowd
            .reader
            .list_users(&format!("{query}&limit=1&cursor={cursor}"))
            .await;

        is_refused(&refused);
    }
}

#[tokio::test]
async fn a_cursor_that_was_not_made_here_is_refused() {
    let app = TestApp::start().await;
    let crowd = Crowd::of(&app).await;
    let elsewhere = TestApp::start().await;
    let first = crowd.reader.list_users("limit=1").await.ok();
    let cursor = cursor_of(&first).unwrap();
    let middle = cursor.len() / 2;
    let other = if cursor[middle..].starts_with('A') {
        "B"
    } else {
        "A"
    };
    let changed = format!("{}{other}{}", &cursor[..middle], &cursor[middle + 1..]);

    for cursor in [
        "",
        "A",
        "not%20one",
        "null",
        &changed,
        &cursor[1..],
        &format!("{cursor}A"),
        &"A".repeat(3_000),
        first["data"][0]["id"].as_str().unwrap(),
    ] {
        let refused = crowd
            .reader
            .list_users(&format!("limit=1&cursor={cursor}"))
            .await;

        is_refused(&refused);
    }
    let stranger = elsewhere.administrator().await;
    let refused = stranger
        .list_users(&format!("limit=1&cursor={cursor}"))
        .await;
    is_refused(&refused);
}

#[tokio::test]
async fn a_cursor_tells_nothing_of_where_it_stands() {
    let app = TestApp::start().await;
    let crowd = Crowd::of(&app).await;

    let first = crowd.reader.list_users("sort=email&limit=1").await.ok();
    let again = crowd.reader.list_users("sort=email&limit=1").await.ok();

    assert_ne!(cursor_of(&first), cursor_of(&again));
}

/// Everybody in a database: some are called the same, some came at the same time.
struct Crowd {
    users: Vec<User>,
    reader: Client,
}

impl Crowd {
    async fn of(app: &TestApp) -> Self {
        let reader = {
            let mut reader = called("m@example.org", "Åse");
            let role = app.role(&[Permission::UsersRead]).await;
            reader.roles.insert(role);
            reader
        };
        let mut users = vec![
            called("a@example.org", "Zoë"),
            called("b@example.org", "adam"),
            called("c@example.org", "ADA"),
            called("a-b@example.org", "ada"),
            called("a.b@example.org", "Émile"),
        ];
        for n in 0..5 {
            let mut twin = called(&format!("twin{n}@example.org"), "Twin");
            twin.status = Status::Pending;
            users.push(twin);
        }
        let first = reader.created_at;
        for (user, n) in users.iter_mut().zip(0..) {
            // Three at a time, a microsecond apart, the last ones first.
            user.created_at = first - TimeDelta::microseconds(n / 3);
        }
        for user in &users {
            app.store(user).await;
        }
        let client = app.sign_in(&reader).await;
        users.push(reader);
        Self {
            users,
            reader: client,
        }
    }

    fn sorted(&self, sort: &str) -> Vec<Uuid> {
        let mut users: Vec<_> = self.users.iter().collect();
        users.sort_by_key(|it| it.id.0);
        match sort.trim_start_matches('-') {
            "created_at" => users.sort_by_key(|it| it.created_at),
            "email" => users.sort_by_key(|it| it.email.as_str()),
            "display_name" => users.sort_by_key(|it| it.display_name.folded()),
            other => panic!("{other} is no order"),
        }
        if sort.starts_with('-') {
            users.reverse();
        }
        users.into_iter().map(|it| it.id.0).collect()
    }

    fn is_twin(&self, id: Uuid) -> bool {
        let mut users = self.users.iter();
        users.any(|it| it.id.0 == id && it.display_name.as_str() == "Twin")
    }
}

/// Everybody from the first page to the last.
async fn walk(client: &Client, query: &str) -> Vec<Uuid> {
    let first = client.list_users(query).await;
    let mut walked = ids(&first.ok());
    walked.extend(walk_on(client, query, &first.ok()).await);
    walked
}

/// Everybody behind that page.
async fn walk_on(client: &Client, query: &str, page: &Value) -> Vec<Uuid> {
    let mut walked = Vec::new();
    let mut next = cursor_of(page);
    while let Some(cursor) = next {
        let answer = client.list_users(&format!("{query}&cursor={cursor}")).await;
        let page = answer.ok();
        assert!(!ids(&page).is_empty(), "there was more");
        walked.extend(ids(&page));
        next = cursor_of(&page);
        let link = next_of(&answer).unwrap_or_default();
        let linked = link.rsplit_once("cursor=").map(|(_, it)| it.to_owned());
        assert_eq!(linked, next);
    }
    walked
}

/// Where the next page begins. What the page says about it agrees.
#[track_caller]
fn cursor_of(page: &Value) -> Option<String> {
    let cursor = page["page"]["next_cursor"].as_str().map(str::to_owned);
    assert_eq!(page["page"]["has_more"], cursor.is_some());
    cursor
}

/// The address behind `rel="next"`.
#[track_caller]
fn next_of(answer: &Answer) -> Option<String> {
    let link = answer.header("link")?;
    let address = link.strip_prefix('<');
    let address = address.and_then(|it| it.strip_suffix(">; rel=\"next\""));
    Some(address.expect("it leads to the next page").to_owned())
}

#[track_caller]
fn is_refused(refused: &Answer) {
    refused.is_problem(400, "invalid_parameter");
    assert_eq!(refused.faults(), [("cursor".into(), "invalid".into())]);
}
