//! `migrations.lock`: a line for each migration, with the hash of its code and a link that covers this line and all
//! before it. Two branches that both append a line conflict in git; where both lines were kept, the links tell.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter, Write};

use sha2::{Digest, Sha256};

use crate::Fault;

#[derive(Debug, Default)]
pub(crate) struct Chain {
    pub(crate) lines: Vec<Line>,
    /// What is wrong with the text alone.
    faults: Vec<Fault>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) hash: String,
    pub(crate) link: String,
}

impl Line {
    /// One that follows `before`; the first follows nothing.
    pub(crate) fn after(before: Option<&Self>, name: &str, hash: &str) -> Self {
        let parent = before.map_or("", |it| it.link.as_str());
        let link = short(Sha256::digest(format!("{parent} {name} {hash}")));
        Self {
            name: name.to_owned(),
            hash: hash.to_owned(),
            link,
        }
    }

    pub(crate) fn follows(&self, before: Option<&Self>) -> bool {
        *self == Self::after(before, &self.name, &self.hash)
    }
}

impl Display for Line {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {} {}", self.name, self.hash, self.link)
    }
}

impl Chain {
    pub(crate) fn parse(text: &str) -> Self {
        let mut chain = Self::default();
        for (number, text) in (1..).zip(text.lines()) {
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let parts: Vec<_> = text.split_whitespace().collect();
            let [name, hash, link] = parts[..] else {
                chain.faults.push(Fault::Unreadable(number));
                continue;
            };
            chain.lines.push(Line {
                name: name.to_owned(),
                hash: hash.to_owned(),
                link: link.to_owned(),
            });
        }
        chain.judge_links();
        chain
    }

    pub(crate) fn hash_of(&self, name: &str) -> Option<&str> {
        let line = self.lines.iter().find(|it| it.name == name);
        line.map(|it| it.hash.as_str())
    }

    /// Of the text, and of the migrations that the program really has.
    pub(crate) fn faults(&self, names: &[&str]) -> Vec<Fault> {
        let mut faults = self.faults.clone();
        let sealed: Vec<_> = self.lines.iter().map(|it| it.name.as_str()).collect();
        let has: BTreeSet<_> = sealed.iter().collect();
        let wanted: BTreeSet<_> = names.iter().collect();
        let owned = |it: &&str| (*it).to_owned();
        faults.extend(has.difference(&wanted).map(|it| Fault::Missing(owned(it))));
        let unsealed = names.iter().filter(|it| !has.contains(it));
        faults.extend(unsealed.map(|it| Fault::Unsealed(owned(it))));
        let listed = names.iter().filter(|it| has.contains(it));
        let kept = sealed.iter().filter(|it| wanted.contains(it));
        if let Some((name, _)) = listed.zip(kept).find(|(one, other)| one != other) {
            faults.push(Fault::Misplaced(owned(name)));
        }
        faults
    }

    /// Those that nothing follows: more than one where two branches were not put in order.
    pub(crate) fn heads(&self) -> Vec<&str> {
        let parents: BTreeSet<_> = (0..self.lines.len())
            .filter_map(|at| self.parent(at))
            .collect();
        let heads = (0..self.lines.len()).filter(|at| !parents.contains(&(at + 1)));
        heads.map(|at| self.lines[at].name.as_str()).collect()
    }

    fn judge_links(&mut self) {
        for at in 0..self.lines.len() {
            let name = self.lines[at].name.clone();
            match self.parent(at) {
                Some(parent) if parent == at => {}
                Some(parent) => self.faults.push(Fault::Fork {
                    one: self.lines[parent].name.clone(),
                    other: name,
                }),
                None => self.faults.push(Fault::Unlinked(name)),
            }
        }
    }

    /// After how many lines this one was written, if it was after one of those before it.
    fn parent(&self, at: usize) -> Option<usize> {
        let before = |count: &usize| count.checked_sub(1).map(|last| &self.lines[last]);
        (0..=at)
            .rev()
            .find(|count| self.lines[at].follows(before(count)))
    }
}

/// Half of it, in hexadecimal: nobody attacks their own migrations, and lines should fit.
pub(crate) fn short(digest: impl AsRef<[u8]>) -> String {
    let mut text = String::new();
    for byte in &digest.as_ref()[..16] {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: &[&Line]) -> String {
        let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
        lines.concat()
    }

    #[test]
    fn lines_that_follow_each_other_are_a_chain_with_one_head() {
        let first = Line::after(None, "m1", "a");
        let second = Line::after(Some(&first), "m2", "b");

        let chain = Chain::parse(&format!("# a comment\n\n{}", text(&[&first, &second])));

        assert_eq!(chain.faults(&["m1", "m2"]), []);
        assert_eq!(chain.heads(), ["m2"]);
        assert_eq!(chain.hash_of("m2"), Some("b"));
    }

    #[test]
    fn two_branches_that_both_appended_are_both_named() {
        let first = Line::after(None, "m1", "a");
        let mine = Line::after(Some(&first), "m2_mine", "b");
        let theirs = Line::after(Some(&first), "m2_theirs", "c");

        let chain = Chain::parse(&text(&[&first, &mine, &theirs]));

        let fork = Fault::Fork {
            one: "m2_mine".to_owned(),
            other: "m2_theirs".to_owned(),
        };
        assert_eq!(chain.faults(&["m1", "m2_mine", "m2_theirs"]), [fork]);
        assert_eq!(chain.heads(), ["m2_mine", "m2_theirs"]);
    }

    #[test]
    fn a_line_that_was_changed_by_hand_is_named() {
        let first = Line::after(None, "m1", "a");
        let mut second = Line::after(Some(&first), "m2", "b");
        second.hash = "c".to_owned();

        let chain = Chain::parse(&text(&[&first, &second]));

        let unlinked = Fault::Unlinked("m2".to_owned());
        assert_eq!(chain.faults(&["m1", "m2"]), [unlinked]);
    }

    #[test]
    fn the_marks_of_a_conflict_are_no_lines() {
        let first = Line::after(None, "m1", "a");

        let chain = Chain::parse(&format!("{}<<<<<<< HEAD\n", text(&[&first])));

        assert_eq!(chain.faults(&["m1"]), [Fault::Unreadable(2)]);
    }

    #[test]
    fn what_only_one_of_lock_and_program_has_is_named() {
        let first = Line::after(None, "m1", "a");
        let second = Line::after(Some(&first), "m2", "b");
        let chain = Chain::parse(&text(&[&first, &second]));

        let missing = Fault::Missing("m2".to_owned());
        let unsealed = Fault::Unsealed("m3".to_owned());
        assert_eq!(chain.faults(&["m1", "m3"]), [missing, unsealed]);
        let misplaced = Fault::Misplaced("m2".to_owned());
        assert_eq!(chain.faults(&["m2", "m1"]), [misplaced]);
    }
}
