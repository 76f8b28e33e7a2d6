use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::revocations::Revocation;
use domain::roles::{Permission, Rights, RoleId, RoleName};
use domain::sessions::{SessionId, TokenVersion};
use mockall::Sequence;
use mockall::predicate::eq;

use super::{FeedPosition, Judgement, KnownRevocations, Published, RevocationFeed};
use crate::fakes::{ADA, CALLER, Mocks, MovedClock, now, nth_id, unavailable};
use crate::sessions::AccessClaims;
use crate::{Clock, Error};

const SESSION: SessionId = SessionId(uuid::Uuid::from_u128(8));

const VALID: Judgement = Judgement::Valid(Rights::NONE);

/// Longer than any entry is needed: the lifetime of a token, and the margin.
const LONG: Duration = Duration::from_mins(10);

fn claims() -> AccessClaims {
    AccessClaims {
        id: nth_id(9),
        user_id: ADA,
        session_id: SESSION,
        token_version: TokenVersion(2),
        roles: vec![RoleName::member()],
        authenticated_at: now(),
        issued_at: now(),
        expires_at: now() + TimeDelta::minutes(5),
    }
}

fn outdated(below: i64) -> Revocation {
    Revocation::Tokens {
        user: ADA,
        below: TokenVersion(below),
    }
}

fn entry(position: i64, revocation: Revocation) -> Published {
    Published {
        position: FeedPosition(position),
        revocation,
        at: now(),
    }
}

/// What the member's role grants.
fn roles(rights: Rights) -> HashMap<RoleName, Rights> {
    HashMap::from([(RoleName::member(), rights)])
}

/// The feed has these entries, and then none.
fn feed_of(entries: Vec<Published>) -> Mocks {
    let mut mocks = Mocks::default();
    let mut entries = Some(entries);
    mocks
        .revocations
        .expect_list_after()
        .returning(move |_, _| Ok(entries.take().unwrap_or_default()));
    mocks
        .roles
        .expect_rights_by_role()
        .returning(|| Ok(roles(Rights::NONE)));
    mocks
}

struct Followed {
    feed: RevocationFeed,
    known: Arc<KnownRevocations>,
    clock: Arc<MovedClock>,
}

impl Followed {
    async fn over(mocks: Mocks) -> Self {
        let (feed, known, clock, _) = mocks.revocation_feed();
        feed.read_on().await.unwrap();
        Self { feed, known, clock }
    }

    fn judge(&self, claims: &AccessClaims) -> Judgement {
        self.known.judge(claims, self.clock.now())
    }
}

#[tokio::test]
async fn a_token_that_the_feed_does_not_mention_has_the_rights_of_its_roles() {
    let mut mocks = Mocks::default();
    mocks
        .revocations
        .expect_list_after()
        .return_once(|_, _| Ok(Vec::new()));
    let granted = [
        (RoleName::member(), [Permission::UsersRead]),
        (RoleName::administrator(), [Permission::UsersDelete]),
    ];
    let granted: HashMap<_, _> = granted
        .map(|(role, rights)| (role, Rights::from_iter(rights)))
        .into();
    mocks
        .roles
        .expect_rights_by_role()
        .return_once(|| Ok(granted));
    let followed = Followed::over(mocks).await;
    let with_roles = |roles: &[RoleName]| AccessClaims {
        roles: roles.to_vec(),
        ..claims()
    };

    let one = followed.judge(&claims());
    let both = followed.judge(&with_roles(&[
        RoleName::member(),
        RoleName::administrator(),
    ]));
    let none = followed.judge(&with_roles(&[]));

    let read = Rights::from_iter([Permission::UsersRead]);
    assert_eq!(one, Judgement::Valid(read));
    let both_rights = [Permission::UsersRead, Permission::UsersDelete];
    assert_eq!(both, Judgement::Valid(Rights::from_iter(both_rights)));
    assert_eq!(none, VALID);
}

#[tokio::test]
async fn what_the_feed_tells_is_void_and_nothing_else() {
    for (revocation, judgement) in [
        (Revocation::Session(SESSION), Judgement::Void),
        (Revocation::Session(SessionId(nth_id(7))), VALID),
        (outdated(3), Judgement::Void),
        (outdated(2), VALID),
        (
            Revocation::Tokens {
                user: CALLER,
                below: TokenVersion(3),
            },
            VALID,
        ),
    ] {
        let followed = Followed::over(feed_of(vec![entry(1, revocation)])).await;
        assert_eq!(followed.judge(&claims()), judgement, "{revocation:?}");

        let followed = Followed::over(feed_of(Vec::new())).await;
        followed.known.heard(revocation);
        assert_eq!(followed.judge(&claims()), judgement, "{revocation:?}");

        // What is known for good is not asked about either.
        followed.clock.advance(KnownRevocations::SILENCE);
        let void = followed.judge(&claims()) == Judgement::Void;
        assert_eq!(void, judgement == Judgement::Void, "{revocation:?}");
    }
}

#[tokio::test]
async fn a_version_never_falls() {
    let entries = vec![entry(1, outdated(3)), entry(2, outdated(2))];
    let followed = Followed::over(feed_of(entries)).await;

    assert_eq!(followed.judge(&claims()), Judgement::Void);
}

#[tokio::test]
async fn before_the_feed_was_read_nothing_is_known() {
    let (feed, known, _, _) = feed_of(Vec::new()).revocation_feed();

    assert_eq!(known.judge(&claims(), now()), Judgement::Unknown);
    feed.read_on().await.unwrap();
    assert_eq!(known.judge(&claims(), now()), VALID);
}

#[tokio::test]
async fn a_silent_feed_is_not_relied_on_until_it_speaks_again() {
    let followed = Followed::over(feed_of(Vec::new())).await;

    let silence = KnownRevocations::SILENCE;
    followed
        .clock
        .advance(silence.saturating_sub(Duration::from_micros(1)));
    assert_eq!(followed.judge(&claims()), VALID);
    followed.clock.advance(Duration::from_micros(1));
    assert_eq!(followed.judge(&claims()), Judgement::Unknown);
    followed.feed.read_on().await.unwrap();
    assert_eq!(followed.judge(&claims()), VALID);
}

#[tokio::test]
async fn a_reading_that_fails_leaves_the_feed_silent() {
    let mut mocks = Mocks::default();
    mocks
        .revocations
        .expect_list_after()
        .return_once(|_, _| Err(unavailable()));
    let (feed, known, _, _) = mocks.revocation_feed();

    let failed = feed.read_on().await;

    assert_eq!(failed, Err(Error::Store(unavailable())));
    assert_eq!(known.judge(&claims(), now()), Judgement::Unknown);
}

/// It was signed before somebody made their life shorter: the feed may have forgotten its session.
#[tokio::test]
async fn a_token_that_is_older_than_tokens_become_is_looked_up() {
    let followed = Followed::over(feed_of(Vec::new())).await;
    let issued = |minutes| AccessClaims {
        issued_at: now() - TimeDelta::minutes(minutes),
        ..claims()
    };

    assert_eq!(followed.judge(&issued(4)), VALID);
    assert_eq!(followed.judge(&issued(5)), Judgement::Unknown);
}

#[tokio::test]
async fn a_role_that_nobody_has_heard_of_is_looked_up() {
    let followed = Followed::over(feed_of(Vec::new())).await;
    let new = AccessClaims {
        roles: vec![RoleName::member(), RoleName::administrator()],
        ..claims()
    };

    assert_eq!(followed.judge(&new), Judgement::Unknown);
}

#[tokio::test]
async fn a_role_that_has_changed_is_read_again_before_it_counts() {
    let mut mocks = Mocks::default();
    let mut sequence = Sequence::new();
    for rights in [Rights::all(), Rights::NONE] {
        mocks
            .roles
            .expect_rights_by_role()
            .once()
            .in_sequence(&mut sequence)
            .return_once(move || Ok(roles(rights)));
    }
    let changed = entry(1, Revocation::Role(RoleId(nth_id(6))));
    let mut pages = [vec![], vec![changed], vec![]].into_iter();
    mocks
        .revocations
        .expect_list_after()
        .returning(move |_, _| Ok(pages.next().unwrap()));
    let followed = Followed::over(mocks).await;
    assert_eq!(followed.judge(&claims()), Judgement::Valid(Rights::all()));

    followed.feed.read_on().await.unwrap();
    assert_eq!(followed.judge(&claims()), VALID);
    // Nothing was read for nothing: the mock takes no third call.
    followed.feed.read_on().await.unwrap();
    assert_eq!(followed.judge(&claims()), VALID);
}

#[tokio::test]
async fn a_role_that_this_process_has_changed_is_looked_up_until_it_is_read() {
    let followed = Followed::over(feed_of(Vec::new())).await;

    followed.known.heard(Revocation::Role(RoleId(nth_id(6))));
    assert_eq!(followed.judge(&claims()), Judgement::Unknown);
    followed.feed.read_on().await.unwrap();
    assert_eq!(followed.judge(&claims()), VALID);
}

/// What is read while a role changes may be from before.
#[test]
fn roles_that_were_read_before_a_change_do_not_count() {
    let clock = Arc::new(MovedClock::default());
    let known = KnownRevocations::new(clock, TimeDelta::minutes(5));
    known.complete(Duration::ZERO);

    let change = known.role_change().unwrap();
    known.heard(Revocation::Role(RoleId(nth_id(6))));
    known.put_roles(roles(Rights::all()), change);
    assert_eq!(known.judge(&claims(), now()), Judgement::Unknown);

    let change = known.role_change().unwrap();
    known.put_roles(roles(Rights::NONE), change);
    assert_eq!(known.judge(&claims(), now()), VALID);
}

#[tokio::test]
async fn a_feed_of_several_pages_is_read_to_its_end_before_it_counts() {
    let page = i64::try_from(RevocationFeed::PAGE).unwrap();
    let mut mocks = Mocks::default();
    let other = |at| entry(at, Revocation::Session(SessionId(nth_id(7))));
    let first: Vec<_> = (1..=page).map(other).collect();
    mocks
        .revocations
        .expect_list_after()
        .with(eq(FeedPosition::START), eq(RevocationFeed::PAGE))
        .once()
        .return_once(|_, _| Ok(first));
    let last = vec![entry(page + 5, Revocation::Session(SESSION))];
    mocks
        .revocations
        .expect_list_after()
        .with(eq(FeedPosition(page)), eq(RevocationFeed::PAGE))
        .once()
        .return_once(|_, _| Ok(last));
    mocks
        .revocations
        .expect_list_after()
        .with(eq(FeedPosition(page + 5)), eq(RevocationFeed::PAGE))
        .once()
        .return_once(|_, _| Ok(Vec::new()));
    mocks
        .roles
        .expect_rights_by_role()
        .once()
        .return_once(|| Ok(roles(Rights::NONE)));

    let followed = Followed::over(mocks).await;
    assert_eq!(followed.judge(&claims()), Judgement::Void);
    followed.feed.read_on().await.unwrap();
}

#[tokio::test]
async fn a_feed_that_is_rewound_is_read_from_its_start_and_the_roles_with_it() {
    let mut mocks = Mocks::default();
    for _ in 0..2 {
        mocks
            .revocations
            .expect_list_after()
            .with(eq(FeedPosition::START), eq(RevocationFeed::PAGE))
            .once()
            .return_once(|_, _| Ok(vec![entry(9, outdated(3))]));
    }
    mocks
        .roles
        .expect_rights_by_role()
        .times(2)
        .returning(|| Ok(roles(Rights::NONE)));
    let followed = Followed::over(mocks).await;

    followed.feed.rewind();
    assert_eq!(followed.judge(&claims()), Judgement::Void);
    followed.feed.read_on().await.unwrap();
}

#[tokio::test]
async fn what_no_token_is_left_for_is_forgotten() {
    let (feed, known, clock, _) = feed_of(vec![entry(1, outdated(3))]).revocation_feed();
    feed.read_on().await.unwrap();
    let later = AccessClaims {
        issued_at: now() + LONG,
        ..claims()
    };

    clock.advance(LONG);
    assert_eq!(known.judge(&later, clock.now()), Judgement::Void);
    feed.forget_old();

    assert_eq!(known.judge(&later, clock.now()), Judgement::Unknown);
}

#[tokio::test]
async fn what_a_token_may_be_left_for_is_kept() {
    let (feed, known, clock, _) = feed_of(vec![entry(1, outdated(3))]).revocation_feed();
    feed.read_on().await.unwrap();

    clock.advance(LONG.saturating_sub(Duration::from_micros(1)));
    feed.forget_old();

    assert_eq!(known.judge(&claims(), clock.now()), Judgement::Void);
}

/// As when a server starts and nobody has cleared away for a while.
#[tokio::test]
async fn entries_that_are_too_old_are_not_taken() {
    let (feed, known, clock, _) = feed_of(vec![entry(1, outdated(3))]).revocation_feed();
    clock.advance(LONG);
    let later = AccessClaims {
        issued_at: now() + LONG,
        ..claims()
    };

    feed.read_on().await.unwrap();

    assert_eq!(known.judge(&later, clock.now()), VALID);
}
