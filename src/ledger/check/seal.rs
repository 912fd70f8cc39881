//! Checks that nothing was altered or deleted without a trace.

use rusqlite::{Connection, OptionalExtension};

use super::Findings;
use crate::error::Result;
use crate::ledger::seal;
use crate::record::ReadColumn;

/// How many changes without a seal are named.
const MAX_NAMED: usize = 5;
const HELP: &str = "compare the ledger with a backup that passes 'recip check', and restore that backup";

/// Compares the facts and the history with the seal of the last change that has one.
pub(super) fn check(conn: &Connection) -> Result<Findings> {
    let mut findings = Findings::default();
    let lost: Vec<String> = seal::lost(conn)?.iter().map(i64::to_string).collect();
    let place = match &lost[..] {
        [] => None,
        [one] => Some(format!("change {one}")),
        [few @ .., last] if few.len() < MAX_NAMED => Some(format!("changes {} and {last}", few.join(", "))),
        many => Some(format!("changes {} and {} others", many[..MAX_NAMED].join(", "), many.len() - MAX_NAMED)),
    };
    if let Some(place) = place {
        findings.error("seal", place, "no seal; recip seals every change, so another program removed it", HELP);
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
