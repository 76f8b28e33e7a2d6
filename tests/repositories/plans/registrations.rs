use domain::registrations::RegistrationId;
use support::TestStore;
use support::factories::registrations::registration;

use super::{SOMEBODY, Watch};

pub(super) async fn look_at_registrations(watch: &mut Watch) {
    let id = RegistrationId(SOMEBODY.0);
    watch
        .look_at("RegistrationReader::find", "", async |store: &TestStore| {
            let found = store.reads().registrations().find(id).await;
            assert!(found.expect("it can be read").is_some());
        })
        .await;
    watch
        .look_at_write("RegistrationWriter::insert", async |tx| {
            let inserted = tx.registrations_mut().insert(&registration()).await;
            inserted.expect("any number may have an address");
        })
        .await;
    watch
        .look_at_write("RegistrationWriter::delete", async |tx| {
            let deleted = tx.registrations_mut().delete(id).await;
            deleted.expect("nobody holds it");
        })
        .await;
}
