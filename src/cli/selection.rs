//! The arguments that select part of the ledger for a report, a list or an export.

use recip::ledger::catalogue::{self, Members};
use recip::model::details::tags;
use recip::model::name::with_article;
use recip::model::words::quoted;
use recip::model::{Day, Score, Stage};
use recip::render::Head;
use recip::report::{Lens, Pair, Selection};
use recip::{Error, Result};

/// The party or the pair that a report covers.
#[derive(Debug, clap::Args)]
pub(crate) struct PairArgs {
    /// Party: a code, a name, an alias or a list (USA,GBR,FRA); if it is the only one given, selects all actions by or against it
    #[arg(value_name = "PARTY_A")]
    a: Option<String>,
    /// Second party, or list; together they select everything between the two
    #[arg(value_name = "PARTY_B")]
    b: Option<String>,
    #[command(flatten)]
    members: MemberArgs,
}

/// Whether organisations stand for their members.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct MemberArgs {
    /// Replace each organisation with its members on the --as-of day (today by default)
    #[arg(long, help_heading = "Groups")]
    members: bool,
    /// With --members: leave out these members, separated by commas
    #[arg(long, value_name = "PARTIES", requires = "members", help_heading = "Groups")]
    except: Option<String>,
}

impl MemberArgs {
    /// The request to replace organisations; `None`: organisations stand for themselves.
    pub(crate) fn members(&self) -> Option<Members> {
        self.members.then(|| Members { except: self.except.clone() })
    }
}

/// The filters of a list, a report or an export.
#[derive(Debug, clap::Args)]
pub(crate) struct FilterArgs {
    /// Show the state at the end of this day; later actions are left out [default: today; in lists and exports, all days]
    #[arg(long, value_name = "DATE", value_parser = super::typed_date::day, help_heading = "Selection")]
    as_of: Option<Day>,
    /// Only actions on or after this day
    #[arg(long, value_name = "DATE", value_parser = super::typed_date::day, help_heading = "Selection")]
    since: Option<Day>,
    /// Only actions on or before this day
    #[arg(long, value_name = "DATE", value_parser = super::typed_date::day, help_heading = "Selection")]
    until: Option<Day>,
    /// Only actions of this kind; may be given several times
    #[arg(long = "kind", value_name = "KIND", help_heading = "Selection")]
    kinds: Vec<String>,
    /// Only actions in this dispute
    #[arg(long, value_name = "DISPUTE", help_heading = "Selection")]
    dispute: Option<String>,
    /// Only actions with this tag; may be given several times, for actions with any of them
    #[arg(long = "tag", value_name = "TAG", value_parser = tags, help_heading = "Selection")]
    tags: Vec<String>,
}

/// Whether a report includes candidates.
#[derive(Debug, clap::Args)]
pub(crate) struct CandidateArgs {
    /// Include candidates, which feeds reported and nobody has confirmed, as acts of unknown count
    #[arg(long, help_heading = "Selection")]
    pub with_candidates: bool,
}

/// Whether a report includes suggested answers.
#[derive(Debug, clap::Args)]
pub(crate) struct SuggestedArgs {
    /// Include the answers that 'recip suggest' finds with at least this score, as if they were linked
    #[arg(long, value_name = "SCORE", help_heading = "Selection")]
    pub with_suggested: Option<Score>,
}

/// Further filters of a list or an export.
#[derive(Debug, clap::Args)]
pub(crate) struct ActionArgs {
    /// Only acts of this party
    #[arg(long, value_name = "PARTY", help_heading = "Selection")]
    actor: Option<String>,
    /// Only acts towards this party
    #[arg(long, value_name = "PARTY", help_heading = "Selection")]
    target: Option<String>,
    /// Only this stage: threatened, announced or done
    #[arg(long, value_name = "STAGE", help_heading = "Selection")]
    stage: Option<Stage>,
    /// Only actions whose reference, summary, note, tags, place, body or source contains this text
    #[arg(long, value_name = "TEXT", help_heading = "Selection")]
    text: Option<String>,
}

impl PairArgs {
    /// Makes the arguments from parties that were not given as positional arguments.
    pub(crate) fn new(a: Option<String>, b: Option<String>) -> PairArgs {
        PairArgs { a, b, members: MemberArgs::default() }
    }
}

impl FilterArgs {
    /// The selection that these arguments describe.
    ///
    /// # Errors
    /// The period begins after the day of the report, so nothing could be shown.
    pub(crate) fn selection(&self, pair: PairArgs) -> Result<Selection> {
        if let (Some(since), Some(as_of)) = (self.since, self.as_of)
            && as_of < since
        {
            let why = format!("this is after {as_of}, the day of the report");
            return Err(Error::invalid("since", &since.to_string(), why, "give an earlier --since, or a later --as-of"));
        }
        Ok(Selection {
            members: pair.members.members(),
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
            tags: self.tags.clone(),
            ..Selection::default()
        })
    }

    /// The selection for a list of actions: it covers all days, unless `--as-of` is given.
    ///
    /// # Errors
    /// As for `selection`.
    pub(crate) fn selection_all_days(&self, pair: PairArgs) -> Result<Selection> {
        Ok(Selection { all_days: self.as_of.is_none(), ..self.selection(pair)? })
    }

    /// The selection for a list of actions, with further filters.
    ///
    /// # Errors
    /// As for `selection`.
    pub(crate) fn selection_of_actions(&self, pair: PairArgs, actions: ActionArgs) -> Result<Selection> {
        Ok(Selection {
            actor: actions.actor,
            target: actions.target,
            stage: actions.stage,
            text: actions.text,
            ..self.selection_all_days(pair)?
        })
    }
}

/// Maximum number of days of a window or a half-life; a longer one would lead beyond the calendar.
const MAX_DAYS: i64 = 1_000_000;

/// Reads `90d`, or `90`.
pub(crate) fn days(text: &str) -> Result<i64> {
    match text.strip_suffix('d').unwrap_or(text).parse() {
        Ok(days) if (1..=MAX_DAYS).contains(&days) => Ok(days),
        Ok(_) => Err(Error::invalid("days", text, "the number of days must be from 1 to 1,000,000", "write it like 90d")),
        Err(_) => Err(Error::invalid("days", text, "this is not a number of days", "write it like 90d")),
    }
}

/// The options that make the same selection, apart from the parties: `--as-of 2018-03-30`, `--kind expulsion`.
pub(crate) fn options(selection: &Selection) -> Vec<String> {
    let mut options = Vec::new();
    options.extend(selection.as_of.map(|day| format!("--as-of {day}")));
    options.extend(selection.since.map(|day| format!("--since {day}")));
    options.extend(selection.until.map(|day| format!("--until {day}")));
    options.extend(selection.kinds.iter().map(|kind| format!("--kind {}", quoted(kind))));
    options.extend(selection.tags.iter().map(|tag| format!("--tag {}", quoted(tag))));
    options.extend(selection.dispute.as_ref().map(|slug| format!("--dispute {}", quoted(slug))));
    options
}

/// The option that reads the ledger as the lens does: `--as-known 2026-01-15T23:59:59Z`.
pub(crate) fn as_known(lens: &Lens<'_>) -> Option<String> {
    lens.known().map(|moment| format!("--as-known {}", moment.stamp()))
}

/// The arguments that make the same selection of actions: the parties, and all options.
pub(crate) fn arguments(selection: &Selection) -> Vec<String> {
    let mut arguments: Vec<String> = match &selection.pair {
        Some(Pair::Both(a, b)) => vec![quoted(a), quoted(b)],
        Some(Pair::One(a)) => vec![quoted(a)],
        None => Vec::new(),
    };
    if let Some(members) = &selection.members {
        arguments.push("--members".to_owned());
        arguments.extend(members.except.as_ref().map(|except| format!("--except {}", quoted(except))));
    }
    arguments.extend(options(selection));
    arguments.extend(selection.actor.as_ref().map(|party| format!("--actor {}", quoted(party))));
    arguments.extend(selection.target.as_ref().map(|party| format!("--target {}", quoted(party))));
    arguments.extend(selection.stage.map(|stage| format!("--stage {stage}")));
    arguments.extend(selection.text.as_ref().map(|text| format!("--text {}", quoted(text))));
    arguments
}

/// The heading of a table: the day, and the selection in words. With `with_scale` it names the scale of the weights.
pub(crate) fn head(lens: &Lens<'_>, selection: &Selection, with_scale: bool) -> Result<Head> {
    let parties = selection.pair.is_some().then(|| lens.sides().iter().map(|side| side.words.as_str()).collect::<Vec<_>>().join(" and "));
    let mut limits = Vec::new();
    if let Some(except) = selection.members.as_ref().and_then(|members| members.except.as_ref()) {
        let names: Vec<String> = catalogue::parties_by_name(lens.connection(), except)?.into_iter().map(|party| party.name).collect();
        limits.push(format!("without {}", names.join(" and ")));
    }
    for (word, name) in [("by", &selection.actor), ("against", &selection.target)] {
        if let Some(name) = name {
            limits.push(format!("{word} {}", with_article(&catalogue::find_party(lens.connection(), name)?.name)));
        }
    }
    if !selection.kinds.is_empty() {
        let kinds: Result<Vec<String>> = selection.kinds.iter().map(|k| Ok(catalogue::find_kind(lens.connection(), k)?.name)).collect();
        limits.push(kinds?.join(" or "));
    }
    limits.extend(selection.dispute.as_ref().map(|d| format!("dispute {d}")));
    limits.extend((!selection.tags.is_empty()).then(|| format!("tag {}", selection.tags.join(" or "))));
    limits.extend(selection.since.map(|day| format!("since {day}")));
    limits.extend(selection.until.map(|day| format!("until {day}")));
    let scope: Vec<&str> = parties.iter().chain(&limits).map(String::as_str).collect();
    Ok(Head {
        as_of: lens.as_of(),
        as_known: lens.known().map(ToString::to_string),
        scope: scope.join(", "),
        limits: limits.join(", "),
        scale: with_scale.then(|| lens.scale().to_owned()),
        with_candidates: selection.with_candidates,
        with_suggested: selection.with_suggested,
    })
}
