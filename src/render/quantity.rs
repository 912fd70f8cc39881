//! The balance of a quantity as a table, one block per pair.

use std::io::Write;

use crate::error::Result;
use crate::model::quantity::Decimal;
use crate::render::Head;
use crate::render::grid::Grid;
use crate::render::style::Style;
use crate::render::text::visible;
use crate::report::Names;
use crate::report::quantity::QuantityBalance;

/// Writes the table.
///
/// # Errors
/// `out` cannot be written.
pub fn table(rows: &[QuantityBalance], title: &str, head: &Head, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", style.bold(visible(&head.line(title))))?;
    if rows.is_empty() {
        writeln!(out, "\nNothing is on record.")?;
        return Ok(());
    }
    writeln!(out, "{}", style.dim("net: the first party minus the second; blank if the units differ"))?;
    if rows.iter().any(|row| row.a_sum.is_none() || row.b_sum.is_none()) {
        writeln!(out, "{}", style.dim("percentages are not added up: those of several acts are listed"))?;
    }
    for pair in rows.chunk_by(|x, y| (&x.party_a, &x.party_b) == (&y.party_a, &y.party_b)) {
        let Some(QuantityBalance { party_a, party_b, .. }) = pair.first() else { continue };
        writeln!(out, "\n{}", style.bold(visible(&format!("{} and {}", names.of(party_a), names.of(party_b)))))?;
        let mut grid = Grid::new(style, "  ", &["acts", "unit", &format!(">{party_a}"), &format!(">{party_b}"), ">net", ""]);
        for row in pair {
            let net = row.net.as_deref().map_or(String::new(), grouped);
            grid.row([
                row.sign.to_string(),
                row.unit.clone(),
                side(row.a_sum.as_deref(), &row.values[0]),
                side(row.b_sum.as_deref(), &row.values[1]),
                net,
                String::new(),
            ]);
        }
        write!(out, "{}", grid.lines())?;
    }
    Ok(())
}

/// The sum of one side or, without a sum, its values.
fn side(sum: Option<&str>, values: &[Decimal]) -> String {
    sum.map_or_else(|| values.iter().map(|value| value.grouped()).collect::<Vec<_>>().join(", "), grouped)
}

/// A number for people, with commas between thousands.
fn grouped(number: &str) -> String {
    number.parse::<Decimal>().map_or_else(|_| number.to_owned(), Decimal::grouped)
}
