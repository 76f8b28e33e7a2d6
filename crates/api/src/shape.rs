//! How single values look in the document, with the limits that they are judged by.

use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};

/// What the document says about a text.
pub(crate) struct Text {
    pub(crate) meaning: &'static str,
    /// In characters, as the most.
    pub(crate) lengths: (usize, usize),
    /// Of ECMA-262, with the flag `u`.
    pub(crate) pattern: Option<&'static str>,
    pub(crate) format: Option<&'static str>,
    pub(crate) example: Option<&'static str>,
}

impl From<Text> for RefOr<Schema> {
    fn from(text: Text) -> Self {
        let format = text.format.map(|it| SchemaFormat::Custom(it.to_owned()));
        let (least, most) = text.lengths;
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(text.meaning))
            .format(format)
            .min_length(Some(least))
            .max_length(Some(most))
            .pattern(text.pattern)
            .examples(text.example)
            .into()
    }
}

/// Gives a type of the document alone its name and its looks.
macro_rules! shape {
    ($type:ident, $name:literal, $schema:expr) => {
        pub(crate) struct $type;

        impl utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $schema.into()
            }
        }

        impl utoipa::ToSchema for $type {
            fn name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
        }
    };
}
pub(crate) use shape;
