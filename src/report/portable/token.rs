//! The words and signs of a statement.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Whitespace or a comment.
    Space,
    /// A keyword or a name.
    Word,
    /// A name in double quotes.
    Quoted,
    /// A text in single quotes.
    Text,
    /// A number.
    Number,
    /// A parameter: `:as_of`.
    Parameter,
    /// Any other character.
    Sign,
}

/// A part of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub sort: Sort,
    pub text: &'t str,
}

impl Token<'_> {
    /// True if it is this keyword or name.
    pub fn is_word(&self, word: &str) -> bool {
        self.sort == Sort::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// True if it is this sign.
    pub fn is_sign(&self, sign: &str) -> bool {
        self.sort == Sort::Sign && self.text == sign
    }
}

/// Splits a statement into its tokens. Comments become the space that they are.
pub(super) fn tokens(statement: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = statement;
    while let Some(first) = rest.chars().next() {
        let (sort, length) = match first {
            '-' if rest.starts_with("--") => (Sort::Space, rest.find('\n').unwrap_or(rest.len())),
            c if c.is_whitespace() => (Sort::Space, span(rest, char::is_whitespace)),
            c if c.is_ascii_alphabetic() || c == '_' => (Sort::Word, span(rest, |c| c.is_ascii_alphanumeric() || c == '_')),
            c if c.is_ascii_digit() => (Sort::Number, span(rest, |c| c.is_ascii_digit() || c == '.')),
            ':' => (Sort::Parameter, 1 + span(&rest[1..], |c| c.is_ascii_alphanumeric() || c == '_')),
            '\'' => (Sort::Text, quoted(rest, '\'')),
            '"' => (Sort::Quoted, quoted(rest, '"')),
            c => (Sort::Sign, c.len_utf8()),
        };
        let (text, after) = rest.split_at(length);
        tokens.push(Token { sort, text: if sort == Sort::Space && text.starts_with("--") { "" } else { text } });
        rest = after;
    }
    tokens
}

/// The length of the characters at the beginning that have a property.
fn span(text: &str, has: impl Fn(char) -> bool) -> usize {
    text.find(|c| !has(c)).unwrap_or(text.len())
}

/// The length of a quoted text, in which a doubled quote is a quote.
fn quoted(text: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(end) = text[at..].find(quote) {
        at += end + 1;
        if !text[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
    text.len()
}
