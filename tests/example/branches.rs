use super::project::{Example, FIRST};

#[tokio::test]
async fn two_branches_that_both_added_a_migration_are_put_in_order_and_an_edit_is_noticed() {
    let example = Example::copied().await;
    example.builds();
    example.said(&["up"]);
    git(&example, &["init", "--quiet", "--initial-branch=main"]);
    git(&example, &["add", "migration"]);
    git(&example, &["commit", "--quiet", "--message=first"]);
    let mut names = Vec::new();
    for branch in ["yours", "mine"] {
        git(&example, &["checkout", "--quiet", "-b", branch, "main"]);
        names.push(example.generated(&["--empty", "-m", branch]));
        git(&example, &["add", "migration"]);
        git(&example, &["commit", "--quiet", "--message=next"]);
    }

    let merged = example.git(&["merge", "yours"]);
    assert_eq!(merged.code, Some(1), "{}", merged.said);
    for file in ["migration/migrations.lock", "migration/src/lib.rs"] {
        assert!(
            merged.said.contains(&format!("conflict in {file}")),
            "{}",
            merged.said
        );
        keep_both(&example, file);
    }
    example.builds();
    let heads = example.told(3, &["heads"]);
    for name in &names {
        assert!(heads.contains(name), "{heads}");
    }
    let refused = example.told(3, &["up"]);
    assert!(refused.contains("rebase"), "{refused}");
    let fork = format!("{} and {} both follow", names[1], names[0]);
    let fork_of = |said: &str| said.contains(&fork) && said.contains("rebase");
    let checked = example.told(1, &["check"]);
    assert!(fork_of(&checked), "{checked}");
    let checked = example.told(1, &["check", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&checked).expect("it is JSON");
    assert_eq!(report["agree"], false, "{report}");
    assert!(fork_of(&report["lock"][0].to_string()), "{report}");
    example.said(&["rebase"]);
    example.said(&["check"]);
    let sealed = format!("migration/src/{FIRST}.rs");
    example.edit(&sealed, "big_integer()", "integer()");
    for (code, verb) in [(4, "seal"), (1, "check")] {
        let edited = example.told(code, &[verb]);
        let words = format!("{FIRST} was edited after it was sealed");
        assert!(edited.contains(&words), "{edited}");
    }
    example.said(&["seal", FIRST]);
    example.builds();
    assert_eq!(example.said(&["heads"]), format!("{}\n", names[0]));
    let refused = example.told(3, &["up"]);
    let words = format!("{FIRST} was edited after this database had got it");
    assert!(refused.contains(&words), "{refused}");
}

fn git(example: &Example, arguments: &[&str]) {
    let done = example.git(arguments);
    assert_eq!(done.code, Some(0), "{arguments:?}: {}", done.said);
}

/// Without the marks that git has left.
fn keep_both(example: &Example, file: &str) {
    let text = example.read(file);
    let marks = ["<<<<<<< ", "=======", ">>>>>>> "];
    let lines = text
        .lines()
        .filter(|line| !marks.iter().any(|it| line.starts_with(it)));
    let lines: Vec<_> = lines.map(|it| format!("{it}\n")).collect();
    example.write(file, &lines.concat());
}
