//! Who may call what. Operations, and the permissions that they ask for, come from the document:
//! a new one is judged here as soon as it is in it.

use api::{Operation, Operations};
use chrono::TimeDelta;
use domain::roles::Permission;
use domain::users::UserId;
use reqwest::header::AUTHORIZATION;
use reqwest::{Method, RequestBuilder};
use support::{Answer, Client, TestApp, origin};
use uuid::Uuid;

/// Nothing has this id.
const NOTHING: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_ffff);

#[tokio::test]
async fn nobody_gets_in_without_a_token() {
    let app = TestApp::start().await;

    for operation in secured() {
        let refused = call(&app.anonymous(), &operation).await;

        refused.is_problem(401, "unauthenticated");
        assert_eq!(challenge(&refused), "Bearer realm=\"ashlar\"");
    }
}

#[tokio::test]
async fn nonsense_is_no_token() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (unsigned, _) = admin.token().rsplit_once('.').unwrap();
    let token = admin.token();

    for operation in secured() {
        for header in [
            "Bearer".to_owned(),
            "Bearer ".to_owned(),
            "Bearer x".to_owned(),
            "Bearer a.b.c".to_owned(),
            format!("Bearer {unsigned}."),
            format!("Bearer {unsigned}"),
            format!("Bearer {token}x"),
            format!("Bearer {token} {token}"),
            format!("Bearer {token}, Bearer {token}"),
        ] {
            let request = bare(&app.anonymous(), &operation);
            let request = request.header(AUTHORIZATION, header);

            is_invalid(&app.anonymous().send(request).await);
        }
        for header in [
            format!("Basic {token}"),
            format!("Bearer{token}"),
            token.to_owned(),
        ] {
            let request = bare(&app.anonymous(), &operation);
            let request = request.header(AUTHORIZATION, header);

            let refused = app.anonymous().send(request).await;

            refused.is_problem(401, "unauthenticated");
        }
    }
}

#[tokio::test]
async fn two_tokens_are_none() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    for operation in secured() {
        let twice = format!("Bearer {}", admin.token());
        let request = bare(&admin, &operation).header(AUTHORIZATION, twice);

        is_invalid(&admin.send(request).await);
    }
}

#[tokio::test]
async fn a_token_of_another_server_is_none() {
    let app = TestApp::start().await;
    let elsewhere = TestApp::start().await;
    let stranger = elsewhere.administrator().await;

    for operation in secured() {
        let refused = call(&app.anonymous().with_token(stranger.token()), &operation).await;

        is_invalid(&refused);
    }
}

#[tokio::test]
async fn the_token_of_a_session_that_has_ended_is_void() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    admin.get_me().await.ok();

    let mut tx = app.ports.database.begin(&origin()).await.unwrap();
    let now = application::Clock::now(&*app.clock);
    let ended = tx.sessions_mut().end_all(UserId(admin.id()), now).await;
    ended.unwrap();
    tx.commit().await.unwrap();

    for operation in secured() {
        is_invalid(&call(&admin, &operation).await);
    }
}

#[tokio::test]
async fn a_token_is_void_when_its_time_is_over() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    // Its seconds are whole ones: it may end a fraction early, and never late.
    app.clock
        .advance(TimeDelta::minutes(10) - TimeDelta::seconds(1));
    admin.get_me().await.ok();
    app.clock.advance(TimeDelta::seconds(1));

    for operation in secured() {
        is_invalid(&call(&admin, &operation).await);
    }
}

#[tokio::test]
async fn head_needs_what_get_needs() {
    let app = TestApp::start().await;
    let member = app.member().await;

    for operation in secured().filter(|it| it.method.as_str() == "GET") {
        let head = |client: &Client| client.request(Method::HEAD, &path(&operation));

        let nobody = app.anonymous();
        assert_eq!(nobody.send(head(&nobody)).await.status, 401);
        if operation.permission.is_some() {
            let refused = member.send(head(&member)).await;
            assert_eq!(refused.status, 403, "{}", operation.id);
        }
    }
}

#[tokio::test]
async fn a_missing_permission_is_named_to_who_has_none() {
    let app = TestApp::start().await;
    let member = app.member().await;

    for (operation, permission) in permitted() {
        let refused = call(&member, &operation).await;

        is_insufficient(&refused, permission);
    }
}

#[tokio::test]
async fn every_other_permission_is_not_the_right_one() {
    let app = TestApp::start().await;

    for permission in Permission::ALL {
        let others: Vec<_> = Permission::ALL
            .iter()
            .copied()
            .filter(|it| it != permission)
            .collect();
        let holder = app.holder_of(&others).await;
        for (operation, _) in permitted().filter(|(_, needed)| needed == permission) {
            let refused = call(&holder, &operation).await;

            is_insufficient(&refused, *permission);
        }
    }
}

#[tokio::test]
async fn the_right_permission_is_enough() {
    let app = TestApp::start().await;

    for permission in Permission::ALL {
        let holder = app.holder_of(&[*permission]).await;
        for (operation, _) in permitted().filter(|(_, needed)| needed == permission) {
            is_let_in(&call(&holder, &operation).await, &operation);
        }
    }
}

#[tokio::test]
async fn what_asks_for_no_permission_is_open_to_every_member() {
    let app = TestApp::start().await;

    for operation in secured().filter(|it| it.permission.is_none()) {
        // One of them signs out.
        let member = app.member().await;
        is_let_in(&call(&member, &operation).await, &operation);
    }
}

#[tokio::test]
async fn what_is_public_asks_nobody_who_they_are() {
    let app = TestApp::start().await;
    let nonsense = app.anonymous().with_token("x");

    for operation in operations().into_iter().filter(|it| it.public) {
        for client in [app.anonymous(), nonsense.clone()] {
            is_let_in(&call(&client, &operation).await, &operation);
        }
    }
}

#[tokio::test]
async fn every_permission_opens_something() {
    for permission in Permission::ALL {
        assert!(
            permitted().any(|(_, needed)| needed == *permission)
                || widened().any(|(_, wider)| wider == *permission),
            "{} opens nothing",
            permission.name()
        );
    }
}

#[tokio::test]
async fn a_password_given_too_long_ago_is_asked_for_where_the_document_says_so() {
    let app = TestApp::start().await;

    for operation in secured() {
        // One of them signs out.
        let admin = app.administrator().await;
        // The token says whole seconds, rounded down.
        app.clock.advance(TimeDelta::seconds(299));
        let recent = call(&admin, &operation).await;
        let admin = app.administrator().await;
        app.clock.advance(TimeDelta::seconds(301));
        let late = call(&admin, &operation).await;

        is_let_in(&recent, &operation);
        if operation.max_age.is_some() {
            late.is_problem(401, "insufficient_user_authentication");
            assert_eq!(
                challenge(&late),
                "Bearer realm=\"ashlar\", error=\"insufficient_user_authentication\", \
                 error_description=\"the password was given too long ago\", max_age=\"300\""
            );
        } else {
            is_let_in(&late, &operation);
        }
    }
    assert!(secured().any(|it| it.max_age == Some(300)));
}

/// Every operation, with a key that may do everything: the extractor says who may, and the document who is told so.
#[tokio::test]
async fn an_api_key_opens_what_the_document_says_and_nothing_else() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (program, _) = admin.some_api_key(Permission::ALL).await;

    for operation in secured() {
        let answer = call(&program, &operation).await;

        if operation.takes_api_key() {
            is_let_in(&answer, &operation);
        } else {
            answer.is_problem(403, "session_required");
        }
    }
    assert!(secured().any(|it| it.takes_api_key()) && secured().any(|it| !it.takes_api_key()));
    // Who needs a permission may come with a key that has it.
    assert!(permitted().all(|(it, _)| it.takes_api_key()));
}

#[tokio::test]
async fn a_missing_scope_is_named_to_a_key_whose_owner_has_it() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (program, _) = admin.some_api_key(&[]).await;

    for (operation, permission) in permitted() {
        is_insufficient(&call(&program, &operation).await, permission);
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let operations = Operations::of(&api::document());
    let mut all: Vec<_> = operations.iter().cloned().collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    assert!(!all.is_empty(), "the document has operations");
    all
}

fn secured() -> impl Iterator<Item = Operation> {
    operations().into_iter().filter(|it| !it.public)
}

/// The operations that ask for a permission, each with it.
fn permitted() -> impl Iterator<Item = (Operation, Permission)> {
    secured().filter_map(|operation| {
        let name = operation.permission.as_deref()?;
        let permission = Permission::parse(name).expect("the document names a permission");
        Some((operation, permission))
    })
}

/// The operations that a permission shows more of, each with it.
fn widened() -> impl Iterator<Item = (Operation, Permission)> {
    secured().filter_map(|operation| {
        let name = operation.widened_by.as_deref()?;
        let permission = Permission::parse(name).expect("the document names a permission");
        Some((operation, permission))
    })
}

/// The operation on things that nobody has, without anything that it needs but the token.
pub(super) fn bare(client: &Client, operation: &Operation) -> RequestBuilder {
    let method = operation.method.as_str().parse().expect("a method is one");
    client.request(method, &path(operation))
}

async fn call(client: &Client, operation: &Operation) -> Answer {
    client.send(bare(client, operation)).await
}

fn path(operation: &Operation) -> String {
    let segments = operation.path.split('/').map(|it| {
        if it.starts_with('{') {
            NOTHING.to_string()
        } else {
            it.to_owned()
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[track_caller]
fn is_invalid(refused: &Answer) {
    refused.is_problem(401, "invalid_token");
    assert_eq!(
        challenge(refused),
        "Bearer realm=\"ashlar\", error=\"invalid_token\""
    );
}

#[track_caller]
fn is_insufficient(refused: &Answer, permission: Permission) {
    let name = permission.name();
    let problem = refused.is_problem(403, "insufficient_scope");
    let detail = problem["detail"].as_str();
    assert!(detail.is_some_and(|it| it.contains(name)), "{problem}");
    assert_eq!(
        challenge(refused),
        format!("Bearer realm=\"ashlar\", error=\"insufficient_scope\", scope=\"{name}\"")
    );
}

/// Whatever the handler says: it was asked.
#[track_caller]
fn is_let_in(answer: &Answer, operation: &Operation) {
    let (id, status) = (&operation.id, answer.status);
    let code = answer.problem_code().unwrap_or_default();
    assert!(
        !kept_out(&code) && !status.is_server_error(),
        "{id}: {status} {code}"
    );
}

/// Whether it is for who they are that somebody is refused, and not for what they ask.
pub(super) fn kept_out(code: &str) -> bool {
    [
        "unauthenticated",
        "invalid_token",
        "insufficient_user_authentication",
        "insufficient_scope",
        "session_required",
    ]
    .contains(&code)
}

#[track_caller]
fn challenge(refused: &Answer) -> &str {
    let challenge = refused.header("www-authenticate");
    challenge.expect("a refusal says how to get in")
}
