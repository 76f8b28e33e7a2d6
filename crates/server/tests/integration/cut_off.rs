//! A server whose network to PostgreSQL breaks: it lets nobody in with what another has revoked, says so while it
//! cannot know, and knows everything once the network is back.

use std::time::Instant;

use support::Engine;

use crate::lines::DEADLINE;
use crate::place::{PASSWORD, Place};
use crate::server::Server;
use crate::wire::Wire;

const ADA: &str = "ada@example.org";

/// Two servers over one database, of which the second reaches it by the wire; and two sessions there.
struct CutOff {
    first: Server,
    second: Server,
    wire: Wire,
    staying: String,
    ending: String,
    _place: Place,
}

impl CutOff {
    /// `None` on SQLite, to which no network leads.
    async fn about_to_be() -> Option<Self> {
        if Engine::of_this_run() == Engine::Sqlite {
            return None;
        }
        // They are asked as often as they answer.
        let place = Place::migrated()
            .await
            .set("ASHLAR__LIMITS__READ_BURST", "1000000");
        let place = place.set("ASHLAR__LIMITS__PUBLIC_BURST", "1000000");
        let place = place.set("ASHLAR__DATABASE__ACQUIRE_TIMEOUT_MS", "1000");
        place.administrator(ADA);
        let first = place.serve();
        let (wire, second) = place.serve_by_wire();
        let [staying, ending] = [(); 2].map(|()| first.sign_in(ADA, PASSWORD));
        let it = Self {
            first,
            second,
            wire,
            staying,
            ending,
            _place: place,
        };
        for token in [&it.staying, &it.ending] {
            assert_eq!(it.asks_second(token), 200);
        }
        Some(it)
    }

    /// For what the second has in memory, but for whether the token is still good.
    fn asks_second(&self, token: &str) -> u16 {
        let answer = self.second.get("/api/v1/me/permissions", Some(token));
        answer.status
    }

    fn end_one_at_first(&self) {
        let body = serde_json::json!({});
        let ended = self
            .first
            .post("/api/v1/auth/logout", Some(&self.ending), &body);
        assert_eq!(ended.status, 204, "{ended:?}");
    }

    /// What the second answers, until it answers that: each of them once in a row.
    fn answers_until(&self, token: &str, last: u16) -> Vec<u16> {
        let give_up = Instant::now() + DEADLINE;
        let mut answers = vec![self.asks_second(token)];
        while answers.last() != Some(&last) {
            assert!(Instant::now() < give_up, "never {last}: {answers:?}");
            answers.push(self.asks_second(token));
            answers.dedup();
        }
        answers
    }

    fn ends_well(&self) {
        let until = self.answers_until(&self.ending, 401);
        assert!(!until.contains(&500), "{until:?}");
        let until = self.answers_until(&self.staying, 200);
        assert!(!until.iter().any(|it| [401, 500].contains(it)), "{until:?}");
    }
}

#[tokio::test]
async fn whoever_hears_nothing_refuses_to_judge_until_it_has_heard_everything() {
    let Some(it) = CutOff::about_to_be().await else {
        return;
    };

    it.wire.swallow_everything();
    it.end_one_at_first();

    assert_eq!(it.answers_until(&it.ending, 503), [200, 503]);
    assert_eq!(it.asks_second(&it.staying), 503);
    it.wire.mend();
    let until = it.answers_until(&it.ending, 401);
    assert!([&[401][..], &[503, 401]].contains(&&until[..]), "{until:?}");
    it.ends_well();
}

#[tokio::test]
async fn connections_that_swallow_what_is_said_are_left_behind() {
    let Some(it) = CutOff::about_to_be().await else {
        return;
    };

    it.wire.swallow_those_that_are();
    it.end_one_at_first();

    it.ends_well();
}

#[tokio::test]
async fn connections_that_are_ended_are_made_again() {
    let Some(it) = CutOff::about_to_be().await else {
        return;
    };

    it.wire.cut();
    it.end_one_at_first();

    it.ends_well();
}

#[tokio::test]
async fn what_is_not_pushed_any_more_is_read() {
    let Some(it) = CutOff::about_to_be().await else {
        return;
    };

    it.wire.swallow_those_of("ashlar revocations");
    it.end_one_at_first();

    assert_eq!(it.answers_until(&it.ending, 401), [200, 401]);
    it.ends_well();
}
