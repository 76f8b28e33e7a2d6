//! Objects in words. What is described equally is equal.

use crate::catalog::{Action, Check, Column, Deferrable, ForeignKey, Identity, Index, Table};
use crate::difference::Severity;

/// Of a table, and told apart by what it does.
pub(crate) struct Part {
    pub(crate) name: String,
    /// What it is about: two parts of one subject are one part, changed.
    pub(crate) subject: String,
    pub(crate) definition: String,
    /// Of adding it.
    pub(crate) severity: Severity,
}

pub(crate) fn column(column: &Column) -> String {
    let Column {
        name: _,
        data_type,
        nullable,
        default,
        identity,
        generated,
        collation,
        comment,
    } = column;
    let data_type = if data_type.is_empty() {
        "without a type"
    } else {
        data_type
    };
    let null = if *nullable { "null" } else { "not null" };
    let mut words = vec![data_type.to_owned(), null.to_owned()];
    words.extend(default.as_ref().map(|it| format!("default {it}")));
    words.extend(identity.map(|it| {
        match it {
            Identity::ByDefault | Identity::Serial => "numbered by the engine",
            Identity::Always => "numbered by the engine alone",
        }
        .to_owned()
    }));
    words.extend(generated.as_ref().map(|it| {
        let kept = if it.stored { " stored" } else { "" };
        format!("generated as {}{kept}", it.expression)
    }));
    words.extend(collation.as_ref().map(|it| format!("collate {it}")));
    words.extend(comment.as_ref().map(|it| format!("comment {it:?}")));
    format!("({})", words.join(", "))
}

pub(crate) fn table(table: &Table) -> String {
    let comment = table.comment.as_ref().map(|it| format!("comment {it:?}"));
    let words: Vec<_> = table.options.iter().cloned().chain(comment).collect();
    if words.is_empty() {
        "plain".to_owned()
    } else {
        words.join(", ")
    }
}

pub(crate) fn key(columns: &[String]) -> String {
    if columns.is_empty() {
        "none".to_owned()
    } else {
        format!("({})", columns.join(", "))
    }
}

pub(crate) fn list(values: &[String]) -> String {
    let values: Vec<_> = values.iter().map(|it| format!("'{it}'")).collect();
    format!("({})", values.join(", "))
}

pub(crate) fn code(text: &str) -> String {
    let text: Vec<_> = text.split_whitespace().collect();
    format!("`{}`", text.join(" ").trim_end_matches(';'))
}

pub(crate) fn index(index: &Index) -> Part {
    let Index {
        name,
        unique,
        is_constraint: _,
        method,
        parts,
        included,
        predicate,
        nulls_not_distinct,
        deferrable,
    } = index;
    let keys: Vec<_> = parts.iter().map(index_key).collect();
    let mut definition = format!("({})", keys.join(", "));
    if *unique {
        definition.insert_str(0, "unique ");
    }
    if method != "btree" {
        definition = format!("{definition} using {method}");
    }
    if !included.is_empty() {
        definition = format!("{definition} including {}", key(included));
    }
    if *nulls_not_distinct {
        definition.push_str(" nulls not distinct");
    }
    if let Some(predicate) = predicate {
        definition = format!("{definition} where {predicate}");
    }
    definition.push_str(when(*deferrable));
    let subjects: Vec<_> = parts.iter().map(|it| it.key.text()).collect();
    Part {
        name: name.clone(),
        subject: subjects.join(","),
        definition,
        severity: if *unique {
            Severity::MayFail
        } else {
            Severity::Safe
        },
    }
}

fn index_key(part: &crate::catalog::Part) -> String {
    let mut words = vec![part.key.text().to_owned()];
    words.extend(part.collation.as_ref().map(|it| format!("collate {it}")));
    words.extend(part.operator_class.clone());
    if part.descending {
        words.push("desc".to_owned());
    }
    if part.nulls_reversed {
        let end = if part.descending { "last" } else { "first" };
        words.push(format!("nulls {end}"));
    }
    words.join(" ")
}

pub(crate) fn foreign_key(foreign_key: &ForeignKey) -> Part {
    let ForeignKey {
        name,
        columns,
        target,
        target_columns,
        on_update,
        on_delete,
        match_full,
        deferrable,
    } = foreign_key;
    let subject = format!("{} to {target} {}", key(columns), key(target_columns));
    let mut definition = subject.clone();
    for (event, action) in [("update", on_update), ("delete", on_delete)] {
        if let Some(action) = words(*action) {
            definition = format!("{definition} on {event} {action}");
        }
    }
    if *match_full {
        definition.push_str(" match full");
    }
    definition.push_str(when(*deferrable));
    Part {
        name: name.clone(),
        subject,
        definition,
        severity: Severity::MayFail,
    }
}

pub(crate) fn check(check: &Check) -> Part {
    Part {
        name: check.name.clone(),
        subject: check.expression.clone(),
        definition: code(&check.expression),
        severity: Severity::MayFail,
    }
}

fn words(action: Action) -> Option<&'static str> {
    match action {
        Action::Nothing => None,
        Action::Restrict => Some("restrict"),
        Action::Cascade => Some("cascade"),
        Action::SetNull => Some("set null"),
        Action::SetDefault => Some("set default"),
    }
}

fn when(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::InitiallyImmediate => " deferrable",
        Deferrable::InitiallyDeferred => " deferrable, initially deferred",
    }
}
