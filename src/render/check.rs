//! The findings of a check: the problem, its place, and the remedy.

use std::io::Write;

use crate::error::Result;
use crate::ledger::check::{Finding, Severity};
use crate::model::counted;
use crate::render::style::Style;
use crate::render::text::visible;

/// Writes the findings and their number.
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
        (0, 0) => writeln!(out, "no problems found")?,
        (errors, warnings) => writeln!(out, "{}, {}", counted(errors, "errors"), counted(warnings, "warnings"))?,
    }
    Ok(())
}
