//! OAuth, for libraries that speak it (RFC 6749).

use actix_web::http::header::PRAGMA;
use actix_web::{Responder, post};
use application::sessions::Sessions;
use domain::sessions::{CLIENT, SCOPE};
use secrecy::SecretString;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{TokenRequest, TokensView};
use crate::answer::Secret;
use crate::extract::{Anyone, Form, Service};
use crate::problem::{
    INVALID_CLIENT, INVALID_GRANT, INVALID_SCOPE, Problem, UNSUPPORTED_GRANT_TYPE,
};

pub(crate) fn routes(app: &mut ServiceConfig) {
    app.service(token);
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
async fn token(
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

fn of_our_client(form: &mut Form) -> Result<(), Problem> {
    if form.take("client_id").is_some_and(|it| it != CLIENT) {
        return Err(Problem::new(&INVALID_CLIENT, "the only client is ashlar"));
    }
    Ok(())
}
