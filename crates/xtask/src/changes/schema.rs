use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Changes, pairs, shown};

/// Who writes what the schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// The client: asking more breaks it.
    Request,
    /// The server: giving less breaks the client.
    Response,
}

/// The two documents that schemas are compared in.
pub(super) struct Schemas<'a> {
    pub(super) before: &'a Value,
    pub(super) now: &'a Value,
    pub(super) direction: Direction,
}

/// How many members deep a change is looked for.
const DEEPEST: usize = 20;

/// Limits that ask more of a value the larger they are.
const LEASTS: [&str; 3] = ["minLength", "minimum", "minItems"];
/// Limits that ask more of a value the smaller they are.
const MOSTS: [&str; 3] = ["maxLength", "maximum", "maxItems"];

impl Schemas<'_> {
    pub(super) fn compare(&self, at: &str, old: &Value, new: &Value, changes: &mut Changes) {
        // A model may hold models of its own kind.
        if at.matches('/').count() > DEEPEST {
            return;
        }
        let (old, new) = (resolve(self.before, old), resolve(self.now, new));
        let asks = self.direction == Direction::Request;
        for member in ["type", "format", "pattern", "const"] {
            if old[member] != new[member] {
                // A pattern of answers may change as long as the type stays; that an answer is told more closely breaks nobody.
                let is_kind = matches!(member, "type" | "const") && !old[member].is_null();
                let breaks = asks || is_kind;
                let (old, new) = (shown(&old[member]), shown(&new[member]));
                changes.add(breaks, format!("{at}: {member} {old} is {new} now"));
            }
        }
        for (limits, tightens) in [
            (LEASTS, (|old, new| new > old) as fn(f64, f64) -> bool),
            (MOSTS, |old, new| new < old),
        ] {
            for limit in limits {
                let (was, is) = (old[limit].as_f64(), new[limit].as_f64());
                if was != is {
                    let tighter = match (was, is) {
                        (Some(was), Some(is)) => tightens(was, is),
                        (was, _) => was.is_none(),
                    };
                    let (old, new) = (shown(&old[limit]), shown(&new[limit]));
                    changes.add(asks && tighter, format!("{at}: {limit} {old} is {new} now"));
                }
            }
        }
        self.words(at, old, new, changes);
        self.members(at, old, new, changes);
        if !old["items"].is_null() || !new["items"].is_null() {
            self.compare(&format!("{at}/*"), &old["items"], &new["items"], changes);
        }
        for combination in ["allOf", "oneOf", "anyOf"] {
            let parts = |it: &Value| it[combination].as_array().cloned().unwrap_or_default();
            let (old, new) = (parts(old), parts(new));
            if old.len() != new.len() {
                changes.add(true, format!("{at}: {combination} has other parts"));
            }
            for (old, new) in old.iter().zip(&new) {
                self.compare(at, old, new, changes);
            }
        }
    }

    fn words(&self, at: &str, old: &Value, new: &Value, changes: &mut Changes) {
        let words = |it: &Value| -> Option<BTreeSet<String>> {
            Some(it["enum"].as_array()?.iter().map(shown).collect())
        };
        let asks = self.direction == Direction::Request;
        match (words(old), words(new)) {
            (Some(old), Some(new)) => {
                for gone in old.difference(&new) {
                    changes.add(asks, format!("{at}: {gone} is no value any more"));
                }
                for added in new.difference(&old) {
                    changes.add(false, format!("{at}: {added} is a new value"));
                }
            }
            (None, Some(_)) => changes.add(asks, format!("{at}: only certain values now")),
            (Some(_), None) => changes.add(false, format!("{at}: any value now")),
            (None, None) => {}
        }
    }

    fn members(&self, at: &str, old: &Value, new: &Value, changes: &mut Changes) {
        let members = |it: &Value| it["properties"].as_object().cloned().unwrap_or_default();
        let required = |it: &Value| -> BTreeSet<String> {
            it["required"]
                .as_array()
                .into_iter()
                .flatten()
                .map(shown)
                .collect()
        };
        let (was, is) = (required(old), required(new));
        let (old, new): (Map<_, _>, Map<_, _>) = (members(old), members(new));
        let asks = self.direction == Direction::Request;
        for (name, old, new) in pairs(&old, &new) {
            let at = format!("{at}/{name}");
            match (old, new) {
                (Some(_), None) => changes.add(true, format!("{at} is gone")),
                (None, _) => {
                    let breaks = asks && is.contains(&name);
                    let kind = if is.contains(&name) {
                        "required"
                    } else {
                        "optional"
                    };
                    changes.add(breaks, format!("{at} is new, and {kind}"));
                }
                (Some(old), Some(new)) => {
                    match (was.contains(&name), is.contains(&name)) {
                        (false, true) => changes.add(asks, format!("{at} is required now")),
                        (true, false) => changes.add(!asks, format!("{at} is optional now")),
                        _ => {}
                    }
                    self.compare(&at, &old, &new, changes);
                }
            }
        }
    }
}

/// What a reference leads to; anything else is itself.
pub(super) fn resolve<'a>(document: &'a Value, it: &'a Value) -> &'a Value {
    let Some(reference) = it["$ref"].as_str() else {
        return it;
    };
    document
        .pointer(reference.trim_start_matches('#'))
        .unwrap_or(it)
}
