/// What nobody can tell from two schemas.
///
/// ```
/// use sea_orm_autogenerate::{Backfill, Options, RenamedColumn};
///
/// // As `--rename cake.title:name --backfill "cake.weight=0"`.
/// let options = Options {
///     renamed_columns: vec![RenamedColumn {
///         table: "cake".to_owned(),
///         from: "title".to_owned(),
///         to: "name".to_owned(),
///     }],
///     backfills: vec![Backfill {
///         table: "cake".to_owned(),
///         column: "weight".to_owned(),
///         expression: Some("0".to_owned()),
///     }],
///     ..Options::default()
/// };
/// assert!(!options.allow_destructive);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Values may be lost.
    pub allow_destructive: bool,
    pub renamed_tables: Vec<RenamedTable>,
    pub renamed_columns: Vec<RenamedColumn>,
    pub backfills: Vec<Backfill>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenamedTable {
    pub from: String,
    pub to: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenamedColumn {
    /// By its new name, if that is another.
    pub table: String,
    pub from: String,
    pub to: String,
}

/// What a column gets in the rows that are there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backfill {
    pub table: String,
    pub column: String,
    /// In SQL, over the columns of the row. `None`: somebody writes it into the file, which does not compile until then.
    pub expression: Option<String>,
}
