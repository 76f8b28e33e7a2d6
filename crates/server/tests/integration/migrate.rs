use crate::place::Place;

#[tokio::test]
async fn all_migrations_are_applied_oldest_first() {
    let place = Place::new().await;

    let migrated = place.run(&["migrate", "up"]);

    let names = names(migrated.ok(), "applied");
    assert!(names[0].ends_with("_create_users"), "{names:?}");
    assert!(names.is_sorted(), "{names:?}");
    assert_eq!(states(&place), vec!["applied"; names.len()]);
}

#[tokio::test]
async fn applied_migrations_are_not_applied_again() {
    let place = Place::migrated().await;

    let again = place.run(&["migrate", "up"]);

    assert_eq!(again.ok(), "There was nothing to do.\n");
}

#[tokio::test]
async fn looking_changes_nothing() {
    let place = Place::new().await;
    place.run(&["migrate", "up", "0"]).ok();

    let (first, second) = (states(&place), states(&place));

    assert!(first.iter().all(|it| it == "pending"), "{first:?}");
    assert_eq!(first, second);
}

#[test]
fn looking_for_a_database_that_is_not_there_makes_none() {
    let place = Place::bare();

    let failed = place.run(&["migrate", "status"]);

    assert_eq!(
        failed.failed(),
        "data/ashlar.db cannot be opened: entity not found"
    );
}

#[tokio::test]
async fn some_migrations_are_applied_when_asked_for_some() {
    let place = Place::new().await;

    let migrated = place.run(&["migrate", "up", "2"]);

    assert_eq!(names(migrated.ok(), "applied").len(), 2);
    let states = states(&place);
    assert_eq!(states[..2], ["applied", "applied"]);
    assert!(states[2..].iter().all(|it| it == "pending"), "{states:?}");
}

#[tokio::test]
async fn the_latest_migrations_are_taken_back() {
    let place = Place::new().await;
    let up = place.run(&["migrate", "up"]);
    let applied = names(up.ok(), "applied");

    let down = place.run(&["migrate", "down", "2"]);

    let left = applied.len() - 2;
    let mut taken_back = names(down.ok(), "taken back");
    taken_back.sort();
    assert_eq!(taken_back, applied[left..]);
    let states = states(&place);
    assert!(
        states[..left].iter().all(|it| it == "applied"),
        "{states:?}"
    );
    assert_eq!(states[left..], ["pending", "pending"]);
}

#[tokio::test]
async fn all_the_way_down_and_up_again_works() {
    let place = Place::migrated().await;
    let all = states(&place).len();

    let down = place.run(&["migrate", "down", &all.to_string()]);
    let up = place.run(&["migrate", "up"]);

    assert_eq!(names(down.ok(), "taken back").len(), all);
    assert_eq!(names(up.ok(), "applied").len(), all);
}

#[tokio::test]
async fn there_may_be_nothing_to_take_back() {
    let place = Place::new().await;
    place.run(&["migrate", "up", "0"]).ok();

    let down = place.run(&["migrate", "down", "1"]);

    assert_eq!(down.ok(), "There was nothing to do.\n");
}

#[tokio::test]
async fn a_server_that_may_not_migrate_says_what_to_run() {
    let place = Place::new()
        .await
        .set("ASHLAR__DATABASE__MIGRATE_ON_START", "false");
    place.run(&["migrate", "up", "0"]).ok();
    let pending = states(&place).len();

    let refused = place.run(&["serve"]);

    let why = format!("{pending} migrations are pending: run `ashlar migrate up`");
    assert_eq!(refused.failed(), why);
}

/// In the order told.
#[track_caller]
fn names(told: &str, done: &str) -> Vec<String> {
    let name = |line: &str| {
        let name = line.strip_prefix(done).unwrap_or_else(|| panic!("{line}"));
        name.trim().to_owned()
    };
    told.lines().map(name).collect()
}

#[track_caller]
fn states(place: &Place) -> Vec<String> {
    let status = place.run(&["migrate", "status"]);
    let state = |line: &str| line.split_whitespace().next().map(str::to_owned);
    status.ok().lines().filter_map(state).collect()
}
