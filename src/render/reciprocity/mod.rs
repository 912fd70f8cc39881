//! The measures as a table: one block per pair and period, with both directions side by side.

mod words;

use std::io::Write;

use serde::Serialize;

use crate::error::Result;
use crate::ledger::action::what;
use crate::model::Sign;
use crate::render::grid::Grid;
use crate::render::handle;
use crate::render::style::Style;
use crate::render::text::visible;
use crate::report::Names;
use crate::report::reciprocity::{ALL, Evidence, LEAST, Measure, Reciprocity, Terms};

use words::{cells, group, interval, is_bound, is_statistic, label, number};

/// Writes the table.
///
/// # Errors
/// `out` cannot be written.
pub fn table(rows: &[Reciprocity], head: &str, terms: &Terms, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    heading(head, terms, rows.is_empty(), style, out)?;
    for block in rows.chunk_by(|x, y| (pair(x), &x.period) == (pair(y), &y.period)) {
        let Some(first) = block.first() else { continue };
        let (a, b) = pair(first);
        let period = first.period.as_ref().map_or(String::new(), |p| format!(", {p}"));
        writeln!(out, "\n{}", style.bold(visible(&format!("{}{period}", title(a, b, names)))))?;
        let sides = if a == b { [">all pairs".to_owned(), String::new()] } else { [(a, b), (b, a)].map(direction) };
        let mut grid = Grid::new(style, "  ", &["", &sides[0], "", &sides[1], "", ""]);
        let mut group_above = 0;
        for (measure, unit, scale) in lines(block) {
            let of = |responder: &str| {
                block.iter().find(|r| r.responder == responder && r.measure == measure && (line_unit(r), &r.scale) == (unit, &scale))
            };
            if group(measure) != group_above {
                grid.row(std::iter::repeat_n(String::new(), 6));
                group_above = group(measure);
            }
            let both = [Some(a), Some(b).filter(|_| a != b)];
            let [(a_value, a_n), (b_value, b_n)] = both.map(|party| party.and_then(of).map_or(Default::default(), |row| cells(row, block)));
            grid.row([label(measure, unit, scale.as_deref(), terms), a_value, a_n, b_value, b_n, String::new()]);
        }
        write!(out, "{}", grid.lines())?;
    }
    Ok(())
}

/// One measure in both directions, for a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MeasureLine {
    /// The measure in words.
    pub label: String,
    /// The indentation level; 0 for a main measure.
    pub depth: usize,
    /// True if this is the first measure of a group.
    pub begins: bool,
    /// The values: the first party towards the second, then the reverse; `–`: not computed, for lack of cases.
    pub value: [String; 2],
    /// The cases behind each value: `3 of 8`; empty: all cases.
    pub n: [String; 2],
}

/// The measures of one pair and period, both directions side by side, without the measures that only papers need. A measure without a value
/// in either direction is left out unless a measure indented under it is shown.
pub fn side_by_side(rows: &[Reciprocity], parties: [&str; 2], terms: &Terms) -> Vec<MeasureLine> {
    let mut shown: Vec<(usize, MeasureLine)> = Vec::new();
    for (measure, unit, scale) in lines(rows).into_iter().rev().filter(|(measure, ..)| !is_statistic(*measure)) {
        let of = |responder: &str| {
            rows.iter().find(|r| r.responder == responder && r.measure == measure && (line_unit(r), &r.scale) == (unit, &scale))
        };
        let [(a, a_n), (b, b_n)] = parties.map(|party| of(party).map_or(Default::default(), |row| cells(row, rows)));
        let label = label(measure, unit, scale.as_deref(), terms);
        let depth = label.chars().take_while(|c| *c == ' ').count() / 2;
        let has_detail = shown.last().is_some_and(|(group_below, below)| *group_below == group(measure) && below.depth > depth);
        if has_detail || [&a, &b].iter().any(|value| !matches!(value.as_str(), "" | "-" | "0")) {
            let value = [a, b].map(|value| if value == "-" { "–".to_owned() } else { value.replace('-', "−") });
            shown.push((group(measure), MeasureLine { label: label.trim_start().to_owned(), depth, begins: false, value, n: [a_n, b_n] }));
        }
    }
    shown.reverse();
    let mut group_above = 0;
    let lines = shown.into_iter().map(|(group, line)| MeasureLine { begins: std::mem::replace(&mut group_above, group) != group, ..line });
    lines.collect()
}

/// Writes the actions behind one measure, listed under each of its values in `rows`.
///
/// # Errors
/// `out` cannot be written.
pub fn explained(
    rows: &[Reciprocity],
    (measure, evidence): (Measure, &[Evidence]),
    head: &str,
    terms: &Terms,
    names: &Names,
    style: Style,
    out: &mut dyn Write,
) -> Result<()> {
    heading(head, terms, rows.is_empty(), style, out)?;
    for row in rows.iter().filter(|row| row.measure == measure) {
        let period = row.period.as_ref().map_or(String::new(), |p| format!(", {p}"));
        let label = label(row.measure, line_unit(row), row.scale.as_deref(), terms);
        let (value, n) = cells(row, rows);
        let name = |code: &str| if code == ALL { "all parties".to_owned() } else { names.of(code).to_string() };
        let (responder, other) = (name(&row.responder), name(&row.other));
        let who = format!("{responder} to {other}{period}: {}: {value} {n}{}", label.trim_start(), interval(row));
        writeln!(out, "\n{}", style.bold(visible(who.trim_end())))?;
        let actions: Vec<&Evidence> = evidence
            .iter()
            .filter(|e| {
                (&e.responder, &e.other, &e.period, &e.unit, &e.scale) == (&row.responder, &row.other, &row.period, &row.unit, &row.scale)
            })
            .collect();
        if actions.is_empty() {
            continue;
        }
        let mut grid = Grid::new(style, "  ", &[">", "date", "what", ">amount", "counted", "summary"]);
        for e in actions {
            grid.line([
                handle(e.id),
                e.date.clone(),
                format!("{} to {}: {}", e.actor, e.target, what(&e.kind, e.count.into(), &e.counts_in, e.stage, Sign::Hostile)),
                e.amount.map_or(String::new(), number),
                if e.counted { "yes" } else { "no" }.to_owned(),
                e.summary.clone().unwrap_or_default(),
            ]);
        }
        write!(out, "{}", grid.lines())?;
    }
    Ok(())
}

fn heading(head: &str, terms: &Terms, empty: bool, style: Style, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", style.bold(visible(head)))?;
    if empty {
        writeln!(out, "\nNothing is on record.")?;
        return Ok(());
    }
    let dash = format!("-: not computed, because there are fewer than {LEAST} cases or no median yet");
    writeln!(out, "{}", style.dim(format!("window {} days, half-life {} days; {dash}", terms.within, terms.half_life)))?;
    Ok(())
}

fn title(a: &str, b: &str, names: &Names) -> String {
    match (a, b) {
        (ALL, ALL) => "All pairs".to_owned(),
        (ALL, party) => format!("{} and all others", names.of(party)),
        _ => format!("{} and {}", names.of(a), names.of(b)),
    }
}

/// The head of a column: `>RUS to USA`.
fn direction((responder, other): (&str, &str)) -> String {
    let code = |code| if code == ALL { "others" } else { code };
    format!(">{} to {}", code(responder), code(other))
}

/// The codes of the pair, in alphabetical order; all parties come first.
fn pair(row: &Reciprocity) -> (&str, &str) {
    let (a, b) = (row.responder.as_str(), row.other.as_str());
    if a < b { (a, b) } else { (b, a) }
}

/// The lines of a block: each measure once for each of its units or scales. The bounds of a median have no line of their own.
fn lines(block: &[Reciprocity]) -> Vec<(Measure, &str, Option<String>)> {
    let shown = block.iter().filter(|row| !is_bound(row.measure));
    let mut lines: Vec<(Measure, &str, Option<String>)> = shown.map(|r| (r.measure, line_unit(r), r.scale.clone())).collect();
    lines.sort();
    lines.dedup();
    lines
}

/// The unit, if the measure has one line per unit; otherwise empty.
fn line_unit(row: &Reciprocity) -> &str {
    if row.measure == Measure::ProportionCount { &row.unit } else { "" }
}
