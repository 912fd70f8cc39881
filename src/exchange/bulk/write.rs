//! The second reading: rows are written as they will stand, then links, then the indexes are built.

use rusqlite::{Connection, ErrorCode, Statement, params};

use crate::error::{Error, Result};
use crate::model::{Cite, Clock, Date, Relation};

use super::super::check::{Row, check, numbered, some};
use super::super::intern::Intern;
use super::super::item::{Citation, Item, SourceDraft};
use super::super::problems::{Place, Problems};
use super::super::source::put_source;
use super::super::{Input, Progress};
use super::Load;

/// Statements, and the numbers of what is in already.
struct Writer<'c> {
    conn: &'c Connection,
    action: Statement<'c>,
    source: Statement<'c>,
    citation: Statement<'c>,
    sources: Intern,
    next_source: u32,
    /// The last action written.
    id: u32,
}

/// Writes everything.
pub(super) fn write(conn: &Connection, clock: Clock, inputs: &[Input], load: &mut Load<'_>, progress: &mut Progress<'_>) -> Result<()> {
    let indexes = drop_indexes(conn)?;
    // Each of them was tried in the first reading, row by row.
    conn.pragma_update(None, "ignore_check_constraints", true)?;
    let mut writer = Writer::new(conn, clock)?;
    let mut problems = Problems::default();
    super::super::read(inputs, &mut problems, Some(progress), &mut |item, problems| match item {
        Item::Action(at, draft) => match check(at, draft, &mut load.names, problems)? {
            Some(row) => writer.write_action(&row, load),
            None => Err(changed()),
        },
        Item::Source(at, source) => writer.write_source(at, &source, problems),
        Item::Citation(_, cited) => writer.write_citation(&cited, load),
        Item::Link(..) | Item::Fact(..) => Ok(()),
    })?;
    problems.tell()?;
    if writer.id as usize != load.acts.len() {
        return Err(changed());
    }
    drop(writer);
    write_links(conn, load)?;
    conn.pragma_update(None, "ignore_check_constraints", false)?;
    for index in indexes {
        match conn.execute_batch(&index) {
            // The tables of a package can cite a source twice for an action.
            Err(e) if e.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                conn.execute_batch(CITE_ONCE)?;
                conn.execute_batch(&index)?;
            }
            other => other?,
        }
    }
    Ok(())
}

/// Leaves each source of an action where it was cited first.
const CITE_ONCE: &str = "DELETE FROM citation WHERE (action_id, position) IN (
    SELECT action_id, position FROM
      (SELECT action_id, position, row_number() OVER (PARTITION BY source_id, action_id ORDER BY position) AS time FROM citation)
    WHERE time > 1)";

/// Takes the indexes off the tables that fill, and gives the statements that make them.
fn drop_indexes(conn: &Connection) -> Result<Vec<String>> {
    let mut select = conn.prepare(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('action', 'link', 'citation') ORDER BY rowid",
    )?;
    let found: Vec<(String, String)> = select.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    drop(select);
    for (name, _) in &found {
        conn.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    Ok(found.into_iter().map(|(_, sql)| sql).collect())
}

impl<'c> Writer<'c> {
    fn new(conn: &'c Connection, clock: Clock) -> Result<Writer<'c>> {
        // The moment is one for all rows, and a constant: only rows that bring their own say another.
        let stamp = clock.stamp();
        let action = conn.prepare(&format!(
            "INSERT INTO action (id, ref, date, actor, target, kind, count, stage, \"by\", place, deadline, dispute, summary, voided, logged_at,
               stands, open, posted_day)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, coalesce(?15, '{stamp}'), ?16, ?17, ?18)"
        ))?;
        let source = conn.prepare(
            "INSERT INTO source (id, cite, publisher, title, author, date, url, accessed, archive, quote)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, CASE WHEN ?8 THEN CASE WHEN ?2 GLOB 'http*://*' THEN ?2 END ELSE ?7 END, ?9, ?10, ?11)",
        )?;
        let citation = conn.prepare(
            "INSERT INTO citation (action_id, position, source_id, says_date, says_count) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?;
        let mut sources = Intern::default();
        let mut next_source = 1;
        let mut known = conn.prepare("SELECT id, cite FROM source ORDER BY id")?;
        let mut rows = known.query([])?;
        while let Some(row) = rows.next()? {
            let id: u32 = row.get(0)?;
            sources.put(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?, id);
            next_source = id + 1;
        }
        Ok(Writer { conn, action, source, citation, sources, next_source, id: 0 })
    }

    fn write_action(&mut self, row: &Row<'_>, load: &Load<'_>) -> Result<()> {
        self.id += 1;
        let known = load.acts.get(self.id as usize - 1).filter(|a| {
            (a.at, a.actor, a.target, a.kind, a.stage) == (row.at, row.actor, row.target, row.kind, row.stage)
                && i64::from(a.day) == row.date.earliest().0
                && i64::from(a.count) == row.count.unwrap_or(0)
        });
        let act = known.ok_or_else(changed)?;
        let draft = &row.draft;
        let made;
        let reference = match draft.reference {
            "" => {
                made = numbered(&row.stem(&load.names), load.suffixes.get(&self.id).copied().unwrap_or(1));
                made.as_str()
            }
            given => given,
        };
        self.action.execute(params![
            self.id,
            reference,
            draft.date,
            load.names.code(row.actor),
            load.names.code(row.target),
            load.names.facts(row.kind).name,
            row.count,
            row.stage.as_str(),
            some(draft.by),
            some(draft.place),
            some(draft.deadline),
            some(draft.dispute),
            some(draft.summary),
            some(draft.voided),
            some(draft.logged_at),
            act.stands,
            act.open,
            act.posted,
        ])?;
        for (position, cite) in draft.sources.iter().enumerate() {
            let source = self.source(&cite.cite)?;
            let (id, position) = (self.id, position as u32 + 1);
            self.cite(id, position, source, cite)?;
        }
        Ok(())
    }

    fn cite(&mut self, action: u32, position: u32, source: u32, cite: &Cite) -> Result<()> {
        let (says_date, says_count) = (cite.says_date.as_ref().map(Date::as_str), cite.says_count);
        if self.citation.execute(params![action, position, source, says_date, says_count])? == 0 {
            // The place is taken, which only the tables of a package can say: it comes after those there are.
            let mut last = self.conn.prepare_cached("SELECT max(position) FROM citation WHERE action_id = ?")?;
            let last: i64 = last.query_row([action], |r| r.get(0))?;
            self.citation.execute(params![action, last + 1, source, says_date, says_count])?;
        }
        Ok(())
    }

    /// The id of a source, which is made if need be.
    fn source(&mut self, cite: &str) -> Result<u32> {
        if let Some(id) = self.sources.get(cite) {
            return Ok(id);
        }
        let id = self.next_source;
        let nothing = None::<&str>;
        self.source.execute(params![id, cite, nothing, nothing, nothing, nothing, nothing, true, nothing, nothing, nothing])?;
        self.sources.put(cite, id);
        self.next_source += 1;
        Ok(id)
    }

    fn write_source(&mut self, at: Place, s: &SourceDraft, problems: &mut Problems) -> Result<()> {
        if self.sources.get(&s.cite).is_some() {
            put_source(self.conn, s)?.unwrap_or_else(|why| problems.add(at, Some("cite"), why));
            return Ok(());
        }
        let id = self.next_source;
        self.source.execute(params![id, s.cite, s.publisher, s.title, s.author, s.date, s.url, false, s.accessed, s.archive, s.quote])?;
        self.sources.put(&s.cite, id);
        self.next_source += 1;
        Ok(())
    }

    fn write_citation(&mut self, cited: &Citation<'_>, load: &Load<'_>) -> Result<()> {
        let action = load.refs.get(cited.action).ok_or_else(changed)?;
        let source = self.source(&cited.cite.cite)?;
        self.cite(action, cited.position, source, &cited.cite)
    }
}

fn write_links(conn: &Connection, load: &Load<'_>) -> Result<()> {
    let mut insert = conn
        .prepare("INSERT INTO link (id, action_id, relation, earlier_id, covers, spends, reversed, day) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?;
    for (index, link) in load.links.iter().enumerate() {
        let amounts = link.settlement();
        let day = load.act(link.later).day.max(load.act(link.earlier).day);
        let relation: Relation = link.relation;
        insert.execute(params![
            index as i64 + 1,
            link.later,
            relation.as_str(),
            link.earlier,
            amounts.covers,
            amounts.spends,
            amounts.reversed,
            day
        ])?;
    }
    Ok(())
}

fn changed() -> Error {
    Error::refused("import", "a file changed while it was read", "import it again when nothing writes to it")
}
