//! The part of the ledger that a reading verb is asked for.

use recip::ledger::catalogue;
use recip::model::{Day, Points, Stage};
use recip::render::Head;
use recip::report::{Lens, Pair, Selection};
use recip::{Error, Result};

/// The pair that a report is about, and the day.
#[derive(Debug, clap::Args)]
pub(crate) struct PairArgs {
    /// One party: everything it did and everything done to it
    #[arg(value_name = "A")]
    a: Option<String>,
    /// A second party: everything between the two
    #[arg(value_name = "B")]
    b: Option<String>,
}

/// What narrows a list, a report or an export.
#[derive(Debug, clap::Args)]
pub(crate) struct FilterArgs {
    /// As things stood at the end of this day, knowing nothing of what came later [default: today]
    #[arg(long, value_name = "DAY", help_heading = "Selection")]
    as_of: Option<Day>,
    /// Only actions of this day or later
    #[arg(long, value_name = "DAY", help_heading = "Selection")]
    since: Option<Day>,
    /// Only actions of this day or earlier
    #[arg(long, value_name = "DAY", help_heading = "Selection")]
    until: Option<Day>,
    /// Only actions of this kind; may be given several times
    #[arg(long = "kind", value_name = "KIND", help_heading = "Selection")]
    kinds: Vec<String>,
    /// Only actions of this case
    #[arg(long, value_name = "SLUG", help_heading = "Selection")]
    dispute: Option<String>,
}

/// Whether a report counts what nobody has confirmed.
#[derive(Debug, clap::Args)]
pub(crate) struct CandidateArgs {
    /// Count candidates too, which feeds reported and nobody has confirmed: as acts of an unknown count
    #[arg(long, help_heading = "Selection")]
    pub with_candidates: bool,
}

/// Whether a report counts what was only suggested.
#[derive(Debug, clap::Args)]
pub(crate) struct SuggestedArgs {
    /// Count the answers too that 'recip suggest' finds with this score or more, as if somebody had linked them
    #[arg(long, value_name = "SCORE", help_heading = "Selection")]
    pub with_suggested: Option<Points>,
}

/// What narrows a list or an export further.
#[derive(Debug, clap::Args)]
pub(crate) struct ActionArgs {
    /// Only what this party did
    #[arg(long, value_name = "PARTY", help_heading = "Selection")]
    actor: Option<String>,
    /// Only what was done to this party
    #[arg(long, value_name = "PARTY", help_heading = "Selection")]
    target: Option<String>,
    /// Only this stage: threatened, announced or done
    #[arg(long, value_name = "STAGE", help_heading = "Selection")]
    stage: Option<Stage>,
    /// Only actions whose ref, summary, place or body holds this text
    #[arg(long, value_name = "TEXT", help_heading = "Selection")]
    text: Option<String>,
}

impl PairArgs {
    /// The same from elsewhere than positions.
    pub(crate) fn new(a: Option<String>, b: Option<String>) -> PairArgs {
        PairArgs { a, b }
    }
}

impl FilterArgs {
    /// The selection these arguments make.
    pub(crate) fn selection(&self, pair: PairArgs) -> Selection {
        Selection {
            pair: match (pair.a, pair.b) {
                (Some(a), Some(b)) => Some(Pair::Both(a, b)),
                (Some(a), None) => Some(Pair::One(a)),
                (None, _) => None,
            },
            as_of: self.as_of,
            since: self.since,
            until: self.until,
            kinds: self.kinds.clone(),
            dispute: self.dispute.clone(),
            ..Selection::default()
        }
    }

    /// The same, of actions rather than of a report: as of a day only if one is named.
    pub(crate) fn selection_whatever_day(&self, pair: PairArgs) -> Selection {
        Selection { whatever_day: self.as_of.is_none(), ..self.selection(pair) }
    }

    /// The same, narrowed further.
    pub(crate) fn selection_of_actions(&self, pair: PairArgs, actions: ActionArgs) -> Selection {
        Selection {
            actor: actions.actor,
            target: actions.target,
            stage: actions.stage,
            text: actions.text,
            ..self.selection_whatever_day(pair)
        }
    }
}

/// The most days that a window or a half-life has: beyond it dates are of another calendar.
const MOST_DAYS: i64 = 1_000_000;

/// Reads `90d`, or `90`.
pub(crate) fn days(text: &str) -> Result<i64> {
    match text.strip_suffix('d').unwrap_or(text).parse() {
        Ok(days) if (1..=MOST_DAYS).contains(&days) => Ok(days),
        Ok(_) => Err(Error::invalid("days", text, "this is no number of days from 1 to 1,000,000", "write it like 90d")),
        Err(_) => Err(Error::invalid("days", text, "this is no number of days", "write it like 90d")),
    }
}

/// The head of a table: the day, and the selection in words.
pub(crate) fn head(lens: &Lens<'_>, selection: &Selection, weighs: bool) -> Result<Head> {
    let mut scope = Vec::new();
    match &selection.pair {
        None => (),
        Some(Pair::One(a)) => scope.push(catalogue::find_party(lens, a)?.name),
        Some(Pair::Both(a, b)) => {
            scope.push(format!("{} and {}", catalogue::find_party(lens, a)?.name, catalogue::find_party(lens, b)?.name));
        }
    }
    for (word, name) in [("by", &selection.actor), ("against", &selection.target)] {
        if let Some(name) = name {
            scope.push(format!("{word} {}", catalogue::find_party(lens, name)?.name));
        }
    }
    if !selection.kinds.is_empty() {
        let kinds: Result<Vec<String>> = selection.kinds.iter().map(|k| Ok(catalogue::find_kind(lens, k)?.name)).collect();
        scope.push(kinds?.join(" or "));
    }
    scope.extend(selection.dispute.as_ref().map(|d| format!("dispute {d}")));
    scope.extend(selection.since.map(|day| format!("since {day}")));
    scope.extend(selection.until.map(|day| format!("until {day}")));
    Ok(Head {
        as_of: lens.as_of(),
        as_known: lens.known().map(ToString::to_string),
        scope: scope.join(", "),
        scale: weighs.then(|| lens.scale().to_owned()),
        with_candidates: selection.with_candidates,
        with_suggested: selection.with_suggested,
    })
}
