//! Suggested answers, for people: under each open claim the acts that may answer it.

use std::io::Write;

use crate::error::Result;
use crate::ledger::action::what;
use crate::model::{Sign, quantity};
use crate::render::grid::Grid;
use crate::render::style::Style;
use crate::render::text::{visible, wrapped};
use crate::render::{Head, handle};
use crate::report::Names;
use crate::report::suggest::{Suggestion, Taken};

/// How far the lines under a claim are set in.
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
    let open = match row.claim_open {
        open if open == row.claim_count => String::new(),
        open => format!("; {} open", quantity(open, &row.claim_unit)),
    };
    let what = what(&row.claim_kind, row.claim_count, &row.claim_unit, row.claim_stage, Sign::Hostile);
    let who = format!("{} -> {}", names.of(&row.claim_actor), names.of(&row.claim_target));
    format!("{} {} {who}: {what}{open}", handle(row.claim_id), row.claim_date)
}

fn answer(row: &Suggestion, names: &Names) -> String {
    let left = match row.answer_open {
        left if left == row.answer_count => String::new(),
        left => format!("; {} of it answer nothing yet", quantity(left, &row.answer_unit)),
    };
    let what = what(&row.answer_kind, row.answer_count, &row.answer_unit, row.answer_stage, Sign::Hostile);
    let who = format!("{} -> {}", names.of(&row.answer_actor), names.of(&row.answer_target));
    format!("{} {} {who}: {what}{left}", handle(row.answer_id), row.answer_date)
}

/// Writes a table of those that were taken.
///
/// # Errors
/// `out` cannot be written.
pub fn taken(rows: &[Taken], style: Style, out: &mut dyn Write) -> Result<()> {
    let mut grid = Grid::new(style, "", &["date", ">score", "", "answers", ">covers", ">spends", ""]);
    for row in rows {
        let (answer, claim) = (format!("#{} {}", row.answer_id, row.answer_ref), format!("#{} {}", row.claim_id, row.claim_ref));
        grid.row([
            row.date.clone(),
            format!("{:.2}", row.score),
            answer,
            claim,
            row.covers.to_string(),
            row.spends.to_string(),
            String::new(),
        ]);
    }
    Ok(write!(out, "{}", if rows.is_empty() { "No suggested answer was taken.\n".to_owned() } else { grid.lines() })?)
}
