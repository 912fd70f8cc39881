//! Pending threats and announcements, and deadlines of acts that are done, as text, the nearest deadline first.

use std::io::Write;

use crate::error::Result;
use crate::ledger::action::what;
use crate::model::{Sign, Stage, quantity};
use crate::render::handle;
use crate::render::style::Style;
use crate::render::text::{age, visible, wrapped};
use crate::report::Names;
use crate::report::pending::Pending;

/// Writes the list: the acts under each deadline, then those without a deadline. `empty` stands in place of an empty list.
///
/// # Errors
/// `out` cannot be written.
pub fn table(rows: &[Pending], heading: &str, empty: &str, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", style.bold(visible(heading)))?;
    if rows.is_empty() {
        writeln!(out, "\n{}", empty)?;
    }
    let ids = rows.iter().map(|row| row.id.to_string().len()).max().unwrap_or(0);
    let mut last = None;
    for row in rows {
        if last != Some(&row.deadline) {
            let deadline = row.deadline.as_deref().map_or("no deadline".to_owned(), |d| format!("{d}  {}", due(row)));
            writeln!(out, "\n{}", style.bold(visible(deadline.trim_end())))?;
            last = Some(&row.deadline);
        }
        let who = format!("{} -> {}", names.of(&row.actor), names.of(&row.target));
        let what = what(&row.kind, row.count, &row.unit, row.stage, Sign::Hostile);
        let passed = if row.stage == Stage::Done && row.has_passed() { ", passed" } else { "" };
        let text = format!("{}  {who}: {what} ({} d{passed})", row.date, age(&row.date, row.age_days));
        let indent = ids + 5;
        let id = style.dim(format!("{:>1$}", handle(row.id), ids + 1));
        writeln!(out, "  {id}  {}", wrapped(&visible(&text), style.width, indent))?;
        if let Some(summary) = &row.summary {
            writeln!(out, "{}{}", " ".repeat(indent), wrapped(&visible(summary), style.width, indent))?;
        }
    }
    Ok(())
}

/// The time left until the deadline, for a table: `in 31 d`, `5 h ago`; empty: there is no deadline.
pub(super) fn due(row: &Pending) -> String {
    due_in(row, |n, unit| {
        let symbol = match unit {
            "days" => "d",
            "hours" => "h",
            _ => "min",
        };
        format!("{n} {symbol}")
    })
}

/// The time left until the deadline, for a sentence: `in 31 days`, `5 hours ago`; empty: there is no deadline.
pub(super) fn due_in_words(row: &Pending) -> String {
    due_in(row, |n, unit| quantity(Some(n), unit))
}

fn due_in(row: &Pending, amount: fn(i64, &str) -> String) -> String {
    match (row.hours_left, row.days_left) {
        (Some(hours), _) if hours >= 0.0 => format!("in {}", span(hours, amount)),
        (Some(hours), _) => format!("{} ago", span(-hours, amount)),
        (None, Some(0)) => "today".to_owned(),
        (None, Some(days)) if days > 0 => format!("in {}", amount(days, "days")),
        (None, Some(days)) => format!("{} ago", amount(-days, "days")),
        (None, None) => String::new(),
    }
}

/// A time span: in minutes below one hour, in days and hours below a week, then in days.
fn span(hours: f64, amount: fn(i64, &str) -> String) -> String {
    let minutes = (hours * 60.0).round() as i64;
    match (minutes / 1440, minutes / 60 % 24) {
        (0, 0) => amount(minutes, "minutes"),
        (0, hours) => amount(hours, "hours"),
        (days, hours) if days < 7 && hours > 0 => format!("{} {}", amount(days, "days"), amount(hours, "hours")),
        (days, _) => amount(days, "days"),
    }
}
