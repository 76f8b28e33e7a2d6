use super::project::Example;
use super::tour::rows;

#[tokio::test]
async fn what_only_somebody_can_decide_is_asked_and_the_answers_bring_rows_along() {
    let example = Example::copied().await;
    let product = "src/product.rs";
    // A column that takes no NULL, another name, and one that goes.
    let cents = "    pub cents: i64,\n";
    example.edit(
        product,
        cents,
        "    pub cents: i64,\n    pub weight: f64,\n    pub in_stock: i32,\n",
    );
    example.edit(
        product,
        "    #[sea_orm(column_type = \"Text\", nullable)]\n    pub description: Option<String>,\n",
        "",
    );
    example.edit(
        product,
        "PartialEq, Eq, DeriveEntityModel",
        "PartialEq, DeriveEntityModel",
    );
    example.edit("src/supplier.rs", "pub name: String", "pub title: String");
    example.builds();
    example.said(&["up"]);
    rows(&example).await;

    let questions = example.told(4, &["generate", "-m", "stock"]);
    for answer in [
        "--backfill \"products.weight=EXPRESSION\"",
        "--backfill products.in_stock",
        "--rename suppliers.name:title",
        "--allow-destructive",
    ] {
        assert!(questions.contains(answer), "{answer}: {questions}");
    }

    let answers = [
        "-m",
        "stock",
        "--backfill",
        "products.weight=cents / 50",
        "--backfill",
        "products.in_stock",
        "--rename",
        "suppliers.name:title",
        "--allow-destructive",
    ];
    let list = example.read("migration/src/lib.rs");
    example.write(
        "migration/src/lib.rs",
        &list.replace("// Above this line: new modules.\n", ""),
    );
    let marks = example.told(2, &[&["generate"][..], &answers].concat());
    assert!(
        marks.contains("// Above this line: new modules."),
        "{marks}"
    );
    example.write("migration/src/lib.rs", &list);

    let name = example.generated(&answers);
    let open = example.build();
    assert_ne!(open.code, Some(0), "{}", open.said);
    assert!(open.said.contains("in_stock"), "{}", open.said);
    let file = format!("migration/src/{name}.rs");
    let code = example.read(&file);
    example.write(&file, &filled(&code));
    example.builds();
    example.said(&["seal", &name]);
    example.builds();
    example.said(&["check"]);
    assert_eq!(example.said(&["up"]), format!("applied  {name}\n"));
    let products = "SELECT 1 FROM products JOIN suppliers ON suppliers.id = supplier_id \
                    WHERE title = 'Ada' AND weight = cents / 50 AND in_stock = 7";
    assert_eq!(example.database().query(products).await.len(), 2);
}

/// Says what is in stock, where the file has a place for it.
fn filled(code: &str) -> String {
    let mut parts = code.split("compile_error!(");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, rest) = part.split_once(");").expect("it is a statement");
        filled.push_str(rest.trim_start());
    }
    filled
        .replace("(\"in_stock\", \"0\")", "(\"in_stock\", \"7\")")
        .replace("\"in_stock\" = 0\"", "\"in_stock\" = 7\"")
}
