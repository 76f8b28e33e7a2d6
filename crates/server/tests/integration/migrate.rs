use support::Engine;

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
        failed.failed_with(2),
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

#[tokio::test]
async fn a_migration_can_be_named_as_the_last_one() {
    let place = Place::new().await;
    let all = names(place.run(&["migrate", "up"]).ok(), "applied");

    let down = place.run(&["migrate", "down", "--to", &all[1]]);
    let up = place.run(&["migrate", "up", "--to", &all[2]]);
    let base = place.run(&["migrate", "down", "--to", "base"]);

    assert_eq!(names(down.ok(), "taken back").len(), all.len() - 2);
    assert_eq!(names(up.ok(), "applied"), [all[2].as_str()]);
    assert_eq!(names(base.ok(), "taken back").len(), 3);
}

#[tokio::test]
async fn a_name_that_is_none_is_wrong_usage() {
    let place = Place::migrated().await;

    for verb in ["up --to m9", "down --to m9", "stamp m9"] {
        let arguments = format!("migrate {verb}");
        let arguments: Vec<_> = arguments.split(' ').collect();

        let failed = place.run(&arguments);

        let why = failed.failed_with(2);
        assert!(
            why.ends_with("there is no migration m9: `status` lists them"),
            "{why}"
        );
    }
}

#[tokio::test]
async fn the_status_and_the_history_tell_when_and_how_long() {
    let place = Place::new().await;
    place.run(&["migrate", "up", "2"]).ok();

    let status = place.run(&["migrate", "status"]);
    let history = place.run(&["migrate", "history"]);

    let history: Vec<_> = history.ok().lines().collect();
    assert_eq!(status.ok().lines().take(2).collect::<Vec<_>>(), history);
    for line in &history {
        let words: Vec<_> = line.split_whitespace().collect();
        assert!(
            matches!(words[..], ["applied", _, at, _, "ms"] if at.ends_with('Z')),
            "{line}"
        );
    }
}

#[tokio::test]
async fn a_stamp_marks_without_running() {
    let place = Place::new().await;
    place.run(&["migrate", "up", "0"]).ok();
    let status = place.run(&["migrate", "status"]);
    let first = status
        .ok()
        .lines()
        .next()
        .and_then(|it| it.split_whitespace().nth(1));
    let first = first.expect("there are migrations");

    let stamped = place.run(&["migrate", "stamp", first]);

    assert_eq!(stamped.ok(), format!("applied  {first}\n"));
    let left = states(&place);
    assert_eq!(left[0], "applied");
    assert!(left[1..].iter().all(|it| it == "pending"), "{left:?}");
    // It took no time, because nothing was run.
    assert!(!place.run(&["migrate", "history"]).ok().contains(" ms"));
}

#[tokio::test]
async fn a_broken_history_is_told_with_a_code_of_its_own() {
    let place = Place::migrated().await;
    let newer = "INSERT INTO seaql_migrations VALUES ('m99991231_000001_newer', 0)";
    place.execute(newer).await;

    for verb in ["migrate up", "migrate down 1", "serve"] {
        let arguments: Vec<_> = verb.split(' ').collect();
        let failed = place.run(&arguments);

        assert!(
            failed.failed_with(3).contains("m99991231_000001_newer"),
            "{failed:?}"
        );
    }
    let status = place.run(&["migrate", "status"]);
    assert_eq!(status.code, Some(3));
    assert!(
        status.out.contains("unknown  m99991231_000001_newer"),
        "{status:?}"
    );
}

#[tokio::test]
async fn a_dirty_migration_is_refused_with_a_code_of_its_own_until_it_is_stamped() {
    let place = Place::migrated().await;
    let status = place.run(&["migrate", "status"]);
    let last = status
        .ok()
        .lines()
        .last()
        .and_then(|it| it.split_whitespace().nth(1));
    let last = last.expect("there are migrations");
    let dirty = format!("UPDATE seaql_migrations_history SET dirty = true WHERE name = '{last}'");
    place.execute(&dirty).await;

    let refused = place.run(&["migrate", "up"]);

    assert!(refused.failed_with(4).contains(last), "{refused:?}");
    place.run(&["migrate", "stamp", last]).ok();
    place.run(&["migrate", "up"]).ok();
}

#[tokio::test]
#[expect(clippy::disallowed_types, reason = "it is the lock of another process")]
async fn who_waits_for_another_process_says_so_once() {
    let place = Place::new().await;
    place.run(&["migrate", "up", "1"]).ok();
    let file = place.path("data/ashlar.db-migrate");
    if Engine::of_this_run() != Engine::Sqlite {
        assert!(!file.exists());
        return;
    }
    let file = std::fs::File::open(file).unwrap();
    file.lock().unwrap();
    let place = place.set("ASHLAR__DATABASE__MIGRATION_WAIT_MS", "300");

    let gave_up = place.run(&["migrate", "up"]);
    file.unlock().unwrap();

    assert_eq!(gave_up.code, Some(1), "{gave_up:?}");
    let told = gave_up
        .errors
        .matches("waits for another process that migrates this database");
    assert_eq!(told.count(), 1, "{gave_up:?}");
    assert!(
        gave_up
            .errors
            .contains("another process was still at it after 300ms"),
        "{gave_up:?}"
    );
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
