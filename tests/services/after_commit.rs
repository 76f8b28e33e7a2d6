//! What this process hears of, and what it does not.

use std::sync::Arc;

use application::{Expected, Ports, Signal, SignalListener};
use domain::revocations::Revocation;
use domain::roles::{UsersActivate, UsersDelete, UsersUpdate};
use domain::users::{DisplayName, EmailAddress, User, UserChange};
use infrastructure::Store;
use support::factories::users::email;
use support::{HeardSignals, TestApp};

use super::{administrator, command_line, credentials, member, permit, services};

/// The application's ports, with a listener that writes down what it hears.
fn overheard(app: &TestApp) -> (Ports, Arc<HeardSignals>) {
    let signals = Arc::new(HeardSignals::default());
    let listener = Arc::clone(&signals) as Arc<dyn SignalListener>;
    let ports = Ports {
        database: Arc::new(Store::new(app.pools.clone(), app.clock.clone(), listener)),
        ..app.ports.clone()
    };
    (ports, signals)
}

fn other_address() -> UserChange {
    UserChange {
        email: EmailAddress::parse(&email()).ok(),
        ..UserChange::default()
    }
}

fn ended(user: &User) -> [Signal; 2] {
    let revoked = Revocation::Tokens {
        user: user.id,
        below: user.token_version.next(),
    };
    [Signal::Revoked(revoked), Signal::SessionsEnded(user.id)]
}

#[tokio::test]
async fn whatever_ends_sessions_is_heard_once() {
    let app = TestApp::start().await;
    let admin = administrator(&app).await;
    let any = Expected::Any;

    let (ada, (ports, signals)) = (member(&app).await, overheard(&app));
    let by = permit::<UsersActivate>(&admin);
    let users = &services(&ports).users;
    users.deactivate(&by, ada.id, &any).await.unwrap();
    assert_eq!(signals.all(), ended(&ada));

    let (bob, (ports, signals)) = (member(&app).await, overheard(&app));
    let by = permit::<UsersDelete>(&admin);
    services(&ports)
        .users
        .delete(&by, bob.id, &any)
        .await
        .unwrap();
    assert_eq!(signals.all(), ended(&bob));

    let (eve, (ports, signals)) = (member(&app).await, overheard(&app));
    let by = permit::<UsersUpdate>(&admin);
    let users = &services(&ports).users;
    users
        .update(&by, eve.id, &any, other_address())
        .await
        .unwrap();
    assert_eq!(signals.all(), ended(&eve));

    let (joe, (ports, signals)) = (member(&app).await, overheard(&app));
    let password = "mortar, lime and sand".into();
    credentials(&ports)
        .set(&command_line(&app), &joe.email, &password)
        .await
        .unwrap();
    assert_eq!(signals.all(), ended(&joe));
}

#[tokio::test]
async fn nothing_is_heard_of_what_ends_no_session() {
    let app = TestApp::start().await;
    let (admin, ada) = (administrator(&app).await, member(&app).await);
    let (ports, signals) = overheard(&app);
    let change = UserChange {
        display_name: DisplayName::parse("Another Name").ok(),
        ..UserChange::default()
    };

    let users = &services(&ports).users;
    let by = permit::<UsersUpdate>(&admin);
    users
        .update(&by, ada.id, &Expected::Any, change)
        .await
        .unwrap();
    let by = permit::<UsersActivate>(&admin);
    users.activate(&by, ada.id, &Expected::Any).await.unwrap();

    assert_eq!(signals.all(), []);
}

#[tokio::test]
async fn nothing_is_heard_of_what_was_rolled_back() {
    let app = TestApp::start().await;
    let (admin, ada) = (administrator(&app).await, member(&app).await);
    let (ports, signals) = overheard(&app);
    app.database
        .execute("ALTER TABLE sessions RENAME TO gone")
        .await;

    let by = permit::<UsersActivate>(&admin);
    let users = &services(&ports).users;
    users
        .deactivate(&by, ada.id, &Expected::Any)
        .await
        .unwrap_err();

    assert_eq!(signals.all(), []);
}
