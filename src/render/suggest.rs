//! Suggested answers as text: each open claim with the acts that may answer it.

use std::io::Write;

use crate::error::Result;
use crate::ledger::action::what;
use crate::model::{Count, Sign, quantity};
use crate::render::style::Style;
use crate::render::text::{visible, wrapped};
use crate::render::{Head, handle};
use crate::report::Names;
use crate::report::suggest::Suggestion;

/// The indentation of the lines under a claim.
const INDENT: usize = 8;

/// Writes the list.
///
/// # Errors
/// `out` cannot be written.
pub fn table(rows: &[Suggestion], head: &Head, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", style.bold(visible(&head.line("Suggested answers"))))?;
    if rows.is_empty() {
        writeln!(out, "\nNothing is suggested.")?;
    }
    let mut last = None;
    for row in rows {
        if last != Some(row.claim_id) {
            last = Some(row.claim_id);
            writeln!(out, "\n{}", wrapped(&visible(&claim(row, names)), style.width, 2))?;
        }
        let score = format!("{:.2}", row.score);
        writeln!(out, "  {}  {}", style.bold(score), wrapped(&visible(&answer(row, names)), style.width, INDENT))?;
        for text in [&row.reasons, &row.command] {
            writeln!(out, "{}{}", " ".repeat(INDENT), wrapped(&visible(text), style.width, INDENT))?;
        }
    }
    Ok(())
}

fn claim(row: &Suggestion, names: &Names) -> String {
    let what = what(&row.claim_kind, row.claim_count.into(), &row.claim_unit, row.claim_stage, Sign::Hostile);
    let who = format!("{} -> {}", names.of(&row.claim_actor), names.of(&row.claim_target));
    format!("{} {} {who}: {what}{}", handle(row.claim_id), row.claim_date, open_part(row.claim_count, row.claim_open, &row.claim_unit))
}

fn answer(row: &Suggestion, names: &Names) -> String {
    let what = what(&row.answer_kind, row.answer_count.into(), &row.answer_unit, row.answer_stage, Sign::Hostile);
    let who = format!("{} -> {}", names.of(&row.answer_actor), names.of(&row.answer_target));
    format!("{} {} {who}: {what}{}", handle(row.answer_id), row.answer_date, open_part(row.answer_count, row.answer_open, &row.answer_unit))
}

/// The open part of an act, if it is not all of it: `; 1 measure open`.
fn open_part(count: Option<Count>, open: Option<Count>, unit: &str) -> String {
    if open == count { String::new() } else { format!("; {} open", quantity(open, unit)) }
}
