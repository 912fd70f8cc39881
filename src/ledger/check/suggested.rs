//! Whether the suggested answers that were taken fit the ledger.

use rusqlite::Connection;

use super::Findings;
use crate::error::Result;

/// Looks for those that joined other acts than they do, and for acts of which more is suggested than there is.
pub(super) fn fits(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut other = conn.prepare(
        "SELECT s.action_id, s.earlier_id FROM suggested_link s JOIN action a ON a.id = s.action_id JOIN action e ON e.id = s.earlier_id
         WHERE s.day <> max(a.day, e.day) OR a.voided IS NOT NULL OR e.voided IS NOT NULL
           OR EXISTS (SELECT 1 FROM link l WHERE l.action_id = s.action_id AND l.earlier_id = s.earlier_id) ORDER BY s.id",
    )?;
    let mut rows = other.query([])?;
    while let Some(row) = rows.next()? {
        let (later, earlier) = (row.get::<_, i64>(0)?, row.get::<_, i64>(1)?);
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
