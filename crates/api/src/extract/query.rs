use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use percent_encoding::percent_decode_str;
use uuid::Uuid;

use super::faults::invalid_parameters;
use super::id::id;
use crate::problem::{Fault, FaultCode, Problem};

/// The parameters behind the `?`; all that is wrong with them is told at once.
pub(crate) struct Query<T>(pub(crate) T);

/// What is made from a query. Each field is taken under its documented name.
pub(crate) trait FromQuery: Sized {
    fn from_query(query: &mut QueryReader) -> Self;
}

/// Hands out parameters, each once, and collects what is wrong.
pub(crate) struct QueryReader {
    parameters: Vec<(String, String)>,
    taken: Vec<&'static str>,
    faults: Vec<Fault>,
}

impl<T: FromQuery> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut reader = QueryReader::read(request.query_string());
        let query = T::from_query(&mut reader);
        ready(reader.finish().map(|()| Self(query)))
    }
}

/// For operations that know no parameter at all.
pub(super) fn no_parameters(request: &HttpRequest) -> Result<(), Problem> {
    QueryReader::read(request.query_string()).finish()
}

impl QueryReader {
    fn read(text: &str) -> Self {
        let mut reader = Self {
            parameters: Vec::new(),
            taken: Vec::new(),
            faults: Vec::new(),
        };
        for pair in text.split('&').filter(|it| !it.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (decode(name), decode(value)) {
                (Some(name), Some(value)) => reader.parameters.push((name, value)),
                (name, _) => reader.fault(
                    &name.unwrap_or_else(|| "?".to_owned()),
                    "it is not percent-encoded UTF-8 without control characters",
                ),
            }
        }
        reader
    }

    /// The parameter of that name, made into what it stands for; `None` when it is absent, or wrong.
    pub(crate) fn take<T, E: std::fmt::Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let index = self.parameters.iter().position(|(it, _)| it == name)?;
        let (_, value) = self.parameters.remove(index);
        self.taken.push(name);
        match parse(&value) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.fault(name, &reason.to_string());
                None
            }
        }
    }

    /// An id, as it stands in paths.
    pub(crate) fn take_id<T: From<Uuid>>(&mut self, name: &'static str) -> Option<T> {
        self.take(name, id)
    }

    /// One of a closed list of words.
    pub(crate) fn take_word<T: Copy>(
        &mut self,
        name: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        self.take(name, |text| {
            let found = words.iter().find(|(word, _)| *word == text);
            found.map(|(_, value)| *value).ok_or_else(|| {
                let names: Vec<_> = words.iter().map(|(word, _)| *word).collect();
                format!("it is one of {}", names.join(", "))
            })
        })
    }

    fn fault(&mut self, name: &str, detail: &str) {
        let shown: String = name.chars().take(MAX_SHOWN).collect();
        self.faults
            .push(Fault::of_parameter(shown, FaultCode::Invalid, detail));
    }

    fn finish(mut self) -> Result<(), Problem> {
        for (name, _) in std::mem::take(&mut self.parameters) {
            let (code, detail) = if self.taken.contains(&&*name) {
                (FaultCode::Duplicate, "it is given twice")
            } else {
                (FaultCode::Unknown, "it is unknown here")
            };
            let shown: String = name.chars().take(MAX_SHOWN).collect();
            let fault = Fault::of_parameter(shown, code, detail);
            if !self.faults.contains(&fault) {
                self.faults.push(fault);
            }
        }
        if self.faults.is_empty() {
            return Ok(());
        }
        self.faults.truncate(MAX_FAULTS);
        Err(invalid_parameters(self.faults))
    }
}

/// How much of a stranger's name is told back to them.
const MAX_SHOWN: usize = 50;
const MAX_FAULTS: usize = 50;

pub(super) fn decode(text: &str) -> Option<String> {
    if !text.split('%').skip(1).all(begins_with_two_digits) {
        return None;
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    let clean = !decoded.chars().any(char::is_control);
    clean.then(|| decoded.into_owned())
}

fn begins_with_two_digits(text: &str) -> bool {
    let digits = text.as_bytes().get(..2);
    digits.is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Result<u8, std::num::ParseIntError> {
        text.parse()
    }

    #[test]
    fn parameters_are_decoded_and_taken() {
        let mut reader = QueryReader::read("a=1&b=x+y%C3%A9&c");

        assert_eq!(reader.take("a", number), Some(1));
        assert_eq!(
            reader.take("b", |it| Ok::<_, String>(it.to_owned())),
            Some("x yé".into())
        );
        assert_eq!(reader.take("c", |it| Ok::<_, String>(it.len())), Some(0));
        assert_eq!(reader.take("d", number), None);
        assert!(reader.finish().is_ok());
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let mut reader = QueryReader::read("a=x&a=1&b=2&c=%00&d=%ff");
        reader.take("a", number);

        let problem = reader.finish().unwrap_err();

        let named: Vec<_> = problem
            .errors
            .iter()
            .filter_map(|it| it.parameter.as_deref())
            .collect();
        assert_eq!(named, ["c", "d", "a", "a", "b"]);
    }
}
