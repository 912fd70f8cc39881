//! Logs a claim and a partial answer, and reports what is left: `cargo run --example log_and_report`.

use recip::ledger::{Entry, Ledger, Link};
use recip::report::{Selection, unanswered};

fn main() -> recip::Result<()> {
    let mut ledger = Ledger::in_memory()?;
    let expulsion = ledger.log(&Entry::new("Britain", "Soviet Union", "expulsion", "1985-09-12".parse()?).count(25))?;
    let answer = Entry::new("Soviet Union", "Britain", "expulsion", "1985-09-14".parse()?).count(20);
    ledger.log(&answer.link(Link::answers(&expulsion.reference)))?;

    let mut out = std::io::stdout().lock();
    for claim in unanswered::rows(&ledger, &Selection::default())? {
        use std::io::Write;
        writeln!(out, "{}: {:?} of {:?} {} open against {}", claim.reference, claim.open, claim.count, claim.unit, claim.actor)?;
    }
    Ok(())
}
