//! What is wrong with a JSON body, all of it at once.
//!
//! serde stops at the first fault. So a body that does not fit is mended where it does not, with
//! a value of another kind, and read again, until it fits: each mend is a fault to tell. Only
//! bodies that are wrong pay for this.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

use crate::problem::{Fault, FaultCode, INVALID_PARAMETER, Problem};

/// A body is told at most so many faults.
pub(super) const MAX_FAULTS: usize = 50;

pub(super) fn invalid_parameters(faults: Vec<Fault>) -> Problem {
    Problem::with_errors(&INVALID_PARAMETER, faults)
}

/// The pointer to a member of the thing at `parent` (RFC 6901, section 3).
pub(super) fn pointer(parent: &str, member: &str) -> String {
    format!("{parent}/{}", member.replace('~', "~0").replace('/', "~1"))
}

/// Every place at which the body does not fit `T`, and the body with these places mended, if that
/// can be done: for the checks that come after.
pub(super) fn misfits<T: DeserializeOwned>(
    mut value: Value,
    faults: &mut Vec<Fault>,
) -> Option<(T, Value)> {
    for _ in 0..MAX_FAULTS {
        let (at, message) = match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(mended) => return Some((mended, value)),
            Err(error) => (segments(error.path()), error.inner().to_string()),
        };
        let (at, code) = match missing_member(&message) {
            Some(member) => ([at, vec![member]].concat(), FaultCode::Missing),
            None => (at, FaultCode::WrongType),
        };
        let told = at
            .iter()
            .fold(String::new(), |parent, it| pointer(&parent, it));
        faults.push(Fault::at(told, code, explained(&message, code)));
        mend::<T>(&mut value, &at)?;
    }
    None
}

/// Puts the first value at `at` that moves the next fault elsewhere.
fn mend<T: DeserializeOwned>(value: &mut Value, at: &[String]) -> Option<()> {
    for other in [
        Value::from(""),
        Value::from(0),
        Value::from(false),
        Value::Array(Vec::new()),
        Value::Object(serde_json::Map::new()),
    ] {
        put(value, at, other)?;
        let moved = match serde_path_to_error::deserialize::<_, T>(&*value) {
            Ok(_) => true,
            Err(error) => {
                let mut there = segments(error.path());
                there.extend(missing_member(&error.inner().to_string()));
                !there.starts_with(at)
            }
        };
        if moved {
            return Some(());
        }
    }
    None
}

fn put(value: &mut Value, at: &[String], other: Value) -> Option<()> {
    let Some((last, parents)) = at.split_last() else {
        *value = other;
        return Some(());
    };
    let parent = parents.iter().try_fold(value, |it, member| match it {
        Value::Object(members) => members.get_mut(member),
        Value::Array(items) => items.get_mut(member.parse::<usize>().ok()?),
        _ => None,
    })?;
    match parent {
        Value::Object(members) => {
            members.insert(last.clone(), other);
        }
        Value::Array(items) => *items.get_mut(last.parse::<usize>().ok()?)? = other,
        _ => return None,
    }
    Some(())
}

fn segments(path: &serde_path_to_error::Path) -> Vec<String> {
    path.iter()
        .filter_map(|it| match it {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// serde's own words for an absent member: "missing field `email`".
fn missing_member(message: &str) -> Option<String> {
    let member = message.strip_prefix("missing field `")?.split('`').next()?;
    Some(member.to_owned())
}

/// serde repeats the value, which may be a password.
fn explained(message: &str, code: FaultCode) -> String {
    let expected = message.split_once("expected ").map(|(_, it)| it);
    match (code, expected) {
        (FaultCode::Missing, _) => "it is needed".to_owned(),
        // A type of ours is of no interest to the client.
        (_, Some(expected)) if expected.starts_with("struct ") => {
            "it should be an object".to_owned()
        }
        (_, Some(expected)) => format!("it should be {expected}"),
        _ => "it is of the wrong kind".to_owned(),
    }
}
