//! SQLite keeps what was typed, and tells a part of it nowhere else.

/// A word of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A keyword, a name without quotes, or a number.
    Word(String),
    /// A name in quotes of any kind, without them.
    Name(String),
    /// A text literal with its quotes.
    Text(String),
    Sign(char),
}

/// Comments and blanks are left out.
pub(super) fn tokens(sql: &str) -> Vec<Token> {
    let mut rest = sql;
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' | '`' => quoted(rest, first),
            '[' => rest.find(']').map_or(rest.len(), |it| it + 1),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |it| it + 2),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (text, after) = rest.split_at(length);
        rest = after;
        match first {
            '\'' => tokens.push(Token::Text(text.to_owned())),
            '"' | '`' => tokens.push(Token::Name(unquoted(text, first))),
            '[' => tokens.push(Token::Name(text.trim_matches(['[', ']']).to_owned())),
            '-' | '/' if length > 1 => {}
            _ if first.is_whitespace() => {}
            _ if is_word(first) => tokens.push(Token::Word(text.to_owned())),
            sign => tokens.push(Token::Sign(sign)),
        }
    }
    tokens
}

/// In one spelling, so that texts which differ in case, blanks and quotes of names are equal: SQLite does not tell
/// cases apart.
pub(super) fn text(tokens: &[Token]) -> String {
    spaced(tokens, |token| match token {
        Token::Word(name) | Token::Name(name) => name.to_lowercase(),
        Token::Text(literal) => literal.clone(),
        Token::Sign(sign) => sign.to_string(),
    })
}

/// With one blank where there may be many, and otherwise as it was: SQL that means the same.
pub(super) fn code(tokens: &[Token]) -> String {
    spaced(tokens, |token| match token {
        Token::Word(text) | Token::Text(text) => text.clone(),
        Token::Name(name) => format!("\"{}\"", name.replace('"', "\"\"")),
        Token::Sign(sign) => sign.to_string(),
    })
}

fn spaced(tokens: &[Token], spell: impl Fn(&Token) -> String) -> String {
    let mut text = String::new();
    let mut before: Option<&Token> = None;
    for token in tokens {
        let word = spell(token);
        let is_sign = matches!(token, Token::Sign(_));
        let after_sign = matches!(before, None | Some(Token::Sign('(' | '.')));
        let close = is_sign && matches!(word.as_str(), ")" | "," | "." | ";");
        let both_signs = is_sign
            && matches!(before, Some(Token::Sign(sign)) if !"(),".contains(*sign))
            && !matches!(word.as_str(), "(" | "-" | "+" | "~");
        if !after_sign && !close && !both_signs {
            text.push(' ');
        }
        text.push_str(&word);
        before = Some(token);
    }
    text
}

/// What stands between the parenthesis at `open` and the one that closes it, and where that one is.
pub(super) fn group(tokens: &[Token], open: usize) -> (&[Token], usize) {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') if depth == 1 => return (&tokens[open + 1..at], at),
            Token::Sign(')') => depth -= 1,
            _ => {}
        }
    }
    (&tokens[tokens.len().min(open + 1)..], tokens.len())
}

/// Split at the commas that stand in no parenthesis.
pub(super) fn items(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0_usize;
    let at_comma = |token: &Token| {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && *token == Token::Sign(',')
    };
    tokens.split(at_comma).collect()
}

impl Token {
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

/// How long a quoted text is; a doubled quote is one of its characters.
fn quoted(text: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(found) = text[at..].find(quote) {
        at += found + 1;
        if !text[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
    text.len()
}

fn unquoted(text: &str, quote: char) -> String {
    let inner = text.trim_start_matches(quote);
    let inner = inner.strip_suffix(quote).unwrap_or(inner);
    inner.replace(&format!("{quote}{quote}"), &quote.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_blanks_quotes_and_comments_do_not_matter() {
        let one = tokens("CHECK (\"Status\" IN ('A','it''s') -- why\n AND [n]>=1.5)");
        let other = tokens("check(status  in('A', 'it''s')/* so */and `N` >= 1.5 )");

        assert_eq!(text(&one), text(&other));
        assert_eq!(text(&one), "check (status in ('A', 'it''s') and n >= 1.5)");
    }

    #[test]
    fn commas_in_parentheses_split_nothing() {
        let all = tokens("a decimal(10, 2), b text DEFAULT ','");

        let items: Vec<_> = items(&all).into_iter().map(text).collect();

        assert_eq!(items, ["a decimal (10, 2)", "b text default ','"]);
    }

    #[test]
    fn what_never_ends_is_read_to_its_end() {
        assert_eq!(text(&tokens("a 'b")), "a 'b");
        assert_eq!(text(&tokens("[a")), "a");
        let open = tokens("f(a");
        assert_eq!(text(group(&open, 1).0), "a");
    }
}
