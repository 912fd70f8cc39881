//! Sources as text.

use std::io::Write;

use crate::error::Result;
use crate::ledger::action::what;
use crate::ledger::catalogue::Source;
use crate::model::count::Count;
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
        let difference = differences(a.says_date.as_deref(), a.says_count);
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
    text + &differences(cited.says_date.as_deref(), cited.says_count)
}

/// Where the source differs from the action: ` - gives the count as 700`.
fn differences(date: Option<&str>, count: Option<Count>) -> String {
    let date = date.map_or(String::new(), |date| format!(" - gives the date as {date}"));
    date + &count.map_or(String::new(), |count| format!(" - gives the count as {count}"))
}
