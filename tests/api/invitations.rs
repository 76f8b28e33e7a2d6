use application::StoreError;
use chrono::TimeDelta;
use domain::roles::Permission;
use domain::users::{EmailAddress, Status, User};
use serde_json::json;
use support::factories::users::{PASSWORD, email, id_of, user};
use support::{Client, Fault, Faults, Place, TestApp};
use uuid::Uuid;

/// Somebody whom an administrator has made an account for, and the token that was mailed to them.
async fn invited(app: &TestApp, by: &Client) -> (Uuid, EmailAddress, String) {
    let address = EmailAddress::parse(&email()).expect("it is one");
    let body = json!({ "email": address.as_str(), "display_name": "Grace" });
    let id = id_of(&by.create_user(&body).await.created());
    app.deliver().await;
    let token = app.mailer.token_for(&address);
    (id, address, token)
}

async fn stored(app: &TestApp, status: Status) -> User {
    let stored = user(status);
    app.store(&stored).await;
    stored
}

#[tokio::test]
async fn who_is_invited_chooses_a_password_and_signs_in() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (id, address, token) = invited(&app, &admin).await;
    let nobody = app.anonymous();
    let early = nobody.login(address.as_str(), PASSWORD).await;
    early.is_problem(401, "sign_in_refused");

    nobody
        .accept_invitation(&token, PASSWORD)
        .await
        .no_content();

    assert_eq!(admin.get_user(id).await.ok()["status"], "active");
    nobody.login(address.as_str(), PASSWORD).await.ok();
    app.deliver().await;
    let mails = app.mailer.taken_for(&address);
    assert_eq!(mails.len(), 1, "who has just done it needs no notice of it");
}

#[tokio::test]
async fn who_has_not_answered_is_invited_again_and_either_mail_will_do() {
    let app = TestApp::start().await;
    let inviter = app.holder_of(&[Permission::UsersCreate]).await;
    let (id, address, first) = invited(&app, &inviter).await;

    inviter.invite_user(id).await.accepted();
    app.deliver().await;

    assert_ne!(app.mailer.token_for(&address), first);
    let nobody = app.anonymous();
    nobody
        .accept_invitation(&first, PASSWORD)
        .await
        .no_content();
    let other = app.mailer.token_for(&address);
    let refused = nobody.accept_invitation(&other, PASSWORD).await;
    refused.is_problem(410, "token_void");
}

#[tokio::test]
async fn only_who_is_pending_is_invited_again() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    for status in [Status::Active, Status::Deactivated] {
        let stored = stored(&app, status).await;
        let refused = admin.invite_user(stored.id.0).await;
        refused.is_problem(409, "not_pending");
    }
    let unknown = admin.invite_user(Uuid::from_u128(7)).await;

    unknown.is_problem(404, "not_found");
    assert_eq!(app.database.count("outbox_messages").await, 0);
}

#[tokio::test]
async fn nobody_is_mailed_too_often_and_who_invites_is_told() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (id, ..) = invited(&app, &admin).await;
    admin.invite_user(id).await.accepted();

    let soon = admin.invite_user(id).await;
    soon.is_problem(429, "rate_limited");
    assert_eq!(soon.header("retry-after"), Some("60"));
    assert_eq!(app.database.count("outbox_messages").await, 1);
    app.clock.advance(TimeDelta::minutes(1));
    admin.invite_user(id).await.accepted();

    assert_eq!(app.database.count("outbox_messages").await, 2);
}

/// An invitation that has expired, or went to a wrong address, must not come back to life by who may do less.
#[tokio::test]
async fn nobody_invites_who_may_do_more_than_they() {
    let app = TestApp::start().await;
    let inviter = app.holder_of(&[Permission::UsersCreate]).await;
    let mut pending = user(Status::Pending);
    pending
        .roles
        .insert(app.role(&[Permission::UsersCreate]).await);
    app.store(&pending).await;
    let more = app.role(&[Permission::UsersRead]).await;
    let beyond = [Status::Pending, Status::Active].map(|status| {
        let mut beyond = user(status);
        beyond.roles.insert(more.clone());
        beyond
    });

    for beyond in &beyond {
        app.store(beyond).await;
        let refused = inviter.invite_user(beyond.id.0).await;
        refused.is_problem(403, "beyond_own_rights");
    }
    assert_eq!(app.database.count("outbox_messages").await, 0);
    let told = "audit_events WHERE action = 'rights.exceeded'";
    assert_eq!(app.database.count(told).await, 2);

    inviter.invite_user(pending.id.0).await.accepted();
    let admin = app.administrator().await;
    admin.invite_user(beyond[0].id.0).await.accepted();
}

#[tokio::test]
async fn an_invitation_is_good_once_and_for_a_week_and_for_nothing_else() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let nobody = app.anonymous();
    let (_, _, used) = invited(&app, &admin).await;
    for refused in [
        nobody.confirm_password_reset(&used, PASSWORD).await,
        nobody.confirm_registration(&used, PASSWORD).await,
    ] {
        refused.is_problem(410, "token_void");
    }
    nobody.accept_invitation(&used, PASSWORD).await.no_content();
    let (_, _, expired) = invited(&app, &admin).await;
    app.clock.advance(TimeDelta::days(7));

    for token in [&used, &expired, "x"] {
        let refused = nobody.accept_invitation(token, PASSWORD).await;
        refused.is_problem(410, "token_void");
    }
}

#[tokio::test]
async fn an_account_that_was_shut_or_deleted_takes_no_password() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (shut, _, to_shut) = invited(&app, &admin).await;
    let (gone, _, to_gone) = invited(&app, &admin).await;
    admin.deactivate_user(shut, "*").await.ok();
    admin.delete_user(gone, "*").await.no_content();

    for token in [to_shut, to_gone] {
        let refused = app.anonymous().accept_invitation(&token, PASSWORD).await;
        refused.is_problem(410, "token_void");
    }
}

#[tokio::test]
async fn a_password_that_may_not_be_chosen_spends_no_invitation() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (_, address, token) = invited(&app, &admin).await;
    let nobody = app.anonymous();

    for weak in ["short", "passwordpassword", address.as_str()] {
        let refused = nobody.accept_invitation(&token, weak).await;
        refused.is_problem(422, "invalid");
        let told = [("/password".into(), "invalid".into())];
        assert_eq!(refused.faults(), told, "{weak}");
    }

    nobody
        .accept_invitation(&token, PASSWORD)
        .await
        .no_content();
}

#[tokio::test]
async fn what_the_database_refuses_stays_inside_and_spends_no_invitation() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within(ports)).await;
    let admin = app.administrator().await;
    let (_, _, token) = invited(&app, &admin).await;
    let pending = stored(&app, Status::Pending).await;
    let nobody = app.anonymous();

    for (fault, status, code) in [
        (StoreError::Failed("innermost".into()), 500, "internal"),
        (
            StoreError::Unavailable("innermost".into()),
            503,
            "unavailable",
        ),
    ] {
        faults.plan(Place::Begin, Fault::Answers(fault));
        let accepted = nobody.accept_invitation(&token, PASSWORD).await;
        let invited = admin.invite_user(pending.id.0).await;

        for answer in [accepted, invited] {
            let problem = answer.is_problem(status, code);
            assert!(!problem.to_string().contains("innermost"), "{problem}");
        }
        app.clock.advance(TimeDelta::minutes(1));
    }
    faults.mend();
    nobody
        .accept_invitation(&token, PASSWORD)
        .await
        .no_content();
}
