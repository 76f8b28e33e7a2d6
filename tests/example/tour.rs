use support::Engine;

use super::project::{Example, FIRST};

const REVIEWS: &str = r#"use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reviews")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub stars: i16,
    pub product_id: i32,
    #[sea_orm(belongs_to, from = "product_id", to = "id", on_delete = "Cascade")]
    pub product: HasOne<super::product::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
"#;

#[tokio::test]
async fn the_tour_of_the_readme_goes_as_it_says() {
    let example = Example::copied().await;
    example.builds();
    assert!(
        example
            .said(&["check"])
            .contains("sqlite: entities and migrations agree\n")
    );
    let agree = example.said(&["generate", "-m", "nothing"]);
    assert!(agree.contains("there is nothing to write"), "{agree}");
    assert_eq!(example.said(&["up"]), format!("applied  {FIRST}\n"));
    rows(&example).await;

    // A column, and a table whose entity was forgotten first.
    let cents = "    pub cents: i64,\n";
    let weight = "    pub cents: i64,\n    pub weight_in_grams: Option<i32>,\n";
    example.edit("src/product.rs", cents, weight);
    example.edit(
        "src/lib.rs",
        "pub mod product;\n",
        "pub mod product;\npub mod review;\n",
    );
    example.write("src/review.rs", REVIEWS);
    example.edit(
        "migrate/src/main.rs",
        "        .with(shop::product::Entity);",
        "        .with(shop::product::Entity)\n        .with(shop::review::Entity);",
    );
    example.builds();
    let differences = example.told(1, &["check"]);
    for object in ["products.weight_in_grams", "the table reviews"] {
        assert!(differences.contains(object), "{differences}");
    }

    let name = example.generated(&["-m", "Weigh and review products"]);
    assert!(
        name.ends_with("_000001_weigh_and_review_products"),
        "{name}"
    );
    example.builds();
    example.said(&["check"]);
    let verified = example.said(&["verify"]);
    assert!(
        verified.contains(&format!("{name}  up, down, up")),
        "{verified}"
    );
    assert_eq!(example.said(&["up"]), format!("applied  {name}\n"));
    assert_eq!(
        example.said(&["down", "1"]),
        format!("taken back  {name}\n")
    );
    let states = example.said(&["status"]);
    assert!(states.contains(&format!("applied  {FIRST}")), "{states}");
    assert!(states.contains(&format!("pending  {name}")), "{states}");
    assert_eq!(example.said(&["up"]), format!("applied  {name}\n"));
    assert_eq!(example.database().count("products").await, 2);
    let of_products = "SELECT 1 FROM products WHERE weight_in_grams IS NULL";
    assert_eq!(example.database().query(of_products).await.len(), 2);
    assert_eq!(example.said(&["heads"]), format!("{name}\n"));
    example.said(&["check", "--live", &url(&example)]);
}

/// Two products of one supplier.
pub(super) async fn rows(example: &Example) {
    let database = example.database();
    database
        .execute("INSERT INTO suppliers (name) VALUES ('Ada')")
        .await;
    let products = "INSERT INTO products (code, name, cents, state, supplier_id) \
                    VALUES ('a', 'Apple', 100, 'draft', 1), ('b', 'Bread', 250, 'on_sale', 1)";
    database.execute(products).await;
}

fn url(example: &Example) -> String {
    use secrecy::ExposeSecret as _;
    match Engine::of_this_run() {
        Engine::Sqlite => "sqlite://shop.db".to_owned(),
        Engine::Postgres => example.database().url().expose_secret().to_owned(),
    }
}
