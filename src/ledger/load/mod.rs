//! Loading new actions into a ledger. `log`, `confirm` and every import use this module, for any format and any existing contents.
//!
//! Records are loaded one by one. Each row is checked, its names are looked up, and it is written immediately. Links wait until all rows
//! are read, since a row may name a later one; then they are written, validated and settled. If there are problems, all of them are
//! reported and the change is rolled back.

mod alike;
mod catalogue;
pub(crate) mod catalogue_table;
mod codes;
mod content;
mod generated_refs;
mod given_once;
mod identity;
mod intern;
mod links;
pub(crate) mod names;
pub(crate) mod problems;
pub(crate) mod record;
mod row;
mod source;
mod update;
mod write;

use std::borrow::Cow;
use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use crate::error::{Error, MAX_ROWS_LISTED, Result};
use crate::ledger::doubt::{Act, Doubts};
use crate::ledger::edit::Edited;
use crate::ledger::entry;
use crate::ledger::facts::text;
use crate::ledger::link::{self, Shift, reread};
use crate::ledger::refusal::Naming;
use crate::ledger::settlement::Effect;
use crate::ledger::{Action, Ledger, quantity};
use crate::model::{Cite, Clock, CodeBook, Day};

use alike::{Alike, AlikeInLoad, OnAnyDay, WithOtherParty};
use catalogue::Catalogue;
use content::ReadAhead;
use generated_refs::Stems;
use given_once::GivenOnce;
use identity::Found;
use intern::Intern;
use links::PendingLink;
use names::Names;
use problems::{Place, Problems};
use record::{Draft, Item, KeptDraft};
pub(crate) use row::some;
use row::{Row, check};
use update::Updates;
pub use update::{KeptLink, Resembling};
use write::{Tuning, Writer};

/// The result of a load.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The number of actions that were added.
    pub added: u64,
    /// The number of rows that were already in the ledger as the same action.
    pub present: u64,
    /// The number of rows that repeat other rows of the files.
    pub repeated: u64,
    /// The number of links that were added.
    pub links: u64,
    /// The number of catalogue rows that were added or changed, such as parties, kinds and disputes.
    pub catalogue: u64,
    /// The disputes that were added because rows name them; their title is their slug.
    pub disputes_made: Vec<String>,
    /// In a dry run, the first of the added actions.
    pub additions: Vec<Action>,
    /// The number of actions of the ledger that rows corrected.
    pub updated: u64,
    /// The first of these actions, before and after.
    pub updates: Vec<Edited>,
    /// If actions were updated, the existing links that settle more or less than before; empty after a load of many links, which does not
    /// determine them.
    pub shifts: Vec<Shift>,
    /// The first of the links that were added to actions that the ledger had.
    pub linked: Vec<KeptLink>,
    /// Links that the ledger keeps, although a row names another action in their place.
    pub kept_links: Vec<KeptLink>,
    /// Notes on the files, such as lines that were left out before a header.
    pub notes: Vec<String>,
}

/// Receives the records of a file, one by one.
pub(crate) type Sink<'s> = dyn FnMut(Item<'_>, &mut Problems) -> Result<()> + 's;

/// The id that stands for an action whose row has a problem; its links are not validated.
const BAD: u32 = 0;
/// A load of at least this many new actions, and at least a quarter of the number that the ledger has, drops the indexes and rebuilds
/// them at its end, which is then faster.
const MIN_TO_REBUILD_INDEXES: u64 = 50_000;
/// The number of new actions after which the number still to come is estimated again.
const ESTIMATE_EVERY: u64 = 1_000;
/// The maximum number of doubtful rows that are listed, and likewise of rows that repeat others.
const MAX_NOTED: u64 = 10;
/// The approximate size of a row in bytes, in any format.
const ROW_BYTES: u64 = 200;

/// A load in progress, in the transaction of a change.
pub(crate) struct Loader<'c> {
    conn: &'c Connection,
    names: Names<'c>,
    catalogue: Catalogue,
    writer: Writer<'c>,
    /// True if `refs` contains every ref of the ledger, so none needs to be looked up in the database.
    knows_all_refs: bool,
    /// The number of rows in the files, estimated from their size.
    expected: u64,
    /// The number of rows read so far.
    rows_read: u64,
    /// The id of the first action that this load adds.
    first: u32,
    /// The position of each added action's row, in the order of ids.
    rows: Vec<Place>,
    /// Actions of the ledger, read ahead for comparison with rows.
    held: ReadAhead,
    /// The ids of actions by ref: those of this load, and of the whole ledger if `knows_all_refs`.
    refs: Intern,
    /// The actions of rows whose refs were made for the links within their file, by the file and that ref.
    made_refs: HashMap<(u16, String), u32>,
    /// Rows without a ref that resemble an action of the ledger. They wait until those rows are read that repeat such actions exactly.
    waiting: Vec<(Place, KeptDraft)>,
    /// Rows without a ref that differ from an action of the ledger only in the date or in a party. They wait too.
    moved: Vec<(Place, KeptDraft)>,
    /// Rows whose ref may name the wrong action. They wait too.
    doubtful_refs: Vec<(Place, KeptDraft)>,
    /// The number of rows without a ref that repeat another row.
    repeats: u64,
    stems: Stems,
    alike: Alike,
    alike_in_load: AlikeInLoad,
    on_any_day: OnAnyDay,
    with_other_party: WithOtherParty,
    links: Vec<PendingLink>,
    /// Refs that were named before a row with that ref was read: the index of the link, whether it is the later end, and the ref.
    unresolved: Vec<(usize, bool, String)>,
    /// True if a row without a ref had a problem. A missing ref may be that of this row, so it is not reported.
    has_bad_unnamed: bool,
    /// What is done with rows without a ref that resemble an action of the ledger.
    resembling: Resembling,
    /// The actions of the ledger that rows repeated exactly, and where the first such row is.
    repeated: HashMap<u32, Place>,
    /// The actions of the ledger that rows name by their refs: where the first such row is, and a digest of its content.
    named: HashMap<u32, (Place, u64)>,
    updates: Updates,
    /// What the tables of a package gave so far for actions.
    given_once: GivenOnce,
    today: Day,
    /// What makes a row doubtful; `None` until it is needed, and again when the file changes a party.
    doubts: Option<Doubts>,
    /// The number of rows that are doubtful.
    doubtful: u64,
    loaded: Loaded,
}

impl Ledger {
    /// The names of the parties and kinds, to look up what a file calls them, which may use a code book.
    pub(crate) fn names(&self, codes: Option<CodeBook>) -> Result<Names<'_>> {
        let mut names = Names::new(&self.conn)?;
        names.set_codes(codes)?;
        Ok(names)
    }

    /// Loads the records that `read` passes on, in one transaction. Their parties are codes of the book `codes`, if there is one. `size` is the
    /// number of bytes to read; `None` if it is unknown.
    ///
    /// # Errors
    /// Records have problems; the error lists all of them.
    pub(crate) fn load(
        &mut self,
        size: Option<u64>,
        resembling: Resembling,
        codes: Option<CodeBook>,
        read: impl FnOnce(&mut Problems, &mut Sink<'_>) -> Result<()>,
    ) -> Result<Loaded> {
        let (loaded, ()) = self.load_and(size, resembling, codes, read, |_| Ok(()))?;
        Ok(loaded)
    }

    /// The same, followed by `then` in the same transaction.
    ///
    /// # Errors
    /// As [`Ledger::load`], or `then` fails.
    pub(crate) fn load_and<T>(
        &mut self,
        size: Option<u64>,
        resembling: Resembling,
        codes: Option<CodeBook>,
        read: impl FnOnce(&mut Problems, &mut Sink<'_>) -> Result<()>,
        then: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<(Loaded, T)> {
        let tuning = Tuning::begin(&self.conn, is_empty(&self.conn)?)?;
        let dry_run = self.dry_run;
        let loaded = self.change(|conn, clock| {
            let mut problems = Problems::default();
            let mut loader = Loader::new(conn, clock)?;
            loader.expected = size.map_or(0, |bytes| bytes / ROW_BYTES);
            loader.resembling = resembling;
            loader.names.set_codes(codes)?;
            // Another program may have written since the settings were changed.
            if is_empty(conn)? {
                loader.writer.drop_indexes()?;
            }
            read(&mut problems, &mut |item, problems| loader.take(item, problems))?;
            let first = i64::from(loader.first);
            let (mut loaded, effects) = loader.finish(&mut problems, Naming::ByRef)?;
            problems.result()?;
            if loaded.updated > 0 {
                loaded.shifts = link::read(conn, effects)?.shifts;
            }
            if dry_run {
                let listed = loaded.added.min(MAX_ROWS_LISTED as u64);
                loaded.additions = (first..).zip(0..listed).map(|(id, _)| reread(conn, id)).collect::<Result<_>>()?;
            }
            Ok((Loaded { notes: problems.take_notes(), ..loaded }, then(conn)?))
        });
        tuning.end(&self.conn)?;
        loaded
    }
}

/// True if the ledger has never had an action or a source.
fn is_empty(conn: &Connection) -> Result<bool> {
    let select =
        "SELECT NOT EXISTS (SELECT 1 FROM action) AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name IN ('action', 'source'))";
    Ok(conn.query_row(select, [], |r| r.get(0))?)
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
            rows_read: 0,
            first: id32(last + 1)?,
            rows: Vec::new(),
            held: ReadAhead::default(),
            refs: Intern::default(),
            made_refs: HashMap::new(),
            waiting: Vec::new(),
            moved: Vec::new(),
            doubtful_refs: Vec::new(),
            repeats: 0,
            stems: Stems::default(),
            alike: Alike::default(),
            alike_in_load: AlikeInLoad::default(),
            on_any_day: OnAnyDay::default(),
            with_other_party: WithOtherParty::default(),
            links: Vec::new(),
            unresolved: Vec::new(),
            has_bad_unnamed: false,
            resembling: Resembling::default(),
            repeated: HashMap::new(),
            named: HashMap::new(),
            updates: Updates::default(),
            given_once: GivenOnce::default(),
            today: clock.today(),
            doubts: None,
            doubtful: 0,
            loaded: Loaded::default(),
        })
    }

    /// Loads one record. Problems with it are added to `problems`.
    pub fn take(&mut self, item: Item<'_>, problems: &mut Problems) -> Result<()> {
        match item {
            Item::Action(at, draft) => self.take_action(at, draft, problems),
            Item::Link(at, later, link) => self.take_link(at, later, &link, problems),
            Item::Fact(at, table, fact) => {
                self.writer.with_rules(true)?;
                self.doubts = None;
                self.catalogue.take(self.conn, at, table, &fact, &mut self.names, problems)
            }
            Item::Source(at, mut source) => {
                self.writer.with_rules(true)?;
                match source.flaw() {
                    Some((column, why)) => problems.add(at, Some(column), why),
                    None => self.writer.put_source(&source)?.unwrap_or_else(|why| problems.add(at, Some("cite"), why)),
                }
                Ok(())
            }
            Item::Citation(at, cited) => match self.owner(at, cited.action, problems)? {
                Some(id) if !self.given_once.agrees((id, &cited.cite.cite), &cited.cite.reading) => {
                    let way_out = "keep one of the two rows, with all that the source says";
                    problems.add(at, Some("cite"), Cite::given_twice(&cited.cite.cite, way_out));
                    Ok(())
                }
                Some(id) if id >= self.first => self.writer.cite(id, cited.position, &cited.cite),
                Some(id) if !content::cites(self.conn, id, &cited.cite)? => {
                    self.note_update(id, at)?;
                    entry::cite(self.conn, id.into(), &[cited.cite])
                }
                _ => Ok(()),
            },
            Item::Quantity(at, action, given) => match self.owner(at, action, problems)? {
                Some(id) if !self.given_once.agrees((id, &given.name), (given.value.to_string(), &given.unit)) => {
                    problems.add(at, Some("name"), given.given_twice());
                    Ok(())
                }
                Some(id) if id >= self.first => quantity::put(self.conn, id.into(), &given),
                Some(id) if !quantity::of_action(self.conn, id.into())?.contains(&given) => {
                    self.note_update(id, at)?;
                    quantity::put(self.conn, id.into(), &given)
                }
                _ => Ok(()),
            },
        }
    }

    /// The action that a citation or a quantity belongs to; `None` if it has a problem, or if there is no such action, which is
    /// itself a problem.
    fn owner(&self, at: Place, action: &str, problems: &mut Problems) -> Result<Option<u32>> {
        let found = self.find(action)?;
        if found.is_none() && !self.has_bad_unnamed {
            problems.add(at, Some("action"), no_such_ref(action));
        }
        Ok(found.filter(|id| *id != BAD))
    }

    fn take_action(&mut self, at: Place, draft: Draft<'_>, problems: &mut Problems) -> Result<()> {
        self.rows_read += 1;
        let slug = draft.details.dispute.to_ascii_lowercase();
        let mut draft = draft;
        draft.details.dispute = &slug;
        let Some(row) = check(at, draft, &mut self.names, problems)? else {
            if draft.has_made_ref {
                self.note_made_ref(at, &draft, BAD);
            } else if draft.reference.is_empty() {
                self.has_bad_unnamed = true;
            } else if self.find(draft.reference)?.is_none() {
                self.refs.put(&key(draft.reference), BAD);
            }
            return Ok(());
        };
        if draft.reference.is_empty() || draft.has_made_ref {
            let found = self.recognise(&row)?;
            return self.take_unnamed(&row, found, problems);
        }
        let is_doubtful = draft.has_doubtful_ref && self.first > 1;
        if is_doubtful
            && self.resembling == Resembling::Update
            && self.find(draft.reference)?.is_none()
            && let Some(id) = self.with_another_ref(&row, None)?
        {
            return self.compare(id, &row, false, problems);
        }
        self.take_named(&row, is_doubtful && self.resembling == Resembling::Refuse, problems)
    }

    /// Takes a row with a ref. If it `may_wait`, it waits if its ref is doubtful.
    fn take_named(&mut self, row: &Row<'_>, may_wait: bool, problems: &mut Problems) -> Result<()> {
        match self.find(row.draft.reference)? {
            Some(BAD) => Ok(()),
            Some(id) => self.compare(id, row, may_wait, problems),
            None if may_wait && self.mistaken_ref(row)?.is_some() => {
                self.doubtful_refs.push((row.at, KeptDraft::of(&row.draft)));
                Ok(())
            }
            None => {
                self.alike_in_load.note(self.first);
                self.add_new(row, row.draft.reference, problems)
            }
        }
    }

    /// Takes a row without a ref as what it was recognised as.
    fn take_unnamed(&mut self, row: &Row<'_>, found: Found, problems: &mut Problems) -> Result<()> {
        let id = match found {
            Found::New(reference) => {
                let id = self.writer.next_id();
                self.add_new(row, &reference, problems)?;
                id
            }
            Found::Same(id) => {
                self.note_repeat(id, row, problems);
                self.compare(id, row, false, problems)?;
                id
            }
            Found::Alike(_) => {
                self.waiting.push((row.at, KeptDraft::of(&row.draft)));
                return Ok(());
            }
            Found::OtherSources(id) => {
                self.refuse_other_sources(id, row, problems)?;
                BAD
            }
            Found::Corrected(_) => {
                self.moved.push((row.at, KeptDraft::of(&row.draft)));
                return Ok(());
            }
        };
        self.note_made_ref(row.at, &row.draft, id);
        Ok(())
    }

    /// Notes for which action the ref stands that was made for a row.
    fn note_made_ref(&mut self, at: Place, draft: &Draft<'_>, id: u32) {
        if draft.has_made_ref {
            self.made_refs.insert((at.file, key(draft.reference).into_owned()), id);
        }
    }

    /// Notes that a row without a ref repeats another row.
    fn note_repeat(&mut self, id: u32, row: &Row<'_>, problems: &mut Problems) {
        let Some(first) = id.checked_sub(self.first).and_then(|n| self.rows.get(n as usize)) else { return };
        self.repeats += 1;
        if self.repeats <= MAX_NOTED {
            let [at, first] = [row.at, *first].map(|at| problems.position(at));
            problems.note(format!("{at}: it repeats {first}, and both are one action; if they are two, give each a ref"));
        }
    }

    /// Adds an action that the ledger does not have.
    fn add_new(&mut self, row: &Row<'_>, reference: &str, problems: &mut Problems) -> Result<()> {
        self.note_doubts(row, problems)?;
        self.add(row, reference)
    }

    /// Notes what is doubtful about a new row.
    fn note_doubts(&mut self, row: &Row<'_>, problems: &mut Problems) -> Result<()> {
        let doubts = match &mut self.doubts {
            Some(doubts) => doubts,
            none => none.insert(Doubts::new(self.conn, self.today)?),
        };
        let (actor, target) = (self.names.code(row.actor), self.names.code(row.target));
        let found = doubts.of(&Act { date: &row.date, stage: row.stage, actor, target, deadline: &row.details.deadline });
        if found.is_empty() || !row.draft.voided.is_empty() {
            return Ok(());
        }
        self.doubtful += 1;
        if self.doubtful <= MAX_NOTED {
            let what: Vec<String> = found.into_iter().map(|doubt| doubt.what).collect();
            problems.note(format!("{}: warning: {}", problems.position(row.at), what.join("; ")));
        }
        Ok(())
    }

    /// Adds an action.
    fn add(&mut self, row: &Row<'_>, reference: &str) -> Result<()> {
        if !row.draft.details.dispute.is_empty() && self.names.has_new_disputes() {
            self.writer.with_rules(true)?;
            self.loaded.disputes_made.extend(self.names.add_disputes()?);
        }
        self.writer.with_rules(false)?;
        let id = self.writer.write_action(row, reference, &self.names)?;
        self.refs.put(&key(reference), id);
        self.rows.push(row.at);
        self.loaded.added += 1;
        if !self.knows_all_refs
            && self.loaded.added.is_multiple_of(ESTIMATE_EVERY)
            && self.estimate_remaining() >= MIN_TO_REBUILD_INDEXES.max(u64::from(self.first) / 4)
        {
            self.read_all_refs()?;
            self.writer.drop_indexes()?;
        }
        for link in row.draft.links {
            let index = self.push(row.at, id, link, false)?;
            self.set_end(index, false, &link.spec.earlier)?;
        }
        Ok(())
    }

    /// Estimates how many more actions will be added.
    fn estimate_remaining(&self) -> u64 {
        self.expected.saturating_sub(self.rows_read) * self.loaded.added / self.rows_read.max(1)
    }

    /// Reads all refs of the ledger into memory, so that their index can be dropped.
    fn read_all_refs(&mut self) -> Result<()> {
        let mut select = self.conn.prepare("SELECT id, ref FROM main.action WHERE id < ?")?;
        let mut rows = select.query([self.first])?;
        while let Some(row) = rows.next()? {
            self.refs.put(&key(&text(row, 1)?), row.get(0)?);
        }
        drop(rows);
        self.alike.read_all(self.conn, self.first)?;
        self.knows_all_refs = true;
        Ok(())
    }

    /// The id of the action with this ref, in this load or in the ledger; [`BAD`] if its row has a problem.
    ///
    /// Other programs write a number as `14.0` if some rows of its column have none: that names the action `14`, if there is no `14.0`.
    fn find(&self, reference: &str) -> Result<Option<u32>> {
        let found = self.find_exact(reference)?;
        match reference.strip_suffix(".0") {
            Some(whole) if found.is_none() && !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => self.find_exact(whole),
            _ => Ok(found),
        }
    }

    fn find_exact(&self, reference: &str) -> Result<Option<u32>> {
        if let Some(id) = self.refs.get(&key(reference)) {
            return Ok(Some(id));
        }
        if self.knows_all_refs {
            return Ok(None);
        }
        if let Some(id) = self.held.is_next(reference) {
            return Ok(Some(id));
        }
        let mut held = self.conn.prepare_cached("SELECT id FROM main.action WHERE ref = ? COLLATE NOCASE")?;
        held.query_row([reference], |r| r.get(0)).optional()?.map(id32).transpose()
    }

    /// The id of the action that a link in a file names, which may be a row of that file with a made ref.
    fn find_linked(&self, at: Place, reference: &str) -> Result<Option<u32>> {
        let made = if self.made_refs.is_empty() { None } else { self.made_refs.get(&(at.file, key(reference).into_owned())) };
        made.copied().map_or_else(|| self.find(reference), |id| Ok(Some(id)))
    }

    /// Ends the load: writes the links, validates them and settles. Problems are added to `problems`. If only a few links were added, it
    /// returns what they settle, and existing links that now settle other amounts.
    pub fn finish(mut self, problems: &mut Problems, naming: Naming) -> Result<(Loaded, Vec<Effect>)> {
        self.take_doubtful_refs(problems)?;
        self.take_waiting(problems)?;
        self.take_moved(problems)?;
        self.take_waiting(problems)?;
        if let Some(more @ 1..) = self.doubtful.checked_sub(MAX_NOTED) {
            problems.note(format!("... and {more} more doubtful rows; after the import 'recip check' lists all"));
        }
        if let Some(more @ 1..) = self.repeats.checked_sub(MAX_NOTED) {
            problems.note(format!("... and {more} more rows that repeat others"));
        }
        self.push_updates()?;
        self.resolve(problems)?;
        self.refuse_malformed(problems);
        if problems.is_empty() {
            self.loaded.links = self.links.len() as u64;
        }
        [self.loaded.linked, self.loaded.kept_links] = self.link_changes();
        let effects = self.add_links(problems, naming)?;
        // Rebuilt last, because settling changes the indexed columns.
        self.writer.rebuild_indexes()?;
        self.loaded.catalogue = self.catalogue.taken;
        (self.loaded.updated, self.loaded.updates) = self.updated()?;
        Ok((self.loaded, effects))
    }
}

/// The key of a ref in memory: case does not distinguish refs.
fn key(reference: &str) -> Cow<'_, str> {
    if reference.bytes().any(|b| b.is_ascii_uppercase()) { Cow::Owned(reference.to_ascii_lowercase()) } else { Cow::Borrowed(reference) }
}

fn no_such_ref(reference: &str) -> String {
    if reference.trim_start_matches('#').bytes().all(|b| b.is_ascii_digit()) {
        return format!(
            "there is no action with the ref '{reference}'; help: a file names actions by ref, not by id; 'recip list --format csv' shows the refs"
        );
    }
    format!("there is no action '{reference}'; help: name an action of the file or of the ledger by its ref")
}

fn id32(id: i64) -> Result<u32> {
    u32::try_from(id)
        .map_err(|_| Error::refused("cannot import", "the ledger has more actions than an import can link", "import into another ledger"))
}
