use super::ApiKeyError;
use crate::users::DisplayName;

/// What its owner knows a key by. It has the form of a person's name: one line, of which all can be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyName(DisplayName);

impl ApiKeyName {
    /// In code points.
    pub const MAX: usize = DisplayName::MAX;

    /// # Errors
    /// `NameInvalid` when nothing that can be seen is left after trimming, or too much, or something hidden.
    pub fn parse(text: &str) -> Result<Self, ApiKeyError> {
        let name = DisplayName::parse(text);
        name.map(Self).map_err(|_| ApiKeyError::NameInvalid)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_kept_as_written() {
        let longest = "é".repeat(ApiKeyName::MAX);

        assert_eq!(
            ApiKeyName::parse("  CI, nightly ").unwrap().as_str(),
            "CI, nightly"
        );
        assert_eq!(ApiKeyName::parse(&longest).unwrap().as_str(), longest);
    }

    #[test]
    fn a_name_of_nothing_or_of_too_much_is_refused() {
        for text in [
            "",
            "  ",
            "a\nb",
            "a\0",
            "\u{FEFF}",
            "\u{3164}",
            &"é".repeat(ApiKeyName::MAX + 1),
        ] {
            assert_eq!(
                ApiKeyName::parse(text),
                Err(ApiKeyError::NameInvalid),
                "{text:?}"
            );
        }
    }
}
