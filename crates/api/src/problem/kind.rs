use std::fmt;

/// One kind of problem. `code` is for programs and never changes; `title` and `meaning` are for people.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    /// What has happened, and what a client should do about it.
    pub(crate) meaning: &'static str,
    pub(crate) form: Form,
}

/// What its answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// RFC 9457.
    Problem,
    /// RFC 6749, section 5.2.
    OAuth,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.code, self.title)
    }
}

/// Defines kinds, and lists them for the catalogue: so that none is missing there. After `OAuth:` they have that form.
macro_rules! kinds {
    (OAuth: $( $kinds:tt )*) => { $crate::problem::kinds! { @ OAuth $( $kinds )* } };
    (@ $form:ident $( $name:ident = $status:literal $code:literal, $title:literal, $meaning:literal; )*) => {
        $( pub(crate) const $name: $crate::problem::Kind = $crate::problem::Kind {
            status: $status,
            code: $code,
            title: $title,
            meaning: $meaning,
            form: $crate::problem::Form::$form,
        }; )*
        pub(crate) const KINDS: &[&$crate::problem::Kind] = &[$( &$name ),*];
    };
    ($( $kinds:tt )*) => { $crate::problem::kinds! { @ Problem $( $kinds )* } };
}
pub(crate) use kinds;
