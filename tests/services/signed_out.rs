//! Calls by a session that was good when they came, and is ended before they do anything.

use domain::roles::Permission;
use serde_json::json;
use support::factories::api_keys::create_api_key;
use support::factories::users::{PASSWORD, email};
use support::{Answer, Client, Fault, Faults, Place, TestApp};
use uuid::Uuid;

const ANOTHER: &str = "mortar, lime and sand";

/// What needs a recent password.
#[derive(Debug, Clone, Copy)]
enum Act {
    MakeKey,
    WidenKey,
    ChangeEmail,
    ChangePassword,
    DeleteAccount,
}

impl Act {
    const ALL: [Self; 5] = [
        Self::MakeKey,
        Self::WidenKey,
        Self::ChangeEmail,
        Self::ChangePassword,
        Self::DeleteAccount,
    ];

    async fn attempt(self, thief: &Client, key: Uuid) -> Answer {
        match self {
            Self::MakeKey => thief.create_my_api_key(&create_api_key(&[])).await,
            Self::WidenKey => {
                let wider = json!({ "scopes": ["users:read"] });
                thief.update_my_api_key(key, "*", &wider).await
            }
            Self::ChangeEmail => thief.request_email_change(&email()).await,
            Self::ChangePassword => thief.change_my_password(PASSWORD, ANOTHER).await,
            Self::DeleteAccount => thief.delete_me("*").await,
        }
    }
}

#[tokio::test]
async fn a_session_that_is_ended_meanwhile_does_nothing_sensitive() {
    for act in Act::ALL {
        let faults = Faults::default();
        let app = TestApp::start_with(&[], |ports| faults.within_database(ports)).await;
        let thief = app.holder_of(&[Permission::UsersRead]).await;
        let (_, key) = thief.some_api_key(&[]).await;
        let events = app.database.count("audit_events").await;

        faults.plan(Place::Begin, Fault::WaitsUntilMended);
        let ended = async {
            faults.struck().await;
            let end = "UPDATE sessions SET ended_at = created_at";
            app.database.execute(end).await;
            faults.mend();
        };
        let (answer, ()) = tokio::join!(act.attempt(&thief, key), ended);

        assert_eq!(answer.status, 401, "{act:?}");
        answer.is_problem(401, "invalid_token");
        let now = app.database.count("audit_events").await;
        assert_eq!(now, events, "{act:?}");
    }
}
