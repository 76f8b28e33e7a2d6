use application::Transaction;
use chrono::TimeDelta;
use domain::one_time_tokens::OneTimeToken;
use domain::outbox::{Letter, OutboxMessage};
use domain::upkeep::Leftover;
use domain::users::{EmailAddress, Status};
use support::factories::one_time_tokens::reset_token;
use support::factories::outbox::queued;
use support::factories::users::{email, user};
use support::{Engine, TestStore};

/// The later the number, the later it expires.
async fn tokens(store: &TestStore, count: i32) -> Vec<OneTimeToken> {
    let ada = user(Status::Active);
    store.insert_user(&ada).await;
    let mut tokens = Vec::new();
    let mut tx = store.begin().await;
    for minute in 0..count {
        let mut token = reset_token(&ada);
        token.expires_at += TimeDelta::minutes(minute.into());
        let inserted = tx.one_time_tokens_mut().insert(&token).await;
        inserted.expect("it is not there yet");
        tokens.push(token);
    }
    tx.commit().await.expect("nothing speaks against it");
    tokens
}

async fn dead_letter(store: &TestStore) -> OutboxMessage {
    let ada = user(Status::Active);
    let email = EmailAddress::parse(&email()).expect("it is an address");
    let mut message = queued(Letter::PasswordReset(email), ada.created_at);
    message.give_up("550".into(), ada.created_at);
    let mut tx = store.begin().await;
    let inserted = tx.outbox_mut().insert(&message).await;
    inserted.expect("it is not there yet");
    tx.commit().await.expect("nothing speaks against it");
    message
}

async fn turn(tx: &mut dyn Transaction) -> bool {
    let taken = tx.upkeep_mut().take_turn().await;
    taken.expect("the database is there")
}

#[tokio::test]
async fn no_more_go_than_the_limit_and_the_oldest_first() {
    let store = TestStore::new().await;
    let mut tokens = tokens(&store, 5).await;
    let last = tokens.pop().unwrap();
    let fourth = tokens.pop().unwrap();

    for (limit, deleted, left) in [(3, 3, 2), (3, 1, 1), (3, 0, 1)] {
        let mut tx = store.begin().await;
        let upkeep = tx.upkeep_mut();
        let kind = Leftover::OneTimeTokens;
        let rows = upkeep.delete_over(kind, fourth.expires_at, limit).await;
        tx.commit().await.unwrap();

        assert_eq!(rows, Ok(deleted));
        assert_eq!(store.database.count("one_time_tokens").await, left);
    }
    let found = store.reads().one_time_tokens().find(&last.hash).await;
    assert_eq!(found, Ok(Some(last)));
}

/// On SQLite there is one writer at a time anyhow.
#[tokio::test]
async fn while_one_has_the_turn_another_does_nothing() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let store = TestStore::new().await;
    let (mut one, mut other) = (store.begin().await, store.begin().await);

    assert!(turn(&mut *one).await);
    assert!(!turn(&mut *other).await);
    one.commit().await.unwrap();

    assert!(turn(&mut *other).await);
}

#[tokio::test]
async fn the_turn_ends_with_its_transaction() {
    let store = TestStore::new().await;
    for _ in 0..2 {
        let mut tx = store.begin().await;
        assert!(turn(&mut *tx).await);
        tx.commit().await.unwrap();
    }
}

/// An administrator has it sent after all, at this very moment. On SQLite one of both is first.
#[tokio::test]
async fn what_somebody_holds_is_passed_over_without_waiting() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let store = TestStore::new().await;
    let letter = dead_letter(&store).await;
    let mut retrying = store.begin().await;
    let mut message = retrying
        .outbox_mut()
        .lock(letter.id)
        .await
        .unwrap()
        .unwrap();
    message.retry(letter.due_at);
    retrying.outbox_mut().update(&message).await.unwrap();

    let mut tx = store.begin().await;
    let upkeep = tx.upkeep_mut();
    let kind = Leftover::DeadLetters;
    let rows = upkeep.delete_over(kind, letter.due_at, 10).await;
    tx.commit().await.unwrap();
    retrying.commit().await.unwrap();

    assert_eq!(rows, Ok(0));
    assert_eq!(store.database.count("outbox_messages").await, 1);
}
