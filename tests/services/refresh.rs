use std::collections::BTreeSet;
use std::sync::Arc;

use application::sessions::SignedIn;
use application::{Clock, Error, Services};
use chrono::{DateTime, TimeDelta, Utc};
use domain::sessions::SessionError;
use secrecy::ExposeSecret;
use support::factories::users::PASSWORD;
use support::{TestApp, at_once, origin};

use super::{member, patient_app, services};

const WINDOW: TimeDelta = TimeDelta::seconds(30);
const REFUSED: Error = Error::Session(SessionError::RefreshRefused);

/// The refresh token of a new member's sign-in.
async fn sign_in(app: &TestApp, services: &Services) -> String {
    let email = member(app).await.email;
    let sessions = &services.sessions;
    let signed_in = sessions.sign_in(&origin(), &email, &PASSWORD.into()).await;
    secret(&signed_in.expect("the password is right"))
}

fn secret(signed_in: &SignedIn) -> String {
    signed_in.refresh_token.expose_secret().to_owned()
}

/// The successor, or the refusal.
async fn refresh(services: &Services, token: &str) -> Result<String, Error> {
    let sessions = &services.sessions;
    let refreshed = sessions.refresh(&origin(), &token.into()).await;
    refreshed.map(|it| secret(&it))
}

/// How many tokens could be used now.
async fn live_branches(app: &TestApp) -> i64 {
    let unused = "refresh_tokens JOIN sessions ON sessions.id = refresh_tokens.session_id \
                  WHERE used_at IS NULL AND ended_at IS NULL";
    app.database.count(unused).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_token_given_twenty_times_at_once_has_one_successor() {
    let app = patient_app().await;
    let services = services(&app.ports);

    for round in 1..=5 {
        let token = sign_in(&app, &services).await;
        let work = (0..20).map(|_| {
            let (services, token) = (Arc::clone(&services), token.clone());
            async move { refresh(&services, &token).await }
        });
        let results = at_once(work).await;

        let successors: BTreeSet<_> = results
            .into_iter()
            .map(|it| it.expect("they came at once"))
            .collect();
        assert_eq!(successors.len(), 1, "round {round}");
        assert_eq!(live_branches(&app).await, round);
    }
}

/// The late ones may end the session or not, by who is first: but never are there two branches.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_and_its_successor_at_once_leave_one_branch_at_most() {
    let app = patient_app().await;
    let services = services(&app.ports);

    for round in 0..10 {
        let before = live_branches(&app).await;
        let token = sign_in(&app, &services).await;
        let next = refresh(&services, &token).await.expect("it is fresh");
        let work = (0..10).map(|at| {
            let services = Arc::clone(&services);
            let token = if at % 2 == 0 { &token } else { &next }.clone();
            async move { refresh(&services, &token).await }
        });
        let results = at_once(work).await;

        for result in results {
            assert!(
                result.is_ok() || result == Err(REFUSED),
                "round {round}: {result:?}"
            );
        }
        assert!(live_branches(&app).await <= before + 1, "round {round}");
    }
}

/// What should become of one family, by the rules alone.
struct Family {
    /// Every token there was, the newest last.
    tokens: Vec<String>,
    /// When each but the newest was used first.
    used_at: Vec<DateTime<Utc>>,
    ended: bool,
}

impl Family {
    fn of(token: String) -> Self {
        Self {
            tokens: vec![token],
            used_at: Vec::new(),
            ended: false,
        }
    }

    /// Somebody gives the token at `index`.
    async fn is_given(&mut self, app: &TestApp, services: &Services, index: usize) {
        let now = app.clock.now();
        let given = refresh(services, &self.tokens[index]).await;
        let newest = self.tokens.len() - 1;
        let is_last_spent = index + 1 == newest;
        if self.ended {
            assert_eq!(given, Err(REFUSED), "the family has ended");
        } else if index == newest {
            let next = given.expect("the newest token is fresh");
            assert!(!self.tokens.contains(&next), "a successor is a new one");
            self.tokens.push(next);
            self.used_at.push(now);
        } else if is_last_spent && now < self.used_at[index] + WINDOW {
            assert_eq!(given.as_ref(), Ok(&self.tokens[newest]));
        } else {
            assert_eq!(given, Err(REFUSED), "it was used before");
            self.ended = true;
        }
        let branches = live_branches(app).await;
        assert_eq!(branches, i64::from(!self.ended));
    }

    async fn end(mut self, app: &TestApp, services: &Services) {
        if !self.ended {
            app.clock.advance(WINDOW);
            self.is_given(app, services, 0).await;
            // The first one may have been the newest still.
            app.clock.advance(WINDOW);
            self.is_given(app, services, 0).await;
        }
        assert!(self.ended);
    }
}

/// A thief has every token there was and gives any of them at any time; so may tabs that slept,
/// and clients whose answers were lost.
#[tokio::test]
async fn whoever_gives_tokens_in_whichever_order_there_is_one_branch_or_none() {
    let app = TestApp::start().await;
    let services = services(&app.ports);

    for seed in 0..40 {
        let mut random = fastrand::Rng::with_seed(seed);
        println!("seed {seed}");
        let mut family = Family::of(sign_in(&app, &services).await);
        for _ in 0..20 {
            let newest = family.tokens.len() - 1;
            let index = match random.u8(..10) {
                0 => random.usize(..=newest),
                1..6 => newest.saturating_sub(1),
                _ => newest,
            };
            family.is_given(&app, &services, index).await;
            let pause = [0, 1, 14_999, 15_000, 30_000, 3_600_000];
            let pause = random.choice(pause).expect("there are some");
            app.clock.advance(TimeDelta::milliseconds(pause));
        }
        family.end(&app, &services).await;
    }
}

/// Each round several tabs have the same token; each gives it once or, as long as answers are
/// lost, again, and all within the window. The last answer arrives.
#[tokio::test]
async fn who_retries_within_the_window_or_has_tabs_is_never_signed_out() {
    let app = TestApp::start().await;
    let services = services(&app.ports);

    for seed in 0..20 {
        let mut random = fastrand::Rng::with_seed(seed);
        println!("seed {seed}");
        let mut stored = sign_in(&app, &services).await;
        for _ in 0..8 {
            let tries = random.usize(1..=6);
            let mut left = WINDOW.num_milliseconds() - 1;
            let mut arrived = None;
            for _ in 0..tries {
                let answer = refresh(&services, &stored).await;
                let answer = answer.expect("an honest client goes on");
                assert_eq!(arrived.get_or_insert_with(|| answer.clone()), &answer);
                let pause = random.i64(0..=left);
                left -= pause;
                app.clock.advance(TimeDelta::milliseconds(pause));
            }
            stored = arrived.expect("there was a try");
            assert_eq!(live_branches(&app).await, i64::try_from(seed).unwrap() + 1);
            let until_next = TimeDelta::minutes(random.i64(1..3 * 24 * 60));
            app.clock.advance(until_next);
        }
    }
}
