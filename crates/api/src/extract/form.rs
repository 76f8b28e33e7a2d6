use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::body::read;
use super::query::decode;
use crate::problem::{INVALID_REQUEST, Problem};

/// The parameters of an OAuth request (RFC 6749, section 3.2): each may come once, and those that
/// nobody takes are ignored.
pub(crate) struct Form(Vec<(String, String)>);

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

impl FromRequest for Form {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read(request, payload.take(), FORM);
        Box::pin(async move { Self::parse(&body.await?) })
    }
}

impl Form {
    fn parse(body: &[u8]) -> Result<Self, Problem> {
        let invalid = |detail| Problem::new(&INVALID_REQUEST, detail);
        let unreadable = || invalid("it is no percent-encoded UTF-8 without control characters");
        let text = std::str::from_utf8(body).map_err(|_| unreadable())?;
        let mut parameters: Vec<(String, String)> = Vec::new();
        for pair in text.split('&').filter(|it| !it.is_empty()) {
            if parameters.len() == MAX_PARAMETERS {
                return Err(invalid("there are too many parameters"));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name).ok_or_else(unreadable)?;
            let value = decode(value).ok_or_else(unreadable)?;
            if parameters.iter().any(|(it, _)| *it == name) {
                return Err(invalid("a parameter is given twice"));
            }
            parameters.push((name, value));
        }
        Ok(Self(parameters))
    }

    /// One without a value counts as absent.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(it, _)| it == name)?;
        let (_, value) = self.0.swap_remove(index);
        (!value.is_empty()).then_some(value)
    }

    /// # Errors
    /// `invalid_request` when it is absent.
    pub(crate) fn need(&mut self, name: &str) -> Result<String, Problem> {
        self.take(name)
            .ok_or_else(|| Problem::new(&INVALID_REQUEST, format!("{name} is needed")))
    }
}

/// Each is compared with all before it.
const MAX_PARAMETERS: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: &[u8]) -> Option<&'static str> {
        Form::parse(body).err().map(|it| it.kind.code)
    }

    #[test]
    fn parameters_are_decoded_and_those_without_a_value_are_absent() {
        let mut form = Form::parse(b"a=x+y%C3%A9&b=&c&&d=1").unwrap();

        assert_eq!(form.take("a").as_deref(), Some("x y\u{e9}"));
        for name in ["b", "c", "e"] {
            assert_eq!(form.take(name), None);
        }
        assert_eq!(form.need("d").ok().as_deref(), Some("1"));
        assert!(form.need("d").is_err());
    }

    #[test]
    fn what_is_given_twice_or_cannot_be_read_is_refused() {
        let many: Vec<_> = (0..=MAX_PARAMETERS).map(|n| format!("{n}&")).collect();
        let many = many.concat();
        for body in [
            &b"a=1&a=1"[..],
            b"a=1&%61",
            b"a=%",
            b"a=%zz",
            b"a=%00",
            b"a=%ff",
            b"a=\xff",
            many.as_bytes(),
        ] {
            assert_eq!(refusal(body), Some("invalid_request"), "{body:?}");
        }
        assert_eq!(refusal(b""), None);
    }
}
