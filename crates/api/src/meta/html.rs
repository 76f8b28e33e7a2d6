//! Markup in which text stays text, whatever is in it.

/// Made of elements, whose names stand in the code, and of text, which is escaped.
pub(super) struct Html(String);

/// A whole document, for a policy that loads nothing: no script, no style.
pub(super) fn document(title: &str, body: impl IntoIterator<Item = Html>) -> String {
    let title = element("title", [text(title)]).0;
    let body = element("body", body).0;
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">{title}</head>\n{body}\n</html>\n"
    )
}

pub(super) fn element(name: &'static str, children: impl IntoIterator<Item = Html>) -> Html {
    let children: String = children.into_iter().map(|it| it.0).collect();
    Html(format!("<{name}>{children}</{name}>"))
}

pub(super) fn link(to: &str, children: impl IntoIterator<Item = Html>) -> Html {
    let children: String = children.into_iter().map(|it| it.0).collect();
    Html(format!("<a href=\"{}\">{children}</a>", text(to).0))
}

pub(super) fn text(text: &str) -> Html {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    Html(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVIL: &str = "</title><script>alert('\"&amp;\"')</script>";

    #[test]
    fn text_never_becomes_markup() {
        let escaped =
            "&lt;/title&gt;&lt;script&gt;alert(&#39;&quot;&amp;amp;&quot;&#39;)&lt;/script&gt;";

        assert_eq!(element("p", [text(EVIL)]).0, format!("<p>{escaped}</p>"));
        assert_eq!(
            link(EVIL, [text(EVIL)]).0,
            format!("<a href=\"{escaped}\">{escaped}</a>")
        );
        assert!(!document(EVIL, [text(EVIL)]).contains("<script"));
    }
}
