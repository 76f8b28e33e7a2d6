use serde_json::json;

use super::*;

/// One operation with a parameter, a body and an answer.
fn document() -> Value {
    json!({
        "paths": { "/users": { "post": {
            "operationId": "createUser",
            "x-permission": "users:create",
            "security": [{ "access_token": [] }],
            "parameters": [{ "in": "query", "name": "q", "required": false, "schema": { "type": "string", "maxLength": 9 } }],
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/CreateUser" } } } },
            "responses": {
                "201": {
                    "headers": { "ETag": {} },
                    "content": { "application/json": { "schema": { "$ref": "#/components/schemas/User" } } }
                },
                "409": { "$ref": "#/components/responses/taken" }
            }
        } } },
        "components": {
            "responses": { "taken": { "content": { "application/problem+json": { "schema": {
                "properties": { "code": { "enum": ["taken"] } }
            } } } } },
            "schemas": {
                "CreateUser": {
                    "type": "object",
                    "required": ["email"],
                    "properties": { "email": { "type": "string", "maxLength": 254 }, "role": { "enum": ["a", "b"] } }
                },
                "User": {
                    "type": "object",
                    "required": ["id"],
                    "properties": { "id": { "type": "string" }, "status": { "enum": ["active"] } }
                }
            }
        }
    })
}

const OPERATION: &str = "/paths/~1users/post";
const BODY: &str = "/components/schemas/CreateUser";
const ANSWER: &str = "/components/schemas/User";

/// What a change of the value at a place is called.
fn changed(place: &str, to: Value) -> Changes {
    let mut now = document();
    let (parent, name) = place.rsplit_once('/').unwrap();
    match now.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = to,
        parent => parent[name] = to,
    }
    between(&document(), &now)
}

fn without(place: &str) -> Changes {
    let mut now = document();
    let (parent, name) = place.rsplit_once('/').unwrap();
    let parent = now.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    parent.remove(&name.replace("~1", "/")).unwrap();
    between(&document(), &now)
}

#[track_caller]
fn breaks(changes: &Changes, change: &str) {
    assert_eq!(changes.breaking, [format!("POST /users{change}")]);
    assert_eq!(changes.additive, [""; 0]);
}

#[track_caller]
fn adds(changes: &Changes, change: &str) {
    assert_eq!(changes.additive, [format!("POST /users{change}")]);
    assert_eq!(changes.breaking, [""; 0]);
}

#[test]
fn the_same_document_has_no_changes() {
    assert!(between(&document(), &document()).is_empty());
}

#[test]
fn what_people_read_is_no_change() {
    let changes = changed(&format!("{OPERATION}/description"), json!("other words"));

    assert!(changes.is_empty());
}

#[test]
fn operations_come_and_go() {
    breaks(&without("/paths/~1users"), ": gone");

    let mut now = document();
    now["paths"]["/users"]["get"] = json!({ "operationId": "listUsers" });
    let changes = between(&document(), &now);
    assert_eq!(changes.additive, ["GET /users: new"]);
}

#[test]
fn names_permissions_and_tokens_are_frozen() {
    let changes = changed(&format!("{OPERATION}/operationId"), json!("makeUser"));
    breaks(&changes, ": operationId createUser is makeUser now");
    let changes = changed(&format!("{OPERATION}/x-permission"), json!("users:update"));
    breaks(&changes, ": permission users:create is users:update now");

    let changes = changed(&format!("{OPERATION}/security"), json!([{}]));
    adds(&changes, ": needs no token any more");
}

#[test]
fn another_kind_of_token_may_come_and_none_may_go() {
    let security = format!("{OPERATION}/security");
    let (token, key) = (json!({ "access_token": [] }), json!({ "api_key": [] }));

    let more = changed(&security, json!([token, key]));
    adds(&more, ": takes another kind of token");
    let other = changed(&security, json!([key]));
    breaks(&other, ": does not take every kind of token any more");
    let mut public = document();
    *public.pointer_mut(&security).unwrap() = json!([{}]);
    breaks(&between(&public, &document()), ": needs a token now");
}

#[test]
fn parameters_may_ask_less_and_not_more() {
    let parameters = format!("{OPERATION}/parameters");
    breaks(
        &changed(&parameters, json!([])),
        ": query parameter q is gone",
    );
    let more = |required: bool| {
        let mut all = document().pointer(&parameters).unwrap().clone();
        let new = json!({ "in": "header", "name": "If-Match", "required": required, "schema": {} });
        all.as_array_mut().unwrap().push(new);
        changed(&parameters, all)
    };
    breaks(
        &more(true),
        ": header parameter If-Match is new, and required",
    );
    adds(
        &more(false),
        ": header parameter If-Match is new, and optional",
    );

    let first = format!("{parameters}/0");
    let changes = changed(&format!("{first}/required"), json!(true));
    breaks(&changes, ": query parameter q is required now");
    let changes = changed(&format!("{first}/schema/maxLength"), json!(8));
    breaks(&changes, ": query parameter q: maxLength 9 is 8 now");
    let changes = changed(&format!("{first}/schema/maxLength"), json!(10));
    adds(&changes, ": query parameter q: maxLength 9 is 10 now");
    let changes = changed(&format!("{first}/schema/pattern"), json!("^a$"));
    breaks(&changes, ": query parameter q: pattern (none) is ^a$ now");
}

#[test]
fn bodies_may_ask_less_and_not_more() {
    let changes = changed(&format!("{BODY}/required"), json!(["email", "role"]));
    breaks(&changes, ": body/role is required now");
    adds(
        &changed(&format!("{BODY}/required"), json!([])),
        ": body/email is optional now",
    );
    breaks(
        &without(&format!("{BODY}/properties/role")),
        ": body/role is gone",
    );
    let changes = changed(
        &format!("{BODY}/properties/name"),
        json!({ "type": "string" }),
    );
    adds(&changes, ": body/name is new, and optional");
    let changes = changed(&format!("{BODY}/properties/role/enum"), json!(["a"]));
    breaks(&changes, ": body/role: b is no value any more");
    let changes = changed(
        &format!("{BODY}/properties/role/enum"),
        json!(["a", "b", "c"]),
    );
    adds(&changes, ": body/role: c is a new value");
    let changes = changed(&format!("{BODY}/properties/email/type"), json!("integer"));
    breaks(&changes, ": body/email: type string is integer now");
}

#[test]
fn answers_may_give_more_and_not_less() {
    breaks(
        &without(&format!("{ANSWER}/properties/status")),
        ": 201/status is gone",
    );
    breaks(
        &changed(&format!("{ANSWER}/required"), json!([])),
        ": 201/id is optional now",
    );
    let changes = changed(
        &format!("{ANSWER}/properties/name"),
        json!({ "type": "string" }),
    );
    adds(&changes, ": 201/name is new, and optional");
    let changes = changed(
        &format!("{ANSWER}/properties/status/enum"),
        json!(["active", "pending"]),
    );
    adds(&changes, ": 201/status: pending is a new value");
    let changes = changed(&format!("{ANSWER}/properties/id/type"), json!("integer"));
    breaks(&changes, ": 201/id: type string is integer now");

    breaks(
        &without(&format!("{OPERATION}/responses/201")),
        ": never answers 201 any more",
    );
    adds(
        &without(&format!("{OPERATION}/responses/409")),
        ": never answers 409 any more",
    );
    let changes = changed(&format!("{OPERATION}/responses/503"), json!({}));
    adds(&changes, ": can answer 503 now");
    let headers = format!("{OPERATION}/responses/201/headers");
    breaks(&changed(&headers, json!({})), ": 201 has no ETag any more");
}

#[test]
fn what_happens_to_many_operations_is_told_once() {
    let mut changes: Vec<_> = (0..4)
        .map(|n| format!("GET /{n}: 406 has ETag now"))
        .collect();
    changes.push("GET /0: new".into());

    assert_eq!(
        by_what(&changes),
        ["4 operations: 406 has ETag now", "GET /0: new"]
    );
}
