//! Checks that nothing was altered or deleted without a trace.

use rusqlite::{Connection, OptionalExtension};

use super::Findings;
use crate::error::Result;
use crate::ledger::seal;
use crate::record::ReadColumn;

const HELP: &str = "compare the ledger with a backup that passes 'recip check', and restore that backup";

/// Compares the facts and the history with the seal of the last change that has one.
pub(super) fn check(conn: &Connection) -> Result<Findings> {
    let mut findings = Findings::default();
    if let [first, others @ ..] = &seal::lost(conn)?[..] {
        let others = if others.is_empty() { String::new() } else { format!(" and {} others", others.len()) };
        let what = "recip gives a seal to every change: another program removed it";
        findings.error("seal", format!("change {first}{others}"), format!("no seal; {what}"), HELP);
    }
    for broken in seal::broken(conn)? {
        let place = match broken.first == broken.last {
            true => format!("change {}", broken.last),
            false => format!("changes {} to {}", broken.first, broken.last),
        };
        let command = "SELECT 'recip ' || command FROM change WHERE id = ?1 AND ?1 = ?2 AND command <> ''";
        let command = conn.query_row(command, [broken.first, broken.last], |r| r.read::<String>(0)).optional()?;
        let row = match broken.from_the_start {
            true => "a row that it wrote, or that was there before it,",
            false => "a row that it wrote",
        };
        let command = command.map_or_else(String::new, |command| format!("; its command was: {command}"));
        let what = format!("{row} was altered or deleted without an entry in the history, so the seal is broken{command}");
        findings.error("seal", place, what, HELP);
    }
    Ok(findings)
}
