//! Bringing files into a ledger that has actions: row by row, with every rule tried against what is there. A row
//! that is there already is left as it is.

mod link;

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Error, Result};
use crate::ledger::{Action, entry};
use crate::model::Clock;

use super::catalogue::Catalogue;
use super::check::{Row, check, numbered, some};
use super::item::{Draft, Item, LinkDraft};
use super::names::Names;
use super::pending::{BAD, Pending};
use super::problems::{Place, Problems};
use super::same::{cites, differs, same_link};
use super::source::put_source;
use super::{Imported, Input, Progress};

struct Single<'c> {
    conn: &'c Connection,
    stamp: String,
    names: Names<'c>,
    catalogue: Catalogue,
    /// The ids of the refs that the files gave or got; 0 where the row is bad.
    refs: HashMap<String, u32>,
    /// For a stem the first number that no row had when it was last looked for: rows only add to those they have.
    taken: HashMap<String, u32>,
    /// Where the row of each of those actions is.
    met: HashMap<u32, Place>,
    links: Vec<(Pending, String)>,
    added: HashSet<u32>,
    nameless: bool,
    groups: u32,
    imported: Imported,
}

/// Brings files into a ledger, whatever it holds.
pub(super) fn bring(conn: &Connection, clock: Clock, inputs: &[Input], progress: &mut Progress<'_>) -> Result<Imported> {
    let mut problems = Problems::default();
    let mut single = Single {
        conn,
        stamp: clock.stamp(),
        names: Names::new(conn)?,
        catalogue: Catalogue::default(),
        refs: HashMap::new(),
        taken: HashMap::new(),
        met: HashMap::new(),
        links: Vec::new(),
        added: HashSet::new(),
        nameless: false,
        groups: 0,
        imported: Imported::default(),
    };
    super::read(inputs, &mut problems, Some(progress), &mut |item, problems| single.take(item, problems))?;
    single.link(&mut problems)?;
    problems.tell()?;
    Ok(Imported { catalogue: single.catalogue.taken, ..single.imported })
}

impl Single<'_> {
    fn take(&mut self, item: Item<'_>, problems: &mut Problems) -> Result<()> {
        self.groups += 1;
        match item {
            Item::Action(at, draft) => self.take_action(at, draft, problems),
            Item::Link(at, later, link) => match self.find(later)? {
                Some(id) => self.take_link(at, id, &link, problems),
                None => {
                    problems.add(at, Some("action"), super::no_such_ref(later));
                    Ok(())
                }
            },
            Item::Fact(at, table, fact) => self.catalogue.take(self.conn, at, table, &fact, &mut self.names, problems),
            Item::Source(at, source) => {
                put_source(self.conn, &source)?.unwrap_or_else(|why| problems.add(at, Some("cite"), why));
                Ok(())
            }
            Item::Citation(at, cited) => match self.find(cited.action)? {
                Some(BAD) => Ok(()),
                Some(id) if !self.added.contains(&id) => {
                    if !cites(self.conn, id, &cited.cite)? {
                        let why = format!("{} is in the ledger without this source; help: add it there, or leave it out", cited.action);
                        problems.add(at, Some("cite"), why);
                    }
                    Ok(())
                }
                Some(id) => Ok(entry::cite(self.conn, id.into(), std::slice::from_ref(&cited.cite))?),
                None => {
                    problems.add(at, Some("action"), super::no_such_ref(cited.action));
                    Ok(())
                }
            },
        }
    }

    fn take_action(&mut self, at: Place, draft: Draft<'_>, problems: &mut Problems) -> Result<()> {
        let Some(row) = check(at, draft, &mut self.names, problems)? else {
            if draft.reference.is_empty() {
                self.nameless = true;
            } else {
                self.refs.entry(draft.reference.to_owned()).or_insert(BAD);
            }
            return Ok(());
        };
        if !draft.dispute.is_empty() {
            self.imported.disputes_made.extend(self.names.make_disputes()?);
        }
        let (reference, there) = if draft.reference.is_empty() { self.own_ref(&row)? } else { self.given_ref(&row)? };
        if let Some(taken) = self.refs.get(&reference).and_then(|id| self.met.get(id)) {
            let why = format!("ref '{reference}': the row at {} has it already; help: give each row its own", problems.said(*taken));
            problems.add(at, Some("ref"), why);
            return Ok(());
        }
        let id = match there {
            Some(action) => {
                match differs(self.conn, &action, &row, &self.names)? {
                    Some((column, why)) => problems.add(at, Some(column), why),
                    None => self.imported.present += 1,
                }
                id32(action.id)?
            }
            None => self.insert(&row, &reference)?,
        };
        self.refs.insert(reference, id);
        self.met.insert(id, at);
        if self.added.contains(&id) {
            for link in draft.links {
                self.links.push((Pending::new(at, id, self.groups, link), link.spec.earlier.clone()));
            }
        }
        Ok(())
    }

    fn given_ref(&self, row: &Row<'_>) -> Result<(String, Option<Action>)> {
        let reference = row.draft.reference;
        Ok((reference.to_owned(), self.held(reference)?))
    }

    /// The action of the ledger with this ref.
    fn held(&self, reference: &str) -> Result<Option<Action>> {
        match id_of(self.conn, reference)? {
            Some(id) => Action::by_id(self.conn, id),
            None => Ok(None),
        }
    }

    /// The ref of a row that gives none: that of an action that is the same, or the first that is free.
    fn own_ref(&mut self, row: &Row<'_>) -> Result<(String, Option<Action>)> {
        let stem = row.stem(&self.names);
        let first = self.taken.entry(stem.clone()).or_insert(1);
        while self.refs.contains_key(&numbered(&stem, *first)) {
            *first += 1;
        }
        let mut n = *first;
        loop {
            let reference = numbered(&stem, n);
            if !self.refs.contains_key(&reference) {
                match self.held(&reference)? {
                    None => return Ok((reference, None)),
                    Some(action) if differs(self.conn, &action, row, &self.names)?.is_none() => return Ok((reference, Some(action))),
                    Some(_) => (),
                }
            }
            n += 1;
        }
    }

    fn insert(&mut self, row: &Row<'_>, reference: &str) -> Result<u32> {
        let draft = &row.draft;
        self.conn
            .prepare_cached(
                "INSERT INTO action (ref, date, actor, target, kind, count, stage, \"by\", place, deadline, dispute, summary, voided, logged_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                reference,
                draft.date,
                self.names.code(row.actor),
                self.names.code(row.target),
                self.names.facts(row.kind).name,
                row.count,
                row.stage,
                some(draft.by),
                some(draft.place),
                some(draft.deadline),
                some(draft.dispute),
                some(draft.summary),
                some(draft.voided),
                some(draft.logged_at).unwrap_or(&self.stamp),
            ])?;
        let id = self.conn.last_insert_rowid();
        entry::cite(self.conn, id, draft.sources)?;
        self.imported.added += 1;
        let id = id32(id)?;
        self.added.insert(id);
        Ok(id)
    }

    /// A link on its own: one that the ledger has must be the same.
    fn take_link(&mut self, at: Place, later: u32, link: &LinkDraft, problems: &mut Problems) -> Result<()> {
        if let Some(earlier) = self.find(&link.spec.earlier)?
            && let Some(why) = same_link(self.conn, later, earlier, link)?
        {
            why.unwrap_or_else(|why| problems.add(at, Some("earlier"), why));
            return Ok(());
        }
        self.links.push((Pending::new(at, later, self.groups, link), link.spec.earlier.clone()));
        Ok(())
    }

    fn find(&self, reference: &str) -> Result<Option<u32>> {
        match self.refs.get(reference) {
            Some(id) => Ok(Some(*id)),
            None => id_of(self.conn, &reference.to_lowercase())?.map(id32).transpose(),
        }
    }
}

fn id_of(conn: &Connection, reference: &str) -> Result<Option<i64>> {
    Ok(conn.prepare_cached("SELECT id FROM action WHERE ref = ?")?.query_row([reference], |r| r.get(0)).optional()?)
}

fn id32(id: i64) -> Result<u32> {
    u32::try_from(id).map_err(|_| Error::refused("import", "the ledger has more actions than an import can link", "import into another"))
}
