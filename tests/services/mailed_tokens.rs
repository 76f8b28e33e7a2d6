//! A token is mailed, or taken, while somebody takes away what it is for.

use application::outbox::{Mail, Outbox};
use application::{Error, Expected, Ports, SessionActor, System, SystemReason};
use domain::one_time_tokens::OneTimeTokenError;
use domain::outbox::{Letter, OutboxMessage};
use domain::roles::{UsersActivate, UsersDelete, UsersUpdate};
use domain::users::{EmailAddress, Status, User, UserChange};
use server::compose;
use support::factories::outbox::queued;
use support::factories::users::{PASSWORD, email, user};
use support::{Fault, Faults, Place, TestApp, at_once, origin};

use super::{administrator, credentials, patient_app, permit, services, stored};

/// What an administrator does to somebody.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Shut,
    Readdress,
    Delete,
}

impl Deed {
    const ALL: [Self; 3] = [Self::Shut, Self::Readdress, Self::Delete];

    async fn be_done(self, ports: &Ports, admin: &SessionActor, to: &User) -> Result<(), Error> {
        let (services, any) = (services(ports), Expected::Any);
        let users = &services.users;
        match self {
            Self::Shut => {
                let by = permit::<UsersActivate>(admin);
                users.deactivate(&by, to.id, &any).await.map(drop)
            }
            Self::Readdress => {
                let by = permit::<UsersUpdate>(admin);
                let change = UserChange {
                    email: Some(EmailAddress::parse(&email()).expect("it is one")),
                    display_name: None,
                };
                users.update(&by, to.id, &any, change).await.map(drop)
            }
            Self::Delete => {
                let by = permit::<UsersDelete>(admin);
                users.delete(&by, to.id, &any).await
            }
        }
    }
}

/// Somebody active, who has forgotten their password, and the mail that they are to get.
async fn forgetful(app: &TestApp) -> (User, OutboxMessage) {
    let ada = user(Status::Active);
    app.store(&ada).await;
    let reset = Letter::PasswordReset(ada.email.clone());
    (ada, queued(reset, app.in_days(0)))
}

fn worker(app: &TestApp, ports: &Ports) -> (Outbox, System) {
    let by = System::acting(app.ports.ids.next(), SystemReason::Delivery);
    (compose::outbox(&app.settings, ports), by)
}

async fn written(worker: (Outbox, System), message: OutboxMessage) -> Result<Option<Mail>, Error> {
    let (outbox, by) = worker;
    outbox.write(&by, &message).await
}

#[tokio::test]
async fn who_is_looked_up_is_looked_up_where_the_token_is_written() {
    let app = TestApp::start().await;
    let admin = administrator(&app).await;
    for deed in Deed::ALL {
        let (ada, message) = forgetful(&app).await;
        let faults = Faults::default();
        let ports = faults.within_database(app.ports.clone());
        let worker = worker(&app, &ports);
        faults.plan(Place::Begin, Fault::WaitsUntilMended);

        let writing = tokio::spawn(written(worker, message));
        faults.struck().await;
        deed.be_done(&app.ports, &admin, &ada).await.unwrap();
        faults.mend();

        let mail = writing.await.unwrap().unwrap();
        assert!(mail.is_none(), "{deed:?}: {mail:?}");
        let left = app.database.count("one_time_tokens").await;
        assert_eq!(left, 0, "{deed:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_outlives_what_is_done_to_its_owner_at_once() {
    let app = patient_app().await;
    let admin = administrator(&app).await;
    for deed in Deed::ALL.repeat(8) {
        let (ada, message) = forgetful(&app).await;

        let works = [true, false].map(|writes| {
            let (worker, message) = (worker(&app, &app.ports), message.clone());
            let (ports, ada) = (app.ports.clone(), ada.clone());
            async move {
                if writes {
                    return written(worker, message).await.map(drop);
                }
                deed.be_done(&ports, &admin, &ada).await
            }
        });
        let results = at_once(works).await;

        assert_eq!(results, [Ok(()), Ok(())], "{deed:?}");
        let left = app.database.count("one_time_tokens").await;
        assert_eq!(left, 0, "{deed:?}");
    }
}

/// What the token is good for is not over: only the token is.
#[tokio::test]
async fn a_token_that_another_address_voids_while_it_is_taken_gives_no_password() {
    for status in [Status::Pending, Status::Active] {
        let app = TestApp::start().await;
        let admin = administrator(&app).await;
        let ada = user(status);
        app.store(&ada).await;
        let letter = match status {
            Status::Pending => Letter::Invitation(ada.id),
            _ => Letter::PasswordReset(ada.email.clone()),
        };
        let mail = written(worker(&app, &app.ports), queued(letter, app.in_days(0))).await;
        let mailed = support::token(&mail.unwrap().unwrap()).expect("it has one");
        let faults = Faults::default();
        let credentials = credentials(&faults.within_database(app.ports.clone()));
        faults.plan(Place::Begin, Fault::WaitsUntilMended);

        let taking = tokio::spawn(async move {
            let (origin, token, password) = (origin(), mailed.into(), PASSWORD.into());
            match status {
                Status::Pending => {
                    let accepted = credentials.accept_invitation(&origin, &token, &password);
                    accepted.await
                }
                _ => credentials.reset(&origin, &token, &password).await,
            }
        });
        faults.struck().await;
        let readdressed = Deed::Readdress.be_done(&app.ports, &admin, &ada).await;
        readdressed.unwrap();
        faults.mend();

        let void = Err(Error::OneTimeToken(OneTimeTokenError::Void));
        assert_eq!(taking.await.unwrap(), void, "{status:?}");
        assert_eq!(stored(&app, &ada).await.status, status);
    }
}
