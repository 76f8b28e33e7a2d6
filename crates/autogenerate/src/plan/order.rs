use std::collections::BTreeMap;

use crate::catalog::Table;

/// These tables, each after those that it refers to, as far as they do not refer to each other in a circle.
pub(crate) fn parents_first<'a>(
    names: &[&'a str],
    tables: &'a BTreeMap<String, Table>,
) -> Vec<&'a str> {
    let parents = |name: &str| -> Vec<&'a str> {
        let keys = tables.get(name).map(|it| it.foreign_keys.as_slice());
        let targets = keys.unwrap_or_default().iter().map(|it| it.target.as_str());
        targets.filter(|it| *it != name).collect()
    };
    in_order(names, parents)
}

/// Each after those that it needs, as far as they do not need each other.
pub(crate) fn in_order<'a>(
    names: &[&'a str],
    needs: impl Fn(&str) -> Vec<&'a str>,
) -> Vec<&'a str> {
    let mut left = names.to_vec();
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let is_free = |name: &&str| !needs(name).iter().any(|it| left.contains(it) && it != name);
        // In a circle somebody has to be the first.
        let at = left.iter().position(is_free).unwrap_or_default();
        ordered.push(left.remove(at));
    }
    ordered
}

/// Whether the name stands in the SQL as a word of its own, in whatever case and quotes.
pub(crate) fn mentions(sql: &str, name: &str) -> bool {
    let (sql, name) = (sql.to_lowercase(), name.to_lowercase());
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    sql.match_indices(&name).any(|(at, found)| {
        let before = sql[..at].chars().next_back();
        let after = sql[at + found.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_needed_comes_first_and_a_circle_ends() {
        let needs = |name: &str| match name {
            "a" => vec!["b", "a"],
            "b" => vec!["c"],
            "x" => vec!["y"],
            "y" => vec!["x"],
            _ => vec![],
        };

        assert_eq!(
            in_order(&["a", "b", "c", "x", "y"], needs),
            ["c", "b", "a", "x", "y"]
        );
    }

    #[test]
    fn a_name_is_no_part_of_another() {
        assert!(mentions("SELECT \"Name\" FROM t", "name"));
        assert!(!mentions("SELECT surname, name_2 FROM t", "name"));
    }
}
