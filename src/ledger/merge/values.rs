//! The fields of a row that are compared together, and how a report shows their values.

use serde_json::Value;

use crate::error::Result;
use crate::model::details::NAMES;
use crate::model::{Amount, LinkSpec, StatedCount};

use super::copies::{Copy, written};
use super::key::{ACTION, CITATION, Fact, Key, LINK, QUANTITY};

/// The facts of an action. If both copies touched any of them, a person decides on all of them together.
pub(super) const FACTS: [&str; 8] = ["date", "actor", "target", "kind", "count", "count_words", "stage", "voided"];

/// When an action was logged: of two times, the earlier one counts.
pub(super) const STAMP: &str = "logged_at";
/// The tags of an action. A tag that either copy added or removed is added or removed.
pub(super) const TAGS: &str = "tags";

/// The columns of a table in groups. The columns of a group are decided on together. The position of a citation is not among them: it follows from the
/// others.
pub(super) fn groups(key: &Key) -> Vec<Vec<&'static str>> {
    match key.place {
        ACTION => [FACTS.to_vec()].into_iter().chain(NAMES.iter().map(|name| vec![*name])).chain([vec![STAMP]]).collect(),
        LINK => vec![vec!["stated", "stated_spends"]],
        CITATION => vec![vec!["says_date", "says_count", "says_words", "denies"]],
        QUANTITY => vec![vec!["value", "unit"]],
        _ if matches!(key.table().name, "alias" | "weight") => vec![key.table().columns.to_vec()],
        _ => key.table().columns.iter().filter(|column| **column != "cite").map(|column| vec![*column]).collect(),
    }
}

/// The values of these columns; a row that does not exist has no values.
pub(super) fn values<'f>(fact: Option<&'f Fact>, columns: &[&str]) -> Vec<&'f Value> {
    columns.iter().map(|column| fact.and_then(|f| f.get(*column)).unwrap_or(&Value::Null)).collect()
}

/// A value as text; `None` if there is none.
fn text(fact: &Fact, column: &str) -> Option<String> {
    match fact.get(column) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
    }
}

fn count(fact: &Fact, number: &str, words: &str) -> StatedCount {
    StatedCount::from_columns(fact.get(number).and_then(Value::as_i64), text(fact, words).as_deref())
}

/// The columns of a group whose values are not the same in all these rows. A count and its words are one.
pub(super) fn differing<'c>(columns: &[&'c str], facts: &[Option<&Fact>]) -> Vec<&'c str> {
    let differs = |column: &str| {
        let parts: &[&str] = if column == "count" { &["count", "count_words"] } else { &[column] };
        facts.windows(2).any(|pair| values(pair[0], parts) != values(pair[1], parts))
    };
    columns.iter().filter(|column| **column != "count_words").copied().filter(|column| differs(column)).collect()
}

/// The name of the field in which rows differ.
pub(super) fn field(ours: &Copy<'_>, theirs: &Copy<'_>, key: &Key, columns: &[&str]) -> Result<String> {
    Ok(match key.place {
        LINK => format!("{} {}", key.names[1], written(ours, theirs, &key.names[2])?),
        CITATION => format!("source {}", key.names[1]),
        QUANTITY => format!("quantity {}", key.names[1]),
        _ => columns.join(", "),
    })
}

/// The name of the whole row as a field.
pub(super) fn row_field(ours: &Copy<'_>, theirs: &Copy<'_>, key: &Key) -> Result<String> {
    match key.place {
        LINK | CITATION | QUANTITY => field(ours, theirs, key, &[]),
        _ => Ok(key.table().name.to_owned()),
    }
}

/// The values of a row in these columns, which are all of one group.
pub(super) fn shown(key: &Key, columns: &[&str], fact: Option<&Fact>) -> Option<String> {
    let fact = fact?;
    match (key.place, columns) {
        (LINK | CITATION | QUANTITY, _) => Some(described(key, fact)),
        (ACTION, ["count"]) => Some(count(fact, "count", "count_words").to_string()),
        (_, [column]) => text(fact, column),
        (ACTION, several) => {
            let part = |column: &&str| match *column {
                "count" => Some(format!("count {}", count(fact, "count", "count_words"))),
                column => Some(format!("{column} {}", text(fact, column)?)),
            };
            Some(several.iter().filter_map(part).collect::<Vec<_>>().join(", "))
        }
        _ => Some(described(key, fact)),
    }
}

/// A whole row in words.
pub(super) fn described(key: &Key, fact: &Fact) -> String {
    let given = |column: &str| text(fact, column).unwrap_or_default();
    match key.place {
        ACTION => {
            let count = match count(fact, "count", "count_words") {
                StatedCount::Unknown => String::new(),
                count => format!(", {count}"),
            };
            let stage = Some(given("stage")).filter(|stage| stage != "done").map_or(String::new(), |stage| format!(", {stage}"));
            let voided = if text(fact, "voided").is_some() { ", voided" } else { "" };
            let (date, actor, target, kind) = (given("date"), given("actor"), given("target"), given("kind"));
            format!("{date} {actor} -> {target}: {kind}{count}{stage}{voided}")
        }
        LINK => {
            let number = |column: &str| fact.get(column).and_then(Value::as_i64);
            let amount = Amount { covers: number("stated"), spends: number("stated_spends") };
            if amount == Amount::default() {
                return "no stated amount".to_owned();
            }
            LinkSpec { earlier: String::new(), amount }.to_string().trim_start_matches(':').to_owned()
        }
        CITATION => {
            let said = count(fact, "says_count", "says_words");
            let count = if said == StatedCount::Unknown { None } else { Some(format!("says {said}")) };
            let denies = (fact.get("denies").and_then(Value::as_i64) == Some(1)).then(|| "denies it".to_owned());
            let date = text(fact, "says_date").map(|date| format!("says {date}"));
            let parts: Vec<String> = [date, count, denies].into_iter().flatten().collect();
            if parts.is_empty() { "cited".to_owned() } else { parts.join(", ") }
        }
        QUANTITY => format!("{} {}", given("value"), given("unit")),
        _ => {
            let other = key.table().columns.iter().filter(|column| **column != "cite");
            other.filter_map(|column| text(fact, column)).collect::<Vec<_>>().join(", ")
        }
    }
}
