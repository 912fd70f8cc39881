//! Loading files into a ledger that has no actions yet, many at a time. The files are read twice: first every row
//! is checked and every link reckoned, with a few numbers an action in memory; then the rows are written as they
//! will stand, and the indexes built. Triggers are off meanwhile: what they would refuse is refused in the first
//! reading, and a test holds the two ways together.

mod circle;
mod explain;
mod plan;
mod write;

use std::collections::HashMap;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::error::{Error, Result};
use crate::model::{Clock, Sign, Stage};

use super::catalogue::Catalogue;
use super::check::{Row, check, numbered};
use super::intern::Intern;
use super::item::{Draft, Item};
use super::names::Names;
use super::pending::{BAD, Pending};
use super::problems::{Place, Problems};
use super::{Imported, Input};

/// What is kept of an action.
#[derive(Debug, Clone)]
struct Act {
    day: i32,
    latest: i32,
    /// The day of its latest posting.
    posted: i32,
    /// 0: not known.
    count: u32,
    stands: u32,
    open: u32,
    at: Place,
    actor: u16,
    target: u16,
    kind: u16,
    stage: Stage,
    voided: bool,
    executed: bool,
    /// A link that may have opened it again could not be judged.
    doubtful: bool,
}

/// All actions of the files, and what hangs on them.
struct Load<'c> {
    conn: &'c Connection,
    names: Names<'c>,
    catalogue: Catalogue,
    acts: Vec<Act>,
    refs: Intern,
    /// The numbers of refs that the file does not give, where they are not 1.
    suffixes: HashMap<u32, u32>,
    /// How often a stem was used so far.
    stems: HashMap<String, u32>,
    links: Vec<Pending>,
    /// Refs that no row had when they were named: which link names what.
    forward: Vec<(usize, bool, String)>,
    /// True once a row is bad that gave no ref: what is missing may be that.
    nameless: bool,
    groups: u32,
}

/// Loads files into an empty ledger.
pub(super) fn load(conn: &Connection, clock: Clock, inputs: &[Input], progress: &mut super::Progress<'_>) -> Result<Imported> {
    let mut problems = Problems::default();
    let mut load = Load::new(conn)?;
    super::read(inputs, &mut problems, Some(progress), &mut |item, problems| load.take(item, problems))?;
    load.stems = HashMap::new();
    load.resolve(&mut problems);
    plan::plan(&mut load, inputs, &mut problems)?;
    problems.tell()?;
    let disputes_made = load.names.make_disputes()?;
    // Not before: the history keeps what the catalogue was. The caller switches them on again.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    write::write(conn, clock, inputs, &mut load, progress)?;
    Ok(Imported {
        added: load.acts.len() as u64,
        links: load.links.len() as u64,
        catalogue: load.catalogue.taken,
        disputes_made,
        ..Imported::default()
    })
}

impl<'c> Load<'c> {
    fn new(conn: &'c Connection) -> Result<Load<'c>> {
        Ok(Load {
            conn,
            names: Names::new(conn)?,
            catalogue: Catalogue::default(),
            acts: Vec::new(),
            refs: Intern::default(),
            suffixes: HashMap::new(),
            stems: HashMap::new(),
            links: Vec::new(),
            forward: Vec::new(),
            nameless: false,
            groups: 0,
        })
    }

    fn act(&self, id: u32) -> &Act {
        &self.acts[id as usize - 1]
    }

    fn take(&mut self, item: Item<'_>, problems: &mut Problems) -> Result<()> {
        self.groups += 1;
        match item {
            Item::Action(at, draft) => self.take_action(at, draft, problems),
            Item::Link(at, later, link) => {
                let index = self.links.len();
                self.links.push(Pending::new(at, BAD, self.groups, &link));
                self.name(index, true, later);
                self.name(index, false, &link.spec.earlier);
                Ok(())
            }
            Item::Citation(at, cited) => {
                if self.refs.get(cited.action).is_none() && !self.nameless {
                    problems.add(at, Some("action"), super::no_such_ref(cited.action));
                }
                Ok(())
            }
            Item::Fact(at, table, fact) => self.catalogue.take(self.conn, at, table, &fact, &mut self.names, problems),
            Item::Source(..) => Ok(()),
        }
    }

    fn take_action(&mut self, at: Place, draft: Draft<'_>, problems: &mut Problems) -> Result<()> {
        let row = check(at, draft, &mut self.names, problems)?;
        let id = match &row {
            Some(row) => self.admit(row, problems)?,
            None => {
                if draft.reference.is_empty() {
                    self.nameless = true;
                } else if self.refs.get(draft.reference).is_none() {
                    self.refs.put(draft.reference, BAD);
                }
                BAD
            }
        };
        for link in draft.links {
            let index = self.links.len();
            self.links.push(Pending::new(at, id, self.groups, link));
            self.name(index, false, &link.spec.earlier);
        }
        Ok(())
    }

    /// Gives a good row its id and its ref.
    fn admit(&mut self, row: &Row<'_>, problems: &mut Problems) -> Result<u32> {
        let id = u32::try_from(self.acts.len() + 1).map_err(|_| too_many())?;
        if row.draft.reference.is_empty() {
            let stem = row.stem(&self.names);
            let mut n = self.stems.get(&stem).map_or(1, |n| n + 1);
            while self.refs.get(&numbered(&stem, n)).is_some() {
                n += 1;
            }
            self.refs.put(&numbered(&stem, n), id);
            if n > 1 {
                self.suffixes.insert(id, n);
                self.stems.insert(stem, n);
            }
        } else {
            match self.refs.get(row.draft.reference) {
                Some(BAD) => (),
                Some(other) => {
                    let taken = problems.said(self.act(other).at);
                    let why = format!("ref '{}': the row at {taken} has it already; help: give each row its own", row.draft.reference);
                    problems.add(row.at, Some("ref"), why);
                    return Ok(BAD);
                }
                None => self.refs.put(row.draft.reference, id),
            }
        }
        self.acts.push(Act::new(row, self.names.facts(row.kind).sign)?);
        Ok(id)
    }

    /// Sets one end of a link, at once where its ref is known.
    fn name(&mut self, index: usize, later: bool, reference: &str) {
        let reference = reference.trim();
        match self.refs.get(reference) {
            Some(id) if later => self.links[index].later = id,
            Some(id) => self.links[index].earlier = id,
            None => self.forward.push((index, later, reference.to_owned())),
        }
    }

    /// Finds the ends that were not known when they were named.
    fn resolve(&mut self, problems: &mut Problems) {
        for (index, later, reference) in std::mem::take(&mut self.forward) {
            let found = self.refs.get(&reference).or_else(|| self.refs.get(&reference.to_lowercase()));
            let link = &mut self.links[index];
            match found {
                Some(id) if later => link.later = id,
                Some(id) => link.earlier = id,
                None if self.nameless => (),
                None => {
                    let column = if later { "action" } else { super::earlier_column(link) };
                    problems.add(link.at, Some(column), super::no_such_ref(&reference));
                }
            }
        }
        for link in &self.links {
            // What a bad row would have opened again is in doubt.
            if link.later == BAD && link.earlier != BAD {
                self.acts[link.earlier as usize - 1].doubtful = true;
            }
        }
        self.links.retain(|l| l.later != BAD && l.earlier != BAD);
    }
}

impl Act {
    fn new(row: &Row<'_>, sign: Sign) -> Result<Act> {
        let small = |day: i64| i32::try_from(day).map_err(|_| too_many());
        let count = row.count.map_or(0, |c| u32::try_from(c).unwrap_or_default());
        let voided = !row.draft.voided.is_empty();
        let stands = if voided { 0 } else { count.max(1) };
        let claims = row.stage != Stage::Threatened && sign != Sign::Neutral;
        let day = small(row.date.earliest().0)?;
        Ok(Act {
            day,
            latest: small(row.date.latest().0)?,
            posted: day,
            count,
            stands,
            open: if claims { stands } else { 0 },
            at: row.at,
            actor: row.actor,
            target: row.target,
            kind: row.kind,
            stage: row.stage,
            voided,
            executed: false,
            doubtful: false,
        })
    }
}

fn too_many() -> Error {
    Error::refused("import", "this is more than a ledger holds at once", "import it in parts")
}
