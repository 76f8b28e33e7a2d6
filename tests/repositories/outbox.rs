use application::StoreError;
use chrono::{DateTime, TimeDelta, Utc};
use domain::outbox::{Letter, OutboxMessage};
use domain::users::{EmailAddress, Status};
use support::factories::outbox::queued;
use support::factories::users::{email, user};
use support::{Engine, TestStore};

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
}

fn to_nobody(minute: i64) -> OutboxMessage {
    let email = EmailAddress::parse(&email()).expect("it is an address");
    queued(Letter::PasswordReset(email), at(minute))
}

async fn insert(store: &TestStore, messages: &[&OutboxMessage]) {
    let mut tx = store.begin().await;
    for message in messages {
        let inserted = tx.outbox_mut().insert(message).await;
        inserted.expect("it is not there yet");
    }
    tx.commit().await.expect("nothing speaks against it");
}

async fn first_due(store: &TestStore, minute: i64) -> Option<OutboxMessage> {
    let due = store.reads().outbox().is_due(at(minute)).await;
    let mut tx = store.begin().await;
    let found = tx.outbox_mut().lock_due(at(minute)).await;
    let found = found.expect("the database answers");
    // One that is dropped gives its lock back some time later, and whoever looks until then passes it over.
    tx.commit().await.expect("nothing was written");
    assert_eq!(due, Ok(found.is_some()));
    found
}

#[tokio::test]
async fn what_is_due_for_longest_comes_first_and_nothing_before_its_time() {
    let store = TestStore::new().await;
    let (later, sooner) = (to_nobody(2), to_nobody(1));
    insert(&store, &[&later, &sooner]).await;

    assert_eq!(first_due(&store, 0).await, None);
    assert_eq!(first_due(&store, 1).await, Some(sooner.clone()));
    assert_eq!(first_due(&store, 9).await, Some(sooner));
}

#[tokio::test]
async fn a_message_comes_back_as_it_was_written() {
    let store = TestStore::new().await;
    let ada = user(Status::Active);
    store.insert_user(&ada).await;
    let mut message = queued(Letter::EmailSet(ada.id, ada.email), at(1));
    insert(&store, &[&message]).await;
    message.begin_attempt(at(5));
    message.failure = Some("421".into());

    let mut tx = store.begin().await;
    tx.outbox_mut().update(&message).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(first_due(&store, 5).await, Some(message));
}

#[tokio::test]
async fn what_was_given_up_is_not_due() {
    let store = TestStore::new().await;
    let mut message = to_nobody(1);
    message.give_up("550".into(), at(1));
    insert(&store, &[&message]).await;

    assert_eq!(first_due(&store, 9).await, None);
}

#[tokio::test]
async fn mail_to_whoever_has_an_address_is_deleted_and_to_others_it_is_not() {
    let store = TestStore::new().await;
    let ada = user(Status::Active);
    store.insert_user(&ada).await;
    let one = to_nobody(1);
    let Letter::PasswordReset(email) = &one.letter else {
        panic!("{one:?}");
    };
    // Ada has had the address before.
    let other = queued(Letter::EmailSet(ada.id, email.clone()), at(2));
    insert(&store, &[&one, &other]).await;

    let mut tx = store.begin().await;
    tx.outbox_mut().delete_addressed(email).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(first_due(&store, 9).await, Some(other));
}

/// On SQLite there is one writer at a time anyhow.
#[tokio::test]
async fn what_another_worker_holds_is_passed_over() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let store = TestStore::new().await;
    let (first, second) = (to_nobody(1), to_nobody(2));
    insert(&store, &[&first, &second]).await;
    let mut one = store.begin().await;
    let held = one.outbox_mut().lock_due(at(9)).await.unwrap();

    let mut other = store.begin().await;
    let next = other.outbox_mut().lock_due(at(9)).await.unwrap();

    assert_eq!((held, next), (Some(first), Some(second)));
}

#[tokio::test]
async fn a_message_of_an_unknown_purpose_or_to_nobody_is_corrupt() {
    for change in ["purpose = 'flattery'", "email = NULL", "status = 'lost'"] {
        let store = TestStore::new().await;
        let message = to_nobody(1);
        insert(&store, &[&message]).await;
        let change = format!("UPDATE outbox_messages SET {change}");
        store.database.execute(&change).await;

        let read = store.begin().await.outbox_mut().lock(message.id).await;

        let Err(StoreError::Corrupt { table, id, .. }) = read else {
            panic!("{change}: {read:?}");
        };
        assert_eq!((table, id), ("outbox_messages", message.id.0));
    }
}
