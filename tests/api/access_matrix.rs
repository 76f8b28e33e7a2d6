//! Who may call what, as a table. Operations come from the document, and `docs/access-matrix.md` is what a review sees: whoever
//! opens an operation to somebody else changes a line there.

use std::fmt::Write as _;

use api::Operation;
use domain::roles::Permission;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, IF_MATCH};
use support::factories::projects::create_project;
use support::factories::users::id_of;
use support::{Answer, Client, TestApp};
use uuid::Uuid;

use super::access::{bare, kept_out, operations};

const TABLE: &str = include_str!("../../docs/access-matrix.md");

/// Where a table that is another one is left for whoever wants it.
const RENEWED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/access-matrix.md");

#[tokio::test]
async fn the_table_says_who_may_call_what() {
    let app = TestApp::start().await;
    let mut table = HEAD.to_owned();

    let mut operations = operations();
    operations.sort_by_key(|it| (it.path.clone(), it.method.to_string()));
    for operation in operations {
        let row = row(&app, &operation).await;
        writeln!(table, "{row}").expect("memory takes it");
    }

    if table != TABLE {
        leave(&table);
    }
    assert_eq!(
        table, TABLE,
        "docs/access-matrix.md says something else. If this is what is wanted: cp target/access-matrix.md docs/"
    );
}

const HEAD: &str = "\
# Who may call what

Made by `tests/api/access_matrix.rs`, which calls every operation of the document as everybody below and compares. `in`: it was
asked, whatever it said. Anything else is the refusal. `-`: there is no such caller.

- *broken*: a token that is none. *member*: signed in, without any permission.
- *recent*: how many seconds ago the password may have been given at most; everybody here has given it a moment ago.
- *all but*: every permission but the one that is asked for. *only*: that one alone.
- *bare key*: an API key of an administrator, without a scope. *key*: with the one that the operation asks for.
- *stranger*: a member, on a thing that is somebody else's own, with all that the request needs.

| operation | permission | recent | nobody | broken | member | all but | only | bare key | key | stranger |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
";

async fn row(app: &TestApp, operation: &Operation) -> String {
    let needed = operation.permission.as_deref();
    let needed = needed.map(|it| Permission::parse(it).expect("the document names a permission"));
    let anonymous = app.anonymous();
    let mut cells = vec![
        called(&anonymous, operation).await,
        called(&anonymous.with_token("x"), operation).await,
        // Each is somebody new: some of the operations sign out.
        called(&app.member().await, operation).await,
    ];
    if let Some(needed) = needed {
        let all = Permission::ALL.iter().copied();
        let others: Vec<_> = all.filter(|it| *it != needed).collect();
        cells.push(called(&app.holder_of(&others).await, operation).await);
        cells.push(called(&app.holder_of(&[needed]).await, operation).await);
    } else {
        cells.extend([NONE.to_owned(), NONE.to_owned()]);
    }
    let administrator = app.administrator().await;
    let (bare_key, _) = administrator.some_api_key(&[]).await;
    cells.push(called(&bare_key, operation).await);
    let scopes: Vec<_> = needed.into_iter().collect();
    let (key, _) = administrator.some_api_key(&scopes).await;
    cells.push(called(&key, operation).await);
    cells.push(by_a_stranger(app, operation).await);

    let name = needed.map_or_else(|| NONE.to_owned(), |it| format!("`{}`", it.name()));
    let recent = operation
        .max_age
        .map_or_else(|| NONE.to_owned(), |it| it.to_string());
    let Operation { method, path, .. } = operation;
    let cells = cells.join(" | ");
    format!("| {method} `{path}` | {name} | {recent} | {cells} |")
}

const NONE: &str = "-";

async fn called(client: &Client, operation: &Operation) -> String {
    told(&client.send(bare(client, operation)).await, operation)
}

fn told(answer: &Answer, operation: &Operation) -> String {
    let code = answer.problem_code().unwrap_or_default();
    let status = answer.status;
    assert!(!status.is_server_error(), "{}: {status}", operation.id);
    if kept_out(&code) {
        format!("{} `{code}`", status.as_u16())
    } else {
        "in".to_owned()
    }
}

async fn by_a_stranger(app: &TestApp, operation: &Operation) -> String {
    let owner = app.member().await;
    let Some(thing) = own_thing(&owner, &operation.path).await else {
        return NONE.to_owned();
    };
    let stranger = app.member().await;
    let method: Method = operation.method.as_str().parse().expect("a method is one");
    let path = operation.path.replace("{id}", &thing.to_string());
    let mut request = stranger.request(method, &path).header(IF_MATCH, "*");
    if operation.takes_body {
        let typed = request.header(CONTENT_TYPE, "application/merge-patch+json");
        request = typed.body("{}");
    }
    let refused = stranger.send(request).await;
    refused.is_problem(404, "not_found");
    "404 `not_found`".to_owned()
}

/// A new thing that nobody but its owner sees, of the kind that the path is about.
async fn own_thing(owner: &Client, path: &str) -> Option<Uuid> {
    let (kind, _) = path.split_once("/{id}")?;
    Some(match kind {
        "/api/v1/projects" => id_of(&owner.create_project(&create_project()).await.created()),
        "/api/v1/me/api-keys" => owner.some_api_key(&[]).await.1,
        "/api/v1/me/sessions" => id_of(&owner.list_my_sessions("").await.ok()["data"][0]),
        "/api/v1/users" | "/api/v1/roles" | "/api/v1/dead-letters" => return None,
        other => {
            panic!("{other}: whose is what is there? Make one here, or say that it is nobody's")
        }
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "it leaves a file for people, and nobody waits"
)]
fn leave(table: &str) {
    std::fs::write(RENEWED, table).expect("the target folder is there");
}
