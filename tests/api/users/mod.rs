use domain::users::{DisplayName, EmailAddress, Status, User};
use serde_json::Value;
use support::factories::users::{id_of, user};
use uuid::Uuid;

mod activate;
mod create;
mod deactivate;
mod delete;
mod list;
mod pages;
mod read;
mod readdress;
mod search;
mod update;
mod update_conditions;

/// Nobody has this id.
const NOBODY: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_ffff);

/// The ids on a page of the list, in its order.
fn ids(page: &Value) -> Vec<Uuid> {
    let data = page["data"].as_array().expect("a page has data");
    data.iter().map(id_of).collect()
}

/// Somebody with this address and this name.
fn called(email: &str, display_name: &str) -> User {
    User {
        email: EmailAddress::parse(email).expect("it is an address"),
        display_name: DisplayName::parse(display_name).expect("it is a name"),
        ..user(Status::Active)
    }
}
