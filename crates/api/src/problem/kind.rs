use std::fmt;

/// One kind of problem. `code` is for programs and never changes; `title` and `meaning` are for people.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    /// What has happened, and what a client should do about it.
    pub(crate) meaning: &'static str,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.code, self.title)
    }
}

/// Defines kinds, and lists them for the catalogue: so that none is missing there.
macro_rules! kinds {
    ($( $name:ident = $status:literal $code:literal, $title:literal, $meaning:literal; )*) => {
        $( pub(crate) const $name: $crate::problem::Kind = $crate::problem::Kind {
            status: $status,
            code: $code,
            title: $title,
            meaning: $meaning,
        }; )*
        pub(crate) const KINDS: &[&$crate::problem::Kind] = &[$( &$name ),*];
    };
}
pub(crate) use kinds;
