//! The flat table, with one row for each action: the flat CSV and the first sheet of a workbook.

use std::borrow::Cow;

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::Exported;
use crate::error::Result;
use crate::ledger::load::record::{COLUMNS, DERIVED, FIELDS, LINKS};
use crate::model::csv_cell::{add_cite, add_item};
use crate::model::{Amount, LinkSpec, Relation};
use crate::record::text;
use crate::report::Lens;
use crate::report::export::{LinkRow, Related, select_flat};

/// The computed columns, without their prefix.
const COMPUTED: [&str; 3] = ["stands", "open", "settles"];

/// A cell of the flat table.
#[derive(Debug, Clone)]
pub(super) enum Cell<'c> {
    /// Nothing is known, or nothing is stated.
    Empty,
    Number(i64),
    Text(Cow<'c, str>),
}

/// The columns, in order: the facts come first, then computed columns, which an import ignores.
pub(super) fn columns() -> Vec<String> {
    COLUMNS.iter().map(ToString::to_string).chain(COMPUTED.map(|column| format!("{DERIVED}{column}"))).collect()
}

/// Passes the cells of each action that a lens selects to `each`, in order of date and ref.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub(super) fn read(lens: &Lens<'_>, mut each: impl FnMut(&[Cell<'_>]) -> Result<()>) -> Result<Exported> {
    let mut exported = Exported::default();
    let mut related = Related::with_links(lens)?;
    let mut lists: [String; LINKS.len() + 3] = Default::default();
    let mut select = lens.prepare_cached(&select_flat())?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        exported.actions += 1;
        fill(&mut lists, &mut related, row.get(0)?, &mut exported)?;
        let mut cells = Vec::with_capacity(COLUMNS.len() + COMPUTED.len());
        for column in 1..=FIELDS.len() {
            cells.push(cell(row, column)?);
        }
        let mut lists = lists.iter().map(|list| if list.is_empty() { Cell::Empty } else { Cell::Text(Cow::Borrowed(list.as_str())) });
        cells.extend(lists.by_ref().take(LINKS.len() + 2));
        for column in [FIELDS.len() + 1, FIELDS.len() + 2] {
            cells.push(cell(row, column)?);
        }
        cells.extend(lists);
        each(&cells)?;
    }
    Ok(exported)
}

fn cell<'r>(row: &'r Row<'_>, column: usize) -> Result<Cell<'r>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => Cell::Empty,
        ValueRef::Integer(n) => Cell::Number(n),
        other => Cell::Text(text(other).map_err(rusqlite::Error::from)?),
    })
}

/// Fills the cells that hold lists: the links by relation, the sources, the quantities, and what the links settle. Counts the links whose
/// earlier action was not selected, and the stated amounts that are left out: they fitted before an action was voided, and a table without
/// that action could not be imported with them.
fn fill(lists: &mut [String; LINKS.len() + 3], related: &mut Related<'_>, id: i64, exported: &mut Exported) -> Result<()> {
    lists.iter_mut().for_each(String::clear);
    related.fetch(id)?;
    for link in related.links(id) {
        match &link.earlier {
            Some(earlier) => {
                exported.amounts_left_out += u64::from(link.unmet > 0);
                add_item(&mut lists[link.relation as usize], &link.stated_item(earlier));
                add_item(&mut lists[LINKS.len() + 2], &link.settled_item(earlier));
            }
            None => exported.links_left_out += 1,
        }
    }
    for cited in related.citations(id) {
        add_cite(&mut lists[LINKS.len()], &cited.cite, &cited.reading);
    }
    for quantity in related.quantities(id) {
        add_item(&mut lists[LINKS.len() + 1], &quantity.to_string());
    }
    Ok(())
}

impl LinkRow {
    /// The item in the cell of its relation: the ref and the stated amounts.
    fn stated_item(&self, earlier: &str) -> String {
        let stated = if self.unmet > 0 { [None, None] } else { [self.stated, self.stated_spends] };
        let amount = Amount { covers: stated[0], spends: stated[1] };
        LinkSpec { earlier: earlier.to_owned(), amount }.to_string()
    }

    /// The item in the computed column: the relation, the ref, the amount of the earlier act that it settles, and the amount of the later
    /// act that it uses up.
    fn settled_item(&self, earlier: &str) -> String {
        let of_earlier = if self.relation == Relation::Answers { self.covers } else { self.covers.max(self.takes) };
        format!("{} {earlier}:{of_earlier}/{}", self.relation, self.spends)
    }
}
