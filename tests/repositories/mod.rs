//! Constraints, paging, locks, query plans.
