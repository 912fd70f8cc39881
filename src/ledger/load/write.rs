//! Writing the rows of a load, with the optimisations for large loads.

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Statement, ToSql, params, params_from_iter};

use crate::error::{Error, Result};
use crate::ledger::quantity;
use crate::model::details::NAMES;
use crate::model::{Cite, Clock, Reading, Sign, Stage};
use crate::record::{column_list, joined};

use super::id32;
use super::intern::Intern;
use super::names::Names;
use super::record::SourceDraft;
use super::row::{Row, some};
use super::source;

/// Writes actions with their sources and quantities. The schema's triggers and CHECK constraints are off while actions are written. They are not
/// needed: every value has been checked, the derived values are known, and the history recognises new rows by their ids.
pub(super) struct Writer<'c> {
    conn: &'c Connection,
    stamp: String,
    next: u32,
    rules: bool,
    /// Kept prepared: looking up cached statements a million times is slow. They are prepared while the rules are off, because the triggers
    /// would take longer to compile than everything else that logging an action does.
    insert_action: Option<Statement<'c>>,
    insert_citation: Option<Statement<'c>>,
    /// The ids of the sources that this load has cited.
    sources: Intern,
    /// The statements that rebuild the dropped indexes.
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
            insert_action: None,
            insert_citation: None,
            sources: Intern::default(),
            indexes: Vec::new(),
        })
    }

    /// The id that the next action will get.
    pub fn next_id(&self) -> u32 {
        self.next
    }

    /// Switches the schema's triggers and CHECK constraints on or off.
    pub fn with_rules(&mut self, on: bool) -> Result<()> {
        if self.rules != on {
            set_rules(self.conn, on)?;
            self.rules = on;
        }
        Ok(())
    }

    /// Drops the indexes of the tables to be filled; [`Writer::rebuild_indexes`] restores them.
    pub fn drop_indexes(&mut self) -> Result<()> {
        self.indexes = drop_indexes(self.conn, &["action", "citation"])?;
        Ok(())
    }

    /// Rebuilds the dropped indexes.
    pub fn rebuild_indexes(&mut self) -> Result<()> {
        for index in std::mem::take(&mut self.indexes) {
            match self.conn.execute_batch(&index) {
                // A package can cite the same source twice for an action.
                Err(e) if e.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                    self.conn.execute_batch(CITE_ONCE)?;
                    self.conn.execute_batch(&index)?;
                }
                other => other?,
            }
        }
        Ok(())
    }

    /// Drops the indexes of links if there are no links yet. Returns the statements that rebuild them.
    pub fn drop_link_indexes(&self, is_empty: bool) -> Result<Vec<String>> {
        if is_empty { drop_indexes(self.conn, &["link"]) } else { Ok(Vec::new()) }
    }

    /// Writes an action with its sources and quantities, and returns its id.
    pub fn write_action(&mut self, row: &Row<'_>, reference: &str, names: &Names<'_>) -> Result<u32> {
        let id = self.next;
        self.next = id.checked_add(1).ok_or_else(too_many)?;
        let (draft, kind) = (&row.draft, names.facts(row.kind));
        let stands = match row.count.number() {
            _ if !draft.voided.is_empty() => 0,
            Some(count) if kind.sign != Sign::Neutral => count,
            _ => 1,
        };
        let open = if row.stage != Stage::Threatened && kind.sign != Sign::Neutral { stands } else { 0 };
        let values: [&dyn ToSql; INSERTED.len()] = [
            &id,
            &reference,
            &row.date.as_str(),
            &names.code(row.actor),
            &names.code(row.target),
            &kind.name,
            &row.count.number(),
            &row.count.words(),
            &row.stage.as_str(),
            &some(draft.voided),
            &some(draft.logged_at).unwrap_or(&self.stamp),
            &stands,
            &open,
            &row.date.earliest().0,
        ];
        let details = row.details.map(|text| some(text));
        let details = details.each().map(|(_, text)| text as &dyn ToSql);
        let insert = match &mut self.insert_action {
            Some(insert) => insert,
            none => none.insert(self.conn.prepare(&insert_action())?),
        };
        insert.execute(params_from_iter(values.into_iter().chain(details)))?;
        for (position, cite) in (1..).zip(draft.sources) {
            self.cite(id, position, cite)?;
        }
        for given in &row.quantities {
            quantity::put(self.conn, id.into(), given)?;
        }
        Ok(id)
    }

    /// Cites a source for an action of this load. A source that is cited already is left unchanged; if the position is taken, the source is
    /// added at the end.
    pub fn cite(&mut self, action: u32, position: u32, cite: &Cite) -> Result<()> {
        let source = self.source(&cite.cite)?;
        let Reading { date, count, denies } = &cite.reading;
        let values = params![action, position, source, date, count.number(), count.words(), denies];
        let insert = match &mut self.insert_citation {
            Some(insert) => insert,
            none => none.insert(self.conn.prepare(INSERT_CITATION)?),
        };
        if insert.execute(values)? == 0 {
            self.conn
                .prepare_cached(
                    "INSERT INTO citation (action_id, position, source_id, says_date, says_count, says_words, denies)
                     SELECT ?1, 1 + max(position), ?3, ?4, ?5, ?6, ?7 FROM citation WHERE action_id = ?1 AND ?2 IS NOT NULL
                     ON CONFLICT DO NOTHING",
                )?
                .execute(values)?;
        }
        Ok(())
    }

    /// The id of a source, which is added if it does not exist.
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

    /// Loads a source with its bibliographic fields. Returns a message if it differs from the existing one.
    pub fn put_source(&self, source: &SourceDraft) -> Result<Result<(), String>> {
        source::put_source(self.conn, source)
    }
}

impl Drop for Writer<'_> {
    /// Switches the rules on again, even if the load failed.
    fn drop(&mut self) {
        let _ = self.with_rules(true);
    }
}

/// The columns of a new action. Those of its details follow.
const INSERTED: [&str; 14] = [
    "id",
    "ref",
    "date",
    "actor",
    "target",
    "kind",
    "count",
    "count_words",
    "stage",
    "voided",
    "logged_at",
    "stands",
    "open",
    "posted_day",
];

fn insert_action() -> String {
    let columns = joined!(&str: &INSERTED, &NAMES);
    format!("INSERT INTO main.action ({}) VALUES ({})", column_list(&columns), vec!["?"; columns.len()].join(", "))
}

const INSERT_CITATION: &str =
    "INSERT INTO citation (action_id, position, source_id, says_date, says_count, says_words, denies) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT DO NOTHING";

/// Deletes repeated citations of a source for an action, except the first.
const CITE_ONCE: &str = "DELETE FROM citation WHERE (action_id, position) IN (
    SELECT action_id, position FROM
      (SELECT action_id, position, row_number() OVER (PARTITION BY source_id, action_id ORDER BY position) AS time FROM citation)
    WHERE time > 1)";

/// Drops the indexes of these tables, and returns the statements that rebuild them.
fn drop_indexes(conn: &Connection, tables: &[&str]) -> Result<Vec<String>> {
    let mut select =
        conn.prepare("SELECT name, tbl_name, sql FROM main.sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid")?;
    let found: Vec<(String, String, String)> =
        select.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
    drop(select);
    let mut dropped = Vec::new();
    for (name, _, sql) in found.into_iter().filter(|(_, table, _)| tables.contains(&table.as_str())) {
        conn.execute_batch(&format!("DROP INDEX {name}"))?;
        dropped.push(sql);
    }
    Ok(dropped)
}

fn set_rules(conn: &Connection, on: bool) -> Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, on)?;
    Ok(conn.pragma_update(None, "ignore_check_constraints", !on)?)
}

/// The settings changed for a load, with their previous values. An empty ledger is loaded with a rollback journal, which needs only a few
/// pages. A write-ahead log would write all data twice. If a load into an empty ledger crashes, the ledger is empty again.
#[derive(Debug, Default)]
pub(crate) struct Tuning(Vec<(&'static str, String)>);

impl Tuning {
    /// Changes the settings of a connection.
    pub fn begin(conn: &Connection, empty: bool) -> Result<Tuning> {
        let mut before = Vec::new();
        let settings = [("journal_mode", "delete"), ("foreign_keys", "0"), ("cache_size", "-32768"), ("temp_store", "1"), ("threads", "2")];
        for (pragma, value) in settings.into_iter().skip(usize::from(!empty)) {
            let was = match conn.pragma_query_value(None, pragma, |r| r.get::<_, rusqlite::types::Value>(0))? {
                rusqlite::types::Value::Integer(n) => n.to_string(),
                rusqlite::types::Value::Text(t) => t,
                _ => continue,
            };
            match (pragma, was.as_str()) {
                ("journal_mode", "wal") => (),
                // Left behind by a load that was killed: ledgers are created with a write-ahead log.
                ("journal_mode", "delete") => {
                    before.push((pragma, "wal".to_owned()));
                    continue;
                }
                ("journal_mode", _) => continue,
                _ => (),
            }
            // While another program reads the ledger, the journal mode cannot be changed.
            match conn.pragma_update(None, pragma, value) {
                Err(_) if pragma == "journal_mode" => continue,
                other => other?,
            }
            before.push((pragma, was));
        }
        Ok(Tuning(before))
    }

    /// Restores the settings.
    pub fn end(self, conn: &Connection) -> Result<()> {
        for (pragma, was) in self.0 {
            match conn.pragma_update(None, pragma, was) {
                // Another program reads the ledger now. The next opening restores the write-ahead log; the load itself was done.
                Err(_) if pragma == "journal_mode" => continue,
                other => other?,
            }
        }
        Ok(())
    }
}

fn too_many() -> Error {
    Error::refused("cannot import", "one ledger cannot hold this many actions", "divide them among several ledgers")
}
