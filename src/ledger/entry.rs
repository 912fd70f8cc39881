//! Logging one action.

use rusqlite::{Connection, named_params, params};

use crate::error::{Error, Result};
use crate::ledger::catalogue::{self, Kind};
use crate::ledger::{Action, Ledger, link};
use crate::model::count::Count;
use crate::model::{Amount, Cite, Clock, Date, LinkSpec, Relation, Stage};

pub use crate::ledger::link::Settled;

/// An action to be logged. Names of parties are taken as people write them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who acted.
    pub actor: String,
    /// Against whom.
    pub target: String,
    /// What sort of act.
    pub kind: String,
    /// When.
    pub date: Date,
    /// How many, in the kind's unit; `None`: not known.
    pub count: Option<Count>,
    /// How far it has come.
    pub stage: Stage,
    /// The body that acted.
    pub by: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// When it must be complied with: a day, or a moment with its offset.
    pub deadline: Option<String>,
    /// The case it belongs to, which there must be.
    pub dispute: Option<String>,
    /// What happened, in a line.
    pub summary: Option<String>,
    /// What it answers, executes, reverses and waives.
    pub links: Vec<Link>,
    /// Where it is told.
    pub sources: Vec<Cite>,
    /// The ref it shall have; `None`: one made of its date, parties and kind.
    pub reference: Option<String>,
}

/// What an action to be logged bears on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// How.
    pub relation: Relation,
    /// On which action, and for how much.
    pub spec: LinkSpec,
}

/// What logging an action did.
#[derive(Debug, Clone)]
pub struct Logged {
    /// The action as the ledger now holds it.
    pub action: Action,
    /// Its id.
    pub id: i64,
    /// Its ref.
    pub reference: String,
    /// What its links settled, in the order they were reckoned.
    pub settled: Vec<Settled>,
}

impl Link {
    /// `earlier` is answered, by as much as is open and the answer has.
    pub fn answers(earlier: &str) -> Link {
        Link { relation: Relation::Answers, spec: LinkSpec { earlier: earlier.to_owned(), amount: Amount::default() } }
    }
}

impl Entry {
    /// An act done, with what it cannot be without.
    pub fn new(actor: &str, target: &str, kind: &str, date: Date) -> Entry {
        Entry {
            actor: actor.to_owned(),
            target: target.to_owned(),
            kind: kind.to_owned(),
            date,
            count: None,
            stage: Stage::Done,
            by: None,
            place: None,
            deadline: None,
            dispute: None,
            summary: None,
            links: Vec::new(),
            sources: Vec::new(),
            reference: None,
        }
    }

    /// The same, of so many.
    pub fn count(mut self, count: Count) -> Entry {
        self.count = Some(count);
        self
    }

    /// The same, at another stage.
    pub fn stage(mut self, stage: Stage) -> Entry {
        self.stage = stage;
        self
    }

    /// The same, with one more link.
    pub fn link(mut self, link: Link) -> Entry {
        self.links.push(link);
        self
    }
}

impl Ledger {
    /// Logs one action with its links and sources, whole or not at all.
    ///
    /// # Errors
    /// A name is unknown, the ref is taken, or the arithmetic refuses a link.
    pub fn log(&mut self, entry: &Entry) -> Result<Logged> {
        self.change(|conn, clock| log(conn, clock, entry))
    }
}

/// Logs an action in a change that is under way.
pub(super) fn log(conn: &Connection, clock: Clock, entry: &Entry) -> Result<Logged> {
    // Looked up before the action is there: none bears on itself.
    let earlier: Vec<Action> = entry.links.iter().map(|l| Action::find(conn, &l.spec.earlier)).collect::<Result<_>>()?;
    let id = insert(conn, clock, entry)?;
    let mut settled = Vec::with_capacity(entry.links.len());
    for (link, earlier) in in_order(conn, entry, earlier)? {
        settled.push(link::add(conn, id, link.relation, earlier.id, link.spec.amount)?);
    }
    cite(conn, id, &entry.sources)?;
    let action = Action::by_id(conn, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    Ok(Logged { id, reference: action.reference.clone(), action, settled })
}

fn insert(conn: &Connection, clock: Clock, entry: &Entry) -> Result<i64> {
    let actor = catalogue::find_party(conn, &entry.actor)?;
    let target = catalogue::find_party(conn, &entry.target)?;
    if actor.code == target.code {
        return Err(Error::refused(
            format!("{} against itself", actor.name),
            "an act has two parties",
            "name another target; 'recip party list' shows the names",
        ));
    }
    let kind = catalogue::find_kind(conn, &entry.kind)?;
    if let Some(slug) = &entry.dispute {
        catalogue::find_dispute(conn, slug)?;
    }
    let reference = match &entry.reference {
        Some(given) => free_ref(conn, given)?,
        None => next_ref(conn, &ref_stem(&entry.date, &actor.code, &target.code, &kind))?,
    };
    conn.prepare_cached(
        "INSERT INTO action (ref, date, actor, target, kind, count, stage, \"by\", place, deadline, dispute, summary, logged_at)
         VALUES (:ref, :date, :actor, :target, :kind, :count, :stage, :by, :place, :deadline, :dispute, :summary, :logged_at)",
    )?
    .execute(named_params! {
        ":ref": reference,
        ":date": entry.date.as_str(),
        ":actor": actor.code,
        ":target": target.code,
        ":kind": kind.name,
        ":count": entry.count,
        ":stage": entry.stage,
        ":by": entry.by,
        ":place": entry.place,
        ":deadline": entry.deadline,
        ":dispute": entry.dispute,
        ":summary": entry.summary,
        ":logged_at": clock.stamp(),
    })?;
    Ok(conn.last_insert_rowid())
}

/// A ref's stem: `2016-12-29-usa-rus-expulsion`.
pub(crate) fn ref_stem(date: &Date, actor: &str, target: &str, kind: &Kind) -> String {
    format!("{date}-{actor}-{target}-{}", kind.name).to_lowercase()
}

/// The stem, or with the first number that is free: `-2`, `-3`.
fn next_ref(conn: &Connection, stem: &str) -> Result<String> {
    let mut taken = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM action WHERE ref = ?)")?;
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
    match Action::find(conn, given) {
        Ok(action) => {
            Err(Error::refused(format!("ref '{given}'"), format!("it names #{} already", action.id), "choose another, or leave --ref out"))
        }
        Err(_) => Ok(given.to_owned()),
    }
}

/// A ref is lower-case letters, digits and hyphens, and not a number, which would be an id.
pub(crate) fn check_ref(given: &str) -> Result<()> {
    let allowed = given.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if allowed && !given.starts_with('-') && given.bytes().any(|b| b.is_ascii_lowercase()) {
        return Ok(());
    }
    Err(Error::invalid(
        "ref",
        given,
        "a ref is lower-case letters, digits and hyphens, with a letter in it",
        "write it like 2016-12-29-usa-rus-expulsion",
    ))
}

/// Executions and reversals first, for what they carry over is spent; then waivers; then answers: those with
/// a count, those in the answer's own unit, the others, the oldest claim first in each.
fn in_order<'a>(conn: &Connection, entry: &'a Entry, earlier: Vec<Action>) -> Result<Vec<(&'a Link, Action)>> {
    let unit = catalogue::find_kind(conn, &entry.kind)?.unit;
    let mut links: Vec<(u8, &Link, Action)> = Vec::with_capacity(earlier.len());
    for (link, earlier) in entry.links.iter().zip(earlier) {
        let rank = match link.relation {
            Relation::Executes => 0,
            Relation::Reverses => 1,
            Relation::Waives => 2,
            Relation::Answers if link.spec.amount.covers.is_some() => 3,
            Relation::Answers if earlier.unit == unit => 4,
            Relation::Answers => 5,
        };
        links.push((rank, link, earlier));
    }
    links.sort_by(|(rank_a, _, a), (rank_b, _, b)| (rank_a, &a.date, a.id).cmp(&(rank_b, &b.date, b.id)));
    Ok(links.into_iter().map(|(_, link, earlier)| (link, earlier)).collect())
}

/// Adds sources to an action, after those it has. One that is cited already is left as it is.
pub(crate) fn cite(conn: &Connection, action_id: i64, sources: &[Cite]) -> Result<()> {
    for cite in sources {
        conn.prepare_cached(
            // A conflict would use up an id.
            "INSERT INTO source (cite, url) SELECT ?1, CASE WHEN ?1 GLOB 'http*://*' THEN ?1 END
             WHERE NOT EXISTS (SELECT 1 FROM source WHERE cite = ?1)",
        )?
        .execute([&cite.cite])?;
        conn.prepare_cached(
            "INSERT INTO citation (action_id, position, source_id, says_date, says_count)
             SELECT ?1, 1 + coalesce((SELECT max(position) FROM citation WHERE action_id = ?1), 0), s.id, ?3, ?4
             FROM source s WHERE s.cite = ?2
             ON CONFLICT (source_id, action_id) DO NOTHING",
        )?
        .execute(params![action_id, cite.cite, cite.says_date.as_ref().map(Date::as_str), cite.says_count])?;
    }
    Ok(())
}
