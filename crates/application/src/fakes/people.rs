use std::net::{IpAddr, Ipv4Addr};

use chrono::TimeDelta;
use domain::Version;
use domain::roles::{Required, Rights, RoleName};
use domain::sessions::{SessionId, TokenVersion};
use domain::users::{DisplayName, EmailAddress, Status, User, UserId};
use uuid::Uuid;

use super::now;
use crate::{Actor, Origin, Permit, RecentActor, SessionActor};

/// Whom the use cases are about.
pub(crate) const ADA: UserId = UserId(Uuid::from_u128(0xADA));

/// Who calls them.
pub(crate) const CALLER: UserId = UserId(Uuid::from_u128(0xCA11));

/// Ada's account: a member, who has changed something since she came.
pub(crate) fn user(status: Status) -> User {
    let created_at = now() - TimeDelta::days(2);
    User {
        status,
        version: Version(3),
        token_version: TokenVersion(2),
        updated_at: now() - TimeDelta::days(1),
        ..User::invited(ADA, email("ada@example.org"), name("Ada"), created_at)
    }
}

/// The same account with every permission.
pub(crate) fn administrator(status: Status) -> User {
    let mut user = user(status);
    user.roles.insert(RoleName::administrator());
    user
}

pub(crate) fn caller(rights: Rights) -> SessionActor {
    let session = SessionId(Uuid::from_u128(0x5E55));
    let since_password = TimeDelta::minutes(1);
    let actor = Actor::by_session(CALLER, session, rights, since_password, &origin());
    actor.session().unwrap()
}

/// The caller, who needs no permission.
pub(crate) fn recent_caller() -> RecentActor {
    caller(Rights::NONE).recent().unwrap()
}

/// Held by a caller who has every permission.
pub(crate) fn permit<P: Required>() -> Permit<P> {
    caller(Rights::all()).permit().unwrap()
}

pub(crate) fn origin() -> Origin {
    let client = IpAddr::V4(Ipv4Addr::LOCALHOST);
    Origin::anonymous(Uuid::from_u128(0x4E0), Some(client))
}

pub(crate) fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(crate) fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}
