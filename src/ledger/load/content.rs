//! The content of an action with its links, by which rows are compared with actions of the ledger and of the same load.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::ledger::quantity;
use crate::model::details::NAMES;
use crate::model::{Amount, Cite, Details, LinkSpec, Reading, Relation};
use crate::record::ReadColumn;
use crate::record::{Field, column_list};

use super::names::Names;
use super::record::{COLUMNS, Columns, FIELDS, LINKS, LinkDraft};
use super::row::{Row, some};

/// The index of the column of sources in [`COLUMNS`].
pub(super) const SOURCES: usize = FIELDS.len() + LINKS.len();
/// The index of the column of quantities.
const QUANTITIES: usize = SOURCES + 1;

/// The content of a link, for comparing a row of a file with an action in the ledger or in the same load.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct LinkContent {
    relation: &'static str,
    /// The id of the earlier action, or its ref if no row with that ref has been read yet.
    earlier: Result<u32, String>,
    stated: Option<i64>,
    stated_spends: Option<i64>,
}

impl LinkContent {
    pub fn given(link: &LinkDraft, earlier: Option<u32>) -> LinkContent {
        LinkContent {
            relation: link.relation.as_str(),
            earlier: earlier.ok_or_else(|| link.spec.earlier.trim().to_owned()),
            stated: link.spec.amount.covers,
            stated_spends: link.spec.amount.spends,
        }
    }

    pub fn pending(relation: Relation, earlier: u32, waits: Option<&str>, stated: Option<u32>, stated_spends: Option<u32>) -> LinkContent {
        LinkContent {
            relation: relation.as_str(),
            earlier: waits.map_or(Ok(earlier), |reference| Err(reference.to_owned())),
            stated: stated.map(i64::from),
            stated_spends: stated_spends.map(i64::from),
        }
    }

    /// The link as written in files: `REF:COUNT/USED`.
    fn text(&self, conn: &Connection) -> Result<String> {
        let earlier = match &self.earlier {
            Ok(id) => conn
                .prepare_cached("SELECT ref FROM main.action WHERE id = ?")?
                .query_row([id], |r| r.get(0))
                .optional()?
                .unwrap_or_default(),
            Err(reference) => reference.clone(),
        };
        let amount = Amount { covers: self.stated, spends: self.stated_spends };
        Ok(LinkSpec { earlier, amount }.to_string())
    }
}

/// The content of a row or an action, in the columns of files.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Content {
    /// The columns from the date to the stage.
    first: [Option<String>; 7],
    details: Details<Option<String>>,
    voided: Option<String>,
    links: Vec<LinkContent>,
    sources: Vec<String>,
    quantities: Vec<String>,
}

impl Content {
    /// The content of a row, whose links have been looked up.
    pub fn given(row: &Row<'_>, names: &Names<'_>, mut links: Vec<LinkContent>) -> Content {
        let draft = &row.draft;
        links.sort();
        let text = |text: &str| some(text).map(str::to_owned);
        Content {
            first: [
                Some(row.date.to_string()),
                Some(names.code(row.actor).to_owned()),
                Some(names.code(row.target).to_owned()),
                Some(names.facts(row.kind).name.clone()),
                row.count.number().map(|n| n.to_string()),
                row.count.words(),
                Some(row.stage.to_string()),
            ],
            details: row.details.map(|detail| text(detail)),
            voided: text(draft.voided),
            links,
            sources: draft.sources.iter().map(Cite::to_string).collect(),
            quantities: row.quantities.iter().map(ToString::to_string).collect(),
        }
    }

    /// The same content with links that have not been written yet.
    pub fn with_links(self, mut links: Vec<LinkContent>) -> Content {
        links.sort();
        Content { links, ..self }
    }

    /// The count as it was stated. One that is unknown may be written as an empty cell or as `?`.
    fn stated_count(&self) -> String {
        let [.., number, words, _] = &self.first;
        words.as_ref().or(number.as_ref()).map_or_else(|| "unknown".to_owned(), |count| format!("'{count}'"))
    }

    /// The texts in [`FIELDS`], with their indexes there.
    fn fields(&self) -> impl Iterator<Item = (usize, &Option<String>)> {
        (1..).zip(self.first.iter().chain(self.details.each().map(|(_, text)| text)))
    }

    /// A digest of the content in these columns.
    pub fn digest(&self, columns: Columns) -> u64 {
        let mut hasher = DefaultHasher::new();
        for (column, field) in self.fields() {
            columns[column].then_some(field).hash(&mut hasher);
        }
        self.voided.hash(&mut hasher);
        for link in self.links.iter().filter(|l| columns[column_of(l.relation)]) {
            link.hash(&mut hasher);
        }
        columns[SOURCES].then_some(&self.sources).hash(&mut hasher);
        columns[QUANTITIES].then_some(&self.quantities).hash(&mut hasher);
        hasher.finish()
    }

    /// A digest of the content in these columns without the sources.
    pub fn digest_without_sources(&self, mut columns: Columns) -> u64 {
        columns[SOURCES] = false;
        self.digest(columns)
    }

    /// The number of columns in which a row and the action differ.
    pub fn differences(&self, held: &Content, columns: Columns) -> usize {
        let only = |column: usize| {
            let mut one: Columns = [false; COLUMNS.len()];
            one[column] = true;
            one
        };
        // The words of a count belong to it.
        let is_counted = |column: &usize| columns[*column] && COLUMNS[*column] != "count_words";
        (1..COLUMNS.len()).filter(is_counted).filter(|column| self.digest(only(*column)) != held.digest(only(*column))).count()
    }

    /// The first difference between this row and the action: the column and the message. Columns that the file does not have are ignored.
    pub fn differs(&self, conn: &Connection, held: &Content, columns: Columns) -> Result<Option<(&'static str, String)>> {
        for ((column, given), (_, of_held)) in self.fields().zip(held.fields()) {
            if columns[column] && of_held != given {
                // The number and the words are one count.
                let (name, there, here) = match COLUMNS[column] {
                    "count" | "count_words" => ("count", held.stated_count(), self.stated_count()),
                    name => (name, quoted(of_held), quoted(given)),
                };
                return Ok(Some((name, difference(name, &there, &here))));
            }
        }
        if held.voided != self.voided {
            return Ok(Some(("voided", difference("voided", &quoted(&held.voided), &quoted(&self.voided)))));
        }
        for (column, relation) in (FIELDS.len()..).zip(LINKS) {
            let of = |content: &Content| content.links.iter().filter(|l| l.relation == relation).cloned().collect::<Vec<LinkContent>>();
            let (held, given) = (of(held), of(self));
            if columns[column] && held != given {
                let words =
                    |links: &[LinkContent]| Ok::<_, crate::Error>(list(&links.iter().map(|l| l.text(conn)).collect::<Result<Vec<_>>>()?));
                return Ok(Some((relation, difference(relation, &words(&held)?, &words(&given)?))));
            }
        }
        for (column, held, given) in [(SOURCES, &held.sources, &self.sources), (QUANTITIES, &held.quantities, &self.quantities)] {
            if columns[column] && held != given {
                return Ok(Some((COLUMNS[column], difference(COLUMNS[column], &list(held), &list(given)))));
            }
        }
        Ok(None)
    }
}

fn column_of(relation: &str) -> usize {
    COLUMNS.iter().position(|column| *column == relation).unwrap_or(0)
}

fn quoted(value: &Option<String>) -> String {
    value.as_ref().map_or_else(|| "nothing".to_owned(), |v| format!("'{v}'"))
}

fn list(items: &[String]) -> String {
    if items.is_empty() { "nothing".to_owned() } else { format!("'{}'", items.join(" | ")) }
}

fn difference(column: &str, held: &str, given: &str) -> String {
    format!("another value of {column}: {held} there, {given} here")
}

/// Actions of the ledger, read ahead, because an export contains them roughly in the order of their ids.
#[derive(Debug, Default)]
pub(super) struct ReadAhead {
    read: VecDeque<(u32, String, Content)>,
    /// How many were read in the last batch.
    batch: u32,
    /// The id after the last one that was read.
    next: u32,
}

impl ReadAhead {
    /// The maximum number read in one batch.
    const MAX_BATCH: u32 = 256;

    /// The content of the action with this id. Actions with ids less than `first` are not changed by the load.
    pub fn take(&mut self, conn: &Connection, id: u32, first: u32) -> Result<Content> {
        while self.read.front().is_some_and(|(front, ..)| *front < id) {
            self.read.pop_front();
        }
        if self.read.front().is_none_or(|(front, ..)| *front != id) {
            let is_sequential = id >= self.next && id - self.next <= self.batch;
            self.batch = if is_sequential { (2 * self.batch).clamp(1, ReadAhead::MAX_BATCH) } else { 1 };
            self.next = id.saturating_add(self.batch).min(first).max(id + 1);
            self.read = read(conn, id, self.next - 1)?;
        }
        let (.., content) = self.read.pop_front().ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        Ok(content)
    }

    /// The id of the action with this ref, if it is the next one read ahead.
    pub fn is_next(&self, reference: &str) -> Option<u32> {
        self.read.front().filter(|(_, next, _)| next.eq_ignore_ascii_case(reference)).map(|(id, ..)| *id)
    }
}

/// Reads the content of the actions with these ids.
fn read(conn: &Connection, from: u32, to: u32) -> Result<VecDeque<(u32, String, Content)>> {
    let mut actions = conn.prepare_cached(&format!(
        "SELECT id, ref, voided, date, actor, target, kind, CAST(count AS TEXT), count_words, stage, {} FROM main.action
         WHERE id BETWEEN ? AND ? ORDER BY id",
        column_list(&NAMES)
    ))?;
    let actions = actions.query_map([from, to], |r| {
        let first = [r.read(3)?, r.read(4)?, r.read(5)?, r.read(6)?, r.read(7)?, r.read(8)?, r.read(9)?];
        let details = Field::read(r, &mut (3 + first.len()))?;
        Ok((
            r.read(0)?,
            r.read(1)?,
            Content { first, details, voided: r.read(2)?, links: Vec::new(), sources: Vec::new(), quantities: Vec::new() },
        ))
    })?;
    let mut read: VecDeque<(u32, String, Content)> = actions.collect::<rusqlite::Result<_>>()?;
    let mut links = conn.prepare_cached(
        "SELECT action_id, relation, earlier_id, stated, stated_spends FROM main.link WHERE action_id BETWEEN ? AND ? ORDER BY action_id",
    )?;
    let mut rows = links.query([from, to])?;
    let mut at = 0;
    while let Some(r) = rows.next()? {
        let relation: Relation = r.read(1)?;
        let link = LinkContent { relation: relation.as_str(), earlier: Ok(r.read(2)?), stated: r.read(3)?, stated_spends: r.read(4)? };
        if let Some(content) = find_from(&mut read, &mut at, r.read(0)?) {
            content.links.push(link);
        }
    }
    read.iter_mut().for_each(|(.., content)| content.links.sort());
    let mut sources = conn.prepare_cached(
        "SELECT c.action_id, s.cite, c.says_date, c.says_count, c.says_words, c.denies FROM citation c JOIN source s ON s.id = c.source_id
         WHERE c.action_id BETWEEN ? AND ? ORDER BY c.action_id, c.position",
    )?;
    let mut rows = sources.query([from, to])?;
    let mut at = 0;
    while let Some(r) = rows.next()? {
        let cite = Cite { cite: r.read(1)?, reading: Field::read(r, &mut 2)? };
        if let Some(content) = find_from(&mut read, &mut at, r.read(0)?) {
            content.sources.push(cite.to_string());
        }
    }
    let mut at = 0;
    for (id, quantity) in quantity::of_actions(conn, from.into(), to.into())? {
        if let Some(content) = u32::try_from(id).ok().and_then(|id| find_from(&mut read, &mut at, id)) {
            content.quantities.push(quantity.to_string());
        }
    }
    Ok(read)
}

/// The content of an action of the ledger, which the load may have corrected.
pub(super) fn fresh(conn: &Connection, id: u32) -> Result<Content> {
    let (.., content) = read(conn, id, id)?.pop_front().ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    Ok(content)
}

/// The ref of an action of the ledger.
pub(super) fn reference(conn: &Connection, id: u32) -> Result<String> {
    Ok(conn.prepare_cached("SELECT ref FROM main.action WHERE id = ?")?.query_row([id], |r| r.read(0))?)
}

/// Finds the action with this id, searching from position `at` on.
fn find_from<'r>(read: &'r mut VecDeque<(u32, String, Content)>, at: &mut usize, id: u32) -> Option<&'r mut Content> {
    while read.get(*at).is_some_and(|(here, ..)| *here < id) {
        *at += 1;
    }
    read.get_mut(*at).filter(|(here, ..)| *here == id).map(|(.., content)| content)
}

/// True if the action cites this source with the same reading.
pub(super) fn cites(conn: &Connection, id: u32, cite: &Cite) -> Result<bool> {
    let mut exists = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM source s JOIN citation c ON c.source_id = s.id
           WHERE s.cite = ? AND c.action_id = ? AND c.says_date IS ? AND c.says_count IS ? AND c.says_words IS ? AND c.denies = ?)",
    )?;
    let Reading { date, count, denies } = &cite.reading;
    Ok(exists.query_row(params![cite.cite, id, date, count.number(), count.words(), denies], |r| r.read(0))?)
}

/// The actions of the ledger with these parties and this kind that have such a link to an action, with ids less than `first`. Voided ones are
/// left out.
pub(super) fn linked_to(
    conn: &Connection,
    earlier: u32,
    relation: Relation,
    [actor, target, kind]: [&str; 3],
    first: u32,
) -> Result<Vec<u32>> {
    let mut select = conn.prepare_cached(
        "SELECT a.id FROM main.link l JOIN main.action a ON a.id = l.action_id WHERE l.earlier_id = ?1 AND l.relation = ?2 AND a.actor = ?3 AND a.target = ?4 AND a.kind = ?5 AND a.voided IS NULL AND a.id < ?6 ORDER BY a.id",
    )?;
    Ok(select.query_map(params![earlier, relation, actor, target, kind, first], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// Compares a link with the ledger: `None` if the ledger does not have it, and a message if another amount is stated there.
pub(super) fn same_link(conn: &Connection, later: u32, earlier: u32, link: &LinkDraft) -> Result<Option<Result<(), String>>> {
    let held: Option<(Option<i64>, Option<i64>)> = conn
        .prepare_cached("SELECT stated, stated_spends FROM main.link WHERE action_id = ? AND relation = ? AND earlier_id = ?")?
        .query_row(params![later, link.relation, earlier], |r| Ok((r.read(0)?, r.read(1)?)))
        .optional()?;
    let text = |(stated, spends): (Option<i64>, Option<i64>)| {
        let text = |amount: Option<i64>| amount.map_or("no amount".to_owned(), |a| a.to_string());
        if spends.is_some() { format!("{}/{}", text(stated), text(spends)) } else { text(stated) }
    };
    let given = (link.spec.amount.covers, link.spec.amount.spends);
    Ok(held.map(|held| match held == given {
        true => Ok(()),
        false => Err(format!(
            "the ledger has this link with another stated amount: {} there, {} here; help: make the two agree ('recip edit {later}'), or leave it out",
            text(held),
            text(given)
        )),
    }))
}
