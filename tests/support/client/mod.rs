mod nobody;

use std::time::Duration;

use domain::roles::Permission;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, IF_MATCH};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use uuid::Uuid;

use crate::{Answer, Contract, factories};

/// Somebody who calls the API: with a token, or as nobody.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    address: String,
    token: Option<String>,
    user_id: Option<Uuid>,
}

impl Client {
    pub(crate) fn anonymous(address: String) -> Self {
        // Answers are looked at as they come.
        let http = reqwest::Client::builder().no_proxy().no_gzip();
        // Far more than anything takes, so that a server that never answers is a failure.
        let http = http.timeout(Duration::from_mins(1)).build();
        Self {
            http: http.expect("a client needs nothing"),
            address,
            token: None,
            user_id: None,
        }
    }

    /// The same client with that token, or with nonsense in its place.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    pub(crate) fn who_is(self, user_id: Uuid) -> Self {
        Self {
            user_id: Some(user_id),
            ..self
        }
    }

    #[must_use]
    pub fn id(&self) -> Uuid {
        self.user_id.expect("this client is a user")
    }

    #[must_use]
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("this client has a token")
    }

    // One method an operation, in the order of the document.

    pub async fn logout(&self) -> Answer {
        self.send(self.request(Method::POST, "/api/v1/auth/logout"))
            .await
    }

    /// `query` as it stands behind the `?`.
    pub async fn list_my_sessions(&self, query: &str) -> Answer {
        self.get(&format!("/api/v1/me/sessions?{query}")).await
    }

    pub async fn end_my_other_sessions(&self) -> Answer {
        self.send(self.request(Method::DELETE, "/api/v1/me/sessions"))
            .await
    }

    pub async fn end_my_session(&self, id: Uuid) -> Answer {
        let path = format!("/api/v1/me/sessions/{id}");
        self.send(self.request(Method::DELETE, &path)).await
    }

    pub async fn get_document(&self) -> Answer {
        self.get("/openapi.json").await
    }

    pub async fn get_docs(&self) -> Answer {
        self.get("/docs").await
    }

    pub async fn get_docs_file(&self, name: &str) -> Answer {
        self.get(&format!("/docs/{name}")).await
    }

    pub async fn list_problems(&self) -> Answer {
        self.get("/problems").await
    }

    pub async fn get_problem(&self, code: &str) -> Answer {
        self.get(&format!("/problems/{code}")).await
    }

    pub async fn get_me(&self) -> Answer {
        self.get("/api/v1/me").await
    }

    pub async fn update_me(&self, etag: &str, patch: &Value) -> Answer {
        self.patch("/api/v1/me", etag, patch).await
    }

    pub async fn delete_me(&self, etag: &str) -> Answer {
        let request = self.request(Method::DELETE, "/api/v1/me");
        self.send(request.header(IF_MATCH, etag)).await
    }

    pub async fn change_my_password(&self, present: &str, new: &str) -> Answer {
        let body = serde_json::json!({ "current_password": present, "new_password": new });
        self.post("/api/v1/me/password", &body).await
    }

    pub async fn request_email_change(&self, email: &str) -> Answer {
        let body = serde_json::json!({ "email": email });
        self.post("/api/v1/me/email-changes", &body).await
    }

    pub async fn step_up(&self, password: &str) -> Answer {
        let body = serde_json::json!({ "password": password });
        self.post("/api/v1/me/step-up", &body).await
    }

    pub async fn get_my_permissions(&self) -> Answer {
        self.get("/api/v1/me/permissions").await
    }

    /// `query` as it stands behind the `?`.
    pub async fn list_projects(&self, query: &str) -> Answer {
        self.get(&format!("/api/v1/projects?{query}")).await
    }

    pub async fn create_project(&self, body: &Value) -> Answer {
        self.post("/api/v1/projects", body).await
    }

    pub async fn get_project(&self, id: Uuid) -> Answer {
        self.get(&format!("/api/v1/projects/{id}")).await
    }

    pub async fn update_project(&self, id: Uuid, etag: &str, patch: &Value) -> Answer {
        self.patch(&format!("/api/v1/projects/{id}"), etag, patch)
            .await
    }

    pub async fn delete_project(&self, id: Uuid, etag: &str) -> Answer {
        let request = self.request(Method::DELETE, &format!("/api/v1/projects/{id}"));
        self.send(request.header(IF_MATCH, etag)).await
    }

    /// `query` as it stands behind the `?`.
    pub async fn list_my_api_keys(&self, query: &str) -> Answer {
        self.get(&format!("/api/v1/me/api-keys?{query}")).await
    }

    pub async fn create_my_api_key(&self, body: &Value) -> Answer {
        self.post("/api/v1/me/api-keys", body).await
    }

    pub async fn get_my_api_key(&self, id: Uuid) -> Answer {
        self.get(&format!("/api/v1/me/api-keys/{id}")).await
    }

    pub async fn update_my_api_key(&self, id: Uuid, etag: &str, patch: &Value) -> Answer {
        self.patch(&format!("/api/v1/me/api-keys/{id}"), etag, patch)
            .await
    }

    pub async fn delete_my_api_key(&self, id: Uuid, etag: &str) -> Answer {
        let request = self.request(Method::DELETE, &format!("/api/v1/me/api-keys/{id}"));
        self.send(request.header(IF_MATCH, etag)).await
    }

    pub async fn list_permissions(&self) -> Answer {
        self.get("/api/v1/permissions").await
    }

    /// `query` as it stands behind the `?`.
    pub async fn list_roles(&self, query: &str) -> Answer {
        self.get(&format!("/api/v1/roles?{query}")).await
    }

    pub async fn create_role(&self, body: &Value) -> Answer {
        self.post("/api/v1/roles", body).await
    }

    pub async fn get_role(&self, id: Uuid) -> Answer {
        self.get(&format!("/api/v1/roles/{id}")).await
    }

    pub async fn update_role(&self, id: Uuid, etag: &str, patch: &Value) -> Answer {
        self.patch(&format!("/api/v1/roles/{id}"), etag, patch)
            .await
    }

    pub async fn delete_role(&self, id: Uuid, etag: &str) -> Answer {
        let request = self.request(Method::DELETE, &format!("/api/v1/roles/{id}"));
        self.send(request.header(IF_MATCH, etag)).await
    }

    /// `body` as `assignRoles` takes it.
    pub async fn assign_roles(&self, id: Uuid, etag: &str, body: &Value) -> Answer {
        let request = self.request(Method::PUT, &format!("/api/v1/users/{id}/roles"));
        self.send(request.header(IF_MATCH, etag).json(body)).await
    }

    /// `query` as it stands behind the `?`.
    pub async fn list_audit_events(&self, query: &str) -> Answer {
        self.get(&format!("/api/v1/audit-events?{query}")).await
    }

    /// `query` as it stands behind the `?`.
    pub async fn list_my_audit_events(&self, query: &str) -> Answer {
        self.get(&format!("/api/v1/me/audit-events?{query}")).await
    }

    /// `query` as it stands behind the `?`.
    pub async fn list_users(&self, query: &str) -> Answer {
        self.get(&format!("/api/v1/users?{query}")).await
    }

    pub async fn create_user(&self, body: &Value) -> Answer {
        self.post("/api/v1/users", body).await
    }

    pub async fn get_user(&self, id: Uuid) -> Answer {
        self.get(&format!("/api/v1/users/{id}")).await
    }

    pub async fn update_user(&self, id: Uuid, etag: &str, patch: &Value) -> Answer {
        self.patch(&format!("/api/v1/users/{id}"), etag, patch)
            .await
    }

    pub async fn delete_user(&self, id: Uuid, etag: &str) -> Answer {
        let request = self.request(Method::DELETE, &format!("/api/v1/users/{id}"));
        self.send(request.header(IF_MATCH, etag)).await
    }

    pub async fn invite_user(&self, id: Uuid) -> Answer {
        let path = format!("/api/v1/users/{id}/invitations");
        self.send(self.request(Method::POST, &path)).await
    }

    pub async fn activate_user(&self, id: Uuid, etag: &str) -> Answer {
        let request = self.request(Method::POST, &format!("/api/v1/users/{id}/activate"));
        self.send(request.header(IF_MATCH, etag)).await
    }

    pub async fn deactivate_user(&self, id: Uuid, etag: &str) -> Answer {
        let request = self.request(Method::POST, &format!("/api/v1/users/{id}/deactivate"));
        self.send(request.header(IF_MATCH, etag)).await
    }

    /// `query` as it stands behind the `?`.
    pub async fn list_user_sessions(&self, id: Uuid, query: &str) -> Answer {
        self.get(&format!("/api/v1/users/{id}/sessions?{query}"))
            .await
    }

    pub async fn end_user_sessions(&self, id: Uuid) -> Answer {
        let path = format!("/api/v1/users/{id}/sessions");
        self.send(self.request(Method::DELETE, &path)).await
    }

    /// Creates a user of random name and address, and gives its id.
    pub async fn some_user(&self) -> Uuid {
        let created = self
            .create_user(&factories::users::create_user())
            .await
            .created();
        factories::users::id_of(&created)
    }

    /// Makes an API key with these scopes, and gives the program that sends it, and the key's id.
    pub async fn some_api_key(&self, scopes: &[Permission]) -> (Self, Uuid) {
        let body = factories::api_keys::create_api_key(scopes);
        let issued = self.create_my_api_key(&body).await.created();
        let token = issued["token"].as_str().expect("a token is text");
        let id = factories::users::id_of(&issued["api_key"]);
        (self.with_token(token), id)
    }

    // What the methods above cannot say.

    /// A request with this client's token; [`Client::send`] it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.address));
        match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    pub async fn patch(&self, path: &str, etag: &str, body: &Value) -> Answer {
        let request = self.request(Method::PATCH, path).header(IF_MATCH, etag);
        let request = request.header(CONTENT_TYPE, "application/merge-patch+json");
        self.send(request.body(body.to_string())).await
    }

    /// Sends it, holds the answer to the document, and writes down which operation answered how.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let request = request.build().expect("a test's request can be made");
        let contract = Contract::ours();
        let operation = contract.operation(request.method(), request.url().path());
        let response = self
            .http
            .execute(request)
            .await
            .expect("the server answers");
        let mut answer = Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body: Vec::new(),
        };
        let body = response.bytes().await.expect("the answer is whole");
        answer.body = answer.decoded(&body);
        answer.hold_to_contract(operation.map(|it| &*it.id));
        answer
    }

    /// Where the server listens, as `Host` says it.
    #[must_use]
    pub fn host(&self) -> &str {
        self.address.trim_start_matches("http://")
    }

    pub(crate) fn token_if_any(&self) -> Option<&str> {
        self.token.as_deref()
    }
}
