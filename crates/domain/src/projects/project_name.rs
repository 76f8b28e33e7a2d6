use super::ProjectError;
use crate::text::{is_hidden, is_visible};

/// What a project is called: 1 to [`ProjectName::MAX`] characters on one line, trimmed. Others may have the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectName(String);

impl ProjectName {
    /// In code points.
    pub const MAX: usize = 100;

    /// # Errors
    /// `NameInvalid` when nothing that can be seen is left after trimming, or too much, or something hidden.
    pub fn parse(text: &str) -> Result<Self, ProjectError> {
        let text = text.trim();
        let fits = text.chars().count() <= Self::MAX;
        if !fits || !is_visible(text) || text.chars().any(is_hidden) {
            return Err(ProjectError::NameInvalid);
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
    fn a_name_is_trimmed_and_as_long_as_it_may_be() {
        assert_eq!(ProjectName::parse(" Bridge ").unwrap().as_str(), "Bridge");
        assert!(ProjectName::parse(&"é".repeat(ProjectName::MAX)).is_ok());
    }

    #[test]
    fn nothing_too_much_and_what_is_hidden_is_no_name() {
        for text in ["", " ", "\u{3164}", "a\nb", "a\u{202E}b", &"a".repeat(101)] {
            let refused = ProjectName::parse(text);

            assert_eq!(refused, Err(ProjectError::NameInvalid), "{text:?}");
        }
    }
}
