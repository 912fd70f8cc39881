//! Reading one action, and finding it by what people call it.

use std::fmt;

use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::model::count::{Count, quantity};
use crate::model::{Sign, Stage, name};

/// One action as the ledger holds it. Field names are the columns'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Action {
    /// For typing.
    pub id: i64,
    /// For files and links.
    #[serde(rename = "ref")]
    pub reference: String,
    /// When, as written.
    pub date: String,
    /// Who acted: a party's code.
    pub actor: String,
    /// Against whom: a party's code.
    pub target: String,
    /// What sort of act.
    pub kind: String,
    /// How many; `None`: not known.
    pub count: Option<Count>,
    /// What the count counts.
    pub unit: String,
    /// Hostile, friendly or neutral.
    pub sign: Sign,
    /// How far it has come.
    pub stage: Stage,
    /// The body that acted.
    pub by: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// When it must be complied with.
    pub deadline: Option<String>,
    /// The case it belongs to.
    pub dispute: Option<String>,
    /// What happened, in a line.
    pub summary: Option<String>,
    /// Why it was voided; `None`: it stands.
    pub voided: Option<String>,
    /// When this ledger learned it.
    pub logged_at: String,
    /// What of it still stands.
    pub stands: Count,
    /// What of its claim is open after all its postings.
    pub open: Count,
}

/// What people call an action: its id or its ref.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKey<'a> {
    /// `7` or `#7`.
    Id(i64),
    /// `2016-12-29-usa-rus-expulsion`.
    Ref(&'a str),
}

impl<'a> From<&'a str> for ActionKey<'a> {
    fn from(text: &'a str) -> ActionKey<'a> {
        let number = text.trim().trim_start_matches('#');
        number.parse().map_or(ActionKey::Ref(text.trim()), ActionKey::Id)
    }
}

const SELECT: &str = "SELECT a.*, k.unit, k.sign FROM action a JOIN kind k ON k.name = a.kind";

impl Action {
    /// The action that people call `key`, voided or not.
    ///
    /// # Errors
    /// There is none; the nearest refs are named.
    pub fn find(conn: &Connection, key: &str) -> Result<Action> {
        let found = match ActionKey::from(key) {
            ActionKey::Id(id) => Action::by_id(conn, id)?,
            ActionKey::Ref(reference) => conn
                .prepare_cached(&format!("{SELECT} WHERE a.ref = ?"))?
                .query_row([reference.to_lowercase()], Action::from_row)
                .optional()?,
        };
        found.map_or_else(|| Err(unknown(conn, key)?), Ok)
    }

    /// The action with this id.
    pub(crate) fn by_id(conn: &Connection, id: i64) -> Result<Option<Action>> {
        Ok(conn.prepare_cached(&format!("{SELECT} WHERE a.id = ?"))?.query_row([id], Action::from_row).optional()?)
    }

    /// Reads a row of `SELECT a.*, k.unit, k.sign`.
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Action> {
        Ok(Action {
            id: row.get("id")?,
            reference: row.get("ref")?,
            date: row.get("date")?,
            actor: row.get("actor")?,
            target: row.get("target")?,
            kind: row.get("kind")?,
            count: row.get("count")?,
            unit: row.get("unit")?,
            sign: row.get("sign")?,
            stage: row.get("stage")?,
            by: row.get("by")?,
            place: row.get("place")?,
            deadline: row.get("deadline")?,
            dispute: row.get("dispute")?,
            summary: row.get("summary")?,
            voided: row.get("voided")?,
            logged_at: row.get("logged_at")?,
            stands: row.get("stands")?,
            open: row.get("open")?,
        })
    }

    /// What it is, in words: "expulsion of 35 persons", "threat of seizure of ? properties".
    pub fn what(&self) -> String {
        what(&self.kind, self.count, &self.unit, self.stage, self.sign)
    }

    /// True where it opens a claim: it is more than a threat, not neutral and not voided.
    pub fn claims(&self) -> bool {
        self.stage != Stage::Threatened && self.sign != Sign::Neutral && self.voided.is_none()
    }
}

/// What an act is, in words. One of a kind that counts acts or meetings needs no number.
pub fn what(kind: &str, count: Option<Count>, unit: &str, stage: Stage, sign: Sign) -> String {
    let plain = kind.replace('-', " ");
    let counted = match count {
        _ if sign == Sign::Neutral => plain,
        Some(1) | None if matches!(unit, "acts" | "meetings" | "measures") => plain,
        _ => format!("{plain} of {}", quantity(count, unit)),
    };
    match stage {
        Stage::Threatened => format!("threat of {counted}"),
        Stage::Announced => format!("announced {counted}"),
        Stage::Done => counted,
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} ({})", self.id, self.reference)
    }
}

fn unknown(conn: &Connection, key: &str) -> Result<Error> {
    // The refs that begin alike: a whole ledger would be too much to compare.
    let head: String = key.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(4).collect();
    let mut like = conn.prepare("SELECT ref FROM action WHERE ref >= ?1 AND ref < ?1 || '~' ORDER BY ref LIMIT 5000")?;
    let refs: Vec<String> = like.query_map([&head], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    let nearest = if head.is_empty() { Vec::new() } else { name::nearest(key, refs.iter().map(String::as_str)) };
    Ok(Error::Unknown {
        what: "action",
        given: key.to_owned(),
        nearest,
        way_out: "name it by id or by ref; 'recip list' shows them".to_owned(),
    })
}
