//! What two copies of a ledger have in common: the changes by whose tokens they know each other.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::ledger::undo::UNDONE;
use crate::record::ReadColumn;

/// A change that one copy has and the other does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Foreign {
    pub token: String,
    pub at: String,
    pub who: String,
    pub command: String,
    /// True if it is a merge that the copy itself made: it adds nothing to the changes that it took over.
    pub is_merge: bool,
}

/// What two copies have in common.
#[derive(Debug)]
pub(super) struct Base {
    /// The number of identical changes at the start of both histories.
    pub run: i64,
    /// The last change of our copy before the first that the other copy does not know.
    pub ours: i64,
    /// The last change of their copy before the first that our copy does not know.
    pub theirs: i64,
    /// The merges of our copy that took over nothing unknown to the other copy.
    pub our_merges: HashSet<i64>,
    /// The merges of their copy that took over nothing unknown to us.
    pub their_merges: HashSet<i64>,
    /// The changes that they have, or know from other copies, and that we do not know.
    pub news: Vec<Foreign>,
}

impl Base {
    /// Compares the changes of two copies. It reads only those after the first ones that both have.
    pub fn of(ours: &Connection, theirs: &Connection) -> Result<Base> {
        let run = common_run(ours, theirs)?;
        let (we_know, they_know) = (known(ours, run)?, known(theirs, run)?);
        let tokens = |known: &[Foreign]| known.iter().map(|change| change.token.clone()).collect::<HashSet<String>>();
        let (our_tokens, their_tokens) = (tokens(&we_know), tokens(&they_know));
        let mut seen = HashSet::new();
        let news = they_know.into_iter().filter(|c| !our_tokens.contains(&c.token) && seen.insert(c.token.clone())).collect();
        Ok(Base {
            run,
            ours: known_until(ours, run, &their_tokens)?,
            theirs: known_until(theirs, run, &our_tokens)?,
            our_merges: known_merges(ours, run, &their_tokens)?,
            their_merges: known_merges(theirs, run, &our_tokens)?,
            news,
        })
    }

    /// True if they have nothing that we do not know, except merges of what we know.
    pub fn has_no_news(&self) -> bool {
        self.news.iter().all(|change| change.is_merge)
    }
}

/// The number of identical changes at the start of both histories. The ids of changes have no gaps, and copies give a common change the same id.
fn common_run(ours: &Connection, theirs: &Connection) -> Result<i64> {
    let last = |conn: &Connection| conn.query_row("SELECT coalesce(max(id), 0) FROM change", [], |r| r.get::<_, i64>(0));
    let token = |conn: &Connection, id: i64| -> Result<Option<String>> {
        Ok(conn.prepare_cached("SELECT token FROM change WHERE id = ?")?.query_row([id], |r| r.read(0)).optional()?)
    };
    let (mut low, mut high) = (0, last(ours)?.min(last(theirs)?));
    while low < high {
        let middle = high - (high - low) / 2;
        match token(ours, middle)? == token(theirs, middle)? {
            true => low = middle,
            false => high = middle - 1,
        }
    }
    Ok(low)
}

/// The changes of a copy after the first `run`, and the changes that it took over in merges, unless these were undone.
fn known(conn: &Connection, run: i64) -> Result<Vec<Foreign>> {
    let mut select = conn.prepare(&format!(
        "SELECT token, at, who, command, EXISTS (SELECT 1 FROM merged_change WHERE change_id = c.id), c.id AS learned, NULL AS position
         FROM change c WHERE c.id > ?1
         UNION ALL
         SELECT m.token, m.at, m.who, m.command, 0, c.id, m.position FROM merged_change m JOIN change c ON c.id = m.change_id
         WHERE c.id > ?1 AND NOT {UNDONE}
         ORDER BY learned, position NULLS LAST"
    ))?;
    let foreign = |r: &rusqlite::Row<'_>| {
        Ok(Foreign { token: r.read(0)?, at: r.read(1)?, who: r.read(2)?, command: r.read(3)?, is_merge: r.read(4)? })
    };
    Ok(select.query_map([run], foreign)?.collect::<rusqlite::Result<_>>()?)
}

/// The last change of a copy up to which the other copy, which has these tokens, knows every change.
fn known_until(conn: &Connection, run: i64, tokens: &HashSet<String>) -> Result<i64> {
    let mut select = conn.prepare("SELECT id, token FROM change WHERE id > ? ORDER BY id")?;
    let mut rows = select.query([run])?;
    let mut last = run;
    while let Some(row) = rows.next()? {
        if !tokens.contains(&row.read::<String>(1)?) {
            break;
        }
        last = row.get(0)?;
    }
    Ok(last)
}

/// The merges of a copy, without those that are undone, that took over nothing unknown to the other copy, which has these tokens: neither a
/// change nor an answer.
fn known_merges(conn: &Connection, run: i64, tokens: &HashSet<String>) -> Result<HashSet<i64>> {
    let mut select = conn.prepare(&format!(
        "SELECT m.change_id, m.token, CASE WHEN m.decided THEN c.token ELSE m.token END
         FROM merged_change m JOIN change c ON c.id = m.change_id WHERE m.change_id > ? AND NOT {UNDONE}"
    ))?;
    let mut rows = select.query([run])?;
    let (mut merges, mut unknown) = (HashSet::new(), HashSet::new());
    while let Some(row) = rows.next()? {
        let is_known = tokens.contains(&row.read::<String>(1)?) && tokens.contains(&row.read::<String>(2)?);
        if is_known { &mut merges } else { &mut unknown }.insert(row.get::<_, i64>(0)?);
    }
    Ok(&merges - &unknown)
}

/// Records in the merge in progress which changes it takes over, and whether somebody answered questions.
pub(super) fn learn(conn: &Connection, merge: i64, news: &[Foreign], decided: bool) -> Result<()> {
    let mut insert =
        conn.prepare("INSERT INTO merged_change (change_id, position, token, at, who, command, decided) VALUES (?, ?, ?, ?, ?, ?, ?)")?;
    for (Foreign { token, at, who, command, .. }, position) in news.iter().zip(1..) {
        insert.execute(params![merge, position, token, at, who, command, decided])?;
    }
    Ok(())
}
