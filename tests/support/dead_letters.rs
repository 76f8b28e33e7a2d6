use chrono::TimeDelta;
use domain::outbox::Letter;
use domain::users::{EmailAddress, Status};
use reqwest::Method;
use uuid::Uuid;

use crate::factories::outbox::queued;
use crate::factories::users::{email, user};
use crate::{Answer, Client, TestApp, origin};

impl Client {
    pub async fn list_dead_letters(&self, query: &str) -> Answer {
        self.get(&format!("/api/v1/dead-letters?{query}")).await
    }

    pub async fn retry_dead_letter(&self, id: Uuid) -> Answer {
        let path = format!("/api/v1/dead-letters/{id}/retry");
        self.send(self.request(Method::POST, &path)).await
    }

    pub async fn delete_dead_letter(&self, id: Uuid) -> Answer {
        let path = format!("/api/v1/dead-letters/{id}");
        self.send(self.request(Method::DELETE, &path)).await
    }
}

impl TestApp {
    /// Mail that was given up just now, after a minute.
    pub async fn dead_letter(&self, letter: Letter) -> Uuid {
        let now = self.in_days(0);
        let mut message = queued(letter, now - TimeDelta::minutes(1));
        message.begin_attempt(now);
        message.give_up("550".into(), now);
        let begun = self.ports.database.begin(&origin()).await;
        let mut tx = begun.expect("the database is there");
        let inserted = tx.outbox_mut().insert(&message).await;
        inserted.expect("it is not there yet");
        tx.commit().await.expect("nothing speaks against it");
        message.id.0
    }

    /// The same, to whoever has some address.
    pub async fn some_dead_letter(&self) -> Uuid {
        let address = EmailAddress::parse(&email()).expect("it is an address");
        self.dead_letter(Letter::PasswordReset(address)).await
    }

    /// The same, to somebody who has an account.
    pub async fn dead_notice(&self) -> (Uuid, Uuid) {
        let ada = user(Status::Active);
        self.store(&ada).await;
        let id = self.dead_letter(Letter::PasswordChanged(ada.id)).await;
        (id, ada.id.0)
    }
}
