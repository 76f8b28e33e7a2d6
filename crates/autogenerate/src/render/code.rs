//! Operations as a migration would have them: calls of builders, and SQL where the builders have no words.

use sea_orm::DbBackend;
use sea_orm::sea_query::ColumnType;

use super::types::{Names, is_boolean, word};
use super::words::{create_index, foreign_key, reference, text};
use crate::catalog::{Catalog, Column, Identity, Table};
use crate::normalise;
use crate::plan::{Fill, Operation, sql};

/// One engine's side of one way.
pub(super) struct Code<'a> {
    pub engine: DbBackend,
    /// What the other engine has at the end of this way, where it was asked.
    pub other: Option<&'a Catalog>,
    pub hint: &'a dyn Fn(&str, &str) -> Option<&'a ColumnType>,
}

impl Code<'_> {
    /// Statements of Rust, each of its own.
    pub(super) fn of(&self, operation: &Operation) -> String {
        let code = self
            .builder(operation)
            .unwrap_or_else(|| self.raw(operation));
        holes(operation) + &code
    }

    /// `None` where the builders have no words.
    fn builder(&self, operation: &Operation) -> Option<String> {
        match operation {
            Operation::CreateEnum { name, values } => {
                let values: Vec<_> = values.iter().map(|it| text(it)).collect();
                let statement = format!(
                    "extension::postgres::Type::create().as_enum({}).values([{}])",
                    reference(name),
                    values.join(", ")
                );
                Some(call("create_type", &statement))
            }
            Operation::DropEnum { name } => {
                let statement = format!(
                    "extension::postgres::Type::drop().name({})",
                    reference(name)
                );
                Some(call("drop_type", &statement))
            }
            Operation::RenameTable { from, to } if !from.contains('.') => {
                let statement = format!("Table::rename().table({}, {})", text(from), text(to));
                Some(call("rename_table", &statement))
            }
            Operation::RenameColumn { table, from, to } => {
                let change = format!("rename_column({}, {})", text(from), text(to));
                Some(alter(table, &change))
            }
            Operation::CreateTable { name, table } => {
                let statement = self.create_table(name, table)?;
                Some(call("create_table", &statement))
            }
            Operation::DropTable { name, .. } => {
                let statement = format!("Table::drop().table({})", reference(name));
                Some(call("drop_table", &statement))
            }
            Operation::AddColumn {
                table,
                column,
                key: None,
                fill: None,
            } => {
                let change = format!("add_column({})", self.column(table, column, false)?);
                Some(alter(table, &change))
            }
            Operation::DropColumn { table, column } => Some(alter(
                table,
                &format!("drop_column({})", text(&column.name)),
            )),
            Operation::CreateIndex { table, index } => Some(call(
                "create_index",
                &create_index(table, index, self.engine)?,
            )),
            Operation::DropIndex { table, index }
                if !index.is_constraint && !table.contains('.') =>
            {
                let (name, table) = (text(&index.name), text(table));
                let statement = format!("Index::drop().name({name}).table({table})");
                Some(call("drop_index", &statement))
            }
            Operation::AddForeignKey { table, key } => {
                Some(call("create_foreign_key", &foreign_key(table, key)?))
            }
            Operation::DropForeignKey { table, key } => {
                let statement = format!(
                    "ForeignKey::drop().name({}).table({})",
                    text(&key.name),
                    reference(table)
                );
                Some(call("drop_foreign_key", &statement))
            }
            Operation::Rebuild {
                table,
                to,
                kept,
                computed,
                indexes,
                ..
            } => {
                let mut code = vec![self.rebuild(table, to, kept, computed)?];
                for index in indexes {
                    let statement = create_index(table, index, self.engine)?;
                    code.push(call("create_index", &statement));
                }
                Some(code.join("\n"))
            }
            _ => None,
        }
    }

    fn raw(&self, operation: &Operation) -> String {
        let statements = sql::statements(operation, self.engine);
        let execute = |sql: &String| {
            format!(
                "manager.get_connection().execute_unprepared({}).await?;",
                text(sql)
            )
        };
        let statements: Vec<_> = statements.iter().map(execute).collect();
        statements.join("\n")
    }

    fn create_table(&self, name: &str, table: &Table) -> Option<String> {
        let mut code = vec![format!("Table::create().table({})", reference(name))];
        let single = match table.primary_key.as_slice() {
            [column] => Some(column),
            _ => None,
        };
        for column in &table.columns {
            let column = self.column(name, column, single == Some(&column.name))?;
            code.push(format!("\n.col({column})"));
        }
        if single.is_none() && !table.primary_key.is_empty() {
            let columns = table
                .primary_key
                .iter()
                .map(|it| format!(".col({})", text(it)));
            let columns: String = columns.collect();
            code.push(format!("\n.primary_key(Index::create(){columns})"));
        }
        for check in &table.checks {
            if check.expression.starts_with("EXCLUDE ") {
                return None;
            }
            let expression = normalise::without_parentheses(&check.expression);
            code.push(format!(
                "\n.check(({}, Expr::cust({})))",
                text(&check.name),
                text(expression)
            ));
        }
        for key in &table.foreign_keys {
            let key = foreign_key(name, key)?;
            code.push(format!("\n.foreign_key({key})"));
        }
        match (table.options.as_slice(), self.engine) {
            ([], _) => {}
            (options, DbBackend::Sqlite) => {
                code.push(format!("\n.extra({})", text(&options.join(", "))));
            }
            _ => return None,
        }
        Some(code.concat())
    }

    fn column(&self, table: &str, column: &Column, is_key: bool) -> Option<String> {
        let mut code = vec![format!("ColumnDef::new({})", text(&column.name))];
        code.push(self.data_type(table, column));
        if let Some(collation) = &column.collation {
            code.push(format!(
                ".extra({})",
                text(&format!("COLLATE {}", sql::name(collation)))
            ));
        }
        if let Some(generated) = &column.generated {
            let expression = text(normalise::without_parentheses(&generated.expression));
            code.push(format!(
                ".generated(Expr::cust({expression}), {})",
                generated.stored
            ));
        }
        if let Some(default) = normalise::default_of(column, self.engine) {
            code.push(format!(".default({})", self.default(column, &default)));
        }
        if !column.nullable {
            code.push(".not_null()".to_owned());
        }
        match column.identity {
            None => {}
            Some(Identity::Always) => {
                code.push(".extra(\"GENERATED ALWAYS AS IDENTITY\")".to_owned());
            }
            Some(Identity::ByDefault | Identity::Serial) => {
                code.push(".auto_increment()".to_owned());
            }
        }
        if is_key {
            code.push(".primary_key()".to_owned());
        }
        // The builder takes one `extra`.
        let code = code.concat();
        (code.matches(".extra(").count() < 2).then_some(code)
    }

    fn data_type(&self, table: &str, column: &Column) -> String {
        let own = Some(column.data_type.as_str());
        let other = self.other.and_then(|it| it.tables.get(table));
        let other = other.and_then(|it| it.column(&column.name));
        let other = other.map(|it| it.data_type.as_str());
        let names = |own, other| match self.engine {
            DbBackend::Postgres => Names {
                sqlite: other,
                postgres: own,
            },
            _ => Names {
                sqlite: own,
                postgres: other,
            },
        };
        let hint = (self.hint)(table, &column.name);
        let found = word(names(own, other), hint).or_else(|| word(names(own, None), hint));
        if column.data_type.is_empty() {
            return String::new();
        }
        found.unwrap_or_else(|| format!(".custom({})", text(&column.data_type)))
    }

    fn default(&self, column: &Column, default: &str) -> String {
        if is_boolean(column) {
            match default {
                "1" | "true" => return "true".to_owned(),
                "0" | "false" => return "false".to_owned(),
                _ => {}
            }
        }
        if default == "CURRENT_TIMESTAMP" {
            return "Expr::current_timestamp()".to_owned();
        }
        if default
            .parse::<i64>()
            .is_ok_and(|it| it.to_string() == default && it.abs() < i64::from(i32::MAX))
        {
            return default.to_owned();
        }
        let literal = default
            .strip_prefix('\'')
            .and_then(|it| it.strip_suffix('\''));
        if let Some(literal) =
            literal.filter(|it| !it.replace("''", "").contains('\'') && !it.contains('\\'))
        {
            return text(&literal.replace("''", "'"));
        }
        // As it was written: the one spelling is for comparing.
        let default = column.default.as_deref().unwrap_or(default);
        if self.engine == DbBackend::Sqlite && !sql::is_literal(default) {
            return format!("Expr::cust({})", text(&format!("({default})")));
        }
        format!("Expr::cust({})", text(default))
    }

    fn rebuild(
        &self,
        name: &str,
        table: &Table,
        kept: &[String],
        computed: &[(String, Fill)],
    ) -> Option<String> {
        let definition = self.create_table(name, table)?;
        let kept: Vec<_> = kept.iter().map(|it| text(it)).collect();
        let kept = kept.join(", ");
        let computed = computed.iter();
        let computed: Vec<_> = computed
            .map(|(column, fill)| format!("({}, {})", text(column), text(fill.sql())))
            .collect();
        let computed = computed.join(", ");
        Some(format!(
            "sea_orm_migration_runner::rebuild(\nmanager,\n{definition}\n.to_owned(),\n&[{kept}],\n&[{computed}],\n)\n.await?;"
        ))
    }
}

fn call(method: &str, statement: &str) -> String {
    format!("manager\n.{method}(\n{statement}\n.to_owned(),\n)\n.await?;")
}

fn alter(table: &str, change: &str) -> String {
    call(
        "alter_table",
        &format!("Table::alter().table({}).{change}", reference(table)),
    )
}

/// What does not compile until somebody has written it.
fn holes(operation: &Operation) -> String {
    let open = |table: &str, column: &str, fill: &Fill| {
        let Fill::Open(placeholder) = fill else {
            return String::new();
        };
        let message = format!(
            "say in SQL what {table}.{column} gets in the rows that are there, instead of {placeholder} below; then take this line out"
        );
        format!("compile_error!({});\n", text(&message))
    };
    match operation {
        Operation::AddColumn {
            table,
            column,
            fill: Some(fill),
            ..
        }
        | Operation::AlterColumn {
            table,
            to: column,
            fill: Some(fill),
            ..
        } => open(table, &column.name, fill),
        Operation::Rebuild {
            table, computed, ..
        } => computed
            .iter()
            .map(|(column, fill)| open(table, column, fill))
            .collect(),
        _ => String::new(),
    }
}
