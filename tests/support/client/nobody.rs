//! The operations that nobody is signed in for.

use reqwest::Method;
use reqwest::header::{COOKIE, ORIGIN};
use serde_json::json;

use super::Client;
use crate::Answer;

impl Client {
    pub async fn login(&self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        self.post("/api/v1/auth/login", &body).await
    }

    /// The refresh token comes as a cookie.
    pub async fn login_by_cookie(&self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password, "transport": "cookie" });
        self.post("/api/v1/auth/login", &body).await
    }

    /// As a browser does it for a page of that origin, with that value of the cookie.
    pub async fn refresh_session(&self, origin: &str, token: &str) -> Answer {
        let request = self.request(Method::POST, "/api/v1/auth/refresh");
        let cookie = format!("__Host-refresh={token}");
        self.send(request.header(ORIGIN, origin).header(COOKIE, cookie))
            .await
    }

    pub async fn request_password_reset(&self, email: &str) -> Answer {
        let body = json!({ "email": email });
        self.post("/api/v1/auth/password-resets", &body).await
    }

    pub async fn confirm_password_reset(&self, token: &str, password: &str) -> Answer {
        let body = json!({ "token": token, "password": password });
        self.post("/api/v1/auth/password-resets/confirm", &body)
            .await
    }

    pub async fn revoke_token(&self, parameters: &[(&str, &str)]) -> Answer {
        let request = self.request(Method::POST, "/oauth/revoke");
        self.send(request.form(parameters)).await
    }

    pub async fn introspect_token(&self, parameters: &[(&str, &str)]) -> Answer {
        let request = self.request(Method::POST, "/oauth/introspect");
        self.send(request.form(parameters)).await
    }

    /// Its parameters as they are, also twice the same.
    pub async fn refresh_tokens(&self, parameters: &[(&str, &str)]) -> Answer {
        let request = self.request(Method::POST, "/oauth/token");
        self.send(request.form(parameters)).await
    }

    /// [`Client::refresh_tokens`] as it should be called.
    pub async fn refresh(&self, token: &str) -> Answer {
        let grant = ("grant_type", "refresh_token");
        self.refresh_tokens(&[grant, ("refresh_token", token)])
            .await
    }

    pub async fn get_key_set(&self) -> Answer {
        self.get("/.well-known/jwks.json").await
    }

    pub async fn get_server_metadata(&self) -> Answer {
        self.get("/.well-known/oauth-authorization-server").await
    }

    pub async fn request_registration(&self, email: &str) -> Answer {
        let body = json!({ "email": email, "display_name": "Grace" });
        self.post("/api/v1/auth/registrations", &body).await
    }

    pub async fn confirm_registration(&self, token: &str, password: &str) -> Answer {
        let body = json!({ "token": token, "password": password });
        self.post("/api/v1/auth/registrations/confirm", &body).await
    }

    pub async fn confirm_email_change(&self, token: &str) -> Answer {
        let body = json!({ "token": token });
        self.post("/api/v1/auth/email-changes/confirm", &body).await
    }

    pub async fn cancel_email_change(&self, token: &str) -> Answer {
        let body = json!({ "token": token });
        self.post("/api/v1/auth/email-changes/cancel", &body).await
    }

    pub async fn accept_invitation(&self, token: &str, password: &str) -> Answer {
        let body = json!({ "token": token, "password": password });
        self.post("/api/v1/auth/invitations/accept", &body).await
    }
}
