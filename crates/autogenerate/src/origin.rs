//! Which migration made what.

use sea_orm_migration::MigratorTrait;
use sea_orm_migration_runner::{Runner, Target};

use crate::catalog::{Catalog, Table};
use crate::check::migrated;
use crate::difference::{Difference, Kind, Object, Side};
use crate::error::Error;
use crate::scratch::{Server, on_scratch};

/// Runs the migrations once more, one by one, and notes after which each object became what it is.
pub(crate) async fn find<M: MigratorTrait>(
    server: &Server,
    differences: &mut [Difference],
) -> Result<(), Error> {
    let mut made: Vec<_> = differences
        .iter_mut()
        .filter(|it| it.side != Side::Entities)
        .map(|it| (it, None))
        .collect();
    if made.is_empty() {
        return Ok(());
    }
    on_scratch(server, async |database| {
        let runner = Runner::of::<M>();
        for migration in M::migrations() {
            let ran = runner.up(database, &Target::Steps(1)).await;
            ran.map_err(Error::Migrations)?;
            let catalog = migrated(&runner, database).await?.normal;
            for (difference, before) in &mut made {
                let now = state(&catalog, &difference.object);
                if now != *before {
                    difference.migration = now.as_ref().map(|_| migration.name().to_owned());
                    *before = now;
                }
            }
        }
        Ok(())
    })
    .await
}

/// Changes when the object does; `None` while there is none.
fn state(catalog: &Catalog, object: &Object) -> Option<String> {
    let name = &object.name;
    let table = object.table.as_ref();
    let table = table.and_then(|it| catalog.tables.get(it));
    match object.kind {
        Kind::Enum => catalog.enums.get(name).map(|it| format!("{it:?}")),
        Kind::View => catalog.views.get(name).cloned(),
        Kind::Trigger => catalog.triggers.get(name).cloned(),
        Kind::Table => {
            let table = catalog.tables.get(name);
            table.map(|it| format!("{:?} {:?}", it.comment, it.options))
        }
        _ => table.and_then(|it| part(it, object.kind, name)),
    }
}

fn part(table: &Table, kind: Kind, name: &str) -> Option<String> {
    let parts = match kind {
        Kind::Column => table.column(name).map(|it| vec![format!("{it:?}")])?,
        Kind::PrimaryKey => table.primary_key.clone(),
        Kind::Index => named(&table.indexes, |it| it.name == name),
        Kind::ForeignKey => named(&table.foreign_keys, |it| it.name == name),
        Kind::Check => named(&table.checks, |it| it.name == name),
        Kind::Enum | Kind::Table | Kind::View | Kind::Trigger => Vec::new(),
    };
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// More than one where SQLite keeps no name.
fn named<T: std::fmt::Debug>(parts: &[T], is: impl Fn(&T) -> bool) -> Vec<String> {
    let found = parts.iter().filter(|it| is(it));
    found.map(|it| format!("{it:?}")).collect()
}
