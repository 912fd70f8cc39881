//! What is wrong with a ledger, and what may be: from the bytes of the file to sources that disagree.
//!
//! Amounts are settled again from the facts, by the rule that loads files, and compared with what the ledger keeps, which the triggers
//! of the schema or an earlier change derived.

mod amounts;
mod candidates;
mod doubts;
mod file;
mod history;

use std::collections::BTreeMap;
use std::thread;

use serde::Serialize;

use crate::error::Result;
use crate::ledger::Ledger;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The ledger is not what it should be: reports may be wrong.
    Error,
    /// Somebody should look: the ledger holds together, and what it says may be wrong.
    Warning,
}

/// One thing that is wrong, or may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What sort of finding: a word that stays the same from release to release.
    pub code: &'static str,
    /// Where: an action, a row of a table, an object of the schema, the file.
    #[serde(rename = "where")]
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What can be done about it.
    pub help: String,
}

/// How many findings of one code are told one by one; the rest are counted.
pub const FINDINGS_TOLD: u64 = 100;

/// The findings so far.
#[derive(Debug, Default)]
struct Findings {
    told: Vec<Finding>,
    found: BTreeMap<(Severity, &'static str), u64>,
}

impl Findings {
    fn error(&mut self, code: &'static str, place: impl Into<String>, what: impl Into<String>, help: impl Into<String>) {
        self.add(Severity::Error, code, place.into(), what.into(), help.into());
    }

    fn warning(&mut self, code: &'static str, place: impl Into<String>, what: impl Into<String>, help: impl Into<String>) {
        self.add(Severity::Warning, code, place.into(), what.into(), help.into());
    }

    fn add(&mut self, severity: Severity, code: &'static str, place: String, what: String, help: String) {
        let found = self.found.entry((severity, code)).or_default();
        *found += 1;
        if *found <= FINDINGS_TOLD {
            self.told.push(Finding { severity, code, place, what, help });
        }
    }

    fn has_errors(&self) -> bool {
        self.found.keys().any(|(severity, _)| *severity == Severity::Error)
    }

    /// All of them, errors first, and how many more there are of a code.
    fn told(mut self) -> Vec<Finding> {
        for ((severity, code), found) in self.found {
            if found > FINDINGS_TOLD {
                let what = format!("and {} more", found - FINDINGS_TOLD);
                self.told.push(Finding { severity, code, place: "the ledger".to_owned(), what, help: "help these first".to_owned() });
            }
        }
        self.told.sort_by_key(|f| f.severity);
        self.told
    }
}

/// Everything that is wrong with a ledger, errors first; of one moment, whatever others write meanwhile.
///
/// The pages are checked beside the rest by a connection of their own, which takes about as long.
///
/// # Errors
/// The ledger cannot be read at all.
pub fn check(ledger: &Ledger) -> Result<Vec<Finding>> {
    let conn = ledger.connection();
    let _moment = conn.unchecked_transaction()?;
    let mut findings = Findings::default();
    if let Some(path) = ledger.path() {
        file::folder(path, &mut findings);
    }
    // What the schema says decides what can be trusted to be read next.
    if !file::schema(conn, &mut findings)? {
        return Ok(findings.told());
    }
    let path = ledger.path();
    let (damage, contents) = thread::scope(|scope| {
        let damage = scope.spawn(move || path.map_or_else(|| Ok(Findings::default()), file::damage));
        let contents = contents(ledger, &mut findings);
        (damage.join(), contents)
    });
    match damage {
        Ok(damage) => {
            let damage = damage?;
            if damage.has_errors() {
                // What was read of damaged pages says nothing.
                return Ok(damage.told());
            }
        }
        Err(panic) => std::panic::resume_unwind(panic),
    }
    contents?;
    Ok(findings.told())
}

/// What the rows say, and the views.
fn contents(ledger: &Ledger, findings: &mut Findings) -> Result<()> {
    let conn = ledger.connection();
    file::references(conn, findings)?;
    if findings.has_errors() {
        return Ok(());
    }
    let held = amounts::compare(conn, findings)?;
    history::complete(conn, findings)?;
    candidates::folded(conn, findings)?;
    file::catalogue(conn, findings)?;
    doubts::look(conn, &held, ledger.clock().today(), findings)
}
