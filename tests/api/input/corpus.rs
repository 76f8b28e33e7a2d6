//! What somebody who means no good might send.

/// JSON texts for a field that takes text.
pub(super) fn texts() -> Vec<String> {
    let quoted = |it: &str| format!("\"{it}\"");
    let plain = [
        "",
        " ",
        "\\u0000",
        "a\\u0000b",
        "\\ud800",
        "\\udfff\\ud800",
        "\\uffff",
        "\\ufeff",
        "\u{202e}evil",
        "a\u{200b}b",
        "\u{feff}",
        "🗿",
        "👩‍👩‍👧",
        "ﷺ",
        "e\u{301}",
        "İ",
        "ß",
        "a\\r\\nSet-Cookie: a=b",
        "\\\\",
        "%00",
        "%",
        "_",
        "*",
        "'; DROP TABLE users; --",
        "<script>alert(1)</script>",
        "${jndi:ldap://x}",
        "{{7*7}}",
        "../../etc/passwd",
        "NaN",
        "null",
        "1e999",
        "a@b.org\\u0000",
        "ada@example.org\\nBcc: x@y.org",
        "ADA@EXAMPLE.ORG",
    ];
    let odd = [
        "1e999",
        "123456789012345678901234567890",
        "\"\u{1}\"",
        "\"",
        "NaN",
        "undefined",
    ];
    let long = ["a", "é", "🗿", "\\u0000", "e\u{301}", "a@"].map(|it| quoted(&it.repeat(9_000)));
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    let all = plain
        .iter()
        .map(|it| quoted(it))
        .chain(odd.map(str::to_owned));
    all.chain(long).chain([deep]).collect()
}

pub(super) fn header_values() -> Vec<Vec<u8>> {
    let texts = [
        "",
        " ",
        "\t",
        ",",
        ",,,",
        ";",
        "\"",
        "\"1",
        "\"1\",",
        "W/\"1\"",
        "W/",
        "*,*",
        "é",
        "🗿",
        "-1",
        "0",
        "1e3",
        "99999999999999999999",
        "null",
        "Bearer",
        "Bearer ",
        "Bearer a.b.c",
        "Bearer ..",
        "Basic Og==",
        "text/html;q=",
        "application/json;q=NaN",
        "application/json;q=-1",
        "application/json;;;",
        "*/*;q=0",
        "bytes=0-",
        "100-continue",
        "00-00000000000000000000000000000000-0000000000000000-00",
        "%00",
        "\\0",
        "() { :; };",
    ];
    let long = ["a", "\"a\",", "a=b; ", "application/json,"].map(|it| it.repeat(2_000));
    let all = texts.iter().map(|it| it.as_bytes().to_vec());
    let all = all.chain(long.map(String::into_bytes));
    all.chain([vec![0xff], vec![0x80; 50], b"\"\xfe\"".to_vec()])
        .collect()
}

pub(super) const QUERY_VALUES: &[&str] = &[
    "",
    "%00",
    "a%00b",
    "%ff",
    "%c0%80",
    "%",
    "%zz",
    "%e2%80%ae",
    "%F0%9F%97%BF",
    "-1",
    "0",
    "101",
    "1e3",
    "1.5",
    "+1",
    "%2B1",
    "0x10",
    "NaN",
    "99999999999999999999999999",
    "true",
    "null",
    "[]",
    "%5B%5D",
    "'%20OR%201=1--",
    "*",
    "a%0d%0aSet-Cookie:a",
    "a=b",
    "a;b",
    "%25",
    "_",
    "#",
    "%ef%bf%bf",
    "administrator,member",
    "-created_at,email",
    "{}",
];
