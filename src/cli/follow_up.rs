//! The options that `waive` and `extend` share: they log an act that refers to earlier ones.

use recip::ledger::{Action, Entry, Link};
use recip::model::{Amount, Cite, Date, LinkSpec, Relation};

use super::session::Session;

/// What such an act states besides the earlier actions.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct FollowUpArgs {
    /// Date of this act: 2016, 2017-06 or 2016-12-29 [default: today]
    #[arg(long, value_name = "DATE", value_parser = super::typed_date::date)]
    on: Option<Date>,
    /// Body that acted, such as a ministry
    #[arg(long, value_name = "BODY")]
    by: Option<String>,
    /// What happened, in one line
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// Source: a URL or a citation; may be given several times
    #[arg(long = "source", value_name = "SOURCE")]
    sources: Vec<Cite>,
    /// Show the effect, but write nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl FollowUpArgs {
    /// The entry that logs the act of `actor` against `target`, linked to each of the earlier actions. It belongs to their dispute if they
    /// all belong to the same.
    pub fn entry(self, session: &Session, [actor, target]: [&str; 2], kind: &str, relation: Relation, earlier: &[Action]) -> Entry {
        let mut entry = Entry::new(actor, target, kind, self.on.unwrap_or_else(|| session.today()));
        let dispute = earlier.first().and_then(|first| first.details.dispute.clone());
        entry.details.dispute = dispute.filter(|slug| earlier.iter().all(|action| action.details.dispute.as_ref() == Some(slug)));
        entry.details.by = self.by;
        entry.details.summary = self.summary;
        entry.sources = self.sources;
        let spec = |action: &Action| LinkSpec { earlier: action.id.to_string(), amount: Amount::default() };
        entry.links = earlier.iter().map(|action| Link { relation, spec: spec(action) }).collect();
        entry
    }
}
