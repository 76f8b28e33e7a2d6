use actix_web::{CustomizeResponder, HttpRequest, Responder, post};
use application::sessions::{Sessions, SignedIn};
use domain::sessions::SessionError;
use domain::users::EmailAddress;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::cookie;
use super::dto::{Login, SignedInView, Transport};
use super::problem::{REFRESH_REFUSED, SIGN_IN_REFUSED, refresh_refused};
use crate::answer::{Deleted, Secret};
use crate::extract::{Anyone, Json, Service, SessionCaller, TrustedPage};
use crate::problem::{ORIGIN_REFUSED, Problem};
use crate::rate_limits::RateClass;

pub(super) fn routes(app: &mut ServiceConfig) {
    app.service(login).service(refresh).service(logout);
}

/// Sign in
///
/// Unknown address, wrong password and an account that is not active have one answer.
#[utoipa::path(tag = "auth", operation_id = "login", security(()),
    responses((status = OK, description = "Signed in", body = SignedInView,
        headers(("Set-Cookie" = String, description = "With the transport `cookie`: the refresh token")))),
    extensions(("x-problems" = json!([SIGN_IN_REFUSED.code])), ("x-rate-limit" = json!(RateClass::SignIn.name()))))]
#[post("/auth/login")]
async fn login(
    anyone: Anyone,
    sessions: Service<Sessions>,
    Json(body): Json<Login>,
) -> Result<impl Responder, Problem> {
    let email = EmailAddress::parse(&body.email)?;
    let signed_in = sessions.sign_in(&anyone, &email, &body.password).await?;
    match body.transport() {
        Transport::Body => Ok(Secret(SignedInView::with_refresh_token(signed_in)).customize()),
        Transport::Cookie => with_cookie(signed_in),
    }
}

/// Refresh in a browser
///
/// What `refreshTokens` is for programs: the refresh token comes and goes in a cookie. Only pages of allowed origins
/// can call it.
#[utoipa::path(tag = "auth", operation_id = "refreshSession", security(()),
    params(PageOrigin, RefreshCookie),
    responses((status = OK, description = "Signed in still", body = SignedInView,
        headers(("Set-Cookie" = String, description = "The refresh token to use the next time")))),
    extensions(("x-problems" = json!([ORIGIN_REFUSED.code, REFRESH_REFUSED.code]))))]
#[post("/auth/refresh")]
async fn refresh(
    _page: TrustedPage,
    anyone: Anyone,
    sessions: Service<Sessions>,
    request: HttpRequest,
) -> Result<impl Responder, Problem> {
    let secret = cookie::given(&request).ok_or_else(refresh_refused)?;
    match sessions.refresh(&anyone, &secret).await {
        Ok(signed_in) => with_cookie(signed_in),
        Err(application::Error::Session(SessionError::RefreshRefused)) => Err(refresh_refused()),
        Err(error) => Err(error.into()),
    }
}

/// Sign out
///
/// Ends your session: its access token and its refresh tokens are void. A browser drops its cookie.
#[utoipa::path(tag = "auth", operation_id = "logout", security(("access_token" = [])),
    responses((status = NO_CONTENT, description = "Signed out",
        headers(("Set-Cookie" = String, description = "If the cookie was sent: there is none any longer")))))]
#[post("/auth/logout")]
async fn logout(
    caller: SessionCaller,
    sessions: Service<Sessions>,
    request: HttpRequest,
) -> Result<impl Responder, Problem> {
    sessions.sign_out(&caller).await?;
    let done = Deleted.customize();
    Ok(if cookie::given(&request).is_some() {
        done.insert_header(cookie::dropped())
    } else {
        done
    })
}

fn with_cookie(signed_in: SignedIn) -> Result<CustomizeResponder<Secret<SignedInView>>, Problem> {
    let kept = cookie::kept(&signed_in)?;
    Ok(Secret(SignedInView::from(signed_in.access))
        .customize()
        .insert_header(kept))
}

/// A browser sends it by itself, and lets no script do so: who writes a call need not say it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "the document alone is made from it")]
struct PageOrigin {
    /// Where the page is from. The browser says it.
    #[param(
        rename = "Origin",
        nullable = false,
        example = "https://app.example.org"
    )]
    origin: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Cookie)]
#[expect(dead_code, reason = "the document alone is made from it")]
struct RefreshCookie {
    /// The refresh token. The browser sends it.
    #[param(
        rename = "__Host-refresh",
        nullable = false,
        example = "WWmg3Kjk9LjPcZcbUxM1cHqDAFxKEtB5dVwkTrP6y5I"
    )]
    token: Option<String>,
}
