//! The statements that make a schema: by SeaORM's builders where they have words for it, the rest by hand.

use sea_orm_migration::prelude::{
    ColumnDef, ColumnType, Expr, ForeignKey as SeaForeignKey, Index as SeaIndex,
    PostgresQueryBuilder, SqliteQueryBuilder, Table as SeaTable,
};
use sea_orm_migration::sea_query::extension::postgres::Type;
use sea_orm_migration::sea_query::{
    Check as SeaCheck, ForeignKeyCreateStatement, IndexCreateStatement, IntoIden as _,
};
use support::Engine;

use super::model::{
    Check, Column, Default, Expression, ForeignKey, Form, Index, Kind, Schema, Table, Unique,
};

impl Schema {
    /// In an order in which they can run.
    pub(crate) fn create(&self) -> Vec<String> {
        let mut statements = Vec::new();
        if self.engine == Engine::Postgres {
            for it in &self.enums {
                let mut made = Type::create();
                made.as_enum(it.name.clone()).values(it.values.clone());
                statements.push(made.to_string(PostgresQueryBuilder));
            }
        }
        let mut later = Vec::new();
        for table in &self.tables {
            statements.push(self.create_table(table, &mut later));
        }
        for table in &self.tables {
            statements.extend(table.indexes.iter().map(|it| create_index(table, it)));
            let uniques = table.uniques.iter().filter(|it| it.form == Form::Index);
            statements.extend(uniques.map(|it| {
                let columns = table
                    .names(&it.columns)
                    .iter()
                    .map(|it| quoted(it))
                    .collect::<Vec<_>>();
                let (name, table) = (quoted(&it.name), quoted(&table.name));
                format!(
                    "CREATE UNIQUE INDEX {name} ON {table} ({})",
                    columns.join(", ")
                )
            }));
            statements.extend(comments(table));
        }
        statements.extend(later);
        statements
    }

    /// Keys that end at what is not there yet come later, where the engine wants it to be.
    fn create_table(&self, table: &Table, later: &mut Vec<String>) -> String {
        let mut made = SeaTable::create();
        made.table(table.name.clone());
        for column in &table.columns {
            made.col(self.column(table, column));
        }
        if table.key.len() > 1 {
            made.primary_key(&mut index_of(table, "", &table.key));
        }
        let uniques = table.uniques.iter().filter(|it| it.form == Form::OfTable);
        for it in uniques {
            made.index(index_of(table, &it.name, &it.columns).unique());
        }
        for it in &table.checks {
            if !stands_behind(table, it) {
                made.check(check(table, it));
            }
        }
        for it in &table.foreign_keys {
            let mut key = self.foreign_key(table, it);
            if self.engine == Engine::Postgres && !self.is_there(table, it) {
                later.push(key.to_string(PostgresQueryBuilder));
            } else {
                made.foreign_key(&mut key);
            }
        }
        match self.engine {
            Engine::Sqlite => made.to_string(SqliteQueryBuilder),
            Engine::Postgres => made.to_string(PostgresQueryBuilder),
        }
    }

    fn is_there(&self, table: &Table, key: &ForeignKey) -> bool {
        let target = self.table(key.target).expect("a key ends at a table");
        let stands = |it: &Unique| it.columns == key.target_columns && it.form != Form::Index;
        self.place(target.id) <= self.place(table.id)
            && (target.key == key.target_columns || target.uniques.iter().any(stands))
    }

    fn column(&self, table: &Table, column: &Column) -> ColumnDef {
        let column_type = self.column_type(&column.kind);
        let mut made = ColumnDef::new_with_type(column.name.clone(), column_type);
        if !column.nullable {
            made.not_null();
        }
        if let Some(default) = column.default {
            made.default(self.default(&column.kind, default));
        }
        if table.key == [column.id] {
            made.primary_key();
        }
        if column.is_numbered {
            made.auto_increment();
        }
        let of_column = |it: &&Unique| it.form == Form::OfColumn && it.columns == [column.id];
        if table.uniques.iter().any(|it| of_column(&it)) {
            made.unique_key();
        }
        let mut checks = table.checks.iter();
        if let Some(it) =
            checks.find(|it| it.expression.columns[0] == column.id && stands_behind(table, it))
        {
            made.check(check(table, it));
        }
        if let Some(collation) = column.collation {
            made.extra(format!("COLLATE {collation}"));
        }
        made
    }

    /// As an entity would have it.
    fn default(&self, kind: &Kind, default: Default) -> Expr {
        let Default::Value(number) = default else {
            return match kind {
                Kind::Plain(ColumnType::Date) => Expr::current_date(),
                Kind::Plain(ColumnType::Time) => Expr::current_time(),
                _ => Expr::current_timestamp(),
            };
        };
        let literal = self.literal(kind, number, false);
        if let Some(text) = literal.strip_prefix('\'') {
            let text = text.strip_suffix('\'').unwrap_or(text);
            return Expr::val(text.replace("''", "'"));
        }
        match literal.as_str() {
            "TRUE" => Expr::val(true),
            "FALSE" => Expr::val(false),
            number if number.parse::<i64>().is_ok() => {
                Expr::val(number.parse::<i64>().expect("it is one"))
            }
            _ => Expr::cust(literal),
        }
    }

    fn foreign_key(&self, table: &Table, key: &ForeignKey) -> ForeignKeyCreateStatement {
        let target = self.table(key.target).expect("a key ends at a table");
        let mut made = SeaForeignKey::create();
        if let Some(name) = &key.name {
            made.name(name);
        }
        made.from_tbl(table.name.clone())
            .to_tbl(target.name.clone());
        for name in table.names(&key.columns) {
            made.from_col(name);
        }
        for name in target.names(&key.target_columns) {
            made.to_col(name);
        }
        if let Some(action) = key.on_update {
            made.on_update(action);
        }
        if let Some(action) = key.on_delete {
            made.on_delete(action);
        }
        made
    }
}

/// SeaORM has room for one check behind a column.
fn stands_behind(table: &Table, check: &Check) -> bool {
    let same = |it: &&Check| it.of_column && it.expression.columns == check.expression.columns;
    let first = table.checks.iter().find(same);
    check.of_column && first.is_some_and(|it| it.expression == check.expression)
}

fn check(table: &Table, check: &Check) -> SeaCheck {
    let expression = Expr::cust(written(table, &check.expression));
    match &check.name {
        Some(name) => SeaCheck::named(name.clone().into_iden(), expression),
        None => SeaCheck::unnamed(expression),
    }
}

fn index_of(table: &Table, name: &str, columns: &[usize]) -> IndexCreateStatement {
    let mut made = SeaIndex::create();
    if !name.is_empty() {
        made.name(name);
    }
    for name in table.names(columns) {
        made.col(name);
    }
    made
}

/// By hand: SeaORM's builders panic at expressions on SQLite.
fn create_index(table: &Table, index: &Index) -> String {
    let part = |it: &super::model::Part| {
        let text = written(table, &it.expression);
        let text = if it.expression.is_column() {
            text
        } else {
            format!("({text})")
        };
        format!("{text}{}", if it.descending { " DESC" } else { "" })
    };
    let parts: Vec<_> = index.parts.iter().map(part).collect();
    let predicate = index.predicate.as_ref();
    let predicate = predicate.map(|it| format!(" WHERE {}", written(table, it)));
    format!(
        "CREATE INDEX {} ON {} ({}){}",
        quoted(&index.name),
        quoted(&table.name),
        parts.join(", "),
        predicate.unwrap_or_default()
    )
}

fn comments(table: &Table) -> Vec<String> {
    let of_table = table.comment.as_ref();
    let of_table =
        of_table.map(|it| format!("COMMENT ON TABLE {} IS {}", quoted(&table.name), text(it)));
    let of_columns = table.columns.iter().filter_map(|column| {
        let comment = column.comment.as_ref()?;
        let (table, column) = (quoted(&table.name), quoted(&column.name));
        Some(format!(
            "COMMENT ON COLUMN {table}.{column} IS {}",
            text(comment)
        ))
    });
    of_table.into_iter().chain(of_columns).collect()
}

pub(super) fn written(table: &Table, expression: &Expression) -> String {
    let mut text = expression.text.clone();
    for (at, name) in table.names(&expression.columns).iter().enumerate() {
        text = text.replace(&format!("{{{at}}}"), &quoted(name));
    }
    text
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(super) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
