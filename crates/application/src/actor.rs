use std::net::IpAddr;

use chrono::TimeDelta;
use domain::roles::{Required, Rights};
use domain::sessions::SessionId;
use domain::users::UserId;
use uuid::Uuid;

use crate::{Error, Permit, RecentActor, SystemReason};

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
}

/// Somebody who has proved who they are.
#[derive(Debug, Clone, Copy)]
pub struct Actor {
    user_id: UserId,
    session_id: SessionId,
    rights: Rights,
    since_password: TimeDelta,
    origin: Origin,
}

impl Actor {
    /// `since_password`: how long ago they gave their password.
    #[must_use]
    pub fn new(
        user_id: UserId,
        session_id: SessionId,
        rights: Rights,
        since_password: TimeDelta,
        origin: &Origin,
    ) -> Self {
        Self {
            user_id,
            session_id,
            rights,
            since_password,
            origin: Origin {
                cause: Cause::User(user_id),
                ..*origin
            },
        }
    }

    #[must_use]
    pub fn user_id(&self) -> UserId {
        self.user_id
    }

    #[must_use]
    pub fn session_id(&self) -> SessionId {
        self.session_id
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
    pub fn since_password(&self) -> TimeDelta {
        self.since_password
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

    /// The way to a permit.
    ///
    /// # Errors
    /// `Forbidden` when the actor has not got the permission.
    pub fn permit<P: Required>(&self) -> Result<Permit<P>, Error> {
        Permit::check(self)
    }
}
