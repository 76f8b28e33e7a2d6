//! Where the command line takes passwords from: never from an argument, which others on the machine can read.

use crate::place::{PASSWORD, Place};

const CREATE: [&str; 4] = ["users", "create-admin", "--email", "ada@example.org"];

#[tokio::test]
async fn a_line_of_standard_input_can_be_the_password() {
    for input in [PASSWORD.to_owned(), format!("{PASSWORD}\r\n")] {
        let place = Place::migrated().await;

        let made = place.run_reading(&CREATE, &input);

        made.ok();
        place.serve().sign_in("ada@example.org", PASSWORD);
    }
}

#[tokio::test]
async fn several_lines_are_no_password() {
    let place = Place::migrated().await.file("secret", "two\nlines\n");

    let typed = place.run_reading(&CREATE, "two\nlines\n");
    let read = place.run(&[&CREATE[..], &["--password-file", "secret"]].concat());

    assert_eq!(typed.failed(), "a password is one line");
    assert_eq!(read.failed(), "a password is one line");
}

#[tokio::test]
async fn a_file_can_hold_the_password() {
    let place = Place::migrated()
        .await
        .file("secret", &format!("{PASSWORD}\n"));

    let made = place.run(&[&CREATE[..], &["--password-file", "secret"]].concat());

    made.ok();
    place.serve().sign_in("ada@example.org", PASSWORD);
}

#[tokio::test]
async fn a_variable_can_name_that_file() {
    let place = Place::migrated()
        .await
        .file("secret", PASSWORD)
        .set("ASHLAR_PASSWORD_FILE", "secret");

    let made = place.run(&CREATE);

    made.ok();
    place.serve().sign_in("ada@example.org", PASSWORD);
}

#[tokio::test]
async fn the_argument_wins_over_the_variable() {
    let place = Place::migrated()
        .await
        .file("secret", PASSWORD)
        .set("ASHLAR_PASSWORD_FILE", "no/such/file");

    let made = place.run(&[&CREATE[..], &["--password-file", "secret"]].concat());

    made.ok();
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named() {
    let place = Place::migrated().await;

    let refused = place.run(&[&CREATE[..], &["--password-file", "no/such/file"]].concat());

    assert!(
        refused.failed().starts_with("cannot read no/such/file: "),
        "{refused:?}"
    );
}

#[tokio::test]
async fn without_a_password_nothing_is_made() {
    for input in ["", "\n", "\r\n"] {
        let place = Place::migrated().await;

        let refused = place.run_reading(&CREATE, input);

        assert_eq!(refused.failed(), "no password was given");
        // Had it been made, its address would be taken.
        place.administrator("ada@example.org");
    }
}

#[tokio::test]
async fn no_argument_takes_a_password() {
    let place = Place::migrated().await;

    let refused = place.run(&[&CREATE[..], &["--password", PASSWORD]].concat());

    assert_eq!(refused.code, Some(2), "{refused:?}");
}
