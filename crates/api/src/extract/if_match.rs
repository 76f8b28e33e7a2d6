use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest};
use application::Expected;
use domain::Version;
use utoipa::IntoParams;

use super::faults::invalid_parameters;
use crate::problem::{Fault, FaultCode, IF_MATCH_REQUIRED, Problem};
use crate::shape::{Text, shape};

/// Which versions the client is ready to change (RFC 9110, section 13.1.1).
#[derive(IntoParams)]
#[into_params(names("If-Match"), parameter_in = Header)]
pub(crate) struct IfMatch(
    /// The `ETag` of what you have seen, or `*` for whatever there is.
    #[param(value_type = EntityTagsShape)]
    pub(crate) Expected,
);

shape!(
    EntityTagsShape,
    "EntityTags",
    Text {
        meaning: "Entity tags in double quotes, separated by commas, or `*` (RFC 9110, section 13.1.1).",
        lengths: (1, MAX_LENGTH),
        pattern: Some(r#"^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$"#),
        format: None,
        example: Some("\"1\""),
    }
);

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request).map(Self))
    }
}

fn read(request: &HttpRequest) -> Result<Expected, Problem> {
    let values: Vec<_> = request.headers().get_all(IF_MATCH).collect();
    if values.is_empty() {
        return Err(Problem::new(
            &IF_MATCH_REQUIRED,
            "send the ETag of what you have seen, so that nobody's change is lost",
        ));
    }
    let texts: Option<Vec<_>> = values.iter().map(|it| it.to_str().ok()).collect();
    // Several lines are one list (RFC 9110, section 5.3).
    let list = texts.ok_or_else(malformed)?.join(",");
    match list.trim() {
        "*" => Ok(Expected::Any),
        list if list.len() > MAX_LENGTH => Err(malformed()),
        list => {
            let tags = entity_tags(list).ok_or_else(malformed)?;
            Ok(Expected::OneOf(
                tags.into_iter().filter_map(version).collect(),
            ))
        }
    }
}

/// Nobody has seen more versions than fit in.
const MAX_LENGTH: usize = 1000;

/// A tag that was never one of ours matches nothing, nor does a weak one: the comparison is strong.
fn version(tag: &str) -> Option<Version> {
    let digits = tag.strip_prefix('"')?.strip_suffix('"')?;
    let own = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| own).map(Version)
}

fn malformed() -> Problem {
    invalid_parameters(vec![Fault::of_parameter(
        "If-Match",
        FaultCode::Invalid,
        "an entity tag stands in double quotes, several are separated by commas",
    )])
}

/// The tags of a list, with their quotes (RFC 9110, section 8.8.3); `None` when it is no such list.
pub(crate) fn entity_tags(text: &str) -> Option<Vec<&str>> {
    let mut tags = Vec::new();
    // Empty elements do not count (RFC 9110, section 5.6.1.2).
    let empty = |c: char| c == ',' || c.is_ascii_whitespace();
    let mut rest = text.trim_start_matches(empty);
    loop {
        let opaque = rest.strip_prefix("W/").unwrap_or(rest);
        let prefix = rest.len() - opaque.len();
        let inside = opaque.strip_prefix('"')?;
        let end = inside.find('"')?;
        let length = prefix + end + 2;
        tags.push(&rest[..length]);
        rest = rest[length..].trim_start();
        if rest.is_empty() {
            return Some(tags);
        }
        rest = rest.strip_prefix(',')?.trim_start_matches(empty);
        if rest.is_empty() {
            return Some(tags);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tags_is_taken_apart() {
        assert_eq!(entity_tags("\"1\""), Some(vec!["\"1\""]));
        assert_eq!(
            entity_tags(" \"1\" , W/\"a,b\",\"\" "),
            Some(vec!["\"1\"", "W/\"a,b\"", "\"\""])
        );
        assert_eq!(entity_tags(", ,\"1\",, "), Some(vec!["\"1\""]));
    }

    #[test]
    fn what_is_no_list_of_tags_is_refused() {
        for text in ["", ",", "1", "\"1", "\"1\" \"2\"", "'1'"] {
            assert_eq!(entity_tags(text), None, "{text}");
        }
    }

    #[test]
    fn only_a_strong_tag_of_ours_is_a_version() {
        assert_eq!(version("\"7\""), Some(Version(7)));
        for tag in [
            "W/\"7\"",
            "\"07\"",
            "\"+7\"",
            "\"\"",
            "\"99999999999999999999\"",
        ] {
            assert_eq!(version(tag), None, "{tag}");
        }
    }
}
