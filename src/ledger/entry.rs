//! Logging one action.

use rusqlite::{Connection, params};

use crate::error::{Error, Result};
use crate::ledger::catalogue::{self, Kind};
use crate::ledger::link::{self, Settlement, check_stated};
use crate::ledger::load::Loader;
use crate::ledger::load::problems::{Place, Problems};
use crate::ledger::load::record::{Draft, Item, LinkDraft};
use crate::ledger::refusal::Naming;
use crate::ledger::{Action, Ledger};
use crate::model::count::Count;
use crate::model::{Amount, Cite, Clock, Date, LinkSpec, Relation, Stage};

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
    /// What its links settle, and what that changes of earlier links.
    pub settlement: Settlement,
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
    let (actor, target, kind) = parties_and_kind(conn, entry)?;
    if let Some(slug) = &entry.dispute {
        catalogue::find_dispute(conn, slug)?;
    }
    // Looked up before the action is there: none bears on itself.
    let mut links = Vec::with_capacity(entry.links.len());
    for link in &entry.links {
        let earlier = Action::find(conn, &link.spec.earlier)?;
        check_stated(link.relation, &earlier, link.spec.amount)?;
        let spec = LinkSpec { earlier: earlier.reference, amount: link.spec.amount };
        links.push(LinkDraft { relation: link.relation, spec });
    }
    let reference = match &entry.reference {
        Some(given) => free_ref(conn, given)?,
        None => next_ref(conn, &ref_stem(&entry.date, &actor, &target, &kind))?,
    };
    let count = entry.count.map_or(String::new(), |count| count.to_string());
    let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
    let (by, place, deadline, dispute, summary) =
        (text(&entry.by), text(&entry.place), text(&entry.deadline), text(&entry.dispute), text(&entry.summary));
    let draft = Draft {
        reference: &reference,
        date: entry.date.as_str(),
        actor: &actor,
        target: &target,
        kind: &kind.name,
        count: &count,
        stage: entry.stage.as_str(),
        by: &by,
        place: &place,
        deadline: &deadline,
        dispute: &dispute,
        summary: &summary,
        links: &links,
        sources: &entry.sources,
        ..Draft::default()
    };
    let mut problems = Problems::default();
    let mut loader = Loader::new(conn, clock)?;
    loader.take(Item::Action(Place { file: 0, line: 0 }, draft), &mut problems)?;
    let (_, effects) = loader.finish(&mut problems, Naming::ById)?;
    problems.tell_first()?;
    let action = Action::find(conn, &reference)?;
    let settlement = link::read(conn, effects)?;
    Ok(Logged { id: action.id, reference, action, settlement })
}

fn parties_and_kind(conn: &Connection, entry: &Entry) -> Result<(String, String, Kind)> {
    let actor = catalogue::find_party(conn, &entry.actor)?;
    let target = catalogue::find_party(conn, &entry.target)?;
    if actor.code == target.code {
        return Err(Error::refused(
            format!("{} against itself", actor.name),
            "an act has two parties",
            "name another target; 'recip party list' shows the names",
        ));
    }
    Ok((actor.code, target.code, catalogue::find_kind(conn, &entry.kind)?))
}

/// A ref's stem: `2016-12-29-usa-rus-expulsion`.
fn ref_stem(date: &Date, actor: &str, target: &str, kind: &Kind) -> String {
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
