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
    for pair in rows.chunk_by(|x, y| (&x.party_a, &x.party_b) == (&y.party_a, &y.party_b)) {
        let Some(QuantityBalance { party_a, party_b, .. }) = pair.first() else { continue };
        writeln!(out, "\n{}", style.bold(visible(&format!("{} and {}", names.of(party_a), names.of(party_b)))))?;
        let mut grid = Grid::new(style, "  ", &["acts", "unit", &format!(">{party_a}"), &format!(">{party_b}"), ">net", ""]);
        for row in pair {
            let net = row.net.as_deref().map_or(String::new(), grouped);
            grid.row([row.sign.to_string(), row.unit.clone(), grouped(&row.a_sum), grouped(&row.b_sum), net, String::new()]);
        }
        write!(out, "{}", grid.lines())?;
    }
    Ok(())
}

/// A number for people, with commas between thousands.
fn grouped(number: &str) -> String {
    number.parse::<Decimal>().map_or_else(|_| number.to_owned(), Decimal::grouped)
}
