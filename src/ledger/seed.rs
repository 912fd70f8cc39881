//! The built-in catalogue of a new ledger: parties, memberships, kinds and scales, from the tables in `src/data`.

use rusqlite::{Connection, params, params_from_iter};

use crate::error::{Error, Result};
use crate::ledger::load::catalogue_table::PUT_PARTY;
use crate::ledger::load::some;
use crate::model::name::fold;

const PARTIES: &str = include_str!("../data/party.csv");
const MEMBERSHIPS: &str = include_str!("../data/membership.csv");
const KINDS: &str = include_str!("../data/kind.csv");
const SCALES: &str = include_str!("../data/scale.csv");
const WEIGHTS: &str = include_str!("../data/weight.csv");

/// Fills the catalogue of a new ledger.
pub(super) fn plant(conn: &Connection) -> Result<()> {
    let mut party = conn.prepare(PUT_PARTY)?;
    let mut alias = conn.prepare("INSERT OR IGNORE INTO alias (folded, alias, party) VALUES (?, ?, ?)")?;
    for row in rows(PARTIES) {
        let row = row?;
        let (code, name) = (&row[0], &row[1]);
        party.execute(params_from_iter(row.iter().take(10).map(some)))?;
        for known_as in [code, name].into_iter().chain(row[10].split('|').filter(|a| !a.is_empty())) {
            alias.execute(params![fold(known_as), known_as, code])?;
        }
    }
    fill(conn, "INSERT INTO membership (organisation, member, since, until) VALUES (?, ?, ?, nullif(?, ''))", MEMBERSHIPS)?;
    fill(conn, "INSERT INTO kind (name, unit, sign, cameo, description) VALUES (?, ?, ?, nullif(?, ''), nullif(?, ''))", KINDS)?;
    fill(conn, "INSERT INTO scale (name, title, source) VALUES (?, nullif(?, ''), nullif(?, ''))", SCALES)?;
    fill(conn, "INSERT INTO weight (scale, kind, stage, weight, per) VALUES (?, ?, ?, CAST(? AS REAL), ?)", WEIGHTS)
}

fn fill(conn: &Connection, insert: &str, table: &'static str) -> Result<()> {
    let mut insert = conn.prepare(insert)?;
    for row in rows(table) {
        insert.execute(params_from_iter(row?.iter()))?;
    }
    Ok(())
}

fn rows(table: &'static str) -> impl Iterator<Item = Result<csv::StringRecord>> {
    csv::Reader::from_reader(table.as_bytes()).into_records().map(|row| {
        row.map_err(|e| Error::File {
            file: "the built-in catalogue".to_owned(),
            why: e.to_string(),
            way_out: "build recip again".to_owned(),
        })
    })
}
