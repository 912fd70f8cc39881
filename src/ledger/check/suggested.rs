//! Whether the suggested answers that were taken fit the ledger.

use rusqlite::Connection;

use super::Findings;
use crate::error::Result;
use crate::ledger::suggested;

/// Looks for those that joined other acts than they do, and for acts of which more is suggested than there is.
pub(super) fn fits(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut other = suggested::unfit(conn, None)?;
    let mut linked = conn.prepare(
        "SELECT s.action_id, s.earlier_id FROM suggested_link s JOIN link l ON l.action_id = s.action_id AND l.earlier_id = s.earlier_id ORDER BY s.id",
    )?;
    for row in linked.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))? {
        other.push(row?);
    }
    for (later, earlier) in other {
        let what = format!("what was suggested of #{later} and #{earlier} is not what they are");
        findings.error("suggested", format!("#{later}"), what, format!("'recip unlink {later} {earlier}' gives it up"));
    }
    let mut more = conn.prepare(
        "SELECT s.id FROM (SELECT action_id AS id FROM suggested_link UNION SELECT earlier_id FROM suggested_link) s
         WHERE EXISTS (SELECT 1 FROM suggested_account WHERE action_id = s.id AND open < 0) ORDER BY s.id",
    )?;
    let mut rows = more.query([])?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let mend = format!("'recip suggest --taken' lists them; 'recip unlink' gives one up: see 'recip show {id}'");
        findings.error("suggested", format!("#{id}"), "more is suggested of it than there is", mend);
    }
    Ok(())
}
