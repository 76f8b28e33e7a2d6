use chrono::{DateTime, TimeDelta, Utc};

use super::{SealedKey, SigningKey, SigningKeyId};

/// All keys there are, in the order in which they sign.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySet(Vec<SigningKey>);

/// What a key is for at some moment. It follows from the times of the set alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Others can fetch it before they meet its tokens.
    Announced {
        signs_from: DateTime<Utc>,
    },
    Signing {
        since: DateTime<Utc>,
    },
    /// Another one signs; tokens of this one may still be valid.
    Verifying {
        until: DateTime<Utc>,
    },
    /// No token of its is left.
    Retired,
}

impl KeySet {
    /// For how long others may keep the published keys without asking again.
    pub const MAX_AGE: TimeDelta = TimeDelta::minutes(5);

    /// How long a key is published before it signs: by then whoever follows the published keys has it.
    pub const ANNOUNCEMENT: TimeDelta = TimeDelta::minutes(10);

    /// How much longer than its last token a key is kept: the clocks of servers differ.
    const LEEWAY: TimeDelta = TimeDelta::minutes(5);

    #[must_use]
    pub fn of(mut keys: Vec<SigningKey>) -> Self {
        keys.sort_by_key(|it| (it.signs_from, it.id));
        Self(keys)
    }

    #[must_use]
    pub fn keys(&self) -> &[SigningKey] {
        &self.0
    }

    /// The next key. Where there is none yet it signs at once: there is nothing else to sign with, and
    /// nobody who has fetched other keys before.
    #[must_use]
    pub fn successor(&self, id: SigningKeyId, key: SealedKey, now: DateTime<Utc>) -> SigningKey {
        let wait = if self.0.is_empty() {
            TimeDelta::zero()
        } else {
            Self::ANNOUNCEMENT
        };
        SigningKey {
            id,
            key,
            created_at: now,
            signs_from: now + wait,
        }
    }

    /// Where the key that signs stands; `None` where there is no key. The first one signs before its
    /// time, too: the server that made it may be a little ahead.
    #[must_use]
    pub fn signing(&self, now: DateTime<Utc>) -> Option<usize> {
        let begun = self.0.partition_point(|it| it.signs_from <= now);
        (!self.0.is_empty()).then(|| begun.saturating_sub(1))
    }

    /// The key that is to sign, if one waits for its time.
    #[must_use]
    pub fn announced(&self, now: DateTime<Utc>) -> Option<&SigningKey> {
        self.0
            .last()
            .filter(|_| self.signing(now) != Some(self.0.len() - 1))
    }

    /// Every key with its state. No token lives longer than `token_lifetime`.
    pub fn states(
        &self,
        now: DateTime<Utc>,
        token_lifetime: TimeDelta,
    ) -> impl Iterator<Item = (&SigningKey, KeyState)> {
        let signing = self.signing(now);
        self.0.iter().enumerate().map(move |(at, key)| {
            let state = if Some(at) == signing {
                KeyState::Signing {
                    since: key.signs_from,
                }
            } else if Some(at) > signing {
                KeyState::Announced {
                    signs_from: key.signs_from,
                }
            } else {
                let until = self.0[at + 1].signs_from + token_lifetime + Self::LEEWAY;
                if now < until {
                    KeyState::Verifying { until }
                } else {
                    KeyState::Retired
                }
            };
            (key, state)
        })
    }

    /// Whether it is time for another key: there is none, or the latest has signed for that long.
    #[must_use]
    pub fn wants_successor(&self, now: DateTime<Utc>, after: TimeDelta) -> bool {
        let latest = self.0.last();
        latest.is_none_or(|it| it.signs_from + after <= now)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const LIFETIME: TimeDelta = TimeDelta::minutes(10);

    fn start() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
    }

    fn minute(minutes: i64) -> DateTime<Utc> {
        start() + TimeDelta::minutes(minutes)
    }

    fn sealed(kid: &str) -> SealedKey {
        SealedKey {
            kid: kid.to_owned(),
            sealed: b"hush".to_vec(),
        }
    }

    fn id(n: u128) -> SigningKeyId {
        SigningKeyId(Uuid::from_u128(n))
    }

    /// The first key from the start on, and a second one that was made an hour later.
    fn two() -> KeySet {
        let none = KeySet::default();
        let first = none.successor(id(1), sealed("first"), start());
        let one = KeySet::of(vec![first.clone()]);
        let second = one.successor(id(2), sealed("second"), minute(60));
        KeySet::of(vec![second, first])
    }

    fn states(set: &KeySet, now: DateTime<Utc>) -> Vec<(&str, KeyState)> {
        set.states(now, LIFETIME)
            .map(|(key, state)| (&*key.key.kid, state))
            .collect()
    }

    #[test]
    fn the_first_key_signs_at_once() {
        let none = KeySet::default();
        assert_eq!(none.signing(start()), None);

        let one = KeySet::of(vec![none.successor(id(1), sealed("first"), start())]);

        assert_eq!(one.keys()[0].signs_from, start());
        assert_eq!(one.announced(start()), None);
        let signing = KeyState::Signing { since: start() };
        assert_eq!(states(&one, start()), [("first", signing)]);
        // As a server sees it whose clock is behind.
        assert_eq!(states(&one, minute(-1)), [("first", signing)]);
        assert_eq!(one.announced(minute(-1)), None);
    }

    #[test]
    fn a_key_is_published_for_twice_the_age_that_the_published_keys_may_have() {
        assert_eq!(KeySet::ANNOUNCEMENT, KeySet::MAX_AGE * 2);
        let set = two();

        for now in [minute(60), minute(70) - TimeDelta::microseconds(1)] {
            let [(_, first), (_, second)] = states(&set, now)[..] else {
                panic!("two keys are two");
            };
            assert_eq!(first, KeyState::Signing { since: start() });
            let signs_from = minute(70);
            assert_eq!(second, KeyState::Announced { signs_from });
            assert_eq!(set.announced(now).unwrap().key.kid, "second");
        }
        let second = states(&set, minute(70))[1].1;
        assert_eq!(second, KeyState::Signing { since: minute(70) });
        assert_eq!(set.announced(minute(70)), None);
    }

    #[test]
    fn a_key_verifies_until_its_last_token_has_ended_and_clocks_agree_on_that() {
        let set = two();
        let until = minute(70) + LIFETIME + TimeDelta::minutes(5);

        for now in [minute(70), until - TimeDelta::microseconds(1)] {
            assert_eq!(states(&set, now)[0].1, KeyState::Verifying { until });
        }
        assert_eq!(states(&set, until)[0].1, KeyState::Retired);
        let later = minute(100_000);
        let signing = KeyState::Signing { since: minute(70) };
        assert_eq!(states(&set, later)[1].1, signing);
    }

    #[test]
    fn a_successor_is_wanted_when_the_latest_key_has_signed_for_long_enough() {
        let after = TimeDelta::days(1);
        let set = two();

        assert!(KeySet::default().wants_successor(start(), after));
        let due = minute(70) + after;
        assert!(!set.wants_successor(due - TimeDelta::microseconds(1), after));
        assert!(set.wants_successor(due, after));
    }

    #[test]
    fn of_two_keys_of_the_same_moment_every_server_takes_the_same() {
        let first = two().keys()[0].clone();
        let same = SigningKey {
            id: id(2),
            key: sealed("same"),
            ..first.clone()
        };

        let set = KeySet::of(vec![same.clone(), first.clone()]);

        assert_eq!(set, KeySet::of(vec![first, same]));
        assert_eq!(set.signing(start()), Some(1));
    }

    #[test]
    fn debug_shows_the_name_and_not_the_key() {
        let shown = format!("{:?}", sealed("first"));

        assert_eq!(shown, "SealedKey(first)");
    }
}
