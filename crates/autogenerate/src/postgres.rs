//! Reads `pg_catalog`: six queries, however many tables there are.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

use crate::catalog::{
    Action, Catalog, Check, Column, Deferrable, ForeignKey, Generated, Identity, Index, Key, Part,
    Table,
};

/// Everything that somebody made and no extension brought along.
///
/// # Errors
/// When a query fails.
pub(crate) async fn read(database: &impl ConnectionTrait) -> Result<Catalog, DbErr> {
    let mut catalog = Catalog::default();
    relations(database, &mut catalog).await?;
    columns(database, &mut catalog).await?;
    constraints(database, &mut catalog).await?;
    indexes(database, &mut catalog).await?;
    enums(database, &mut catalog).await?;
    triggers(database, &mut catalog).await?;
    Ok(catalog)
}

/// The extensions that were installed, but for the one that every database has.
pub(crate) async fn extensions(database: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
    }
    let sql =
        "SELECT extname::text AS name FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY oid";
    let rows: Vec<Row> = rows(database, sql.to_owned()).await?;
    Ok(rows.into_iter().map(|it| it.name).collect())
}

/// The relations of a schema, by the names that the catalog has for them.
const OURS: &str = "WITH ours AS (
    SELECT c.oid, c.relkind, c.relpersistence, c.reloptions,
        CASE WHEN n.nspname = current_schema() THEN c.relname::text ELSE n.nspname || '.' || c.relname END AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_depend d
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))";

async fn rows<T: FromQueryResult>(
    database: &impl ConnectionTrait,
    sql: String,
) -> Result<Vec<T>, DbErr> {
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    T::find_by_statement(statement).all(database).await
}

async fn relations(database: &impl ConnectionTrait, catalog: &mut Catalog) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
        definition: Option<String>,
        partition_key: Option<String>,
        /// Nobody can make one by its columns: it is seen, and written by hand.
        partition_of: Option<String>,
        unlogged: bool,
        comment: Option<String>,
    }
    let sql = format!(
        "{OURS} SELECT name, CASE WHEN relkind IN ('v', 'm') THEN
                format('CREATE %s %s%s AS ', CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END, oid::regclass,
                        ' WITH (' || array_to_string(reloptions, ', ') || ')')
                    || pg_get_viewdef(oid)
                    || coalesce((SELECT string_agg(pg_get_indexdef(i.indexrelid, 0, true) || ';', '' ORDER BY i.indexrelid::regclass::text)
                        FROM pg_index i WHERE i.indrelid = oid), '') END AS definition,
            CASE WHEN relkind = 'p' THEN pg_get_partkeydef(oid) END AS partition_key,
            (SELECT format('PARTITION OF %s %s', i.inhparent::regclass, pg_get_expr(c.relpartbound, c.oid))
                FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
                WHERE c.oid = ours.oid AND c.relispartition) AS partition_of,
            relpersistence = 'u' AS unlogged, obj_description(oid, 'pg_class') AS comment
        FROM ours"
    );
    let relations: Vec<Row> = rows(database, sql).await?;
    for row in relations {
        if let Some(definition) = row.definition {
            catalog.views.insert(row.name, definition);
            continue;
        }
        let partitioned = row.partition_key.map(|it| format!("PARTITION BY {it}"));
        let unlogged = row.unlogged.then(|| "UNLOGGED".to_owned());
        let table = Table {
            comment: row.comment,
            options: row
                .partition_of
                .into_iter()
                .chain(partitioned)
                .chain(unlogged)
                .collect(),
            ..Table::default()
        };
        catalog.tables.insert(row.name, table);
    }
    Ok(())
}

async fn columns(database: &impl ConnectionTrait, catalog: &mut Catalog) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        table_name: String,
        name: String,
        data_type: String,
        nullable: bool,
        expression: Option<String>,
        identity: String,
        generated: bool,
        owns_sequence: bool,
        collation: Option<String>,
        comment: Option<String>,
    }
    let sql = format!(
        "{OURS} SELECT o.name AS table_name, a.attname::text AS name,
            format_type(a.atttypid, a.atttypmod) AS data_type, NOT a.attnotnull AS nullable,
            pg_get_expr(d.adbin, d.adrelid) AS expression, a.attidentity::text AS identity,
            a.attgenerated <> '' AS generated,
            EXISTS (SELECT FROM pg_depend s JOIN pg_class q ON q.oid = s.objid AND q.relkind = 'S'
                WHERE s.classid = 'pg_class'::regclass AND s.refclassid = 'pg_class'::regclass
                    AND s.refobjid = o.oid AND s.refobjsubid = a.attnum AND s.deptype = 'a') AS owns_sequence,
            CASE WHEN a.attcollation <> t.typcollation THEN l.collname::text END AS collation,
            col_description(o.oid, a.attnum) AS comment
        FROM ours o JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_attrdef d ON d.adrelid = o.oid AND d.adnum = a.attnum
            LEFT JOIN pg_collation l ON l.oid = a.attcollation
        WHERE o.relkind IN ('r', 'p') ORDER BY o.name, a.attnum"
    );
    let columns: Vec<Row> = rows(database, sql).await?;
    for row in columns {
        let expression = row.expression.as_deref();
        let is_serial =
            row.owns_sequence && expression.is_some_and(|it| it.starts_with("nextval("));
        let identity = match row.identity.as_str() {
            "a" => Some(Identity::Always),
            "d" => Some(Identity::ByDefault),
            _ => is_serial.then_some(Identity::Serial),
        };
        let (generated, default) = if row.generated {
            let generated = row.expression.map(|expression| Generated {
                expression,
                stored: true,
            });
            (generated, None)
        } else {
            (None, row.expression.filter(|_| !is_serial))
        };
        let column = Column {
            name: row.name,
            data_type: row.data_type,
            nullable: row.nullable,
            default,
            identity,
            generated,
            collation: row.collation,
            comment: row.comment,
        };
        if let Some(table) = catalog.tables.get_mut(&row.table_name) {
            table.columns.push(column);
        }
    }
    Ok(())
}

async fn constraints(database: &impl ConnectionTrait, catalog: &mut Catalog) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        table_name: String,
        name: String,
        kind: String,
        columns: Vec<String>,
        target: Option<String>,
        target_columns: Vec<String>,
        on_update: String,
        on_delete: String,
        match_full: bool,
        deferrable: i32,
        definition: String,
    }
    let named = |key: &str, table: &str| {
        format!(
            "ARRAY(SELECT a.attname::text FROM unnest(c.{key}) WITH ORDINALITY k (number, position)
                JOIN pg_attribute a ON a.attrelid = c.{table} AND a.attnum = k.number ORDER BY k.position)"
        )
    };
    let sql = format!(
        "{OURS} SELECT o.name AS table_name, c.conname::text AS name, c.contype::text AS kind,
            {} AS columns, f.name AS target, {} AS target_columns,
            c.confupdtype::text AS on_update, c.confdeltype::text AS on_delete, c.confmatchtype = 'f' AS match_full,
            c.condeferrable::int + c.condeferred::int AS deferrable, pg_get_constraintdef(c.oid) AS definition
        FROM ours o JOIN pg_constraint c ON c.conrelid = o.oid LEFT JOIN ours f ON f.oid = c.confrelid
        WHERE c.contype IN ('p', 'f', 'c', 'x') ORDER BY o.name, c.conname",
        named("conkey", "conrelid"),
        named("confkey", "confrelid")
    );
    let constraints: Vec<Row> = rows(database, sql).await?;
    for row in constraints {
        let Some(table) = catalog.tables.get_mut(&row.table_name) else {
            continue;
        };
        match (row.kind.as_str(), row.target) {
            ("p", _) => {
                table.primary_key = row.columns;
                table.primary_key_name = row.name;
            }
            ("f", Some(target)) => table.foreign_keys.push(ForeignKey {
                name: row.name,
                columns: row.columns,
                target,
                target_columns: row.target_columns,
                on_update: action(&row.on_update),
                on_delete: action(&row.on_delete),
                match_full: row.match_full,
                deferrable: deferrable(row.deferrable),
            }),
            _ => table.checks.push(Check {
                name: row.name,
                expression: inside_check(&row.definition).to_owned(),
            }),
        }
    }
    Ok(())
}

async fn indexes(database: &impl ConnectionTrait, catalog: &mut Catalog) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        table_name: String,
        name: String,
        is_unique: bool,
        is_constraint: bool,
        method: String,
        predicate: Option<String>,
        nulls_not_distinct: bool,
        deferrable: i32,
        /// The columns that it is ordered by first, then those that it includes.
        expressions: Vec<String>,
        are_columns: Vec<bool>,
        options: Vec<i32>,
        classes: Vec<String>,
        collations: Vec<String>,
    }
    // An older server has no `indnullsnotdistinct`.
    let sql = format!(
        "{OURS} SELECT o.name AS table_name, x.relname::text AS name, i.indisunique AS is_unique,
            c.oid IS NOT NULL AS is_constraint, m.amname::text AS method,
            pg_get_expr(i.indpred, i.indrelid) AS predicate,
            coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) AS nulls_not_distinct,
            coalesce(c.condeferrable::int + c.condeferred::int, 0) AS deferrable,
            ARRAY(SELECT coalesce(a.attname::text, pg_get_indexdef(i.indexrelid, k, false)) FROM generate_series(1, i.indnatts) k
                LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1] AND a.attnum <> 0
                ORDER BY k) AS expressions,
            ARRAY(SELECT i.indkey[k] <> 0 FROM generate_series(0, i.indnatts - 1) k ORDER BY k) AS are_columns,
            ARRAY(SELECT i.indoption[k]::int FROM generate_series(0, i.indnkeyatts - 1) k ORDER BY k) AS options,
            ARRAY(SELECT CASE WHEN p.opcdefault THEN '' ELSE p.opcname::text END
                FROM generate_series(0, i.indnkeyatts - 1) k JOIN pg_opclass p ON p.oid = i.indclass[k] ORDER BY k) AS classes,
            ARRAY(SELECT CASE WHEN l.oid = a.attcollation OR i.indkey[k] = 0 AND l.collname = 'default' THEN '' ELSE coalesce(l.collname::text, '') END
                FROM generate_series(0, i.indnkeyatts - 1) k LEFT JOIN pg_collation l ON l.oid = i.indcollation[k]
                LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] ORDER BY k) AS collations
        FROM ours o JOIN pg_index i ON i.indrelid = o.oid AND NOT i.indisprimary AND NOT i.indisexclusion
            JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
            LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
        WHERE o.relkind IN ('r', 'p') ORDER BY o.name, x.relname"
    );
    let indexes: Vec<Row> = rows(database, sql).await?;
    for row in indexes {
        let mut expressions = row.expressions.into_iter();
        let keys = row.options.into_iter().zip(row.are_columns);
        let keys = keys.zip(row.classes).zip(row.collations);
        // The keys decide how many expressions are theirs; `zip` in the other order would swallow one.
        let parts = keys
            .zip(&mut expressions)
            .map(|((((option, is_column), class), collation), text)| Part {
                key: if is_column {
                    Key::Column(text)
                } else {
                    Key::Expression(text)
                },
                descending: option & 1 != 0,
                // It puts them last, and first when it descends.
                nulls_reversed: (option & 1 != 0) != (option & 2 != 0),
                collation: Some(collation).filter(|it| !it.is_empty()),
                operator_class: Some(class).filter(|it| !it.is_empty()),
            })
            .collect();
        let index = Index {
            name: row.name,
            unique: row.is_unique,
            is_constraint: row.is_constraint,
            method: row.method,
            parts,
            included: expressions.collect(),
            predicate: row.predicate,
            nulls_not_distinct: row.nulls_not_distinct,
            deferrable: deferrable(row.deferrable),
        };
        if let Some(table) = catalog.tables.get_mut(&row.table_name) {
            table.indexes.push(index);
        }
    }
    Ok(())
}

async fn enums(database: &impl ConnectionTrait, catalog: &mut Catalog) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
        labels: Vec<String>,
    }
    let sql = "SELECT CASE WHEN n.nspname = current_schema() THEN t.typname::text
                ELSE n.nspname || '.' || t.typname END AS name,
            ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE t.typtype = 'e' AND NOT EXISTS (SELECT FROM pg_depend d
            WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')";
    let enums: Vec<Row> = rows(database, sql.to_owned()).await?;
    catalog.enums = enums.into_iter().map(|it| (it.name, it.labels)).collect();
    Ok(())
}

async fn triggers(database: &impl ConnectionTrait, catalog: &mut Catalog) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
        definition: String,
    }
    let sql = format!(
        "{OURS} SELECT o.name || '.' || t.tgname AS name, pg_get_triggerdef(t.oid) AS definition
        FROM ours o JOIN pg_trigger t ON t.tgrelid = o.oid AND NOT t.tgisinternal"
    );
    let triggers: Vec<Row> = rows(database, sql).await?;
    let triggers = triggers.into_iter().map(|it| (it.name, it.definition));
    catalog.triggers = triggers.collect();
    Ok(())
}

/// Of `CHECK ((a > 0)) NOT VALID` only `(a > 0)`, of anything else all.
fn inside_check(definition: &str) -> &str {
    let inside = definition.strip_prefix("CHECK (");
    let inside = inside.and_then(|it| it.rsplit_once(')'));
    inside.map_or(definition, |(inside, _)| inside)
}

fn action(letter: &str) -> Action {
    match letter {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::Nothing,
    }
}

/// How many of "may be deferred" and "is, unless told" hold.
fn deferrable(holding: i32) -> Deferrable {
    match holding {
        0 => Deferrable::No,
        1 => Deferrable::InitiallyImmediate,
        _ => Deferrable::InitiallyDeferred,
    }
}
