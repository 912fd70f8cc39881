//! Reading one action, and finding it by its id or ref.

use std::fmt;

use rusqlite::{Connection, OptionalExtension, ToSql};

use crate::error::{Error, Result};
use crate::model::count::{Count, quantity};
use crate::model::{Amount, Details, LinkSpec, REF_KEY, Sign, Stage, StatedCount, name, ref_of_key};
use crate::record::{record, select};

record! {
    /// One action as stored in the ledger. Fields are named like the columns.
    #[derive(Eq)]
    pub struct Action {
        /// Its number in this ledger, which is short to type.
        id: i64,
        /// Its ref, which identifies it in files.
        reference as "ref": String,
        /// The date of the act, with the precision with which it was entered.
        date: String,
        /// The code of the party that acted.
        actor: String,
        /// The code of the party that the act was aimed at.
        target: String,
        /// The kind of act.
        kind: String,
        /// The count in the kind's unit.
        count: StatedCount,
        /// The unit of the count.
        unit: String,
        /// Hostile, friendly or neutral.
        sign: Sign,
        /// Threatened, announced or done.
        stage: Stage,
        /// Its details.
        details: Details<Option<String>>,
        /// Why it was voided; `None` if it was not.
        voided: Option<String>,
        /// When it was entered into this ledger.
        logged_at: String,
        /// How much of it is still in force.
        stands: Count,
        /// How much of its claim is open after all postings.
        open: Count,
    }
}

/// A key that identifies an action: its id or its ref.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKey<'a> {
    /// `7` or `#7`.
    Id(i64),
    /// `2016-12-29-usa-rus-expulsion`, or `ref:14` for a ref that is a number.
    Ref(&'a str),
}

impl<'a> From<&'a str> for ActionKey<'a> {
    fn from(text: &'a str) -> ActionKey<'a> {
        let text = text.trim();
        match ref_of_key(text) {
            Some(reference) => ActionKey::Ref(reference),
            None => text.trim_start_matches('#').parse().map_or(ActionKey::Ref(text), ActionKey::Id),
        }
    }
}

impl Action {
    /// Finds an action, voided or not, by its id or ref.
    ///
    /// # Errors
    /// There is no such action. The error names the nearest refs.
    pub fn find(conn: &Connection, key: &str) -> Result<Action> {
        let found = match ActionKey::from(key) {
            ActionKey::Id(id) => Action::by_id(conn, id)?,
            ActionKey::Ref(reference) => Action::by_ref(conn, reference)?,
        };
        found.map_or_else(|| Err(unknown(conn, key)?), Ok)
    }

    /// Finds the action that a link names, and the amount that it states of it.
    ///
    /// # Errors
    /// There is no such action. The error names the nearest refs.
    pub fn find_linked(conn: &Connection, spec: &LinkSpec) -> Result<(Action, Amount)> {
        Action::find(conn, &spec.earlier).map(|action| (action, spec.amount)).or_else(|unknown| match spec.whole() {
            Some(whole) => Action::find(conn, &whole).map(|action| (action, Amount::default())).map_err(|_| unknown),
            None => Err(unknown),
        })
    }

    /// Reads the action with this ref, in upper or lower case, even if it is a number.
    pub(crate) fn by_ref(conn: &Connection, reference: &str) -> Result<Option<Action>> {
        Action::read(conn, "ref = ? COLLATE NOCASE", &reference)
    }

    /// Reads the action with this id.
    pub(crate) fn by_id(conn: &Connection, id: i64) -> Result<Option<Action>> {
        Action::read(conn, "id = ?", &id)
    }

    fn read(conn: &Connection, condition: &'static str, key: &dyn ToSql) -> Result<Option<Action>> {
        let select = select::<Action>(&format!("FROM action JOIN kind ON name = kind WHERE {condition}"));
        Ok(conn.prepare_cached(&select)?.query_row([key], Action::from_row).optional()?)
    }

    /// Describes the act in words: "expulsion of 35 persons", "threat of seizure of ? properties".
    pub fn what(&self) -> String {
        what(&self.kind, self.count, &self.unit, self.stage, self.sign)
    }

    /// True if it opens a claim: it is not a threat, not neutral and not voided.
    pub fn claims(&self) -> bool {
        self.stage != Stage::Threatened && self.sign != Sign::Neutral && self.voided.is_none()
    }
}

/// Describes an act in words. A single act of a kind that counts acts, meetings or measures is given without a number.
pub fn what(kind: &str, count: StatedCount, unit: &str, stage: Stage, sign: Sign) -> String {
    let plain = kind.replace('-', " ");
    let counted = match count {
        _ if sign == Sign::Neutral => plain,
        StatedCount::Exact(1) | StatedCount::Unknown if matches!(unit, "acts" | "meetings" | "measures") => plain,
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
    // Only refs that begin alike are compared: comparing all refs of a ledger would take too long.
    let head: String = key.chars().filter(|c| c.is_ascii_alphanumeric() || "-_./:".contains(*c)).take(4).collect();
    let mut like =
        conn.prepare("SELECT ref FROM action WHERE ref COLLATE NOCASE BETWEEN ?1 AND ?1 || '~' ORDER BY ref COLLATE NOCASE LIMIT 5000")?;
    let refs: Vec<String> = like.query_map([&head], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    let same = Action::by_ref(conn, key)?;
    let has_ref = same.is_some();
    let way_out = match same {
        Some(action) => format!("#{} has the ref {}: write {REF_KEY}{}", action.id, action.reference, action.reference),
        None if key.contains(',') => "name one action; repeat the option for each further one".to_owned(),
        None => "name an action by its id or its ref; 'recip list' shows both".to_owned(),
    };
    let nearest = if head.is_empty() || has_ref { Vec::new() } else { name::nearest(key, refs.iter().map(String::as_str)) };
    Ok(Error::Unknown { what: "action", given: key.to_owned(), nearest, way_out })
}
