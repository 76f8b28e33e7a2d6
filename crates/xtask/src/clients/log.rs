//! What a server's log says about the server.

/// The lines that should not be there. A line is `TIME LEVEL TARGET: ...`, or what a panic wrote by itself.
pub(super) fn complaints(log: &str) -> Vec<&str> {
    log.lines().filter(|line| is_complaint(line)).collect()
}

pub(super) fn says_listening(log: &str) -> bool {
    log.lines()
        .any(|line| level(line) == Some("INFO") && line.contains("serve: listening "))
}

fn is_complaint(line: &str) -> bool {
    level(line) == Some("ERROR") || line.contains("panicked at ")
}

fn level(line: &str) -> Option<&str> {
    line.split_whitespace().nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTENING: &str = r#"2026-11-21T15:59:58.530588Z  INFO ashlar_server::serve: listening address=127.0.0.1:18099 public_url="http://127.0.0.1:18099""#;

    #[test]
    fn errors_and_panics_are_complaints() {
        let error = "2026-11-21T15:59:59.000000Z ERROR request: ashlar_api::edge: no";
        let panic =
            "thread 'actix-rt|system:0|arbiter:1' (7) panicked at crates/api/src/lib.rs:1:1:";
        let log = format!("{LISTENING}\n{error}\n{panic}\n");

        assert_eq!(complaints(&log), [error, panic]);
    }

    #[test]
    fn the_word_alone_is_none() {
        let warning = "2026-11-21T15:59:59.000000Z  WARN request: ashlar_api: an ERROR of theirs";

        assert!(complaints(&format!("{LISTENING}\n{warning}\n")).is_empty());
    }

    #[test]
    fn a_server_says_when_it_listens() {
        assert!(says_listening(LISTENING));
        assert!(!says_listening(
            "2026-11-21T15:59:58.530588Z  INFO x: waiting"
        ));
    }
}
