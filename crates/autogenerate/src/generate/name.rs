//! `mYYYYMMDD_NNNNNN_slug`: in the order of names, a new one is the last.

#![expect(
    clippy::disallowed_methods,
    reason = "a tool for developers has no ports; a name tells the day"
)]

use std::time::{SystemTime, UNIX_EPOCH};

/// `None` when the message has no letter and no digit.
pub(super) fn next(names: &[&str], message: &str) -> Option<String> {
    let slug = slug(message)?;
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    Some(after(names, &date(seconds / (24 * 60 * 60)), &slug))
}

fn after(names: &[&str], today: &str, slug: &str) -> String {
    let stamps = names.iter().filter_map(|it| stamp(it));
    let (date, number) = match stamps.max() {
        Some((date, number)) if date.as_str() >= today => (date, number + 1),
        _ => (today.to_owned(), 1),
    };
    format!("m{date}_{number:06}_{slug}")
}

/// Its date and its number.
fn stamp(name: &str) -> Option<(String, u64)> {
    let mut parts = name.strip_prefix('m')?.splitn(3, '_');
    let (date, number) = (parts.next()?, parts.next()?);
    let is_date = date.len() == 8 && date.chars().all(|it| it.is_ascii_digit());
    Some((is_date.then(|| date.to_owned())?, number.parse().ok()?))
}

fn slug(message: &str) -> Option<String> {
    let letters = message.to_lowercase();
    let words = letters.split(|it: char| !it.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|it| !it.is_empty()).collect();
    let mut slug = words.join("_");
    slug.truncate(60);
    let slug = slug.trim_end_matches('_');
    (!slug.is_empty()).then(|| slug.to_owned())
}

/// Of a day, counted from 1970: Howard Hinnant's algorithm,
/// <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>.
fn date(days: u64) -> String {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!("{:04}{month:02}{day:02}", year + era * 400 + next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_one_is_the_last_whatever_the_day() {
        let names = ["m20261121_000006_a", "m20261121_000007_b", "other"];

        assert_eq!(after(&names, "20261121", "c"), "m20261121_000008_c");
        assert_eq!(after(&names, "20270101", "c"), "m20270101_000001_c");
        assert_eq!(after(&names, "20200101", "c"), "m20261121_000008_c");
        assert_eq!(
            after(&["m20220101_000001_create_table"], "20220101", "c"),
            "m20220101_000002_c"
        );
        assert_eq!(after(&[], "20261121", "c"), "m20261121_000001_c");
    }

    #[test]
    fn a_message_becomes_words_of_a_name() {
        assert_eq!(slug("Add subtitle!").as_deref(), Some("add_subtitle"));
        assert_eq!(
            slug("  users: e-mail / unique ").as_deref(),
            Some("users_e_mail_unique")
        );
        assert_eq!(slug("…"), None);
    }

    #[test]
    fn days_have_dates() {
        for (days, expected) in [
            (0, "19700101"),
            (11_016, "20000229"),
            (20_778, "20261121"),
            (20_819, "20270101"),
        ] {
            assert_eq!(date(days), expected);
        }
    }
}
