//! Whether a row of a file and an action of the ledger say the same.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::model::{Cite, Date, Relation};

use super::names::Names;
use super::record::{COLUMNS, Columns, LinkDraft};
use super::row::{Row, some};

/// The columns that hold one text each: from the date to the summary.
const FIELDS: usize = 11;
/// The first of the columns of links.
const LINKS: usize = 12;
/// The column of sources.
const SOURCES: usize = 16;

/// A link as a row gives it, or as an action has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct LinkContent {
    relation: &'static str,
    /// The earlier action's id; its ref where no row has that yet.
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

    fn said(&self, conn: &Connection) -> Result<String> {
        let mut said = match &self.earlier {
            Ok(id) => conn
                .prepare_cached("SELECT ref FROM main.action WHERE id = ?")?
                .query_row([id], |r| r.get(0))
                .optional()?
                .unwrap_or_default(),
            Err(reference) => reference.clone(),
        };
        if let Some(stated) = self.stated {
            said.push_str(&format!(":{stated}"));
        }
        if let Some(spends) = self.stated_spends {
            said.push_str(&format!("/{spends}"));
        }
        Ok(said)
    }
}

/// What a row or an action says, in the columns of files.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Content {
    fields: [Option<String>; FIELDS],
    voided: Option<String>,
    links: Vec<LinkContent>,
    sources: Vec<String>,
}

impl Content {
    /// That of a row, whose links were looked up.
    pub fn given(row: &Row<'_>, names: &Names<'_>, mut links: Vec<LinkContent>) -> Content {
        let draft = &row.draft;
        links.sort();
        let text = |text: &str| some(text).map(str::to_owned);
        Content {
            fields: [
                Some(row.date.to_string()),
                Some(names.code(row.actor).to_owned()),
                Some(names.code(row.target).to_owned()),
                Some(names.facts(row.kind).name.clone()),
                row.count.map(|c| c.to_string()),
                Some(row.stage.to_string()),
                text(draft.by),
                text(draft.place),
                text(draft.deadline),
                text(draft.dispute),
                text(draft.summary),
            ],
            voided: text(draft.voided),
            links,
            sources: draft.sources.iter().map(Cite::to_string).collect(),
        }
    }

    /// The same action with links that are not made yet.
    pub fn with_links(self, mut links: Vec<LinkContent>) -> Content {
        links.sort();
        Content { links, ..self }
    }

    /// A digest of what it says in these columns.
    pub fn digest(&self, columns: Columns) -> u64 {
        let mut hasher = DefaultHasher::new();
        let has = |column: usize| columns & (1 << column) != 0;
        for (column, field) in (1..).zip(&self.fields) {
            has(column).then_some(field).hash(&mut hasher);
        }
        self.voided.hash(&mut hasher);
        for link in self.links.iter().filter(|l| has(column_of(l.relation))) {
            link.hash(&mut hasher);
        }
        has(SOURCES).then_some(&self.sources).hash(&mut hasher);
        hasher.finish()
    }

    /// What this row says otherwise than the action: the column, and what is wrong. What the file has no column for is not compared.
    pub fn differs(&self, conn: &Connection, held: &Content, columns: Columns) -> Result<Option<(&'static str, String)>> {
        let has = |column: usize| columns & (1 << column) != 0;
        for (column, (given, held)) in (1..).zip(self.fields.iter().zip(&held.fields)) {
            if has(column) && held != given {
                return Ok(Some((COLUMNS[column], other(COLUMNS[column], &said(held), &said(given)))));
            }
        }
        if held.voided != self.voided {
            return Ok(Some(("voided", other("voided", &said(&held.voided), &said(&self.voided)))));
        }
        for (column, relation) in COLUMNS.iter().enumerate().take(SOURCES).skip(LINKS) {
            let of = |content: &Content| content.links.iter().filter(|l| l.relation == *relation).cloned().collect::<Vec<LinkContent>>();
            let (held, given) = (of(held), of(self));
            if has(column) && held != given {
                let words =
                    |links: &[LinkContent]| Ok::<_, crate::Error>(list(&links.iter().map(|l| l.said(conn)).collect::<Result<Vec<_>>>()?));
                return Ok(Some((relation, other(relation, &words(&held)?, &words(&given)?))));
            }
        }
        if has(SOURCES) && held.sources != self.sources {
            return Ok(Some(("sources", other("sources", &list(&held.sources), &list(&self.sources)))));
        }
        Ok(None)
    }
}

fn column_of(relation: &str) -> usize {
    COLUMNS.iter().position(|column| *column == relation).unwrap_or(0)
}

fn said(value: &Option<String>) -> String {
    value.as_ref().map_or_else(|| "nothing".to_owned(), |v| format!("'{v}'"))
}

fn list(items: &[String]) -> String {
    if items.is_empty() { "nothing".to_owned() } else { format!("'{}'", items.join(" | ")) }
}

fn other(column: &str, held: &str, given: &str) -> String {
    format!("an action with this ref is there with another {column}: {held} there, {given} here")
}

/// The actions of the ledger, read ahead: an export has them in the order of their ids, or nearly so.
#[derive(Debug, Default)]
pub(super) struct ReadAhead {
    read: VecDeque<(u32, String, Content)>,
    /// How many were read at once.
    many: u32,
    /// The id after the last that was read.
    next: u32,
}

impl ReadAhead {
    /// The most that are read at once.
    const MOST: u32 = 256;

    /// What the action with this id says. Those before `first` do not change meanwhile.
    pub fn take(&mut self, conn: &Connection, id: u32, first: u32) -> Result<Content> {
        while self.read.front().is_some_and(|(front, ..)| *front < id) {
            self.read.pop_front();
        }
        if self.read.front().is_none_or(|(front, ..)| *front != id) {
            let goes_on = id >= self.next && id - self.next <= self.many;
            self.many = if goes_on { (2 * self.many).clamp(1, ReadAhead::MOST) } else { 1 };
            self.next = id.saturating_add(self.many).min(first).max(id + 1);
            self.read = read(conn, id, self.next - 1)?;
        }
        let (.., content) = self.read.pop_front().ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        Ok(content)
    }

    /// The id of the action with this ref, where it is the next.
    pub fn is_next(&self, reference: &str) -> Option<u32> {
        self.read.front().filter(|(_, next, _)| next == reference).map(|(id, ..)| *id)
    }
}

/// What the actions of these ids say.
fn read(conn: &Connection, from: u32, to: u32) -> Result<VecDeque<(u32, String, Content)>> {
    let mut actions = conn.prepare_cached(
        "SELECT id, ref, date, actor, target, kind, CAST(count AS TEXT), stage, \"by\", place, deadline, dispute, summary, voided
         FROM main.action WHERE id BETWEEN ? AND ? ORDER BY id",
    )?;
    let actions = actions.query_map([from, to], |r| {
        let mut fields: [Option<String>; FIELDS] = Default::default();
        for (column, field) in (2..).zip(&mut fields) {
            *field = r.get(column)?;
        }
        Ok((r.get(0)?, r.get(1)?, Content { fields, voided: r.get(2 + FIELDS)?, links: Vec::new(), sources: Vec::new() }))
    })?;
    let mut read: VecDeque<(u32, String, Content)> = actions.collect::<rusqlite::Result<_>>()?;
    let mut links = conn.prepare_cached(
        "SELECT action_id, relation, earlier_id, stated, stated_spends FROM main.link WHERE action_id BETWEEN ? AND ? ORDER BY action_id",
    )?;
    let mut rows = links.query([from, to])?;
    let mut at = 0;
    while let Some(r) = rows.next()? {
        let relation: Relation = r.get(1)?;
        let link = LinkContent { relation: relation.as_str(), earlier: Ok(r.get(2)?), stated: r.get(3)?, stated_spends: r.get(4)? };
        if let Some(content) = of(&mut read, &mut at, r.get(0)?) {
            content.links.push(link);
        }
    }
    read.iter_mut().for_each(|(.., content)| content.links.sort());
    let mut sources = conn.prepare_cached(
        "SELECT c.action_id, s.cite, c.says_date, c.says_count FROM citation c JOIN source s ON s.id = c.source_id
         WHERE c.action_id BETWEEN ? AND ? ORDER BY c.action_id, c.position",
    )?;
    let mut rows = sources.query([from, to])?;
    let mut at = 0;
    while let Some(r) = rows.next()? {
        let says: Option<String> = r.get(2)?;
        let cite = Cite { cite: r.get(1)?, says_date: says.map(|d| d.parse()).transpose()?, says_count: r.get(3)? };
        if let Some(content) = of(&mut read, &mut at, r.get(0)?) {
            content.sources.push(cite.to_string());
        }
    }
    Ok(read)
}

/// The action with this id, from the place of the last one on.
fn of<'r>(read: &'r mut VecDeque<(u32, String, Content)>, at: &mut usize, id: u32) -> Option<&'r mut Content> {
    while read.get(*at).is_some_and(|(here, ..)| *here < id) {
        *at += 1;
    }
    read.get_mut(*at).filter(|(here, ..)| *here == id).map(|(.., content)| content)
}

/// Whether the ledger has a source for an action, with the same reading.
pub(super) fn cites(conn: &Connection, id: u32, cite: &Cite) -> Result<bool> {
    let mut there = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM source s JOIN citation c ON c.source_id = s.id
           WHERE s.cite = ? AND c.action_id = ? AND c.says_date IS ? AND c.says_count IS ?)",
    )?;
    Ok(there.query_row(params![cite.cite, id, cite.says_date.as_ref().map(Date::as_str), cite.says_count], |r| r.get(0))?)
}

/// Whether the ledger has a link: `None` if not; what is wrong if another amount is stated there.
pub(super) fn same_link(conn: &Connection, later: u32, earlier: u32, link: &LinkDraft) -> Result<Option<Result<(), String>>> {
    let held: Option<(Option<i64>, Option<i64>)> = conn
        .prepare_cached("SELECT stated, stated_spends FROM main.link WHERE action_id = ? AND relation = ? AND earlier_id = ?")?
        .query_row(params![later, link.relation, earlier], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let said = |(stated, spends): (Option<i64>, Option<i64>)| {
        let said = |amount: Option<i64>| amount.map_or("no amount".to_owned(), |a| a.to_string());
        if spends.is_some() { format!("{}/{}", said(stated), said(spends)) } else { said(stated) }
    };
    let given = (link.spec.amount.covers, link.spec.amount.spends);
    Ok(held.map(|held| match held == given {
        true => Ok(()),
        false => Err(format!(
            "this link is in the ledger with another stated amount: {} there, {} here; help: make them agree ('recip edit {later}'), or leave it out",
            said(held),
            said(given)
        )),
    }))
}
