use application::credentials::PasswordHash;
use domain::audit::Network;
use domain::users::Status;
use support::factories::users::user;

use super::{SOMEBODY, Watch, address_of_somebody};

pub(super) async fn look_at_reader(watch: &mut Watch) {
    watch
        .look_at("CredentialReader::find", "", async |store| {
            let found = store.reads().credentials().find(SOMEBODY).await;
            assert!(found.expect("the database is there").is_some());
        })
        .await;
    watch
        .look_at("CredentialReader::find_account", "", async |store| {
            let credentials = store.reads().credentials();
            let found = credentials.find_account(SOMEBODY, Some(network())).await;
            let account = found.expect("the database is there").expect("one of many");
            assert!(account.last_success.is_some());
        })
        .await;
    watch
        .look_at(
            "CredentialReader::find_account_by_email",
            "",
            async |store| {
                let credentials = store.reads().credentials();
                let address = address_of_somebody();
                let found = credentials.find_account_by_email(&address, None).await;
                assert!(found.expect("the database is there").is_some());
            },
        )
        .await;
}

pub(super) async fn look_at_writer(watch: &mut Watch) {
    let now = user(Status::Active).created_at;
    watch
        .look_at_write("CredentialWriter::put", async |tx| {
            let hash = PasswordHash("$argon2id$".to_owned());
            let put = tx.credentials_mut().put(SOMEBODY, &hash, now).await;
            put.expect("they are there");
        })
        .await;
    watch
        .look_at_write("CredentialWriter::put_network", async |tx| {
            let credentials = tx.credentials_mut();
            let put = credentials.put_network(SOMEBODY, network(), now, 1).await;
            put.expect("they are there");
        })
        .await;
}

/// From there everybody has signed in.
fn network() -> Network {
    Network::parse("203.0.113.0/24").expect("it is a network")
}
