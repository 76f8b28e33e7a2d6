//! Values that a column may hold, as literals of SQL: always the same for the same number.

use std::collections::BTreeMap;

use sea_orm::DbBackend;

/// Those for the row of this number, likely ones first.
pub(super) fn of_type(
    data_type: &str,
    engine: DbBackend,
    enums: &BTreeMap<String, Vec<String>>,
    number: usize,
) -> Vec<String> {
    // Low numbers are what migrations give to rows of their own.
    let numbers = [7001 + number, number + 1, 8001 + number, 9001 + number];
    match engine {
        DbBackend::Postgres => postgres(data_type, enums, &numbers),
        _ => sqlite(data_type, &numbers),
    }
}

/// Those that stand in a check, and what is near to them, for a column of this type.
pub(super) fn of_check(expression: &str, data_type: &str) -> Vec<String> {
    let mut found = Vec::new();
    for literal in literals(expression) {
        if let Some(text) = literal.strip_prefix('\'') {
            found.push(literal.clone());
            // A pattern of LIKE.
            if text.contains(['%', '_']) {
                found.push(literal.replace(['%', '_'], "x"));
            }
            continue;
        }
        let Ok(number) = literal.parse::<f64>() else {
            continue;
        };
        for near in [number, number + 1.0, number - 1.0, number / 2.0] {
            found.push(near.to_string());
            // A length.
            if (1.0..=200.0).contains(&near) && near.fract() == 0.0 && is_text(data_type) {
                let letter = if found.len() % 2 == 0 { "x" } else { "y" };
                found.push(quoted(&letter.repeat(integer(near))));
            }
        }
    }
    found.extend(["0", "1", "-1"].map(str::to_owned));
    if is_text(data_type) {
        for text in [
            "ada7@example.org",
            "https://example.org/7",
            "ada",
            "A7",
            "7",
        ] {
            found.push(quoted(text));
        }
    }
    found
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is from 1 to 200, and whole"
)]
fn integer(number: f64) -> usize {
    number as usize
}

fn postgres(
    data_type: &str,
    enums: &BTreeMap<String, Vec<String>>,
    numbers: &[usize],
) -> Vec<String> {
    if let Some(element) = data_type.strip_suffix("[]") {
        let elements = postgres(element, enums, numbers);
        let array = |it: &String| format!("CAST(ARRAY[{it}] AS {data_type})");
        return elements.iter().map(array).collect();
    }
    if let Some(labels) = enums.get(&data_type.replace('"', "")) {
        return turned(labels.iter().map(|it| quoted(it)).collect(), numbers[1]);
    }
    let (name, size) = sized(data_type);
    let each = |make: &dyn Fn(usize) -> String| numbers.iter().map(|it| make(*it)).collect();
    match name {
        "smallint" | "integer" | "bigint" | "oid" | "real" | "double precision" | "money" => {
            each(&|n| n.to_string())
        }
        "numeric" => each(&|n| n.to_string()),
        "boolean" => turned(vec!["true".to_owned(), "false".to_owned()], numbers[1]),
        "text" | "character varying" | "character" | "citext" | "name" => each(&|n| text(n, size)),
        "bytea" => each(&|n| format!("'\\x{n:08x}'")),
        "uuid" => each(&|n| format!("'00000000-0000-4000-8000-{n:012x}'")),
        "date" => each(&|n| quoted(&date(n))),
        "json" | "jsonb" => each(&|n| format!("'{{\"a\": {n}}}'")),
        "interval" => each(&|n| format!("'{n} seconds'")),
        "inet" | "cidr" => each(&|n| format!("'192.0.{}.{}'", n / 256 % 256, n % 256)),
        "macaddr" => each(&|n| format!("'00:00:00:00:{:02x}:{:02x}'", n / 256 % 256, n % 256)),
        "bit" | "bit varying" => each(&|n| {
            let size = size.unwrap_or(1);
            let bits = format!("{n:0size$b}");
            format!("B'{}'", &bits[bits.len() - size..])
        }),
        "int4range" | "int8range" | "numrange" => each(&|n| format!("'[{n},{})'", n + 1)),
        "daterange" | "tsrange" | "tstzrange" => {
            each(&|n| format!("'[{},{})'", date(n), date(n + 1)))
        }
        _ if name.starts_with("timestamp") => each(&|n| format!("'{} 00:00:00+00'", date(n))),
        _ if name.starts_with("time") => {
            each(&|n| format!("'00:{:02}:{:02}+00'", n / 60 % 60, n % 60))
        }
        // A domain or the type of an extension: whatever it takes.
        _ => {
            let mut any: Vec<_> = each(&|n| text(n, None));
            any.extend(each(&|n| quoted(&n.to_string())));
            let n = numbers[0];
            any.push(quoted(&date(n)));
            any.push(format!("'00000000-0000-4000-8000-{n:012x}'"));
            any.extend(
                [
                    "'ada7@example.org'",
                    "'true'",
                    "'{}'",
                    "'(7,7)'",
                    "'[7,8)'",
                    "'[7]'",
                ]
                .map(str::to_owned),
            );
            any
        }
    }
}

/// As SeaORM would keep them.
fn sqlite(data_type: &str, numbers: &[usize]) -> Vec<String> {
    let lower = data_type.to_lowercase();
    let (_, size) = sized(&lower);
    let holds = |part: &str| lower.contains(part);
    let each = |make: &dyn Fn(usize) -> String| numbers.iter().map(|it| make(*it)).collect();
    if holds("uuid") {
        each(&|n| format!("x'0000000000004000800000000{n:07x}'"))
    } else if holds("timestamp") || holds("datetime") {
        each(&|n| format!("'{} 00:00:00+00:00'", date(n)))
    } else if holds("date") {
        each(&|n| quoted(&date(n)))
    } else if holds("time") {
        each(&|n| format!("'00:{:02}:{:02}'", n / 60 % 60, n % 60))
    } else if holds("json") {
        each(&|n| format!("'{{\"a\": {n}}}'"))
    } else if holds("bool") {
        turned(vec!["1".to_owned(), "0".to_owned()], numbers[1])
    } else if holds("blob") {
        each(&|n| format!("x'{n:08x}'"))
    } else if is_text(data_type) {
        each(&|n| text(n, size))
    } else {
        each(&|n| n.to_string())
    }
}

fn is_text(data_type: &str) -> bool {
    let lower = data_type.to_lowercase();
    ["char", "clob", "text"].iter().any(|it| lower.contains(it))
}

/// Its name, and the number in its parentheses.
fn sized(data_type: &str) -> (&str, Option<usize>) {
    let Some((name, size)) = data_type.split_once('(') else {
        return (data_type, None);
    };
    let size: String = size.chars().take_while(char::is_ascii_digit).collect();
    (name.trim(), size.parse().ok())
}

/// Its end tells it from others, and is kept where there is little room.
fn text(number: usize, size: Option<usize>) -> String {
    let text = format!("x{number}");
    let room = size.unwrap_or(text.len()).min(text.len());
    quoted(&text[text.len() - room..])
}

/// One of many days.
fn date(number: usize) -> String {
    let (year, month, day) = (number / 336, number / 28 % 12 + 1, number % 28 + 1);
    format!("{:04}-{month:02}-{day:02}", 2001 + year % 30)
}

pub(super) fn turned(mut values: Vec<String>, by: usize) -> Vec<String> {
    let length = values.len();
    if length > 0 {
        values.rotate_left(by % length);
    }
    values
}

fn quoted(text: &str) -> String {
    crate::plan::literal(text)
}

/// Texts with their quotes, and numbers.
fn literals(sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let length = match first {
            '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |it| it + 2),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        if first == '\'' || first.is_ascii_digit() {
            found.push(word.to_owned());
        }
        rest = after;
    }
    found.retain(|it| !it.starts_with('\'') || (it.len() > 1 && it.ends_with('\'')));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_of_a_check_are_its_texts_and_numbers() {
        assert_eq!(
            literals(
                "((kind)::text = ANY (ARRAY['a'::text, 'b c'::text])) AND x2 < 1.5 OR \"9\" = -7"
            ),
            ["'a'", "'b c'", "1.5", "7"]
        );
    }

    #[test]
    fn values_fit_their_type() {
        let none = BTreeMap::new();
        let first = |data_type: &str| of_type(data_type, DbBackend::Postgres, &none, 1)[0].clone();
        assert_eq!(first("character varying(3)"), "'002'");
        assert_eq!(first("bit(4)"), "B'1010'");
        assert_eq!(first("date"), "'2021-11-03'");
        let first = |data_type: &str| of_type(data_type, DbBackend::Sqlite, &none, 1)[0].clone();
        assert_eq!(first("uuid_text").len(), 35);
        assert_eq!(first("VARCHAR(2)"), "'02'");
    }
}
