//! Questions and warnings about implausible facts.

use recip::ledger::edit::Edited;
use recip::ledger::{Correction, Doubt, Entry, Logged};
use recip::{Ledger, Result};

use super::console;
use super::prompt::confirm;
use super::session::{Session, message};

/// Logs entries. If any is doubtful, it asks first on a terminal, and otherwise warns. Returns nothing if the user declines.
pub(crate) fn log_all(ledger: &mut Ledger, entries: &[Entry], dry_run: bool) -> Result<Option<Vec<Logged>>> {
    let doubts = ledger.doubts(entries)?;
    if !dry_run && console::can_ask() && doubts.iter().any(|doubts| !doubts.is_empty()) {
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
    logged.iter().zip(&doubts).for_each(|(logged, doubts)| warn(logged.id, doubts, dry_run));
    Ok(Some(logged))
}

/// Corrects an action. If that makes it doubtful, it asks first on a terminal, and otherwise warns. Returns nothing if the user declines.
pub(crate) fn edit(session: &Session, key: &str, correction: &Correction, dry_run: bool) -> Result<Option<(Ledger, Edited)>> {
    if !dry_run && console::can_ask() {
        let tried = session.write_unless(true)?.edit(key, correction)?;
        tried.doubts.iter().for_each(|doubt| message(&format!("warning: #{}: {}", tried.after.id, doubt.what)));
        if !tried.doubts.is_empty() && !confirm("Change it all the same?")? {
            message("nothing was changed");
            return Ok(None);
        }
    }
    let mut ledger = session.write_unless(dry_run)?;
    let edited = ledger.edit(key, correction)?;
    if dry_run || !console::can_ask() {
        warn(edited.after.id, &edited.doubts, dry_run);
    }
    Ok(Some((ledger, edited)))
}

/// Warns of what is doubtful about an action. After a dry run there is nothing yet that a command could correct.
fn warn(id: i64, doubts: &[Doubt], dry_run: bool) {
    for doubt in doubts {
        let help = if dry_run { String::new() } else { format!("\nhelp: {}", doubt.help(id)) };
        message(&format!("warning: #{id}: {}{help}", doubt.what));
    }
}
