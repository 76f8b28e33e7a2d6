//! A request is judged when its head has come, and writes when its body has: whoever lost meanwhile what it came with
//! writes nothing. Here an instance stands for the time between, which has not heard of it yet.

use domain::roles::{Permission, RoleName};
use domain::users::{Status, User};
use serde_json::json;
use support::factories::api_keys::create_api_key;
use support::factories::projects::create_project;
use support::factories::roles::create_role;
use support::factories::users::{PASSWORD, create_user, email, id_of, user};
use support::{Answer, Client, Contract, TestApp};
use uuid::Uuid;

/// That there are no others, the document says.
const BY_PERMISSION: [&str; 13] = [
    "activateUser",
    "assignRoles",
    "createRole",
    "createUser",
    "deactivateUser",
    "deleteDeadLetter",
    "deleteRole",
    "deleteUser",
    "endUserSessions",
    "inviteUser",
    "retryDeadLetter",
    "updateRole",
    "updateUser",
];
const OWN: [&str; 13] = [
    "changeMyPassword",
    "createMyApiKey",
    "createProject",
    "deleteMe",
    "deleteMyApiKey",
    "deleteProject",
    "endMyOtherSessions",
    "endMySession",
    "requestEmailChange",
    "updateMe",
    "updateMyApiKey",
    "updateProject",
    "logout",
];
/// It takes the password besides.
const STEP_UP: &str = "stepUp";

struct Late {
    /// Where everything has happened.
    app: TestApp,
    /// Which has not heard of it.
    behind: TestApp,
    admin: Client,
}

impl Late {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let behind = app.beside(|ports| ports).await;
        let admin = app.administrator().await;
        Self { app, behind, admin }
    }

    fn at_behind(&self, caller: &Client) -> Client {
        self.behind.anonymous().with_token(caller.token())
    }

    /// What `caller` gets there for it, once they have lost something.
    async fn attempt(
        &self,
        operation: &str,
        caller: &Client,
        lose: impl AsyncFnOnce(&Self, &Client),
    ) -> Answer {
        let late = self.at_behind(caller);
        let other = user(Status::Active);
        match operation {
            "activateUser" => {
                let id = self.admin.some_user().await;
                lose(self, caller).await;
                late.activate_user(id, "*").await
            }
            "assignRoles" => {
                // Oneself: so nobody gets back what they have lost.
                lose(self, caller).await;
                let roles = json!({ "roles": ["administrator", "member"] });
                late.assign_roles(caller.id(), "*", &roles).await
            }
            "createRole" => {
                lose(self, caller).await;
                late.create_role(&create_role()).await
            }
            "createUser" => {
                lose(self, caller).await;
                late.create_user(&create_user()).await
            }
            "deleteDeadLetter" | "retryDeadLetter" => {
                let letter = self.app.some_dead_letter().await;
                lose(self, caller).await;
                if operation == "retryDeadLetter" {
                    late.retry_dead_letter(letter).await
                } else {
                    late.delete_dead_letter(letter).await
                }
            }
            "deleteRole" | "updateRole" => {
                let role = id_of(&self.admin.create_role(&create_role()).await.created());
                lose(self, caller).await;
                if operation == "deleteRole" {
                    late.delete_role(role, "*").await
                } else {
                    let described = json!({ "description": "Reads" });
                    late.update_role(role, "*", &described).await
                }
            }
            "deactivateUser" | "deleteUser" | "endUserSessions" | "updateUser" => {
                self.app.store(&other).await;
                lose(self, caller).await;
                to_user(&late, operation, other.id.0).await
            }
            "inviteUser" => {
                let pending = user(Status::Pending);
                self.app.store(&pending).await;
                lose(self, caller).await;
                late.invite_user(pending.id.0).await
            }
            own => {
                let thing = own_thing(caller, own).await;
                lose(self, caller).await;
                to_own(&late, own, thing).await
            }
        }
    }
}

async fn to_user(late: &Client, operation: &str, id: Uuid) -> Answer {
    match operation {
        "deactivateUser" => late.deactivate_user(id, "*").await,
        "deleteUser" => late.delete_user(id, "*").await,
        "endUserSessions" => late.end_user_sessions(id).await,
        _ => {
            let renamed = json!({ "display_name": "Countess" });
            late.update_user(id, "*", &renamed).await
        }
    }
}

/// What it is about, where there has to be something.
async fn own_thing(caller: &Client, operation: &str) -> Uuid {
    match operation {
        "deleteMyApiKey" | "updateMyApiKey" => caller.some_api_key(&[]).await.1,
        "deleteProject" | "updateProject" => {
            id_of(&caller.create_project(&create_project()).await.created())
        }
        _ => Uuid::nil(),
    }
}

async fn to_own(late: &Client, operation: &str, thing: Uuid) -> Answer {
    match operation {
        "changeMyPassword" => {
            let new = "mortar, lime and sand";
            late.change_my_password(PASSWORD, new).await
        }
        "createMyApiKey" => {
            let key = create_api_key(&[Permission::UsersRead]);
            late.create_my_api_key(&key).await
        }
        "createProject" => late.create_project(&create_project()).await,
        "deleteMe" => late.delete_me("*").await,
        "deleteMyApiKey" => late.delete_my_api_key(thing, "*").await,
        "deleteProject" => late.delete_project(thing, "*").await,
        "endMyOtherSessions" => late.end_my_other_sessions().await,
        "endMySession" => late.end_my_session(thing).await,
        "requestEmailChange" => late.request_email_change(&email()).await,
        "updateMe" => {
            let renamed = json!({ "display_name": "Countess" });
            late.update_me("*", &renamed).await
        }
        "updateMyApiKey" => {
            let renamed = json!({ "name": "Nightly" });
            late.update_my_api_key(thing, "*", &renamed).await
        }
        "updateProject" => {
            let archived = json!({ "status": "archived" });
            late.update_project(thing, "*", &archived).await
        }
        "logout" => late.logout().await,
        STEP_UP => late.step_up(PASSWORD).await,
        other => panic!("{other} writes: do it here, and see that whoever may no more cannot"),
    }
}

#[tokio::test]
async fn these_are_all_that_write_for_somebody_who_is_signed_in() {
    let mut known: Vec<_> = BY_PERMISSION.iter().chain(&OWN).copied().collect();
    known.push(STEP_UP);
    known.sort_unstable();

    let operations = Contract::ours().operations();
    let writing = operations.filter(|it| it.method.as_str() != "GET" && !it.public);
    let mut writing: Vec<_> = writing.map(|it| &*it.id).collect();
    // It reads; a token must not be in an address.
    writing.retain(|it| *it != "introspectToken");
    writing.sort_unstable();

    assert_eq!(known, writing);
}

#[tokio::test]
async fn whose_session_has_ended_writes_nothing_with_it() {
    let late = Late::new().await;
    for operation in BY_PERMISSION.into_iter().chain(OWN).chain([STEP_UP]) {
        let caller = late.app.administrator().await;

        let answer = late
            .attempt(operation, &caller, async |_, caller| {
                caller.logout().await.no_content();
            })
            .await;

        assert_eq!(answer.status, 401, "{operation}: {}", answer.status);
        answer.is_problem(401, "invalid_token");
    }
}

#[tokio::test]
async fn whose_session_has_ended_is_not_told_what_there_is() {
    let late = Late::new().await;
    let caller = late.app.administrator().await;
    let there = late.at_behind(&caller);
    caller.logout().await.no_content();

    let nothing = late.app.ports.ids.next();
    let described = json!({ "description": "Reads" });
    let roles = json!({ "roles": ["member"] });
    for answer in [
        there.activate_user(nothing, "*").await,
        there.assign_roles(nothing, "*", &roles).await,
        there.update_role(nothing, "*", &described).await,
        there.invite_user(nothing).await,
    ] {
        answer.is_problem(401, "invalid_token");
    }
}

#[tokio::test]
async fn who_has_lost_a_permission_writes_nothing_by_it() {
    let late = Late::new().await;
    for operation in BY_PERMISSION.into_iter().chain(["createMyApiKey", STEP_UP]) {
        let caller = late.app.administrator().await;

        let answer = late
            .attempt(operation, &caller, async |late, caller| {
                let member = json!({ "roles": ["member"] });
                late.admin
                    .assign_roles(caller.id(), "*", &member)
                    .await
                    .ok();
            })
            .await;

        assert_eq!(answer.status, 401, "{operation}: {}", answer.status);
        answer.is_problem(401, "invalid_token");
    }
}

#[tokio::test]
async fn what_a_key_that_is_gone_or_narrowed_asked_for_is_not_done() {
    let late = Late::new().await;
    let operations = BY_PERMISSION.into_iter();
    for operation in operations.chain(["createProject", "updateMe"]) {
        for narrowed in [false, true] {
            let mut owner: User = user(Status::Active);
            owner.roles.insert(RoleName::administrator());
            let owner = late.app.sign_in(&owner).await;
            let (program, key) = owner.some_api_key(Permission::ALL).await;
            // It is known there.
            late.at_behind(&program).get_me().await.ok();

            let answer = late
                .attempt(operation, &program, async |_, _| {
                    if narrowed {
                        let fewer = json!({ "scopes": ["users:read"] });
                        owner.update_my_api_key(key, "*", &fewer).await.ok();
                    } else {
                        owner.delete_my_api_key(key, "*").await.no_content();
                    }
                })
                .await;

            assert_eq!(answer.status, 401, "{operation}: {}", answer.status);
            answer.is_problem(401, "invalid_token");
        }
    }
}
