//! Indexes, keys and names in calls of builders.

use sea_orm::DbBackend;

use crate::catalog::{Action, Deferrable, ForeignKey, Index, Key};
use crate::normalise;

pub(super) fn create_index(table: &str, index: &Index, engine: DbBackend) -> Option<String> {
    let plain = !index.is_constraint
        && index.method == "btree"
        && index.included.is_empty()
        && !index.nulls_not_distinct
        && index.deferrable == Deferrable::No;
    // For SQLite the builder has no words for expressions.
    let plain_parts = index.parts.iter().all(|it| {
        let collation = it.collation.is_none() && it.operator_class.is_none();
        collation && !it.nulls_reversed && matches!(it.key, Key::Column(_))
    });
    if !plain || !plain_parts || (engine == DbBackend::Sqlite && table.contains('.')) {
        return None;
    }
    let mut code = vec![format!(
        "Index::create().name({}).table({})",
        text(&index.name),
        reference(table)
    )];
    for part in &index.parts {
        let key = text(part.key.text());
        let key = if part.descending {
            format!("({key}, IndexOrder::Desc)")
        } else {
            key
        };
        code.push(format!(".col({key})"));
    }
    if index.unique {
        code.push(".unique()".to_owned());
    }
    if let Some(predicate) = &index.predicate {
        let predicate = text(normalise::without_parentheses(predicate));
        code.push(format!(".and_where(Expr::cust({predicate}))"));
    }
    Some(code.concat())
}

pub(super) fn foreign_key(table: &str, key: &ForeignKey) -> Option<String> {
    if key.match_full || key.deferrable != Deferrable::No {
        return None;
    }
    let mut code = vec![format!("ForeignKey::create().name({})", text(&key.name))];
    match (key.columns.as_slice(), key.target_columns.as_slice()) {
        ([column], [target]) => code.push(format!(
            ".from({}, {}).to({}, {})",
            reference(table),
            text(column),
            reference(&key.target),
            text(target)
        )),
        (columns, targets) => {
            code.push(format!(".from_tbl({})", reference(table)));
            for column in columns {
                code.push(format!(".from_col({})", text(column)));
            }
            code.push(format!(".to_tbl({})", reference(&key.target)));
            for column in targets {
                code.push(format!(".to_col({})", text(column)));
            }
        }
    }
    for (event, action) in [("update", key.on_update), ("delete", key.on_delete)] {
        let action = match action {
            Action::Nothing => continue,
            Action::Restrict => "Restrict",
            Action::Cascade => "Cascade",
            Action::SetNull => "SetNull",
            Action::SetDefault => "SetDefault",
        };
        code.push(format!(".on_{event}(ForeignKeyAction::{action})"));
    }
    Some(code.concat())
}

/// A table or a type, which may stand in a schema.
pub(super) fn reference(name: &str) -> String {
    match name.split_once('.') {
        Some((schema, name)) => format!("({}, {})", text(schema), text(name)),
        None => text(name),
    }
}

/// A literal of Rust.
pub(super) fn text(text: &str) -> String {
    let is_raw = (text.contains('"') || text.contains('\\')) && !text.contains('\r');
    if !is_raw {
        return format!("\"{}\"", text.replace('\r', "\\r"));
    }
    let mut hashes = String::new();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}
