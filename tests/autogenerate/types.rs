//! A column of each type that SeaORM maps, by an entity and by a migration that was written by hand.

use sea_orm_autogenerate::{Entities, check};
use sea_orm_migration::prelude::*;

use super::server;

mod everything {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "mood")]
    pub(crate) enum Mood {
        #[sea_orm(string_value = "sad")]
        Sad,
        #[sea_orm(string_value = "happy")]
        Happy,
    }

    #[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "i32", db_type = "Integer")]
    pub(crate) enum Level {
        #[sea_orm(num_value = 0)]
        Low,
        #[sea_orm(num_value = 1)]
        High,
    }

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "everything")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "Char(Some(3))", default_value = "abc")]
        pub char: String,
        #[sea_orm(default_value = "it's new")]
        pub string: String,
        #[sea_orm(column_type = "String(StringLen::N(9))", default_value = "")]
        pub string_9: String,
        #[sea_orm(column_type = "Text", default_value = "5")]
        pub text: String,
        #[sea_orm(default_value = -1)]
        pub tiny: i8,
        #[sea_orm(default_value = 1)]
        pub small: i16,
        #[sea_orm(default_value = -7, indexed)]
        pub int: i32,
        #[sea_orm(default_value = 9_000_000_000_i64)]
        pub big: i64,
        #[sea_orm(default_value = 1)]
        pub unsigned: u32,
        #[sea_orm(default_value = 1.5)]
        pub float: f32,
        #[sea_orm(default_value = -0.25)]
        pub double: f64,
        #[sea_orm(column_type = "Decimal(Some((10, 2)))", default_value = 0)]
        pub decimal: f64,
        #[sea_orm(default_value = true)]
        pub yes: bool,
        #[sea_orm(default_expr = "Expr::current_timestamp()")]
        pub moment: DateTime,
        #[sea_orm(default_expr = "Expr::current_timestamp()")]
        pub moment_utc: DateTimeUtc,
        #[sea_orm(default_value = "2026-01-01")]
        pub date: Date,
        #[sea_orm(default_value = "12:30:00")]
        pub time: Time,
        #[sea_orm(default_value = "00000000-0000-0000-0000-000000000001")]
        pub uuid: Uuid,
        #[sea_orm(column_type = "Json", default_value = "{}")]
        pub json: Json,
        #[sea_orm(column_type = "JsonBinary", default_value = "[]")]
        pub json_binary: Json,
        pub bytes: Vec<u8>,
        #[sea_orm(column_type = "VarBinary(StringLen::N(9))", nullable)]
        pub var_binary: Option<Vec<u8>>,
        #[sea_orm(column_type = "Money(None)", nullable)]
        pub money: Option<f64>,
        #[sea_orm(default_value = "sad")]
        pub mood: Mood,
        pub next_mood: Option<Mood>,
        #[sea_orm(default_value = 0)]
        pub level: Level,
        #[sea_orm(column_type = "custom(\"mood\")", nullable)]
        pub custom: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(CreateEverything)]
    }
}

#[derive(DeriveMigrationName)]
struct CreateEverything;

#[async_trait::async_trait]
impl MigrationTrait for CreateEverything {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == sea_orm::DbBackend::Postgres {
            let mood = extension::postgres::Type::create()
                .as_enum("mood")
                .values(["sad", "happy"])
                .to_owned();
            manager.create_type(mood).await?;
        }
        manager.create_table(table()).await?;
        let index = Index::create()
            .name("by_int")
            .table("everything")
            .col("int")
            .to_owned();
        manager.create_index(index).await
    }
}

/// With the other spelling of each default where there is one.
fn table() -> TableCreateStatement {
    let now = || Expr::cust("CURRENT_TIMESTAMP");
    let column = |name: &'static str| ColumnDef::new(name);
    Table::create()
        .table("everything")
        .col(
            column("id")
                .big_integer()
                .not_null()
                .auto_increment()
                .primary_key(),
        )
        .col(column("char").char_len(3).not_null().default("abc"))
        .col(column("string").string().not_null().default("it's new"))
        .col(column("string_9").string_len(9).not_null().default(""))
        .col(column("text").text().not_null().default("5"))
        .col(column("tiny").tiny_integer().not_null().default(-1))
        .col(column("small").small_integer().not_null().default("1"))
        .col(column("int").integer().not_null().default(-7_i64))
        .col(
            column("big")
                .big_integer()
                .not_null()
                .default(9_000_000_000_i64),
        )
        .col(column("unsigned").unsigned().not_null().default(1))
        .col(column("float").float().not_null().default(1.5))
        .col(column("double").double().not_null().default(-0.25))
        .col(column("decimal").decimal_len(10, 2).not_null().default(0))
        .col(column("yes").boolean().not_null().default(true))
        .col(column("moment").date_time().not_null().default(now()))
        .col(
            column("moment_utc")
                .timestamp_with_time_zone()
                .not_null()
                .default(now()),
        )
        .col(column("date").date().not_null().default("2026-01-01"))
        .col(column("time").time().not_null().default("12:30:00"))
        .col(
            column("uuid")
                .uuid()
                .not_null()
                .default("00000000-0000-0000-0000-000000000001"),
        )
        .col(column("json").json().not_null().default("{}"))
        .col(column("json_binary").json_binary().not_null().default("[]"))
        .col(ColumnDef::new_with_type("bytes", ColumnType::VarBinary(StringLen::None)).not_null())
        .col(column("var_binary").var_binary(9).null())
        .col(column("money").money().null())
        .col(
            column("mood")
                .enumeration("mood", ["sad", "happy"])
                .not_null()
                .default("sad"),
        )
        .col(column("next_mood").enumeration("mood", ["sad", "happy"]))
        .col(column("level").integer().not_null().default(0))
        .col(column("custom").custom("mood"))
        .to_owned()
}

#[tokio::test]
async fn an_entity_and_its_migration_agree_in_every_type() {
    let entities = Entities::new().with(everything::Entity);

    let found = check::<Migrator>(&server(), &entities, async |_: &SchemaManager<'_>| Ok(())).await;

    let found = found.unwrap_or_else(|error| panic!("{error}"));
    assert!(found.is_empty(), "{found:#?}");
}
