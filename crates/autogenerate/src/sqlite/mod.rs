//! Reads SQLite's `PRAGMA`s as tables, and its `sqlite_schema`: four queries, however many tables there are.

mod definition;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

use crate::catalog::{
    Action, Catalog, Column, Deferrable, ForeignKey, Generated, Identity, Index, Key, Part, Table,
};
use definition::TableText;

/// Everything that somebody made.
///
/// # Errors
/// When a query fails.
pub(crate) async fn read(database: &impl ConnectionTrait) -> Result<Catalog, DbErr> {
    let mut catalog = Catalog::default();
    let mut texts = Texts::default();
    objects(database, &mut catalog, &mut texts).await?;
    columns(database, &mut catalog, &texts).await?;
    foreign_keys(database, &mut catalog, &texts).await?;
    indexes(database, &mut catalog, &texts).await?;
    unique_names(&mut catalog, &texts);
    Ok(catalog)
}

/// In one spelling of case, blanks and quotes.
pub(crate) fn spelled(sql: &str) -> String {
    tokens::text(&tokens::tokens(sql))
}

#[derive(Default)]
struct Texts {
    tables: BTreeMap<String, TableText>,
    /// By the name of the index.
    indexes: BTreeMap<String, String>,
}

async fn rows<T: FromQueryResult>(
    database: &impl ConnectionTrait,
    sql: &str,
) -> Result<Vec<T>, DbErr> {
    let statement = Statement::from_string(DbBackend::Sqlite, sql);
    T::find_by_statement(statement).all(database).await
}

async fn objects(
    database: &impl ConnectionTrait,
    catalog: &mut Catalog,
    texts: &mut Texts,
) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        kind: String,
        name: String,
        table_name: String,
        definition: String,
        without_rowid: bool,
        is_strict: bool,
        is_shadow: bool,
    }
    let sql =
        "SELECT s.type AS kind, s.name AS name, s.tbl_name AS table_name, s.sql AS definition,
            coalesce(l.wr, 0) AS without_rowid, coalesce(l.strict, 0) AS is_strict,
            coalesce(l.type = 'shadow', 0) AS is_shadow
        FROM sqlite_schema s LEFT JOIN pragma_table_list l ON l.schema = 'main' AND l.name = s.name
        WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.name";
    let objects: Vec<Row> = rows(database, sql).await?;
    for row in objects {
        match row.kind.as_str() {
            "table" if row.is_shadow => {}
            "table" => {
                // Nobody can make one by its columns: it is seen, and written by hand.
                let is_virtual = row.definition.to_uppercase().starts_with("CREATE VIRTUAL ");
                let options = [
                    (is_virtual, "VIRTUAL"),
                    (row.is_strict, "STRICT"),
                    (row.without_rowid, "WITHOUT ROWID"),
                ];
                let options = options.into_iter().filter(|(has, _)| *has);
                let mut text = definition::table(&row.definition);
                let table = Table {
                    checks: std::mem::take(&mut text.checks),
                    options: options.map(|(_, option)| option.to_owned()).collect(),
                    ..Table::default()
                };
                texts.tables.insert(row.name.clone(), text);
                catalog.tables.insert(row.name, table);
            }
            "index" => {
                texts.indexes.insert(row.name, row.definition);
            }
            "view" => {
                catalog.views.insert(row.name, row.definition);
            }
            _ => {
                let name = format!("{}.{}", row.table_name, row.name);
                catalog.triggers.insert(name, row.definition);
            }
        }
    }
    Ok(())
}

async fn columns(
    database: &impl ConnectionTrait,
    catalog: &mut Catalog,
    texts: &Texts,
) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        table_name: String,
        name: String,
        data_type: String,
        nullable: bool,
        default_value: Option<String>,
        /// From 1; 0 is none.
        key_position: i64,
        is_stored: bool,
    }
    let sql = "SELECT s.name AS table_name, c.name AS name, c.type AS data_type, NOT c.\"notnull\" AS nullable,
            c.dflt_value AS default_value, c.pk AS key_position, c.hidden = 3 AS is_stored
        FROM sqlite_schema s JOIN pragma_table_xinfo(s.name) c
        WHERE s.type = 'table' ORDER BY s.name, c.cid";
    let columns: Vec<Row> = rows(database, sql).await?;
    let mut keys: BTreeMap<String, Vec<(i64, String)>> = BTreeMap::new();
    for row in columns {
        let (Some(table), Some(text)) = (
            catalog.tables.get_mut(&row.table_name),
            texts.tables.get(&row.table_name),
        ) else {
            continue;
        };
        if row.key_position > 0 {
            let key = keys.entry(row.table_name).or_default();
            key.push((row.key_position, row.name.clone()));
        }
        let numbered = row.key_position > 0 && text.has_autoincrement;
        table.columns.push(Column {
            identity: numbered.then_some(Identity::ByDefault),
            generated: of_column(&text.generated, &row.name).map(|expression| Generated {
                expression,
                stored: row.is_stored,
            }),
            collation: of_column(&text.collations, &row.name),
            name: row.name,
            // It keeps what was typed, and does not tell cases apart.
            data_type: row.data_type.to_lowercase(),
            nullable: row.nullable,
            default: row.default_value,
            comment: None,
        });
    }
    for (table, mut key) in keys {
        key.sort();
        if let Some(table) = catalog.tables.get_mut(&table) {
            table.primary_key = key.into_iter().map(|(_, column)| column).collect();
        }
    }
    Ok(())
}

async fn foreign_keys(
    database: &impl ConnectionTrait,
    catalog: &mut Catalog,
    texts: &Texts,
) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        table_name: String,
        /// The last one of the text is 0.
        number: i64,
        target: String,
        column_name: String,
        target_column: Option<String>,
        on_update: String,
        on_delete: String,
    }
    let sql = "SELECT s.name AS table_name, k.id AS number, k.\"table\" AS target, k.\"from\" AS column_name,
            k.\"to\" AS target_column, k.on_update AS on_update, k.on_delete AS on_delete
        FROM sqlite_schema s JOIN pragma_foreign_key_list(s.name) k
        WHERE s.type = 'table' ORDER BY s.name, k.id DESC, k.seq";
    let rows: Vec<Row> = rows(database, sql).await?;
    let mut keys: BTreeMap<String, Vec<(i64, ForeignKey)>> = BTreeMap::new();
    for row in rows {
        let keys = keys.entry(row.table_name).or_default();
        if keys.last().is_none_or(|(number, _)| *number != row.number) {
            let key = ForeignKey {
                name: String::new(),
                columns: Vec::new(),
                target: row.target,
                target_columns: Vec::new(),
                on_update: action(&row.on_update),
                on_delete: action(&row.on_delete),
                match_full: false,
                deferrable: Deferrable::No,
            };
            keys.push((row.number, key));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.columns.push(row.column_name);
            key.target_columns.extend(row.target_column);
        }
    }
    for (table, keys) in keys {
        let mut keys: Vec<_> = keys.into_iter().map(|(_, key)| key).collect();
        if let Some(text) = texts.tables.get(&table) {
            for (key, text) in keys.iter_mut().zip(&text.foreign_keys) {
                key.name.clone_from(&text.name);
                key.deferrable = text.deferrable;
            }
        }
        for key in &mut keys {
            // `REFERENCES parent` alone is the parent's primary key.
            if key.target_columns.is_empty()
                && let Some(target) = catalog.tables.get(&key.target)
            {
                key.target_columns.clone_from(&target.primary_key);
            }
        }
        if let Some(table) = catalog.tables.get_mut(&table) {
            table.foreign_keys = keys;
        }
    }
    Ok(())
}

async fn indexes(
    database: &impl ConnectionTrait,
    catalog: &mut Catalog,
    texts: &Texts,
) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        table_name: String,
        name: String,
        is_unique: bool,
        is_constraint: bool,
        position: i64,
        /// None for an expression.
        column_name: Option<String>,
        descending: bool,
        collation: String,
    }
    let sql = "SELECT s.name AS table_name, l.name AS name, l.\"unique\" AS is_unique,
            l.origin = 'u' AS is_constraint, c.seqno AS position,
            c.name AS column_name, c.\"desc\" AS descending, c.coll AS collation
        FROM sqlite_schema s JOIN pragma_index_list(s.name) l JOIN pragma_index_xinfo(l.name) c
        WHERE s.type = 'table' AND l.origin <> 'pk' AND c.key = 1 ORDER BY s.name, l.name, c.seqno";
    let rows: Vec<Row> = rows(database, sql).await?;
    for row in rows {
        let Some(table) = catalog.tables.get_mut(&row.table_name) else {
            continue;
        };
        let text = texts.indexes.get(&row.name);
        let text = text.map(|sql| definition::index(sql)).unwrap_or_default();
        if table.indexes.last().is_none_or(|it| it.name != row.name) {
            table.indexes.push(Index {
                name: row.name,
                unique: row.is_unique,
                is_constraint: row.is_constraint,
                method: "btree".to_owned(),
                parts: Vec::new(),
                included: Vec::new(),
                predicate: text.predicate,
                nulls_not_distinct: false,
                deferrable: Deferrable::No,
            });
        }
        let written = usize::try_from(row.position).ok();
        let written = written.and_then(|at| text.parts.get(at)).cloned();
        let part = Part {
            key: row
                .column_name
                .map_or_else(|| Key::Expression(written.unwrap_or_default()), Key::Column),
            descending: row.descending,
            nulls_reversed: false,
            collation: Some(row.collation.to_lowercase()).filter(|it| it != "binary"),
            operator_class: None,
        };
        if let Some(index) = table.indexes.last_mut() {
            index.parts.push(part);
        }
    }
    Ok(())
}

/// Those that somebody gave, as long as an index could have them, too: SQLite keeps one for each index, and none for a
/// constraint.
fn unique_names(catalog: &mut Catalog, texts: &Texts) {
    let named = catalog.tables.keys().chain(catalog.views.keys());
    let named = named.chain(texts.indexes.keys());
    let mut taken: BTreeSet<_> = named.map(|it| it.to_lowercase()).collect();
    for (table, text) in &texts.tables {
        let indexes = catalog.tables.get_mut(table).map(|it| &mut it.indexes);
        for index in indexes.into_iter().flatten().filter(|it| it.is_constraint) {
            let is_same = |columns: &[String]| {
                let mut both = columns.iter().zip(&index.parts);
                columns.len() == index.parts.len()
                    && both.all(|(one, other)| one.eq_ignore_ascii_case(other.key.text()))
            };
            let mut uniques = text.uniques.iter();
            let given = uniques.find(|it| !it.name.is_empty() && is_same(&it.columns));
            if let Some(given) = given.filter(|it| taken.insert(it.name.to_lowercase())) {
                index.name.clone_from(&given.name);
            }
        }
    }
}

fn of_column(values: &[(String, String)], column: &str) -> Option<String> {
    let found = values
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(column));
    found.map(|(_, value)| value.clone())
}

fn action(words: &str) -> Action {
    match words {
        "RESTRICT" => Action::Restrict,
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::Nothing,
    }
}
