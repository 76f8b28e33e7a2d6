use std::any::type_name;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use sea_orm::sea_query::extension::postgres::Type;
use sea_orm::sea_query::{Table, TableCreateStatement};
use sea_orm::{
    ColumnTrait, ColumnType, ConnectionTrait, DatabaseConnection, DbBackend, EntityRegistry,
    EntityTrait, IdenStatic, Iterable, Schema,
};

use crate::error::Error;
use crate::plan::RenamedColumn;
use crate::scratch::text;

/// The entities that the migrations should make tables for.
///
/// ```
/// # mod cake {
/// #     use sea_orm::entity::prelude::*;
/// #     #[sea_orm::model]
/// #     #[derive(Clone, Debug, DeriveEntityModel)]
/// #     #[sea_orm(table_name = "cake")]
/// #     pub struct Model {
/// #         #[sea_orm(primary_key)]
/// #         pub id: i32,
/// #     }
/// #     impl ActiveModelBehavior for ActiveModel {}
/// # }
/// use sea_orm_autogenerate::Entities;
///
/// let entities = Entities::new().with(cake::Entity);
/// ```
#[derive(Default)]
pub struct Entities {
    entries: Vec<Entry>,
    modules: Vec<String>,
}

struct Entry {
    table: String,
    /// As SeaORM's registry names it.
    module: &'static str,
    statements: Box<dyn Fn(DbBackend) -> Statements>,
    columns: fn() -> Vec<EntityColumn>,
}

/// What only the entity says of a column.
pub(crate) struct EntityColumn {
    pub name: String,
    pub data_type: ColumnType,
    pub renamed_from: Option<String>,
}

/// What makes one entity's part of the schema.
struct Statements {
    types: Vec<String>,
    tables: Vec<String>,
    /// Once all tables are there.
    later: Vec<String>,
}

impl Entities {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn with<E: EntityTrait>(mut self, entity: E) -> Self {
        let module = type_name::<E>();
        let table = match entity.schema_name() {
            Some(schema) => format!("{schema}.{}", entity.table_name()),
            None => entity.table_name().to_owned(),
        };
        self.entries.push(Entry {
            table,
            module: module.strip_suffix("::Entity").unwrap_or(module),
            statements: Box::new(|engine| statements(E::default(), engine)),
            columns: columns::<E>,
        });
        self
    }

    /// Says that the list has every entity below this module (`my_crate::entities`), so that one that is forgotten is an
    /// error instead of a table that nobody seems to want.
    #[must_use]
    pub fn all_of(mut self, module: &str) -> Self {
        self.modules.push(module.to_owned());
        self
    }

    /// # Errors
    /// `Forgotten`, `NothingRegistered`, `Twice`.
    pub(crate) fn is_complete(&self) -> Result<(), Error> {
        for (at, entry) in self.entries.iter().enumerate() {
            if self.entries[..at].iter().any(|it| it.table == entry.table) {
                return Err(Error::Twice(entry.table.clone()));
            }
        }
        let mut forgotten = Vec::new();
        for module in &self.modules {
            let mut registered = inventory::iter::<EntityRegistry>()
                .map(|it| it.module_path)
                .filter(|it| is_below(it, module))
                .peekable();
            if registered.peek().is_none() {
                return Err(Error::NothingRegistered(module.clone()));
            }
            let listed = |path: &&str| self.entries.iter().any(|it| it.module == *path);
            forgotten.extend(registered.filter(|it| !listed(it)).map(str::to_owned));
        }
        if forgotten.is_empty() {
            return Ok(());
        }
        forgotten.sort_unstable();
        forgotten.dedup();
        Err(Error::Forgotten(forgotten))
    }

    /// By table and column.
    pub(crate) fn types(&self) -> BTreeMap<(String, String), ColumnType> {
        let types = |entry: &Entry| {
            let columns = (entry.columns)().into_iter();
            let types = columns.map(|it| ((entry.table.clone(), it.name), it.data_type));
            types.collect::<Vec<_>>()
        };
        self.entries.iter().flat_map(types).collect()
    }

    /// What the columns were called before.
    pub(crate) fn renamed(&self) -> Vec<RenamedColumn> {
        let renamed = |entry: &Entry| {
            let columns = (entry.columns)().into_iter();
            let renamed = columns.filter_map(|it| Some((it.renamed_from?, it.name)));
            let renamed = renamed.map(|(from, to)| RenamedColumn {
                table: entry.table.clone(),
                from,
                to,
            });
            renamed.collect::<Vec<_>>()
        };
        self.entries.iter().flat_map(renamed).collect()
    }

    /// Makes all of it in an empty database: types, tables, and then what needs both ends.
    pub(crate) async fn create(&self, database: &DatabaseConnection) -> Result<(), Error> {
        let engine = database.get_database_backend();
        let mut types: Vec<String> = Vec::new();
        let (mut tables, mut later) = (Vec::new(), Vec::new());
        for entry in &self.entries {
            let statements = entry.statements(engine)?;
            for statement in statements.types {
                // Several entities may use one enum.
                if !types.contains(&statement) {
                    types.push(statement);
                }
            }
            tables.extend(statements.tables);
            later.extend(statements.later);
        }
        for statement in types.into_iter().chain(tables).chain(later) {
            let done = database.execute_unprepared(&statement).await;
            done.map_err(|source| Error::Entities { statement, source })?;
        }
        Ok(())
    }
}

impl Entry {
    /// SeaORM panics for what an engine does not have.
    fn statements(&self, engine: DbBackend) -> Result<Statements, Error> {
        let statements = catch_unwind(AssertUnwindSafe(|| (self.statements)(engine)));
        statements.map_err(|panic| Error::Inexpressible {
            table: self.table.clone(),
            engine: engine.as_str(),
            reason: text(panic.as_ref()),
        })
    }
}

fn is_below(path: &str, module: &str) -> bool {
    let rest = path.strip_prefix(module);
    rest.is_some_and(|it| it.is_empty() || it.starts_with("::"))
}

fn statements<E: EntityTrait>(entity: E, engine: DbBackend) -> Statements {
    let schema = Schema::new(engine);
    let table = schema.create_table_from_entity(entity);
    let mut statements = Statements {
        types: Vec::new(),
        tables: Vec::new(),
        later: Vec::new(),
    };
    if engine == DbBackend::Postgres {
        let namespace = entity.schema_name();
        let namespace = namespace.map(|it| format!("CREATE SCHEMA IF NOT EXISTS {}", name(it)));
        statements.types.extend(namespace);
        statements.types.extend(enums(entity));
        // Keys later, because tables may refer to each other in a circle.
        let keys = table.get_foreign_key_create_stmts().iter();
        statements.later.extend(keys.map(|it| engine.build(it).sql));
        statements.later.extend(comments(entity, &table));
        let table = without_keys(&table);
        statements.tables.push(engine.build(&table).sql);
    } else {
        statements.tables.push(engine.build(&table).sql);
    }
    let indexes = schema.create_index_from_entity(entity);
    let indexes = indexes.iter().map(|it| engine.build(it).sql);
    statements.later.extend(indexes);
    statements
}

fn columns<E: EntityTrait>() -> Vec<EntityColumn> {
    // The definition of a column keeps it to itself, and tells it in this comment.
    let table = Schema::new(DbBackend::Postgres).create_table_from_entity(E::default());
    let renamed_from = |name: &str| {
        let column = table
            .get_columns()
            .iter()
            .find(|it| it.get_column_name() == name)?;
        let comment = column.get_column_spec().comment.as_deref()?;
        let (_, name) = comment.rsplit_once(FORMER_NAME)?;
        Some(name.strip_suffix('"')?.to_owned())
    };
    let column = |column: E::Column| {
        let name = column.as_str().to_owned();
        EntityColumn {
            renamed_from: renamed_from(&name),
            data_type: column.def().get_column_type().clone(),
            name,
        }
    };
    E::Column::iter().map(column).collect()
}

fn enums<E: EntityTrait>(_: E) -> Vec<String> {
    let mut enums = Vec::new();
    for column in E::Column::iter() {
        let definition = column.def();
        let mut data_type = definition.get_column_type();
        // SeaORM itself looks into no array.
        while let ColumnType::Array(element) = data_type {
            data_type = element;
        }
        if let ColumnType::Enum { name, variants } = data_type {
            let variants = variants.clone();
            let statement = Type::create()
                .as_enum(name.clone())
                .values(variants)
                .to_owned();
            enums.push(DbBackend::Postgres.build(&statement).sql);
        }
    }
    enums
}

fn without_keys(table: &TableCreateStatement) -> TableCreateStatement {
    let mut without = Table::create();
    if let Some(name) = table.get_table_name() {
        without.table(name.clone());
    }
    for column in table.get_columns() {
        without.col(column.clone());
    }
    for index in table.get_indexes() {
        without.index(&mut index.clone());
    }
    without
}

/// SeaORM writes none of them down.
fn comments<E: EntityTrait>(entity: E, table: &TableCreateStatement) -> Vec<String> {
    let schema = entity.schema_name().map(|it| format!("{}.", name(it)));
    let place = format!(
        "{}{}",
        schema.unwrap_or_default(),
        name(entity.table_name())
    );
    let of_table = table
        .get_comment()
        .map(|it| format!("TABLE {place} IS {}", literal(it)));
    let of_columns = table.get_columns().iter().filter_map(|column| {
        let comment = column.get_column_spec().comment.as_deref()?;
        let comment = without_former_name(comment)?;
        let column = name(&column.get_column_name());
        Some(format!("COLUMN {place}.{column} IS {}", literal(comment)))
    });
    let all = of_table.into_iter().chain(of_columns);
    all.map(|it| format!("COMMENT ON {it}")).collect()
}

const FORMER_NAME: &str = "renamed_from \"";

/// SeaORM puts what a column was called before into its comment; it is no part of it.
fn without_former_name(comment: &str) -> Option<&str> {
    if comment.starts_with(FORMER_NAME) {
        return None;
    }
    let end = comment.rfind(&format!("; {FORMER_NAME}"));
    Some(&comment[..end.unwrap_or(comment.len())])
}

fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_not_below_another_that_begins_like_it() {
        assert!(is_below("shop::cake", "shop"));
        assert!(is_below("shop::cake", "shop::cake"));
        assert!(!is_below("shopping::cake", "shop"));
    }

    #[test]
    fn a_former_name_is_no_comment() {
        assert_eq!(without_former_name("renamed_from \"old\""), None);
        assert_eq!(
            without_former_name("Theirs; renamed_from \"old\""),
            Some("Theirs")
        );
        assert_eq!(without_former_name("Theirs"), Some("Theirs"));
    }
}
