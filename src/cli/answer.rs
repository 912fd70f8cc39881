//! `recip answer`.

use recip::ledger::Entry;
use recip::ledger::catalogue::{self, GroupParty, Members, Party};
use recip::model::count::{self, Count};
use recip::model::name::with_article;
use recip::model::{Cite, Date, Sign};
use recip::report::reply::{Reply, ReplyTerms, replies};
use recip::report::unanswered::{self, Unanswered};
use recip::report::{Lens, Names, Pair, Selection, collect};
use recip::{Error, Ledger, Result};

use super::output::print_lines;
use super::session::Session;
use super::{doubts, echo};

/// Answer everything that is open against a party: one act against each country that has open claims
///
/// The command answers what 'recip report unanswered' lists as open against the party at the end of the date. In kind, each country gets
/// one act for each kind of its claims, with the sum of what is open; an act of unknown count is answered by an act of unknown count. A
/// single 'recip undo' reverts all of them.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("kind_of_answer").args(["in_kind", "with"]).required(true))]
#[command(after_help = "\
Example:
  recip answer --by Russia --on 2018-03-30 --dispute skripal --in-kind --except Hungary --dry-run
  recip answer --by Russia --on 2018-03-29 --to USA --kind closure --with closure --count 1")]
pub(crate) struct Args {
    /// Party that answers: a code, a name or an alias
    #[arg(long, value_name = "PARTY")]
    by: String,
    /// Date of the answers: 2016, 2017-06 or 2016-12-29 [default: today]
    #[arg(long, value_name = "DATE", value_parser = super::when::date)]
    on: Option<Date>,
    /// Answer with acts of the same kinds as the claims
    #[arg(long)]
    in_kind: bool,
    /// Answer each country with one act of this kind; it has the sum of what is open if the unit is the same, otherwise no count
    #[arg(long, value_name = "KIND")]
    with: Option<String>,
    /// Count of each answer, instead of the sum of what is open
    #[arg(long, value_name = "N", value_parser = count::parse)]
    count: Option<Count>,
    /// Only claims of these countries, separated by commas
    #[arg(long, value_name = "PARTIES", help_heading = "Selection")]
    to: Option<String>,
    /// With --to: replace each organisation by its members on the day
    #[arg(long, requires = "to", help_heading = "Selection")]
    members: bool,
    /// Do not answer these countries, separated by commas
    #[arg(long, value_name = "PARTIES", help_heading = "Selection")]
    except: Option<String>,
    /// Only claims of this kind; may be given several times
    #[arg(long = "kind", value_name = "KIND", help_heading = "Selection")]
    kinds: Vec<String>,
    /// Only claims in this dispute
    #[arg(long, value_name = "DISPUTE", help_heading = "Selection")]
    dispute: Option<String>,
    /// What happened, in one line
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// Source: a URL or a citation; may be given several times
    #[arg(long = "source", value_name = "SOURCE")]
    sources: Vec<Cite>,
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let mut ledger = session.write()?;
    if args.dry_run {
        ledger.set_dry_run();
    }
    let date = args.on.clone().unwrap_or_else(|| session.today());
    let with = args.with.as_ref().map(|kind| catalogue::find_kind(ledger.connection(), kind)).transpose()?;
    if let Some(kind) = with.as_ref().filter(|kind| kind.sign != Sign::Hostile) {
        return Err(Error::refused(
            format!("cannot answer with the kind {}", kind.name),
            format!("it is {}, and only a hostile act answers a hostile act", kind.sign),
            "name a hostile kind; 'recip kind list' shows the signs, and 'recip waive' declines to answer",
        ));
    }
    let claims = claims(&ledger, &args, &date)?;
    let replies = replies(claims, &ReplyTerms { with, count: args.count });
    let entries: Vec<Entry> = replies.iter().map(|reply| entry(reply, &args, &date)).collect();
    let Some(logged) = doubts::log_all(&mut ledger, &entries, args.dry_run)? else { return Ok(()) };
    let names = Names::read(ledger.connection())?;
    print_lines(&echo::all_logged(&logged, &names), args.dry_run)
}

/// The claims to answer: those open against the party at the end of the date, oldest first.
fn claims(ledger: &Ledger, args: &Args, date: &Date) -> Result<Vec<Unanswered>> {
    let selection = Selection {
        pair: Some(Pair::One(args.by.clone())),
        target: Some(args.by.clone()),
        as_of: Some(date.latest()),
        kinds: args.kinds.clone(),
        dispute: args.dispute.clone(),
        ..Selection::default()
    };
    let lens = Lens::new(ledger, &selection)?;
    let mut claims = collect(|each| unanswered::read(&lens, Sign::Hostile, each))?;
    if let Some(to) = to(&lens, args, date)? {
        if let Some(named) = to.iter().find(|named| named.member_of.is_none() && !has_claims(&claims, &named.party)) {
            return Err(nothing_open(&lens, args, date, &format!(" of {}", with_article(&named.party.name)))?);
        }
        claims.retain(|claim| to.iter().any(|named| named.party.code == claim.actor));
    }
    if claims.is_empty() {
        return Err(nothing_open(&lens, args, date, "")?);
    }
    leave_out(&lens, &mut claims, args)?;
    Ok(claims)
}

fn has_claims(claims: &[Unanswered], party: &Party) -> bool {
    claims.iter().any(|claim| claim.actor == party.code)
}

/// The error that nothing is open; `whose` is empty, or ` of Hungary`.
fn nothing_open(lens: &Lens<'_>, args: &Args, date: &Date, whose: &str) -> Result<Error> {
    let by = catalogue::find_party(lens, &args.by)?;
    let is_limited = !args.kinds.is_empty() || args.dispute.is_some() || args.to.is_some() && whose.is_empty();
    let selected = if is_limited { " in this selection" } else { "" };
    Ok(Error::refused(
        "there is nothing to answer",
        format!("nothing{whose} is open against {} on {}{selected}", with_article(&by.name), date.latest()),
        format!("'recip report unanswered {} --as-of {}' shows what is open", by.code, date.latest()),
    ))
}

/// Removes the claims of the countries that are not to be answered.
fn leave_out(lens: &Lens<'_>, claims: &mut Vec<Unanswered>, args: &Args) -> Result<()> {
    let Some(except) = &args.except else { return Ok(()) };
    let excepted = catalogue::parties_without_counts(lens, except)?;
    if let Some(party) = excepted.iter().find(|party| !has_claims(claims, party)) {
        return Err(Error::refused(
            format!("cannot leave out {}", with_article(&party.name)),
            "none of the claims to answer is its own",
            "leave it out of --except; without --except, --dry-run shows the answers",
        ));
    }
    claims.retain(|claim| !excepted.iter().any(|party| party.code == claim.actor));
    if claims.is_empty() {
        return Err(Error::refused("there is nothing to answer", "--except leaves out every country with open claims", "leave out fewer"));
    }
    Ok(())
}

/// The countries to which the answers are limited; `None`: they are not limited.
fn to(lens: &Lens<'_>, args: &Args, date: &Date) -> Result<Option<Vec<GroupParty>>> {
    let Some(to) = &args.to else { return Ok(None) };
    let members = args.members.then(Members::default);
    let mut groups = catalogue::find_groups(lens, &[to], members.as_ref(), date.earliest())?;
    let group = groups.pop().unwrap_or_default();
    catalogue::refuse_counts(&group)?;
    Ok(Some(group))
}

fn entry(reply: &Reply, args: &Args, date: &Date) -> Entry {
    let mut entry = reply.entry(&args.by, date);
    entry.details.summary = args.summary.clone();
    entry.sources = args.sources.clone();
    entry
}
