use chrono::TimeDelta;
use domain::roles::Rights;
use domain::sessions::{RefreshToken, Session, SessionId, TokenVersion};
use domain::users::Status;
use mockall::predicate::eq;

use crate::Error;
use crate::fakes::{ADA, Mocks, SALT, SESSIONS, now, nth_id, permit, token_hash, unavailable};
use crate::sessions::{AccessClaims, LiveToken, Standing, Unverified};

fn claims() -> AccessClaims {
    AccessClaims {
        id: nth_id(9),
        user_id: ADA,
        session_id: SessionId(nth_id(8)),
        token_version: TokenVersion(2),
        roles: Vec::new(),
        authenticated_at: now(),
        issued_at: now(),
        expires_at: now() + TimeDelta::minutes(5),
    }
}

fn standing() -> Standing {
    Standing {
        user_id: ADA,
        status: Status::Active,
        token_version: TokenVersion(2),
        rights: Rights::NONE,
        ended: false,
        expires_at: now() + TimeDelta::hours(1),
    }
}

/// One that was issued a minute ago.
fn refresh_token() -> RefreshToken {
    let then = now() - TimeDelta::minutes(1);
    let session = Session::begun(SessionId(nth_id(8)), ADA, then, SESSIONS.session_lifetime);
    let hash = token_hash("given");
    RefreshToken::issued(hash, SALT, &session, then, SESSIONS.idle_lifetime)
}

fn no_access_token() -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .signer
        .expect_verify()
        .with(eq("given"), eq(now()))
        .returning(|_, _| Err(Unverified::Invalid));
    mocks
}

fn stored(token: Option<RefreshToken>, standing: Option<Standing>) -> Mocks {
    let mut mocks = no_access_token();
    mocks
        .sessions
        .expect_find_token()
        .with(eq(token_hash("given")))
        .returning(move |_| Ok(token.clone()));
    mocks
        .sessions
        .expect_standing()
        .returning(move |_| Ok(standing));
    mocks
}

async fn introspected(mocks: Mocks) -> Result<Option<LiveToken>, Error> {
    let (sessions, ledger) = mocks.sessions_service();
    let told = sessions.introspect(&permit(), &"given".into()).await;
    assert_eq!(ledger.begins(), 0);
    told
}

#[tokio::test]
async fn an_access_token_says_what_it_says() {
    let mut mocks = Mocks::default();
    mocks.signer.expect_verify().returning(|_, _| Ok(claims()));
    mocks
        .sessions
        .expect_standing()
        .returning(|_| Ok(Some(standing())));

    let told = introspected(mocks).await;

    assert_eq!(told, Ok(Some(LiveToken::Access(claims()))));
}

#[tokio::test]
async fn an_access_token_that_was_revoked_is_none() {
    let outdated = Standing {
        token_version: TokenVersion(3),
        ..standing()
    };
    let mut mocks = Mocks::default();
    mocks.signer.expect_verify().returning(|_, _| Ok(claims()));
    mocks
        .sessions
        .expect_standing()
        .returning(move |_| Ok(Some(outdated)));
    mocks.sessions.expect_find_token().returning(|_| Ok(None));

    assert_eq!(introspected(mocks).await, Ok(None));
}

#[tokio::test]
async fn a_refresh_token_that_nobody_has_used_is_good() {
    let mocks = stored(Some(refresh_token()), Some(standing()));

    let told = introspected(mocks).await;

    let good = LiveToken::Refresh(refresh_token(), ADA);
    assert_eq!(told, Ok(Some(good)));
}

#[tokio::test]
async fn a_refresh_token_that_could_not_be_used_is_none() {
    let used = RefreshToken {
        // A moment ago, so that its answer can still be had again.
        used_at: Some(now()),
        ..refresh_token()
    };
    let expired = RefreshToken {
        expires_at: now(),
        ..refresh_token()
    };
    for token in [None, Some(used), Some(expired)] {
        let mocks = stored(token, Some(standing()));
        assert_eq!(introspected(mocks).await, Ok(None));
    }
    let ended = Standing {
        ended: true,
        ..standing()
    };
    let over = Standing {
        expires_at: now(),
        ..standing()
    };
    let shut = Standing {
        status: Status::Deactivated,
        ..standing()
    };
    for session in [None, Some(ended), Some(over), Some(shut)] {
        let mocks = stored(Some(refresh_token()), session);
        assert_eq!(introspected(mocks).await, Ok(None));
    }
}

#[tokio::test]
async fn without_a_database_nothing_is_told() {
    let mut mocks = no_access_token();
    mocks
        .sessions
        .expect_find_token()
        .returning(|_| Err(unavailable()));

    let failed = introspected(mocks).await;

    assert_eq!(failed, Err(Error::Store(unavailable())));
}
