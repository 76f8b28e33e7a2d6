use std::ops::Deref;

use domain::sessions::{Session, SessionError};

use crate::{Error, SessionActor};

/// The proof that somebody has given their password a short while ago: what a sensitive use case asks for, because whoever
/// finds a browser open, or a token lying about, cannot have it. There is one way to it, and it checks:
/// [`Actor::recent`].
#[derive(Debug)]
pub struct RecentActor(SessionActor);

impl RecentActor {
    pub(crate) fn check(actor: &SessionActor) -> Result<Self, Error> {
        if actor.since_password() > Session::RECENT {
            return Err(SessionError::SignInTooOld.into());
        }
        Ok(Self(*actor))
    }
}

impl Deref for RecentActor {
    type Target = SessionActor;

    fn deref(&self) -> &SessionActor {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use domain::roles::Rights;

    use super::*;
    use crate::Actor;
    use crate::fakes::{CALLER, caller, origin};

    fn since(password: TimeDelta) -> SessionActor {
        let session = caller(Rights::NONE).session_id();
        let actor = Actor::by_session(CALLER, session, Rights::all(), password, &origin());
        actor.session().unwrap()
    }

    #[test]
    fn a_password_is_recent_for_five_minutes() {
        let five = TimeDelta::minutes(5);
        for recent in [TimeDelta::seconds(-5), TimeDelta::zero(), five] {
            assert!(since(recent).recent().is_ok(), "{recent}");
        }
        for old in [five + TimeDelta::microseconds(1), TimeDelta::days(30)] {
            let refused = since(old).recent().unwrap_err();
            assert_eq!(refused, SessionError::SignInTooOld.into(), "{old}");
        }
    }
}
