use std::collections::HashMap;

use chrono::TimeDelta;
use domain::revocations::Revocation;
use domain::roles::{Permission, Rights, RoleName};
use domain::sessions::{SessionError, SessionId, TokenVersion};
use domain::signing_keys::KeySet;
use domain::users::Status;
use mockall::predicate::eq;

use crate::fakes::{ADA, CALLER, Mocks, SESSIONS, now, nth_id, origin, unavailable};
use crate::revocations::RevocationFeed;
use crate::sessions::{AccessClaims, Sessions, Standing, Unverified};
use crate::{Cause, Error, Origin};

const TOKEN: &str = "header.claims.signature";

fn session() -> SessionId {
    SessionId(nth_id(8))
}

fn claims() -> AccessClaims {
    AccessClaims {
        id: nth_id(9),
        user_id: ADA,
        session_id: session(),
        token_version: TokenVersion(2),
        roles: vec![RoleName::administrator()],
        authenticated_at: now() - TimeDelta::minutes(7),
        issued_at: now(),
        expires_at: now() + TimeDelta::minutes(5),
    }
}

fn good() -> Standing {
    Standing {
        user_id: ADA,
        status: Status::Active,
        token_version: TokenVersion(2),
        rights: Rights::from_iter([Permission::UsersRead]),
        ended: false,
        expires_at: now() + TimeDelta::microseconds(1),
    }
}

/// The signer finds nothing wrong with the token; its session stands like this.
fn standing(standing: Option<Standing>) -> Mocks {
    let mut mocks = signed();
    mocks
        .sessions
        .expect_standing()
        .with(eq(session()))
        .once()
        .return_once(move |_| Ok(standing));
    mocks
}

fn signed() -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .signer
        .expect_verify()
        .with(eq(TOKEN), eq(now()))
        .once()
        .return_once(|_, _| Ok(claims()));
    mocks
}

/// The token says administrator, but a role may have been taken away since.
#[tokio::test]
async fn who_sends_a_valid_token_has_the_rights_of_this_moment() {
    let (sessions, ledger) = standing(Some(good())).sessions_service();

    let actor = sessions.authenticate(&origin(), TOKEN).await.unwrap();

    assert_eq!(actor.user_id(), ADA);
    assert_eq!(actor.rights(), good().rights);
    let actor = actor.session().unwrap();
    assert_eq!(actor.session_id(), session());
    assert_eq!(actor.since_password(), TimeDelta::minutes(7));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn who_sends_a_valid_token_is_the_cause_of_what_follows() {
    let (sessions, _) = standing(Some(good())).sessions_service();

    let actor = sessions.authenticate(&origin(), TOKEN).await.unwrap();

    let caused = Origin {
        cause: Cause::User(ADA),
        ..origin()
    };
    assert_eq!(*actor.origin(), caused);
}

#[tokio::test]
async fn a_token_that_the_signer_refuses_is_looked_up_nowhere() {
    let mut mocks = Mocks::default();
    mocks
        .signer
        .expect_verify()
        .return_once(|_, _| Err(Unverified::Invalid));
    let (sessions, ledger) = mocks.sessions_service();

    let refused = sessions.authenticate(&origin(), TOKEN).await.unwrap_err();

    assert_eq!(refused, Error::Session(SessionError::TokenInvalid));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_key_that_another_server_has_made_meanwhile_is_fetched() {
    let mut mocks = Mocks::default();
    let mut answers = vec![Ok(claims()), Err(Unverified::UnknownKey)];
    mocks
        .signer
        .expect_verify()
        .times(2)
        .returning(move |_, _| answers.pop().unwrap());
    mocks
        .sessions
        .expect_standing()
        .returning(|_| Ok(Some(good())));
    mocks
        .signing_keys
        .expect_all()
        .once()
        .returning(|| Ok(KeySet::default()));
    mocks.key_ring.expect_hold().once().returning(|_| Ok(()));
    let (sessions, _) = mocks.sessions_service();

    let actor = sessions.authenticate(&origin(), TOKEN).await.unwrap();

    assert_eq!(actor.user_id(), ADA);
}

#[tokio::test]
async fn a_key_that_nobody_has_is_looked_for_once() {
    let mut mocks = Mocks::default();
    mocks
        .signer
        .expect_verify()
        .returning(|_, _| Err(Unverified::UnknownKey));
    mocks
        .signing_keys
        .expect_all()
        .once()
        .returning(|| Ok(KeySet::default()));
    mocks.key_ring.expect_hold().once().returning(|_| Ok(()));
    let (sessions, _) = mocks.sessions_service();

    for _ in 0..3 {
        let refused = sessions.authenticate(&origin(), TOKEN).await.unwrap_err();
        assert_eq!(refused, Error::Session(SessionError::TokenInvalid));
    }
}

#[tokio::test]
async fn without_a_database_nobody_says_that_a_key_is_not_there() {
    let mut mocks = Mocks::default();
    mocks
        .signer
        .expect_verify()
        .returning(|_, _| Err(Unverified::UnknownKey));
    mocks
        .signing_keys
        .expect_all()
        .returning(|| Err(unavailable()));
    let (sessions, _) = mocks.sessions_service();

    let failed = sessions.authenticate(&origin(), TOKEN).await.unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
}

#[tokio::test]
async fn a_token_of_an_unknown_session_is_invalid() {
    let (sessions, ledger) = standing(None).sessions_service();

    let refused = sessions.authenticate(&origin(), TOKEN).await.unwrap_err();

    assert_eq!(refused, Error::Session(SessionError::TokenInvalid));
    assert_eq!(ledger.begins(), 0);
}

/// One thing alone is wrong in each.
#[tokio::test]
async fn a_token_is_void_as_soon_as_its_session_or_its_user_is() {
    let void = [
        (
            "the session is another user's",
            Standing {
                user_id: CALLER,
                ..good()
            },
        ),
        (
            "the user is pending",
            Standing {
                status: Status::Pending,
                ..good()
            },
        ),
        (
            "the user is deactivated",
            Standing {
                status: Status::Deactivated,
                ..good()
            },
        ),
        (
            "the tokens were voided since",
            Standing {
                token_version: TokenVersion(3),
                ..good()
            },
        ),
        (
            "the token is of a version that never was",
            Standing {
                token_version: TokenVersion(1),
                ..good()
            },
        ),
        (
            "the session has ended",
            Standing {
                ended: true,
                ..good()
            },
        ),
        (
            "the session expires at this very instant",
            Standing {
                expires_at: now(),
                ..good()
            },
        ),
        (
            "the session has expired",
            Standing {
                expires_at: now() - TimeDelta::microseconds(1),
                ..good()
            },
        ),
    ];
    for (why, found) in void {
        let (sessions, ledger) = standing(Some(found)).sessions_service();

        let refused = sessions.authenticate(&origin(), TOKEN).await.unwrap_err();

        let invalid = Error::Session(SessionError::TokenInvalid);
        assert_eq!(refused, invalid, "{why}");
        assert_eq!(ledger.begins(), 0, "{why}");
    }
}

/// Otherwise every client would be signed out by a database that restarts.
#[tokio::test]
async fn a_store_that_is_away_makes_no_token_invalid() {
    let mut mocks = signed();
    mocks
        .sessions
        .expect_standing()
        .return_once(|_| Err(unavailable()));
    let (sessions, ledger) = mocks.sessions_service();

    let failed = sessions.authenticate(&origin(), TOKEN).await.unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!(ledger.begins(), 0);
}

/// The mock of the database takes no call.
#[tokio::test]
async fn while_the_feed_speaks_the_database_is_not_asked() {
    let mut mocks = Mocks::default();
    mocks.signer.expect_verify().returning(|_, _| Ok(claims()));
    mocks
        .revocations
        .expect_list_after()
        .return_once(|_, _| Ok(Vec::new()));
    let read = Rights::from_iter([Permission::UsersRead]);
    let granted = HashMap::from([(RoleName::administrator(), read)]);
    mocks
        .roles
        .expect_rights_by_role()
        .return_once(move || Ok(granted));
    let (ports, _) = mocks.ports();
    let sessions = Sessions::new(&ports, SESSIONS);
    RevocationFeed::new(&ports).read_on().await.unwrap();

    let actor = sessions.authenticate(&origin(), TOKEN).await.unwrap();
    assert_eq!((actor.user_id(), actor.rights()), (ADA, read));
    assert_eq!(actor.session().unwrap().session_id(), session());

    ports.revocations.heard(Revocation::Session(session()));
    let refused = sessions.authenticate(&origin(), TOKEN).await.unwrap_err();
    assert_eq!(refused, Error::Session(SessionError::TokenInvalid));
}
