//! The code of all engines in one: what is the same for all stands once.

use sea_orm::DbBackend;

pub(super) struct Blocks(Vec<Block>);

#[derive(Clone)]
enum Block {
    All(String),
    /// Each engine's own.
    Each(Vec<(DbBackend, Vec<String>)>),
}

impl Blocks {
    pub(super) fn of(mut engines: Vec<(DbBackend, Vec<String>)>) -> Self {
        let mut blocks = Vec::new();
        match engines.len() {
            0 => {}
            1 => {
                let (_, only) = engines.remove(0);
                blocks.extend(only.into_iter().map(Block::All));
            }
            _ => {
                let (one, other) = (&engines[0], &engines[1]);
                let (mut at, mut at_other) = (0, 0);
                for (same, same_other) in common(&one.1, &other.1) {
                    let own = vec![
                        (one.0, one.1[at..same].to_vec()),
                        (other.0, other.1[at_other..same_other].to_vec()),
                    ];
                    push(&mut blocks, own);
                    blocks.push(Block::All(one.1[same].clone()));
                    (at, at_other) = (same + 1, same_other + 1);
                }
                let rest = vec![
                    (one.0, one.1[at..].to_vec()),
                    (other.0, other.1[at_other..].to_vec()),
                ];
                push(&mut blocks, rest);
            }
        }
        Self(blocks)
    }

    pub(super) fn is_divided(&self) -> bool {
        self.0.iter().any(|it| matches!(it, Block::Each(_)))
    }
}

fn push(blocks: &mut Vec<Block>, mut own: Vec<(DbBackend, Vec<String>)>) {
    own.retain(|(_, blocks)| !blocks.is_empty());
    if !own.is_empty() {
        blocks.push(Block::Each(own));
    }
}

/// Where the longest common subsequence stands in both.
fn common(one: &[String], other: &[String]) -> Vec<(usize, usize)> {
    let mut lengths = vec![vec![0_usize; other.len() + 1]; one.len() + 1];
    for (at, left) in one.iter().enumerate().rev() {
        for (at_other, right) in other.iter().enumerate().rev() {
            lengths[at][at_other] = if left == right {
                lengths[at + 1][at_other + 1] + 1
            } else {
                lengths[at + 1][at_other].max(lengths[at][at_other + 1])
            };
        }
    }
    let (mut at, mut at_other) = (0, 0);
    let mut pairs = Vec::new();
    while at < one.len() && at_other < other.len() {
        if one[at] == other[at_other] {
            pairs.push((at, at_other));
            (at, at_other) = (at + 1, at_other + 1);
        } else if lengths[at + 1][at_other] >= lengths[at][at_other + 1] {
            at += 1;
        } else {
            at_other += 1;
        }
    }
    pairs
}

impl Block {
    /// Itself, or one for each piece of what an engine does alone.
    fn in_pieces(&self) -> Vec<Self> {
        match self {
            Self::Each(own) if lines(&self.code()) > MOST_LINES => {
                let pieces = own.iter().flat_map(|(engine, blocks)| {
                    let pieces = parts(blocks.iter().map(|it| format!("{it}\n")).collect());
                    pieces
                        .into_iter()
                        .map(|it| Self::Each(vec![(*engine, vec![it])]))
                });
                pieces.collect()
            }
            other => vec![other.clone()],
        }
    }

    fn code(&self) -> String {
        match self {
            Self::All(code) => format!("{code}\n"),
            Self::Each(own) => match own.as_slice() {
                [(engine, blocks)] => format!(
                    "if manager.get_database_backend() == DbBackend::{engine:?} {{\n{}\n}}\n",
                    blocks.join("\n")
                ),
                [(engine, blocks), (_, others), ..] => format!(
                    "if manager.get_database_backend() == DbBackend::{engine:?} {{\n{}\n}} else {{\n{}\n}}\n",
                    blocks.join("\n"),
                    others.join("\n")
                ),
                [] => String::new(),
            },
        }
    }
}

/// Of a function that is still read at a glance; clippy's own limit is a hundred.
const MOST_LINES: usize = 70;

/// The function of the trait, and those that it calls where it would be too long.
pub(super) fn function(name: &str, blocks: &Blocks) -> (String, String) {
    let signature = format!("async fn {name}(&self, manager: &SchemaManager) -> Result<(), DbErr>");
    let blocks = blocks.0.iter().flat_map(Block::in_pieces);
    let blocks: Vec<_> = blocks.map(|it| it.code()).collect();
    if blocks.is_empty() {
        let signature = signature.replace("manager:", "_manager:");
        return (format!("{signature} {{\nOk(())\n}}\n"), String::new());
    }
    let parts = parts(blocks);
    if let [only] = parts.as_slice() {
        return (format!("{signature} {{\n{only}Ok(())\n}}\n"), String::new());
    }
    let (mut calls, mut functions) = (Vec::new(), Vec::new());
    for (number, part) in (1..).zip(&parts) {
        calls.push(format!("{name}_{number}(manager).await?;\n"));
        functions.push(format!(
            "\nasync fn {name}_{number}(manager: &SchemaManager<'_>) -> Result<(), DbErr> {{\n{part}Ok(())\n}}\n"
        ));
    }
    let body = format!("{signature} {{\n{}Ok(())\n}}\n", calls.concat());
    (body, functions.concat())
}

fn parts(blocks: Vec<String>) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for block in blocks {
        match parts.last_mut() {
            Some(part) if lines(part) + lines(&block) <= MOST_LINES => part.push_str(&block),
            _ => parts.push(block),
        }
    }
    parts
}

/// At least as many as it has when it is formatted, when calls take a line each.
fn lines(code: &str) -> usize {
    code.lines().count() + code.matches(").").count() + 1
}
