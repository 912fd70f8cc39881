//! Finds copies of the ledger beside it that have changes which the ledger lacks. Programs that synchronise folders leave such copies when
//! two machines wrote at the same time.

use std::path::Path;

use rusqlite::Connection;

use super::Findings;
use crate::error::Result;
use crate::ledger::merge::unknown_changes;
use crate::ledger::{Ledger, is_sqlite};

/// Finds files in the ledger's folder whose names begin like the ledger's, and that are copies of it with changes of their own.
pub(super) fn beside(conn: &Connection, path: &Path, findings: &mut Findings) -> Result<()> {
    let (Some(stem), Some(name)) = (path.file_stem().and_then(|s| s.to_str()), path.file_name()) else { return Ok(()) };
    let folder = path.parent().unwrap_or(Path::new(""));
    let Ok(entries) = std::fs::read_dir(Path::new(".").join(folder)) else { return Ok(()) };
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.file_name()).filter(|file| file != name).collect();
    files.sort();
    for file in files {
        let Some(text) = file.to_str().filter(|text| is_copy_name(text, stem, path)) else { continue };
        // A file that cannot be opened as a ledger is not one of this ledger's copies.
        let Some(copy) = Some(folder.join(&file)).filter(|file| is_sqlite(file)).and_then(|file| Ledger::open_to_read(&file).ok()) else {
            continue;
        };
        let unknown = unknown_changes(conn, &copy)?;
        if unknown > 0 {
            let changes = if unknown == 1 { "1 change".to_owned() } else { format!("{unknown} changes") };
            findings.warning(
                "conflict-copy",
                text,
                format!("it is a copy of this ledger, with {changes} that this ledger does not have"),
                format!("'recip diff' shows what differs; to make one ledger of both: recip merge '{}'", folder.join(&file).display()),
            );
        }
    }
    Ok(())
}

/// True for names like `l (conflicted copy 2026-01-02).db`, `l.sync-conflict-20260102-120000-ABCDEFG.db` and `l-HOST.db`.
fn is_copy_name(file: &str, stem: &str, path: &Path) -> bool {
    let same_ending = Path::new(file).extension() == path.extension();
    let rest = file.strip_prefix(stem).unwrap_or_default();
    same_ending && (rest.starts_with([' ', '-', '_', '~', '(']) || rest.starts_with(".sync-conflict-"))
}
