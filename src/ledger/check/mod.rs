//! Checking a ledger for problems and doubts, from damaged pages of the file to sources that disagree.
//!
//! The amounts are recomputed from the facts, with the rule that is used to load files, and compared with the stored ones, which the
//! schema's triggers or an earlier change derived.

mod amounts;
mod candidates;
mod copies;
mod doubts;
mod file;
mod history;
mod rules;
mod seal;
pub(super) mod table;
mod texts;

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;

use serde::Serialize;

use crate::error::Result;
use crate::ledger::open::connect_to_read;
use crate::ledger::{Ledger, check_disk};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The ledger is inconsistent, and reports may be wrong.
    Error,
    /// The ledger is consistent, but an entry may be wrong and should be reviewed.
    Warning,
}

/// One problem or doubt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Error or warning.
    pub severity: Severity,
    /// The type of finding: a word that does not change between releases.
    pub code: &'static str,
    /// The action, the row of a table, the object of the schema or the file concerned.
    #[serde(rename = "where")]
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// How to resolve it.
    pub help: String,
}

/// The maximum number of findings listed for one code; further ones are only counted.
pub const MAX_FINDINGS: u64 = 100;

/// The findings so far.
#[derive(Debug, Default)]
struct Findings {
    listed: Vec<Finding>,
    counts: BTreeMap<(Severity, &'static str), u64>,
}

impl Findings {
    fn error(&mut self, code: &'static str, place: impl Into<String>, what: impl Into<String>, help: impl Into<String>) {
        self.add(Severity::Error, code, place.into(), what.into(), help.into());
    }

    fn warning(&mut self, code: &'static str, place: impl Into<String>, what: impl Into<String>, help: impl Into<String>) {
        self.add(Severity::Warning, code, place.into(), what.into(), help.into());
    }

    fn add(&mut self, severity: Severity, code: &'static str, place: String, what: String, help: String) {
        let count = self.counts.entry((severity, code)).or_default();
        *count += 1;
        if *count <= MAX_FINDINGS {
            self.listed.push(Finding { severity, code, place, what, help });
        }
    }

    fn append(&mut self, other: Findings) {
        self.listed.extend(other.listed);
        for (code, count) in other.counts {
            *self.counts.entry(code).or_default() += count;
        }
    }

    fn has_errors(&self) -> bool {
        self.counts.keys().any(|(severity, _)| *severity == Severity::Error)
    }

    /// The findings, errors first, with the number of those not listed for each code.
    fn into_list(mut self) -> Vec<Finding> {
        for ((severity, code), count) in self.counts {
            if count > MAX_FINDINGS {
                let what = format!("and {} more", count - MAX_FINDINGS);
                let help = "resolve those listed first, and check again".to_owned();
                self.listed.push(Finding { severity, code, place: "the ledger".to_owned(), what, help });
            }
        }
        self.listed.sort_by_key(|f| f.severity);
        self.listed
    }
}

/// Checks a ledger and returns all findings, errors first. It checks one snapshot, even if other programs write meanwhile.
///
/// The pages, the rules of single rows and the seal are checked at the same time in other threads with their own connections.
///
/// # Errors
/// The ledger cannot be read at all.
pub fn check(ledger: &Ledger) -> Result<Vec<Finding>> {
    let conn = ledger.connection();
    let _snapshot = conn.unchecked_transaction()?;
    let mut findings = Findings::default();
    if let Some(path) = ledger.path() {
        file::location(path, &mut findings);
    }
    // The rows can be read reliably only if the schema is recip's.
    let readable = file::schema(conn, &mut findings)?;
    if !readable.tables {
        return Ok(findings.into_list());
    }
    file::extra_references(conn, &readable.extra, &mut findings);
    let path = ledger.path();
    let mut of_contents = Findings::default();
    // A copy is not made again for each thread.
    let beside = path.filter(|_| !ledger.is_copy());
    let (damage, sealed, contents) = thread::scope(|scope| {
        let damage = scope.spawn(move || path.map_or_else(|| Ok(Default::default()), file::damage));
        let sealed = beside.map(|path| scope.spawn(move || seal::check(small_reader(path)?.connection())));
        let contents = contents(ledger, &mut of_contents);
        let sealed =
            sealed.map_or_else(|| seal::check(conn), |sealed| sealed.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        (damage.join(), sealed, contents)
    });
    let (damage, breaking) = damage.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    if damage.has_errors() {
        ledger.path().map_or(Ok(()), check_disk)?;
        // Findings from damaged pages are meaningless.
        findings.append(damage);
        return Ok(findings.into_list());
    }
    for table in breaking {
        rules::broken(conn, &table, &mut findings)?;
    }
    findings.append(of_contents);
    match contents {
        // The values that the errors name cannot be read together.
        Err(_) if findings.has_errors() => (),
        Ok(false) => (),
        other => {
            other?;
            findings.append(sealed?);
        }
    }
    Ok(findings.into_list())
}

/// What contradicts the history of a ledger: entries that cannot be read, and rows that it does not account for or that are missing.
pub(super) fn history_errors(conn: &rusqlite::Connection) -> Result<Vec<Finding>> {
    let mut findings = Findings::default();
    history::check(conn, &mut findings)?;
    Ok(findings.into_list().into_iter().filter(|finding| finding.severity == Severity::Error).collect())
}

/// The rows that the history of a ledger knows and that are missing.
pub(super) fn missing_rows(conn: &rusqlite::Connection) -> Result<Vec<Finding>> {
    let mut findings = Findings::default();
    history::missing(conn, &mut findings)?;
    Ok(findings.into_list())
}

/// The seals of a ledger that are missing or broken.
pub(super) fn broken_seals(conn: &rusqlite::Connection) -> Result<Vec<Finding>> {
    Ok(seal::check(conn)?.into_list())
}

/// Opens the ledger once more, to read its rows in order.
fn small_reader(path: &Path) -> Result<Ledger> {
    let ledger = connect_to_read(path)?;
    ledger.connection().pragma_update(None, "cache_size", -4_096)?;
    Ok(ledger)
}

/// Checks the contents of the tables, except their seal. Returns false if rows refer to rows that do not exist; the tables then cannot
/// be checked together.
fn contents(ledger: &Ledger, findings: &mut Findings) -> Result<bool> {
    let conn = ledger.connection();
    texts::unreadable(conn, findings)?;
    if file::references(conn, findings)? {
        return Ok(false);
    }
    let facts = amounts::compare(conn, findings)?;
    history::check(conn, findings)?;
    candidates::compare(conn, findings)?;
    file::catalogue(conn, findings)?;
    doubts::find(conn, &facts, ledger.clock().today(), findings)?;
    ledger.path().map_or(Ok(()), |path| copies::beside(conn, path, findings))?;
    Ok(true)
}
