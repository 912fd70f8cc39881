//! The history of changes as text.

use std::io::Write;

use serde_json::{Map, Value};

use crate::error::Result;
use crate::ledger::history::{Change, Op, Touch, Touched};
use crate::model::quantity::Decimal;
use crate::render::style::Style;
use crate::render::text::visible;
use crate::report::Names;

/// Writes one change: its time, author and command, and what it changed.
///
/// # Errors
/// `out` cannot be written.
pub fn change(change: &Change, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    let undone = change.undone_by.map_or(String::new(), |by| format!("  (undone by {by})"));
    let undoes = change.undoes.map_or(String::new(), |of| format!("  (reverts {of})"));
    let head = format!("{}  {}  {}", change.id, change.at, change.who);
    let command = if change.command.is_empty() { String::new() } else { format!("  {}", change.command) };
    writeln!(out, "{}{}{}", style.bold(visible(&head)), visible(&command), style.dim(format!("{undoes}{undone}")))?;
    for line in lines(change, names) {
        writeln!(out, "  {}", visible(&line))?;
    }
    Ok(())
}

/// What a change did: a line per row, or only the number of rows if there are many.
pub fn lines(change: &Change, names: &Names) -> Vec<String> {
    let merged =
        change.merged.iter().map(|merged| format!("merged: {}  {}  {}", merged.at, merged.who, merged.command).trim_end().to_owned());
    match &change.rows {
        Some(rows) => merged.chain(rows.iter().flat_map(|row| recited(row, rows).unwrap_or_else(|| touch(row, names)))).collect(),
        None => {
            let counts: Vec<String> = change.counts.iter().map(counted).collect();
            merged.chain([counts.join(", ")]).collect()
        }
    }
}

fn counted(touched: &Touched) -> String {
    let table = match (touched.table.as_str(), touched.rows) {
        ("suggested_link", 1) => "suggested answer".to_owned(),
        ("merged_change", 1) => "merged change".to_owned(),
        ("merged_change", _) => "merged changes".to_owned(),
        (table, 1) => table.to_owned(),
        ("party", _) => "parties".to_owned(),
        ("alias", _) => "aliases".to_owned(),
        ("feed_batch", _) => "feed batches".to_owned(),
        ("suggested_link", _) => "suggested answers".to_owned(),
        (table, _) => format!("{table}s"),
    };
    let done = match touched.op {
        Op::Insert => "added",
        Op::Update => "changed",
        Op::Delete => "removed",
    };
    format!("{} {table} {done}", thousands(touched.rows))
}

fn thousands(n: i64) -> String {
    Decimal::from(n).grouped()
}

/// What a row of a source says that a change removed from an action and added to it again, in another place or with another reading: the
/// differences, once. `None`: it is not such a row.
fn recited(row: &Touch, rows: &[Touch]) -> Option<Vec<String>> {
    let source = |row: &Touch| row.after.as_ref().or(row.before.as_ref()).and_then(|image| image.get("source_id").cloned());
    let other = match row.op {
        _ if row.table != "citation" => return None,
        Op::Update => return None,
        Op::Insert => Op::Delete,
        Op::Delete => Op::Insert,
    };
    let mut pairs = rows.iter().filter(|r| r.table == "citation" && r.op == other && first(r) == first(row) && source(r) == source(row));
    match (pairs.next(), pairs.next()) {
        (Some(pair), None) if row.op == Op::Delete => {
            let (before, after) = (row.before.as_ref()?, pair.after.as_ref()?);
            Some(differences(&format!("#{} {}", first(row), name(row, before)), before, after))
        }
        (Some(_), None) => Some(Vec::new()),
        _ => None,
    }
}

fn touch(row: &Touch, names: &Names) -> Vec<String> {
    let none = Map::new();
    let (before, after) = (row.before.as_ref().unwrap_or(&none), row.after.as_ref().unwrap_or(&none));
    let name = name(row, if row.op == Op::Delete { before } else { after });
    match (row.table.as_str(), row.op) {
        ("action", Op::Insert) => vec![format!("logged {name} {}", act(after, names))],
        ("action", Op::Delete) => vec![format!("removed {name} {}", act(before, names))],
        ("link", Op::Insert) => vec![format!("added the link: {name}{}", amount(after))],
        ("link", Op::Delete) => vec![format!("removed the link: {name}{}", amount(before))],
        ("suggested_link", Op::Insert) => vec![format!("added the suggestion: {name}{}", amount(after))],
        ("suggested_link", Op::Delete) => vec![format!("removed the suggestion: {name}{}", amount(before))],
        ("feed_batch", Op::Insert) => vec![format!("imported {}", batch(after))],
        ("feed_batch", Op::Delete) => vec![format!("removed {}", batch(before))],
        ("candidate", Op::Update) => vec![reviewed(&name, before, after)],
        ("citation", Op::Insert) => vec![format!("#{} cites {name}", first(row))],
        ("citation", Op::Delete) => vec![format!("#{} no longer cites {name}", first(row))],
        (table, Op::Insert) => vec![format!("added {name}{}", called(table, after))],
        (table, Op::Delete) => vec![format!("removed {name}{}", called(table, before))],
        ("citation", Op::Update) => differences(&format!("#{} {name}", first(row)), before, after),
        (_, Op::Update) => differences(&name, before, after),
    }
}

/// The label of a row: `#7`, `#7 answers #1`, `party TUR`.
fn name(row: &Touch, image: &Map<String, Value>) -> String {
    let key: Vec<String> = row.key.iter().map(plain).collect();
    match row.table.as_str() {
        "action" => format!("#{}", key.join(" ")),
        "link" => format!("#{} {} #{}", text(image, "action_id"), text(image, "relation"), text(image, "earlier_id")),
        "suggested_link" => format!("#{} answers #{}", text(image, "action_id"), text(image, "earlier_id")),
        "citation" => format!("source {}", text(image, "source_id")),
        "quantity" => format!("#{}", key.join(" ")),
        "source" if image.contains_key("cite") => format!("source {}: {}", key.join(" "), text(image, "cite")),
        table => format!("{table} {}", key.join(" ")),
    }
}

fn first(row: &Touch) -> String {
    row.key.first().map_or(String::new(), plain)
}

/// `2017-07-28 Russia -> United States: announced expulsion, 755`; an unknown count is left out.
fn act(image: &Map<String, Value>, names: &Names) -> String {
    let stage = match text(image, "stage").as_str() {
        "threatened" => "threat of ",
        "announced" => "announced ",
        _ => "",
    };
    let (actor, target) = (text(image, "actor"), text(image, "target"));
    let kind = text(image, "kind").replace('-', " ");
    let image = &with_stated_count(image);
    let count = image.get("count").filter(|c| !c.is_null()).map_or(String::new(), |c| format!(", {}", plain(c)));
    format!("{} {} -> {}: {stage}{kind}{count}", text(image, "date"), names.of(&actor), names.of(&target))
}

/// `4 reports from gdelt`.
fn batch(image: &Map<String, Value>) -> String {
    let number = |field| image.get(field).and_then(Value::as_i64).unwrap_or_default();
    let reports = number("upto").saturating_sub(number("above"));
    format!("{} {} from {}", thousands(reports), if reports == 1 { "report" } else { "reports" }, text(image, "feed"))
}

/// `candidate 12 confirmed as #7`; for an undo, `candidate 12 is no longer confirmed`.
fn reviewed(name: &str, before: &Map<String, Value>, after: &Map<String, Value>) -> String {
    let reason = after.get("reason").and_then(Value::as_str).map_or(String::new(), |reason| format!(": {reason}"));
    match after.get("review").and_then(Value::as_str) {
        Some("confirmed") => format!("{name} confirmed as #{}", text(after, "action_id")),
        Some("merged") => format!("{name} merged into #{}", text(after, "action_id")),
        Some(review) => format!("{name} {review}{reason}"),
        None => format!("{name} is no longer {}", text(before, "review")),
    }
}

fn amount(image: &Map<String, Value>) -> String {
    match image.get("stated").and_then(Value::as_i64) {
        None => String::new(),
        Some(stated) => format!(" ({stated})"),
    }
}

fn called(table: &str, image: &Map<String, Value>) -> String {
    match table {
        "party" => format!(": {}", text(image, "name")),
        "alias" => format!(": {} for {}", text(image, "alias"), text(image, "party")),
        "kind" => format!(": {}, counted in {}", text(image, "sign"), text(image, "unit")),
        "weight" => format!(": {} per {}", value("weight", image.get("weight")), text(image, "per")),
        "dispute" => format!(": {}", text(image, "title")),
        "quantity" => format!(": {} {}", text(image, "value"), text(image, "unit")),
        _ => String::new(),
    }
}

/// The image of an action with its count as it was stated.
fn with_stated_count(image: &Map<String, Value>) -> Map<String, Value> {
    let mut image = image.clone();
    if let Some(words) = image.remove("count_words").filter(|words| !words.is_null()) {
        image.insert("count".to_owned(), words);
    }
    image
}

/// The changed fields, one per line: `#7 count: 755 -> 750`.
fn differences(name: &str, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<String> {
    let (before, after) = (with_stated_count(before), with_stated_count(after));
    let differ = before.iter().filter(|(field, old)| after.get(*field) != Some(*old));
    differ.map(|(field, old)| format!("{name} {field}: {} -> {}", value(field, Some(old)), value(field, after.get(field)))).collect()
}

fn value(field: &str, of: Option<&Value>) -> String {
    match of {
        None | Some(Value::Null) => if field == "count" { "?" } else { "-" }.to_owned(),
        // Stored with all digits; shown with the digits that were entered.
        Some(Value::String(digits)) if field == "weight" => digits.parse::<f64>().map_or_else(|_| digits.clone(), |w| w.to_string()),
        Some(other) => plain(other),
    }
}

fn text(image: &Map<String, Value>, field: &str) -> String {
    image.get(field).map_or("?".to_owned(), plain)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}
