//! The panel as a statement. Its columns depend on the kinds of act, and its periods on their length.

use crate::error::Result;
use crate::model::CodeBook;
use crate::model::period::Length;
use crate::record::ReadColumn;
use crate::report::panel::columns_of;
use crate::report::{Lens, Selection};

use super::dialect::Dialect;
use super::question::Question;
use super::translate::{Values, translate};
use super::{BASE, SCHEMA, definitions, put_together, values};

/// The views of the panel.
const PANEL: &str = include_str!("panel.sql");
/// The statement over its views.
pub(super) const SELECT: &str = "SELECT * FROM panel_row r ORDER BY actor, target, first_day";

/// The kinds that the selection can have: those of the catalogue that are not neutral.
pub(super) fn kinds(lens: &Lens<'_>) -> Result<Vec<String>> {
    let chosen = "SELECT value FROM temp.chosen WHERE what = 'kind'";
    let mut select = lens.prepare(&format!(
        "SELECT name FROM kind WHERE sign <> 'neutral' AND (name IN ({chosen}) OR NOT EXISTS ({chosen})) ORDER BY name"
    ))?;
    Ok(select.query_map([], |r| r.read(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The statement of a panel with columns for these kinds.
pub(super) fn statement(lens: &Lens<'_>, selection: &Selection, by: Length, kinds: &[String], dialect: Dialect) -> Result<String> {
    let mut values = values::values(lens, selection, Question::Panel(by), dialect)?;
    let sums = kinds.iter().zip(0..).map(|(kind, n)| {
        Ok(format!(
            ",\n  sum(CASE WHEN a.kind = {kind} THEN 1 ELSE 0 END) AS acts_{n}, sum(CASE WHEN a.kind = {kind} THEN a.count END) AS count_{n}",
            kind = values::quoted(kind)?
        ))
    });
    let columns = kinds.iter().zip(0..).map(|(kind, n)| {
        let [acts, count] = columns_of(kind);
        format!(",\n  coalesce(h.acts_{n}, 0) AS \"{acts}\", CASE WHEN h.acts_{n} > 0 THEN h.count_{n} ELSE 0 END AS \"{count}\"")
    });
    let parts = [
        ("period", period_of_day(by)),
        ("kind_sums", sums.collect::<Result<_>>()?),
        ("kind_columns", columns.collect()),
        ("actor_cow", number_on(CodeBook::Cow, "a.cow_number")),
        ("target_cow", number_on(CodeBook::Cow, "b.cow_number")),
        ("actor_gw", number_on(CodeBook::Gw, "a.gw_number")),
        ("target_gw", number_on(CodeBook::Gw, "b.gw_number")),
    ];
    values.extend(parts.map(|(name, sql)| (name, translate(&sql, dialect, &Values::new()))));
    Ok(put_together(&Question::Panel(by).select(false), &definitions(&[SCHEMA, BASE, PANEL]), dialect, &values))
}

/// The name of the period of the day `x.day`, as [`Length::containing`] gives it.
fn period_of_day(by: Length) -> String {
    let day = "date(x.day * 86400, 'unixepoch')";
    // The year and the number of a week are those of its Thursday.
    let thursday = "(x.day + 3 - (x.day + 7000003) % 7)";
    let year_of_week = format!("substr(date({thursday} * 86400, 'unixepoch'), 1, 4)");
    let week = format!("CAST(floor(({thursday} - day_of(CAST({year_of_week} || '-01-01' AS DATE))) / 7.0) AS INTEGER) + 1");
    match by {
        Length::Day => day.to_owned(),
        Length::Week => format!("{year_of_week} || '-W' || CASE WHEN {week} < 10 THEN '0' ELSE '' END || CAST({week} AS TEXT)"),
        Length::Month => format!("substr({day}, 1, 7)"),
        Length::Quarter => format!(
            "substr({day}, 1, 4) || '-Q' || CASE WHEN substr({day}, 6, 2) <= '03' THEN '1' WHEN substr({day}, 6, 2) <= '06' THEN '2' \
             WHEN substr({day}, 6, 2) <= '09' THEN '3' ELSE '4' END"
        ),
        Length::Year => format!("substr({day}, 1, 4)"),
    }
}

/// The number in a code book that a party had when the period `p` ended, from the list in a column, as [`CodeBook::number_on`] gives it.
fn number_on(book: CodeBook, numbers: &str) -> String {
    let changes: Vec<_> = book.changes().collect();
    let lists = changes.iter().flat_map(|a| changes.iter().map(move |b| format!("'{} {}'", a.number, b.number)));
    let day_of = |day: &str| format!("day_of(CAST('{day}' AS DATE))");
    let when = changes.iter().map(|change| {
        let [since, until] = change.days().map(day_of);
        format!(" WHEN p.last_day BETWEEN {since} AND {until} THEN '{}'", change.number)
    });
    let (lists, when) = (lists.collect::<Vec<_>>().join(", "), when.collect::<String>());
    format!("CASE WHEN {numbers} IN ({lists}) THEN CASE{when} END ELSE {numbers} END")
}
