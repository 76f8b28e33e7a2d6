use uuid::Uuid;

/// A part of a list: at most `limit` rows, behind the row at `after`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    pub limit: u64,
    pub after: Option<Position>,
}

impl PageRequest {
    pub const DEFAULT_LIMIT: u64 = 20;
    pub const MAX_LIMIT: u64 = 100;
    /// What a sealed position is written with, in characters, at most: enough for keys of 1.4 kB, and the
    /// longest that a list is sorted by is a name of 400 bytes.
    pub const MAX_CURSOR: usize = 2048;
}

/// Where a row stands in its order: what it is sorted by, and its id, so that no two are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub key: String,
    pub id: Uuid,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Where the next page begins; `None` when this is the last.
    pub next: Option<Position>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

/// Turns a position into text that clients can neither read nor change, and back.
pub trait CursorSeal: Send + Sync {
    fn seal(&self, context: &str, position: &Position) -> String;
    /// `None` when it was not sealed here, or in another context: another list, order or filter.
    fn open(&self, context: &str, cursor: &str) -> Option<Position>;
}
