//! What a change of the document means to clients: it breaks them, or it only adds.
//!
//! Clients ignore members and tolerate values that they do not know, so what answers gain is additive;
//! what requests are asked for, and what answers lose, is not.

mod schema;

use std::collections::BTreeSet;
use std::fmt::Display;

use serde_json::{Map, Value};

use schema::{Direction, Schemas};

/// The changes between two documents, a line each.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) breaking: Vec<String>,
    pub(crate) additive: Vec<String>,
}

impl Changes {
    pub(crate) fn is_empty(&self) -> bool {
        self.breaking.is_empty() && self.additive.is_empty()
    }

    fn add(&mut self, breaks: bool, change: String) {
        let list = if breaks {
            &mut self.breaking
        } else {
            &mut self.additive
        };
        list.push(change);
    }
}

pub(crate) fn between(before: &Value, now: &Value) -> Changes {
    let mut changes = Changes::default();
    for (address, old, new) in pairs(&operations(before), &operations(now)) {
        match (old, new) {
            (Some(old), Some(new)) => {
                let mut pair = Pair {
                    before,
                    now,
                    at: address,
                    changes: &mut changes,
                };
                pair.operation(&old, &new);
            }
            (Some(_), None) => changes.add(true, format!("{address}: gone")),
            (None, _) => changes.add(false, format!("{address}: new")),
        }
    }
    changes
}

/// The same lines, and one for what has happened to many operations at once.
pub(crate) fn by_what(changes: &[String]) -> Vec<String> {
    let told = |line: &'_ str| line.split_once(": ").map(|(_, what)| what.to_owned());
    let mut lines = Vec::new();
    for line in changes {
        let what = told(line);
        let same = changes.iter().filter(|it| told(it) == what).count();
        let line = match what {
            Some(what) if same > FEW => format!("{same} operations: {what}"),
            _ => line.clone(),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// So many operations are named one by one.
const FEW: usize = 3;

/// One operation in both documents.
struct Pair<'a> {
    before: &'a Value,
    now: &'a Value,
    at: String,
    changes: &'a mut Changes,
}

impl Pair<'_> {
    fn operation(&mut self, old: &Value, new: &Value) {
        for (member, what) in [
            ("operationId", "operationId"),
            ("x-permission", "permission"),
        ] {
            if old[member] != new[member] {
                let (old, new) = (shown(&old[member]), shown(&new[member]));
                self.add(true, format!("{what} {old} is {new} now"));
            }
        }
        self.security(old, new);
        self.parameters(old, new);
        self.request_body(old, new);
        self.responses(old, new);
    }

    /// One of the alternatives is enough: what comes to them lets others in, what goes shuts somebody out.
    fn security(&mut self, old: &Value, new: &Value) {
        let [old, new] = [old, new].map(|it| it["security"].as_array().cloned());
        let [old, new] = [old, new].map(Option::unwrap_or_default);
        let public = serde_json::json!({});
        let alternatives = [(&old, &new), (&new, &old)];
        let [lost, gained] =
            alternatives.map(|(some, others)| some.iter().any(|it| !others.contains(it)));
        if new.contains(&public) && gained {
            self.add(false, "needs no token any more");
        } else if old.contains(&public) && lost {
            self.add(true, "needs a token now");
        } else if lost {
            self.add(true, "does not take every kind of token any more");
        } else if gained {
            self.add(false, "takes another kind of token");
        }
    }

    fn parameters(&mut self, old: &Value, new: &Value) {
        let (old, new) = (parameters(old), parameters(new));
        for (name, old, new) in pairs(&old, &new) {
            match (old, new) {
                (Some(_), None) => self.add(true, format!("{name} is gone")),
                (None, Some(new)) => {
                    let required = new["required"] == true;
                    let kind = if required { "required" } else { "optional" };
                    self.add(required, format!("{name} is new, and {kind}"));
                }
                (Some(old), Some(new)) => {
                    if old["required"] != new["required"] {
                        let required = new["required"] == true;
                        let kind = if required { "required" } else { "optional" };
                        self.add(required, format!("{name} is {kind} now"));
                    }
                    self.schema(Direction::Request, &name, &old["schema"], &new["schema"]);
                }
                (None, None) => {}
            }
        }
    }

    fn request_body(&mut self, old: &Value, new: &Value) {
        let (old, new) = (content(&old["requestBody"]), content(&new["requestBody"]));
        for (media_type, old_body, new_body) in pairs(&old, &new) {
            match (old_body, new_body) {
                (Some(_), None) => self.add(true, format!("takes no {media_type} any more")),
                // Where none was taken before, it is asked for now.
                (None, _) => self.add(old.is_empty(), format!("takes {media_type} now")),
                (Some(old), Some(new)) => {
                    self.schema(Direction::Request, "body", &old["schema"], &new["schema"]);
                }
            }
        }
    }

    fn responses(&mut self, old: &Value, new: &Value) {
        let of = |it: &Value, document: &Value| -> Map<String, Value> {
            let all = it["responses"].as_object().into_iter().flatten();
            all.map(|(status, response)| {
                (status.clone(), schema::resolve(document, response).clone())
            })
            .collect()
        };
        let (old, new) = (of(old, self.before), of(new, self.now));
        for (status, old, new) in pairs(&old, &new) {
            let succeeds = status.starts_with('2');
            match (old, new) {
                (Some(_), None) => self.add(succeeds, format!("never answers {status} any more")),
                (None, _) => self.add(false, format!("can answer {status} now")),
                (Some(old), Some(new)) => self.response(&status, &old, &new),
            }
        }
    }

    fn response(&mut self, status: &str, old: &Value, new: &Value) {
        let headers = |it: &Value| it["headers"].as_object().cloned().unwrap_or_default();
        for (name, old, new) in pairs(&headers(old), &headers(new)) {
            match (old, new) {
                (Some(_), None) => self.add(true, format!("{status} has no {name} any more")),
                (None, Some(_)) => self.add(false, format!("{status} has {name} now")),
                _ => {}
            }
        }
        for (media_type, old, new) in pairs(&content(old), &content(new)) {
            match (old, new) {
                (Some(_), None) => self.add(true, format!("{status} is no {media_type} any more")),
                (None, _) => self.add(false, format!("{status} can be {media_type} now")),
                (Some(old), Some(new)) => {
                    self.schema(Direction::Response, status, &old["schema"], &new["schema"]);
                }
            }
        }
    }

    fn schema(&mut self, direction: Direction, place: &str, old: &Value, new: &Value) {
        let schemas = Schemas {
            before: self.before,
            now: self.now,
            direction,
        };
        let mut found = Changes::default();
        schemas.compare(place, old, new, &mut found);
        for change in found.breaking {
            self.add(true, change);
        }
        for change in found.additive {
            self.add(false, change);
        }
    }

    fn add(&mut self, breaks: bool, change: impl Display) {
        self.changes.add(breaks, format!("{}: {change}", self.at));
    }
}

fn operations(document: &Value) -> Map<String, Value> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods
                .map(move |(method, it)| (format!("{} {path}", method.to_uppercase()), it.clone()))
        })
        .collect()
}

fn parameters(operation: &Value) -> Map<String, Value> {
    let all = operation["parameters"].as_array().into_iter().flatten();
    all.map(|it| {
        let name = format!("{} parameter {}", shown(&it["in"]), shown(&it["name"]));
        (name, it.clone())
    })
    .collect()
}

fn content(it: &Value) -> Map<String, Value> {
    it["content"].as_object().cloned().unwrap_or_default()
}

/// All names of both, each with what it stands for there.
fn pairs(
    before: &Map<String, Value>,
    now: &Map<String, Value>,
) -> Vec<(String, Option<Value>, Option<Value>)> {
    let names: BTreeSet<_> = before.keys().chain(now.keys()).collect();
    names
        .into_iter()
        .map(|name| {
            (
                name.clone(),
                before.get(name).cloned(),
                now.get(name).cloned(),
            )
        })
        .collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "(none)".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
