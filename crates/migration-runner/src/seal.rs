//! For developers: writes `migrations.lock`, and tells whether it is current.

use std::io;
use std::path::Path;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use sea_orm_migration::MigratorTrait;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::Fault;
use crate::chain::{Chain, Line, short};

/// The file of one migration.
#[derive(Debug, Clone)]
pub struct Source {
    pub name: String,
    pub code: String,
}

#[derive(Debug, Error)]
pub enum SealError {
    #[error("{path} cannot be read: {cause}")]
    File { path: String, cause: io::Error },
    #[error("{0} is no Rust that can be read")]
    Syntax(String),
    #[error(
        "{0} was edited after it was sealed, and databases that have it would be refused. Undo it and write a new \
         migration; or, when it is applied nowhere that matters, seal it by its name"
    )]
    Edited(String),
    #[error("there is no migration {0}")]
    NoSuch(String),
    #[error(transparent)]
    Broken(#[from] Fault),
}

/// The files of all migrations, in the order in which they are listed: `<folder>/<name>.rs`.
///
/// # Errors
/// When one cannot be read.
#[expect(
    clippy::disallowed_methods,
    reason = "runs on a developer's machine, and has nothing else to do"
)]
pub fn sources<M: MigratorTrait>(folder: &Path) -> Result<Vec<Source>, SealError> {
    let source = |name: &str| {
        let path = folder.join(format!("{name}.rs"));
        let code = std::fs::read_to_string(&path).map_err(|cause| SealError::File {
            path: path.display().to_string(),
            cause,
        })?;
        Ok(Source {
            name: name.to_owned(),
            code,
        })
    };
    M::migrations().iter().map(|it| source(it.name())).collect()
}

/// The lock with a line for every migration: those that it lacks are appended. Of those that it has, only the
/// `accepted` may have been edited.
///
/// # Errors
/// When another one was edited, or the lock is not the beginning of the list of migrations.
pub fn seal(lock: &str, sources: &[Source], accepted: &[String]) -> Result<String, SealError> {
    let known = |name: &&String| sources.iter().any(|it| it.name == **name);
    if let Some(name) = accepted.iter().find(|it| !known(it)) {
        return Err(SealError::NoSuch(name.clone()));
    }
    let chain = Chain::parse(lock);
    let names: Vec<_> = sources.iter().map(|it| it.name.as_str()).collect();
    let is_new = |it: &Fault| matches!(it, Fault::Unsealed(_));
    if let Some(fault) = chain.faults(&names).into_iter().find(|it| !is_new(it)) {
        return Err(fault.into());
    }
    for (line, source) in chain.lines.iter().zip(sources) {
        if line.name != source.name {
            return Err(Fault::Misplaced(source.name.clone()).into());
        }
    }
    write(&chain, sources, accepted)
}

/// The lock written anew from the first line on that does not agree with the list of migrations: after a merge, when
/// two branches both had appended, and as long as what comes later on the list is applied nowhere. Databases where it
/// is applied say that the other is late.
///
/// # Errors
/// When a migration was edited.
pub fn rebase(lock: &str, sources: &[Source]) -> Result<String, SealError> {
    write(&Chain::parse(lock), sources, &[])
}

/// What keeps the lock from being that of these files, all of it: nothing where [`seal`] has nothing to do.
///
/// # Errors
/// When a file is no Rust that can be read.
pub fn faults(lock: &str, sources: &[Source]) -> Result<Vec<SealError>, SealError> {
    let chain = Chain::parse(lock);
    let names: Vec<_> = sources.iter().map(|it| it.name.as_str()).collect();
    let broken = chain.faults(&names).into_iter();
    let mut faults: Vec<_> = broken.map(SealError::Broken).collect();
    for source in sources {
        if is_edited(&chain, source, &hash(source)?) {
            faults.push(SealError::Edited(source.name.clone()));
        }
    }
    Ok(faults)
}

fn is_edited(chain: &Chain, source: &Source, hash: &str) -> bool {
    let sealed = chain.hash_of(&source.name);
    sealed.is_some_and(|it| it != hash)
}

fn write(chain: &Chain, sources: &[Source], accepted: &[String]) -> Result<String, SealError> {
    let mut lines: Vec<Line> = Vec::new();
    for source in sources {
        let hash = hash(source)?;
        if is_edited(chain, source, &hash) && !accepted.contains(&source.name) {
            return Err(SealError::Edited(source.name.clone()));
        }
        lines.push(Line::after(lines.last(), &source.name, &hash));
    }
    let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
    Ok(HEAD.to_owned() + &lines.concat())
}

const HEAD: &str = "\
# A line for each migration: its name, the hash of its code, and a link that covers all lines up to this one.
# Written by a program. After a merge conflict keep the lines of both sides, and rebase.
";

/// Of its tokens: comments, blanks, line breaks and the commas before a closing bracket do not count.
fn hash(source: &Source) -> Result<String, SealError> {
    let code: TokenStream = source
        .code
        .parse()
        .map_err(|_| SealError::Syntax(source.name.clone()))?;
    let mut hash = Sha256::new();
    feed(code, &mut hash);
    Ok(short(hash.finalize()))
}

fn feed(code: TokenStream, hash: &mut Sha256) {
    let tokens: Vec<_> = code.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if let Some(length) = documentation(&tokens[at..]) {
            at += length;
            continue;
        }
        at += 1;
        match token {
            TokenTree::Group(group) => {
                let (open, close) = brackets(group);
                hash.update(open);
                feed(group.stream(), hash);
                hash.update(close);
            }
            TokenTree::Punct(it) if it.as_char() == ',' && at == tokens.len() => {}
            other => {
                hash.update(other.to_string());
                // No token holds one, so that `a b` is not `ab`.
                hash.update([0]);
            }
        }
    }
}

/// How many tokens a doc comment takes, if there is one: `#[doc = ".."]`, or `#![doc = ".."]` for what it is in.
fn documentation(tokens: &[TokenTree]) -> Option<usize> {
    let is =
        |token: &TokenTree, sign| matches!(token, TokenTree::Punct(it) if it.as_char() == sign);
    let is_doc = |token: &TokenTree| {
        let TokenTree::Group(group) = token else {
            return false;
        };
        let inside: Vec<_> = group.stream().into_iter().collect();
        matches!(&inside[..], [TokenTree::Ident(name), equals, TokenTree::Literal(_)]
            if name == "doc" && is(equals, '='))
    };
    match tokens {
        [hash, doc, ..] if is(hash, '#') && is_doc(doc) => Some(2),
        [hash, inner, doc, ..] if is(hash, '#') && is(inner, '!') && is_doc(doc) => Some(3),
        _ => None,
    }
}

fn brackets(group: &Group) -> (&'static str, &'static str) {
    match group.delimiter() {
        Delimiter::Parenthesis => ("(\0", ")\0"),
        Delimiter::Brace => ("{\0", "}\0"),
        Delimiter::Bracket => ("[\0", "]\0"),
        Delimiter::None => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, code: &str) -> Source {
        Source {
            name: name.to_owned(),
            code: code.to_owned(),
        }
    }

    fn hash_of(code: &str) -> String {
        hash(&source("m1", code)).unwrap()
    }

    const CODE: &str = "fn up() { table(\"users\", [1, 2]) }";

    #[test]
    fn formatting_and_comments_may_change() {
        let formatted = "//! Says why.\n\n/// Does it.\n#[doc = \"More.\"]\nfn up() {\n    // And how.\n    table(\n        \
                         \"users\", /* which */\n        [\n1, 2,\n],\n    )\n}\n";

        assert_eq!(hash_of(formatted), hash_of(CODE));
    }

    #[test]
    fn code_may_not_change() {
        for edited in [
            "fn up() { table(\"Users\", [1, 2]) }",
            "fn up() { table(\"users\", [12]) }",
            "fn up() { table(\"users\", (1, 2)) }",
            "fn up() { table(\"users\", [1, 2]); }",
            "fn up() { table(\"users\", [2, 1]) }",
            "#[test] fn up() { table(\"users\", [1, 2]) }",
            "fn up() { table(\"users\", [1], 2) }",
            "fn up() { tab le(\"users\", [1, 2]) }",
        ] {
            assert_ne!(hash_of(edited), hash_of(CODE), "{edited}");
        }
    }

    #[test]
    fn a_new_migration_is_appended_and_the_same_again_changes_nothing() {
        let first = [source("m1", CODE)];
        let both = [source("m1", CODE), source("m2", CODE)];

        let one = seal("", &first, &[]).unwrap();
        let two = seal(&one, &both, &[]).unwrap();

        assert!(two.starts_with(&one) && two.lines().count() == one.lines().count() + 1);
        assert_eq!(Chain::parse(&two).faults(&["m1", "m2"]), []);
        assert_eq!(seal(&two, &both, &[]).unwrap(), two);
    }

    #[test]
    fn an_edited_one_is_sealed_only_by_its_name() {
        let lock = seal("", &[source("m1", CODE), source("m2", CODE)], &[]).unwrap();
        let edited = [source("m1", "fn up() {}"), source("m2", CODE)];

        let refused = seal(&lock, &edited, &["m2".to_owned()]).unwrap_err();
        let accepted = seal(&lock, &edited, &["m1".to_owned()]).unwrap();

        assert!(matches!(refused, SealError::Edited(name) if name == "m1"));
        assert_eq!(Chain::parse(&accepted).faults(&["m1", "m2"]), []);
        let unknown = seal(&lock, &edited, &["m3".to_owned()]).unwrap_err();
        assert!(matches!(unknown, SealError::NoSuch(name) if name == "m3"));
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let sealed = [source("m1", CODE), source("m2", CODE)];
        let lock = seal("", &sealed, &[]).unwrap();
        let now = [
            source("m1", "fn up() {}"),
            source("m2", CODE),
            source("m3", CODE),
        ];

        let found = faults(&lock, &now).unwrap();

        assert!(
            matches!(&found[..], [SealError::Broken(Fault::Unsealed(new)), SealError::Edited(old)]
                if new == "m3" && old == "m1"),
            "{found:?}"
        );
        assert!(faults(&lock, &sealed).unwrap().is_empty());
    }

    #[test]
    fn a_file_that_is_gone_or_moved_is_named() {
        let lock = seal("", &[source("m1", CODE), source("m2", CODE)], &[]).unwrap();

        let gone = seal(&lock, &[source("m1", CODE)], &[]).unwrap_err();
        let between = [source("m0", CODE), source("m1", CODE), source("m2", CODE)];
        let moved = seal(&lock, &between, &[]).unwrap_err();

        assert!(gone.to_string().contains("m2"), "{gone}");
        assert!(moved.to_string().contains("m0"), "{moved}");
    }

    #[test]
    fn after_a_merge_both_branches_are_put_in_the_order_of_the_list() {
        let base = [source("m1", CODE)];
        let lock = seal("", &base, &[]).unwrap();
        let branch = |name: &str| {
            let sources = [source("m1", CODE), source(name, CODE)];
            let sealed = seal(&lock, &sources, &[]).unwrap();
            sealed.strip_prefix(&lock).unwrap().to_owned()
        };
        let merged = [source("m1", CODE), source("m2", CODE), source("m3", CODE)];
        let conflict = format!(
            "{lock}<<<<<<< HEAD\n{}=======\n{}>>>>>>> theirs\n",
            branch("m2"),
            branch("m3")
        );
        let both_kept = format!("{lock}{}{}", branch("m2"), branch("m3"));

        for text in [conflict, both_kept] {
            assert!(seal(&text, &merged, &[]).is_err(), "{text}");

            let rebased = rebase(&text, &merged).unwrap();

            assert_eq!(Chain::parse(&rebased).faults(&["m1", "m2", "m3"]), []);
            assert!(rebased.starts_with(&lock), "{rebased}");
        }
    }

    #[test]
    fn a_rebase_takes_no_edit_along() {
        let lock = seal("", &[source("m1", CODE)], &[]).unwrap();

        let refused = rebase(&lock, &[source("m1", "fn up() {}")]).unwrap_err();

        assert!(matches!(refused, SealError::Edited(_)), "{refused}");
    }

    #[test]
    fn what_is_no_rust_is_named() {
        let refused = seal("", &[source("m1", "fn up( {")], &[]).unwrap_err();

        assert!(matches!(refused, SealError::Syntax(name) if name == "m1"));
    }
}
