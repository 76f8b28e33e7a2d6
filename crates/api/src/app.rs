//! The actix application: which routes there are, and what stands around them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderValue;
use actix_web::middleware::{Condition, from_fn};
use actix_web::{App, HttpRequest};
use application::api_keys::ApiKeys;
use application::audit::AuditLog;
use application::credentials::Credentials;
use application::email_changes::EmailChanges;
use application::outbox::DeadLetters;
use application::projects::Projects;
use application::registrations::Registrations;
use application::roles::Roles;
use application::sessions::Sessions;
use application::users::Users;
use application::{CursorSeal, Ids, RateLimiter, Services};
use ipnet::IpNet;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

use crate::admission::{self, InFlight};
use crate::meta::{Docs, ProblemPages};
use crate::operations::Operations;
use crate::rate_limits::RateLimits;
use crate::tagged_bytes::TaggedBytes;
use crate::{
    api_keys, audit, cors, credentials, document, edge, email_changes, gate, meta, outbox,
    projects, registrations, roles, sessions, users,
};

/// Where every operation of version 1 lives.
pub(crate) const BASE: &str = "/api/v1";

/// Stands for every origin among those that are allowed.
pub(crate) const ANY_ORIGIN: &str = "*";

/// What the interface is told by the settings.
#[derive(Debug, Clone)]
pub struct ApiPolicy {
    /// Without a slash at the end; absolute addresses begin with it.
    pub public_url: String,
    /// In bytes, of path and query.
    pub uri_limit: usize,
    /// In bytes, of names and values of all headers.
    pub head_limit: usize,
    /// In bytes.
    pub body_limit: usize,
    /// In bytes, of operations that have one of their own, by their ids.
    pub body_limits: HashMap<String, usize>,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// How long a request may take in all; longer than `body_timeout`.
    pub request_timeout: Duration,
    pub rate_limits: RateLimits,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How many requests all workers together work on at once.
    pub max_in_flight: usize,
    /// Pages of these origins may call the API; `*` stands for any.
    pub allowed_origins: Vec<String>,
    /// Whether `/openapi.json` and `/docs` are served.
    pub serves_document: bool,
}

impl ApiPolicy {
    /// Whether pages of this origin may send a cookie: the server's own, and those that are named. `*` names nobody.
    pub(crate) fn trusts(&self, origin: &HeaderValue) -> bool {
        let mut named = self.allowed_origins.iter().filter(|it| *it != ANY_ORIGIN);
        *origin == self.public_url || named.any(|it| origin == it)
    }

    pub(crate) fn body_limit_of(&self, operation: &str) -> usize {
        let own = self.body_limits.get(operation).copied();
        own.unwrap_or(self.body_limit)
    }
}

/// Everything that all workers share.
pub struct Api {
    policy: ApiPolicy,
    ids: Arc<dyn Ids>,
    cursors: Arc<dyn CursorSeal>,
    limiter: Arc<dyn RateLimiter>,
    users: Arc<Users>,
    sessions: Arc<Sessions>,
    credentials: Arc<Credentials>,
    audit: Arc<AuditLog>,
    roles: Arc<Roles>,
    projects: Arc<Projects>,
    registrations: Arc<Registrations>,
    email_changes: Arc<EmailChanges>,
    keys: Arc<ApiKeys>,
    dead_letters: Arc<DeadLetters>,
    in_flight: InFlight,
    operations: Operations,
    /// None where it is not served, nor the page that shows it.
    document: Option<TaggedBytes>,
    docs: Option<Docs>,
    problem_pages: ProblemPages,
}

/// Without its secrets and services.
impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl Api {
    /// # Panics
    /// Never; the document is made of our own routes alone.
    #[must_use]
    pub fn new(
        services: Services,
        ids: Arc<dyn Ids>,
        cursors: Arc<dyn CursorSeal>,
        limiter: Arc<dyn RateLimiter>,
        policy: ApiPolicy,
    ) -> Arc<Self> {
        let Services {
            users,
            sessions,
            credentials,
            audit,
            roles,
            projects,
            registrations,
            email_changes,
            api_keys,
            dead_letters,
        } = services;
        let document = document::document();
        Arc::new(Self {
            in_flight: InFlight::at_most(policy.max_in_flight),
            operations: Operations::of(&document),
            document: policy
                .serves_document
                .then(|| TaggedBytes::new("application/json", document.to_string())),
            docs: policy.serves_document.then(Docs::new),
            problem_pages: ProblemPages::new(),
            ids,
            cursors,
            limiter,
            users: Arc::new(users),
            sessions: Arc::new(sessions),
            credentials: Arc::new(credentials),
            audit: Arc::new(audit),
            roles: Arc::new(roles),
            projects: Arc::new(projects),
            registrations: Arc::new(registrations),
            email_changes: Arc::new(email_changes),
            keys: Arc::new(api_keys),
            dead_letters: Arc::new(dead_letters),
            policy,
        })
    }

    pub(crate) fn of(request: &HttpRequest) -> &Self {
        request
            .app_data::<Arc<Self>>()
            .expect("`app` gives every request its Api")
    }

    pub(crate) fn policy(&self) -> &ApiPolicy {
        &self.policy
    }

    pub(crate) fn ids(&self) -> &dyn Ids {
        &*self.ids
    }

    pub(crate) fn limiter(&self) -> &dyn RateLimiter {
        &*self.limiter
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    pub(crate) fn api_keys(&self) -> &ApiKeys {
        &self.keys
    }

    pub(crate) fn in_flight(&self) -> &InFlight {
        &self.in_flight
    }

    pub(crate) fn operations(&self) -> &Operations {
        &self.operations
    }

    pub(crate) fn document(&self) -> Option<&TaggedBytes> {
        self.document.as_ref()
    }

    pub(crate) fn docs(&self) -> Option<&Docs> {
        self.docs.as_ref()
    }

    pub(crate) fn problem_pages(&self) -> &ProblemPages {
        &self.problem_pages
    }

    /// The address of what is at `path` below [`BASE`].
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{BASE}{path}", self.policy.public_url)
    }
}

/// The application of one worker.
pub fn app(
    api: &Arc<Api>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    let (app, _) = routed();
    app.app_data(Arc::clone(api))
        .app_data(Arc::clone(&api.users))
        .app_data(Arc::clone(&api.sessions))
        .app_data(Arc::clone(&api.credentials))
        .app_data(Arc::clone(&api.audit))
        .app_data(Arc::clone(&api.roles))
        .app_data(Arc::clone(&api.projects))
        .app_data(Arc::clone(&api.registrations))
        .app_data(Arc::clone(&api.email_changes))
        .app_data(Arc::clone(&api.keys))
        .app_data(Arc::clone(&api.dead_letters))
        .app_data(Arc::clone(&api.cursors))
        .wrap(from_fn(gate::gate))
        // Inside CORS: pages read of these failures, too.
        .wrap(from_fn(edge::guard))
        .wrap(from_fn(admission::admission))
        .wrap(Condition::new(
            !api.policy.allowed_origins.is_empty(),
            cors::cors(&api.policy.allowed_origins),
        ))
        .wrap(from_fn(cors::credentials))
        .wrap(from_fn(edge::edge))
}

/// The application with its routes, and what the routes say about themselves.
pub(crate) fn routed() -> (
    App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse,
            Error = actix_web::Error,
            InitError = (),
        >,
    >,
    OpenApi,
) {
    let (app, document) = App::new()
        .into_utoipa_app()
        .service(scope::scope(BASE).configure(versioned))
        .configure(sessions::key_routes)
        .configure(sessions::metadata_routes)
        .configure(sessions::oauth_routes)
        .configure(meta::routes)
        .split_for_parts();
    (app, document)
}

fn versioned(app: &mut ServiceConfig) {
    users::routes(app);
    sessions::routes(app);
    credentials::routes(app);
    audit::routes(app);
    roles::routes(app);
    projects::routes(app);
    registrations::routes(app);
    email_changes::routes(app);
    api_keys::routes(app);
    outbox::routes(app);
}
