use crate::catalog::Catalog;
use crate::compare::{Rival, compare, describe};
use crate::difference::{Difference, Kind, Side};

/// What one schema has and the other has not, or otherwise, in sentences without their end.
pub(super) fn unlike(before: &Catalog, after: &Catalog) -> Vec<String> {
    let words = |it: &Difference| {
        let object = &it.object;
        let was = details(it, before);
        let is = details(it, after);
        if it.side == Side::Entities {
            return format!("the {object}{} is gone", spaced(was));
        }
        if it.side != Side::Both {
            return format!("the {object}{} is left over", spaced(is));
        }
        match (was, is) {
            (Some(was), Some(is)) if was != is => format!("the {object} is {is}, and was {was}"),
            _ => format!("the {object} is another"),
        }
    };
    compare(Rival::Migrations, before, after)
        .iter()
        .map(words)
        .collect()
}

fn spaced(details: Option<String>) -> String {
    details.map_or(String::new(), |it| format!(" {it}"))
}

fn details(difference: &Difference, catalog: &Catalog) -> Option<String> {
    let object = &difference.object;
    let name = &object.name;
    let table = catalog.tables.get(object.table.as_ref().unwrap_or(name));
    match object.kind {
        Kind::Enum => catalog.enums.get(name).map(|it| describe::list(it)),
        Kind::View => catalog.views.get(name).map(|it| describe::code(it)),
        Kind::Trigger => catalog.triggers.get(name).map(|it| describe::code(it)),
        Kind::Table => table.map(describe::table),
        Kind::Column => table?.column(name).map(describe::column),
        Kind::PrimaryKey => table.map(|it| describe::key(&it.primary_key)),
        // What has no name cannot be told from its like.
        _ if name.is_empty() => None,
        Kind::Index => {
            let index = table?.indexes.iter().find(|it| it.name == *name)?;
            Some(describe::index(index).definition)
        }
        Kind::ForeignKey => {
            let key = table?.foreign_keys.iter().find(|it| it.name == *name)?;
            Some(describe::foreign_key(key).definition)
        }
        Kind::Check => {
            let check = table?.checks.iter().find(|it| it.name == *name)?;
            Some(describe::check(check).definition)
        }
    }
}
