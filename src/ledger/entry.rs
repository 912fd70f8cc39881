//! Logging actions.

use rusqlite::{Connection, params};

use crate::error::{Error, Result};
use crate::ledger::catalogue::{self, Kind};
use crate::ledger::link::{self, Settlement, check_stated};
use crate::ledger::load::Loader;
use crate::ledger::load::problems::{Place, Problems};
use crate::ledger::load::record::{Draft, Item, LinkDraft};
use crate::ledger::refusal::Naming;
use crate::ledger::settlement::Effect;
use crate::ledger::{Action, Ledger, quantity};
use crate::model::details::{Form, tags};
use crate::model::name::{in_latin_letters, with_article};
use crate::model::{
    Amount, Cite, Clock, Count, Date, Detail, Details, LinkSpec, Quantity, REF_KEY, Reading, Relation, Stage, StatedCount, deadline,
};

/// An action to be logged. A party can be given by its code, name or alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The party that acted.
    pub actor: String,
    /// The party that the act is aimed at.
    pub target: String,
    /// The kind of act.
    pub kind: String,
    /// The date of the act.
    pub date: Date,
    /// The count in the kind's unit.
    pub count: StatedCount,
    /// Threatened, announced or done.
    pub stage: Stage,
    /// Its details. A deadline may be a period after the date, such as `72h`.
    pub details: Details<Option<String>>,
    /// Links to the earlier actions that it answers, executes, reverses, waives, extends or renews.
    pub links: Vec<Link>,
    /// The sources, each a URL or a citation.
    pub sources: Vec<Cite>,
    /// Quantities that are not claims, each with a name of its own.
    pub quantities: Vec<Quantity>,
    /// The ref to give the action; `None` for one generated from its date, parties and kind.
    pub reference: Option<String>,
}

/// A link from an action to an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// How the action relates to the earlier one.
    pub relation: Relation,
    /// The earlier action, and the stated amount.
    pub spec: LinkSpec,
}

/// The result of logging an action.
#[derive(Debug, Clone)]
pub struct Logged {
    /// The action as stored.
    pub action: Action,
    /// Its id.
    pub id: i64,
    /// Its ref.
    pub reference: String,
    /// What its links settle, and how that changes what earlier links settle.
    pub settlement: Settlement,
    /// Its quantities as stored.
    pub quantities: Vec<Quantity>,
}

impl Link {
    /// A link that answers `earlier` with as much as is open there and left of the answer.
    pub fn answers(earlier: &str) -> Link {
        Link { relation: Relation::Answers, spec: LinkSpec { earlier: earlier.to_owned(), amount: Amount::default() } }
    }
}

impl Entry {
    /// An entry for an act that is done, with the required fields only.
    pub fn new(actor: &str, target: &str, kind: &str, date: Date) -> Entry {
        Entry {
            actor: actor.to_owned(),
            target: target.to_owned(),
            kind: kind.to_owned(),
            date,
            count: StatedCount::Unknown,
            stage: Stage::Done,
            details: Details::default(),
            links: Vec::new(),
            sources: Vec::new(),
            quantities: Vec::new(),
            reference: None,
        }
    }

    /// Sets the count.
    pub fn count(mut self, count: Count) -> Entry {
        self.count = StatedCount::Exact(count);
        self
    }

    /// Sets the stage.
    pub fn stage(mut self, stage: Stage) -> Entry {
        self.stage = stage;
        self
    }

    /// Adds a link.
    pub fn link(mut self, link: Link) -> Entry {
        self.links.push(link);
        self
    }
}

impl Ledger {
    /// Logs one action with its links and sources in one transaction.
    ///
    /// # Errors
    /// A name is unknown, the ref is taken, or a link breaks a rule.
    pub fn log(&mut self, entry: &Entry) -> Result<Logged> {
        self.change(|conn, clock| log(conn, clock, entry))
    }

    /// Logs several actions in one transaction, which is one change. The settlement of the last one includes the existing links whose
    /// amounts the whole change altered.
    ///
    /// # Errors
    /// As for [`Ledger::log`]; then no action is logged.
    pub fn log_all(&mut self, entries: &[Entry]) -> Result<Vec<Logged>> {
        self.change(|conn, clock| log_all(conn, clock, entries))
    }
}

/// Logs an action as part of the change in progress.
pub(super) fn log(conn: &Connection, clock: Clock, entry: &Entry) -> Result<Logged> {
    let logged = log_all(conn, clock, std::slice::from_ref(entry))?;
    Ok(logged.into_iter().next().ok_or(rusqlite::Error::QueryReturnedNoRows)?)
}

/// Logs actions as part of the change in progress.
fn log_all(conn: &Connection, clock: Clock, entries: &[Entry]) -> Result<Vec<Logged>> {
    // The earlier actions are looked up before any action is added, so that none can be linked to itself.
    let links: Vec<Vec<LinkDraft>> = entries.iter().map(|entry| links(conn, entry)).collect::<Result<_>>()?;
    let mut problems = Problems::default();
    let mut loader = Loader::new(conn, clock)?;
    let mut references = Vec::with_capacity(entries.len());
    for (entry, links) in entries.iter().zip(&links) {
        references.push(take(conn, &mut loader, entry, links, &mut problems)?);
    }
    let (_, effects) = loader.finish(&mut problems, Naming::ById)?;
    problems.into_first_error()?;
    let (new, shifted): (Vec<Effect>, Vec<Effect>) = effects.into_iter().partition(|effect| effect.before.is_none());
    let mut logged = Vec::with_capacity(references.len());
    for reference in references {
        let action = Action::by_ref(conn, &reference)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        let settlement = link::read(conn, new.iter().filter(|effect| effect.later == action.id).copied().collect())?;
        let quantities = quantity::of_action(conn, action.id)?;
        logged.push(Logged { id: action.id, reference, action, settlement, quantities });
    }
    if let Some(last) = logged.last_mut() {
        last.settlement.shifts = link::read(conn, shifted)?.shifts;
    }
    Ok(logged)
}

/// The links of an entry, with the refs of their earlier actions.
fn links(conn: &Connection, entry: &Entry) -> Result<Vec<LinkDraft>> {
    let mut links = Vec::with_capacity(entry.links.len());
    for link in &entry.links {
        let (earlier, amount) = Action::find_linked(conn, &link.spec)?;
        check_stated(link.relation, &earlier, amount)?;
        let spec = LinkSpec { earlier: earlier.reference, amount };
        links.push(LinkDraft { relation: link.relation, spec });
    }
    Ok(links)
}

/// Passes an entry to the loader; returns its ref.
fn take(conn: &Connection, loader: &mut Loader<'_>, entry: &Entry, links: &[LinkDraft], problems: &mut Problems) -> Result<String> {
    Cite::check_readings(&entry.sources)?;
    let (actor, target, kind) = parties_and_kind(conn, entry)?;
    let details = entry
        .details
        .try_map(|detail, text| text.as_ref().map_or(Ok(String::new()), |text| detail_as_stored(conn, detail, text, &entry.date)))?;
    let reference = match &entry.reference {
        Some(given) => free_ref(conn, given)?,
        None => next_ref(conn, &ref_stem(&entry.date, &actor, &target, &kind))?,
    };
    let count = entry.count.to_string();
    let draft = Draft {
        reference: &reference,
        date: entry.date.as_str(),
        actor: &actor,
        target: &target,
        kind: &kind.name,
        count: &count,
        stage: entry.stage.as_str(),
        details: details.map(String::as_str),
        links,
        sources: &entry.sources,
        quantities: &entry.quantities,
        ..Draft::default()
    };
    loader.take(Item::Action(Place { file: 0, line: 0 }, draft), problems)?;
    Ok(reference)
}

fn parties_and_kind(conn: &Connection, entry: &Entry) -> Result<(String, String, Kind)> {
    let actor = catalogue::find_party(conn, &entry.actor)?;
    let target = catalogue::find_party(conn, &entry.target)?;
    if actor.code == target.code {
        return Err(Error::refused(
            format!("cannot log an act of {} against itself", with_article(&actor.name)),
            "the actor and the target must be different parties",
            "name another target; 'recip party list' shows the names",
        ));
    }
    Ok((actor.code, target.code, catalogue::find_kind(conn, &entry.kind)?))
}

/// The text of a detail as the ledger stores it, for an action on `date`.
///
/// # Errors
/// It is not a deadline, there is no such dispute, or there is no tag.
pub fn detail_as_stored(conn: &Connection, detail: &Detail, text: &str, date: &Date) -> Result<String> {
    match detail.form {
        Form::Name | Form::Sentence => Ok(text.to_owned()),
        Form::Deadline => deadline::parse(text, date),
        Form::Dispute => catalogue::find_dispute(conn, text).map(|dispute| dispute.slug),
        Form::Tags => tags(text),
    }
}

/// The stem of a generated ref: `2016-12-29-usa-rus-expulsion`.
fn ref_stem(date: &Date, actor: &str, target: &str, kind: &Kind) -> String {
    format!("{date}-{actor}-{target}-{}", kind.name).to_lowercase()
}

/// The stem, with `-2`, `-3` and so on appended if it is taken.
fn next_ref(conn: &Connection, stem: &str) -> Result<String> {
    let mut taken = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM action WHERE ref = ? COLLATE NOCASE)")?;
    let mut candidate = stem.to_owned();
    let mut n = 1;
    while taken.query_row([&candidate], |r| r.get(0))? {
        n += 1;
        candidate = format!("{stem}-{n}");
    }
    Ok(candidate)
}

fn free_ref(conn: &Connection, given: &str) -> Result<String> {
    check_ref(given)?;
    match Action::by_ref(conn, given)? {
        Some(action) => {
            let why = format!("it is already the ref of #{}", action.id);
            Err(Error::refused(format!("cannot use the ref '{given}'"), why, "choose another ref, or leave out --ref"))
        }
        None => Ok(given.to_owned()),
    }
}

/// Checks a ref: letters and digits of ASCII, whose case SQLite can ignore, and the characters that identifiers have between them. It is
/// not what names a candidate, nor what a person types before a ref.
pub(crate) fn check_ref(given: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    let ends = |text: &str| text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.ends_with(|c: char| c.is_ascii_alphanumeric());
    let lower = given.to_ascii_lowercase();
    let is_candidate = lower.strip_prefix("candidate-").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if is_candidate || lower.starts_with(REF_KEY) {
        let why = if is_candidate { "this names a candidate" } else { "this is what precedes a ref in commands" };
        return Err(Error::invalid("ref", given, why, "choose another ref"));
    }
    if given.chars().all(allowed) && ends(given) {
        return Ok(());
    }
    if is_rounded(given) {
        let why = "a spreadsheet turned it into a rounded number";
        return Err(Error::invalid("ref", given, why, "write the ref in full, in a column that the spreadsheet keeps as text"));
    }
    let latin = in_latin_letters(given);
    let plain = latin.split(|c| !allowed(c)).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let plain = plain.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    // How a letter of another alphabet is written in Latin is for a person to say.
    let like = if plain.is_empty() || latin.contains(|c: char| c.is_alphabetic() && !c.is_ascii()) { "EXP-2022/014" } else { plain };
    Err(Error::invalid(
        "ref",
        given,
        "a ref consists of the letters A to Z, digits and - _ . / :, and begins and ends with a letter or a digit",
        format!("write it like {like}"),
    ))
}

/// True for a number as a spreadsheet rounds it: `1.2E+10`.
fn is_rounded(given: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let parts = given.split_once(['E', 'e']).and_then(|(number, exponent)| Some((number, exponent.strip_prefix('+')?)));
    parts.is_some_and(|(number, exponent)| digits(exponent) && number.splitn(2, ['.', ',']).all(digits))
}

/// Adds sources to an action, after its existing ones. A source that is cited already takes the reading, if one is given.
pub(crate) fn cite(conn: &Connection, action_id: i64, sources: &[Cite]) -> Result<()> {
    for cite in sources {
        let Reading { date, count, denies } = &cite.reading;
        conn.prepare_cached(
            // ON CONFLICT would use up an id.
            "INSERT INTO source (cite, url) SELECT ?1, CASE WHEN ?1 GLOB 'http*://*' THEN ?1 END
             WHERE NOT EXISTS (SELECT 1 FROM source WHERE cite = ?1)",
        )?
        .execute([&cite.cite])?;
        conn.prepare_cached(
            "INSERT INTO citation (action_id, position, source_id, says_date, says_count, says_words, denies)
             SELECT ?1, 1 + coalesce((SELECT max(position) FROM citation WHERE action_id = ?1), 0), s.id, ?3, ?4, ?5, ?6
             FROM source s WHERE s.cite = ?2
             ON CONFLICT (source_id, action_id) DO UPDATE
             SET (says_date, says_count, says_words, denies) = (?3, ?4, ?5, ?6)
             WHERE ?3 IS NOT NULL OR ?4 IS NOT NULL OR ?5 IS NOT NULL OR ?6",
        )?
        .execute(params![action_id, cite.cite, date, count.number(), count.words(), denies])?;
    }
    Ok(())
}
