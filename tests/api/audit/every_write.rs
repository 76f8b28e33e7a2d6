//! Every operation that writes leaves an event. They come from the document: a new one fails here until somebody
//! has said how it succeeds, and it has left an event.

use api::Operation;
use domain::roles::RoleName;
use domain::users::{EmailAddress, Status, User};
use serde_json::json;
use support::factories::api_keys::create_api_key;
use support::factories::projects::create_project;
use support::factories::roles::create_role;
use support::factories::users::{PASSWORD, create_user, email, id_of, user};
use support::{Answer, Client, Contract, TestApp, TestDatabase};
use uuid::Uuid;

const PAGE: &str = "https://app.example.org";

#[tokio::test]
async fn every_operation_that_writes_is_written_down() {
    let app = TestApp::start_with(&[("ASHLAR__CORS__ALLOWED_ORIGINS", PAGE)], |ports| ports).await;
    let admin = app.administrator().await;

    for operation in writing() {
        let done = succeed(&app, &admin, &operation.id).await;

        let id = &operation.id;
        assert!(done.status.is_success(), "{id}: {}", done.status);
        assert!(events_of(&app, &done).await > 0, "{id} leaves no event");
    }
}

fn writing() -> impl Iterator<Item = &'static Operation> {
    let operations = Contract::ours().operations();
    // It reads; a token must not be in an address.
    operations.filter(|it| it.method.as_str() != "GET" && &*it.id != "introspectToken")
}

/// Each does it once, as an administrator, as a member, or on the way in.
async fn succeed(app: &TestApp, admin: &Client, operation: &str) -> Answer {
    let ada = user(Status::Active);
    let id = ada.id.0;
    match operation {
        "activateUser" => {
            let id = admin.some_user().await;
            admin.activate_user(id, "*").await
        }
        "assignRoles" => {
            app.store(&ada).await;
            let roles = json!({ "roles": ["administrator"] });
            admin.assign_roles(id, "*", &roles).await
        }
        "createRole" => admin.create_role(&create_role()).await,
        "createUser" => admin.create_user(&create_user()).await,
        "deactivateUser" => {
            app.store(&ada).await;
            admin.deactivate_user(id, "*").await
        }
        "deleteDeadLetter" => {
            let letter = app.some_dead_letter().await;
            admin.delete_dead_letter(letter).await
        }
        "deleteRole" => admin.delete_role(a_role(admin).await, "*").await,
        "deleteUser" => {
            app.store(&ada).await;
            admin.delete_user(id, "*").await
        }
        "endUserSessions" => {
            app.store(&ada).await;
            admin.end_user_sessions(id).await
        }
        "inviteUser" => {
            let waiting = user(Status::Pending);
            app.store(&waiting).await;
            admin.invite_user(waiting.id.0).await
        }
        "retryDeadLetter" => {
            let letter = app.some_dead_letter().await;
            admin.retry_dead_letter(letter).await
        }
        "updateRole" => {
            let described = json!({ "description": "Reads" });
            admin
                .update_role(a_role(admin).await, "*", &described)
                .await
        }
        "updateUser" => {
            app.store(&ada).await;
            let renamed = json!({ "display_name": "Countess" });
            admin.update_user(id, "*", &renamed).await
        }
        other => succeed_with_own(app, &ada, other).await,
    }
}

async fn succeed_with_own(app: &TestApp, ada: &User, operation: &str) -> Answer {
    match operation {
        "changeMyPassword" => {
            let caller = app.sign_in(ada).await;
            let new = "mortar, lime and sand";
            caller.change_my_password(PASSWORD, new).await
        }
        "createMyApiKey" => {
            let key = create_api_key(&[]);
            app.sign_in(ada).await.create_my_api_key(&key).await
        }
        "createProject" => {
            app.sign_in(ada)
                .await
                .create_project(&create_project())
                .await
        }
        "deleteMe" => app.sign_in(ada).await.delete_me("*").await,
        "deleteMyApiKey" => {
            let caller = app.sign_in(ada).await;
            let (_, key) = caller.some_api_key(&[]).await;
            caller.delete_my_api_key(key, "*").await
        }
        "deleteProject" => {
            let caller = app.sign_in(ada).await;
            let id = a_project(&caller).await;
            caller.delete_project(id, "*").await
        }
        "endMyOtherSessions" => {
            let caller = app.sign_in(ada).await;
            app.session_of(ada).await;
            caller.end_my_other_sessions().await
        }
        "endMySession" => {
            let caller = app.sign_in(ada).await;
            let listed = caller.list_my_sessions("").await.ok();
            caller.end_my_session(id_of(&listed["data"][0])).await
        }
        "updateMe" => {
            let caller = app.sign_in(ada).await;
            let renamed = json!({ "display_name": "Countess" });
            caller.update_me("*", &renamed).await
        }
        "updateMyApiKey" => {
            let caller = app.sign_in(ada).await;
            let (_, key) = caller.some_api_key(&[]).await;
            let renamed = json!({ "name": "Nightly" });
            caller.update_my_api_key(key, "*", &renamed).await
        }
        "updateProject" => {
            let caller = app.sign_in(ada).await;
            let id = a_project(&caller).await;
            let archived = json!({ "status": "archived" });
            caller.update_project(id, "*", &archived).await
        }
        "requestEmailChange" => {
            let caller = app.sign_in(ada).await;
            caller.request_email_change(&email()).await
        }
        other => succeed_on_the_way_in(app, ada, other).await,
    }
}

async fn succeed_on_the_way_in(app: &TestApp, ada: &User, operation: &str) -> Answer {
    match operation {
        "acceptInvitation" => invitation_accepted(app, ada).await,
        "cancelEmailChange" => {
            change_asked_for(app, ada).await;
            let token = app.mailer.token_for(&ada.email);
            app.anonymous().cancel_email_change(&token).await
        }
        "confirmEmailChange" => {
            let new = change_asked_for(app, ada).await;
            let token = app.mailer.token_for(&new);
            app.anonymous().confirm_email_change(&token).await
        }
        "confirmRegistration" => registration_confirmed(app, ada).await,
        "confirmPasswordReset" => reset_confirmed(app, ada).await,
        "login" => signed_in(app, ada).await,
        "logout" => app.sign_in(ada).await.logout().await,
        "refreshSession" => {
            let token = refresh_token(app, ada).await;
            app.anonymous().refresh_session(PAGE, &token).await
        }
        "refreshTokens" => {
            let token = refresh_token(app, ada).await;
            app.anonymous().refresh(&token).await
        }
        "requestRegistration" => {
            let address = ada.email.as_str();
            app.anonymous().request_registration(address).await
        }
        "requestPasswordReset" => reset_requested(app, ada).await,
        "revokeToken" => {
            let token = refresh_token(app, ada).await;
            app.anonymous().revoke_token(&[("token", &token)]).await
        }
        "stepUp" => app.sign_in(ada).await.step_up(PASSWORD).await,
        other => panic!("{other} writes: do it here, and see that it is written down"),
    }
}

async fn a_project(owner: &Client) -> Uuid {
    id_of(&owner.create_project(&create_project()).await.created())
}

async fn a_role(admin: &Client) -> Uuid {
    id_of(&admin.create_role(&create_role()).await.created())
}

async fn signed_in(app: &TestApp, user: &User) -> Answer {
    app.store(user).await;
    app.anonymous().login(user.email.as_str(), PASSWORD).await
}

async fn reset_requested(app: &TestApp, user: &User) -> Answer {
    app.store(user).await;
    let address = user.email.as_str();
    app.anonymous().request_password_reset(address).await
}

async fn reset_confirmed(app: &TestApp, user: &User) -> Answer {
    reset_requested(app, user).await.accepted();
    app.deliver().await;
    let (token, new) = (app.mailer.token_for(&user.email), "mortar, lime and sand");
    app.anonymous().confirm_password_reset(&token, new).await
}

async fn invitation_accepted(app: &TestApp, user: &User) -> Answer {
    let address = user.email.as_str();
    let body = json!({ "email": address, "display_name": "Grace" });
    app.administrator().await.create_user(&body).await.created();
    app.deliver().await;
    let token = app.mailer.token_for(&user.email);
    app.anonymous().accept_invitation(&token, PASSWORD).await
}

/// The address that it is to be.
async fn change_asked_for(app: &TestApp, user: &User) -> EmailAddress {
    let new = EmailAddress::parse(&email()).expect("it is one");
    let caller = app.sign_in(user).await;
    caller.request_email_change(new.as_str()).await.accepted();
    app.deliver().await;
    new
}

async fn registration_confirmed(app: &TestApp, user: &User) -> Answer {
    let address = user.email.as_str();
    let asked = app.anonymous().request_registration(address).await;
    asked.accepted();
    app.deliver().await;
    let token = app.mailer.token_for(&user.email);
    app.anonymous().confirm_registration(&token, PASSWORD).await
}

async fn refresh_token(app: &TestApp, user: &User) -> String {
    let tokens = signed_in(app, user).await.ok();
    let token = tokens["refresh_token"].as_str();
    token.expect("a sign-in answers one").to_owned()
}

async fn events_of(app: &TestApp, answer: &Answer) -> i64 {
    let id = answer.header("x-request-id").expect("every answer has it");
    let id = TestDatabase::literal(id.parse().expect("it is a UUID"));
    let rows = format!("audit_events WHERE request_id = {id}");
    app.database.count(&rows).await
}

/// The rows outlive those whom they tell of.
#[tokio::test]
async fn no_event_holds_a_name_an_address_or_a_secret() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let mut ada = user(Status::Active);
    ada.roles.insert(RoleName::administrator());
    let token = refresh_token(&app, &ada).await;
    let address = ada.email.as_str();
    app.anonymous().request_password_reset(address).await;
    app.anonymous().login(address, "not the password").await;
    let body = json!({ "email": address, "display_name": "Somebody" });
    admin
        .create_user(&body)
        .await
        .is_problem(409, "email_taken");
    app.anonymous().refresh(&token).await.ok();
    admin.delete_user(ada.id.0, "*").await.no_content();

    let listed = admin.list_audit_events("limit=100").await.ok();

    let text = listed.to_string();
    assert!(text.contains(&ada.id.0.to_string()), "{text}");
    for secret in [
        address,
        ada.display_name.as_str(),
        "Somebody",
        PASSWORD,
        "not the password",
        &token,
    ] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}
