//! Damages the file of a small valid ledger and reads the result.

use std::path::{Path, PathBuf};

use recip::Ledger;
use recip::read::{self, ReadOptions};
use recip::model::Clock;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

/// The contents of the ledger: acts with every type of link, sources, a deadline, a dispute, a threat.
const ROWS: &str = include_str!("../seeds/csv/us-russia.csv");
const PAGE: usize = 4096;

/// The columns into which another program may have written any value.
const COLUMNS: [(&str, &str); 41] = [
    ("action", "id"),
    ("action", "ref"),
    ("action", "date"),
    ("action", "actor"),
    ("action", "target"),
    ("action", "kind"),
    ("action", "count"),
    ("action", "stage"),
    ("action", "\"by\""),
    ("action", "deadline"),
    ("action", "dispute"),
    ("action", "summary"),
    ("action", "voided"),
    ("action", "logged_at"),
    ("action", "stands"),
    ("action", "open"),
    ("action", "posted_day"),
    ("link", "action_id"),
    ("link", "relation"),
    ("link", "earlier_id"),
    ("link", "covers"),
    ("link", "spends"),
    ("link", "takes"),
    ("link", "reinstated"),
    ("link", "stated"),
    ("link", "stated_spends"),
    ("link", "unmet"),
    ("link", "day"),
    ("source", "cite"),
    ("source", "date"),
    ("source", "accessed"),
    ("citation", "says_date"),
    ("citation", "says_count"),
    ("citation", "says_words"),
    ("citation", "denies"),
    ("action", "count_words"),
    ("action", "tags"),
    ("kind", "unit"),
    ("kind", "sign"),
    ("party", "name"),
    ("weight", "weight"),
];

/// The bytes of a valid ledger, and the folder in which a copy is damaged.
pub struct Torn {
    folder: PathBuf,
    sound: Vec<u8>,
}

impl Default for Torn {
    fn default() -> Torn {
        let folder = crate::folder();
        let (place, rows) = (folder.join("sound.db"), folder.join("sound.csv"));
        let _ = std::fs::remove_file(&place);
        std::fs::write(&rows, ROWS).unwrap();
        let mut ledger = Ledger::create(&place).unwrap();
        ledger.set_clock(Clock::fixed(crate::NOW).unwrap());
        read::import(&mut ledger, &[rows], &ReadOptions::default(), &mut |_, _| ()).unwrap();
        drop(ledger);
        shrink(&place);
        Torn { sound: std::fs::read(place).unwrap(), folder }
    }
}

/// Deletes the rows of the catalogue that the actions do not use, because they take up most of the file and are all alike.
fn shrink(place: &Path) {
    let conn = Connection::open(place).unwrap();
    let unused = "NOT IN (SELECT actor FROM action UNION SELECT target FROM action UNION SELECT 'NATO')";
    conn.execute_batch(&format!(
        "DELETE FROM membership WHERE member {unused} OR organisation {unused}; DELETE FROM alias WHERE party {unused};
         DELETE FROM party WHERE code {unused}; DELETE FROM weight WHERE scale <> 'goldstein'; VACUUM"
    ))
    .unwrap();
}

/// The part of the input that has not been used yet.
struct Orders<'d>(&'d [u8]);

impl<'d> Orders<'d> {
    fn take(&mut self, n: usize) -> &'d [u8] {
        let (taken, rest) = self.0.split_at(n.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn byte(&mut self) -> usize {
        self.take(1).first().copied().unwrap_or_default().into()
    }

    /// A position in the file: a page, and a byte in it. Half of the positions are in page headers, where damage has the most effects.
    fn place(&mut self, pages: usize) -> usize {
        let (page, at) = (self.byte(), self.byte() << 8 | self.byte());
        (page % pages) * PAGE + if at & 0x8000 == 0 { at % PAGE } else { at % 128 }
    }
}

impl Torn {
    /// Damages a copy as the input says, opens it, and reads it, in some cases after changing it.
    pub fn read(&self, data: &[u8]) {
        let place = self.folder.join("torn.db");
        for end in ["", "-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(beside(&place, end));
        }
        let part = self.spoil(&place, data);
        if let Ok(mut ledger) = Ledger::open_to_read(&place) {
            ledger.set_clock(Clock::fixed(crate::NOW).unwrap());
            if part % 7 == 6 {
                crate::writing::write(data, &mut ledger, &self.folder);
            }
            crate::reading::read(part, &ledger, &self.folder);
        }
    }

    /// Changes values as another program may have done, then bytes as a faulty disk or an attacker may have done. Returns the part that is
    /// to be read.
    fn spoil(&self, place: &Path, data: &[u8]) -> usize {
        let mut orders = Orders(data);
        let first = orders.byte();
        let (cells, part) = (first % 5, first / 5);
        let mut bytes = if cells > 0 { self.rewritten(place, cells, &mut orders) } else { self.sound.clone() };
        while !orders.0.is_empty() {
            let pages = (bytes.len() / PAGE).max(1);
            match orders.byte() % 8 {
                0..=3 => {
                    let (at, n) = (orders.place(pages), orders.byte() % 32 + 1);
                    put(&mut bytes, at, orders.take(n));
                }
                4 => {
                    let (at, n, with) = (orders.place(pages), orders.byte() * 16, orders.byte() as u8);
                    put(&mut bytes, at, &vec![with; n]);
                }
                5 => {
                    let (from, to) = (orders.byte() % pages * PAGE, orders.byte() % pages * PAGE);
                    let page = bytes.get(from..from + PAGE).unwrap_or_default().to_vec();
                    put(&mut bytes, to, &page);
                }
                6 => {
                    let at = orders.place(pages);
                    bytes.truncate(at);
                }
                _ => {
                    let (end, n) = (["-wal", "-journal"][orders.byte() % 2], orders.byte() * 8);
                    let _ = std::fs::write(beside(place, end), orders.take(n));
                }
            }
        }
        std::fs::write(place, bytes).unwrap();
        part
    }

    /// The bytes of a copy in which some cells have values that the rules of the schema do not allow.
    fn rewritten(&self, place: &Path, cells: usize, orders: &mut Orders<'_>) -> Vec<u8> {
        std::fs::write(place, &self.sound).unwrap();
        let conn = Connection::open(place).unwrap();
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
        conn.execute_batch("PRAGMA ignore_check_constraints = 1; PRAGMA foreign_keys = 0; PRAGMA synchronous = 0; BEGIN").unwrap();
        for _ in 0..cells {
            let (table, column) = COLUMNS[orders.byte() % COLUMNS.len()];
            let row = i64::try_from(orders.byte() % 12).unwrap_or(0);
            let update = format!(
                "UPDATE {table} SET {column} = ?1 WHERE {0} = (SELECT {0} FROM {table} ORDER BY {0} LIMIT 1 OFFSET ?2)",
                match table {
                    "citation" => "action_id",
                    "kind" | "party" =>
                        if table == "kind" {
                            "name"
                        } else {
                            "code"
                        },
                    "weight" => "weight",
                    _ => "id",
                }
            );
            let shape = orders.byte();
            // If a STRICT table refuses the value, the cell is not changed.
            let _ = match shape % 4 {
                0 => {
                    let bytes = orders.take(8);
                    conn.execute(&update, (bytes.iter().fold(0_i64, |n, b| n << 8 | i64::from(*b)), row))
                }
                1 => conn.execute(&update, ([i64::MIN, i64::MAX, -1, 0][shape / 4 % 4], row)),
                2 => {
                    let n = orders.byte() % 32;
                    conn.execute(&update, (String::from_utf8_lossy(orders.take(n)), row))
                }
                _ => {
                    let n = orders.byte() % 32;
                    // Text that is not UTF-8.
                    let text = update.replace("?1", "CAST(?1 AS TEXT)");
                    conn.execute(&text, (orders.take(n), row))
                }
            };
        }
        let _ = conn.execute_batch("COMMIT");
        drop(conn);
        std::fs::read(place).unwrap()
    }
}

fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    for (to, from) in bytes.iter_mut().skip(at).zip(what) {
        *to = *from;
    }
}

fn beside(place: &Path, end: &str) -> PathBuf {
    let mut name = place.as_os_str().to_owned();
    name.push(end);
    name.into()
}
