use domain::users::{DisplayName, EmailAddress, Status, User, UserId};
use fake::Fake;
use fake::faker::name::en::Name;
use serde_json::{Value, json};
use uuid::Uuid;

/// A password that every rule takes.
pub const PASSWORD: &str = "dressed stone, laid dry";

/// An address that nobody has yet.
#[must_use]
pub fn email() -> String {
    format!("{}@example.org", Uuid::new_v4().simple())
}

#[must_use]
pub fn display_name() -> String {
    Name().fake()
}

/// The body of `createUser`.
#[must_use]
pub fn create_user() -> Value {
    json!({ "email": email(), "display_name": display_name() })
}

/// A new member.
#[must_use]
pub fn user(status: Status) -> User {
    let email = EmailAddress::parse(&email()).expect("a random address is one");
    let name = DisplayName::parse(&display_name()).expect("a random name is one");
    let now = chrono::SubsecRound::trunc_subsecs(chrono::Utc::now(), 6);
    let mut user = User::invited(UserId(Uuid::now_v7()), email, name, now);
    user.status = status;
    user
}

#[must_use]
pub fn id_of(user: &Value) -> Uuid {
    let id = user["id"].as_str().expect("a user has an id");
    id.parse().expect("an id is a UUID")
}
