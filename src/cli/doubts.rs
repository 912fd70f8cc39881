//! Questions and warnings about implausible facts.

use recip::ledger::{Doubt, Entry, Logged};
use recip::{Ledger, Result};

use super::console;
use super::prompt::confirm;
use super::session::message;

/// Logs entries. If any is doubtful, it asks first on a terminal, and otherwise warns. Returns nothing if the user declines.
pub(crate) fn log_all(ledger: &mut Ledger, entries: &[Entry], dry_run: bool) -> Result<Option<Vec<Logged>>> {
    let doubts = ledger.doubts(entries)?;
    let asks = !dry_run && console::can_ask();
    if asks && doubts.iter().any(|doubts| !doubts.is_empty()) {
        for (entry, doubt) in entries.iter().zip(&doubts).flat_map(|(entry, doubts)| doubts.iter().map(move |doubt| (entry, doubt))) {
            message(&format!("warning: {} {} -> {}: {}", entry.date, entry.actor, entry.target, doubt.what));
        }
        if !confirm("Log it all the same?")? {
            message("nothing was logged");
            return Ok(None);
        }
        return ledger.log_all(entries).map(Some);
    }
    let logged = ledger.log_all(entries)?;
    logged.iter().zip(&doubts).for_each(|(logged, doubts)| warn(logged.id, doubts));
    Ok(Some(logged))
}

/// Warns of what is doubtful about an action.
pub(crate) fn warn(id: i64, doubts: &[Doubt]) {
    for doubt in doubts {
        message(&format!("warning: #{id}: {}\nhelp: {}", doubt.what, doubt.help(id)));
    }
}
