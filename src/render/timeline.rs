//! The timeline as text: each action, its links, and what was open after it.

use std::io::Write;

use crate::error::Result;
use crate::ledger::action::what;
use crate::model::Sign;
use crate::render::style::Style;
use crate::render::text::{visible, wrapped};
use crate::render::{Head, handle};
use crate::report::Names;
use crate::report::timeline::Event;

/// Writes the timeline.
///
/// # Errors
/// `out` cannot be written.
pub fn table(rows: &[Event], head: &Head, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", style.bold(visible(&head.line("Timeline"))))?;
    if rows.is_empty() {
        writeln!(out, "\nNothing is on record.")?;
    }
    // With several pairs, what is open is that of the pair of the act.
    let of_one_pair = rows.windows(2).all(|two| (&two[0].party_a, &two[0].party_b) == (&two[1].party_a, &two[1].party_b));
    let mut shown = None;
    for row in rows {
        if shown.replace(row.id) == Some(row.id) {
            // The same act between other parties.
            write_open(row, names, style, of_one_pair, out)?;
            continue;
        }
        let what = what(&row.kind, row.count, &row.unit, row.stage, Sign::Hostile);
        let who = format!("{} -> {}", names.of(&row.actor), names.of(&row.target));
        writeln!(out, "\n{}  {}  {}: {}", style.bold(&row.date), style.dim(handle(row.id)), visible(&who), visible(&what))?;
        let mut line = |label, text| write_line(label, text, style, out);
        if let Some(summary) = &row.summary {
            line("", summary)?;
        }
        if let Some(deadline) = &row.deadline {
            line("deadline ", deadline)?;
        }
        for link in row.links.iter().flat_map(|l| l.split(" | ")) {
            line("", link)?;
        }
        write_open(row, names, style, of_one_pair, out)?;
    }
    Ok(())
}

/// Writes a line below an act.
fn write_line(label: &str, text: &str, style: Style, out: &mut dyn Write) -> Result<()> {
    Ok(writeln!(out, "    {}{}", style.dim(label), wrapped(&visible(text), style.width, label.len() + 4))?)
}

/// Writes what is open after an act.
fn write_open(row: &Event, names: &Names, style: Style, of_one_pair: bool, out: &mut dyn Write) -> Result<()> {
    if of_one_pair {
        return write_line("open: ", &open(row, names), style, out);
    }
    let [a, b] = [&row.party_a, &row.party_b].map(|party| names.in_sentence(party));
    write_line("open ", &format!("between {a} and {b}: {}", open(row, names)), style, out)
}

fn open(row: &Event, names: &Names) -> String {
    let side = |party: &str, open: &str| (!open.is_empty()).then(|| format!("{open} against {}", names.in_sentence(party)));
    let sides: Vec<String> = [side(&row.party_a, &row.a_open), side(&row.party_b, &row.b_open)].into_iter().flatten().collect();
    if sides.is_empty() { "nothing".to_owned() } else { sides.join("; ") }
}
