//! The trace that a request belongs to, so that log lines of several services can be joined.

use actix_web::http::header::{HeaderMap, HeaderName};

/// The trace's id from `traceparent` (W3C Trace Context, section 3.2); one that cannot be read is as good
/// as none.
pub(crate) fn trace_id(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(TRACEPARENT);
    let (Some(only), None) = (values.next(), values.next()) else {
        return None;
    };
    parse(only.to_str().ok()?)
}

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

fn parse(text: &str) -> Option<&str> {
    let mut parts = text.split('-');
    let version = hex(parts.next()?, 2).filter(|it| *it != "ff")?;
    let trace = hex(parts.next()?, 32).filter(|it| it.bytes().any(|b| b != b'0'))?;
    hex(parts.next()?, 16).filter(|it| it.bytes().any(|b| b != b'0'))?;
    hex(parts.next()?, 2)?;
    // A later version may say more (section 4).
    let whole = parts.next().is_none() || version != "00";
    whole.then_some(trace)
}

fn hex(text: &str, length: usize) -> Option<&str> {
    let digits = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    (text.len() == length && text.bytes().all(digits)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn the_trace_is_read_whatever_a_later_version_adds() {
        for text in [
            format!("00-{TRACE}-00f067aa0ba902b7-01"),
            format!("01-{TRACE}-00f067aa0ba902b7-01-more"),
        ] {
            assert_eq!(parse(&text), Some(TRACE), "{text}");
        }
    }

    #[test]
    fn what_is_no_trace_is_left_alone() {
        for text in [
            String::new(),
            TRACE.to_owned(),
            format!("00-{TRACE}-00f067aa0ba902b7"),
            format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{TRACE}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", "x".repeat(32)),
        ] {
            assert_eq!(parse(&text), None, "{text}");
        }
    }
}
