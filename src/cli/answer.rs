//! `recip answer`.

use recip::ledger::Entry;
use recip::ledger::catalogue::{self, GroupParty, Members, Party};
use recip::model::name::with_article;
use recip::model::{Cite, Date, Day, Sign, StatedCount};
use recip::report::answers::{Answer, AnswerTerms, answers};
use recip::report::unanswered::{self, Unanswered};
use recip::report::{Lens, Names, Pair, Selection, collect};
use recip::{Error, Ledger, Result};
use rusqlite::Connection;

use super::output::print_lines;
use super::session::Session;
use super::{doubts, echo};

/// Answer all acts that are open against a party, with one act against each country that carried them out
///
/// The command answers every act that is open against the party at the end of the --on day, as 'recip report unanswered' lists them. If
/// --by is a list, each party answers the acts against itself. With --in-kind, each country is answered once for each kind of claim, with
/// the total open count of that kind; an act of unknown count is answered by an act of unknown count. A single 'recip undo' reverts all
/// answers.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("kind_of_answer").args(["in_kind", "with"]).required(true))]
#[command(after_help = "\
Examples:
  recip answer --by Russia --on 2018-03-30 --dispute skripal --in-kind --except Hungary --dry-run
  recip answer --by Russia --on 2018-03-30 --dates USA@2018-03-29,Hungary@2018-04-04 --in-kind
  recip answer --by Russia --on 2018-03-29 --to USA --kind closure --with closure --count 1")]
pub(crate) struct Args {
    /// Party that answers: a code, a name or an alias, or a list (USA,Ukraine)
    #[arg(long, value_name = "PARTY")]
    by: String,
    /// Date of the answers: 2016, 2017-06 or 2016-12-29 [default: today]
    #[arg(long, value_name = "DATE", value_parser = super::typed_date::date)]
    on: Option<Date>,
    /// Other dates for the answers to some countries: USA@2018-03-29,Hungary@2018-04-04
    #[arg(long, value_name = "PARTY@DATE,...", value_parser = super::typed_date::list)]
    dates: Option<String>,
    /// Answer with acts of the same kinds as the claims
    #[arg(long)]
    in_kind: bool,
    /// Answer each country with one act of this kind; its count is the total open count if the units are the same, otherwise unknown
    #[arg(long, value_name = "KIND")]
    with: Option<String>,
    /// Count of each answer, instead of the total open count: 35, 20-30, 50+ (at least), ~50 (about) or several
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    count: Option<StatedCount>,
    /// Only claims of these countries, separated by commas
    #[arg(long, value_name = "PARTIES", help_heading = "Selection")]
    to: Option<String>,
    /// With --to: replace each organisation with its members on the day of the answer
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
    let mut ledger = session.write_unless(args.dry_run)?;
    let date = args.on.clone().unwrap_or_else(|| session.today());
    let with = args.with.as_ref().map(|kind| catalogue::find_kind(ledger.connection(), kind)).transpose()?;
    if let Some(kind) = with.as_ref().filter(|kind| kind.sign != Sign::Hostile) {
        return Err(Error::refused(
            format!("cannot answer with the kind {}", kind.name),
            format!("it is {}, and only a hostile act answers a hostile act", kind.sign),
            "name a hostile kind; 'recip kind list' shows the signs, and 'recip waive' declines to answer",
        ));
    }
    let terms = AnswerTerms { with, count: args.count };
    let mut entries = Vec::new();
    let by = catalogue::parties_by_name(ledger.connection(), &args.by)?;
    for (date, claims) in claims(&ledger, &args, &by, date)? {
        entries.extend(answers(claims, &terms).iter().map(|answer| entry(answer, &args, &date)));
    }
    let Some(logged) = doubts::log_all(&mut ledger, &entries, args.dry_run)? else { return Ok(()) };
    let names = Names::read(ledger.connection())?;
    print_lines(&echo::all_logged(&logged, &names), args.dry_run)
}

/// What an error says is left to answer if it names no country.
const NOTHING: &str = "nothing";

/// The claims to answer, with the date of the answers to them.
type Dated = (Date, Vec<Unanswered>);

/// The claims to answer, by the date of their answers: the claims that are open at the end of that date, oldest first.
fn claims(ledger: &Ledger, args: &Args, by: &[Party], date: Date) -> Result<Vec<Dated>> {
    let own_dates = own_dates(ledger.connection(), args)?;
    let date_of = |actor: &str| own_dates.iter().find(|(party, _)| party.code == actor).map_or(&date, |(_, own)| own);
    let mut dates: Vec<&Date> = std::iter::once(&date).chain(own_dates.iter().map(|(_, own)| own)).collect();
    dates.sort_unstable_by_key(|date| (date.earliest(), date.latest()));
    dates.dedup();
    let mut dated = Vec::with_capacity(dates.len());
    for on in dates {
        let mut claims = Vec::new();
        for party in by {
            claims.extend(open_on(ledger, args, party, on)?);
        }
        if let Some((party, _)) = own_dates.iter().find(|(party, own)| own == on && !has_claims(&claims, party)) {
            return Err(nothing_open(args, by, on, &format!("no act of {}", with_article(&party.name))));
        }
        claims.retain(|claim| date_of(&claim.actor) == on);
        dated.push((on.clone(), claims));
    }
    if let Some(to) = to(ledger.connection(), args, &date)? {
        let lacking = to.iter().find(|named| named.member_of.is_none() && !has_dated_claims(&dated, &named.party));
        if let Some(named) = lacking {
            let itself = if named.party.is_organisation() && !args.members { " itself (--members names its members)" } else { "" };
            let what = format!("no act of {}{itself}", with_article(&named.party.name));
            return Err(nothing_open(args, by, date_of(&named.party.code), &what));
        }
        retain(&mut dated, |claim| to.iter().any(|named| named.party.code == claim.actor));
    }
    let is_done_to = |party: &Party| dated.iter().any(|(_, claims)| claims.iter().any(|claim| claim.target == party.code));
    if let Some(party) = by.iter().find(|party| !is_done_to(party)) {
        return Err(nothing_open(args, std::slice::from_ref(party), &date, NOTHING));
    }
    leave_out(ledger.connection(), &mut dated, args)?;
    if let Some((party, own)) = own_dates.iter().find(|(party, _)| !has_dated_claims(&dated, party)) {
        return Err(Error::refused(
            format!("cannot date the answer to {} {own}", with_article(&party.name)),
            "it is not among the countries to be answered",
            "leave it out of --dates",
        ));
    }
    Ok(dated)
}

/// The countries whose answers have a date of their own.
fn own_dates(conn: &Connection, args: &Args) -> Result<Vec<(Party, Date)>> {
    let Some(dates) = &args.dates else { return Ok(Vec::new()) };
    let mut groups = catalogue::find_groups(conn, &[dates], None, Day(0))?;
    let own = groups.pop().unwrap_or_default().into_iter().map(|named| match (named.date, named.count) {
        (Some(date), None) => Ok((named.party, date)),
        _ => Err(Error::invalid(
            "dates",
            dates,
            "each country needs a date, and nothing else",
            "write them like USA@2018-03-29,HUN@2018-04-04",
        )),
    });
    own.collect()
}

fn open_on(ledger: &Ledger, args: &Args, by: &Party, date: &Date) -> Result<Vec<Unanswered>> {
    let selection = Selection {
        pair: Some(Pair::One(by.code.clone())),
        target: Some(by.code.clone()),
        as_of: Some(date.latest()),
        kinds: args.kinds.clone(),
        dispute: args.dispute.clone(),
        ..Selection::default()
    };
    let lens = Lens::new(ledger, &selection)?;
    collect(|each| unanswered::read(&lens, Sign::Hostile, each))
}

fn retain(dated: &mut [Dated], keep: impl Fn(&Unanswered) -> bool) {
    dated.iter_mut().for_each(|(_, claims)| claims.retain(&keep));
}

fn has_dated_claims(dated: &[Dated], party: &Party) -> bool {
    dated.iter().any(|(_, claims)| has_claims(claims, party))
}

fn has_claims(claims: &[Unanswered], party: &Party) -> bool {
    claims.iter().any(|claim| claim.actor == party.code)
}

/// The error that there is nothing to answer; `what` is [`NOTHING`], or `no act of Hungary`.
fn nothing_open(args: &Args, by: &[Party], date: &Date, what: &str) -> Error {
    let names: Vec<_> = by.iter().map(|party| with_article(&party.name)).collect();
    let codes: Vec<&str> = by.iter().map(|party| party.code.as_str()).collect();
    let is_limited = !args.kinds.is_empty() || args.dispute.is_some() || args.to.is_some() && what == NOTHING;
    let selected = if is_limited { " in this selection" } else { "" };
    Error::refused(
        "there is nothing to answer",
        format!("{what}{selected} is left for {} to answer on {}", names.join(" or "), date.latest()),
        format!("'recip report unanswered {} --as-of {}' shows what is open", codes.join(","), date.latest()),
    )
}

/// Removes the claims of the countries that are not to be answered.
fn leave_out(conn: &Connection, dated: &mut [Dated], args: &Args) -> Result<()> {
    let Some(except) = &args.except else { return Ok(()) };
    let excepted = catalogue::parties_by_name(conn, except)?;
    if let Some(party) = excepted.iter().find(|party| !has_dated_claims(dated, party)) {
        return Err(Error::refused(
            format!("cannot leave out {}", with_article(&party.name)),
            "it has no claim among those to be answered",
            "leave it out of --except; without --except, --dry-run shows the answers",
        ));
    }
    retain(dated, |claim| !excepted.iter().any(|party| party.code == claim.actor));
    if dated.iter().all(|(_, claims)| claims.is_empty()) {
        return Err(Error::refused("there is nothing to answer", "--except leaves out every country with open claims", "leave out fewer"));
    }
    Ok(())
}

/// The countries to which the answers are limited; `None`: they are not limited.
fn to(conn: &Connection, args: &Args, date: &Date) -> Result<Option<Vec<GroupParty>>> {
    let Some(to) = &args.to else { return Ok(None) };
    let members = args.members.then(Members::default);
    let mut groups = catalogue::find_groups(conn, &[to], members.as_ref(), date.earliest())?;
    let group = groups.pop().unwrap_or_default();
    catalogue::refuse_details(&group)?;
    Ok(Some(group))
}

fn entry(answer: &Answer, args: &Args, date: &Date) -> Entry {
    let mut entry = answer.entry(date);
    entry.details.summary = args.summary.clone();
    entry.sources = args.sources.clone();
    entry
}
