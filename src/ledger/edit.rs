//! Correcting an action, and voiding one entered in error.

use rusqlite::{Connection, ToSql, params};

use crate::error::{Error, Result};
use crate::ledger::entry::cite;
use crate::ledger::{Action, Ledger, catalogue};
use crate::model::count::{Count, quantity};
use crate::model::{Cite, Date, Stage};

/// What to correct of an action. `None` leaves a field as it is; where a field can be empty, `Some(None)` empties it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correction {
    /// Who acted.
    pub actor: Option<String>,
    /// Against whom.
    pub target: Option<String>,
    /// What sort of act.
    pub kind: Option<String>,
    /// When.
    pub date: Option<Date>,
    /// How far it has come.
    pub stage: Option<Stage>,
    /// How many; empty is not known.
    pub count: Option<Option<Count>>,
    /// The body that acted.
    pub by: Option<Option<String>>,
    /// Where.
    pub place: Option<Option<String>>,
    /// When it must be complied with.
    pub deadline: Option<Option<String>>,
    /// The case it belongs to.
    pub dispute: Option<Option<String>>,
    /// What happened, in a line.
    pub summary: Option<Option<String>>,
    /// Sources to add.
    pub sources: Vec<Cite>,
}

impl Ledger {
    /// Corrects an action: what it was, and what it is now. Links are dated and reckoned anew.
    ///
    /// # Errors
    /// A name is unknown, or a link that rests on the action would no longer hold.
    pub fn edit(&mut self, key: &str, change: &Correction) -> Result<(Action, Action)> {
        self.change(|conn, _| {
            let before = Action::find(conn, key)?;
            if let Some(reason) = &before.voided {
                return Err(Error::refused(format!("edit {before}"), format!("it is voided: {reason}"), "log it anew"));
            }
            check_count(&before, change)?;
            apply(conn, before.id, change)?;
            cite(conn, before.id, &change.sources)?;
            let after = Action::by_id(conn, before.id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            Ok((before, after))
        })
    }

    /// Voids an action entered in error, with the reason. It stays readable and counts nowhere; what it
    /// answered is open again.
    ///
    /// # Errors
    /// Another action bears on it.
    pub fn void(&mut self, key: &str, reason: &str) -> Result<Action> {
        self.change(|conn, _| {
            let action = Action::find(conn, key)?;
            if action.voided.is_some() {
                return Err(Error::refused(format!("void {action}"), "it is voided already", "'recip show' tells why"));
            }
            let bearing: Vec<String> = conn
                .prepare("SELECT '#' || action_id || ' ' || relation || ' it' FROM link WHERE earlier_id = ? ORDER BY id")?
                .query_map([action.id], |r| r.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            if !bearing.is_empty() {
                return Err(Error::refused(format!("void {action}"), bearing.join(", "), "unlink or void that first"));
            }
            conn.execute("UPDATE action SET voided = ? WHERE id = ?", params![reason, action.id])?;
            Ok(Action::by_id(conn, action.id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?)
        })
    }
}

/// Says with figures what the schema would refuse without.
fn check_count(action: &Action, change: &Correction) -> Result<()> {
    let settled = action.count.unwrap_or(1).saturating_sub(action.open);
    match change.count {
        Some(count) if action.claims() && action.count.is_some() && count.unwrap_or(1) < settled => Err(Error::refused(
            format!("edit {action}"),
            format!("{} of it are settled already", quantity(Some(settled), &action.unit)),
            format!("give a count of at least {settled}, or unlink what settled it ('recip show {}')", action.id),
        )),
        _ => Ok(()),
    }
}

/// One statement for all fields, so that a correction of several is judged as one.
fn apply(conn: &Connection, id: i64, change: &Correction) -> Result<()> {
    let mut fields: Vec<&'static str> = Vec::new();
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    let mut set = |field: &'static str, value: Box<dyn ToSql>| {
        fields.push(field);
        values.push(value);
    };
    if let Some(actor) = &change.actor {
        set("actor = ?", Box::new(catalogue::find_party(conn, actor)?.code));
    }
    if let Some(target) = &change.target {
        set("target = ?", Box::new(catalogue::find_party(conn, target)?.code));
    }
    if let Some(kind) = &change.kind {
        set("kind = ?", Box::new(catalogue::find_kind(conn, kind)?.name));
    }
    if let Some(date) = &change.date {
        set("date = ?", Box::new(date.as_str().to_owned()));
    }
    if let Some(stage) = change.stage {
        set("stage = ?", Box::new(stage));
    }
    if let Some(count) = change.count {
        set("count = ?", Box::new(count));
    }
    if let Some(Some(slug)) = &change.dispute {
        catalogue::find_dispute(conn, slug)?;
    }
    for (field, value) in [
        ("\"by\" = ?", &change.by),
        ("place = ?", &change.place),
        ("deadline = ?", &change.deadline),
        ("dispute = ?", &change.dispute),
        ("summary = ?", &change.summary),
    ] {
        if let Some(value) = value {
            set(field, Box::new(value.clone()));
        }
    }
    if fields.is_empty() {
        return Ok(());
    }
    values.push(Box::new(id));
    // The names of the fields are the constants above; only values come from outside.
    let update = format!("UPDATE action SET {} WHERE id = ?", fields.join(", "));
    conn.execute(&update, rusqlite::params_from_iter(values.iter().map(|v| &**v)))?;
    Ok(())
}
