//! Whether the tests exercised every operation: it succeeded, it ended in two other ways, and it was seen to end in
//! every way that the document promises.

use std::collections::{BTreeSet, HashMap};

use crate::calls::Call;
use crate::document::{End, Operations};

/// How many ends other than the success each operation needs: refusals, 304, or a second kind of success.
const OTHERS: usize = 2;

/// A promise that no test can see kept.
struct Unseen {
    operations: &'static [&'static str],
    status: u16,
    code: &'static str,
    because: &'static str,
}

/// They answer with what is there since the start.
const FROM_MEMORY: [&str; 7] = [
    "getDocs",
    "getDocsFile",
    "getDocument",
    "getKeySet",
    "getProblem",
    "getServerMetadata",
    "listProblems",
];

const UNSEEN: [Unseen; 2] = [
    Unseen {
        operations: &FROM_MEMORY,
        status: 500,
        code: "internal",
        because: "nothing that it does can fail; a panic would end so",
    },
    Unseen {
        operations: &FROM_MEMORY,
        status: 503,
        code: "unavailable",
        because: "it waits for nothing, so only a machine that is far too busy makes it late",
    },
];

pub(crate) fn excuses() -> usize {
    UNSEEN.iter().map(|it| it.operations.len()).sum()
}

/// One sentence for each operation that lacks something.
pub(crate) fn complaints(operations: &Operations, calls: &[Call]) -> Vec<String> {
    let mut seen: HashMap<&str, BTreeSet<End>> = HashMap::new();
    for call in calls {
        if let Some(operation) = &call.operation {
            let end = End {
                status: call.status,
                code: call.code.clone(),
            };
            seen.entry(operation).or_default().insert(end);
        }
    }
    let none = BTreeSet::new();
    let of_operations = operations.iter().flat_map(|(operation, promised)| {
        let seen = seen.get(operation.as_str()).unwrap_or(&none);
        let never = promised
            .difference(seen)
            .filter(|end| !excused(operation, end));
        let never = never.map(|end| format!("never seen to end with {end}"));
        let all = lack(seen).into_iter().chain(never);
        all.map(move |complaint| format!("{operation}: {complaint}"))
            .collect::<Vec<_>>()
    });
    of_operations.collect()
}

/// An excuse that nobody needs any more hides the next promise that is not kept.
pub(crate) fn needless_excuses(operations: &Operations, calls: &[Call]) -> Vec<String> {
    let mut needless = Vec::new();
    for unseen in &UNSEEN {
        for operation in unseen.operations {
            let end = end_of(unseen);
            let promised = operations.get(*operation);
            let promised = promised.is_some_and(|ends| ends.contains(&end));
            let seen = calls.iter().any(|call| {
                call.operation.as_deref() == Some(operation)
                    && call.status == end.status
                    && call.code == end.code
            });
            if seen || !promised {
                let because = unseen.because;
                needless.push(format!("{operation} needs no excuse for {end}: {because}"));
            }
        }
    }
    needless
}

fn excused(operation: &str, end: &End) -> bool {
    let mut excuses = UNSEEN.iter();
    excuses.any(|it| it.operations.contains(&operation) && end_of(it) == *end)
}

fn end_of(unseen: &Unseen) -> End {
    End {
        status: unseen.status,
        code: Some(unseen.code.to_owned()),
    }
}

fn is_success(end: &End) -> bool {
    (200..300).contains(&end.status)
}

/// A redirect proves nothing about the operation.
fn counts(end: &End) -> bool {
    is_success(end) || end.status == 304 || end.status >= 400
}

fn lack(ends: &BTreeSet<End>) -> Option<String> {
    if ends.is_empty() {
        return Some("never called".into());
    }
    let succeeded = ends.iter().any(is_success);
    let counting = ends.iter().filter(|end| counts(end)).count();
    let missing = OTHERS.saturating_sub(counting - usize::from(succeeded));
    let lack = match (succeeded, missing) {
        (true, 0) => return None,
        (true, missing) => format!("{missing} more refusal(s) or edge case(s)"),
        (false, 0) => "a success".into(),
        (false, missing) => format!("a success and {missing} more refusal(s) or edge case(s)"),
    };
    let seen: Vec<_> = ends.iter().map(End::to_string).collect();
    Some(format!("lacks {lack}; seen: {}", seen.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One operation, and how the document says that it can end.
    fn promising(ends: &[(u16, Option<&str>)]) -> Operations {
        let ends = ends.iter().map(|&(status, code)| End {
            status,
            code: code.map(Into::into),
        });
        Operations::from([("createUser".into(), ends.collect())])
    }

    fn judged(ends: &[(u16, Option<&str>)]) -> Vec<String> {
        let calls: Vec<_> = ends
            .iter()
            .map(|&(status, code)| Call {
                operation: Some("createUser".into()),
                status,
                code: code.map(Into::into),
            })
            .collect();
        complaints(&promising(&[]), &calls)
    }

    #[test]
    fn a_success_and_two_refusals_are_enough() {
        let none = judged(&[
            (201, None),
            (409, Some("email_taken")),
            (422, Some("invalid")),
        ]);

        assert_eq!(none, [""; 0]);
    }

    #[test]
    fn the_same_status_with_another_code_is_another_refusal() {
        let none = judged(&[
            (201, None),
            (409, Some("email_taken")),
            (409, Some("too_many")),
        ]);

        assert_eq!(none, [""; 0]);
    }

    #[test]
    fn not_modified_and_a_second_kind_of_success_are_edge_cases() {
        assert_eq!(judged(&[(200, None), (204, None), (304, None)]), [""; 0]);
    }

    #[test]
    fn the_same_end_twice_counts_once() {
        let complaints = judged(&[
            (201, None),
            (201, None),
            (409, Some("email_taken")),
            (409, Some("email_taken")),
        ]);

        assert_eq!(
            complaints,
            ["createUser: lacks 1 more refusal(s) or edge case(s); seen: 201, 409 email_taken"]
        );
    }

    #[test]
    fn refusals_alone_prove_no_success() {
        let complaints = judged(&[(401, Some("token_missing")), (409, Some("email_taken"))]);

        assert_eq!(
            complaints,
            ["createUser: lacks a success; seen: 401 token_missing, 409 email_taken"]
        );
    }

    #[test]
    fn a_redirect_counts_for_nothing() {
        let complaints = judged(&[(303, None)]);

        assert_eq!(
            complaints,
            ["createUser: lacks a success and 2 more refusal(s) or edge case(s); seen: 303"]
        );
    }

    #[test]
    fn an_operation_that_nobody_called_is_named() {
        assert_eq!(judged(&[]), ["createUser: never called"]);
    }

    #[test]
    fn calls_of_no_operation_and_of_others_do_not_help() {
        let other = |operation: Option<&str>| Call {
            operation: operation.map(Into::into),
            status: 404,
            code: Some("not_found".into()),
        };

        let complaints = complaints(&promising(&[]), &[other(None), other(Some("showUser"))]);

        assert_eq!(complaints, ["createUser: never called"]);
    }

    #[test]
    fn a_promise_that_no_test_saw_kept_is_named() {
        let ended = |status, code: Option<&str>| Call {
            operation: Some("createUser".into()),
            status,
            code: code.map(Into::into),
        };
        let calls = [
            ended(201, None),
            ended(409, Some("email_taken")),
            ended(422, Some("invalid")),
        ];
        let operations = promising(&[
            (201, None),
            (409, Some("email_taken")),
            (413, Some("too_large")),
        ]);

        let complaints = complaints(&operations, &calls);

        assert_eq!(
            complaints,
            ["createUser: never seen to end with 413 too_large"]
        );
    }

    #[test]
    fn an_excuse_for_what_was_seen_is_needless() {
        let end = end_of(&UNSEEN[0]);
        let operation = UNSEEN[0].operations[0];
        let operations = Operations::from([(operation.into(), BTreeSet::from([end.clone()]))]);
        let call = Call {
            operation: Some(operation.into()),
            status: end.status,
            code: end.code,
        };
        let named = |calls: &[Call]| {
            let all = needless_excuses(&operations, calls);
            let about = format!("{operation} needs no excuse for {}", end_of(&UNSEEN[0]));
            all.iter().any(|it| it.starts_with(&about))
        };

        assert!(!named(&[]));
        assert!(named(&[call]));
    }
}
