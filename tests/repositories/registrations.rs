use application::StoreError;
use domain::outbox::Letter;
use domain::registrations::Registration;
use support::TestStore;
use support::factories::outbox::queued;
use support::factories::registrations::{registration, registration_token};

async fn stored(store: &TestStore) -> Registration {
    let stored = registration();
    let mut tx = store.begin().await;
    let inserted = tx.registrations_mut().insert(&stored).await;
    inserted.expect("any number may have an address");
    tx.commit().await.expect("nothing speaks against it");
    stored
}

async fn found(store: &TestStore, of: &Registration) -> Option<Registration> {
    let found = store.reads().registrations().find(of.id).await;
    found.expect("it can be read")
}

#[tokio::test]
async fn a_registration_comes_back_as_it_was_stored() {
    let store = TestStore::new().await;
    let ada = stored(&store).await;

    assert_eq!(found(&store, &ada).await, Some(ada));
    assert_eq!(found(&store, &registration()).await, None);
}

#[tokio::test]
async fn one_address_may_be_in_any_number_of_them() {
    let store = TestStore::new().await;
    let ada = stored(&store).await;
    let again = Registration {
        email: ada.email.clone(),
        ..registration()
    };

    let mut tx = store.begin().await;
    tx.registrations_mut().insert(&again).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(found(&store, &again).await, Some(again));
}

#[tokio::test]
async fn its_tokens_and_its_mail_go_with_it() {
    let store = TestStore::new().await;
    let ada = stored(&store).await;
    let token = registration_token(&ada);
    let letter = queued(Letter::Registration(ada.id), ada.created_at);
    let mut tx = store.begin().await;
    tx.one_time_tokens_mut().insert(&token).await.unwrap();
    tx.outbox_mut().insert(&letter).await.unwrap();
    tx.commit().await.unwrap();
    let read = store.reads().one_time_tokens().find(&token.hash).await;
    assert_eq!(read, Ok(Some(token)));

    let mut tx = store.begin().await;
    assert_eq!(tx.outbox_mut().lock(letter.id).await, Ok(Some(letter)));
    tx.registrations_mut().delete(ada.id).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(found(&store, &ada).await, None);
    for table in ["one_time_tokens", "outbox_messages"] {
        assert_eq!(store.database.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn what_is_no_address_is_corrupt() {
    let store = TestStore::new().await;
    let ada = stored(&store).await;
    store
        .database
        .execute("UPDATE registrations SET email = 'nowhere'")
        .await;

    let read = store.reads().registrations().find(ada.id).await;

    let Err(StoreError::Corrupt { table, id, .. }) = read else {
        panic!("{read:?}");
    };
    assert_eq!((table, id), ("registrations", ada.id.0));
}
