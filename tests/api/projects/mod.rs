mod change;
mod create;
mod delete;
mod read;

use serde_json::Value;
use support::Client;
use support::factories::projects::create_project;

/// A new project of theirs, as it was answered.
async fn begun(owner: &Client) -> Value {
    owner.create_project(&create_project()).await.created()
}
