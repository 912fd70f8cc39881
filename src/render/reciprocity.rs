//! The measures as a table: one block per pair and period, with both directions side by side.

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

/// The measures of one pair and period, both directions side by side, without those that only papers need. A measure without a value in either direction is left
/// out unless a measure indented under it is shown.
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

/// True if the measure is for papers, and not for a page that people read before a meeting.
fn is_statistic(measure: Measure) -> bool {
    use Measure::{Escalation, EscalationSpread, IncidenceAnswer, IncidenceReversal, IncidenceWaiver, MedianRetaliation};
    let of_answers = matches!(measure, Measure::AnswersReceived | Measure::RetaliatedAnswers);
    of_answers
        || matches!(measure, Escalation | EscalationSpread | IncidenceAnswer | IncidenceWaiver | IncidenceReversal | MedianRetaliation)
}

/// True if the measure is a bound of a median, which is shown in the line of the median.
fn is_bound(measure: Measure) -> bool {
    use Measure::{MedianFirstAnswerMax, MedianFirstAnswerMin, MedianFullAnswerMax, MedianFullAnswerMin};
    matches!(measure, MedianFirstAnswerMin | MedianFirstAnswerMax | MedianFullAnswerMin | MedianFullAnswerMax)
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

/// The number of the group that a measure belongs to. The table separates groups with a blank line.
fn group(measure: Measure) -> usize {
    use Measure::{
        ActsMade, ChanceAfter, MedianFirstAnswer, NetworkReciprocity, ProportionCount, ResponseRate, ThreatsMade, TitForTat, Weight,
    };
    let begins =
        [ResponseRate, MedianFirstAnswer, ProportionCount, ActsMade, TitForTat, ChanceAfter, Weight, ThreatsMade, NetworkReciprocity];
    begins.iter().filter(|first| **first <= measure).count()
}

fn label(measure: Measure, unit: &str, scale: Option<&str>, terms: &Terms) -> String {
    let label = match measure {
        Measure::ActsReceived => "acts received",
        Measure::Claims => "  that opened a claim",
        Measure::AnsweredFull => "    answered in full",
        Measure::AnsweredPart => "    answered in part",
        Measure::Waived => "    waived",
        Measure::Reversed => "    reversed by their actor",
        Measure::Open => "    unanswered and open",
        Measure::Solidarity => "  answered by third parties",
        Measure::AnswersReceived => "  that are answers themselves",
        Measure::RetaliatedAnswers => "    answered in turn",
        Measure::ResponseRate => return format!("answered within {} days", terms.within),
        Measure::ResponseUncertain => "  perhaps, but their dates leave it open",
        Measure::TooYoung => "  too recent to judge",
        Measure::InKind => "answered in kind",
        Measure::MedianFirstAnswer => "median time to first answer",
        Measure::MedianFirstAnswerMin => "  with the earliest dates",
        Measure::MedianFirstAnswerMax => "  with the latest dates",
        Measure::MedianFullAnswer => "median time to full answer",
        Measure::MedianFullAnswerMin => "  with the earliest dates",
        Measure::MedianFullAnswerMax => "  with the latest dates",
        Measure::MedianRetaliation => "median time to an answer in turn",
        Measure::IncidenceAnswer => return format!("probability of an answer within {} days", terms.within),
        Measure::IncidenceWaiver => "  of a waiver before any answer",
        Measure::IncidenceReversal => "  of a reversal before any answer",
        Measure::ProportionCount => return format!("ratio of answer to claim, {unit}"),
        Measure::OverAnswered => "  with a larger count",
        Measure::EvenlyAnswered => "  with an equal count",
        Measure::UnderAnswered => "  with a smaller count",
        Measure::ProportionWeight => return format!("ratio of answer to claim, {}", scale.unwrap_or_default()),
        Measure::Escalation => return format!("mean log of answer / claim{}", scale.map_or(String::new(), |scale| format!(", {scale}"))),
        Measure::EscalationSpread => return format!("  standard deviation{}", scale.map_or(String::new(), |scale| format!(", {scale}"))),
        Measure::ActsMade => "acts made",
        Measure::Opened => "  that answer no act",
        Measure::Followed => "  that answer the other side",
        Measure::Joined => "  in solidarity with a third party",
        Measure::TitForTat => "moves that match the other side's last",
        Measure::Retaliation => "  hostile after hostile",
        Measure::Forgiveness => "  friendly after hostile",
        Measure::Initiation => "  hostile after friendly",
        Measure::ChanceAfter => return format!("chance of an act within {} days of one received", terms.within),
        Measure::ChanceAny => return format!("chance of an act within any {} days", terms.within),
        Measure::Contingency => "  difference",
        Measure::ContingencyP => "    p value",
        Measure::Weight => return format!("weight of acts made, {}", scale.unwrap_or_default()),
        Measure::NetWeight => return format!("  minus the other side's, {}", scale.unwrap_or_default()),
        Measure::DecayedWeight => return format!("  decayed weight of acts received, {}", scale.unwrap_or_default()),
        Measure::ThreatsMade => "threats made",
        Measure::ThreatsExecuted => "  carried out",
        Measure::ThreatsWithdrawn => "  withdrawn",
        Measure::ThreatsLapsed => "  lapsed",
        Measure::ThreatsPending => "  pending",
        Measure::NetworkReciprocity => return format!("network reciprocity, {}", scale.unwrap_or("acts")),
    };
    label.to_owned()
}

/// The value as text, and the number of cases behind it. A median without a value is shown by its bounds in `block`, if it has both.
fn cells(row: &Reciprocity, block: &[Reciprocity]) -> (String, String) {
    let n = row.of.map_or(String::new(), |of| format!("of {of}"));
    let part = row.of.map_or(String::new(), |of| format!("{} of {of}", row.n));
    let Some(value) = row.value else { return (bounds(row, block).unwrap_or_else(|| "-".to_owned()), part) };
    match (row.measure, row.unit.as_str()) {
        (Measure::NetworkReciprocity, _) => (format!("{value:.2}"), part),
        (_, "acts") => (format!("{value:.0}"), n),
        (Measure::ContingencyP, _) => (format!("{value:.3}"), String::new()),
        (Measure::Contingency, _) => (format!("{:+.0} points", value * 100.0), String::new()),
        (_, "share") => (format!("{:.0} %", value * 100.0), part),
        (_, "days") => (format!("{value:.0} d"), part),
        (Measure::DecayedWeight, _) => (format!("{value:.4}"), part),
        (Measure::Weight | Measure::NetWeight, _) => (format!("{:.1}", if value == 0.0 { 0.0 } else { value }), part),
        _ => (format!("{value:.2}"), part),
    }
}

/// The bounds between which the dates leave a median: `0 to 364 d`.
fn bounds(row: &Reciprocity, block: &[Reciprocity]) -> Option<String> {
    let [min, max] = match row.measure {
        Measure::MedianFirstAnswer => [Measure::MedianFirstAnswerMin, Measure::MedianFirstAnswerMax],
        Measure::MedianFullAnswer => [Measure::MedianFullAnswerMin, Measure::MedianFullAnswerMax],
        _ => return None,
    };
    let of = |measure| {
        block.iter().find(|r| (&r.responder, &r.other, &r.period, r.measure) == (&row.responder, &row.other, &row.period, measure))?.value
    };
    match (of(min), of(max)) {
        (Some(min), Some(max)) => Some(format!("{min:.0} to {max:.0} d")),
        (Some(min), None) => Some(format!("{min:.0} d or more")),
        _ => None,
    }
}

/// The interval of a figure behind its value: `; 95 %: 23 to 88 %`, `; 95 %: 13 d or more`.
fn interval(row: &Reciprocity) -> String {
    let bound = |bound: f64| if row.unit == "share" { format!("{:.0}", bound * 100.0) } else { format!("{bound:.0}") };
    let unit = if row.unit == "share" { "%" } else { "d" };
    match (row.low, row.high) {
        (Some(low), Some(high)) => format!("; 95 %: {} to {} {unit}", bound(low), bound(high)),
        (Some(low), None) => format!("; 95 %: {} {unit} or more", bound(low)),
        _ => String::new(),
    }
}

/// A number with at most four decimals and without trailing zeros.
fn number(amount: f64) -> String {
    let text = format!("{amount:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
