use crate::fakes::Mocks;
use crate::sessions::PublicKey;

fn key(kid: &str) -> PublicKey {
    PublicKey {
        kid: kid.to_owned(),
        x: "x".to_owned(),
        y: "y".to_owned(),
    }
}

#[tokio::test]
async fn the_public_keys_are_the_signers() {
    for keys in [vec![], vec![key("new"), key("old")]] {
        let mut mocks = Mocks::default();
        let held = keys.clone();
        mocks.signer.expect_public_keys().return_once(|| held);
        let (sessions, ledger) = mocks.sessions_service();

        let shown = sessions.public_keys();

        assert_eq!(shown, keys);
        assert_eq!(ledger.begins(), 0);
    }
}
