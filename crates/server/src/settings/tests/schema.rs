use std::collections::BTreeSet;

use figment::Figment;

use super::super::Settings;
use super::super::kind::Kind;
use super::super::ranges::RANGES;
use super::super::schema::{DEFAULT, SECRETS, Schema};
use super::super::variables;
use super::{MASTER_KEY, Place, signing_key};

const DEVELOPMENT: &str = include_str!("../../../../../config/development.toml");
const PRODUCTION: &str = include_str!("../../../../../config/production.toml");
const DOTENV: &str = include_str!("../../../../../.env.example");

#[test]
fn the_defaults_alone_are_enough() {
    let place = Place::new();

    let loaded = place.load().unwrap();

    let schema = Schema::compiled_in().unwrap();
    let shown: Vec<_> = loaded
        .show()
        .iter()
        .map(|shown| shown.key.as_str())
        .collect();
    let keys: Vec<_> = ["environment"].into_iter().chain(schema.keys()).collect();
    assert_eq!(shown, keys);
}

/// With all keys there are settings, so every field has a key; without any one there are none, so every key has a
/// field.
#[test]
fn keys_and_fields_are_the_same() {
    let schema = Schema::compiled_in().unwrap();
    let accepted_without = |absent: &str| {
        let environment = figment::providers::Serialized::default("environment", "development");
        let entries = schema.defaults().filter(|entry| entry.key != absent);
        entries
            .fold(Figment::from(environment), Figment::merge)
            .extract::<Settings>()
            .is_ok()
    };

    assert!(accepted_without(""));
    for key in schema.keys() {
        assert!(!accepted_without(key), "{key}");
    }
}

#[test]
fn every_key_is_explained_above_it() {
    let lines: Vec<_> = DEFAULT.lines().collect();
    for pair in lines.windows(2) {
        if pair[1].contains(" = ") && !pair[1].starts_with('#') {
            assert!(pair[0].starts_with("# "), "{}", pair[1]);
        }
    }
}

#[test]
fn every_integer_has_a_range_that_its_default_is_in() {
    let schema = Schema::compiled_in().unwrap();
    let integers = schema.defaults().filter_map(|entry| {
        let value = entry.value.as_integer()?;
        Some((entry.key, value))
    });

    let mut ranged: BTreeSet<_> = RANGES.iter().map(|(key, _)| *key).collect();
    for (key, value) in integers {
        let range = RANGES.iter().find(|(known, _)| *known == key);
        assert!(
            range.is_some_and(|(_, range)| range.contains(&value)),
            "{key}"
        );
        ranged.remove(key.as_str());
    }
    assert!(ranged.is_empty(), "{ranged:?}");
}

#[test]
fn every_secret_is_a_text_of_the_schema() {
    let schema = Schema::compiled_in().unwrap();
    for secret in SECRETS {
        assert_eq!(schema.kind(secret), Some(Kind::Text), "{secret}");
    }
}

#[test]
fn the_files_of_both_environments_are_accepted() {
    Place::new()
        .file("development.toml", DEVELOPMENT)
        .load()
        .unwrap();
    Place::in_production()
        .file("production.toml", PRODUCTION)
        .load()
        .unwrap();
}

#[test]
fn what_dotenv_suggests_is_accepted() {
    let place = Place::new()
        .file("signing_key.pem", &signing_key())
        .file("master_key", MASTER_KEY);
    let folder = place.path("");
    let suggested = DOTENV
        .replace("# ASHLAR__", "ASHLAR__")
        .replace("=data/", &format!("={folder}"));
    assert!(
        suggested
            .lines()
            .any(|line| variables::key_of(line).is_some())
    );

    place.file(".env", &suggested).load().unwrap();
}
