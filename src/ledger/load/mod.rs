//! The one way into the ledger for new actions: `log`, `confirm` and every import come through here, whatever the format and whatever
//! the ledger holds already.
//!
//! Records are taken one by one. Each row is checked, its names are looked up, and it is written at once; links wait until all rows are
//! read, since a row may name a later one. Then the links are made, judged and settled. If anything is wrong, all of it is reported and
//! the change is rolled back.

mod catalogue;
pub(crate) mod catalogue_table;
mod duplicates;
mod generated_refs;
mod names;
pub(crate) mod problems;
pub(crate) mod record;
mod row;
mod source;
mod text_numbers;
mod write;

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::ledger::facts::text;
use crate::ledger::link::check_stated;
use crate::ledger::refusal::Naming;
use crate::ledger::settlement::{self, Effect, NewLink};
use crate::model::{Clock, Relation};

use catalogue::Catalogue;
use duplicates::{Content, LinkContent, ReadAhead};
use generated_refs::Stems;
use names::Names;
use problems::{Place, Problems};
use record::{Draft, Item, LinkDraft};
pub(crate) use row::some;
use row::{Row, check};
use text_numbers::Intern;
use write::{Tuning, Writer};

/// What a load did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// How many actions were added.
    pub added: u64,
    /// How many were there already, and the same.
    pub present: u64,
    /// How many links were made.
    pub links: u64,
    /// How many rows of the catalogue were new or other: parties, kinds, disputes with their titles and the like.
    pub catalogue: u64,
    /// Disputes that were made because rows name them; their title is their slug.
    pub disputes_made: Vec<String>,
}

/// Takes what is read, record by record.
pub(crate) type Sink<'s> = dyn FnMut(Item<'_>, &mut Problems) -> Result<()> + 's;

/// Stands for an action whose row is bad: what hangs on it is not judged.
const BAD: u32 = 0;
/// Up to this many new links the actions they touch are settled; beyond it the whole ledger is, which is faster then.
const FEW_LINKS: usize = 1_000;

/// A load of at least this many new actions, if they are a quarter of those the ledger has, builds the indexes anew at its end, which is
/// faster then.
const MANY: u64 = 50_000;
/// After each so many new actions it is estimated how many are to come.
const ESTIMATE_EVERY: u64 = 1_000;
/// The bytes of a row, roughly, in any format.
const ROW_BYTES: u64 = 200;

/// A link whose ends are known, or wait for a row to come.
#[derive(Debug, Clone, Copy)]
struct PendingLink {
    at: Place,
    later: u32,
    earlier: u32,
    relation: Relation,
    /// True where it came in a row of its own.
    alone: bool,
    stated: Option<u32>,
    stated_spends: Option<u32>,
}

/// A load under way, in the transaction of a change.
pub(crate) struct Loader<'c> {
    conn: &'c Connection,
    names: Names<'c>,
    catalogue: Catalogue,
    writer: Writer<'c>,
    /// True where `refs` has every ref of the ledger, so that none needs to be looked up in it.
    knows_all_refs: bool,
    /// How many rows the files have, as estimated by their size.
    expected: u64,
    /// How many rows were taken.
    taken: u64,
    /// The id of the first action that this load adds.
    first: u32,
    /// Where the row of each action added is, in the order of ids.
    rows: Vec<Place>,
    /// What was read of the ledger's actions, to compare rows with.
    held: ReadAhead,
    /// The refs of this load's rows, with the ids of their actions.
    refs: Intern,
    stems: Stems,
    links: Vec<PendingLink>,
    /// Refs that no row had when they were named: which link, which end.
    forward: Vec<(usize, bool, String)>,
    /// True once a row is bad that gave no ref: what is missing may be that.
    nameless: bool,
    loaded: Loaded,
}

impl Ledger {
    /// Loads what `read` hands over, record by record, all of it or nothing. `size` is how many bytes there are to read; `None`: unknown.
    ///
    /// # Errors
    /// Records cannot be taken: every one of them is named.
    pub(crate) fn load(&mut self, size: Option<u64>, read: impl FnOnce(&mut Problems, &mut Sink<'_>) -> Result<()>) -> Result<Loaded> {
        let empty: bool = self.conn.query_row(
            "SELECT NOT EXISTS (SELECT 1 FROM action) AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name IN ('action', 'source'))",
            [],
            |r| r.get(0),
        )?;
        let tuning = Tuning::begin(&self.conn, empty)?;
        let loaded = self.change(|conn, clock| {
            let mut problems = Problems::default();
            let mut loader = Loader::new(conn, clock)?;
            loader.expected = size.map_or(0, |bytes| bytes / ROW_BYTES);
            if empty {
                loader.writer.drop_indexes()?;
            }
            read(&mut problems, &mut |item, problems| loader.take(item, problems))?;
            let (loaded, _) = loader.finish(&mut problems, Naming::ByRef)?;
            problems.tell()?;
            Ok(loaded)
        });
        tuning.end(&self.conn)?;
        loaded
    }
}

impl<'c> Loader<'c> {
    /// Begins a load.
    pub fn new(conn: &'c Connection, clock: Clock) -> Result<Loader<'c>> {
        let last: i64 = conn.query_row("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'action'), 0)", [], |r| r.get(0))?;
        Ok(Loader {
            conn,
            names: Names::new(conn)?,
            catalogue: Catalogue::default(),
            writer: Writer::new(conn, clock)?,
            knows_all_refs: last == 0,
            expected: 0,
            taken: 0,
            first: id32(last + 1)?,
            rows: Vec::new(),
            held: ReadAhead::default(),
            refs: Intern::default(),
            stems: Stems::default(),
            links: Vec::new(),
            forward: Vec::new(),
            nameless: false,
            loaded: Loaded::default(),
        })
    }

    /// Takes one record. What is wrong with it is added to the problems.
    pub fn take(&mut self, item: Item<'_>, problems: &mut Problems) -> Result<()> {
        match item {
            Item::Action(at, draft) => self.take_action(at, draft, problems),
            Item::Link(at, later, link) => self.take_link(at, later, &link, problems),
            Item::Fact(at, table, fact) => {
                self.writer.with_rules(true)?;
                self.catalogue.take(self.conn, at, table, &fact, &mut self.names, problems)
            }
            Item::Source(at, source) => {
                self.writer.with_rules(true)?;
                self.writer.put_source(&source)?.unwrap_or_else(|why| problems.add(at, Some("cite"), why));
                Ok(())
            }
            Item::Citation(at, cited) => match self.find(cited.action)? {
                Some(BAD) => Ok(()),
                Some(id) if id >= self.first => self.writer.cite(id, cited.position, &cited.cite),
                Some(id) => {
                    if !duplicates::cites(self.conn, id, &cited.cite)? {
                        let why = format!("{} is in the ledger without this source; help: add it there, or leave it out", cited.action);
                        problems.add(at, Some("cite"), why);
                    }
                    Ok(())
                }
                None if self.nameless => Ok(()),
                None => {
                    problems.add(at, Some("action"), no_such_ref(cited.action));
                    Ok(())
                }
            },
        }
    }

    fn take_action(&mut self, at: Place, draft: Draft<'_>, problems: &mut Problems) -> Result<()> {
        self.taken += 1;
        let Some(row) = check(at, draft, &mut self.names, problems)? else {
            if draft.reference.is_empty() {
                self.nameless = true;
            } else if self.find(draft.reference)?.is_none() {
                self.refs.put(draft.reference, BAD);
            }
            return Ok(());
        };
        let (reference, there) = match draft.reference {
            "" => self.own_ref(&row)?,
            given => (given.to_owned(), self.find(given)?),
        };
        match there {
            Some(BAD) => Ok(()),
            Some(id) => self.compare(id, &row, problems),
            None => self.add(&row, &reference),
        }
    }

    /// Adds an action.
    fn add(&mut self, row: &Row<'_>, reference: &str) -> Result<()> {
        if !row.draft.dispute.is_empty() && self.names.has_new_disputes() {
            self.writer.with_rules(true)?;
            self.loaded.disputes_made.extend(self.names.make_disputes()?);
        }
        self.writer.with_rules(false)?;
        let id = self.writer.write_action(row, reference, &self.names)?;
        self.refs.put(reference, id);
        self.rows.push(row.at);
        self.loaded.added += 1;
        if !self.knows_all_refs && self.loaded.added.is_multiple_of(ESTIMATE_EVERY) && self.to_come() >= MANY.max(u64::from(self.first) / 4)
        {
            self.learn_refs()?;
            self.writer.drop_indexes()?;
        }
        for link in row.draft.links {
            let index = self.push(row.at, id, link, false)?;
            self.name(index, false, &link.spec.earlier)?;
        }
        Ok(())
    }

    /// An estimate of how many more actions will be added.
    fn to_come(&self) -> u64 {
        self.expected.saturating_sub(self.taken) * self.loaded.added / self.taken.max(1)
    }

    /// Reads the refs of the ledger, to do without the index of them.
    fn learn_refs(&mut self) -> Result<()> {
        let mut select = self.conn.prepare("SELECT id, ref FROM main.action WHERE id < ?")?;
        let mut rows = select.query([self.first])?;
        while let Some(row) = rows.next()? {
            self.refs.put(text(row, 1)?, row.get(0)?);
        }
        self.knows_all_refs = true;
        Ok(())
    }

    /// A row whose action is there: it must say the same.
    fn compare(&mut self, id: u32, row: &Row<'_>, problems: &mut Problems) -> Result<()> {
        match self.difference(id, row)? {
            None => self.loaded.present += 1,
            Some((column, why)) => {
                let met = id.checked_sub(self.first).and_then(|n| self.rows.get(n as usize));
                let why = match met {
                    Some(met) => format!("{}: {why}; help: make the two rows agree, or give each its own ref", problems.said(*met)),
                    None => format!("{why}; help: make them agree ('recip edit {id}'), or give the row another ref"),
                };
                problems.add(row.at, Some(column), why);
            }
        }
        Ok(())
    }

    /// What a row says otherwise than the action with this id: the column, and what is wrong.
    fn difference(&mut self, id: u32, row: &Row<'_>) -> Result<Option<(&'static str, String)>> {
        let held = self.held(id)?;
        self.given(row)?.differs(self.conn, &held, row.draft.columns)
    }

    fn given(&self, row: &Row<'_>) -> Result<Content> {
        let mut links = Vec::with_capacity(row.draft.links.len());
        for link in row.draft.links {
            links.push(LinkContent::given(link, self.find(link.spec.earlier.trim())?));
        }
        Ok(Content::given(row, &self.names, links))
    }

    fn held(&mut self, id: u32) -> Result<Content> {
        let content = self.held.take(self.conn, id, self.first)?;
        Ok(if id < self.first { content } else { content.with_links(self.links_of(id)) })
    }

    /// The links that wait to be made of an action of this load.
    fn links_of(&self, id: u32) -> Vec<LinkContent> {
        let from = self.links.partition_point(|l| l.later < id);
        let own = self.links.iter().enumerate().skip(from).take_while(|(_, l)| l.later == id && !l.alone);
        own.map(|(index, link)| {
            let waits = self.forward.iter().find(|(at, later, _)| *at == index && !later);
            LinkContent::pending(
                link.relation,
                link.earlier,
                waits.map(|(_, _, earlier)| earlier.as_str()),
                link.stated,
                link.stated_spends,
            )
        })
        .collect()
    }

    /// The ref of a row that gives none, and the action that is the same, if there is one: such a row is never added twice, whether
    /// it comes in one file, in several, or later.
    fn own_ref(&mut self, row: &Row<'_>) -> Result<(String, Option<u32>)> {
        let stem = row.stem(&self.names);
        if self.find(&stem)?.is_none() {
            return Ok((stem, None));
        }
        let columns = row.draft.columns;
        let mut known = self.stems.take(&stem);
        if known.columns != columns {
            known.columns = columns;
            known.by_content.clear();
            for id in known.ids.clone() {
                known.by_content.insert(self.held(id)?.digest(columns), id);
            }
        }
        // Those that came since it was last asked for.
        while let Some(id) = self.find(&row::numbered(&stem, known.next))? {
            if id != BAD {
                known.by_content.insert(self.held(id)?.digest(columns), id);
                known.ids.push(id);
            }
            known.next += 1;
        }
        let digest = self.given(row)?.digest(columns);
        let same = known.by_content.get(&digest).copied();
        let reference = row::numbered(&stem, known.next);
        if same.is_none() {
            let id = self.writer.next_id();
            known.by_content.insert(digest, id);
            known.ids.push(id);
            known.next += 1;
        }
        self.stems.put(stem, known);
        Ok((reference, same))
    }

    fn take_link(&mut self, at: Place, later: &str, link: &LinkDraft, problems: &mut Problems) -> Result<()> {
        if let (Some(l), Some(e)) = (self.find(later)?, self.find(&link.spec.earlier)?)
            && l != BAD
            && l < self.first
            && let Some(same) = duplicates::same_link(self.conn, l, e, link)?
        {
            same.unwrap_or_else(|why| problems.add(at, Some("earlier"), why));
            return Ok(());
        }
        let index = self.push(at, BAD, link, true)?;
        self.name(index, true, later)?;
        self.name(index, false, &link.spec.earlier)
    }

    fn push(&mut self, at: Place, later: u32, link: &LinkDraft, alone: bool) -> Result<usize> {
        let small = |amount: Option<i64>| amount.map(|a| u32::try_from(a).unwrap_or(u32::MAX));
        let (stated, stated_spends) = (small(link.spec.amount.covers), small(link.spec.amount.spends));
        self.links.push(PendingLink { at, later, earlier: BAD, relation: link.relation, alone, stated, stated_spends });
        Ok(self.links.len() - 1)
    }

    /// Sets one end of a link, at once where its ref is known.
    fn name(&mut self, index: usize, later: bool, reference: &str) -> Result<()> {
        let reference = reference.trim();
        match self.find(reference)? {
            Some(id) if later => self.links[index].later = id,
            Some(id) => self.links[index].earlier = id,
            None => self.forward.push((index, later, reference.to_owned())),
        }
        Ok(())
    }

    /// The action with this ref, in this load or in the ledger; [`BAD`] where its row is bad.
    fn find(&self, reference: &str) -> Result<Option<u32>> {
        if let Some(id) = self.refs.get(reference) {
            return Ok(Some(id));
        }
        let lower = reference.to_lowercase();
        if lower != reference
            && let Some(id) = self.refs.get(&lower)
        {
            return Ok(Some(id));
        }
        if self.knows_all_refs {
            return Ok(None);
        }
        if let Some(id) = self.held.is_next(&lower) {
            return Ok(Some(id));
        }
        let mut held = self.conn.prepare_cached("SELECT id FROM main.action WHERE ref = ?")?;
        held.query_row([lower], |r| r.get(0)).optional()?.map(id32).transpose()
    }

    /// Ends the load: makes the links, judges them and settles. What is wrong is added to the problems; the links that were made are
    /// returned with what they settle, and earlier ones with what they settle now, where few were made.
    pub fn finish(mut self, problems: &mut Problems, naming: Naming) -> Result<(Loaded, Vec<Effect>)> {
        self.resolve(problems)?;
        self.refuse_malformed(problems);
        if problems.is_empty() {
            self.loaded.links = self.links.len() as u64;
        }
        let effects = self.make_links(problems, naming)?;
        // Last: settling changes what they hold.
        self.writer.rebuild_indexes()?;
        self.loaded.catalogue = self.catalogue.taken;
        Ok((self.loaded, effects))
    }

    /// Finds the ends that were not known when they were named.
    fn resolve(&mut self, problems: &mut Problems) -> Result<()> {
        for (index, later, reference) in std::mem::take(&mut self.forward) {
            match self.find(&reference)? {
                Some(id) if later => self.links[index].later = id,
                Some(id) => self.links[index].earlier = id,
                None if self.nameless => (),
                None => {
                    let link = &self.links[index];
                    let column = if later { "action" } else { column(link) };
                    problems.add(link.at, Some(column), no_such_ref(&reference));
                }
            }
        }
        self.links.retain(|l| l.later != BAD && l.earlier != BAD);
        Ok(())
    }

    /// Refuses links that are made twice, bear on themselves, or state amounts that their relation does not have. A link in a row of its
    /// own that says the same twice is one.
    fn refuse_malformed(&mut self, problems: &mut Problems) {
        let mut met = HashMap::with_capacity(self.links.len());
        self.links.retain(|link| {
            let column = Some(column(link));
            if link.later == link.earlier {
                problems.add(link.at, column, "an action cannot bear on itself; help: name an earlier action");
                return false;
            }
            let stated = crate::model::Amount { covers: link.stated.map(i64::from), spends: link.stated_spends.map(i64::from) };
            if let Err(e) = check_stated(link.relation, &"it", stated) {
                problems.add(link.at, column, e);
                return false;
            }
            match met.insert((link.later, link.relation, link.earlier), (link.stated, link.stated_spends)) {
                None => true,
                Some(same) if link.alone && same == (link.stated, link.stated_spends) => false,
                Some(_) => {
                    problems.add(
                        link.at,
                        column,
                        format!("it {} the same action twice; help: name it once, with the whole amount", link.relation),
                    );
                    false
                }
            }
        });
    }

    /// Writes the links, and settles what they touch.
    fn make_links(&mut self, problems: &mut Problems, naming: Naming) -> Result<Vec<Effect>> {
        let first: i64 =
            self.conn.query_row("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'link'), 0) + 1", [], |r| r.get(0))?;
        let new: Vec<NewLink> = self
            .links
            .iter()
            .map(|l| NewLink {
                later: l.later.into(),
                relation: l.relation,
                earlier: l.earlier.into(),
                stated: l.stated,
                stated_spends: l.stated_spends,
            })
            .collect();
        let (violations, effects) = if new.len() > FEW_LINKS {
            self.writer.with_rules(false)?;
            let restore = self.writer.take_link_indexes(first == 1)?;
            let violations = settlement::settle_with(self.conn, &new, first, naming, problems.is_empty())?;
            for index in restore {
                self.conn.execute_batch(&index)?;
            }
            (violations, Vec::new())
        } else {
            self.writer.with_rules(true)?;
            let mut insert = self
                .conn
                .prepare_cached("INSERT INTO link (action_id, relation, earlier_id, stated, stated_spends) VALUES (?, ?, ?, ?, ?)")?;
            for link in &new {
                insert.execute(rusqlite::params![link.later, link.relation, link.earlier, link.stated, link.stated_spends])?;
            }
            drop(insert);
            let outcome = settlement::try_to_settle(self.conn, naming, None, problems.is_empty())?;
            (outcome.violations, outcome.effects)
        };
        for (id, violation) in violations {
            // An older link that a new one leaves without room is reported at the new one's row.
            let link = usize::try_from(id - first).ok().and_then(|n| self.links.get(n)).or(self.links.first());
            let (at, column) = link.map_or((Place { file: 0, line: 0 }, "link"), |l| (l.at, column(l)));
            problems.add(at, Some(column), violation);
        }
        Ok(effects)
    }
}

/// The column that names the earlier end of a link.
fn column(link: &PendingLink) -> &'static str {
    if link.alone { "earlier" } else { link.relation.as_str() }
}

fn no_such_ref(reference: &str) -> String {
    format!("there is no action '{reference}'; help: name one by its ref, in the file or in the ledger")
}

fn id32(id: i64) -> Result<u32> {
    u32::try_from(id).map_err(|_| Error::refused("import", "the ledger has more actions than an import can link", "import into another"))
}
