use std::net::IpAddr;
use std::ops::Deref;

use chrono::TimeDelta;
use domain::api_keys::ApiKeyId;
use domain::audit::Network;
use domain::roles::{Required, Rights};
use domain::sessions::{SessionError, SessionId};
use domain::users::UserId;
use uuid::Uuid;

use crate::{Database, Error, Permit, RecentActor, SystemReason, Transaction};

/// Who and what caused some work. It goes with the transaction, so that what is written down
/// about the work can name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The id that the client was told, or one of its own for work that no request caused.
    pub request_id: Uuid,
    /// The address that the request came from.
    pub client: Option<IpAddr>,
    pub cause: Cause,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    Anonymous,
    User(UserId),
    /// A program, for whoever has made the key.
    ApiKey(ApiKeyId, UserId),
    System(SystemReason),
}

impl Origin {
    #[must_use]
    pub fn anonymous(request_id: Uuid, client: Option<IpAddr>) -> Self {
        Self {
            request_id,
            client,
            cause: Cause::Anonymous,
        }
    }

    fn caused_by(self, cause: Cause) -> Self {
        Self { cause, ..self }
    }

    /// The network that the request came from.
    #[must_use]
    pub fn network(&self) -> Option<Network> {
        self.client.map(Network::of)
    }
}

/// Somebody who has proved who they are: by an access token, or by an API key.
#[derive(Debug, Clone, Copy)]
pub struct Actor {
    user_id: UserId,
    rights: Rights,
    proof: Proof,
    origin: Origin,
}

#[derive(Debug, Clone, Copy)]
enum Proof {
    Session(ActingSession),
    ApiKey(ApiKeyId),
}

/// What somebody proved by who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorCredential {
    Session(SessionId),
    ApiKey(ApiKeyId),
}

#[derive(Debug, Clone, Copy)]
struct ActingSession {
    id: SessionId,
    since_password: TimeDelta,
}

impl Actor {
    /// Who sends an access token. `since_password`: how long ago they gave their password.
    #[must_use]
    pub fn by_session(
        user_id: UserId,
        session_id: SessionId,
        rights: Rights,
        since_password: TimeDelta,
        origin: &Origin,
    ) -> Self {
        let session = ActingSession {
            id: session_id,
            since_password,
        };
        Self {
            user_id,
            rights,
            proof: Proof::Session(session),
            origin: origin.caused_by(Cause::User(user_id)),
        }
    }

    /// Who sends an API key. `rights`: what the key allows, never more than its owner may do.
    #[must_use]
    pub fn by_api_key(key: ApiKeyId, owner: UserId, rights: Rights, origin: &Origin) -> Self {
        Self {
            user_id: owner,
            rights,
            proof: Proof::ApiKey(key),
            origin: origin.caused_by(Cause::ApiKey(key, owner)),
        }
    }

    #[must_use]
    pub fn user_id(&self) -> UserId {
        self.user_id
    }

    #[must_use]
    pub fn rights(&self) -> Rights {
        self.rights
    }

    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    #[must_use]
    pub fn credential(&self) -> ActorCredential {
        match self.proof {
            Proof::Session(session) => ActorCredential::Session(session.id),
            Proof::ApiKey(id) => ActorCredential::ApiKey(id),
        }
    }

    /// Begins what they asked for, if they still may.
    ///
    /// # Errors
    /// Those of [`Actor::still_may`] and the store's.
    pub(crate) async fn begin(
        &self,
        database: &dyn Database,
    ) -> Result<Box<dyn Transaction>, Error> {
        let tx = database.begin(&self.origin).await?;
        self.still_may(&*tx).await?;
        Ok(tx)
    }

    /// Whether they may do all that they might when they asked. The head of a request is judged before its body has come,
    /// which may take its time, and then it may wait for a lock: whoever lost their rights meanwhile must not have them back
    /// by that. So this comes after the lock of what decides on rights.
    ///
    /// # Errors
    /// `TokenInvalid` when they may do less: another token says what they may do now.
    pub(crate) async fn still_may(&self, tx: &dyn Transaction) -> Result<(), Error> {
        let now = tx.rights_of(self).await?;
        let enough = now.is_some_and(|it| it.covers(self.rights));
        enough
            .then_some(())
            .ok_or(SessionError::TokenInvalid.into())
    }

    /// The way to what is not for programs.
    ///
    /// # Errors
    /// `SessionRequired` when the actor sends an API key.
    pub fn session(&self) -> Result<SessionActor, Error> {
        match self.proof {
            Proof::Session(session) => Ok(SessionActor {
                actor: *self,
                session,
            }),
            Proof::ApiKey(_) => Err(SessionError::SessionRequired.into()),
        }
    }

    /// The way to a permit.
    ///
    /// # Errors
    /// `Forbidden` when the actor has not got the permission.
    pub fn permit<P: Required>(&self) -> Result<Permit<P>, Error> {
        Permit::check(self)
    }
}

/// The proof that somebody is signed in, and does not send an API key: what is about sessions, passwords and keys asks for
/// it, so that whoever has got hold of a key gets hold of nothing more. There is one way to it, and it checks:
/// [`Actor::session`].
#[derive(Debug, Clone, Copy)]
pub struct SessionActor {
    actor: Actor,
    session: ActingSession,
}

impl SessionActor {
    #[must_use]
    pub fn session_id(&self) -> SessionId {
        self.session.id
    }

    #[must_use]
    pub fn since_password(&self) -> TimeDelta {
        self.session.since_password
    }

    /// The way to what is sensitive.
    ///
    /// # Errors
    /// `SignInTooOld` when the actor gave their password longer ago than [`Session::RECENT`].
    ///
    /// [`Session::RECENT`]: domain::sessions::Session::RECENT
    pub fn recent(&self) -> Result<RecentActor, Error> {
        RecentActor::check(self)
    }
}

impl Deref for SessionActor {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.actor
    }
}
