use super::ProjectError;
use crate::text::is_hidden;

/// What a project is about: at most [`ProjectDescription::MAX`] characters on any number of lines, perhaps none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectDescription(String);

impl ProjectDescription {
    /// In code points.
    pub const MAX: usize = 2_000;

    /// # Errors
    /// `DescriptionInvalid` when it is longer, or hides something.
    pub fn parse(text: &str) -> Result<Self, ProjectError> {
        let text = text.trim();
        let refused = |c: char| is_hidden(c) && !matches!(c, '\n' | '\r' | '\t');
        if text.chars().count() > Self::MAX || text.chars().any(refused) {
            return Err(ProjectError::DescriptionInvalid);
        }
        Ok(Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_nothing_at_all_are_descriptions() {
        let lines = ProjectDescription::parse(" Piers\n\tand arches\r\n").unwrap();

        assert_eq!(lines.as_str(), "Piers\n\tand arches");
        let none = ProjectDescription::parse(" \n");
        assert_eq!(none, Ok(ProjectDescription::default()));
    }

    #[test]
    fn what_is_too_long_or_hidden_is_refused() {
        for text in ["a\0b", "a\u{202E}b", &"a".repeat(2_001)] {
            let refused = ProjectDescription::parse(text);

            assert_eq!(refused, Err(ProjectError::DescriptionInvalid));
        }
    }
}
