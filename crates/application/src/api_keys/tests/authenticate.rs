use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::Version;
use domain::api_keys::{ApiKeyId, ApiKeyToken};
use domain::revocations::Revocation;
use domain::roles::{Permission, Rights, RoleId, RoleName};
use domain::sessions::{SessionError, TokenVersion};
use domain::users::Status;
use mockall::predicate::eq;
use secrecy::ExposeSecret;

use super::{KEY, SECRET, reading};
use crate::api_keys::{ApiKeyStanding, ApiKeys, KnownApiKeys};
use crate::fakes::{
    ADA, API_KEYS, Mocks, MovedClock, key_hash, known, now, nth_id, origin, unavailable,
};
use crate::revocations::{KnownRevocations, RevocationFeed};
use crate::{Actor, Cause, Error, Ports};

fn token_of(id: ApiKeyId, secret: &str) -> String {
    let secret = secret.into();
    let text = ApiKeyToken { id, secret }.text();
    text.expose_secret().to_owned()
}

fn token() -> String {
    token_of(KEY, SECRET)
}

/// Its owner may delete as well, which the key may not; and the key may see the log, which its owner may not.
fn good() -> ApiKeyStanding {
    ApiKeyStanding {
        id: KEY,
        version: Version(3),
        hash: key_hash(SECRET),
        scopes: Rights::from_iter([Permission::UsersRead, Permission::AuditRead]),
        expires_at: now() + TimeDelta::days(1),
        user_id: ADA,
        status: Status::Active,
        token_version: TokenVersion(2),
        roles: vec![RoleName::administrator()],
        rights: owners(),
    }
}

fn owners() -> Rights {
    Rights::from_iter([Permission::UsersRead, Permission::UsersDelete])
}

/// The key stands like this, each time that the database is asked, which is so often.
fn standing(found: Option<ApiKeyStanding>, times: usize) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .api_keys
        .expect_standing()
        .with(eq(KEY))
        .times(times)
        .returning(move |_| Ok(found.clone()));
    mocks
}

/// With a feed that has been read, and says nothing.
struct Followed {
    keys: ApiKeys,
    feed: RevocationFeed,
    revocations: Arc<KnownRevocations>,
    clock: Arc<MovedClock>,
}

impl Followed {
    async fn over(mut mocks: Mocks) -> Self {
        mocks
            .revocations
            .expect_list_after()
            .returning(|_, _| Ok(Vec::new()));
        mocks
            .roles
            .expect_rights_by_role()
            .returning(|| Ok(HashMap::from([(RoleName::administrator(), owners())])));
        let clock = Arc::new(MovedClock::default());
        let (ports, _) = mocks.ports();
        let ports = Ports {
            revocations: known(clock.clone()),
            clock: clock.clone(),
            ..ports
        };
        let feed = RevocationFeed::new(&ports);
        feed.read_on().await.unwrap();
        Self {
            keys: ApiKeys::new(&ports, API_KEYS),
            feed,
            revocations: ports.revocations,
            clock,
        }
    }

    async fn authenticate(&self) -> Result<Actor, Error> {
        self.keys.authenticate(&origin(), &token()).await
    }
}

fn invalid() -> Error {
    SessionError::TokenInvalid.into()
}

#[tokio::test]
async fn a_key_may_do_what_its_scopes_and_its_owner_allow() {
    let (keys, ledger) = standing(Some(good()), 1).api_keys_service();

    let actor = keys.authenticate(&origin(), &token()).await.unwrap();

    assert_eq!((actor.user_id(), actor.rights()), (ADA, reading()));
    assert_eq!(actor.origin().cause, Cause::ApiKey(KEY, ADA));
    let session = actor.session().map(drop);
    assert_eq!(session, Err(SessionError::SessionRequired.into()));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn what_has_not_the_form_of_a_key_is_looked_up_nowhere() {
    let (keys, _) = Mocks::default().api_keys_service();
    let mut mistyped = token();
    mistyped.replace_range(40..41, "x");

    for text in ["", "ask_", "ask_1_2_3", &mistyped, &token()[1..]] {
        let refused = keys.authenticate(&origin(), text).await;

        assert_eq!(refused.map(drop), Err(invalid()), "{text}");
    }
}

#[tokio::test]
async fn every_reason_to_refuse_a_key_has_one_answer() {
    let faults: [fn(&mut ApiKeyStanding); 4] = [
        |it| it.hash = key_hash(&SECRET.replace('0', "1")),
        |it| it.status = Status::Deactivated,
        |it| it.status = Status::Pending,
        |it| it.expires_at = now(),
    ];
    let mut standings = vec![None];
    standings.extend(faults.map(|fault| {
        let mut standing = good();
        fault(&mut standing);
        Some(standing)
    }));
    for found in standings {
        let told = format!("{found:?}");
        // Nothing is remembered of it.
        let followed = Followed::over(standing(found, 2)).await;

        for _ in 0..2 {
            let refused = followed.authenticate().await.map(drop);

            assert_eq!(refused, Err(invalid()), "{told}");
        }
    }
}

#[tokio::test]
async fn while_the_feed_speaks_a_key_is_read_once() {
    let followed = Followed::over(standing(Some(good()), 1)).await;

    for _ in 0..3 {
        let actor = followed.authenticate().await.unwrap();

        assert_eq!(actor.rights(), reading());
    }
}

#[tokio::test]
async fn a_wrong_secret_of_a_known_key_costs_no_statement() {
    let followed = Followed::over(standing(Some(good()), 1)).await;
    followed.authenticate().await.unwrap();
    let guessed = token_of(KEY, &SECRET.replace('0', "1"));

    let refused = followed.keys.authenticate(&origin(), &guessed).await;

    assert_eq!(refused.map(drop), Err(invalid()));
}

#[tokio::test]
async fn a_known_key_ends_when_its_time_is_over() {
    let brief = ApiKeyStanding {
        expires_at: now() + TimeDelta::seconds(1),
        ..good()
    };
    let followed = Followed::over(standing(Some(brief), 1)).await;
    followed.authenticate().await.unwrap();

    followed.clock.advance(Duration::from_secs(1));

    assert_eq!(followed.authenticate().await.map(drop), Err(invalid()));
}

#[tokio::test]
async fn what_the_feed_says_of_a_key_or_its_owner_has_it_read_again() {
    let key = |below| Revocation::ApiKey {
        key: KEY,
        below: Version(below),
    };
    let owner = |below| Revocation::Tokens {
        user: ADA,
        below: TokenVersion(below),
    };
    let other = Revocation::ApiKey {
        key: ApiKeyId(nth_id(5)),
        below: Version(9),
    };
    for (revocation, times) in [
        (key(4), 2),
        (key(3), 1),
        (other, 1),
        (owner(3), 2),
        (owner(2), 1),
        (Revocation::Role(RoleId(nth_id(6))), 2),
    ] {
        let followed = Followed::over(standing(Some(good()), times)).await;
        followed.authenticate().await.unwrap();

        followed.revocations.heard(revocation);

        followed.authenticate().await.unwrap();
    }
}

#[tokio::test]
async fn what_an_owner_lost_the_key_has_lost() {
    let mut mocks = Mocks::default();
    let mut answers = [owners(), Rights::NONE].into_iter();
    mocks
        .api_keys
        .expect_standing()
        .times(2)
        .returning(move |_| {
            let rights = answers.next().unwrap();
            Ok(Some(ApiKeyStanding { rights, ..good() }))
        });
    let followed = Followed::over(mocks).await;
    followed.authenticate().await.unwrap();

    followed.revocations.heard(Revocation::Tokens {
        user: ADA,
        below: TokenVersion(3),
    });

    let actor = followed.authenticate().await.unwrap();
    assert_eq!(actor.rights(), Rights::NONE);
}

/// The feed is kept for the life of an access token: what was read before that, it may not mention any more.
#[tokio::test]
async fn a_reading_lives_as_long_as_an_access_token() {
    let followed = Followed::over(standing(Some(good()), 2)).await;
    followed.authenticate().await.unwrap();

    followed
        .clock
        .advance(Duration::from_mins(5) - Duration::from_secs(1));
    followed.feed.read_on().await.unwrap();
    followed.authenticate().await.unwrap();
    followed.clock.advance(Duration::from_secs(1));

    followed.authenticate().await.unwrap();
}

#[tokio::test]
async fn while_the_feed_is_silent_each_request_asks() {
    let followed = Followed::over(standing(Some(good()), 3)).await;
    followed.authenticate().await.unwrap();

    followed.clock.advance(KnownRevocations::SILENCE);

    for _ in 0..2 {
        followed.authenticate().await.unwrap();
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_asked_is_no_refusal() {
    let mut mocks = Mocks::default();
    mocks
        .api_keys
        .expect_standing()
        .return_once(|_| Err(unavailable()));
    let (keys, _) = mocks.api_keys_service();

    let failed = keys.authenticate(&origin(), &token()).await;

    assert_eq!(failed.map(drop), Err(Error::Store(unavailable())));
}

#[tokio::test]
async fn no_more_keys_are_remembered_than_two_halves() {
    let mut mocks = Mocks::default();
    mocks
        .api_keys
        .expect_standing()
        .returning(|id| Ok(Some(ApiKeyStanding { id, ..good() })));
    let followed = Followed::over(mocks).await;
    let known = &followed.keys.known;

    let count = KnownApiKeys::HALF as u64 * 2 + 1;
    for n in 0..count {
        let token = token_of(ApiKeyId(nth_id(n)), SECRET);
        followed.keys.authenticate(&origin(), &token).await.unwrap();
    }

    let remembered = (0..count).filter(|it| known.find(ApiKeyId(nth_id(*it))).is_some());
    assert_eq!(remembered.count(), KnownApiKeys::HALF + 1);
}
