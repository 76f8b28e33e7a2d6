use sea_orm::DbBackend;

use crate::catalog::Catalog;
use crate::ignore::Ignored;
use crate::normalise::normalise;

/// A schema as its database tells it, and in the one spelling in which it can be compared. Both have the same things in
/// the same order.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub raw: Catalog,
    pub normal: Catalog,
}

impl Snapshot {
    pub(crate) fn of(raw: Catalog, engine: DbBackend) -> Self {
        let mut normal = raw.clone();
        normalise(&mut normal, engine);
        Self { raw, normal }
    }

    pub(crate) fn without(mut self, ignored: &Ignored) -> Self {
        ignored.take_out_of(&mut self.raw);
        ignored.take_out_of(&mut self.normal);
        self
    }
}
