//! Reading the weights of one scale: the CSV that `recip scale show NAME --format csv` writes, as a person edited it.

use std::collections::HashSet;
use std::path::Path;

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::ledger::catalogue::{self, Kind, Scale, ScaleChange, Weight};
use crate::ledger::load::problems::Problems;
use crate::model::{Stage, name};

use super::csv::CsvTable;
use super::decode::Text;
use super::input::{Input, ReadOptions, counted};
use crate::model::cell::unguarded;

/// The columns, as `scale show` writes them.
const COLUMNS: [&str; 5] = ["scale", "kind", "stage", "weight", "per"];

/// Brings the weights of one scale into a ledger. The file is the whole of the scale: what it does not weigh has no
/// weight there any more. A row without a stage is of acts done, one without `per` counts per action.
/// `scale` gives the name, whatever the rows say, and what is known of a scale that is new; `None`: the rows name it.
///
/// # Errors
/// The file cannot be read, or rows cannot be taken: every one of them is named, and nothing is changed.
pub fn import_scale(ledger: &mut Ledger, file: &Path, scale: Option<&Scale>, options: &ReadOptions) -> Result<(Scale, ScaleChange)> {
    let kinds = catalogue::list_kinds(ledger.connection())?;
    let weights = read(file, scale.map(|s| s.name.as_str()), options, &kinds)?;
    let named = match (scale, weights.first()) {
        (Some(scale), _) => scale.clone(),
        (None, Some(weight)) => Scale { name: weight.scale.clone(), title: None, source: None },
        (None, None) => {
            let way_out = "give it rows, or the scale's name with --name".to_owned();
            return Err(Error::File {
                file: file.display().to_string(),
                why: "it has no weights, and so names no scale".to_owned(),
                way_out,
            });
        }
    };
    ledger.replace_scale(&named, &weights)
}

fn read(file: &Path, scale: Option<&str>, options: &ReadOptions, kinds: &[Kind]) -> Result<Vec<Weight>> {
    let input = Input::open(file, options)?;
    let mut problems = Problems::default();
    let text = Text::new(counted(&input.path, &Default::default())?, options.encoding.as_deref(), true)?;
    let Some((mut table, names)) = CsvTable::open(text, &input.name, &mut problems)? else { return Ok(Vec::new()) };
    let needed: &[&str] = if scale.is_some() { &["kind", "weight"] } else { &["scale", "kind", "weight"] };
    let places = table.columns(&names, &COLUMNS, needed)?;
    let (mut weights, mut met) = (Vec::<Weight>::new(), HashSet::new());
    while let Some(at) = table.next(&mut problems)? {
        let cells = [0, 1, 2, 3, 4].map(|n| unguarded(table.cell(places[n])).trim());
        let one = named(cells[0], scale, weights.first());
        match one.and_then(|scale| weight(scale, cells, kinds)) {
            Ok(weight) if !met.insert((weight.kind.clone(), weight.stage)) => {
                let why = format!("{} {} is weighed twice; help: leave one of the rows out", weight.kind, weight.stage);
                problems.add(at, Some("kind"), why);
            }
            Ok(weight) => weights.push(weight),
            Err((column, why)) => problems.add(at, Some(column), why),
        }
    }
    problems.tell()?;
    Ok(weights)
}

/// A column that cannot be taken, and why.
type Wrong = (&'static str, String);

/// The scale of a row: the one asked for, else the one that every row names.
fn named<'a>(said: &'a str, asked: Option<&'a str>, first: Option<&'a Weight>) -> std::result::Result<&'a str, Wrong> {
    match (asked, first) {
        (Some(asked), _) => Ok(asked),
        (None, _) if said.is_empty() => {
            Err(("scale", "the row names no scale; help: name it in every row, or for all of them with --name".to_owned()))
        }
        (None, Some(first)) if first.scale != said => {
            let why = format!("this row is of '{said}', and the first of '{}'; help: give a file a scale, or --name one", first.scale);
            Err(("scale", why))
        }
        (None, _) => Ok(said),
    }
}

fn weight(scale: &str, cells: [&str; 5], kinds: &[Kind]) -> std::result::Result<Weight, Wrong> {
    let [_, kind, stage, weight, per] = cells;
    Ok(Weight {
        scale: scale.to_owned(),
        kind: known(kind, kinds).map_err(|why| ("kind", why))?,
        stage: if stage.is_empty() { Stage::Done } else { stage.parse().map_err(|e: Error| ("stage", e.to_string()))? },
        weight: number(weight).ok_or_else(|| {
            let why = format!("'{weight}' is no weight; help: a number with a point, not beyond a billion: -4.0; negative is conflict");
            ("weight", why)
        })?,
        per: match per {
            "" | "action" => "action".to_owned(),
            "unit" => "unit".to_owned(),
            other => return Err(("per", format!("'{other}' is neither 'action' nor 'unit'; help: write one of them"))),
        },
    })
}

fn known(given: &str, kinds: &[Kind]) -> std::result::Result<String, String> {
    if let Some(kind) = kinds.iter().find(|k| k.name == given) {
        return Ok(kind.name.clone());
    }
    let near = name::nearest(given, kinds.iter().map(|k| k.name.as_str()));
    let near = near.first().map_or(String::new(), |n| format!("; did you mean {n}?"));
    Err(format!("there is no kind '{given}'{near}; help: 'recip kind list' shows them"))
}

fn number(text: &str) -> Option<f64> {
    text.replace('\u{2212}', "-").parse().ok().filter(|weight: &f64| weight.abs() <= 1e9)
}
