//! Writing everything that can be read from a damaged or inconsistent ledger to a new one.
//!
//! The old file is copied and never opened itself, so that nothing is written to it or beside it. Its rows go into a fresh schema that
//! refuses those that break a rule; all amounts are recomputed from the facts.

use std::collections::HashSet;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OpenFlags, params, params_from_iter};

use crate::atomic::AtomicFile;
use crate::error::{Error, Result};
use crate::ledger::check::table::{Table, list, tables};
use crate::ledger::check::{self, Finding, Severity};
use crate::ledger::facts::LedgerFacts;
use crate::ledger::feed_intake::window_in_force;
use crate::ledger::open::{check_readable, with_suffix};
use crate::ledger::salvage::Salvage;
use crate::ledger::{Author, Ledger, backup, create, feed_fold, guard, seal};
use crate::model::Clock;

/// What a repair wrote, and what it could not.
#[derive(Debug)]
pub struct Repaired {
    /// What the new ledger contains.
    pub holdings: backup::Holdings,
    /// True if the history is kept. If not, the new ledger has one change, the repair, which added everything.
    pub history_kept: bool,
    /// What could not be read or kept, and why, then the errors that a check of the new ledger finds.
    pub findings: Vec<Finding>,
}

/// Writes everything that can be read from the ledger at `path` to a new ledger `to`, which appears only when it is complete.
///
/// # Errors
/// `to` exists already, `path` is not an SQLite file or its first page is lost, or the new file cannot be written.
pub fn repair(path: &Path, to: &Path, clock: Clock, author: &Author) -> Result<Repaired> {
    if to.exists() {
        let what = format!("cannot write the repaired ledger to {}", to.display());
        return Err(Error::refused(what, "the file exists already", "give another name: a repair never replaces a file"));
    }
    backup::refuse_leftovers(to)?;
    check_readable(path)?;
    let unfinished = AtomicFile::private(to)?;
    let old = open_copy(path, &unfinished.folder().join("damaged.db"))?;
    let new = Connection::open(unfinished.path())?;
    guard::shield(&new)?;
    create::lay_out(&new)?;
    let mut repair = Repair { new, lost: Vec::new(), altered: Vec::new(), broken_seals: Vec::new() };
    repair.new.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    repair.new.execute_batch("PRAGMA foreign_keys = OFF; BEGIN")?;
    repair.copy(&Salvage::of(&old)?)?;
    repair.compare_with_history()?;
    let history_kept = repair.make_consistent(clock, author)?;
    seal::renew(&repair.new)?;
    repair.new.execute_batch("COMMIT")?;
    let Repair { new, lost, altered, broken_seals } = repair;
    new.pragma_update(None, "journal_mode", "WAL")?;
    new.close().map_err(|(_, e)| e)?;
    let holdings = backup::verify(unfinished.path())?;
    let mut findings = broken_seals;
    findings.extend(lost);
    findings.extend(altered);
    let errors = check::check(&Ledger::open_to_check(unfinished.path())?)?.into_iter().filter(|f| f.severity == Severity::Error);
    findings.extend(errors);
    unfinished.publish(to, false)?;
    Ok(Repaired { holdings, history_kept, findings })
}

/// Copies a ledger with its log, and opens the copy as far as SQLite can.
fn open_copy(path: &Path, copy: &Path) -> Result<Connection> {
    for end in ["", "-wal", "-journal"] {
        let from = with_suffix(path, end);
        if from.exists() {
            std::fs::copy(&from, with_suffix(copy, end)).map_err(Error::io("copy", &from))?;
        }
    }
    let conn = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    guard::shield(&conn)?;
    // SQLite then also opens a file that was cut off, or one with a statement in its schema that it cannot read.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, true)?;
    Ok(conn)
}

/// A repair in progress, in one transaction of the new ledger, whose triggers and foreign keys are off.
struct Repair {
    new: Connection,
    lost: Vec<Finding>,
    /// Texts in which characters were replaced.
    altered: Vec<Finding>,
    /// The seals that do not match what was read.
    broken_seals: Vec<Finding>,
}

/// The tables in which rows that are lost are replaced with the rows of a new ledger.
const SHIPPED: [&str; 6] = ["party", "alias", "membership", "kind", "scale", "weight"];

impl Repair {
    fn lose(&mut self, place: impl Into<String>, what: impl Into<String>) {
        let (place, what) = (place.into(), what.into());
        // A torn page can read as many rows without a key.
        if self.lost.last().is_some_and(|last| (&last.place, &last.what) == (&place, &what)) {
            return;
        }
        let help = "look for it in a backup or in the old file, and enter it again".to_owned();
        self.lost.push(Finding { severity: Severity::Error, code: "lost", place, what, help });
    }

    /// Lists what contradicts the history or the seals. If a row could not be copied, they do not fit for that reason, and only the rows are
    /// listed that the history knows and that are missing.
    fn compare_with_history(&mut self) -> Result<()> {
        if self.lost.is_empty() {
            self.broken_seals = check::broken_seals(&self.new)?;
            self.lost = check::history_errors(&self.new)?;
        } else {
            let listed: HashSet<String> = self.lost.iter().map(|lost| lost.place.clone()).collect();
            self.lost.extend(check::missing_rows(&self.new)?.into_iter().filter(|missing| !listed.contains(&missing.place)));
        }
        Ok(())
    }

    /// Copies all rows that can be read and that break no rule of their table.
    fn copy(&mut self, old: &Salvage<'_>) -> Result<()> {
        for table in tables(&self.new)? {
            if matches!(table.name, "current_change" | "unsettled") {
                continue;
            }
            let before = self.lost.len();
            let salvaged = old.rows(&table)?;
            match table.name {
                "ledger" if salvaged.rows.is_empty() => {
                    self.lose("table ledger", "the identity of the ledger is lost, so the new ledger has another one");
                }
                name => drop(self.new.execute(&format!("DELETE FROM \"{name}\""), [])?),
            }
            for unreadable in salvaged.unreadable {
                self.lose(unreadable.place, unreadable.why);
            }
            self.altered.extend(salvaged.altered.into_iter().map(|text| Finding {
                severity: Severity::Warning,
                code: "text",
                place: text.place,
                what: text.why,
                help: "compare it with a backup or with its source, and enter it again".to_owned(),
            }));
            for row in &salvaged.rows {
                self.insert(&table, &salvaged.columns, row)?;
            }
            if self.lost.len() > before && SHIPPED.contains(&table.name) {
                self.add_shipped(&table)?;
                self.lost[before..].iter_mut().for_each(|lost| lost.what.push_str("; the rows of a new ledger were added"));
            }
        }
        if self.new.query_row("SELECT NOT EXISTS (SELECT 1 FROM ledger)", [], |r| r.get(0))? {
            self.new.execute("INSERT INTO ledger (id) VALUES (1)", [])?;
        }
        for (table, last) in old.sequences()? {
            let known = self.new.execute("UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1", params![table, last])?;
            if known == 0 && tables(&self.new)?.iter().any(|ours| ours.name == table) {
                self.new.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", params![table, last])?;
            }
        }
        Ok(())
    }

    fn insert(&mut self, table: &Table, columns: &[String], row: &[Value]) -> Result<()> {
        let places = vec!["?"; columns.len()].join(", ");
        let insert = format!("INSERT INTO \"{}\" ({}) VALUES ({places})", table.name, list(columns));
        let inserted = self.new.prepare_cached(&insert)?.execute(params_from_iter(row));
        match inserted {
            Ok(_) => Ok(()),
            Err(rusqlite::Error::SqliteFailure(e, why)) if e.code == ErrorCode::ConstraintViolation => {
                let key = table.key.iter().map(|key| columns.iter().position(|column| column == key).map_or(&Value::Null, |at| &row[at]));
                let place = table.place_of(key.map(Into::into));
                self.lose(place, format!("it breaks a rule of its table: {}", why.unwrap_or_default()));
                Ok(())
            }
            Err(e) => Err(e.into()),
        }
    }

    /// Adds the rows of a new ledger that are missing.
    fn add_shipped(&mut self, table: &Table) -> Result<()> {
        let shipped = Ledger::in_memory()?;
        let places = vec!["?"; table.columns.len()].join(", ");
        let insert = format!("INSERT OR IGNORE INTO \"{}\" ({}) VALUES ({places})", table.name, list(&table.columns));
        let mut insert = self.new.prepare(&insert)?;
        let mut select = shipped.connection().prepare(&format!("SELECT {} FROM \"{}\"", list(&table.columns), table.name))?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let values = (0..table.columns.len()).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>()?;
            insert.execute(params_from_iter(values))?;
        }
        Ok(())
    }

    /// Removes rows that refer to lost ones, computes all consequences, and decides whether the history fits. Returns true if it is kept.
    fn make_consistent(&mut self, clock: Clock, author: &Author) -> Result<bool> {
        self.replace_names()?;
        self.drop_dangling()?;
        self.drop_broken_links()?;
        self.settle()?;
        self.number_reports()?;
        self.new.execute_batch(
            "UPDATE series SET claims = (SELECT series.stage <> 'threatened' AND sign <> 'neutral' FROM kind WHERE name = series.kind)",
        )?;
        feed_fold::fold_all(&self.new, window_in_force(&self.new)?)?;
        let kept = self.lost.is_empty() && self.broken_seals.is_empty() && check::history_errors(&self.new)?.is_empty();
        if !kept {
            self.begin_history(clock, author)?;
        }
        Ok(kept)
    }

    /// Adds parties and disputes that are lost but that actions name, by their code or slug alone.
    fn replace_names(&mut self) -> Result<()> {
        for (table, used, insert) in [
            (
                "party",
                "SELECT actor FROM action UNION SELECT target FROM action",
                "INSERT INTO party (code, name, type) VALUES (?1, ?1, 'state')",
            ),
            ("dispute", "SELECT dispute FROM action WHERE dispute IS NOT NULL", "INSERT INTO dispute (slug, title) VALUES (?1, ?1)"),
        ] {
            let key = if table == "party" { "code" } else { "slug" };
            let names: Vec<String> = self
                .new
                .prepare(&format!("SELECT * FROM ({used}) EXCEPT SELECT {key} FROM {table}"))?
                .query_map([], |r| r.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            for name in names {
                if self.new.execute(insert, [&name]).is_ok() {
                    self.lose(
                        format!("table {table}, row {name}"),
                        "it is lost, but actions name it, so it was added without its other facts",
                    );
                }
            }
        }
        Ok(())
    }

    fn drop_dangling(&mut self) -> Result<()> {
        for (name, condition, why) in [
            ("alias", "party NOT IN (SELECT code FROM party)", "its party is lost"),
            (
                "membership",
                "organisation NOT IN (SELECT code FROM party) OR member NOT IN (SELECT code FROM party)",
                "a party of it is lost",
            ),
            ("weight", "scale NOT IN (SELECT name FROM scale) OR kind NOT IN (SELECT name FROM kind)", "its scale or its kind is lost"),
            ("action", "kind NOT IN (SELECT name FROM kind)", "its kind is lost"),
            ("action", "actor NOT IN (SELECT code FROM party) OR target NOT IN (SELECT code FROM party)", "a party of it is lost"),
            ("link", "action_id NOT IN (SELECT id FROM action) OR earlier_id NOT IN (SELECT id FROM action)", "an action of it is lost"),
            ("citation", "action_id NOT IN (SELECT id FROM action)", "its action is lost"),
            ("quantity", "action_id NOT IN (SELECT id FROM action)", "its action is lost"),
            ("citation", "source_id NOT IN (SELECT id FROM source)", "its source is lost"),
            ("series", "kind NOT IN (SELECT name FROM kind)", "its kind is lost"),
            ("series", "actor NOT IN (SELECT code FROM party) OR target NOT IN (SELECT code FROM party)", "a party of it is lost"),
            ("feed_report", "series_id NOT IN (SELECT id FROM series)", "its series is lost"),
            ("candidate", "series_id NOT IN (SELECT id FROM series)", "its series is lost"),
            ("candidate", "action_id NOT IN (SELECT id FROM action)", "the action that it was confirmed as is lost"),
        ] {
            self.drop_rows(name, condition, why)?;
        }
        Ok(())
    }

    /// Deletes the rows of a table that meet a condition, and lists them as lost.
    fn drop_rows(&mut self, name: &str, condition: &str, why: &str) -> Result<()> {
        let Some(table) = tables(&self.new)?.into_iter().find(|table| table.name == name) else { return Ok(()) };
        let places: Vec<String> = self
            .new
            .prepare(&format!("{} WHERE {condition}", table.select(&[])))?
            .query_map([], |r| table.place(r))?
            .collect::<rusqlite::Result<_>>()?;
        places.into_iter().for_each(|place| self.lose(place, why));
        self.new.execute(&format!("DELETE FROM \"{name}\" WHERE {condition}"), [])?;
        Ok(())
    }

    /// Deletes links that break a rule.
    fn drop_broken_links(&mut self) -> Result<()> {
        let facts = LedgerFacts::whole(&self.new)?;
        let circles = facts.book.circles();
        for (at, link) in facts.book.links.iter().enumerate() {
            let breach = facts.book.breach(link).filter(|_| facts.book.lives(link)).is_some();
            if breach || circles.binary_search(&at).is_ok() {
                self.drop_rows("link", &format!("id = {}", facts.link_ids[at]), "it breaks a rule: see 'recip link --help'")?;
            }
        }
        Ok(())
    }

    /// Computes what every link settles and what of every action stands and is open.
    fn settle(&mut self) -> Result<()> {
        let mut facts = LedgerFacts::whole(&self.new)?;
        facts.settle(&self.new)?;
        let mut action = self.new.prepare("UPDATE action SET stands = ?2, open = ?3, posted_day = ?4 WHERE id = ?1")?;
        for (act, id) in facts.book.acts.iter().zip(&facts.ids) {
            action.execute(params![id, act.stands, act.open, act.posted_day])?;
        }
        let mut update = self
            .new
            .prepare("UPDATE link SET day = ?2, covers = ?3, spends = ?4, takes = ?5, reinstated = ?6, unmet = ?7 WHERE id = ?1")?;
        for (link, id) in facts.book.links.iter().zip(&facts.link_ids) {
            let (a, unmet) = (link.amounts, if facts.book.lives(link) { link.unmet() } else { 0 });
            update.execute(params![id, link.day, a.covers, a.spends, a.takes, a.reinstated, unmet])?;
        }
        Ok(())
    }

    /// Numbers the reports of feeds without gaps, import by import. Reports whose import is lost become one import, the last.
    fn number_reports(&mut self) -> Result<()> {
        self.new.execute_batch(
            "CREATE TEMP TABLE numbered AS
               SELECT r.id AS old, row_number() OVER (ORDER BY b.id IS NULL, b.id, r.id) AS new, b.id AS batch
               FROM main.feed_report r LEFT JOIN main.feed_batch b ON b.id = (
                 SELECT min(x.id) FROM main.feed_batch x WHERE r.id > x.above AND r.id <= x.upto AND x.feed = r.feed);
             UPDATE feed_report SET id = -id;
             UPDATE feed_report SET id = n.new FROM numbered n WHERE feed_report.id = -n.old;
             DELETE FROM feed_batch WHERE id NOT IN (SELECT batch FROM numbered WHERE batch IS NOT NULL);
             UPDATE feed_batch SET above = n.first - 1, upto = n.last
               FROM (SELECT batch, min(new) AS first, max(new) AS last FROM numbered GROUP BY batch) n WHERE n.batch = feed_batch.id;
             INSERT INTO feed_batch (change_id, feed, window_days, above, upto)
               SELECT coalesce((SELECT max(id) FROM change), 1), r.feed, coalesce((SELECT window_days FROM feed_batch ORDER BY id DESC LIMIT 1), 3),
                 r.id - 1, r.id
               FROM numbered n JOIN feed_report r ON r.id = n.new WHERE n.batch IS NULL ORDER BY r.id;
             DROP TABLE numbered;",
        )?;
        Ok(())
    }

    /// The command of the repair as the new history records it. It says what no later check can find: that the seal of the old ledger was broken.
    fn command(&self, author: &Author) -> String {
        let places: Vec<&str> = self.broken_seals.iter().map(|seal| seal.place.as_str()).collect();
        if places.is_empty() { author.command.clone() } else { format!("{} # the seal was broken: {}", author.command, places.join(", ")) }
    }

    /// Begins a new history, in which the repair added every row.
    fn begin_history(&mut self, clock: Clock, author: &Author) -> Result<()> {
        self.new.execute_batch(
            "DELETE FROM history; DELETE FROM merged_change; DELETE FROM change; DELETE FROM sqlite_sequence WHERE name IN ('history', 'change')",
        )?;
        self.new.execute(
            "INSERT INTO change (at, who, command, action_mark, link_mark, source_mark)
             VALUES (?1, ?2, ?3, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'action'), 0),
               coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'link'), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'source'), 0))",
            params![clock.stamp(), author.who, self.command(author)],
        )?;
        let change = self.new.last_insert_rowid();
        self.new.execute("UPDATE feed_batch SET change_id = ?", [change])?;
        for (table, key) in [
            ("source", "id"),
            ("action", "id"),
            ("citation", "action_id, position"),
            ("quantity", "action_id, name"),
            ("link", "id"),
            ("feed_batch", "id"),
        ] {
            let insert = format!(
                "INSERT INTO history (change_id, table_name, row_key, op) SELECT ?, '{table}', json_array({key}), 'insert' FROM {table} ORDER BY {key}"
            );
            self.new.execute(&insert, [change])?;
        }
        Ok(())
    }
}
