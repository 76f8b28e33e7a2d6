//! What a comparison leaves out.

use crate::catalog::Catalog;

/// Names of objects, in which `*` stands for any text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ignored(Vec<String>);

impl Ignored {
    pub(crate) fn add(&mut self, glob: &str) {
        self.0.push(glob.to_owned());
    }

    /// Takes out what has such a name. A trigger goes with its table, and has the name `table.trigger`.
    pub(crate) fn take_out_of(&self, catalog: &mut Catalog) {
        catalog.tables.retain(|name, _| !self.matches(name));
        catalog.enums.retain(|name, _| !self.matches(name));
        catalog.views.retain(|name, _| !self.matches(name));
        catalog.triggers.retain(|name, _| {
            let table = name.rsplit_once('.').map(|(table, _)| table);
            !self.matches(name) && !table.is_some_and(|it| self.matches(it))
        });
        for table in catalog.tables.values_mut() {
            table.indexes.retain(|it| !self.matches(&it.name));
            table.foreign_keys.retain(|it| !self.matches(&it.name));
            table.checks.retain(|it| !self.matches(&it.name));
        }
    }

    fn matches(&self, name: &str) -> bool {
        self.0.iter().any(|glob| matches(glob, name))
    }
}

fn matches(glob: &str, name: &str) -> bool {
    match glob.split_once('*') {
        None => glob == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|left| {
            let mut ends = left.char_indices().map(|(at, _)| at).chain([left.len()]);
            ends.any(|at| matches(rest, &left[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Table;

    #[test]
    fn a_star_is_any_text() {
        for (glob, name) in [
            ("spatial_*", "spatial_ref_sys"),
            ("spatial_*", "spatial_"),
            ("*", ""),
            ("*_old", "a_old_old"),
            ("a*b*c", "a-b-b-c"),
            ("audit.*", "audit.events"),
            ("*é", "café"),
        ] {
            assert!(matches(glob, name), "{glob} {name}");
        }
        for (glob, name) in [
            ("users", "users_old"),
            ("spatial_*", "my_spatial_x"),
            ("*_old", "old"),
            ("a*b*c", "acb"),
            ("", "users"),
        ] {
            assert!(!matches(glob, name), "{glob} {name}");
        }
    }

    #[test]
    fn what_belongs_to_an_ignored_table_goes_with_it() {
        let mut catalog = Catalog::default();
        for name in ["users", "spatial_ref"] {
            catalog.tables.insert(name.to_owned(), Table::default());
            catalog.triggers.insert(format!("{name}.t"), String::new());
        }
        let mut ignored = Ignored::default();
        ignored.add("spatial_*");

        ignored.take_out_of(&mut catalog);

        let names = |it: Vec<&String>| it.into_iter().cloned().collect::<Vec<_>>();
        assert_eq!(names(catalog.tables.keys().collect()), ["users"]);
        assert_eq!(names(catalog.triggers.keys().collect()), ["users.t"]);
    }
}
