use chrono::DateTime;
use support::factories::signing_keys::signing_key;

use super::Watch;

/// There are never more than a few.
pub(super) async fn look_at_keys(watch: &mut Watch) {
    let key = signing_key(DateTime::UNIX_EPOCH);
    watch
        .look_at("SigningKeyReader::all", "", async |store| {
            let all = store.reads().signing_keys().all().await;
            assert!(all.expect("the database is there").keys().is_empty());
        })
        .await;
    watch
        .look_at_write("SigningKeyWriter::lock_all", async |tx| {
            let all = tx.signing_keys_mut().lock_all().await;
            assert!(all.expect("the database is there").keys().is_empty());
        })
        .await;
    watch
        .look_at_write("SigningKeyWriter::insert", async |tx| {
            let inserted = tx.signing_keys_mut().insert(&key).await;
            inserted.expect("it is the only one");
        })
        .await;
    watch
        .look_at_write("SigningKeyWriter::delete", async |tx| {
            let deleted = tx.signing_keys_mut().delete(key.id).await;
            deleted.expect("the database is there");
        })
        .await;
}
