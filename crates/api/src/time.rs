//! Times that clients send.

use chrono::{DateTime, Utc};

use crate::shape::{Text, shape};

/// In microseconds, as times are kept; a leap second is the one after it.
pub(crate) fn parse(text: &str) -> Result<DateTime<Utc>, &'static str> {
    let time = DateTime::parse_from_rfc3339(text).ok();
    let time = time.and_then(|it| DateTime::from_timestamp_micros(it.timestamp_micros()));
    time.ok_or("it is a time such as 2026-01-31T09:30:00Z (RFC 3339)")
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "garde passes its context so"
)]
pub(crate) fn valid_time(text: &str, _: &()) -> garde::Result {
    parse(text).map(drop).map_err(garde::Error::new)
}

shape!(
    TimeShape,
    "Time",
    Text {
        meaning: "A time (RFC 3339).",
        lengths: (20, 35),
        pattern: None,
        format: Some("date-time"),
        example: Some("2027-01-31T09:30:00Z"),
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_of_any_offset_and_kept_to_the_microsecond() {
        let expected = DateTime::from_timestamp_micros(1_800_000_000_123_456).unwrap();
        for text in [
            "2027-01-15T08:00:00.123456Z",
            "2027-01-15T08:00:00.123456789Z",
            "2027-01-15T09:30:00.123456+01:30",
        ] {
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
        let leap = parse("2016-12-31T23:59:60Z").unwrap();
        assert_eq!(leap.to_rfc3339(), "2017-01-01T00:00:00+00:00");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "tomorrow",
            "2027-01-15",
            "2027-01-15T08:00:00",
            "1800000000",
            "2027-02-30T08:00:00Z",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
