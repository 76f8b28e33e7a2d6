use chrono::{DateTime, Utc};
use domain::outbox::{DeadLetter, Purpose};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use uuid::Uuid;

use crate::shape::shape;

/// A mail that was given up. To which address it was to go is not told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeadLetter)]
pub(crate) struct DeadLetterView {
    /// What it is called, for good; its mail has it in the `Message-ID`.
    #[schema(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: Uuid,
    #[schema(value_type = PurposeShape)]
    purpose: &'static str,
    /// Whom it is for; null where it is for whoever has some address.
    #[schema(required = true, example = "01936f5e-8c00-7000-8000-000000000000")]
    user_id: Option<Uuid>,
    /// How often it was tried.
    #[schema(minimum = 0, example = 14)]
    attempts: u32,
    /// Why the last attempt has failed.
    #[schema(required = true, example = "the mail server does not answer")]
    failure: Option<String>,
    /// When it was asked for.
    #[schema(example = "2026-01-31T09:30:00.000000Z")]
    created_at: DateTime<Utc>,
    /// When it was given up.
    #[schema(example = "2026-01-31T17:30:00.000000Z")]
    failed_at: DateTime<Utc>,
}

shape!(
    PurposeShape,
    "MailPurpose",
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("What a mail is for; other values may come."))
        .enum_values(Some(Purpose::ALL.iter().map(|it| it.name())))
        .examples(["password_reset"])
);

impl From<DeadLetter> for DeadLetterView {
    fn from(it: DeadLetter) -> Self {
        Self {
            id: it.id.0,
            purpose: it.purpose.name(),
            user_id: it.user.map(|it| it.0),
            attempts: it.attempts,
            failure: it.failure,
            created_at: it.created_at,
            failed_at: it.failed_at,
        }
    }
}
