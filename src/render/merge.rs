//! The differences between two copies of a ledger, and the questions of a merge.

use std::io::Write;

use crate::error::Result;
use crate::ledger::merge::{Difference, Question};
use crate::model::counted;
use crate::render::grid::Grid;
use crate::render::style::Style;
use crate::render::text::visible;

/// Writes the differences in three parts: what changed here, what changed in the other copy, and what both changed.
///
/// # Errors
/// `out` cannot be written.
pub fn differences(all: &[Difference], style: Style, out: &mut dyn Write) -> Result<()> {
    let mut parts = Vec::new();
    for (side, heading) in [("ours", "Changed here"), ("theirs", "Changed in the other copy"), ("both", "Changed in both copies")] {
        let mut grid = Grid::new(style, "  ", &["", "field", "base", "ours", "theirs", "by"]);
        let mut listed = 0;
        for difference in all.iter().filter(|difference| difference.side == side) {
            let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            let by = match side {
                "ours" => vec![&difference.ours_by],
                "theirs" => vec![&difference.theirs_by],
                _ => vec![&difference.ours_by, &difference.theirs_by],
            };
            let by: Vec<&str> = by.into_iter().flatten().map(|by| day(by)).collect();
            let Difference { what, field, base, ours, theirs, .. } = difference;
            grid.row([what.clone(), field.clone(), shown(base), shown(ours), shown(theirs), by.join(", ")]);
            listed += 1;
        }
        if listed > 0 {
            parts.push(format!("{}\n{}", style.bold(heading), grid.lines()));
        }
    }
    if parts.is_empty() {
        writeln!(out, "the two are the same")?;
    }
    write!(out, "{}", parts.join("\n"))?;
    Ok(())
}

/// Who made a change, and the day, without the time.
fn day(by: &str) -> &str {
    by.ends_with('Z').then(|| by.get(..by.len().saturating_sub("T00:00:00Z".len()))).flatten().unwrap_or(by)
}

/// Writes the open questions.
///
/// # Errors
/// `out` cannot be written.
pub fn questions(all: &[Question], style: Style, out: &mut dyn Write) -> Result<()> {
    let open: Vec<&Question> = all.iter().filter(|question| question.choice.is_none()).collect();
    let verb = if open.len() == 1 { "is" } else { "are" };
    writeln!(out, "{}", style.bold(format!("{} {verb} open", counted(open.len() as u64, "questions"))))?;
    for asked in open {
        writeln!(out, "\n{}", question(asked))?;
    }
    Ok(())
}

/// One question, with what each copy has and who made it so.
pub fn question(asked: &Question) -> String {
    let Question { what, field, question, base, ours, theirs, ours_by, theirs_by, choices, .. } = asked;
    let mut lines = vec![format!("{}, {}: {}", visible(what), visible(field), visible(question))];
    let by = |by: &Option<String>| by.as_ref().map_or(String::new(), |by| format!("  ({by})"));
    for (side, value, by) in [("base", base, String::new()), ("ours", ours, by(ours_by)), ("theirs", theirs, by(theirs_by))] {
        if side != "base" || value.is_some() {
            let value = value.as_deref().unwrap_or("-");
            lines.push(format!("  {side:<7} {}{}", visible(value), visible(&by)));
        }
    }
    lines.push(format!("  choose  {}", choices.replace(' ', ", ")));
    lines.join("\n")
}
