//! Translates the statements of this program, which are written for SQLite, to a dialect. It knows the functions that the reports use, and
//! not the rest of SQLite.

use std::collections::BTreeMap;

use super::dialect::Dialect;
use super::token::{Sort, Token, tokens};

/// The values of parameters, as SQL.
pub(super) type Values = BTreeMap<&'static str, String>;

/// The statement in the dialect, with the values in the place of its parameters.
pub(super) fn translate(statement: &str, dialect: Dialect, values: &Values) -> String {
    Translation { dialect, values }.of(&with_names(&tokens(statement)))
}

/// The same tokens, with a name for each result column that is a column with the name of its table: `l.day` becomes `l.day AS day`. ClickHouse
/// otherwise keeps the table in the name if another table has such a column too.
fn with_names<'t>(tokens: &[Token<'t>]) -> Vec<Token<'t>> {
    let mut named = Vec::with_capacity(tokens.len());
    // For each open parenthesis, true within the result columns of a SELECT.
    let mut in_columns = vec![false];
    let mut before = "";
    for (at, token) in tokens.iter().enumerate() {
        named.push(*token);
        match token.text {
            "(" if token.sort == Sort::Sign => in_columns.push(false),
            ")" if token.sort == Sort::Sign => drop(in_columns.pop()),
            _ if token.is_word("select") => drop(in_columns.last_mut().map(|inside| *inside = true)),
            _ if token.is_word("from") => drop(in_columns.last_mut().map(|inside| *inside = false)),
            _ => (),
        }
        let is_column = in_columns.last() == Some(&true) && at >= 2 && token.sort == Sort::Word && tokens[at - 1].is_sign(".");
        let next = tokens[at + 1..].iter().find(|token| token.sort != Sort::Space);
        let begins = |text: &str| matches!(text.to_ascii_lowercase().as_str(), "select" | "distinct" | ",");
        if is_column && begins(before) && next.is_some_and(|next| next.is_sign(",") || next.is_word("from")) {
            named.extend([Token { sort: Sort::Sign, text: " AS " }, *token]);
        }
        if token.sort != Sort::Space && !token.is_sign(".") && !tokens.get(at + 1).is_some_and(|next| next.is_sign(".")) {
            before = token.text;
        }
    }
    named
}

/// The relations that a statement reads: the names after FROM and JOIN.
pub(super) fn relations(statement: &str) -> Vec<&str> {
    let tokens: Vec<Token<'_>> = tokens(statement).into_iter().filter(|token| token.sort != Sort::Space).collect();
    let reads = tokens.windows(2).filter(|pair| pair[0].is_word("from") || pair[0].is_word("join"));
    reads.filter(|pair| pair[1].sort == Sort::Word).map(|pair| pair[1].text).collect()
}

struct Translation<'t> {
    dialect: Dialect,
    values: &'t Values,
}

impl Translation<'_> {
    fn of(&self, tokens: &[Token<'_>]) -> String {
        let mut sql = String::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let length = match (token.sort, tokens.get(at + 1)) {
                (Sort::Word, Some(next)) if next.is_sign("(") => self.call(&tokens[at..], &mut sql),
                // SQLite takes the tables of a CROSS JOIN in their order; other engines choose it themselves.
                (Sort::Word, _) if token.is_word("cross") && tokens.get(at + 2).is_some_and(|join| join.is_word("join")) => 2,
                _ => {
                    sql.push_str(&self.one(token));
                    1
                }
            };
            at += length;
        }
        sql
    }

    fn one(&self, token: &Token<'_>) -> String {
        match token.sort {
            Sort::Number if token.text.contains('.') => format!("{}E0", token.text),
            Sort::Number => self.dialect.number(token.text),
            Sort::Quoted => self.dialect.name(token.text.trim_matches('"')),
            Sort::Parameter => self.values.get(&token.text[1..]).map_or_else(|| token.text.to_owned(), String::clone),
            _ => token.text.to_owned(),
        }
    }

    /// Translates the call at the beginning of the tokens, and returns how many tokens it has.
    fn call(&self, tokens: &[Token<'_>], sql: &mut String) -> usize {
        let end = 2 + closing(&tokens[2..]);
        let arguments = split(&tokens[2..end]);
        let texts: Vec<String> = arguments.iter().map(|argument| self.of(trim(argument))).collect();
        let name = tokens[0].text.to_ascii_lowercase();
        let dialect = self.dialect;
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let translated = match (name.as_str(), &texts[..]) {
            ("count", [counted]) => dialect.count(counted),
            ("max", [_, _, ..]) => format!("greatest({})", texts.join(", ")),
            ("min", [_, _, ..]) => format!("least({})", texts.join(", ")),
            ("date", [_, "'unixepoch'"]) => dialect.iso_date(&self.of(without_seconds(arguments[0]))),
            ("unixepoch", [text]) => self.moment(text),
            ("day_of", [date]) => dialect.day_of(date),
            ("first_days", [days, window]) => dialect.first_days(days, window),
            ("listed", columns) => dialect.listed(columns),
            ("candidates_in", [days, window]) => dialect.candidates_in(days, window),
            ("of_first", [list, name]) => dialect.field_at(list, 1, name),
            ("of_last", [list, name]) => dialect.field_at(list, -1, name),
            ("least_of", [list, name]) => dialect.least_of(list, name),
            ("sum_of", [list, name]) => dialect.sum_of(list, name),
            ("text_id", [text]) => dialect.text_id(text),
            ("cast", [_]) => self.cast(trim(arguments[0])),
            ("group_concat", [_]) => dialect.distinct_list(&self.of(trim(&trim(arguments[0])[1..]))),
            ("group_concat", [text, separator]) => {
                let window = end + 1 + tokens[end + 1..].iter().position(|token| token.is_sign("(")).unwrap_or_default();
                let window_end = window + 1 + closing(&tokens[window + 1..]);
                sql.push_str(&dialect.list_over(text, separator, &self.of(&tokens[window..=window_end])));
                return window_end + 1;
            }
            _ => format!("{}({})", tokens[0].text, self.of(&tokens[2..end])),
        };
        sql.push_str(&translated);
        end + 1
    }

    /// `x AS TYPE` as a cast.
    fn cast(&self, argument: &[Token<'_>]) -> String {
        let Some((to, value)) = argument.split_last() else { return String::new() };
        let value = trim(value).split_last().map_or(&[][..], |(_, value)| trim(value));
        let to = match to.text {
            "INTEGER" => self.dialect.integer(),
            "TEXT" => self.dialect.text(),
            "DATE" => return self.dialect.date_of_text(&self.of(value)),
            other => other,
        };
        format!("CAST({} AS {to})", self.of(value))
    }

    /// The seconds from 1970 to the beginning of a day, `2017-01-01`, or to a time of day with its zone, `2017-01-01T12:00-05:00`.
    fn moment(&self, text: &str) -> String {
        let values = Values::from([("x", text.to_owned())]);
        translate(
            "(day_of(CAST(substr(:x, 1, 10) AS DATE)) * 86400 + CASE WHEN length(:x) = 10 THEN 0 ELSE
        CAST(nullif(substr(:x, 12, 2), '') AS INTEGER) * 3600 + CAST(nullif(substr(:x, 15, 2), '') AS INTEGER) * 60
        + CASE WHEN substr(:x, 17, 1) = ':' THEN CAST(nullif(substr(:x, 18, 2), '') AS INTEGER) ELSE 0 END
        - CASE WHEN :x LIKE '%Z' THEN 0 ELSE CASE WHEN substr(:x, length(:x) - 5, 1) = '-' THEN -1 ELSE 1 END
          * (CAST(substr(:x, length(:x) - 4, 2) AS INTEGER) * 3600 + CAST(substr(:x, length(:x) - 1, 2) AS INTEGER) * 60) END END)",
            self.dialect,
            &values,
        )
    }
}

/// The position of the parenthesis that closes the one before these tokens.
fn closing(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" if token.sort == Sort::Sign => depth += 1,
            ")" if token.sort == Sort::Sign && depth == 0 => return at,
            ")" if token.sort == Sort::Sign => depth -= 1,
            _ => (),
        }
    }
    tokens.len()
}

/// Splits the arguments of a call at its commas.
fn split<'a, 't>(tokens: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    let (mut arguments, mut begin, mut depth) = (Vec::new(), 0, 0);
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" if token.sort == Sort::Sign => depth += 1,
            ")" if token.sort == Sort::Sign => depth -= 1,
            "," if token.sort == Sort::Sign && depth == 0 => {
                arguments.push(&tokens[begin..at]);
                begin = at + 1;
            }
            _ => (),
        }
    }
    arguments.push(&tokens[begin..]);
    arguments
}

/// The tokens without the space around them.
fn trim<'a, 't>(tokens: &'a [Token<'t>]) -> &'a [Token<'t>] {
    let is_space = |token: &Token<'_>| token.sort == Sort::Space;
    let begin = tokens.iter().position(|token| !is_space(token)).unwrap_or(tokens.len());
    let end = tokens.iter().rposition(|token| !is_space(token)).map_or(begin, |last| last + 1);
    &tokens[begin..end]
}

/// A number of days from an expression that ends with `* 86400`, the number of seconds in a day.
fn without_seconds<'a, 't>(seconds: &'a [Token<'t>]) -> &'a [Token<'t>] {
    let star = seconds.iter().rposition(|token| token.is_sign("*")).unwrap_or(seconds.len());
    trim(&seconds[..star])
}
