//! `recip restore`.

use std::path::PathBuf;

use recip::Result;
use recip::ledger::backup;
use recip::model::quantity;

use super::output::say;
use super::progress::Progress;
use super::session::{Session, tell};

/// Put a copy in the place of the ledger, which is kept beside it
///
/// The copy is verified first. Nobody who reads the ledger meanwhile sees half of it; while another program writes to
/// it nothing is changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip restore /media/stick/ledger-2017-08-31.db")]
pub(crate) struct Args {
    /// The copy, made by 'recip backup'
    #[arg(value_name = "FILE")]
    copy: PathBuf,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let path = session.path_to_replace()?;
    let mut progress = Progress::new();
    let restored = backup::restore(&path, &args.copy, session.clock(), &mut |done, of| progress.tell(done, Some(of)));
    progress.end();
    let restored = restored?;
    if let Some(kept) = &restored.kept {
        let damaged = if restored.damaged { ", which is damaged," } else { "" };
        tell(&format!("the ledger as it was{damaged} is kept as {}", kept.display()));
    }
    let held = restored.holdings;
    say(
        &format!(
            "restored {} and {} from {}",
            quantity(Some(held.actions), "actions"),
            quantity(Some(held.links), "links"),
            args.copy.display()
        ),
        false,
    )
}
