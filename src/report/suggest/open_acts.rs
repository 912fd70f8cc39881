//! The open acts, with the attributes that the search needs.

use std::collections::{HashMap, HashSet};

use crate::error::Result;
use crate::ledger::facts::{number, small};
use crate::model::count::Count;
use crate::model::settle::{self, Book, SettledAct};
use crate::model::{Date, Day, Sign, Stage};
use crate::record::{self, Cells, next};
use crate::report::Names;

use super::parties::{Codes, Members};
use super::rows::{Part, Rows, collect};
use super::words::{SummaryTerms, Vocabulary};

/// An act with an open amount: both a claim and a possible answer to one.
#[derive(Debug)]
pub(super) struct OpenAct {
    pub id: i64,
    /// The first day that its date allows.
    pub day: i64,
    /// The last day that its date allows.
    pub latest: i64,
    /// The day from which it is open: its first day, or the day on which it was reopened after a waiver.
    pub from: i64,
    pub actor: u32,
    pub target: u32,
    pub kind: u32,
    pub dispute: Option<u32>,
    /// 0: unknown.
    pub count: Count,
    pub open: Count,
    /// Length of its date as written: 10 for a day, 7 for a month, 4 for a year.
    pub date_length: u8,
    /// True if it is announced and not yet in force.
    pub announced: bool,
    /// True if answers to it are requested.
    pub requested: bool,
    /// Empty for a candidate.
    pub reference: Box<str>,
    /// The words and parties in its summary.
    pub summary: SummaryTerms,
}

impl OpenAct {
    /// True if only the month or the year is known.
    pub(super) fn is_vague(&self) -> bool {
        self.date_length < 10
    }

    /// The stage; a threat opens no claim.
    pub(super) fn stage(&self) -> Stage {
        if self.announced { Stage::Announced } else { Stage::Done }
    }

    /// The middle of the period that its date allows.
    pub(super) fn middle(&self) -> i64 {
        self.day + (self.latest - self.day) / 2
    }

    /// The day from which answers are sought: the day on which the claim was reopened, or else the middle of its date.
    pub(super) fn start(&self) -> i64 {
        if self.from > self.day { self.from } else { self.middle() }
    }

    /// The shortest and the longest time in days to an act that may answer it that the dates allow.
    pub(super) fn days_to(&self, act: &OpenAct) -> (i64, i64) {
        let last = if self.from > self.day { self.from } else { self.latest };
        ((act.day - last).max(0), (act.latest - self.from).max(0))
    }

    /// Its date as written.
    pub(super) fn date(&self) -> String {
        let mut date = Day(self.day).iso();
        date.truncate(usize::from(self.date_length));
        date
    }

    /// Its ref, or `candidate-12` for a candidate.
    pub(super) fn name(&self) -> String {
        if self.id < 0 { format!("candidate-{}", self.id.unsigned_abs()) } else { self.reference.to_string() }
    }
}

/// A kind of act.
#[derive(Debug)]
pub(super) struct Kind {
    pub name: String,
    pub unit: String,
    pub sign: Sign,
}

/// All open acts, with the tables that they refer to.
#[derive(Debug)]
pub(super) struct OpenActs {
    /// Candidates first, then ordered by ref, so that the order of entry makes no difference.
    pub acts: Vec<OpenAct>,
    /// Ids of the acts and their indices in `acts`, ordered by id.
    places: Vec<(i64, u32)>,
    pub kinds: Vec<Kind>,
    pub parties: Codes,
    /// The names of the parties.
    pub names: Names,
    pub disputes: Codes,
    pub vocabulary: Vocabulary,
    pub members: Members,
    /// Pairs of acts that are linked already.
    linked: HashSet<(u32, u32)>,
}

impl OpenActs {
    /// Reads the open acts. If the selection `narrows`, only those that it shows are marked as requested.
    pub(super) fn read(rows: &dyn Rows, narrows: bool) -> Result<OpenActs> {
        let names: Vec<(String, String)> = collect(rows, Part::Parties, two)?;
        // Numbers in the order of the codes decide the same in whichever order the rows arrive.
        let mut parties = Codes::in_order(names.iter().map(|(code, _)| code.as_str()));
        let aliases: Vec<(String, String)> = collect(rows, Part::Aliases, two)?;
        let vocabulary = Vocabulary::new(aliases.into_iter().map(|(name, party)| (name, parties.number(&party))).collect());
        let members = Members::read(rows, &mut parties)?;
        let (acts, places, kinds, disputes) = (Vec::new(), Vec::new(), Vec::new(), Codes::default());
        let (names, linked) = (Names::of_pairs(names), HashSet::new());
        let mut read = OpenActs { acts, places, kinds, parties, names, disputes, vocabulary, members, linked };
        let numbers = read.number_kinds(rows)?;
        rows.each(Part::Acts, &mut |cells| read.add(cells, &numbers))?;
        read.acts.sort_unstable_by(|a, b| (a.id.min(0), &a.reference).cmp(&(b.id.min(0), &b.reference)));
        read.vocabulary.number_in_order(read.acts.iter_mut().map(|act| &mut act.summary));
        read.places = read.acts.iter().zip(0..).map(|(act, at)| (act.id, at)).collect();
        read.places.sort_unstable();
        if narrows {
            read.mark_requested(rows)?;
        }
        read.read_reopenings(rows)?;
        read.read_links(rows)?;
        Ok(read)
    }

    fn number_kinds(&mut self, rows: &dyn Rows) -> Result<HashMap<String, u32>> {
        let kind = |cells: &dyn Cells| {
            let place = &mut 0;
            Ok(Kind { name: next(cells, place)?, unit: next(cells, place)?, sign: next(cells, place)? })
        };
        self.kinds = collect(rows, Part::Kinds, kind)?;
        Ok(self.kinds.iter().zip(0..).map(|(kind, number)| (kind.name.clone(), number)).collect())
    }

    /// Adds the act of a row. Columns are read by index: looking up a name in each of a million rows is slow.
    fn add(&mut self, cells: &dyn Cells, kinds: &HashMap<String, u32>) -> Result<()> {
        let text = |at| cells.cell(at).and_then(|value| Ok(record::text_or_null(value)?));
        let number = |mut at| next::<i64, _>(cells, &mut at);
        let Some(kind) = text(7)?.and_then(|name| kinds.get(&*name)) else { return Ok(()) };
        let (id, day, date) = (number(0)?, number(3)?, text(2)?.unwrap_or_default());
        // The summary of a candidate only states the number of its reports, so it is ignored.
        let summary = text(11)?.filter(|_| id > 0).map(|summary| self.vocabulary.read_terms(&summary)).unwrap_or_default();
        self.acts.push(OpenAct {
            id,
            day,
            latest: latest(&date, day, number(4)?)?,
            from: day,
            actor: self.parties.number(&text(5)?.unwrap_or_default()),
            target: self.parties.number(&text(6)?.unwrap_or_default()),
            kind: *kind,
            dispute: text(10)?.map(|slug| self.disputes.number(&slug)),
            count: next::<Option<Count>, _>(cells, &mut 8)?.unwrap_or(0),
            open: number(9)?,
            date_length: date.len() as u8,
            announced: text(12)?.as_deref() == Some(Stage::Announced.as_str()),
            requested: true,
            reference: if id < 0 { Box::default() } else { text(1)?.unwrap_or_default().into() },
            summary,
        });
        Ok(())
    }

    /// Marks only the acts that the selection shows as requested.
    fn mark_requested(&mut self, rows: &dyn Rows) -> Result<()> {
        self.acts.iter_mut().for_each(|act| act.requested = false);
        rows.each(Part::Shown, &mut |cells| {
            if let Some(at) = self.find(next(cells, &mut 0)?) {
                self.acts[at as usize].requested = true;
            }
            Ok(())
        })
    }

    /// Sets the day on which a claim was reopened because its waiver was reversed.
    fn read_reopenings(&mut self, rows: &dyn Rows) -> Result<()> {
        rows.each(Part::Reopenings, &mut |cells| {
            if let Some(at) = self.find(next(cells, &mut 0)?) {
                let act = &mut self.acts[at as usize];
                act.from = act.from.max(next(cells, &mut 1)?);
            }
            Ok(())
        })
    }

    /// Reads which acts are linked already, in either direction; these are not suggested.
    fn read_links(&mut self, rows: &dyn Rows) -> Result<()> {
        rows.each(Part::Links, &mut |cells| {
            if let (Some(later), Some(earlier)) = (self.find(next(cells, &mut 0)?), self.find(next(cells, &mut 1)?)) {
                self.linked.insert((later, earlier));
            }
            Ok(())
        })
    }

    /// The acts as the settlement rule sees them, without links: what is open is what the ledger's links left.
    ///
    /// # Errors
    /// There are more parties than the rule can number.
    pub(super) fn book(&self) -> Result<Book> {
        let mut units: HashMap<&str, u16> = HashMap::new();
        let mut book = Book::default();
        for kind in &self.kinds {
            let next = number(units.len())?;
            book.kinds.push(settle::Kind { unit: *units.entry(&kind.unit).or_insert(next), sign: kind.sign });
        }
        self.members.add_to(&mut book.members)?;
        for act in &self.acts {
            let open = u32::try_from(act.open).unwrap_or(u32::MAX);
            book.acts.push(SettledAct {
                day: small(act.day),
                latest: small(act.latest),
                actor: number(act.actor as usize)?,
                target: number(act.target as usize)?,
                kind: number(act.kind as usize)?,
                stage: act.stage(),
                deadline: false,
                voided: false,
                count: u32::try_from(act.count).unwrap_or(u32::MAX),
                stands: open,
                open,
                posted_day: small(act.day),
            });
        }
        Ok(book)
    }

    /// The index of the act with this id.
    pub(super) fn find(&self, id: i64) -> Option<u32> {
        self.places.binary_search_by_key(&id, |(id, _)| *id).ok().map(|at| self.places[at].1)
    }

    pub(super) fn are_linked(&self, one: u32, other: u32) -> bool {
        self.linked.contains(&(one, other)) || self.linked.contains(&(other, one))
    }

    pub(super) fn kind(&self, act: &OpenAct) -> &Kind {
        &self.kinds[act.kind as usize]
    }
}

/// Two texts.
fn two(cells: &dyn Cells) -> rusqlite::Result<(String, String)> {
    Ok((next(cells, &mut 0)?, next(cells, &mut 1)?))
}

/// The last day that the date as written allows. For a day it is the day itself, even if a feed reported the act later: the act keeps
/// this date when the candidate is confirmed.
fn latest(date: &str, day: i64, latest: i64) -> Result<i64> {
    if date.len() == 10 { Ok(day) } else { Ok(date.parse::<Date>()?.latest().0.min(latest)) }
}
