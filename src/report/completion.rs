//! What is offered to people while they type: parties and kinds by use, and actions.

use rusqlite::Connection;

use crate::error::Result;
use crate::record::ReadColumn;

/// Maximum number of actions that are offered.
const MAX_ACTIONS: i64 = 100;

/// An action that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Its id.
    pub id: i64,
    /// Its ref.
    pub reference: String,
    /// Its date, parties and kind: `2016-12-29 USA -> RUS: expulsion`.
    pub what: String,
}

/// The codes of the parties that have acted or were acted upon, the most frequent first.
///
/// # Errors
/// The ledger cannot be read.
pub fn parties_by_use(conn: &Connection) -> Result<Vec<String>> {
    by_use(
        conn,
        "SELECT party FROM (SELECT actor AS party, count(*) AS acts FROM action GROUP BY actor UNION ALL SELECT target, count(*) FROM action GROUP BY target)
         GROUP BY party ORDER BY sum(acts) DESC, party",
    )
}

/// The names of the kinds that were logged, the most frequent first.
///
/// # Errors
/// The ledger cannot be read.
pub fn kinds_by_use(conn: &Connection) -> Result<Vec<String>> {
    by_use(conn, "SELECT kind FROM action GROUP BY kind ORDER BY count(*) DESC, kind")
}

fn by_use(conn: &Connection, select: &str) -> Result<Vec<String>> {
    Ok(conn.prepare(select)?.query_map([], |r| r.read(0))?.collect::<rusqlite::Result<_>>()?)
}

/// True if the party has acted against the target, or against anybody.
///
/// # Errors
/// The ledger cannot be read.
pub fn has_acted(conn: &Connection, actor: &str, target: Option<&str>) -> Result<bool> {
    let exists = "SELECT EXISTS (SELECT 1 FROM action WHERE actor = ?1 AND target = coalesce(?2, target) AND voided IS NULL)";
    Ok(conn.prepare_cached(exists)?.query_row(rusqlite::params![actor, target], |r| r.get(0))?)
}

/// The latest actions, if nothing or part of a number was typed; otherwise the actions whose refs begin with the text.
///
/// # Errors
/// The ledger cannot be read.
pub fn actions(conn: &Connection, typed: &str) -> Result<Vec<Offered>> {
    let what = "id, ref, date || ' ' || actor || ' -> ' || target || ': ' || kind";
    let is_number = typed.bytes().all(|b| b.is_ascii_digit());
    let select = match is_number {
        true => format!("SELECT {what} FROM action WHERE voided IS NULL AND id LIKE ?1 || '%' ORDER BY id DESC LIMIT ?2"),
        false => format!("SELECT {what} FROM action WHERE ref >= ?1 AND ref < ?1 || '~' AND voided IS NULL ORDER BY ref LIMIT ?2"),
    };
    let offered = |r: &rusqlite::Row<'_>| Ok(Offered { id: r.read(0)?, reference: r.read(1)?, what: r.read(2)? });
    Ok(conn.prepare(&select)?.query_map(rusqlite::params![typed, MAX_ACTIONS], offered)?.collect::<rusqlite::Result<_>>()?)
}
