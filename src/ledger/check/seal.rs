//! Checks that nothing was altered or deleted without a trace.

use rusqlite::Connection;

use super::Findings;
use crate::error::Result;
use crate::ledger::seal;

const HELP: &str = "compare the ledger with a backup that passes 'recip check', and restore that backup";

/// Compares the facts and the history with the seal of the last change that has one.
pub(super) fn check(conn: &Connection) -> Result<Findings> {
    let mut findings = Findings::default();
    if let Some(change) = seal::lost(conn)? {
        let what = "it has no seal, which recip gives to every change: another program removed it";
        findings.error("seal", format!("change {change}"), what, HELP);
    }
    if let Some(change) = seal::broken(conn)? {
        let what = "the facts and the history differ from those that this change sealed: a row was altered or deleted without an entry in the history";
        findings.error("seal", format!("change {change}"), what, HELP);
    }
    Ok(findings)
}
