use application::sessions::AccessClaims;
use chrono::{DateTime, Utc};
use domain::roles::RoleName;
use domain::sessions::{CLIENT, SCOPE, SessionId, TokenVersion};
use domain::users::UserId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The body of an access token (RFC 9068, section 2.2). Of issuers and audiences it has exactly
/// one: where jsonwebtoken finds the right one among several, it is content, but a token that is
/// also for somebody else could be brought here by them.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    iss: String,
    sub: Uuid,
    aud: String,
    exp: i64,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    jti: Uuid,
    client_id: String,
    scope: String,
    auth_time: i64,
    sid: Uuid,
    roles: Vec<String>,
    ver: i64,
}

impl Claims {
    pub(super) fn new(access: &AccessClaims, issuer: &str, audience: &str) -> Self {
        Self {
            iss: issuer.to_owned(),
            sub: access.user_id.0,
            aud: audience.to_owned(),
            // Whole seconds, rounded down: nothing lasts longer or looks fresher than it is.
            exp: access.expires_at.timestamp(),
            iat: access.issued_at.timestamp(),
            nbf: None,
            jti: access.id,
            client_id: CLIENT.to_owned(),
            scope: SCOPE.to_owned(),
            auth_time: access.authenticated_at.timestamp(),
            sid: access.session_id.0,
            roles: access.roles.iter().map(ToString::to_string).collect(),
            ver: access.token_version.0,
        }
    }

    /// Before it, the token says nothing.
    pub(super) fn begins(&self) -> Option<DateTime<Utc>> {
        time(self.iat.max(self.nbf.unwrap_or(self.iat)))
    }

    /// `None` when they are of another client, or no times and names. A narrower scope has no place in
    /// `AccessClaims`, so it must not be taken for the only one.
    pub(super) fn into_access(self) -> Option<AccessClaims> {
        if self.client_id != CLIENT || self.scope != SCOPE {
            return None;
        }
        let roles = self.roles.iter().map(|name| RoleName::parse(name));
        Some(AccessClaims {
            id: self.jti,
            user_id: UserId(self.sub),
            session_id: SessionId(self.sid),
            token_version: TokenVersion(self.ver),
            roles: roles.collect::<Result<_, _>>().ok()?,
            authenticated_at: time(self.auth_time)?,
            issued_at: time(self.iat)?,
            expires_at: time(self.exp)?,
        })
    }
}

fn time(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}
