use application::StoreError;
use sea_orm::{ConnectionTrait, Selector, SelectorTrait};

use super::failure::failed;

/// The row of a query that finds no more than one. SeaORM's `one` would say `LIMIT ?`, and for that
/// SQLite prepares the statement anew each time: a fifth of what a request cost.
pub(crate) async fn only<S: SelectorTrait>(
    query: Selector<S>,
    connection: &impl ConnectionTrait,
) -> Result<Option<S::Item>, StoreError> {
    Ok(query.all(connection).await.map_err(failed)?.pop())
}
