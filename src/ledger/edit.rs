//! Correcting an action, and voiding one that was entered in error.

use rusqlite::{Connection, ToSql, params};

use crate::error::{Error, Result};
use crate::ledger::doubt::{self, Doubt};
use crate::ledger::entry::{cite, detail_as_stored};
use crate::ledger::link::{self, Settlement};
use crate::ledger::settlement::{self, Correcting};
use crate::ledger::{Action, Ledger, Link, catalogue, quantity};
use crate::model::{Cite, Date, Details, Quantity, Stage, StatedCount};
use crate::record::{Field, ReadColumn, column_list};

/// The corrections to an action. `None` leaves a field unchanged; `Some(None)` clears an optional field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correction {
    /// The party that acted: a code, name or alias.
    pub actor: Option<String>,
    /// The party that the act was aimed at.
    pub target: Option<String>,
    /// The kind of act.
    pub kind: Option<String>,
    /// The date of the act.
    pub date: Option<Date>,
    /// Threatened, announced or done.
    pub stage: Option<Stage>,
    /// The count.
    pub count: Option<StatedCount>,
    /// Its details. A deadline may be a period after the date, such as `72h`.
    pub details: Details<Option<Option<String>>>,
    /// Sources to add; if the source is already cited, a given reading replaces its reading.
    pub sources: Vec<Cite>,
    /// Sources that are no longer cited, each by its name or its id. They are removed before others are added.
    pub removed_sources: Vec<String>,
    /// Quantities to add; one with the name of an existing quantity replaces it.
    pub quantities: Vec<Quantity>,
    /// Names of quantities to remove, before others are added.
    pub removed_quantities: Vec<String>,
    /// Existing links with a new stated amount; without an amount the rule decides how much each settles.
    pub links: Vec<Link>,
}

/// What a correction did.
#[derive(Debug, Clone)]
pub struct Edited {
    /// The action before the correction.
    pub before: Action,
    /// The action after the correction.
    pub after: Action,
    /// The sources that the action cited before and after.
    pub sources: (Vec<Cite>, Vec<Cite>),
    /// The quantities of the action before and after.
    pub quantities: (Vec<Quantity>, Vec<Quantity>),
    /// The amounts that the links of the action state, before and after.
    pub stated: (Vec<Link>, Vec<Link>),
    /// What the correction changes in the settlement.
    pub settlement: Settlement,
    /// What is doubtful about the action now and was not before.
    pub doubts: Vec<Doubt>,
}

impl Ledger {
    /// Corrects an action, its sources, its quantities and the amounts that its links state.
    ///
    /// # Errors
    /// A name is unknown, the action does not cite a source to be removed, a link from or to the action would break a rule, or a stated
    /// amount would no longer fit. The error names that link and, for a stated amount, the command that corrects it too.
    pub fn edit(&mut self, key: &str, change: &Correction) -> Result<Edited> {
        let command = match self.dry_run {
            true => self.author.command.replace(" --dry-run", ""),
            false => self.author.command.clone(),
        };
        self.change(|conn, clock| {
            let before = Action::find(conn, key)?;
            let mut edited = edited(conn, before.id)?;
            correct(conn, &before, change)?;
            let command = if command.is_empty() { format!("recip edit {}", before.id) } else { format!("recip {command}") };
            let restated = change.links.iter().map(|link| Ok((link.relation, Action::find_linked(conn, &link.spec)?.0.id)));
            let restated = restated.collect::<Result<_>>()?;
            let effects = settlement::settle(conn, Some(&Correcting { action: before.id, command, restated }))?;
            edited.settlement = link::read(conn, effects)?;
            edited.after = link::reread(conn, before.id)?;
            edited.sources.1 = cited(conn, before.id)?;
            edited.quantities.1 = quantity::of_action(conn, before.id)?;
            edited.stated.1 = link::stated(conn, before.id)?;
            edited.doubts = doubt::raised(conn, clock.today(), &edited.before, &edited.after)?;
            Ok(edited)
        })
    }

    /// Voids an action that was entered in error, with the reason. It can still be shown, but it no longer counts and its links settle
    /// nothing.
    ///
    /// # Errors
    /// There is no such action, or it is voided already.
    pub fn void(&mut self, key: &str, reason: &str) -> Result<(Action, Settlement)> {
        self.change(|conn, _| {
            let action = Action::find(conn, key)?;
            if action.voided.is_some() {
                let way_out = format!("'recip show {}' shows why", action.id);
                return Err(Error::refused(format!("cannot void {action}"), "it is voided already", way_out));
            }
            conn.execute("UPDATE action SET voided = ? WHERE id = ?", params![reason, action.id])?;
            let settlement = link::read(conn, settlement::settle(conn, None)?)?;
            Ok((link::reread(conn, action.id)?, settlement))
        })
    }
}

/// An action as it is, before and after a correction that has not been made.
pub(super) fn edited(conn: &Connection, id: i64) -> Result<Edited> {
    let (action, sources, quantities) = (link::reread(conn, id)?, cited(conn, id)?, quantity::of_action(conn, id)?);
    let (settlement, stated) = (Settlement::default(), link::stated(conn, id)?);
    Ok(Edited {
        before: action.clone(),
        after: action,
        sources: (sources.clone(), sources),
        quantities: (quantities.clone(), quantities),
        stated: (stated.clone(), stated),
        settlement,
        doubts: Vec::new(),
    })
}

/// Corrects an action, without settling.
pub(super) fn correct(conn: &Connection, action: &Action, change: &Correction) -> Result<()> {
    if let Some(reason) = &action.voided {
        return Err(Error::refused(format!("cannot edit {action}"), format!("it is voided: {reason}"), "log the action again"));
    }
    Cite::check_readings(&change.sources)?;
    apply(conn, action, change)?;
    for source in &change.removed_sources {
        remove_citation(conn, action, source)?;
    }
    cite(conn, action.id, &change.sources)?;
    change.removed_quantities.iter().try_for_each(|name| quantity::remove(conn, action, name))?;
    Quantity::by_name(&change.quantities)?.iter().try_for_each(|given| quantity::put(conn, action.id, given))?;
    for Link { relation, spec } in &change.links {
        let (earlier, amount) = Action::find_linked(conn, spec)?;
        link::restate(conn, action, *relation, &earlier, amount)?;
    }
    Ok(())
}

/// The sources that an action cites, with their readings.
fn cited(conn: &Connection, action: i64) -> Result<Vec<Cite>> {
    let mut cited = conn.prepare_cached(
        "SELECT s.cite, c.says_date, c.says_count, c.says_words, c.denies FROM citation c JOIN source s ON s.id = c.source_id
         WHERE c.action_id = ? ORDER BY c.position",
    )?;
    let cited = cited.query_map([action], |r| Ok(Cite { cite: r.read(0)?, reading: Field::read(r, &mut 1)? }))?;
    Ok(cited.collect::<rusqlite::Result<_>>()?)
}

/// Removes a citation; the source stays in the ledger.
fn remove_citation(conn: &Connection, action: &Action, given: &str) -> Result<()> {
    let source = catalogue::find_source(conn, given)?;
    if conn.execute("DELETE FROM citation WHERE action_id = ? AND source_id = ?", [action.id, source.id])? == 0 {
        let what = format!("cannot remove the source '{}'", source.cite);
        return Err(Error::refused(what, format!("{action} does not cite it"), format!("'recip show {}' lists its sources", action.id)));
    }
    Ok(())
}

/// Updates all fields in one statement, so that the triggers validate them together.
fn apply(conn: &Connection, action: &Action, change: &Correction) -> Result<()> {
    let mut fields: Vec<&'static str> = Vec::new();
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    let mut set = |field: &'static str, value: Box<dyn ToSql>| {
        fields.push(field);
        values.push(value);
    };
    let party = |given: &Option<String>| given.as_ref().map(|given| Ok::<_, Error>(catalogue::find_party(conn, given)?.code)).transpose();
    let (actor, target) = (party(&change.actor)?, party(&change.target)?);
    if actor.as_ref().unwrap_or(&action.actor) == target.as_ref().unwrap_or(&action.target) {
        return Err(Error::refused(
            format!("cannot edit {action}"),
            "the target would be the same party as the actor",
            "give two different parties",
        ));
    }
    for (side, code) in [("actor", actor), ("target", target)] {
        if let Some(code) = code {
            set(side, Box::new(code));
        }
    }
    if let Some(kind) = &change.kind {
        set("kind", Box::new(catalogue::find_kind(conn, kind)?.name));
    }
    if let Some(date) = &change.date {
        set("date", Box::new(date.as_str().to_owned()));
    }
    if let Some(stage) = change.stage {
        set("stage", Box::new(stage));
    }
    if let Some(count) = change.count {
        set("count", Box::new(count.number()));
        set("count_words", Box::new(count.words()));
    }
    let date = change.date.clone().map_or_else(|| action.date.parse(), Ok)?;
    for (detail, value) in change.details.each() {
        if let Some(value) = value {
            let stored = value.as_ref().map(|text| detail_as_stored(conn, detail, text, &date)).transpose()?;
            set(detail.name, Box::new(stored));
        }
    }
    if fields.is_empty() {
        return Ok(());
    }
    values.push(Box::new(action.id));
    // The field names are constants; all input is passed as parameters.
    let update = format!("UPDATE action SET ({}) = ({}) WHERE id = ?", column_list(&fields), vec!["?"; fields.len()].join(", "));
    conn.execute(&update, rusqlite::params_from_iter(values.iter().map(|v| &**v)))?;
    Ok(())
}
