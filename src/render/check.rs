//! Findings, one after the other: what, where, and what to do.

use std::io::Write;

use crate::error::Result;
use crate::ledger::check::{Finding, Severity};
use crate::render::style::Style;
use crate::render::text::visible;

/// Writes them, and how many there are.
///
/// # Errors
/// `out` cannot be written.
pub fn table(findings: &[Finding], style: Style, out: &mut dyn Write) -> Result<()> {
    for Finding { severity, code, place, what, help } in findings {
        let severity = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(out, "{} {}: {}", style.bold(format!("{severity}[{code}]")), visible(place), visible(what))?;
        writeln!(out, "  {}", style.dim(format!("help: {}", visible(help))))?;
    }
    let errors = findings.iter().filter(|f| f.severity == Severity::Error).count();
    match (errors, findings.len() - errors) {
        (0, 0) => writeln!(out, "nothing found")?,
        (errors, warnings) => writeln!(out, "{}, {}", many(errors, "error"), many(warnings, "warning"))?,
    }
    Ok(())
}

fn many(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}
