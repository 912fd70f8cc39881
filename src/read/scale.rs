//! Reads the weights of one scale from CSV, in the form that `recip scale show NAME --format csv` writes.

use std::collections::HashSet;
use std::path::Path;

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::ledger::catalogue::{self, Kind, OtherWeights, Scale, ScaleChange, Weight};
use crate::ledger::load::problems::Problems;
use crate::model::{Stage, name};

use super::csv::CsvTable;
use super::decode::Text;
use super::input::{Input, ReadOptions};
use crate::model::csv_cell::unguarded;

/// The columns that `scale show` writes.
const COLUMNS: [&str; 5] = ["scale", "kind", "stage", "weight", "per"];

/// Adds the weights of a file to one scale of a ledger, or changes them there; `others` says what happens to the scale's other weights. A
/// row without a stage is for acts done, and one without `per` weighs each action once. `scale` overrides the name in the rows and gives
/// the title and source of a new scale. `None`: the rows name the scale.
///
/// # Errors
/// The file cannot be read, or rows are invalid: the error lists every invalid row, and nothing is changed.
pub fn import_scale(
    ledger: &mut Ledger,
    file: &Path,
    scale: Option<&Scale>,
    others: OtherWeights,
    options: &ReadOptions,
) -> Result<(Scale, ScaleChange)> {
    let kinds = catalogue::list_kinds(ledger.connection())?;
    let weights = read(file, scale.map(|s| s.name.as_str()), options, &kinds)?;
    let named = match (scale, weights.first()) {
        (Some(scale), _) => scale.clone(),
        (None, Some(weight)) => Scale { name: weight.scale.clone(), title: None, source: None },
        (None, None) => {
            let way_out = "add rows to the file, or name the scale with --name".to_owned();
            return Err(Error::File {
                file: file.display().to_string(),
                why: "the file has no rows, so it does not name a scale".to_owned(),
                way_out,
            });
        }
    };
    ledger.put_weights(&named, &weights, others)
}

fn read(file: &Path, scale: Option<&str>, options: &ReadOptions, kinds: &[Kind]) -> Result<Vec<Weight>> {
    let input = Input::open(file, options)?;
    let mut problems = Problems::default();
    let text = Text::new(input.counted(&Default::default())?, options.encoding.as_deref(), true)?;
    let needed: &[&str] = if scale.is_some() { &["kind", "weight"] } else { &["scale", "kind", "weight"] };
    let Some(mut table) = CsvTable::open(text, &input.name, &COLUMNS, needed, &mut problems)? else { return Ok(Vec::new()) };
    let (mut weights, mut seen) = (Vec::<Weight>::new(), HashSet::new());
    while let Some(at) = table.next(&mut problems)? {
        let cells = [0, 1, 2, 3, 4].map(|n| unguarded(table.cell(n)).trim());
        let scale = scale_of_row(cells[0], scale, weights.first());
        match scale.and_then(|scale| weight(scale, cells, kinds)) {
            Ok(weight) if !seen.insert((weight.kind.clone(), weight.stage)) => {
                let why = format!("{} at the stage '{}' has two weights; help: delete one of the rows", weight.kind, weight.stage);
                problems.add(at, Some("kind"), why);
            }
            Ok(weight) => weights.push(weight),
            Err((column, why)) => problems.add(at, Some(column), why),
        }
    }
    problems.result()?;
    Ok(weights)
}

/// An invalid column and why it is invalid.
type Wrong = (&'static str, String);

/// The scale of a row: the one requested, or else the one that the row names, which must be the same in all rows.
fn scale_of_row<'a>(name: &'a str, requested: Option<&'a str>, first: Option<&'a Weight>) -> std::result::Result<&'a str, Wrong> {
    match (requested, first) {
        (Some(requested), _) => Ok(requested),
        (None, _) if name.is_empty() => {
            Err(("scale", "the row names no scale; help: name the scale in every row, or for all rows with --name".to_owned()))
        }
        (None, Some(first)) if first.scale != name => {
            let why = format!(
                "the scale '{name}' differs from '{}' in the first row; help: use a file for each scale, or name the scale with --name",
                first.scale
            );
            Err(("scale", why))
        }
        (None, _) => Ok(name),
    }
}

fn weight(scale: &str, cells: [&str; 5], kinds: &[Kind]) -> std::result::Result<Weight, Wrong> {
    let [_, kind, stage, weight, per] = cells;
    Ok(Weight {
        scale: scale.to_owned(),
        kind: known(kind, kinds).map_err(|why| ("kind", why))?,
        stage: if stage.is_empty() { Stage::Done } else { stage.parse().map_err(|e: Error| ("stage", e.to_string()))? },
        weight: number(weight).ok_or_else(|| {
            let why = format!(
                "'{weight}' is not a weight; help: give a number from -1,000,000,000 to 1,000,000,000, such as -4.0; negative is conflict"
            );
            ("weight", why)
        })?,
        per: match per {
            "" | "action" => "action".to_owned(),
            "unit" => "unit".to_owned(),
            other => return Err(("per", format!("'{other}' is not a unit of weight; help: write 'action' or 'unit'"))),
        },
    })
}

fn known(given: &str, kinds: &[Kind]) -> std::result::Result<String, String> {
    if let Some(kind) = kinds.iter().find(|k| k.name.eq_ignore_ascii_case(given)) {
        return Ok(kind.name.clone());
    }
    let near = name::nearest(given, kinds.iter().map(|k| k.name.as_str()));
    let near = near.first().map_or(String::new(), |n| format!("; did you mean {n}?"));
    Err(format!("there is no kind '{given}'{near}; help: 'recip kind list' shows the kinds"))
}

fn number(text: &str) -> Option<f64> {
    text.replace('\u{2212}', "-").parse().ok().filter(|weight: &f64| weight.abs() <= 1e9)
}
