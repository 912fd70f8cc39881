//! Escapes text for HTML and SVG.

use std::borrow::Cow;

use crate::render::text::visible;

/// Escapes markup characters for both element content and quoted attributes, and makes control characters visible, because
/// XML cannot represent them.
pub fn text(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    if !shown.contains(['&', '<', '>', '"', '\'']) {
        return shown;
    }
    let mut escaped = String::with_capacity(shown.len() + 16);
    for c in shown.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_comes_out_as_text() {
        assert_eq!(text("35 officials"), "35 officials");
        assert_eq!(text("<b a=\"x\">'&\u{1b}"), "&lt;b a=&quot;x&quot;&gt;&#39;&amp;\\u{1b}");
    }
}
