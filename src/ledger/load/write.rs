//! Writing the rows of a load, and what makes many of them fast.

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Statement, params};

use crate::error::{Error, Result};
use crate::model::{Cite, Clock, Date, Sign, Stage};

use super::id32;
use super::names::Names;
use super::record::SourceDraft;
use super::row::{Row, some};
use super::source;
use super::text_numbers::Intern;

/// Writes actions, sources and citations. The schema's triggers and CHECKs are off while actions are written, because nothing needs them:
/// every value of the row was checked, its derived numbers are known, and the history recognises new rows by their ids.
pub(super) struct Writer<'c> {
    conn: &'c Connection,
    stamp: String,
    next: u32,
    rules: bool,
    /// Held: to look them up by their text a million times takes a while.
    insert_action: Statement<'c>,
    insert_citation: Statement<'c>,
    /// The sources that this load cited.
    sources: Intern,
    /// The statements that make the indexes that were taken off an empty ledger.
    indexes: Vec<String>,
}

impl<'c> Writer<'c> {
    pub fn new(conn: &'c Connection, clock: Clock) -> Result<Writer<'c>> {
        let last: i64 = conn.query_row("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'action'), 0)", [], |r| r.get(0))?;
        Ok(Writer {
            conn,
            stamp: clock.stamp(),
            next: id32(last + 1)?,
            rules: true,
            insert_action: conn.prepare(INSERT_ACTION)?,
            insert_citation: conn.prepare(INSERT_CITATION)?,
            sources: Intern::default(),
            indexes: Vec::new(),
        })
    }

    /// The id of the next action.
    pub fn next_id(&self) -> u32 {
        self.next
    }

    /// Switches the triggers and CHECKs of the schema on or off.
    pub fn with_rules(&mut self, on: bool) -> Result<()> {
        if self.rules != on {
            set_rules(self.conn, on)?;
            self.rules = on;
        }
        Ok(())
    }

    /// Takes the indexes off the tables that fill. [`Writer::rebuild_indexes`] puts them back.
    pub fn drop_indexes(&mut self) -> Result<()> {
        self.indexes = take_indexes(self.conn, &["action", "citation"])?;
        Ok(())
    }

    /// Builds the indexes that were taken off.
    pub fn rebuild_indexes(&mut self) -> Result<()> {
        for index in std::mem::take(&mut self.indexes) {
            match self.conn.execute_batch(&index) {
                // The tables of a package can cite a source twice for an action.
                Err(e) if e.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                    self.conn.execute_batch(CITE_ONCE)?;
                    self.conn.execute_batch(&index)?;
                }
                other => other?,
            }
        }
        Ok(())
    }

    /// The same of the links; only where there is none yet.
    pub fn take_link_indexes(&self, none_yet: bool) -> Result<Vec<String>> {
        if none_yet { take_indexes(self.conn, &["link"]) } else { Ok(Vec::new()) }
    }

    /// Writes an action with its sources, and gives its id.
    pub fn write_action(&mut self, row: &Row<'_>, reference: &str, names: &Names<'_>) -> Result<u32> {
        let id = self.next;
        self.next = id.checked_add(1).ok_or_else(too_many)?;
        let (draft, kind) = (&row.draft, names.facts(row.kind));
        let stands = match row.count {
            _ if !draft.voided.is_empty() => 0,
            Some(count) if kind.sign != Sign::Neutral => count,
            _ => 1,
        };
        let open = if row.stage != Stage::Threatened && kind.sign != Sign::Neutral { stands } else { 0 };
        self.insert_action.execute(params![
            id,
            reference,
            draft.date,
            names.code(row.actor),
            names.code(row.target),
            kind.name,
            row.count,
            row.stage.as_str(),
            some(draft.by),
            some(draft.place),
            some(draft.deadline),
            some(draft.dispute),
            some(draft.summary),
            some(draft.voided),
            some(draft.logged_at).unwrap_or(&self.stamp),
            stands,
            open,
            row.date.earliest().0,
        ])?;
        for (position, cite) in (1..).zip(draft.sources) {
            self.cite(id, position, cite)?;
        }
        Ok(id)
    }

    /// Cites a source for an action of this load. One that is cited already is left as it is; where the position is taken, it comes after
    /// those there are.
    pub fn cite(&mut self, action: u32, position: u32, cite: &Cite) -> Result<()> {
        let source = self.source(&cite.cite)?;
        let values = params![action, position, source, cite.says_date.as_ref().map(Date::as_str), cite.says_count];
        if self.insert_citation.execute(values)? == 0 {
            self.conn
                .prepare_cached(
                    "INSERT INTO citation (action_id, position, source_id, says_date, says_count)
                     SELECT ?1, 1 + max(position), ?3, ?4, ?5 FROM citation WHERE action_id = ?1 AND ?2 IS NOT NULL
                     ON CONFLICT DO NOTHING",
                )?
                .execute(values)?;
        }
        Ok(())
    }

    /// The id of a source, which is made if there is none.
    fn source(&mut self, cite: &str) -> Result<u32> {
        if let Some(id) = self.sources.get(cite) {
            return Ok(id);
        }
        let held = self.conn.prepare_cached("SELECT id FROM source WHERE cite = ?")?.query_row([cite], |r| r.get(0)).optional()?;
        let id = match held {
            Some(id) => id,
            None => {
                self.conn
                    .prepare_cached("INSERT INTO source (cite, url) VALUES (?1, CASE WHEN ?1 GLOB 'http*://*' THEN ?1 END)")?
                    .execute([cite])?;
                self.conn.last_insert_rowid()
            }
        };
        let id = id32(id)?;
        self.sources.put(cite, id);
        Ok(id)
    }

    /// Takes a source with what is known of it; what is wrong where it differs from one that there is.
    pub fn put_source(&self, source: &SourceDraft) -> Result<Result<(), String>> {
        source::put_source(self.conn, source)
    }
}

impl Drop for Writer<'_> {
    /// The rules hold again, also where a load fails.
    fn drop(&mut self) {
        let _ = self.with_rules(true);
    }
}

const INSERT_ACTION: &str =
    "INSERT INTO main.action (id, ref, date, actor, target, kind, count, stage, \"by\", place, deadline, dispute, summary,
      voided, logged_at, stands, open, posted_day)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
const INSERT_CITATION: &str =
    "INSERT INTO citation (action_id, position, source_id, says_date, says_count) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";

/// Leaves each source of an action where it was cited first.
const CITE_ONCE: &str = "DELETE FROM citation WHERE (action_id, position) IN (
    SELECT action_id, position FROM
      (SELECT action_id, position, row_number() OVER (PARTITION BY source_id, action_id ORDER BY position) AS time FROM citation)
    WHERE time > 1)";

/// Takes the indexes off these tables, and gives the statements that make them.
fn take_indexes(conn: &Connection, tables: &[&str]) -> Result<Vec<String>> {
    let mut select =
        conn.prepare("SELECT name, tbl_name, sql FROM main.sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid")?;
    let found: Vec<(String, String, String)> =
        select.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
    drop(select);
    let mut taken = Vec::new();
    for (name, _, sql) in found.into_iter().filter(|(_, table, _)| tables.contains(&table.as_str())) {
        conn.execute_batch(&format!("DROP INDEX {name}"))?;
        taken.push(sql);
    }
    Ok(taken)
}

fn set_rules(conn: &Connection, on: bool) -> Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, on)?;
    Ok(conn.pragma_update(None, "ignore_check_constraints", !on)?)
}

/// Settings for a load, and what they were. The journal of a ledger without actions is a few pages: unlike a log of everything it is
/// written once, and a crash leaves the ledger empty.
#[derive(Debug, Default)]
pub(crate) struct Tuning(Vec<(&'static str, String)>);

impl Tuning {
    /// Tunes a connection.
    pub fn begin(conn: &Connection, empty: bool) -> Result<Tuning> {
        let mut before = Vec::new();
        let settings = [("journal_mode", "delete"), ("foreign_keys", "0"), ("cache_size", "-32768"), ("temp_store", "1")];
        for (pragma, value) in settings.into_iter().skip(usize::from(!empty)) {
            let was = match conn.pragma_query_value(None, pragma, |r| r.get::<_, rusqlite::types::Value>(0))? {
                rusqlite::types::Value::Integer(n) => n.to_string(),
                rusqlite::types::Value::Text(t) => t,
                _ => continue,
            };
            match (pragma, was.as_str()) {
                ("journal_mode", "wal") => (),
                // Left behind by a load that was killed: ledgers are made with a log.
                ("journal_mode", "delete") => {
                    before.push((pragma, "wal".to_owned()));
                    continue;
                }
                ("journal_mode", _) => continue,
                _ => (),
            }
            // While another program reads the ledger its journal stays what it is.
            match conn.pragma_update(None, pragma, value) {
                Err(_) if pragma == "journal_mode" => continue,
                other => other?,
            }
            before.push((pragma, was));
        }
        Ok(Tuning(before))
    }

    /// Puts the settings back.
    pub fn end(self, conn: &Connection) -> Result<()> {
        for (pragma, was) in self.0 {
            conn.pragma_update(None, pragma, was)?;
        }
        Ok(())
    }
}

fn too_many() -> Error {
    Error::refused("import", "this is more than a ledger holds at once", "import it in parts")
}
