//! The rows of findings.

use crate::ledger::check::Finding;
use crate::report::Row;

impl Row for Finding {
    const COLUMNS: &'static [&'static str] = &["severity", "code", "where", "what", "help"];
}
