//! The balance as a table, one block per pair.

use std::collections::BTreeMap;
use std::io::Write;

use crate::error::Result;
use crate::model::count::{Approximation, Count, Total, quantity};
use crate::render::Head;
use crate::render::grid::Grid;
use crate::render::style::Style;
use crate::render::text::visible;
use crate::report::Names;
use crate::report::balance::{Balance, GroupBalance, net_weight, weights};

/// Writes the table; the totals of a group come last.
///
/// # Errors
/// `out` cannot be written.
pub fn table(rows: &[Balance], total: Option<&GroupBalance>, head: &Head, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", style.bold(visible(&head.line("Balance"))))?;
    if rows.is_empty() {
        writeln!(out, "\nNothing is on record.")?;
        return Ok(());
    }
    writeln!(out, "{}", style.dim("net: the first party minus the second; hostile acts have negative weights"))?;
    for pair in rows.chunk_by(|x, y| (&x.party_a, &x.party_b) == (&y.party_a, &y.party_b)) {
        let Some(first) = pair.first() else { continue };
        block(&format!("{} and {}", names.of(&first.party_a), names.of(&first.party_b)), first, pair, style, out)?;
    }
    if let Some((total, first)) = total.and_then(|total| Some((total, total.rows.first()?))) {
        block(&total.title, first, &total.rows, style, out)?;
    }
    for (at, note) in notes(rows, head.scale.as_deref().unwrap_or_default()).iter().enumerate() {
        writeln!(out, "{}{}", if at == 0 { "\n" } else { "" }, visible(note))?;
    }
    Ok(())
}

/// What the counts and the weights leave out, by kind.
pub(super) fn notes(rows: &[Balance], scale: &str) -> Vec<String> {
    let reversed =
        by_kind(rows, |row| row.a_reversed + row.b_reversed).map(|acts| format!("reversed, so only the weights include them: {acts}"));
    let unweighted = unweighted(rows).map(|acts| format!("without a weight on the {scale} scale: {acts}"));
    reversed.into_iter().chain(unweighted).collect()
}

/// The acts that have no weight on the scale, by kind: `flag-burning (2 acts)`; `None`: all have a weight.
pub(super) fn unweighted(rows: &[Balance]) -> Option<String> {
    by_kind(rows, |row| row.a_unweighted + row.b_unweighted)
}

fn by_kind(rows: &[Balance], acts: fn(&Balance) -> i64) -> Option<String> {
    let mut kinds: BTreeMap<&str, i64> = BTreeMap::new();
    for row in rows.iter().filter(|row| acts(row) > 0) {
        *kinds.entry(&row.kind).or_default() += acts(row);
    }
    let kinds: Vec<String> = kinds.into_iter().map(|(kind, acts)| format!("{kind} ({})", quantity(Some(acts), "acts"))).collect();
    (!kinds.is_empty()).then(|| kinds.join(", "))
}

/// Writes the rows of one pair, the first of which is `first`.
fn block(title: &str, first: &Balance, rows: &[Balance], style: Style, out: &mut dyn Write) -> Result<()> {
    let (a, b) = (&first.party_a, &first.party_b);
    writeln!(out, "\n{}", style.bold(visible(title)))?;
    let (of_a, of_b) = (format!(">{a}"), format!(">{b}"));
    let open = [format!(">{a} open"), format!(">{b} open")];
    let weight = [format!(">{a} weight"), format!(">{b} weight")];
    let headings = ["kind", "unit", &of_a, &of_b, ">net count", &open[0], &open[1], &weight[0], &weight[1], ">net weight", ""];
    let mut grid = Grid::new(style, "  ", &headings);
    for row in rows {
        grid.row(cells(row));
    }
    grid.row(sum(rows));
    Ok(write!(out, "{}", grid.lines())?)
}

fn cells(row: &Balance) -> [String; 11] {
    [
        row.kind.clone(),
        row.unit.clone(),
        total(row.a_count, row.a_has_unknown, row.a_count_is, "-"),
        total(row.b_count, row.b_has_unknown, row.b_count_is, "-"),
        net_count(row),
        total(row.a_open, row.a_open_has_unknown, row.a_open_is, "-"),
        total(row.b_open, row.b_open_has_unknown, row.b_open_is, "-"),
        weight(row.a_weight),
        weight(row.b_weight),
        weight(row.net_weight),
        String::new(),
    ]
}

/// How many more the first side did: `+5`, `-5`, `~+5` if it is about 5, `?` if a count is unknown or only a lower bound.
fn net_count(row: &Balance) -> String {
    let about = if row.a_count_is.or(row.b_count_is).is_some() { "~" } else { "" };
    row.net_count.map_or("?".to_owned(), |n| format!("{about}{}{n}", if n > 0 { "+" } else { "" }))
}

/// The row of totals. Only weights are added up; the counts of different kinds have different units. A side whose acts have no weight has a
/// blank, and so has the net weight.
fn sum(pair: &[Balance]) -> [String; 11] {
    let sides = weights(pair);
    let mut cells = [const { String::new() }; 11];
    cells[0] = "all".to_owned();
    cells[7] = weight(sides[0].total());
    cells[8] = weight(sides[1].total());
    cells[9] = weight(net_weight(sides));
    cells
}

/// A total of counts: `35`, `35+` if it is at least 35, `~35` if it is about 35, `35 + ?` if there are unknown counts too, `?` if no count is known, `zero` for 0.
pub(super) fn total(count: Option<Count>, has_unknown: bool, approximation: Option<Approximation>, zero: &str) -> String {
    let mut total = Total::default();
    total.add(count, approximation);
    if has_unknown {
        total.add(None, None);
    }
    if count == Some(0) && !has_unknown { zero.to_owned() } else { total.to_string() }
}

fn weight(weight: Option<f64>) -> String {
    match weight {
        None => String::new(),
        // Avoids "-0.0".
        Some(points) => format!("{:.1}", if points == 0.0 { 0.0 } else { points }),
    }
}
