use domain::Version;

use crate::{Expected, StoreError};

#[test]
fn whoever_expects_any_version_is_content_with_each() {
    for version in [Version::FIRST, Version(7), Version(i64::MAX)] {
        assert_eq!(Expected::Any.admits(version), Ok(()));
    }
}

#[test]
fn one_of_several_versions_is_enough() {
    let expected = Expected::OneOf(vec![Version(2), Version(5)]);

    assert_eq!(expected.admits(Version(2)), Ok(()));
    assert_eq!(expected.admits(Version(5)), Ok(()));
}

#[test]
fn a_version_between_or_beside_those_expected_is_stale() {
    let expected = Expected::OneOf(vec![Version(2), Version(5)]);

    for version in [Version(1), Version(3), Version(6)] {
        assert_eq!(expected.admits(version), Err(StoreError::Stale));
    }
}

#[test]
fn whoever_expects_no_version_finds_each_stale() {
    let expected = Expected::OneOf(vec![]);

    assert_eq!(expected.admits(Version::FIRST), Err(StoreError::Stale));
}
