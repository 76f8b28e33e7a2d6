//! Whether the tests exercised every operation: it succeeded, and it ended in two other ways.

use std::collections::{BTreeSet, HashMap};

use crate::calls::Call;

/// How many ends other than the success each operation needs: refusals, 304, or a second kind of success.
const OTHERS: usize = 2;

/// One sentence for each operation that lacks something.
pub(crate) fn complaints(operations: &BTreeSet<String>, calls: &[Call]) -> Vec<String> {
    let mut ends: HashMap<&str, BTreeSet<End<'_>>> = HashMap::new();
    for call in calls {
        if let Some(operation) = &call.operation {
            ends.entry(operation).or_default().insert(End::of(call));
        }
    }
    let none = BTreeSet::new();
    operations
        .iter()
        .filter_map(|operation| {
            let lack = lack(ends.get(operation.as_str()).unwrap_or(&none))?;
            Some(format!("{operation}: {lack}"))
        })
        .collect()
}

/// Two calls ended the same way when status and problem code agree.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct End<'a> {
    status: u16,
    code: Option<&'a str>,
}

impl<'a> End<'a> {
    fn of(call: &'a Call) -> Self {
        Self {
            status: call.status,
            code: call.code.as_deref(),
        }
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A redirect proves nothing about the operation.
    fn counts(&self) -> bool {
        self.is_success() || self.status == 304 || self.status >= 400
    }

    fn text(&self) -> String {
        match self.code {
            Some(code) => format!("{} {code}", self.status),
            None => self.status.to_string(),
        }
    }
}

fn lack(ends: &BTreeSet<End<'_>>) -> Option<String> {
    if ends.is_empty() {
        return Some("never called".into());
    }
    let succeeded = ends.iter().any(End::is_success);
    let counting = ends.iter().filter(|end| end.counts()).count();
    let missing = OTHERS.saturating_sub(counting - usize::from(succeeded));
    let lack = match (succeeded, missing) {
        (true, 0) => return None,
        (true, missing) => format!("{missing} more refusal(s) or edge case(s)"),
        (false, 0) => "a success".into(),
        (false, missing) => format!("a success and {missing} more refusal(s) or edge case(s)"),
    };
    let seen: Vec<_> = ends.iter().map(End::text).collect();
    Some(format!("lacks {lack}; seen: {}", seen.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(ends: &[(u16, Option<&str>)]) -> Vec<String> {
        let calls: Vec<_> = ends
            .iter()
            .map(|&(status, code)| Call {
                operation: Some("createUser".into()),
                status,
                code: code.map(Into::into),
            })
            .collect();
        complaints(&BTreeSet::from(["createUser".into()]), &calls)
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
        let operations = BTreeSet::from(["createUser".into()]);

        let complaints = complaints(&operations, &[other(None), other(Some("showUser"))]);

        assert_eq!(complaints, ["createUser: never called"]);
    }
}
