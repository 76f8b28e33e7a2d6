use std::fmt;

use thiserror::Error;

/// What a role is called, for good: 1 to [`RoleName::MAX`] of `a-z`, `0-9`, `-` and `_`, from a
/// letter on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleName(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a role's name has 1 to 50 of a-z, 0-9, - and _ and begins with a letter")]
pub struct RoleInvalid;

impl RoleName {
    pub const MAX: usize = 50;

    /// # Errors
    /// `RoleInvalid` when it has another form.
    pub fn parse(text: &str) -> Result<Self, RoleInvalid> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b);
        let fits = text.len() <= Self::MAX && text.bytes().all(allowed);
        if !fits || !text.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(RoleInvalid);
        }
        Ok(Self(text.to_owned()))
    }

    /// The built-in role with every permission. Somebody active has to hold it, always.
    #[must_use]
    pub fn administrator() -> Self {
        Self("administrator".to_owned())
    }

    /// The built-in role that everybody begins with.
    #[must_use]
    pub fn member() -> Self {
        Self("member".to_owned())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_names_have_the_form_of_a_name() {
        for name in [RoleName::administrator(), RoleName::member()] {
            assert_eq!(RoleName::parse(name.as_str()), Ok(name));
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in ["", "Admin", "1st", "a b", "a,b", "ä", &"a".repeat(51)] {
            assert_eq!(RoleName::parse(text), Err(RoleInvalid), "{text:?}");
        }
    }
}
