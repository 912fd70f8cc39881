//! Sources as text.

use std::io::Write;

use crate::error::Result;
use crate::ledger::action::what;
use crate::ledger::catalogue::Source;
use crate::model::{Reading, StatedCount};
use crate::render::grid::Grid;
use crate::render::style::Style;
use crate::render::text::{visible, wrapped};
use crate::report::Names;
use crate::report::show::Cited;
use crate::report::source::SourceDetail;

/// Writes a list of sources, one per line.
///
/// # Errors
/// `out` cannot be written.
pub fn table(sources: &[Source], style: Style, out: &mut dyn Write) -> Result<()> {
    let mut grid = Grid::new(style, "", &[">id", "date", "publisher", "title", "source"]);
    for s in sources {
        let text = |t: &Option<String>| t.clone().unwrap_or_default();
        grid.line([s.id.to_string(), text(&s.date), text(&s.publisher), text(&s.title), s.cite.clone()]);
    }
    Ok(write!(out, "{}", if sources.is_empty() { String::new() } else { grid.lines() })?)
}

/// Writes one source with all its details and the actions that cite it.
///
/// # Errors
/// `out` cannot be written.
pub fn page(shown: &SourceDetail, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    let source = &shown.source;
    writeln!(out, "{}", style.bold(visible(&format!("source {}: {}", source.id, source.cite))))?;
    for (label, value) in source.details() {
        if let Some(value) = value.filter(|v| *v != source.cite) {
            writeln!(out, "  {} {}", style.dim(format!("{label:<9}")), wrapped(&visible(value), style.width, 12))?;
        }
    }
    if !shown.cited_for.is_empty() {
        writeln!(out, "\n{}", style.bold("Cited by"))?;
    }
    for a in &shown.cited_for {
        let act = what(&a.kind, a.count, &a.unit, a.stage, a.sign);
        let voided = if a.voided.is_some() { " (voided)" } else { "" };
        let difference = differences(&a.reading);
        let text = format!("#{} {} {} -> {}: {act}{voided}{difference}", a.id, a.date, names.of(&a.actor), names.of(&a.target));
        writeln!(out, "  {}", wrapped(&visible(&text), style.width, 4))?;
    }
    Ok(())
}

/// One source on a line, as an action cites it.
pub(super) fn cited(cited: &Cited) -> String {
    let source = &cited.source;
    let mut text = source.cite.clone();
    for (field, value) in source.details() {
        let Some(value) = value.filter(|v| *v != source.cite) else { continue };
        text.push_str(&match field {
            "author" => format!(", by {value}"),
            "accessed" => format!(", accessed {value}"),
            "archive" => format!(", archived at {value}"),
            "quote" => format!(": \"{value}\""),
            _ => format!(", {value}"),
        });
    }
    text + &differences(&cited.reading)
}

/// Where the source differs from the action: ` - gives the count as 700`.
fn differences(reading: &Reading) -> String {
    said(reading).iter().map(|said| format!(" - {said}")).collect()
}

/// What a source says that differs from the action: `gives the count as 700`, `denies it`.
pub(super) fn said(reading: &Reading) -> Vec<String> {
    let date = reading.date.as_ref().map(|date| format!("gives the date as {}", visible(date)));
    let count = (reading.count != StatedCount::Unknown).then(|| format!("gives the count as {}", reading.count));
    let denies = reading.denies.then(|| "denies it".to_owned());
    [date, count, denies].into_iter().flatten().collect()
}

/// The sources that deny the act: `denied by The Times; TASS`; `None`: no source does.
pub(super) fn denied(sources: &[Cited]) -> Option<String> {
    let denying: Vec<&str> = sources.iter().filter(|s| s.reading.denies).map(|s| s.source.cite.as_str()).collect();
    (!denying.is_empty()).then(|| format!("denied by {}", denying.join("; ")))
}
