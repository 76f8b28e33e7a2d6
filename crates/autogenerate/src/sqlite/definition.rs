//! What only the text of a table or an index tells: checks, collations, AUTOINCREMENT, deferrable keys, expressions, names of
//! constraints.

use super::tokens::{Token, code, group, items, tokens};
use crate::catalog::{Check, Deferrable};

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TableText {
    pub(super) checks: Vec<Check>,
    /// In the order of the text.
    pub(super) foreign_keys: Vec<ForeignKeyText>,
    pub(super) uniques: Vec<UniqueText>,
    /// By column.
    pub(super) collations: Vec<(String, String)>,
    /// By column.
    pub(super) generated: Vec<(String, String)>,
    pub(super) has_autoincrement: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ForeignKeyText {
    pub(super) name: String,
    pub(super) deferrable: Deferrable,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct UniqueText {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct IndexText {
    pub(super) parts: Vec<String>,
    pub(super) predicate: Option<String>,
}

pub(super) fn table(sql: &str) -> TableText {
    let tokens = tokens(sql);
    let mut table = TableText::default();
    let Some(open) = position(&tokens, |it| *it == Token::Sign('(')) else {
        return table;
    };
    for item in items(group(&tokens, open).0) {
        let is_constraint = ["constraint", "primary", "unique", "check", "foreign"]
            .iter()
            .any(|keyword| item.first().is_some_and(|it| it.is(keyword)));
        let column = item.first().filter(|_| !is_constraint).map(name);
        part(item, column.as_deref(), &mut table);
    }
    table
}

pub(super) fn index(sql: &str) -> IndexText {
    let tokens = tokens(sql);
    let Some(open) = position(&tokens, |it| *it == Token::Sign('(')) else {
        return IndexText::default();
    };
    let (columns, close) = group(&tokens, open);
    let rest = tokens.get(close + 1..).unwrap_or_default();
    let predicate = rest.first().filter(|it| it.is("where"));
    IndexText {
        parts: items(columns).into_iter().map(without_order).collect(),
        predicate: predicate.map(|_| code(&rest[1..])),
    }
}

/// A column with its constraints, or a constraint of the table.
fn part(item: &[Token], column: Option<&str>, table: &mut TableText) {
    let mut constraint = String::new();
    let mut at = 0;
    while at < item.len() {
        let next = item.get(at + 1);
        let opens = next == Some(&Token::Sign('('));
        match &item[at] {
            Token::Sign('(') => at = group(item, at).1,
            Token::Word(word) => match (word.to_lowercase().as_str(), column) {
                ("constraint", _) => constraint = next.map(name).unwrap_or_default(),
                ("check", _) if opens => {
                    let (expression, close) = group(item, at + 1);
                    table.checks.push(Check {
                        name: std::mem::take(&mut constraint),
                        expression: code(expression),
                    });
                    at = close;
                }
                ("as", Some(column)) if opens => {
                    let (expression, close) = group(item, at + 1);
                    table.generated.push((column.to_owned(), code(expression)));
                    at = close;
                }
                ("collate", Some(column)) => {
                    let collation = next.map(name).unwrap_or_default();
                    table.collations.push((column.to_owned(), collation));
                }
                ("unique", Some(column)) => table.uniques.push(UniqueText {
                    name: std::mem::take(&mut constraint),
                    columns: vec![column.to_owned()],
                }),
                ("unique", None) if opens => {
                    let (columns, close) = group(item, at + 1);
                    let columns = items(columns).into_iter();
                    table.uniques.push(UniqueText {
                        name: std::mem::take(&mut constraint),
                        columns: columns.filter_map(<[_]>::first).map(name).collect(),
                    });
                    at = close;
                }
                // A name is of the one that follows it.
                ("primary" | "not" | "null" | "default", _) => constraint.clear(),
                ("autoincrement", _) => table.has_autoincrement = true,
                ("references", _) => table.foreign_keys.push(ForeignKeyText {
                    name: std::mem::take(&mut constraint),
                    deferrable: Deferrable::No,
                }),
                ("deferrable", _) if at > 0 && !item[at - 1].is("not") => {
                    let deferred = item.get(at + 1).is_some_and(|it| it.is("initially"))
                        && item.get(at + 2).is_some_and(|it| it.is("deferred"));
                    if let Some(key) = table.foreign_keys.last_mut() {
                        key.deferrable = if deferred {
                            Deferrable::InitiallyDeferred
                        } else {
                            Deferrable::InitiallyImmediate
                        };
                    }
                }
                _ => {}
            },
            _ => {}
        }
        at += 1;
    }
}

/// Order and collation are told by a PRAGMA.
fn without_order(item: &[Token]) -> String {
    let mut end = item.len();
    if end > 1 && (item[end - 1].is("asc") || item[end - 1].is("desc")) {
        end -= 1;
    }
    if end > 2 && item[end - 2].is("collate") {
        end -= 2;
    }
    code(&item[..end])
}

fn name(token: &Token) -> String {
    match token {
        Token::Word(name) | Token::Name(name) | Token::Text(name) => name.clone(),
        Token::Sign(sign) => sign.to_string(),
    }
}

fn position(tokens: &[Token], is: impl Fn(&Token) -> bool) -> Option<usize> {
    tokens.iter().position(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_tells_what_no_pragma_does() {
        let table = table(
            "CREATE TABLE \"t\" (\"id\" integer PRIMARY KEY AUTOINCREMENT, \
             \"check\" text COLLATE NOCASE CHECK (length(\"check\") > 1), \
             total integer GENERATED ALWAYS AS (id * 2) STORED, \
             a integer REFERENCES t (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED, b, \
             CONSTRAINT \"fk\" FOREIGN KEY (b) REFERENCES t (id) NOT DEFERRABLE, \
             CONSTRAINT positive CHECK (b > 0), c integer CONSTRAINT given NOT NULL UNIQUE, \
             CONSTRAINT \"one\" UNIQUE (\"a\" DESC, b))",
        );

        let check = |name: &str, expression: &str| Check {
            name: name.to_owned(),
            expression: expression.to_owned(),
        };
        let key = |name: &str, deferrable| ForeignKeyText {
            name: name.to_owned(),
            deferrable,
        };
        let unique = |name: &str, columns: &[&str]| UniqueText {
            name: name.to_owned(),
            columns: columns.iter().map(|it| (*it).to_owned()).collect(),
        };
        let pair = |column: &str, value: &str| vec![(column.to_owned(), value.to_owned())];
        assert_eq!(
            table,
            TableText {
                checks: vec![
                    check("", "length (\"check\") > 1"),
                    check("positive", "b > 0")
                ],
                foreign_keys: vec![
                    key("", Deferrable::InitiallyDeferred),
                    key("fk", Deferrable::No)
                ],
                uniques: vec![unique("", &["c"]), unique("one", &["a", "b"])],
                collations: pair("check", "NOCASE"),
                generated: pair("total", "id * 2"),
                has_autoincrement: true,
            }
        );
    }

    #[test]
    fn an_index_tells_its_expressions_and_its_predicate() {
        let index = index(
            "CREATE UNIQUE INDEX i ON t (lower(\"Name\") COLLATE NOCASE DESC, b) WHERE b IS NOT NULL",
        );

        assert_eq!(index.parts, ["lower (\"Name\")", "b"]);
        assert_eq!(index.predicate.as_deref(), Some("b IS NOT NULL"));
    }
}
