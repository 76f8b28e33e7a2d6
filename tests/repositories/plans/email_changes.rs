use domain::email_changes::EmailChangeId;
use domain::users::Status;
use support::factories::email_changes::email_change;
use support::factories::users::user;

use super::{SOMEBODY, Watch};

pub(super) async fn look_at_changes(watch: &mut Watch) {
    let mut owner = user(Status::Active);
    owner.id = SOMEBODY;
    let change = email_change(&owner);
    let id = EmailChangeId(SOMEBODY.0);
    watch
        .look_at("EmailChangeReader::find", "", async |store| {
            let found = store.reads().email_changes().find(id).await;
            assert!(found.expect("it can be read").is_some());
        })
        .await;
    watch
        .look_at_write("EmailChangeWriter::insert", async |tx| {
            let inserted = tx.email_changes_mut().insert(&change).await;
            inserted.expect("the user is there");
        })
        .await;
    watch
        .look_at_write("EmailChangeWriter::update", async |tx| {
            let updated = tx.email_changes_mut().update(&change).await;
            updated.expect("the database is there");
        })
        .await;
    watch
        .look_at_write("EmailChangeWriter::delete_open", async |tx| {
            let deleted = tx.email_changes_mut().delete_open(SOMEBODY).await;
            deleted.expect("nobody holds them");
        })
        .await;
    watch
        .look_at_write("EmailChangeWriter::delete_from", async |tx| {
            let deleted = tx.email_changes_mut().delete_from(&change).await;
            deleted.expect("nobody holds them");
        })
        .await;
    watch
        .look_at_write("EmailChangeWriter::delete_all", async |tx| {
            let deleted = tx.email_changes_mut().delete_all(SOMEBODY).await;
            deleted.expect("nobody holds them");
        })
        .await;
}
