//! The refresh token as a cookie, which no script can read and no other host can set or is sent (RFC 6265bis,
//! section 4.1.3.2: the prefix `__Host-` makes the browser see to that).

use actix_web::HttpRequest;
use actix_web::http::header::{COOKIE, HeaderName, HeaderValue, SET_COOKIE};
use application::sessions::SignedIn;
use secrecy::{ExposeSecret, SecretString};

use crate::problem::Problem;

pub(super) const NAME: &str = "__Host-refresh";

/// It is not sent with what pages of other sites ask for.
const ATTRIBUTES: &str = "HttpOnly; Secure; SameSite=Strict; Path=/";

/// What the browser sends; nothing when there are two, of which one is not ours.
pub(super) fn given(request: &HttpRequest) -> Option<SecretString> {
    let headers = request.headers().get_all(COOKIE);
    let pairs = headers
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(';'));
    let mut values = pairs.filter_map(|it| it.trim().strip_prefix(NAME)?.strip_prefix('='));
    let value = values.next().filter(|_| values.next().is_none());
    value.map(SecretString::from)
}

/// For as long as the token lives.
///
/// # Errors
/// Never: a refresh token is made of letters that fit.
pub(super) fn kept(signed_in: &SignedIn) -> Result<(HeaderName, HeaderValue), Problem> {
    let token = signed_in.refresh_token.expose_secret();
    let seconds = signed_in.refresh_expires_in.num_seconds();
    let cookie = format!("{NAME}={token}; {ATTRIBUTES}; Max-Age={seconds}");
    let mut cookie = HeaderValue::from_str(&cookie)
        .map_err(|_| Problem::internal("a refresh token does not fit into a cookie"))?;
    cookie.set_sensitive(true);
    Ok((SET_COOKIE, cookie))
}

/// The browser drops what it has.
pub(super) fn dropped() -> (HeaderName, HeaderValue) {
    (SET_COOKIE, HeaderValue::from_static(DROPPED))
}

const DROPPED: &str = "__Host-refresh=; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=0";
