use super::UserError;
use crate::text::{is_hidden, is_visible};

/// What somebody is called: 1 to [`DisplayName::MAX`] characters on one line, trimmed, and
/// nothing that cannot be seen or that turns the text around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// In code points.
    pub const MAX: usize = 100;

    /// # Errors
    /// `DisplayNameInvalid` when nothing that can be seen is left after trimming, or too much, or something hidden.
    pub fn parse(text: &str) -> Result<Self, UserError> {
        let text = text.trim();
        let fits = text.chars().count() <= Self::MAX;
        if !fits || !is_visible(text) || text.chars().any(is_hidden) {
            return Err(UserError::DisplayNameInvalid);
        }
        Ok(Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that names are compared, sorted and searched in: letter case does not count.
    #[must_use]
    pub fn folded(&self) -> String {
        Self::fold(&self.0)
    }

    /// A part of a name in the form of [`DisplayName::folded`].
    #[must_use]
    pub fn fold(text: &str) -> String {
        // One character after the other: `str::to_lowercase` writes a sigma by what stands around
        // it, and a part ends elsewhere than the whole. By way of the capitals both sigmas are one.
        let capitals = text.chars().flat_map(char::to_uppercase);
        capitals.flat_map(char::to_lowercase).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_kept_as_written() {
        let name = DisplayName::parse("  Ada Łovelace ").unwrap();

        assert_eq!(name.as_str(), "Ada Łovelace");
        assert_eq!(name.folded(), "ada łovelace");
    }

    #[test]
    fn the_longest_name_fits_and_one_more_character_does_not() {
        assert!(DisplayName::parse(&"é".repeat(DisplayName::MAX)).is_ok());
        assert!(DisplayName::parse(&"é".repeat(DisplayName::MAX + 1)).is_err());
    }

    #[test]
    fn a_name_of_blanks_or_of_hidden_characters_is_refused() {
        for text in [
            "",
            "  ",
            "a\0b",
            "a\nb",
            "evil\u{202E}txt",
            "a\u{200B}b",
            "a\u{FFFF}",
            "\u{3164}",
            "\u{2800} \u{FFA0}",
        ] {
            assert_eq!(
                DisplayName::parse(text),
                Err(UserError::DisplayNameInvalid),
                "{text:?}"
            );
        }
    }
}
