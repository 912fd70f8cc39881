//! The quantities of an action, which are not claims.

use rusqlite::{Connection, params};

use crate::error::{Error, Result};
use crate::ledger::Action;
use crate::model::Quantity;
use crate::record::ReadColumn;

/// The quantities of an action, by name.
pub(crate) fn of_action(conn: &Connection, action: i64) -> Result<Vec<Quantity>> {
    Ok(of_actions(conn, action, action)?.into_iter().map(|(_, quantity)| quantity).collect())
}

/// The quantities of the actions with these ids, each with the id of its action, by action and name.
pub(crate) fn of_actions(conn: &Connection, from: i64, to: i64) -> Result<Vec<(i64, Quantity)>> {
    let mut select = conn.prepare_cached(
        "SELECT action_id, name, value, unit FROM main.quantity WHERE action_id BETWEEN ? AND ? ORDER BY action_id, name",
    )?;
    let mut rows = select.query([from, to])?;
    let mut quantities = Vec::new();
    while let Some(row) = rows.next()? {
        let value: String = row.read(2)?;
        quantities.push((row.read(0)?, Quantity { name: row.read(1)?, value: value.parse()?, unit: row.read(3)? }));
    }
    Ok(quantities)
}

/// Writes a quantity of an action; it replaces the one with that name.
pub(super) fn put(conn: &Connection, action: i64, quantity: &Quantity) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO main.quantity (action_id, name, value, unit) VALUES (?, ?, ?, ?)
         ON CONFLICT (action_id, name) DO UPDATE SET (value, unit) = (excluded.value, excluded.unit)",
    )?
    .execute(params![action, quantity.name, quantity.value.to_string(), quantity.unit])?;
    Ok(())
}

/// Removes the quantity with this name from an action.
pub(super) fn remove(conn: &Connection, action: &Action, given: &str) -> Result<()> {
    let name = Quantity::name(given)?;
    if conn.execute("DELETE FROM quantity WHERE action_id = ? AND name = ?", params![action.id, name])? == 0 {
        let what = format!("cannot remove the quantity '{name}'");
        return Err(Error::refused(what, format!("{action} does not have it"), format!("'recip show {}' lists its quantities", action.id)));
    }
    Ok(())
}
