//! The built-in catalogue of a new ledger: parties, memberships, kinds and scales, from the tables in `src/data`.

use std::collections::HashSet;

use rusqlite::Connection;

use crate::error::{Error, Result};
use crate::ledger::load::catalogue_table::{CatalogueTable, Fact, TABLES};
use crate::ledger::load::some;
use crate::model::name::fold;

/// The tables in `src/data` whose columns are those of a table of the catalogue, in an order in which rows refer only to earlier rows.
const FILES: [(&str, &str); 5] = [
    ("party", include_str!("../data/party.csv")),
    ("membership", include_str!("../data/membership.csv")),
    ("kind", include_str!("../data/kind.csv")),
    ("scale", include_str!("../data/scale.csv")),
    ("weight", include_str!("../data/weight.csv")),
];

/// Fills the catalogue of a new ledger.
pub(super) fn plant(conn: &Connection) -> Result<()> {
    for (table, fact) in rows()? {
        table.add(conn, &fact)?;
    }
    Ok(())
}

/// The rows of the catalogue of a new ledger. A party is also known by its code, by its name and by further names in its last column; of a
/// name that several parties have, the first party keeps it.
pub(super) fn rows() -> Result<Vec<(&'static CatalogueTable, Fact)>> {
    let mut rows = Vec::new();
    let mut known = HashSet::new();
    for (name, file) in FILES {
        for row in csv::Reader::from_reader(file.as_bytes()).into_records() {
            let row = row.map_err(|e| damaged(e.to_string()))?;
            let columns = table(name)?.columns.len();
            rows.push((table(name)?, row.iter().take(columns).map(|cell| some(cell).map(str::to_owned)).collect()));
            let names = [row.get(0), row.get(1)].into_iter().flatten().chain(row.get(columns).unwrap_or_default().split('|'));
            for alias in names.filter(|alias| name == "party" && !alias.is_empty()) {
                if known.insert(fold(alias)) {
                    rows.push((table("alias")?, vec![Some(alias.to_owned()), row.get(0).map(str::to_owned)]));
                }
            }
        }
    }
    Ok(rows)
}

fn table(name: &str) -> Result<&'static CatalogueTable> {
    TABLES.iter().find(|table| table.row == name).ok_or_else(|| damaged(format!("there is no table {name}")))
}

fn damaged(why: String) -> Error {
    Error::File { file: "the built-in catalogue".to_owned(), why, way_out: "build recip again".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ledger;

    #[test]
    fn a_new_ledger_has_these_rows() {
        let ledger = Ledger::in_memory().unwrap();
        let sorted = |mut rows: Vec<Fact>| {
            rows.sort();
            rows
        };
        for table in &TABLES {
            let of_table = rows().unwrap().into_iter().filter(|(of, _)| of.row == table.row).map(|(_, fact)| fact).collect();
            assert_eq!(sorted(table.rows(ledger.connection()).unwrap()), sorted(of_table), "{}", table.row);
        }
        // They are added without a look at the rules and at what they refer to.
        let conn = ledger.connection();
        let dangling: i64 = conn.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |r| r.get(0)).unwrap();
        let sound: String = conn.query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
        assert_eq!((dangling, sound.as_str()), (0, "ok"));
    }
}
