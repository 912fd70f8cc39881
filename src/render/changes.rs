//! Changes as a digest, for a terminal or in Markdown: one section for each sort of event.

use std::io::Write;

use crate::error::Result;
use crate::ledger::action::what;
use crate::model::count::{Count, quantity};
use crate::model::{Relation, Sign};
use crate::render::style::Style;
use crate::render::text::{visible, wrapped};
use crate::render::{Head, handle, markdown, verb};
use crate::report::Names;
use crate::report::changes::Change;

/// The sections in their order: the event and the heading.
const SECTIONS: [(&str, &str); 13] = [
    ("act", "Acts"),
    ("answered", "Answered"),
    ("waived", "Waived"),
    ("reversed", "Reversed"),
    ("executed", "Carried out"),
    ("reinstated", "Open again"),
    ("extended", "Deadlines moved"),
    ("due", "Deadlines"),
    ("logged", "New in the ledger"),
    ("corrected", "Corrected"),
    ("voided", "Voided"),
    ("opened", "More is open than was known"),
    ("settled", "Less is open than was known"),
];

/// Writes the digest.
///
/// # Errors
/// `out` cannot be written.
pub fn digest(rows: &[Change], title: &str, head: &Head, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", style.bold(visible(&head.line(title))))?;
    if rows.is_empty() {
        writeln!(out, "\nNothing changed.")?;
    }
    let digits = rows.iter().map(|row| handle(row.id).len()).max().unwrap_or(0);
    let indent = digits + 4;
    for (heading, section) in sections(rows) {
        writeln!(out, "\n{}", style.bold(heading))?;
        for row in section {
            let id = style.dim(format!("{:>digits$}", handle(row.id)));
            writeln!(out, "  {id}  {}", wrapped(&visible(&format!("{}  {}", row.date, sentence(row, names))), style.width, indent))?;
            if let Some(summary) = summary(row) {
                writeln!(out, "{}{}", " ".repeat(indent), wrapped(&visible(summary), style.width, indent))?;
            }
        }
    }
    Ok(())
}

/// Writes the digest in Markdown.
///
/// # Errors
/// `out` cannot be written.
pub fn markdown(rows: &[Change], title: &str, head: &Head, names: &Names, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "# {}", markdown::text(&head.line(title)))?;
    if rows.is_empty() {
        writeln!(out, "\nNothing changed.")?;
    }
    for (heading, section) in sections(rows) {
        writeln!(out, "\n## {heading}\n")?;
        for row in section {
            let text = markdown::text(&sentence(row, names));
            let summary = summary(row).map_or(String::new(), |summary| format!(". {}", markdown::text(summary)));
            writeln!(out, "- {} ({}) {text}{summary}", markdown::text(&row.date), markdown::text(&handle(row.id)))?;
        }
    }
    Ok(())
}

/// The sections that have rows.
fn sections(rows: &[Change]) -> impl Iterator<Item = (&'static str, Vec<&Change>)> {
    let sections = SECTIONS.iter().map(|(event, heading)| (*heading, rows.iter().filter(|row| row.event == *event).collect::<Vec<_>>()));
    sections.filter(|(_, rows)| !rows.is_empty())
}

/// The summary, under an act that is new to the reader.
fn summary(row: &Change) -> Option<&str> {
    row.summary.as_deref().filter(|_| matches!(row.event.as_str(), "act" | "logged"))
}

/// What happened: `United States -> Russia: expulsion of 35 persons; answered by #12`, or `20 persons answered by #12; 15 persons open`.
fn sentence(row: &Change, names: &Names) -> String {
    let act =
        format!("{} -> {}: {}", names.of(&row.actor), names.of(&row.target), what(&row.kind, row.count, &row.unit, row.stage, row.sign));
    let amount = |n: Option<Count>| quantity(row.count.part(n), &row.unit);
    let open = |n: Option<Count>| if n == Some(0) { "nothing".to_owned() } else { amount(n) };
    let still_open = if row.open == Some(0) { String::new() } else { format!("; {} open", amount(row.open)) };
    let changed = row.changed.as_deref().map_or(String::new(), |changed| format!("; {changed}"));
    match row.event.as_str() {
        "act" | "logged" | "due" => format!("{act}{still_open}"),
        "corrected" if row.open_before != row.open => format!("{act}{changed}; open: {} -> {}", open(row.open_before), open(row.open)),
        "corrected" => format!("{act}{changed}"),
        "extended" => format!("{act}{changed}, by {}", row.by_id.map_or(String::new(), handle)),
        "voided" => format!("{act}{changed}"),
        "opened" | "settled" => format!("{act}; open: {} -> {}", open(row.open_before), open(row.open)),
        event => {
            let by = row.by_id.map_or(String::new(), |id| format!(" by {}", handle(id)));
            // The act itself says the whole count.
            let is_whole = row.sign == Sign::Neutral || row.amount == row.count.number();
            let settled = if is_whole { String::new() } else { format!("{} ", quantity(row.amount, &row.unit)) };
            // Only an answer leaves something open that the same event could have settled.
            let rest = if event == "answered" { still_open } else { String::new() };
            format!("{act}; {settled}{}{by}{rest}", participle(event, row.sign))
        }
    }
}

/// The event as a participle: a gesture is returned, a hostile act is answered.
fn participle(event: &str, sign: Sign) -> &str {
    match event {
        "answered" if verb(Relation::Answers, sign, sign) == "returns" => "returned",
        "executed" => "carried out",
        "reinstated" => "opened again",
        event => event,
    }
}
