//! The rows of a ledger in memory: actions, links, kinds, and who belonged to what.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::error::Result;
use crate::model::{Date, Relation, Sign, Stage};

/// An action, with what the table keeps of it.
#[derive(Debug)]
pub(super) struct Act {
    pub id: i64,
    pub day: i64,
    pub latest: i64,
    pub count: Option<i64>,
    pub stands: i64,
    pub open: i64,
    pub posted: i64,
    pub actor: u32,
    pub target: u32,
    pub kind: u32,
    pub stage: Stage,
    pub voided: bool,
    /// True where day and latest day are those of its date.
    pub dated: bool,
}

/// A link; its ends are places in [`Book::acts`].
#[derive(Debug)]
pub(super) struct Tie {
    pub id: i64,
    pub later: u32,
    pub relation: Relation,
    pub earlier: u32,
    pub covers: i64,
    pub spends: i64,
    pub reversed: i64,
    pub day: i64,
}

/// A kind of act.
#[derive(Debug)]
pub(super) struct Sort {
    pub name: String,
    pub unit: String,
    pub sign: Sign,
}

/// The first and the last day of a membership; `None`: it lasts.
type Spell = (i64, Option<i64>);

/// All that the arithmetic rests on.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub acts: Vec<Act>,
    pub ties: Vec<Tie>,
    pub kinds: Vec<Sort>,
    pub parties: Vec<String>,
    /// Organisation and member, with the days of each spell.
    pub spells: HashMap<(u32, u32), Vec<Spell>>,
    from: Groups,
    to: Groups,
}

/// Links grouped by an end: those of act n stand at `start[n]..start[n + 1]`.
#[derive(Debug, Default)]
struct Groups {
    start: Vec<u32>,
    ties: Vec<u32>,
}

impl Groups {
    fn new(acts: usize, ends: impl Iterator<Item = u32> + Clone) -> Groups {
        let mut start = vec![0u32; acts + 1];
        ends.clone().for_each(|end| start[end as usize + 1] += 1);
        for n in 0..acts {
            start[n + 1] += start[n];
        }
        let mut next = start.clone();
        let mut ties = vec![0u32; start.last().map_or(0, |n| *n as usize)];
        for (tie, end) in (0u32..).zip(ends) {
            ties[next[end as usize] as usize] = tie;
            next[end as usize] += 1;
        }
        Groups { start, ties }
    }

    fn of(&self, act: u32) -> &[u32] {
        &self.ties[self.start[act as usize] as usize..self.start[act as usize + 1] as usize]
    }
}

impl Book {
    /// Reads it. The file was found sound before: every name is there.
    pub(super) fn read(conn: &Connection) -> Result<Book> {
        let mut book = Book::default();
        let mut kinds = conn.prepare("SELECT name, unit, sign FROM kind")?;
        let kind = |r: &rusqlite::Row<'_>| Ok(Sort { name: r.get("name")?, unit: r.get("unit")?, sign: r.get("sign")? });
        book.kinds = kinds.query_map([], kind)?.collect::<rusqlite::Result<_>>()?;
        book.parties = conn.prepare("SELECT code FROM party")?.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        book.read_spells(conn)?;
        book.read_acts(conn)?;
        book.read_ties(conn)?;
        book.from = Groups::new(book.acts.len(), book.ties.iter().map(|t| t.later));
        book.to = Groups::new(book.acts.len(), book.ties.iter().map(|t| t.earlier));
        Ok(book)
    }

    fn read_spells(&mut self, conn: &Connection) -> Result<()> {
        let parties = places(self.parties.iter());
        let mut select = conn.prepare("SELECT organisation, member, since, until FROM membership")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let (organisation, member) = (place(&parties, text(row, 0)?)?, place(&parties, text(row, 1)?)?);
            let since = text(row, 2)?.parse::<Date>().map(|d| d.earliest().0);
            let until = row
                .get_ref(3)?
                .as_str_or_null()
                .map_err(rusqlite::Error::from)?
                .map(str::parse::<Date>)
                .transpose()
                .map(|d| d.map(|d| d.latest().0));
            // A spell whose dates no calendar has, which the schema forbids, is none.
            if let (Ok(since), Ok(until)) = (since, until) {
                self.spells.entry((organisation, member)).or_default().push((since, until));
            }
        }
        Ok(())
    }

    fn read_acts(&mut self, conn: &Connection) -> Result<()> {
        let (parties, kinds) = (places(self.parties.iter()), places(self.kinds.iter().map(|k| &k.name)));
        let mut select = conn.prepare(
            "SELECT id, day, day_latest, count, stands, open, posted_day, actor, target, kind, stage, voided IS NOT NULL, date FROM action ORDER BY id",
        )?;
        let mut rows = select.query([])?;
        // By place: a name would be looked up anew in each of a million rows.
        while let Some(row) = rows.next()? {
            let (day, latest) = (row.get(1)?, row.get(2)?);
            let date = text(row, 12)?.parse::<Date>();
            self.acts.push(Act {
                id: row.get(0)?,
                day,
                latest,
                count: row.get(3)?,
                stands: row.get(4)?,
                open: row.get(5)?,
                posted: row.get(6)?,
                actor: place(&parties, text(row, 7)?)?,
                target: place(&parties, text(row, 8)?)?,
                kind: place(&kinds, text(row, 9)?)?,
                stage: row.get(10)?,
                voided: row.get(11)?,
                dated: date.is_ok_and(|d| (d.earliest().0, d.latest().0) == (day, latest)),
            });
        }
        Ok(())
    }

    fn read_ties(&mut self, conn: &Connection) -> Result<()> {
        let mut select = conn.prepare("SELECT id, action_id, relation, earlier_id, covers, spends, reversed, day FROM link ORDER BY id")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            self.ties.push(Tie {
                id: row.get(0)?,
                later: self.find(row.get(1)?)?,
                relation: row.get(2)?,
                earlier: self.find(row.get(3)?)?,
                covers: row.get(4)?,
                spends: row.get(5)?,
                reversed: row.get(6)?,
                day: row.get(7)?,
            });
        }
        Ok(())
    }

    /// The place of the action with this id.
    pub(super) fn find(&self, id: i64) -> rusqlite::Result<u32> {
        let found = self.acts.binary_search_by_key(&id, |a| a.id).map_err(|_| rusqlite::Error::QueryReturnedNoRows)?;
        u32::try_from(found).map_err(|_| rusqlite::Error::QueryReturnedNoRows)
    }

    pub(super) fn act(&self, place: u32) -> &Act {
        &self.acts[place as usize]
    }

    pub(super) fn kind(&self, act: &Act) -> &Sort {
        &self.kinds[act.kind as usize]
    }

    /// True where it opens a claim of its own.
    pub(super) fn claims(&self, act: &Act) -> bool {
        act.stage != Stage::Threatened && self.kind(act).sign != Sign::Neutral
    }

    /// The links that bear on an act.
    pub(super) fn onto(&self, act: u32) -> impl Iterator<Item = &Tie> + Clone {
        self.to.of(act).iter().map(|t| &self.ties[*t as usize])
    }

    /// The links that an act has on others.
    pub(super) fn out_of(&self, act: u32) -> impl Iterator<Item = &Tie> + Clone {
        self.from.of(act).iter().map(|t| &self.ties[*t as usize])
    }

    /// True where another act has executed it.
    pub(super) fn executed(&self, act: u32) -> bool {
        self.onto(act).any(|t| t.relation == Relation::Executes)
    }
}

/// The text in a column, where it lies.
pub(super) fn text<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> rusqlite::Result<&'r str> {
    Ok(row.get_ref(column)?.as_str()?)
}

fn places<'a>(names: impl Iterator<Item = &'a String>) -> HashMap<String, u32> {
    names.cloned().zip(0..).collect()
}

fn place(places: &HashMap<String, u32>, name: &str) -> rusqlite::Result<u32> {
    places.get(name).copied().ok_or(rusqlite::Error::QueryReturnedNoRows)
}
