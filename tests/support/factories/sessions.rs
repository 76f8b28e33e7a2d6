use chrono::TimeDelta;
use domain::sessions::{Session, SessionId};
use domain::users::User;
use uuid::Uuid;

/// A session that began with the account and lasts a month.
#[must_use]
pub fn session(of: &User) -> Session {
    let id = SessionId(Uuid::now_v7());
    Session::begun(id, of.id, of.created_at, TimeDelta::days(30))
}
