//! Schemas out of nothing but a number.

use fastrand::Rng;
use sea_orm_migration::prelude::ColumnType;
use support::Engine;

use super::model::{
    Check, Column, Default, Enum, Expression, Form, Id, Index, Kind, Part, Schema, Table, Unique,
};
use super::values::VALUES;
use super::{chance, pick, types};

/// Names that have to be quoted, among those that do not.
const STRANGE_NAMES: [&str; 5] = ["order", "Group", "a name", "größe", "it's"];

/// Numbers of a stranger begin here. Names leave it out, so that strangers have tables of the same names.
const STRANGER: Id = 10_000;

impl Schema {
    /// Of one to four tables.
    pub(super) fn random(rng: &mut Rng, engine: Engine, prefix: &str) -> Self {
        Self::with_numbers_after(0, rng, engine, prefix)
    }

    /// One that has nothing in common with others of its prefix but names.
    pub(super) fn stranger(rng: &mut Rng, engine: Engine, prefix: &str) -> Self {
        Self::with_numbers_after(STRANGER, rng, engine, prefix)
    }

    fn with_numbers_after(last: Id, rng: &mut Rng, engine: Engine, prefix: &str) -> Self {
        let mut schema = Self {
            engine,
            prefix: prefix.to_owned(),
            enums: Vec::new(),
            tables: Vec::new(),
            last,
        };
        for _ in 0..rng.usize(1..5) {
            schema.add_table(rng);
        }
        if chance(rng, 40) {
            schema.close_circle(rng);
        }
        schema
    }

    pub(super) fn add_table(&mut self, rng: &mut Rng) {
        let id = self.id();
        let table = Table {
            id,
            name: format!("{}t{}", self.prefix, id % STRANGER),
            columns: Vec::new(),
            key: Vec::new(),
            uniques: Vec::new(),
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            comment: self.comment(rng),
        };
        self.tables.push(table);
        self.add_key(rng, id);
        for _ in 0..rng.usize(0..6) {
            let column = self.new_column(rng);
            self.table_mut(id).columns.push(column);
        }
        let several = |rng: &mut Rng| rng.usize(0..3);
        for _ in 0..several(rng) {
            self.add_unique(rng, id);
        }
        for _ in 0..several(rng) {
            self.add_foreign_key(rng, id);
        }
        for _ in 0..several(rng) {
            self.add_index(rng, id);
        }
        for _ in 0..several(rng) {
            self.add_check(rng, id);
        }
    }

    fn add_key(&mut self, rng: &mut Rng, table: Id) {
        // SQLite numbers no others.
        let mut numbers = vec![ColumnType::Integer, ColumnType::BigInteger];
        if self.engine == Engine::Postgres {
            numbers.push(ColumnType::SmallInteger);
        }
        let mut key = |kind: ColumnType, is_numbered: bool| {
            let id = self.id();
            let column = Column {
                id,
                name: format!("id{}", id % STRANGER),
                kind: Kind::Plain(kind),
                nullable: false,
                default: None,
                is_numbered,
                collation: None,
                comment: None,
            };
            let table = self.table_mut(table);
            table.columns.push(column);
            table.key.push(id);
        };
        match rng.u32(0..10) {
            0 => key(ColumnType::Uuid, false),
            1 => key(ColumnType::string(Some(20)), false),
            2 => key(ColumnType::Integer, false),
            3 | 4 => {
                key(ColumnType::Integer, false);
                key(
                    pick(
                        rng,
                        &[ColumnType::Text, ColumnType::Date, ColumnType::BigInteger],
                    ),
                    false,
                );
            }
            _ => key(pick(rng, &numbers), true),
        }
    }

    /// In no table yet.
    pub(super) fn new_column(&mut self, rng: &mut Rng) -> Column {
        let kind = self.kind(rng);
        let id = self.id();
        let strange = STRANGE_NAMES[rng.usize(0..STRANGE_NAMES.len())];
        let number = id % STRANGER;
        let is_strange = chance(rng, 10);
        let mut column = Column {
            id,
            name: format!("{}{number}", if is_strange { strange } else { "c" }),
            nullable: chance(rng, 60),
            default: None,
            is_numbered: false,
            collation: None,
            comment: self.comment(rng),
            kind,
        };
        if chance(rng, 40) {
            column.default = Some(default(rng, &column.kind));
        }
        if chance(rng, 15) {
            column.collation = self.collation(&column.kind);
        }
        column
    }

    pub(super) fn kind(&mut self, rng: &mut Rng) -> Kind {
        let is_array = self.engine == Engine::Postgres && chance(rng, 15);
        if !chance(rng, 10) {
            return Kind::Plain(types::any(rng, self.engine));
        }
        let known = self.enums.iter().map(|it| it.id).collect::<Vec<_>>();
        let id = if known.is_empty() || chance(rng, 40) {
            let id = self.id();
            let values = (0..rng.usize(2..5)).map(|at| format!("value {id}.{at}"));
            self.enums.push(Enum {
                id,
                name: format!("{}e{}", self.prefix, id % STRANGER),
                values: values.collect(),
            });
            id
        } else {
            pick(rng, &known)
        };
        if is_array {
            Kind::EnumArray(id)
        } else {
            Kind::Enum(id)
        }
    }

    pub(super) fn collation(&self, kind: &Kind) -> Option<&'static str> {
        let is_text = matches!(kind, Kind::Plain(it) if types::is_text(it));
        is_text.then_some(match self.engine {
            Engine::Sqlite => "NOCASE",
            Engine::Postgres => "\"C\"",
        })
    }

    pub(super) fn comment(&self, rng: &mut Rng) -> Option<String> {
        let has_one = self.engine == Engine::Postgres && chance(rng, 10);
        has_one.then(|| format!("it's comment {}", rng.u8(..)))
    }

    /// Of columns with so many values that the rows of any table can be told apart.
    pub(super) fn add_unique(&mut self, rng: &mut Rng, table: Id) -> bool {
        let id = self.id();
        let table = self.table_mut(table);
        let fit: Vec<_> = table
            .columns
            .iter()
            .filter(|it| it.has_many_values())
            .map(|it| it.id)
            .collect();
        let columns = some_of(rng, &fit, 2);
        if columns.is_empty()
            || table.key == columns
            || table.uniques.iter().any(|it| it.columns == columns)
        {
            return false;
        }
        let form = match rng.u32(0..3) {
            0 if columns.len() == 1 => Form::OfColumn,
            1 => Form::Index,
            _ => Form::OfTable,
        };
        let name = format!("{}_u{id}", table.name);
        table.uniques.push(Unique {
            name,
            columns,
            form,
        });
        true
    }

    pub(super) fn add_index(&mut self, rng: &mut Rng, table: Id) -> bool {
        let id = self.id();
        let table = self.table_mut(table);
        let fit: Vec<_> = table
            .columns
            .iter()
            .filter(|it| it.is_ordered())
            .map(|it| it.id)
            .collect();
        let columns = some_of(rng, &fit, 3);
        if columns.is_empty() {
            return false;
        }
        let mut parts: Vec<_> = columns
            .iter()
            .map(|id| Part {
                expression: Expression::column(*id),
                descending: chance(rng, 30),
            })
            .collect();
        if chance(rng, 30)
            && let Some(expression) = expression(
                rng,
                table,
                &["lower({0})", "coalesce({0}, 'x')"],
                &["({0} + 1)", "abs({0})"],
            )
        {
            let at = rng.usize(0..parts.len());
            parts[at].expression = expression;
        }
        let mut predicate = None;
        if chance(rng, 30) {
            predicate = expression(
                rng,
                table,
                &["{0} <> 'x'", "{0} LIKE 'a%'"],
                &["{0} > 5", "{0} BETWEEN 1 AND 7"],
            )
            .or_else(|| Some(Expression::of("{0} IS NOT NULL", &columns[..1])));
        }
        let name = format!("{}_i{id}", table.name);
        table.indexes.push(Index {
            name,
            parts,
            predicate,
        });
        true
    }

    /// One that every value of `values` passes.
    pub(super) fn add_check(&mut self, rng: &mut Rng, table: Id) -> bool {
        let id = self.id();
        let table = self.table_mut(table);
        let texts = [
            "length({0}) < #",
            "{0} NOT IN ('never #', 'it''s (never)')",
            "lower({0}) <> 'Never #' AND {0} <> 'no'",
            "{0} IS NULL OR {0} NOT LIKE '%,#%'",
            "length({0}) + length({1}) < #",
        ];
        let numbers = [
            "{0} >= -#",
            "{0} BETWEEN -# AND 4000000000000000000",
            "{0} > -# OR {0} IS NULL",
            "{0} + {1} >= -#",
        ];
        let Some(mut expression) = expression(rng, table, &texts, &numbers) else {
            return false;
        };
        expression.text = expression.text.replace('#', &(id + 40).to_string());
        table.checks.push(Check {
            name: chance(rng, 60).then(|| format!("{}_k{id}", table.name)),
            of_column: expression.columns.len() == 1 && chance(rng, 50),
            expression,
        });
        true
    }
}

/// About one or two columns of the table that are texts, or numbers.
fn expression(
    rng: &mut Rng,
    table: &Table,
    texts: &[&str],
    numbers: &[&str],
) -> Option<Expression> {
    let about_text = rng.bool();
    let fit = |column: &&Column| match &column.kind {
        Kind::Plain(it) if about_text => types::is_text(it),
        Kind::Plain(it) => types::is_number(it),
        _ => false,
    };
    let fit: Vec<_> = table.columns.iter().filter(fit).map(|it| it.id).collect();
    let text = pick(rng, if about_text { texts } else { numbers });
    let wanted = if text.contains("{1}") { 2 } else { 1 };
    let mut columns = fit;
    rng.shuffle(&mut columns);
    columns.truncate(wanted);
    (columns.len() == wanted).then(|| Expression::of(text, &columns))
}

/// In any order.
fn some_of(rng: &mut Rng, all: &[Id], at_most: usize) -> Vec<Id> {
    let mut all = all.to_vec();
    rng.shuffle(&mut all);
    let at_most = rng.usize(1..=at_most);
    all.truncate(at_most);
    all
}

impl Column {
    pub(super) fn has_many_values(&self) -> bool {
        matches!(&self.kind, Kind::Plain(it) if types::has_many_values(it))
    }

    fn is_ordered(&self) -> bool {
        !matches!(&self.kind, Kind::Plain(it) if !types::is_ordered(it))
    }
}

pub(super) fn default(rng: &mut Rng, kind: &Kind) -> Default {
    use ColumnType as T;
    let is_moment = matches!(
        kind,
        Kind::Plain(T::DateTime | T::Timestamp | T::TimestampWithTimeZone | T::Date | T::Time)
    );
    if is_moment && chance(rng, 60) {
        Default::Now
    } else {
        Default::Value(rng.usize(0..VALUES))
    }
}
