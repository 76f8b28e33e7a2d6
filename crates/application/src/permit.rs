use std::marker::PhantomData;

use domain::roles::{Required, Rights};
use domain::sessions::SessionId;
use domain::users::UserId;

use crate::{Actor, Error, Origin};

/// The proof that somebody may do what `P` allows. There is one way to it, and it checks:
/// [`Actor::permit`].
#[derive(Debug)]
pub struct Permit<P> {
    actor: Actor,
    permission: PhantomData<P>,
}

impl<P: Required> Permit<P> {
    pub(crate) fn check(actor: &Actor) -> Result<Self, Error> {
        if !actor.rights().contains(P::PERMISSION) {
            return Err(Error::Forbidden(P::PERMISSION));
        }
        Ok(Self {
            actor: *actor,
            permission: PhantomData,
        })
    }

    #[must_use]
    pub fn origin(&self) -> &Origin {
        self.actor.origin()
    }

    /// What the holder is signed in with, unless it is an API key.
    #[must_use]
    pub fn session_id(&self) -> Option<SessionId> {
        let session = self.actor.session();
        session.ok().map(|it| it.session_id())
    }

    /// Whether the holder is that user.
    #[must_use]
    pub fn is_held_by(&self, user: UserId) -> bool {
        self.actor.user_id() == user
    }

    /// Whether the holder may do everything that `others` allow.
    #[must_use]
    pub fn covers(&self, others: Rights) -> bool {
        self.actor.rights().covers(others)
    }
}
