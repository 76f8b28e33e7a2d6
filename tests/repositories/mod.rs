//! Constraints, paging, locks, query plans.

mod api_keys;
mod audit;
mod connections;
mod corrupt_rows;
mod credentials;
mod email_changes;
mod locks;
mod one_time_tokens;
mod outbox;
mod plans;
mod projects;
mod refresh_tokens;
mod registrations;
mod revocations;
mod roles;
mod sessions;
mod signing_keys;
mod upkeep;
mod user_list;
mod user_pages;
mod users;
