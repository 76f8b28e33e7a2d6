use std::marker::PhantomData;

use domain::roles::{Required, Rights};
use domain::sessions::SessionId;
use domain::users::UserId;

use crate::{Actor, Database, Error, Origin, Transaction};

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

    /// As [`Actor::begin`].
    pub(crate) async fn begin(
        &self,
        database: &dyn Database,
    ) -> Result<Box<dyn Transaction>, Error> {
        self.actor.begin(database).await
    }

    /// As [`Actor::still_may`].
    pub(crate) async fn still_may(&self, tx: &dyn Transaction) -> Result<(), Error> {
        self.actor.still_may(tx).await
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
