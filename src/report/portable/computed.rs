//! A report that an engine computes from the tables of a lake.

use rusqlite::types::ValueRef;
use serde_json::Value;

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::model::period::Length;
use crate::record::{FromCells, FromColumn, next};
use crate::report::organisation_acts::{self, NotCounted};
use crate::report::panel::{self, Begin, Each};
use crate::report::reciprocity::{self, Reciprocity, Terms};
use crate::report::suggest::{self, SuggestFilter, Suggestion};
use crate::report::{Lens, Names, Selection};

use super::dialect::Dialect;
use super::question::Question;
use super::translate::relations;
use super::visible::is_table;
use super::{BASE, SCHEMA, definitions, put_together, statement, values};

/// The names of the parties of a lake.
const NAMES: &str = "SELECT p.code AS code, p.name AS name FROM parties p";
/// The acts between organisations, or their members, and others.
const ACTS_BETWEEN: &str = "
SELECT u.actor AS party, u.day AS day FROM unpaired_action u WHERE u.actor IN :parties AND u.target IN :others
UNION ALL
SELECT u.target AS party, u.day AS day FROM unpaired_action u WHERE u.target IN :parties AND u.actor IN :others";

/// A report on a selection that an engine computes.
#[derive(Debug)]
pub struct Computed<'a> {
    engine: Engine,
    lens: &'a Lens<'a>,
    selection: &'a Selection,
    question: Question<'a>,
    statement: String,
}

impl Computed<'_> {
    /// Lets an engine answer a question about a selection. The names in the selection are those of the ledger of the lens.
    ///
    /// # Errors
    /// As [`statement`].
    pub fn new<'a>(engine: Engine, lens: &'a Lens<'a>, selection: &'a Selection, question: Question<'a>) -> Result<Computed<'a>> {
        let statement = statement(lens, selection, question, engine.dialect())?;
        Ok(Computed { engine, lens, selection, question, statement })
    }

    /// Passes the rows of the report to `each`, in its order.
    ///
    /// # Errors
    /// The engine does not have the tables, refuses the statement or is interrupted, or `each` fails.
    pub fn read<R: FromCells>(&self, each: impl FnMut(R) -> Result<()>) -> Result<()> {
        self.engine.rows(&self.statement, each).map_err(|e| without_table(&self.engine, &self.statement, e))
    }

    /// The panel: passes the names of its columns to `begin`, and each row to `each`, as [`panel::read`] does.
    ///
    /// # Errors
    /// As [`Computed::read`], or `begin` fails.
    pub fn panel(&self, by: Length, begin: Begin<'_>, each: Each<'_>) -> Result<()> {
        let dialect = self.engine.dialect();
        let of_question = values::values(self.lens, self.selection, self.question, dialect)?;
        let kinds = put_together(panel::KINDS, &definitions(&[SCHEMA, BASE]), dialect, &of_question);
        let kinds = self.engine.collect(&kinds, |cells| next(cells, &mut 0)).map_err(|e| without_table(&self.engine, &kinds, e))?;
        let columns = panel::columns(&kinds);
        let is_real: Vec<bool> = columns.iter().map(|column| column.ends_with("_weight")).collect();
        let statement = super::panel::statement(self.lens, self.selection, by, &kinds, dialect)?;
        begin(columns)?;
        let rows = self.engine.query(&statement, &mut |cells| {
            each(is_real.iter().enumerate().map(|(at, is_real)| value(cells.cell(at)?, *is_real)).collect::<rusqlite::Result<_>>()?)
        });
        rows.map_err(|e| without_table(&self.engine, &statement, e))
    }

    /// The figures of reciprocity, computed from the rows of the engine: passes each to `each`, as [`reciprocity::read`] does.
    ///
    /// # Errors
    /// As [`Computed::read`], or a scale is unknown.
    pub fn reciprocity(&self, terms: &Terms, each: impl FnMut(Reciprocity) -> Result<()>) -> Result<()> {
        let statements = super::reciprocity::statements(self.lens, self.selection, self.engine.dialect())?;
        reciprocity::read_on(&self.engine, &statements, self.lens, terms, each)
    }

    /// The suggestions, computed from the rows of the engine: passes each to `each`, as [`suggest::read`] does.
    ///
    /// # Errors
    /// As [`Computed::read`], or the lake does not have the action, or nothing of it is open.
    pub fn suggest(
        &self,
        filter: &SuggestFilter,
        progress: &mut dyn FnMut(u64, u64),
        each: impl FnMut(Suggestion) -> Result<()>,
    ) -> Result<()> {
        let statements = super::suggest::statements(self.lens, self.selection, filter.action.as_deref(), self.engine.dialect())?;
        suggest::read_on(&self.engine, &statements, self.lens, filter, progress, each)
    }

    /// The names of the lake's parties.
    ///
    /// # Errors
    /// The engine does not have the table.
    pub fn names(&self) -> Result<Names> {
        let names = self.engine.collect(NAMES, |cells| Ok((next(cells, &mut 0)?, next(cells, &mut 1)?)));
        Ok(Names::of_pairs(names.map_err(|e| without_table(&self.engine, NAMES, e))?))
    }

    /// The acts of organisations, or of their members, that the report does not count. Who was a member is known from the ledger of the lens.
    ///
    /// # Errors
    /// The engine does not have the tables, or the ledger cannot be read.
    pub fn organisation_acts(&self) -> Result<NotCounted> {
        let dialect = self.engine.dialect();
        organisation_acts::find(self.lens, &mut |parties, others| {
            let mut values = values::values(self.lens, self.selection, self.question, dialect)?;
            values.extend([("parties", values::list(parties)?), ("others", values::list(others)?)]);
            let statement = put_together(ACTS_BETWEEN, &definitions(&[BASE]), dialect, &values);
            self.engine.collect(&statement, |cells| Ok((next(cells, &mut 0)?, next(cells, &mut 1)?)))
        })
    }
}

/// A cell as a value of a row without a type of its own.
fn value(cell: ValueRef<'_>, is_real: bool) -> rusqlite::Result<Value> {
    Ok(match cell {
        ValueRef::Null => Value::Null,
        cell if is_real => f64::from_column(cell)?.into(),
        ValueRef::Integer(number) => number.into(),
        cell => String::from_column(cell)?.into(),
    })
}

/// The error of a statement; if the engine lacks one of its tables, the error says how to get it.
pub(crate) fn without_table(engine: &Engine, statement: &str, e: Error) -> Error {
    if !matches!(e, Error::Engine { .. }) {
        return e;
    }
    let refuses = |statement: &str| engine.collect(statement, |_| Ok(())).is_err();
    let lacks = |table: &&str| refuses(&format!("SELECT 1 AS n FROM {table} WHERE 1 = 0"));
    let lacking = relations(statement).into_iter().filter(|name| is_table(name)).find(lacks);
    // An engine that refuses every statement says nothing about its tables.
    let Some(table) = lacking.filter(|_| !refuses("SELECT 1 AS n")) else { return e };
    Error::Engine { engine: engine.name().to_owned(), why: format!("it has no table '{table}'"), way_out: visible(table, engine.dialect()) }
}

/// How to make a table of a lake visible to an engine.
fn visible(table: &str, dialect: Dialect) -> String {
    let visible = match dialect {
        Dialect::Duckdb | Dialect::Clickhouse => {
            format!("make the tables of the lake visible to it: run there what this prints: recip lake views FOLDER --dialect {dialect}")
        }
        // Temporary views end with their session, and Trino reads no files.
        Dialect::Spark | Dialect::Trino => {
            "register the folders of the lake as tables in its catalogue, under the names of the folders".to_owned()
        }
    };
    match table {
        "reports" => format!("export the reports of feeds too: recip export parquet FOLDER --reports; then {visible}"),
        // Earlier exports do not have it.
        "aliases" => format!("export the tables again: recip export parquet FOLDER; then {visible}"),
        _ => visible,
    }
}
