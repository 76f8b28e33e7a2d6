use application::StoreError;
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect, Select};
use uuid::Uuid;

use super::failure::failed;

/// Waits for the rows that the query locks, and tells their ids. Whoever wants more than the row itself reads it after
/// that: of a statement that has waited, PostgreSQL answers the row as it is by then, but whatever its subqueries find as
/// it was before (PostgreSQL 15, section 13.2.1).
pub(crate) async fn hold<E: EntityTrait>(
    query: Select<E>,
    id: E::Column,
    connection: &impl ConnectionTrait,
) -> Result<Vec<Uuid>, StoreError> {
    let ids = query.select_only().column(id).into_tuple();
    ids.all(connection).await.map_err(failed)
}
