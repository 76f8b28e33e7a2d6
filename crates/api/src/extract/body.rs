use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use garde::Validate;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use super::faults::{MAX_FAULTS, misfits, pointer};
use crate::Api;
use crate::gate::Called;
use crate::problem::{
    BAD_REQUEST, BODY_TIMED_OUT, Fault, FaultCode, INVALID, MALFORMED_JSON, Problem, TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
};

/// A JSON body that fits its model and its rules.
pub(crate) struct Json<T>(pub(crate) T);

/// A merge patch (RFC 7396) that fits its model and its rules: what is absent stays.
pub(crate) struct MergePatch<T>(pub(crate) T);

impl<T: DeserializeOwned + Validate<Context = ()>> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read(request, payload.take(), "application/json");
        Box::pin(async move { parse(&body.await?).map(Self) })
    }
}

impl<T: DeserializeOwned + Validate<Context = ()>> FromRequest for MergePatch<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read(request, payload.take(), "application/merge-patch+json");
        Box::pin(async move { parse(&body.await?).map(Self) })
    }
}

pub(super) fn read(
    request: &HttpRequest,
    payload: Payload,
    media_type: &'static str,
) -> impl Future<Output = Result<BytesMut, Problem>> + use<> {
    let policy = Api::of(request).policy();
    let called = request.extensions().get::<Called>().map(|it| it.id.clone());
    let limit = policy.body_limit_of(called.as_deref().unwrap_or_default());
    let patience = policy.body_timeout;
    let admitted = has_media_type(request, media_type).and_then(|()| fits(request, limit));
    async move {
        admitted?;
        let arrived = actix_web::rt::time::timeout(patience, collect(payload, limit));
        arrived.await.unwrap_or_else(|_| {
            Err(Problem::new(
                &BODY_TIMED_OUT,
                "send the whole body, and sooner",
            ))
        })
    }
}

fn has_media_type(request: &HttpRequest, media_type: &'static str) -> Result<(), Problem> {
    let unsupported = || {
        Problem::new(
            &UNSUPPORTED_MEDIA_TYPE,
            format!("send {media_type}, not compressed"),
        )
    };
    // A compressed body could be a bomb, and nobody needs to compress so little.
    let mut encodings = request.headers().get_all(CONTENT_ENCODING);
    if encodings.any(|it| !it.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(unsupported());
    }
    let mut types = request.headers().get_all(CONTENT_TYPE);
    let (Some(only), None) = (types.next(), types.next()) else {
        return Err(unsupported());
    };
    let text = only.to_str().map_err(|_| unsupported())?;
    let mut parts = text.split(';').map(str::trim);
    let same = parts
        .next()
        .is_some_and(|it| it.eq_ignore_ascii_case(media_type));
    let utf8 = |parameter: &str| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        !name.eq_ignore_ascii_case("charset")
            || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
    };
    if same && parts.all(utf8) {
        Ok(())
    } else {
        Err(unsupported())
    }
}

/// Refuses what is announced to be too large before it is read.
fn fits(request: &HttpRequest, limit: usize) -> Result<(), Problem> {
    let announced = request.headers().get(CONTENT_LENGTH);
    let length = announced.and_then(|it| it.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|it| it > limit as u64) {
        return Err(too_large(limit));
    }
    Ok(())
}

async fn collect(mut payload: Payload, limit: usize) -> Result<BytesMut, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(&BAD_REQUEST, "the body broke off"))?;
        if body.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn too_large(limit: usize) -> Problem {
    Problem::new(&TOO_LARGE, format!("a body has at most {limit} bytes here"))
}

fn parse<T: DeserializeOwned + Validate<Context = ()>>(body: &[u8]) -> Result<T, Problem> {
    // serde takes an array, too, for the members in their order.
    if !body.trim_ascii_start().starts_with(b"{") {
        serde_json::from_slice::<IgnoredAny>(body).map_err(|it| malformed(&it))?;
        let fault = Fault::at(
            String::new(),
            FaultCode::WrongType,
            "it should be an object",
        );
        return Err(Problem::with_errors(&INVALID, vec![fault]));
    }
    let mut faults = Vec::new();
    let mut tracked = |path: serde_ignored::Path<'_>| {
        if faults.len() < MAX_FAULTS {
            faults.push(Fault::at(
                ignored_pointer(&path),
                FaultCode::UnknownField,
                "it is unknown here",
            ));
        }
    };
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = serde_ignored::deserialize::<_, _, T>(&mut json, &mut tracked);
    let read = read.and_then(|it| json.end().map(|()| it));

    let parsed = match read {
        Ok(parsed) => Some(parsed),
        Err(error) if error.classify() == Category::Data => {
            let value = serde_json::from_slice(body).map_err(|it| malformed(&it))?;
            faults.clear();
            unknown_and_misfitting(value, &error, &mut faults)
        }
        Err(error) => return Err(malformed(&error)),
    };
    if let Some(parsed) = &parsed
        && let Err(report) = parsed.validate()
    {
        for (path, error) in report.iter() {
            let at = garde_pointer(path);
            // What was mended, or is missing, is told already.
            if !faults.iter().any(|it| it.pointer.as_deref() == Some(&at)) {
                faults.push(Fault::at(at, FaultCode::Invalid, error.message()));
            }
        }
    }
    match parsed {
        Some(parsed) if faults.is_empty() => Ok(parsed),
        _ => {
            faults.truncate(MAX_FAULTS);
            Err(Problem::with_errors(&INVALID, faults))
        }
    }
}

fn unknown_and_misfitting<T: DeserializeOwned>(
    value: serde_json::Value,
    error: &serde_json::Error,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    // serde's own words; a later value of the same name would hide the first one.
    if let Some(rest) = error.to_string().strip_prefix("duplicate field `") {
        let member = rest.split('`').next().unwrap_or_default();
        faults.push(Fault::at(
            pointer("", member),
            FaultCode::Duplicate,
            "it is given twice",
        ));
    }
    let (mended, value) = misfits::<T>(value, faults)?;
    // It fits now, so all of it is seen.
    let _ = serde_ignored::deserialize::<_, _, T>(value, |path| {
        let at = ignored_pointer(&path);
        faults.push(Fault::at(at, FaultCode::UnknownField, "it is unknown here"));
    });
    Some(mended)
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(
        &MALFORMED_JSON,
        format!(
            "it cannot be read as JSON from line {}, column {} on",
            error.line(),
            error.column()
        ),
    )
}

fn ignored_pointer(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => pointer(&ignored_pointer(parent), &index.to_string()),
        Path::Map { parent, key } => pointer(&ignored_pointer(parent), key),
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => ignored_pointer(parent),
    }
}

/// garde shows a path as `a.b[0]`; our names hold neither dots nor brackets.
fn garde_pointer(path: &garde::Path) -> String {
    let shown = path.to_string();
    let members = shown.split(['.', '[', ']']).filter(|it| !it.is_empty());
    members.fold(String::new(), |parent, it| pointer(&parent, it))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, Validate)]
    struct Model {
        #[garde(length(chars, min = 2))]
        name: String,
        #[garde(range(max = 9))]
        count: u8,
        #[serde(default)]
        #[garde(inner(length(min = 1)))]
        tags: Vec<String>,
    }

    fn faults(body: &str) -> Vec<(String, FaultCode)> {
        let problem = parse::<Model>(body.as_bytes()).unwrap_err();
        assert_eq!(problem.kind, &INVALID, "{body}");
        let told = problem.errors.into_iter();
        let mut told: Vec<_> = told
            .map(|it| (it.pointer.unwrap_or_default(), it.code))
            .collect();
        told.sort();
        told
    }

    fn at(places: &[(&str, FaultCode)]) -> Vec<(String, FaultCode)> {
        places
            .iter()
            .map(|(at, code)| ((*at).to_owned(), *code))
            .collect()
    }

    #[test]
    fn a_body_that_fits_is_read() {
        let model = parse::<Model>(br#"{"name":"ab","count":9,"tags":["x"]}"#).unwrap();

        assert_eq!((model.name.as_str(), model.count), ("ab", 9));
    }

    #[test]
    fn all_faults_are_told_at_once() {
        assert_eq!(
            faults(r#"{"name":"a","count":10,"tags":["","x"],"more":1,"a/b~c":2}"#),
            at(&[
                ("/a~1b~0c", FaultCode::UnknownField),
                ("/count", FaultCode::Invalid),
                ("/more", FaultCode::UnknownField),
                ("/name", FaultCode::Invalid),
                ("/tags/0", FaultCode::Invalid),
            ])
        );
        assert_eq!(
            faults(r#"{"name":7,"tags":["x",3,null],"zzz":1,"more":1}"#),
            at(&[
                ("/count", FaultCode::Missing),
                ("/more", FaultCode::UnknownField),
                ("/name", FaultCode::WrongType),
                ("/tags/1", FaultCode::WrongType),
                ("/tags/2", FaultCode::WrongType),
                ("/zzz", FaultCode::UnknownField),
            ])
        );
        assert_eq!(
            faults(r#"{"name":"a","count":"x"}"#),
            at(&[
                ("/count", FaultCode::WrongType),
                ("/name", FaultCode::Invalid)
            ])
        );
        assert_eq!(
            faults("{}"),
            at(&[
                ("/count", FaultCode::Missing),
                ("/name", FaultCode::Missing)
            ])
        );
    }

    #[test]
    fn another_kind_of_value_is_told_at_the_root() {
        for body in ["[]", r#"["ab",1,[]]"#, "7", "null", "\"x\""] {
            assert!(
                faults(body).contains(&(String::new(), FaultCode::WrongType)),
                "{body}"
            );
        }
    }

    #[test]
    fn a_member_that_is_given_twice_is_told() {
        assert_eq!(
            faults(r#"{"name":"ab","name":"cd","count":1}"#),
            at(&[("/name", FaultCode::Duplicate)])
        );
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        let deep = "[".repeat(1000);
        for body in [
            "",
            "{",
            "{\"name\":",
            "{}x",
            "{'a':1}",
            "\u{feff}{}",
            r#"{"name":"\ud800"}"#,
            &deep,
        ] {
            let problem = parse::<Model>(body.as_bytes()).unwrap_err();
            assert_eq!(problem.kind, &MALFORMED_JSON, "{body}");
        }
        assert!(parse::<Model>(b"{\"name\":\"\xff\"}").is_err());
    }

    #[test]
    fn a_value_is_never_told_back() {
        let body = r#"{"name":{"secret":"hunter2"},"count":"hunter2"}"#;

        let told = format!("{:?}", parse::<Model>(body.as_bytes()).unwrap_err());

        assert!(!told.contains("hunter2"), "{told}");
    }
}
