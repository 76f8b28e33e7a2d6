//! One's own API keys.

use actix_web::middleware::Compress;
use actix_web::{delete, get, patch, post};
use application::api_keys::ApiKeys;
use application::{CursorSeal, Position};
use domain::api_keys::ApiKeyId;
use domain::sessions::Session;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::dto::{ApiKeyView, CreateApiKey, IssuedApiKeyView, UpdateApiKey};
use super::problem::TOO_MANY_API_KEYS;
use crate::answer::{CreatedSecret, Deleted, Tagged};
use crate::extract::{
    FromQuery, Id, IfMatch, Json, MergePatch, Query, QueryReader, RecentCaller, Service,
    SessionCaller,
};
use crate::page::{CursorShape, LimitShape, PageView, Paging};
use crate::problem::{INSUFFICIENT_USER_AUTHENTICATION, Problem};
use crate::users::BEYOND_OWN_RIGHTS;

pub(crate) fn routes(app: &mut ServiceConfig) {
    app.service(list)
        .service(create)
        .service(show)
        .service(update)
        .service(remove);
}

/// List your API keys
///
/// Newest first, those that have expired among them.
#[utoipa::path(tag = "me", operation_id = "listMyApiKeys", params(ListParameters),
    security(("access_token" = [])),
    responses((status = OK, description = "A part of the list", body = PageView<ApiKeyView>)))]
#[get("/me/api-keys", wrap = "Compress::default()")]
async fn list(
    caller: SessionCaller,
    keys: Service<ApiKeys>,
    cursors: Service<dyn CursorSeal>,
    Query(List(paging)): Query<List>,
) -> Result<PageView<ApiKeyView>, Problem> {
    let context = format!("listMyApiKeys {}", caller.user_id().0);
    let page = paging.open(&*cursors, &context)?;
    let found = keys.list_own(&caller, &page).await?;
    let seal = |next: &Position| cursors.seal(&context, next);
    Ok(PageView::new(found, None, seal))
}

/// Make an API key
///
/// For a program that acts for you. It can do what its scopes and your own permissions both allow, at each request. A
/// password reset, or shutting your account, ends it.
#[utoipa::path(tag = "me", operation_id = "createMyApiKey", security(("access_token" = [])),
    responses((status = CREATED, description = "The key. Its token is told now, and never again", body = IssuedApiKeyView)),
    extensions(("x-problems" = json!([BEYOND_OWN_RIGHTS.code, TOO_MANY_API_KEYS.code])),
        ("x-max-age" = json!(Session::RECENT.num_seconds()))))]
#[post("/me/api-keys")]
async fn create(
    caller: RecentCaller,
    keys: Service<ApiKeys>,
    Json(body): Json<CreateApiKey>,
) -> Result<CreatedSecret<IssuedApiKeyView>, Problem> {
    let issued: IssuedApiKeyView = keys.create_own(&caller, body.try_into()?).await?.into();
    Ok(CreatedSecret(issued.path(), issued))
}

/// Show one of your API keys
///
/// All but its secret.
#[utoipa::path(tag = "me", operation_id = "getMyApiKey", params(ApiKeyPath), security(("access_token" = [])),
    responses((status = OK, description = "The key", body = ApiKeyView)))]
#[get("/me/api-keys/{id}")]
async fn show(
    caller: SessionCaller,
    keys: Service<ApiKeys>,
    Id(id): Id<ApiKeyId>,
) -> Result<Tagged<ApiKeyView>, Problem> {
    Ok(Tagged(keys.get_own(&caller, id).await?.into()))
}

/// Change one of your API keys
///
/// Its name, and what it can do. Who lets it do more than before needs a password that was given at most 300 seconds ago,
/// and the permissions.
#[utoipa::path(tag = "me", operation_id = "updateMyApiKey", params(ApiKeyPath, IfMatch),
    security(("access_token" = [])),
    request_body(content = UpdateApiKey, content_type = "application/merge-patch+json"),
    responses((status = OK, description = "The key as it is now", body = ApiKeyView)),
    extensions(("x-problems" = json!([BEYOND_OWN_RIGHTS.code, INSUFFICIENT_USER_AUTHENTICATION.code]))))]
#[patch("/me/api-keys/{id}")]
async fn update(
    caller: SessionCaller,
    keys: Service<ApiKeys>,
    Id(id): Id<ApiKeyId>,
    IfMatch(expected): IfMatch,
    MergePatch(body): MergePatch<UpdateApiKey>,
) -> Result<Tagged<ApiKeyView>, Problem> {
    let updated = keys.update_own(&caller, id, &expected, body.try_into()?);
    Ok(Tagged(updated.await?.into()))
}

/// Delete one of your API keys
///
/// Nothing can use it any more.
#[utoipa::path(tag = "me", operation_id = "deleteMyApiKey", params(ApiKeyPath, IfMatch),
    security(("access_token" = [])),
    responses((status = NO_CONTENT, description = "It is gone")))]
#[delete("/me/api-keys/{id}")]
async fn remove(
    caller: SessionCaller,
    keys: Service<ApiKeys>,
    Id(id): Id<ApiKeyId>,
    IfMatch(expected): IfMatch,
) -> Result<Deleted, Problem> {
    keys.delete_own(&caller, id, &expected).await?;
    Ok(Deleted)
}

struct List(Paging);

impl FromQuery for List {
    fn from_query(query: &mut QueryReader) -> Self {
        Self(Paging::from_query(query))
    }
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document alone is made from it")]
struct ListParameters {
    /// How many at the most; 20 unless given.
    limit: Option<LimitShape>,
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<CursorShape>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "the document alone is made from it")]
struct ApiKeyPath {
    /// The key's id.
    #[param(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: Uuid,
}
