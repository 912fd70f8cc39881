//! Reads JSON Lines, and JSON whose objects are in one array.

use std::collections::HashSet;
use std::io::Read;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};

use crate::error::Result;
use crate::ledger::load::catalogue_table::TABLES;
use crate::ledger::load::problems::{Place, Problems};
use crate::ledger::load::record::{ACTION, COLUMNS, Columns, Draft, Item, LINKS, LinkDraft, SourceDraft};
use crate::ledger::load::{Sink, some};
use crate::model::{Amount, Cite, Date, LinkSpec, Quantity, Reading, Relation, StatedCount, count};

use super::decode::Text;
use super::json_objects::{Distinct, Objects};
use crate::model::csv_cell::cite_once;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CitedLine {
    cite: String,
    says_date: Option<String>,
    says_count: Option<Value>,
    says_words: Option<String>,
    #[serde(default)]
    denies: bool,
}

/// A quantity in the line of an action: its parts, or one text as people write it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum QuantityLine {
    Parts { name: String, value: Value, unit: String },
    Text(String),
}

impl QuantityLine {
    fn text(&self) -> String {
        match self {
            QuantityLine::Text(text) => text.clone(),
            QuantityLine::Parts { name, value: Value::String(value), unit } => format!("{name} {value} {unit}"),
            QuantityLine::Parts { name, value, unit } => format!("{name} {value} {unit}"),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkLine {
    action: String,
    relation: String,
    earlier: String,
    stated: Option<i64>,
    stated_spends: Option<i64>,
    /// The amounts that the link settles are computed from the facts, so they are ignored.
    #[serde(default, rename = "derived")]
    _derived: IgnoredAny,
}

/// Reads a JSON Lines file.
pub(super) fn read(input: Box<dyn Read>, file: &str, encoding: Option<&str>, problems: &mut Problems, sink: &mut Sink<'_>) -> Result<()> {
    let text = Text::new(input, encoding, false)?;
    let number = problems.file(file);
    let mut objects = Objects::new(text, file);
    let columns = COLUMNS.map(|column| !LINKS.contains(&column));
    while let Some((line, object)) = objects.next()? {
        let at = Place { file: number, line: u32::try_from(line).unwrap_or(u32::MAX) };
        if let Err(why) = take(object, columns, at, problems, sink)? {
            problems.add(at, None, why);
        }
    }
    Ok(())
}

/// Passes the record in one object to `sink`. `columns` are those of actions. The inner error says why the line has no valid form.
fn take(object: &str, columns: Columns, at: Place, problems: &mut Problems, sink: &mut Sink<'_>) -> Result<Result<(), String>> {
    let mut object = match serde_json::from_str(object) {
        Ok(Distinct(Value::Object(object))) => object,
        other => {
            let why = other.err().map_or_else(String::new, |e| format!(" ({e})"));
            let is_number = |part: &str| ["NaN", "Infinity", "-Infinity"].iter().any(|number| part.trim_start().starts_with(number));
            let way_out = if object.split([':', ',', '[']).any(is_number) {
                "JSON has no NaN and no Infinity: write null where a value is missing"
            } else {
                "write one object per line or an array of objects, and check that the file is complete"
            };
            return Ok(Err(format!("this is not a JSON object{why}; help: {way_out}")));
        }
    };
    let row_type = object.remove("type");
    // Other programs write no type.
    let untyped = if object.contains_key("date") && object.contains_key("kind") { "action" } else { "" };
    let row_type = row_type.as_ref().map_or(Some(untyped), Value::as_str).unwrap_or_default();
    if let Some(table) = TABLES.iter().find(|t| t.row == row_type) {
        return match texts(object, table.row, table.columns, &[]) {
            Ok(fact) => sink(Item::Fact(at, table, fact), problems).map(Ok),
            Err(why) => Ok(Err(why)),
        };
    }
    match row_type {
        "action" => take_action(object, columns, at, problems, sink),
        "link" => match parse::<LinkLine>(Value::Object(object)).and_then(|l| Ok((link(&l)?, l))) {
            Ok((link, line)) => sink(Item::Link(at, &line.action, link), problems).map(Ok),
            Err(why) => Ok(Err(why)),
        },
        "source" => match parse::<SourceDraft>(Value::Object(object)) {
            Ok(source) => sink(Item::Source(at, source), problems).map(Ok),
            Err(why) => Ok(Err(why)),
        },
        _ => {
            let known: Vec<&str> = TABLES.iter().map(|t| t.row).chain(["source", "action", "link"]).collect();
            if row_type.is_empty() {
                let fields: Vec<&str> = object.keys().map(String::as_str).collect();
                return Ok(Err(format!(
                    "these fields are not those of an action: {}; help: name them date, actor, target, kind and count, or save the table as CSV, \
                     for which 'recip import' proposes what its columns mean; other records have a field 'type': {}",
                    fields.join(", "),
                    known.join(", ")
                )));
            }
            Ok(Err(format!("unknown type '{row_type}'; help: use one of these types: {}", known.join(", "))))
        }
    }
}

/// The columns in which a number is taken for its digits: a count, a ref, or the code of a party in a code book.
const NUMBERS: [&str; 4] = ["count", "ref", "actor", "target"];

fn parse<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|e| format!("{e}; help: write the line as 'recip export jsonl' does"))
}

/// Takes the texts of the columns out of an object; `None` for a field that is missing or null. The object has no fields but these and
/// `others`, which have been taken out.
fn texts(mut object: Map<String, Value>, row: &str, columns: &[&str], others: &[&str]) -> Result<Vec<Option<String>>, String> {
    let mut texts = Vec::with_capacity(columns.len());
    for column in columns {
        texts.push(match object.remove(*column) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(Value::Number(n)) if NUMBERS.contains(column) => Some(n.to_string()),
            Some(Value::Number(n)) if *column == "weight" => n.as_f64().map(|w| format!("{w:?}")),
            Some(other) if *column == "count" => {
                return Err(format!("count must be a number or a string, not {other}; help: write it like 35 or \"20-30\""));
            }
            Some(other) => return Err(format!("{column} must be a string, not {other}; help: put it in quotes")),
        });
    }
    match object.keys().next() {
        None => Ok(texts),
        Some(unknown) => Err(format!(
            "unknown field '{unknown}' in a row of type {row}; help: use these fields: {}",
            [columns, others].concat().join(", ")
        )),
    }
}

/// The sources of an action, each as an object. Other programs write texts, or null for none.
fn sources_as_objects(sources: Value) -> Value {
    let object = |source: Value| match source {
        Value::String(cite) => serde_json::json!({ "cite": cite }),
        other => other,
    };
    match sources {
        Value::Null => Value::Array(Vec::new()),
        Value::String(cite) => Value::Array(vec![object(Value::String(cite))]),
        Value::Array(list) => Value::Array(list.into_iter().map(object).collect()),
        other => other,
    }
}

fn take_action(
    mut object: Map<String, Value>,
    columns: Columns,
    at: Place,
    problems: &mut Problems,
    sink: &mut Sink<'_>,
) -> Result<Result<(), String>> {
    // The amounts in force and open are computed from the facts, so they are ignored.
    object.remove("derived");
    let (mut bad, mut sources, mut seen) = (false, Vec::new(), HashSet::new());
    if let Some(cited) = object.remove("sources") {
        let cited: Vec<CitedLine> = match parse(sources_as_objects(cited)) {
            Ok(cited) => cited,
            Err(why) => return Ok(Err(format!("sources: {why}"))),
        };
        for cited in &cited {
            let says_count = match &cited.says_count {
                None => String::new(),
                Some(Value::String(text)) => text.clone(),
                Some(number) => number.to_string(),
            };
            let says = [cited.says_date.as_deref().unwrap_or_default(), &says_count, cited.says_words.as_deref().unwrap_or_default()];
            match cite(&cited.cite, says, cited.denies) {
                Ok(cite) => cite_once(&mut sources, &mut seen, cite),
                Err(e) => {
                    problems.add(at, Some("sources"), e);
                    bad = true;
                }
            }
        }
    }
    let mut quantities: Vec<Quantity> = Vec::new();
    if let Some(given) = object.remove("quantities") {
        let given: Vec<QuantityLine> = match parse(given) {
            Ok(given) => given,
            Err(why) => return Ok(Err(format!("quantities: {why}"))),
        };
        for line in &given {
            match line.text().parse::<Quantity>() {
                Ok(quantity) => quantities.push(quantity),
                Err(e) => {
                    problems.add(at, Some("quantities"), e);
                    bad = true;
                }
            }
        }
    }
    let texts = match texts(object, "action", &ACTION, &["sources", "quantities"]) {
        Ok(texts) => texts,
        Err(why) => return Ok(Err(why)),
    };
    let texts = texts.iter().map(|text| text.as_deref().unwrap_or_default());
    let draft = Draft { sources: &sources, quantities: &quantities, columns, bad, ..Draft::from_texts(texts) };
    sink(Item::Action(at, draft), problems).map(Ok)
}

/// Builds a citation from its parts.
pub(super) fn cite(cite: &str, [date, count, words]: [&str; 3], denies: bool) -> Result<Cite> {
    if cite.is_empty() {
        return Err(crate::Error::invalid("source", cite, "it is empty", "give a URL or a line that names the source"));
    }
    if cite.contains('\0') {
        return Err(crate::Error::invalid("source", cite, "it contains a NUL character", "remove it"));
    }
    let date = some(date).map(|date| date.parse::<Date>().map(|date| date.to_string())).transpose()?;
    let reading = Reading { date, count: StatedCount::from_cells(count, words)?, denies };
    if denies && (Reading { denies: false, ..reading.clone() }) != Reading::default() {
        let why = "it denies the action, so it can give no date or count";
        return Err(crate::Error::invalid("source", cite, why, "leave out denies, or the date and the count"));
    }
    Ok(Cite { cite: cite.to_owned(), reading })
}

fn link(line: &LinkLine) -> Result<LinkDraft, String> {
    stated(&line.relation, &line.earlier, line.stated, line.stated_spends)
}

/// Builds a link with the amounts that the file states. Amounts that it does not state are computed.
pub(super) fn stated(relation: &str, earlier: &str, covers: Option<i64>, spends: Option<i64>) -> Result<LinkDraft, String> {
    let relation: Relation = relation.parse().map_err(|e: crate::Error| e.to_string())?;
    if let Some(amount) = covers.into_iter().map(|c| c - 1).chain(spends).find(|a| !(0..=count::MOST).contains(a)) {
        return Err(format!("the stated amount {amount} is not from 1 to 1,000,000,000; help: correct it or leave it out"));
    }
    if covers.is_none() && spends.is_some() {
        return Err("stated_spends is given without stated; help: give both or neither".to_owned());
    }
    Ok(LinkDraft { relation, spec: LinkSpec { earlier: earlier.to_owned(), amount: Amount { covers, spends } } })
}
