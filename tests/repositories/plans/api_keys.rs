use application::PageRequest;
use domain::api_keys::{ApiKey, ApiKeyId};
use domain::users::Status;
use support::factories::api_keys::{api_key, api_key_hash};
use support::factories::users::user;

use super::{SOMEBODY, Watch};

/// Somebody's; everybody has one.
const KEY: ApiKeyId = ApiKeyId(SOMEBODY.0);

fn new() -> ApiKey {
    let mut somebody = user(Status::Active);
    somebody.id = SOMEBODY;
    api_key(&somebody, &[])
}

pub(super) async fn look_at_reader(watch: &mut Watch) {
    watch
        .look_at("ApiKeyReader::standing", "", async |store| {
            let found = store.reads().api_keys().standing(KEY).await;
            assert!(found.expect("the database is there").is_some());
        })
        .await;
    watch
        .look_at("ApiKeyReader::find", "", async |store| {
            let found = store.reads().api_keys().find(KEY).await;
            assert!(found.expect("the database is there").is_some());
        })
        .await;
    watch
        .look_at("ApiKeyReader::list", "", async |store| {
            let page = PageRequest {
                limit: 20,
                after: None,
            };
            let found = store.reads().api_keys().list(SOMEBODY, &page).await;
            assert_eq!(found.expect("the database is there").items.len(), 1);
        })
        .await;
    watch
        .look_at("ApiKeyReader::count", "", async |store| {
            assert_eq!(store.reads().api_keys().count(SOMEBODY).await, Ok(1));
        })
        .await;
}

pub(super) async fn look_at_writer(watch: &mut Watch) {
    watch
        .look_at_write("ApiKeyWriter::lock", async |tx| {
            let locked = tx.api_keys_mut().lock(KEY).await;
            assert!(locked.expect("nobody holds it").is_some());
        })
        .await;
    watch
        .look_at_write("ApiKeyWriter::insert", async |tx| {
            let inserted = tx.api_keys_mut().insert(&new(), &api_key_hash()).await;
            inserted.expect("its owner is there");
        })
        .await;
    watch
        .look_at_write("ApiKeyWriter::update", async |tx| {
            let mut changed = new();
            changed.id = KEY;
            changed.version = changed.version.next();
            let updated = tx.api_keys_mut().update(&changed).await;
            updated.expect("it is newer");
        })
        .await;
    watch
        .look_at_write("ApiKeyWriter::delete", async |tx| {
            let deleted = tx.api_keys_mut().delete(KEY).await;
            deleted.expect("it is there");
        })
        .await;
    watch
        .look_at_write("ApiKeyWriter::delete_all", async |tx| {
            let deleted = tx.api_keys_mut().delete_all(SOMEBODY).await;
            deleted.expect("it is there");
        })
        .await;
    watch
        .look_at_write("ApiKeyWriter::touch", async |tx| {
            let used = new().created_at;
            let touched = tx.api_keys_mut().touch(&[KEY, new().id], used).await;
            touched.expect("the database is there");
        })
        .await;
}
