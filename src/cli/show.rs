//! `recip show`.

use recip::Result;
use recip::render;
use recip::report::{Names, show};

use super::output::{page, to};
use super::session::Session;

/// Show everything about one action: postings, links, sources and the open amount
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip show 2016-12-29-usa-rus-expulsion")]
pub(crate) struct Args {
    /// Action: an id or a reference
    action: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let ledger = session.read()?;
    let shown = show::read(&ledger, &args.action)?;
    if args.json {
        return to(session, None, |out| render::records::json(&shown, out));
    }
    let names = Names::read(ledger.connection())?;
    page(session, None, |out| render::show::page(&shown, &names, session.style(), out))
}
