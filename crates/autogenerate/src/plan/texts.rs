//! Views and triggers: they go before what they speak of changes, and come back after it.

use std::collections::BTreeSet;

use super::diff::Changes;
use super::operation::Operation;
use super::order::{in_order, mentions};

pub(crate) struct Texts {
    pub before: Vec<Operation>,
    pub after: Vec<Operation>,
}

/// `disturbs` says whether one that is kept cannot stay while its tables change.
pub(crate) fn texts(changes: &Changes<'_>, disturbs: impl Fn(&str) -> bool) -> Texts {
    let mut dropped = changes.views.dropped.clone();
    let mut created = changes.views.created.clone();
    let mut kept = changes.views.kept.clone();
    loop {
        let goes = |(_, text): &(&str, &str)| {
            disturbs(text) || dropped.iter().any(|(name, _)| mentions(text, name))
        };
        let (more, stay): (Vec<_>, Vec<_>) = kept.into_iter().partition(goes);
        kept = stay;
        if more.is_empty() {
            break;
        }
        dropped.extend(&more);
        created.extend(more);
    }
    let mut before = triggers_before(changes, &dropped, &disturbs);
    let mut after = Vec::new();
    for (name, text) in sorted(&dropped).into_iter().rev() {
        before.push(Operation::DropView {
            name: name.to_owned(),
            definition: text.to_owned(),
        });
    }
    for (name, text) in sorted(&created) {
        after.push(Operation::CreateView {
            name: name.to_owned(),
            definition: text.to_owned(),
        });
    }
    let gone: BTreeSet<_> = before.iter().filter_map(trigger).collect();
    let kept = changes.triggers.kept.iter();
    let back = kept.filter(|(name, _)| gone.contains(*name));
    for (name, text) in changes.triggers.created.iter().chain(back) {
        let (table, trigger) = split(name);
        after.push(Operation::CreateTrigger {
            table: table.to_owned(),
            name: trigger.to_owned(),
            definition: (*text).to_owned(),
        });
    }
    Texts { before, after }
}

fn triggers_before(
    changes: &Changes<'_>,
    views: &[(&str, &str)],
    disturbs: &impl Fn(&str) -> bool,
) -> Vec<Operation> {
    let goes = |text: &str| disturbs(text) || views.iter().any(|(name, _)| mentions(text, name));
    let kept = changes.triggers.kept.iter().filter(|(_, text)| goes(text));
    let all = changes.triggers.dropped.iter().chain(kept);
    let drop = |(name, _): &(&str, &str)| {
        let (table, name) = split(name);
        Operation::DropTrigger {
            table: table.to_owned(),
            name: name.to_owned(),
        }
    };
    all.map(drop).collect()
}

fn trigger(operation: &Operation) -> Option<String> {
    match operation {
        Operation::DropTrigger { table, name } => Some(format!("{table}.{name}")),
        _ => None,
    }
}

/// `table.trigger`
fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or(("", name))
}

/// Those first that others speak of.
fn sorted<'a>(views: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let names: Vec<_> = views.iter().map(|(name, _)| *name).collect();
    let text = |name: &str| {
        views
            .iter()
            .find(|(it, _)| *it == name)
            .map(|(_, text)| *text)
    };
    let needs = |name: &str| -> Vec<&'a str> {
        let text = text(name).unwrap_or_default();
        names
            .iter()
            .copied()
            .filter(|it| *it != name && mentions(text, it))
            .collect()
    };
    let sorted = in_order(&names, needs).into_iter();
    sorted
        .map(|name| (name, text(name).unwrap_or_default()))
        .collect()
}
