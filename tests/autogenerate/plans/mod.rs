//! What is planned leads where it should, and back, and the rows come along: cases that have a name.

#![expect(
    clippy::too_many_lines,
    reason = "a list of cases is as long as there are cases"
)]

mod alembic;
mod case;
mod django;
mod lost_values;
mod names;
mod postgres_columns;
mod postgres_enums;
mod postgres_parts;
mod questions;
mod renames;
mod sqlite;

use case::all_lead_there_and_back;

use super::here;

/// <https://alembic.sqlalchemy.org/en/latest/autogenerate.html>: "What does Autogenerate Detect", also what it does not.
#[tokio::test]
async fn what_alembic_detects_and_what_it_does_not_is_planned() {
    all_lead_there_and_back(alembic::cases()).await;
}

#[tokio::test]
async fn what_django_asks_about_is_planned() {
    all_lead_there_and_back(django::cases()).await;
}

#[tokio::test]
async fn names_that_need_care_are_planned() {
    all_lead_there_and_back(names::cases()).await;
}

#[tokio::test]
async fn renames_that_need_each_others_names_are_planned() {
    all_lead_there_and_back(renames::cases()).await;
}

#[tokio::test]
async fn columns_of_this_engine_become_others() {
    all_lead_there_and_back(here(sqlite::columns(), postgres_columns::cases())).await;
}

#[tokio::test]
async fn parts_of_this_engine_stay_with_their_tables() {
    all_lead_there_and_back(here(sqlite::parts(), postgres_parts::cases())).await;
}

#[tokio::test]
async fn enums_become_others_with_all_that_uses_them() {
    all_lead_there_and_back(here(sqlite::enums(), postgres_enums::cases())).await;
}
