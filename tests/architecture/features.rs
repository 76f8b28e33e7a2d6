//! One feature, one folder name, fixed rooms: who has read one feature finds everything in any other.

use std::collections::BTreeSet;

use super::workspace::{folders_in, root};

/// Where the folders of features are.
const HOMES: [&str; 4] = [
    "crates/domain/src",
    "crates/application/src",
    "crates/infrastructure/src",
    "crates/api/src",
];

/// What every feature has: `{}` is its name, and one of the places is enough.
const ROOMS: [&[&str]; 13] = [
    &["crates/domain/src/{}/mod.rs"],
    &["crates/application/src/{}/ports.rs"],
    &["crates/application/src/{}/service.rs"],
    &[
        "crates/application/src/{}/tests.rs",
        "crates/application/src/{}/tests/mod.rs",
    ],
    &["crates/infrastructure/src/{}/entity.rs"],
    &["crates/infrastructure/src/{}/repository.rs"],
    &["crates/api/src/{}/dto.rs"],
    &["crates/api/src/{}/routes.rs"],
    &["crates/api/src/{}/problem.rs"],
    &["tests/api/{}.rs", "tests/api/{}/mod.rs"],
    &["tests/services/{}.rs", "tests/services/{}/mod.rs"],
    &["tests/repositories/{}.rs", "tests/repositories/{}/mod.rs"],
    &["tests/support/factories/{}.rs"],
];

/// Rooms that a feature does without, by their first place.
struct Without {
    feature: &'static str,
    rooms: &'static [&'static str],
    because: &'static str,
}

const WITHOUT: &[Without] = &[
    Without {
        feature: "audit",
        rooms: &["crates/api/src/{}/problem.rs"],
        because: "who may read it is refused nothing that others are not",
    },
    Without {
        feature: "audit",
        rooms: &["tests/support/factories/{}.rs"],
        because: "no event comes about but by what it tells of",
    },
    Without {
        feature: "credentials",
        rooms: &["tests/support/factories/{}.rs"],
        because: "a user of the tests comes with its password",
    },
    Without {
        feature: "email_changes",
        rooms: &["crates/api/src/{}/problem.rs"],
        because: "what is refused is the token, or the address: `one_time_tokens` and `users` say so",
    },
    Without {
        feature: "one_time_tokens",
        rooms: &[
            "crates/application/src/{}/service.rs",
            "crates/application/src/{}/tests.rs",
            "crates/api/src/{}/dto.rs",
            "crates/api/src/{}/routes.rs",
            "tests/api/{}.rs",
            "tests/services/{}.rs",
        ],
        because: "the outbox mails them, and features such as credentials take them",
    },
    Without {
        feature: "outbox",
        rooms: &["crates/api/src/{}/problem.rs"],
        because: "a dead letter is there or it is not",
    },
    Without {
        feature: "revocations",
        rooms: &[
            "crates/api/src/{}/dto.rs",
            "crates/api/src/{}/routes.rs",
            "crates/api/src/{}/problem.rs",
        ],
        because: "nobody asks for them: tokens are judged by them",
    },
    Without {
        feature: "revocations",
        rooms: &["tests/support/factories/{}.rs"],
        because: "the store writes one wherever something is revoked",
    },
    Without {
        feature: "signing_keys",
        rooms: &[
            "crates/api/src/{}/dto.rs",
            "crates/api/src/{}/routes.rs",
            "crates/api/src/{}/problem.rs",
        ],
        because: "servers and their command line look after them; what is published of them belongs to `sessions`",
    },
    Without {
        feature: "upkeep",
        rooms: &[
            "crates/infrastructure/src/{}/entity.rs",
            "crates/api/src/{}/dto.rs",
            "crates/api/src/{}/routes.rs",
            "crates/api/src/{}/problem.rs",
            "tests/api/{}.rs",
            "tests/support/factories/{}.rs",
        ],
        because: "it deletes rows of other features, and nobody asks for it",
    },
];

/// Folders among those of the features that are none, and what they are.
const NO_FEATURES: [(&str, &str); 7] = [
    ("crates/application/src/fakes", "ports for unit tests"),
    (
        "crates/infrastructure/src/database",
        "connections and transactions of all features",
    ),
    (
        "crates/infrastructure/src/mail",
        "templates of mail, and how it leaves",
    ),
    ("crates/api/src/document", "the OpenAPI document"),
    ("crates/api/src/extract", "what handlers are called with"),
    ("crates/api/src/meta", "what the server tells about itself"),
    (
        "crates/api/src/problem",
        "what failures of all features look like",
    ),
];

#[test]
fn every_feature_has_every_room() {
    let mut lacking = Vec::new();

    for feature in features() {
        for room in ROOMS {
            if !exists(&feature, room) && exception(&feature, room).is_none() {
                lacking.push(room[0].replace("{}", &feature));
            }
        }
    }

    assert!(lacking.is_empty(), "{lacking:#?}");
}

#[test]
fn no_exception_outlives_its_reason() {
    let features = features();
    let mut needless = Vec::new();

    for without in WITHOUT {
        for place in without.rooms {
            let room = ROOMS.into_iter().find(|room| room[0] == *place);
            let needed = room.is_some_and(|room| !exists(without.feature, room));
            if !needed || !features.contains(without.feature) {
                needless.push(place.replace("{}", without.feature));
            }
        }
    }
    for (folder, _) in NO_FEATURES {
        if !root().join(folder).is_dir() {
            needless.push(folder.to_owned());
        }
    }

    assert!(needless.is_empty(), "{needless:#?}");
}

#[test]
fn every_exception_has_a_reason() {
    let reasons = WITHOUT.iter().map(|it| it.because);

    for reason in reasons.chain(NO_FEATURES.map(|(_, reason)| reason)) {
        assert!(reason.split_whitespace().count() > 2, "{reason}");
    }
}

#[test]
fn the_features_of_the_product_are_found() {
    let features = features();

    for known in ["audit", "credentials", "roles", "sessions", "users"] {
        assert!(features.contains(known), "{features:?}");
    }
}

fn features() -> BTreeSet<String> {
    let is_feature = |folder: &str| !NO_FEATURES.iter().any(|(path, _)| *path == folder);
    let of_home = |home: &'static str| {
        let folders = folders_in(home).into_iter();
        folders.filter(move |it| is_feature(&format!("{home}/{it}")))
    };
    HOMES.into_iter().flat_map(of_home).collect()
}

fn exists(feature: &str, room: &[&str]) -> bool {
    room.iter()
        .any(|place| root().join(place.replace("{}", feature)).is_file())
}

fn exception(feature: &str, room: &[&str]) -> Option<&'static str> {
    let applies = |it: &&Without| it.feature == feature && it.rooms.contains(&room[0]);
    WITHOUT.iter().find(applies).map(|it| it.because)
}
