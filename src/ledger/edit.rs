//! Correcting an action, and voiding one entered in error.

use rusqlite::{Connection, ToSql, params};

use crate::error::{Error, Result};
use crate::ledger::entry::cite;
use crate::ledger::link::{self, Settlement};
use crate::ledger::settlement::{self, Correcting};
use crate::ledger::{Action, Ledger, Link, catalogue};
use crate::model::count::Count;
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
    /// Links that it has, with the amounts to state of them; without one the rule decides.
    pub links: Vec<Link>,
}

impl Ledger {
    /// Corrects an action, and what its links state: what it was, what it is now, and what that changes of what is settled.
    ///
    /// # Errors
    /// A name is unknown, a link that rests on the action would break a rule, or a stated amount would not fit any more: that link is
    /// named, with the command that corrects both.
    pub fn edit(&mut self, key: &str, change: &Correction) -> Result<(Action, Action, Settlement)> {
        let command = self.author.command.clone();
        self.change(|conn, _| {
            let before = Action::find(conn, key)?;
            if let Some(reason) = &before.voided {
                return Err(Error::refused(format!("edit {before}"), format!("it is voided: {reason}"), "log it again"));
            }
            apply(conn, before.id, change)?;
            cite(conn, before.id, &change.sources)?;
            for Link { relation, spec } in &change.links {
                link::restate(conn, &before, *relation, &Action::find(conn, &spec.earlier)?, spec.amount)?;
            }
            let command = if command.is_empty() { format!("recip edit {}", before.id) } else { format!("recip {command}") };
            let effects = settlement::settle(conn, Some(&Correcting { action: before.id, command }))?;
            let settlement = link::read(conn, effects)?;
            let after = link::reread(conn, before.id)?;
            Ok((before, after, settlement))
        })
    }

    /// Voids an action entered in error, with the reason. It stays readable and counts nowhere; its links settle nothing.
    ///
    /// # Errors
    /// There is no such action, or it is voided already.
    pub fn void(&mut self, key: &str, reason: &str) -> Result<(Action, Settlement)> {
        self.change(|conn, _| {
            let action = Action::find(conn, key)?;
            if action.voided.is_some() {
                return Err(Error::refused(format!("void {action}"), "it is voided already", "'recip show' says why"));
            }
            conn.execute("UPDATE action SET voided = ? WHERE id = ?", params![reason, action.id])?;
            let settlement = link::read(conn, settlement::settle(conn, None)?)?;
            Ok((link::reread(conn, action.id)?, settlement))
        })
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
