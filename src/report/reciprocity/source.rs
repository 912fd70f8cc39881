//! Reads what two parties did to each other, pair by pair, so that no more than one pair is held at a time.
//!
//! The view `response` says the same of every claim for any client; here its parts are read apart, since the measures also
//! need every answer, and the whole of a large ledger is folded in memory several times as fast.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use crate::error::Result;
use crate::ledger::catalogue;
use crate::model::{Count, Sign, Stage};
use crate::report::Lens;
use crate::report::reciprocity::fold;
use crate::report::reciprocity::links::Links;
use crate::report::reciprocity::pair::{Kind, PairData, Scale};

/// The kinds, and where each is.
#[derive(Debug)]
pub(super) struct Kinds {
    places: HashMap<String, usize>,
    pub kinds: Vec<Kind>,
}

/// An action as read.
#[derive(Debug)]
pub(super) struct Raw {
    pub id: i64,
    pub kind: usize,
    pub stage: Stage,
    pub day: i64,
    pub count: Option<Count>,
    pub stands: Count,
    pub open: Count,
    /// True for a threat whose deadline has passed: a day to its end, a moment on the second.
    pub late: bool,
    /// True where the selection shows it.
    pub selected: bool,
}

impl Kinds {
    pub fn read(conn: &Connection) -> Result<Kinds> {
        let mut select = conn.prepare("SELECT name, unit, sign FROM kind ORDER BY name")?;
        let mut rows = select.query([])?;
        let mut kinds = Kinds { places: HashMap::new(), kinds: Vec::new() };
        while let Some(row) = rows.next()? {
            kinds.places.insert(row.get("name")?, kinds.kinds.len());
            kinds.kinds.push(Kind { unit: row.get("unit")?, sign: row.get("sign")? });
        }
        Ok(kinds)
    }

    /// The place of a kind; what has no kind, which no rule allows, is none.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    fn sign(&self, place: usize) -> Sign {
        self.kinds[place].sign
    }

    /// The weights of these scales.
    pub fn scales(&self, conn: &Connection, names: &[String]) -> Result<Vec<Scale>> {
        let all = catalogue::list_weights(conn)?;
        let of = |name: &String| {
            let own = all.iter().filter(|w| w.scale == *name);
            own.filter_map(|w| Some(((self.place(&w.kind)?, w.stage), (w.weight, w.per == "unit")))).collect()
        };
        Ok(names.iter().map(|name| Scale { name: name.clone(), weights: of(name) }).collect())
    }
}

/// The pairs that the lens shows anything of, each in the order of its codes.
pub(super) fn pairs(lens: &Lens<'_>) -> Result<Vec<(String, String)>> {
    let mut select = lens.prepare(
        "SELECT DISTINCT CASE WHEN actor < target THEN actor ELSE target END AS a, CASE WHEN actor < target THEN target ELSE actor END AS b
         FROM (SELECT DISTINCT actor, target FROM standing) ORDER BY a, b",
    )?;
    let pairs = select.query_map([], |r| Ok((r.get("a")?, r.get("b")?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(pairs)
}

/// What a and b did to each other.
pub(super) fn read(lens: &Lens<'_>, kinds: &Kinds, links: &Links, a: &str, b: &str) -> Result<PairData> {
    let sides = [actions(lens, kinds, a, b)?, actions(lens, kinds, b, a)?];
    fold::pair(lens, kinds, links, &sides)
}

fn actions(lens: &Lens<'_>, kinds: &Kinds, actor: &str, target: &str) -> Result<Vec<Raw>> {
    let mut select = lens.prepare_cached(
        "SELECT b.id, b.kind, b.stage, b.day, b.count, b.stands, b.open,
           CASE b.stage WHEN 'threatened' THEN
             CASE length(b.deadline) WHEN 10 THEN unixepoch(b.deadline) / 86400 < ?4 ELSE unixepoch(b.deadline) < ?5 END END AS late,
           (?3 OR EXISTS (SELECT 1 FROM standing s WHERE s.id = b.id)) AS selected
         FROM backdrop b WHERE b.actor = ?1 AND b.target = ?2",
    )?;
    let mut rows = select.query(params![actor, target, !lens.narrows(), lens.as_of().0, lens.instant()])?;
    let mut raws = Vec::new();
    // By place: a name would be looked up anew in each of a million rows.
    while let Some(row) = rows.next()? {
        let Some(kind) = kinds.place(row.get_ref(1)?.as_str().unwrap_or_default()) else { continue };
        if kinds.sign(kind) == Sign::Neutral {
            continue;
        }
        raws.push(Raw {
            id: row.get(0)?,
            kind,
            stage: row.get(2)?,
            day: row.get(3)?,
            count: row.get(4)?,
            stands: row.get(5)?,
            open: row.get(6)?,
            late: row.get::<_, Option<bool>>(7)?.unwrap_or(false),
            selected: row.get(8)?,
        });
    }
    Ok(raws)
}
