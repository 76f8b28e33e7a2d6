//! OAuth, for libraries that speak it (RFC 6749).

use actix_web::http::header::{CACHE_CONTROL, PRAGMA};
use actix_web::{HttpRequest, HttpResponse, Responder, post};
use application::sessions::Sessions;
use domain::roles::TokensIntrospect;
use domain::sessions::{CLIENT, SCOPE};
use secrecy::SecretString;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{RevocationRequest, TokenRequest, TokensView};
use super::introspection::{IntrospectionRequest, IntrospectionView};
use crate::Api;
use crate::answer::Secret;
use crate::extract::{Anyone, Form, May, Service};
use crate::problem::{
    INVALID_CLIENT, INVALID_GRANT, INVALID_SCOPE, Problem, UNSUPPORTED_GRANT_TYPE,
};
use crate::rate_limits::RateClass;

pub(crate) fn routes(app: &mut ServiceConfig) {
    app.service(refresh).service(revoke).service(introspect);
}

/// Refresh
///
/// Another access token for a refresh token, and its successor: use that one the next time. For some seconds
/// the same token is answered with the same successor again, if that has not been used; any later use
/// ends the session, for it has been stolen.
#[utoipa::path(tag = "auth", operation_id = "refreshTokens", security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = OK, description = "The tokens", body = TokensView)),
    extensions(("x-problems" = json!([INVALID_CLIENT.code, UNSUPPORTED_GRANT_TYPE.code, INVALID_SCOPE.code,
        INVALID_GRANT.code]))))]
#[post("/oauth/token")]
async fn refresh(
    anyone: Anyone,
    sessions: Service<Sessions>,
    mut form: Form,
) -> Result<impl Responder, Problem> {
    of_our_client(&mut form)?;
    if form.need("grant_type")? != "refresh_token" {
        let detail = "the only grant_type is refresh_token";
        return Err(Problem::new(&UNSUPPORTED_GRANT_TYPE, detail));
    }
    let secret = SecretString::from(form.need("refresh_token")?);
    if form.take("scope").is_some_and(|it| it != SCOPE) {
        return Err(Problem::new(&INVALID_SCOPE, "the only scope is full"));
    }
    let signed_in = sessions.refresh(&anyone, &secret).await?;
    let tokens = Secret(TokensView::from(signed_in)).customize();
    // For caches of HTTP/1.0: RFC 6749, section 5.1, asks for it.
    Ok(tokens.insert_header((PRAGMA, "no-cache")))
}

/// Revoke a token
///
/// Ends its session, so that every token of it is void (RFC 7009). What is no token of this server is void
/// already: that is a success, too.
#[utoipa::path(tag = "auth", operation_id = "revokeToken", security(()),
    request_body(content = RevocationRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = OK, description = "It is void")),
    extensions(("x-problems" = json!([INVALID_CLIENT.code]))))]
#[post("/oauth/revoke")]
async fn revoke(
    anyone: Anyone,
    sessions: Service<Sessions>,
    mut form: Form,
) -> Result<HttpResponse, Problem> {
    of_our_client(&mut form)?;
    let token = SecretString::from(form.need("token")?);
    sessions.revoke(&anyone, &token).await?;
    let mut done = HttpResponse::Ok();
    Ok(done.insert_header((CACHE_CONTROL, "no-store")).finish())
}

/// Ask about a token
///
/// Whether a token is good now, and what it says (RFC 7662): for services that cannot verify it themselves, or want to
/// know whether it was revoked. Of what is not good, whatever the reason, nothing else is said.
#[utoipa::path(tag = "auth", operation_id = "introspectToken",
    security(("access_token" = ["tokens:introspect"])),
    request_body(content = IntrospectionRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = OK, description = "What it is worth", body = IntrospectionView)),
    extensions(("x-problems" = json!([INVALID_CLIENT.code])), ("x-rate-limit" = json!(RateClass::Read.name()))))]
#[post("/oauth/introspect")]
async fn introspect(
    by: May<TokensIntrospect>,
    sessions: Service<Sessions>,
    request: HttpRequest,
    mut form: Form,
) -> Result<Secret<IntrospectionView>, Problem> {
    of_our_client(&mut form)?;
    let token = SecretString::from(form.need("token")?);
    let told = sessions.introspect(&by, &token).await?;
    let issuer = &Api::of(&request).policy().public_url;
    Ok(Secret(IntrospectionView::of(told, issuer)))
}

fn of_our_client(form: &mut Form) -> Result<(), Problem> {
    if form.take("client_id").is_some_and(|it| it != CLIENT) {
        return Err(Problem::new(&INVALID_CLIENT, "the only client is ashlar"));
    }
    Ok(())
}
