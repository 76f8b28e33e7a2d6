use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    #[sea_orm(unique)]
    pub code: String,
    #[sea_orm(indexed)]
    pub name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    pub cents: i64,
    pub state: State,
    pub supplier_id: i32,
    #[sea_orm(
        belongs_to,
        from = "supplier_id",
        to = "id",
        on_update = "NoAction",
        on_delete = "Restrict"
    )]
    pub supplier: HasOne<super::supplier::Entity>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "product_state")]
pub enum State {
    #[sea_orm(string_value = "draft")]
    Draft,
    #[sea_orm(string_value = "on_sale")]
    OnSale,
}

impl ActiveModelBehavior for ActiveModel {}
