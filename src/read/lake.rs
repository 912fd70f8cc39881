//! Imports from a lake: the actions of a selection, with their links, sources, and the parties, their names and the kinds that the ledger
//! lacks; and the reports of candidates, which are folded again.
//!
//! Everything has the identifier that it has in the lake, so a later import updates it: the ref of an action, the feed's identifier of
//! a report.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::{FromSqlResult, ValueRef};
use serde_json::Value;

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::ledger::catalogue::other_owner;
use crate::ledger::feed_intake::{FeedReport, Intake, Names, SeriesKey, window_in_force};
use crate::ledger::load::catalogue_table::{CatalogueTable, Fact, TABLES};
use crate::ledger::load::problems::{Place, Problems};
use crate::ledger::load::record::{COLUMNS, Draft, FIELDS, Item, LINKS, LinkDraft, SourceDraft};
use crate::ledger::load::{Resembling, Sink};
use crate::ledger::{Ledger, Loaded};
use crate::model::name::fold;
use crate::model::{Day, Feed, Precision, Sign, Stage};
use crate::record::{Cells, FromColumn, next, text};
use crate::report::portable::{Wanted, wanted, without_table};
use crate::report::{Lens, Selection};

use super::csv::{read_quantities, read_sources};
use super::jsonl::stated;

/// The number of reports that are added and folded at once.
const BATCH: usize = 50_000;

/// What to import from a lake.
#[derive(Debug, Clone, Default)]
pub struct LakeOptions {
    /// The actions: those of a pair, of a period, of kinds. The names are those of the ledger.
    pub selection: Selection,
    /// Also the reports of candidates of the same selection with this number of mentions or more; `None`: no candidates.
    pub min_mentions: Option<i64>,
}

/// What an import from a lake did.
#[derive(Debug, Clone, Default)]
pub struct LakeImported {
    /// The actions, links and rows of the catalogue.
    pub loaded: Loaded,
    /// The number of links that were left out because the earlier action is neither selected nor in the ledger.
    pub links_left_out: u64,
    /// The reports, if candidates were requested.
    pub reports: Option<ReportsImported>,
}

/// The reports that were imported from a lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportsImported {
    /// Number of reports added.
    pub added: u64,
    /// Number of reports that were in the ledger already.
    pub present: u64,
    /// Number of reports whose identifiers stand for other acts in the ledger, which are kept.
    pub other_events: u64,
    /// By how much the number of candidates grew.
    pub candidates: i64,
    /// Maximum number of days between the first report of an event and a repeat.
    pub window: i64,
}

/// Imports from a lake in one transaction. `progress` receives the number of rows read.
///
/// # Errors
/// A name of the selection is unknown, the engine fails or is interrupted, or rows are invalid: the error lists every invalid row.
pub fn import_lake(ledger: &mut Ledger, engine: &Engine, options: &LakeOptions, progress: &mut dyn FnMut(u64)) -> Result<LakeImported> {
    let selection = Selection { all_days: true, ..options.selection.clone() };
    let wanted = wanted(&Lens::new(ledger, &selection)?, &selection, options.min_mentions, engine.dialect())?;
    let mut lake = Lake { engine, rows: 0, progress };
    let conn = ledger.connection();
    let (links, links_left_out) = lake.links(conn, &wanted)?;
    let facts = lake.facts(conn, &wanted)?;
    let (sources, actions) = (lake.spool(&wanted.sources)?, lake.spool(&wanted.actions)?);
    let reports = wanted.reports.as_ref().map(|statement| lake.spool(statement)).transpose()?;
    let records = Records { places: Places::new(engine), facts, sources, actions, links };
    let read = |problems: &mut Problems, sink: &mut Sink<'_>| records.pass(problems, sink);
    let then = |conn: &Connection| reports.map(|reports| add_reports(conn, reports)).transpose();
    let (loaded, reports) = ledger.load_and(None, Resembling::default(), None, read, then)?;
    Ok(LakeImported { loaded, links_left_out, reports })
}

/// A lake that is being read.
struct Lake<'i> {
    engine: &'i Engine,
    /// The number of rows read.
    rows: u64,
    progress: &'i mut dyn FnMut(u64),
}

/// A link: the ref of the later action, and the link.
type OwnedLink = (String, LinkDraft);

/// A row of the catalogue.
type OwnedFact = (&'static CatalogueTable, Fact);

impl Lake<'_> {
    /// Executes a statement and passes its rows on.
    fn query(&mut self, statement: &str, each: &mut dyn FnMut(&dyn Cells) -> Result<()>) -> Result<()> {
        let (engine, rows, progress) = (self.engine, &mut self.rows, &mut *self.progress);
        let read = engine.query(statement, &mut |cells| {
            *rows += 1;
            progress(*rows);
            each(cells)
        });
        read.map_err(|e| without_table(engine, statement, e))
    }

    /// Reads the rows of a statement into a temporary file.
    fn spool(&mut self, statement: &str) -> Result<Spool> {
        let mut spool = Spool::new()?;
        self.query(statement, &mut |cells| spool.write(cells))?;
        Ok(spool)
    }

    /// The links of the actions, and the number of those that were left out: their earlier action is neither imported nor in the ledger.
    fn links(&mut self, conn: &Connection, wanted: &Wanted) -> Result<(Vec<OwnedLink>, u64)> {
        let mut held = conn.prepare("SELECT 1 FROM action WHERE ref = ? COLLATE NOCASE")?;
        let (mut links, mut left_out) = (Vec::new(), 0);
        self.query(&wanted.links, &mut |cells| {
            let place = &mut 0;
            let (later, relation, earlier): (String, String, String) = (next(cells, place)?, next(cells, place)?, next(cells, place)?);
            let (covers, spends) = (next(cells, place)?, next(cells, place)?);
            if next::<bool, _>(cells, place)? || held.exists([&earlier])? {
                let link = stated(&relation, &earlier, covers, spends)
                    .map_err(|why| Error::refused(format!("cannot import a link of {later}"), why, "correct it in the lake"))?;
                links.push((later, link));
            } else {
                left_out += 1;
            }
            Ok(())
        })?;
        Ok((links, left_out))
    }

    /// The parties, their names and the kinds that the imported rows need and the ledger lacks.
    fn facts(&mut self, conn: &Connection, wanted: &Wanted) -> Result<Vec<OwnedFact>> {
        let mut facts = self.missing(conn, "party", &wanted.parties)?;
        let mut names: Vec<(String, String)> = Vec::new();
        for (_, party) in &facts {
            let code = party[0].clone().unwrap_or_default();
            names.extend(party[..2].iter().flatten().map(|name| (name.clone(), code.clone())));
        }
        self.query(&wanted.aliases, &mut |cells| {
            names.push((next(cells, &mut 0)?, next(cells, &mut 1)?));
            Ok(())
        })?;
        facts.extend(missing_names(conn, names)?);
        facts.extend(self.missing(conn, "kind", &wanted.kinds)?);
        Ok(facts)
    }

    /// The rows of a statement that a table of the catalogue lacks.
    fn missing(&mut self, conn: &Connection, row: &str, statement: &str) -> Result<Vec<OwnedFact>> {
        let table = table(row);
        let held: HashSet<String> = table.rows(conn)?.into_iter().filter_map(|fact| fact.into_iter().next().flatten()).collect();
        let mut facts = Vec::new();
        self.query(statement, &mut |cells| {
            // A lake does not have the codes of code books, which are the last columns of a party.
            let fact = (0..table.columns.len()).map(|column| if column < cells.count() { next(cells, &mut { column }) } else { Ok(None) });
            let fact: Fact = fact.collect::<rusqlite::Result<_>>()?;
            if !fact[0].as_ref().is_some_and(|key| held.contains(key)) {
                facts.push((table, fact));
            }
            Ok(())
        })?;
        Ok(facts)
    }
}

/// Those of these names, each with the code of its party, that the ledger lacks. A name that is one of another party here stays with it.
fn missing_names(conn: &Connection, names: Vec<(String, String)>) -> Result<Vec<OwnedFact>> {
    let mut known = conn.prepare("SELECT 1 FROM alias WHERE folded = ?")?;
    let (mut missing, mut seen) = (Vec::new(), HashSet::new());
    for (name, code) in names {
        let folded = fold(&name);
        if !known.exists([&folded])? && other_owner(conn, &name, &code)?.is_none() && seen.insert(folded) {
            missing.push((table("alias"), vec![Some(name), Some(code)]));
        }
    }
    Ok(missing)
}

/// Everything but the reports, as it was read from the lake.
struct Records {
    places: Places,
    facts: Vec<OwnedFact>,
    sources: Spool,
    actions: Spool,
    links: Vec<OwnedLink>,
}

impl Records {
    /// Passes the records to the loader.
    fn pass(self, problems: &mut Problems, sink: &mut Sink<'_>) -> Result<()> {
        let Records { mut places, facts, sources, actions, links } = self;
        for (table, fact) in facts {
            sink(Item::Fact(places.next(table.resource, problems), table, fact), problems)?;
        }
        sources.read(&mut |cells| {
            let place = &mut 0;
            let mut source = SourceDraft { cite: next(cells, place)?, ..SourceDraft::default() };
            for (_, field) in source.details() {
                *field = next(cells, place)?;
            }
            sink(Item::Source(places.next("sources", problems), source), problems)
        })?;
        actions.read(&mut |cells| take_action(cells, places.next("actions", problems), problems, sink))?;
        for (later, link) in links {
            sink(Item::Link(places.next("links", problems), &later, link), problems)?;
        }
        Ok(())
    }
}

/// Adds the reports, and folds the series that they touch.
fn add_reports(conn: &Connection, reports: Spool) -> Result<ReportsImported> {
    let codes = Codes::read(conn)?;
    let mut arrived = Arrived { conn, codes: &codes, intakes: Vec::new(), batch: Vec::new(), other_events: 0 };
    reports.read(&mut |cells| arrived.take(cells))?;
    arrived.put()?;
    let other_events = arrived.other_events;
    let mut imported = ReportsImported { added: 0, present: 0, other_events, candidates: 0, window: window_in_force(conn)? };
    for (_, Intake { taken, .. }) in &arrived.intakes {
        imported.added += taken.added;
        imported.present += taken.present + taken.repeated;
        imported.candidates += taken.candidates;
    }
    Ok(imported)
}

/// Rows of an engine in a temporary file without a name, so that the ledger is not locked while the engine computes them.
struct Spool {
    file: BufWriter<File>,
}

/// A row of a temporary file.
struct SpooledRow(Vec<Value>);

impl Cells for SpooledRow {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn cell(&self, place: usize) -> rusqlite::Result<ValueRef<'_>> {
        match self.0.get(place).ok_or(rusqlite::Error::InvalidColumnIndex(place))? {
            Value::String(text) => Ok(ValueRef::Text(text.as_bytes())),
            value => Ok(value.as_i64().map(ValueRef::Integer).or(value.as_f64().map(ValueRef::Real)).unwrap_or(ValueRef::Null)),
        }
    }
}

impl Spool {
    fn new() -> Result<Spool> {
        Ok(Spool { file: BufWriter::new(tempfile::tempfile().map_err(unspooled)?) })
    }

    /// Adds a row: a line with its values in JSON.
    fn write(&mut self, cells: &dyn Cells) -> Result<()> {
        let value = |place| {
            Ok::<_, rusqlite::Error>(match cells.cell(place)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => number.into(),
                ValueRef::Real(number) => number.into(),
                other => text(other)?.into(),
            })
        };
        let row = (0..cells.count()).map(value).collect::<rusqlite::Result<Vec<Value>>>()?;
        let written = serde_json::to_writer(&mut self.file, &row).map_err(io::Error::from);
        written.and_then(|()| self.file.write_all(b"\n")).map_err(unspooled)
    }

    /// Passes on the rows.
    fn read(self, each: &mut dyn FnMut(&dyn Cells) -> Result<()>) -> Result<()> {
        let mut file = self.file.into_inner().map_err(|e| unspooled(e.into_error()))?;
        file.rewind().map_err(unspooled)?;
        for line in BufReader::new(file).lines() {
            let row = line.and_then(|line| Ok(serde_json::from_str(&line)?));
            each(&SpooledRow(row.map_err(unspooled)?))?;
        }
        Ok(())
    }
}

/// The error for a temporary file that cannot be written or read.
fn unspooled(e: io::Error) -> Error {
    Error::io("write", Path::new("a temporary file"))(e)
}

/// The table of the catalogue whose rows are called so.
fn table(row: &str) -> &'static CatalogueTable {
    TABLES.iter().find(|table| table.row == row).unwrap_or(&TABLES[0])
}

/// Where the rows of each table are, for messages.
struct Places {
    engine: String,
    table: &'static str,
    at: Place,
}

impl Places {
    fn new(engine: &Engine) -> Places {
        Places { engine: engine.name().to_owned(), table: "", at: Place { file: 0, line: 0 } }
    }

    /// The place of the next row of a table.
    fn next(&mut self, table: &'static str, problems: &mut Problems) -> Place {
        if self.table != table {
            self.table = table;
            self.at = Place { file: problems.file(&format!("{} {table}", self.engine)), line: 0 };
        }
        self.at.line = self.at.line.saturating_add(1);
        self.at
    }
}

/// The text of a cell; a number as its digits, and nothing for NULL.
struct Cell(String);

impl FromColumn for Cell {
    fn from_column(value: ValueRef<'_>) -> FromSqlResult<Cell> {
        Ok(Cell(match value {
            ValueRef::Null => String::new(),
            ValueRef::Integer(number) => number.to_string(),
            other => text(other).map(Cow::into_owned)?,
        }))
    }
}

/// Passes an action with its sources and quantities to the loader.
fn take_action(cells: &dyn Cells, at: Place, problems: &mut Problems, sink: &mut Sink<'_>) -> Result<()> {
    let mut texts = Vec::with_capacity(FIELDS.len() + 2);
    for place in 0..FIELDS.len() + 2 {
        texts.push(next::<Cell, _>(cells, &mut { place })?.0);
    }
    let (mut sources, mut quantities) = (Vec::new(), Vec::new());
    let good = read_sources(&mut sources, &texts[FIELDS.len()], at, problems)
        & read_quantities(&mut quantities, &texts[FIELDS.len() + 1], at, problems);
    let columns = COLUMNS.map(|column| !LINKS.contains(&column));
    let fields = texts[..FIELDS.len()].iter().map(String::as_str);
    let draft = Draft { sources: &sources, quantities: &quantities, columns, bad: !good, ..Draft::from_texts(fields) };
    sink(Item::Action(at, draft), problems)
}

/// The parties and kinds of the ledger, and their indexes.
struct Codes {
    parties: Vec<String>,
    kinds: Vec<(String, Sign)>,
    indexes: HashMap<String, u16>,
}

impl Codes {
    fn read(conn: &Connection) -> Result<Codes> {
        let mut select = conn.prepare("SELECT code FROM party ORDER BY code")?;
        let parties: Vec<String> = select.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut select = conn.prepare("SELECT name, sign FROM kind ORDER BY name")?;
        let kinds: Vec<(String, Sign)> = select.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        // The code of a party and the name of a kind can be the same word.
        let of_parties = (0..).zip(&parties).map(|(at, code)| (format!("party {code}"), at));
        let of_kinds = (0..).zip(&kinds).map(|(at, (name, _))| (format!("kind {name}"), at));
        let indexes = of_parties.chain(of_kinds).collect();
        Ok(Codes { parties, kinds, indexes })
    }

    fn index(&self, what: &'static str, code: &str) -> Result<u16> {
        self.indexes.get(&format!("{what} {code}")).copied().ok_or_else(|| Error::Unknown {
            what,
            given: code.to_owned(),
            nearest: Vec::new(),
            way_out: format!(
                "the tables of the lake must have it: write them again with 'recip export parquet', or add it: recip {what} add"
            ),
        })
    }
}

/// Reports that were read and not yet added to the ledger.
struct Arrived<'c> {
    conn: &'c Connection,
    codes: &'c Codes,
    /// The import of each feed; the last one takes the batch.
    intakes: Vec<(Feed, Intake)>,
    batch: Vec<FeedReport>,
    /// The number of reports whose identifiers stand for other acts in the ledger.
    other_events: u64,
}

impl Arrived<'_> {
    fn take(&mut self, cells: &dyn Cells) -> Result<()> {
        let place = &mut 0;
        let feed: Feed = next(cells, place)?;
        if self.intakes.last().is_none_or(|(last, _)| *last != feed) {
            self.put()?;
            self.intakes.push((feed, Intake::new(self.conn, feed, None)?));
        }
        let report = self.report(cells, place)?;
        self.batch.push(report);
        if self.batch.len() == BATCH { self.put() } else { Ok(()) }
    }

    fn report(&self, cells: &dyn Cells, place: &mut usize) -> Result<FeedReport> {
        let event = next(cells, place)?;
        let (actor, target): (String, String) = (next(cells, place)?, next(cells, place)?);
        let (kind, stage, precision): (String, Stage, Precision) = (next(cells, place)?, next(cells, place)?, next(cells, place)?);
        let series = SeriesKey {
            actor: self.codes.index("party", &actor)?,
            target: self.codes.index("party", &target)?,
            kind: self.codes.index("kind", &kind)?,
            stage,
            precision,
        };
        Ok(FeedReport {
            place_in_files: None,
            event,
            series,
            dated: Day(next(cells, place)?),
            day: Day(next(cells, place)?),
            added: next::<Option<i64>, _>(cells, place)?.map(Day),
            code: next(cells, place)?,
            guessed: next(cells, place)?,
            mentions: next(cells, place)?,
            intensity: next(cells, place)?,
            exchanged: next(cells, place)?,
            actor: next(cells, place)?,
            target: next(cells, place)?,
            actor_type: next(cells, place)?,
            target_type: next(cells, place)?,
            place: next(cells, place)?,
            source: next(cells, place)?,
        })
    }

    /// Adds the batch to the ledger.
    fn put(&mut self) -> Result<()> {
        let names = Names { parties: &self.codes.parties, kinds: &self.codes.kinds };
        match self.intakes.last_mut().filter(|_| !self.batch.is_empty()) {
            Some((_, intake)) => {
                self.other_events += intake.put(self.conn, names, &std::mem::take(&mut self.batch))?.len() as u64;
                Ok(())
            }
            None => Ok(()),
        }
    }
}
