//! Writes a workbook for Excel and other spreadsheets (XLSX): the flat table of the actions, their links and sources, and the reports.

pub(in crate::render) mod sheet;

use std::borrow::Cow;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::SystemTime;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Formula, Workbook, Worksheet};
use serde_json::Value;

use crate::package_schema;

use super::{Exported, digest, flat};
use crate::error::{Error, Result};
use crate::ledger::{Ledger, catalogue};
use crate::model::csv_cell::guarded;
use crate::model::{Sign, Stage};
use crate::record::text;
use crate::report::export::{SELECT_SHOWN_LINKS, count_actions};
use crate::report::pending::Scope;
use crate::report::{Lens, Row, Selection, balance, pending, source, unanswered};
use sheet::{Cell, Sheet, Size, failed};

/// The row limit of a sheet; lists to choose from extend over all rows, so new rows have them too.
const LAST_ROW: u32 = 1_048_575;
/// The maximum number of actions in a workbook that is made in memory: ten thousand take about 100 MB.
const MAX_IN_MEMORY: i64 = 10_000;
/// The sheet with the lists that cells are chosen from. It is hidden.
const LISTS: &str = "Lists";

/// What the workbook says about itself.
#[derive(Debug, Clone)]
pub struct About {
    /// The selection, in words; empty: the whole ledger.
    pub scope: String,
    /// The moment whose knowledge it uses, in words: "on 2017-07-12"; `None`: now.
    pub as_known: Option<String>,
    /// The command that wrote it.
    pub command: String,
    /// The command that exports the same actions as JSON Lines, over whose output the digest is computed.
    pub digest_command: String,
}

/// Writes what a selection has of a ledger as a workbook: actions, links and sources as exports have them, and the reports on the day of
/// the selection, or today.
///
/// The sheet of the actions has the columns and the texts of the flat CSV, so an import can read it back. Texts are text cells, which no
/// spreadsheet runs as a formula. Days are dates; months, years and deadlines with a time are texts.
///
/// # Errors
/// A name in the selection is unknown; the ledger cannot be read; Excel cannot hold this many rows or this long a text; or `out` cannot be
/// written.
pub fn export_workbook(ledger: &Ledger, selection: &Selection, about: &About, out: &mut dyn Write) -> Result<Exported> {
    // The library panics if it cannot write its temporary files.
    catch_unwind(AssertUnwindSafe(|| write(ledger, selection, about, out))).unwrap_or_else(|_| {
        let why = "the folder for temporary files is full, or cannot be written to";
        Err(Error::refused("cannot write the workbook", why, "free some disk space and try again, or use 'recip export csv'"))
    })
}

fn write(ledger: &Ledger, selection: &Selection, about: &About, out: &mut dyn Write) -> Result<Exported> {
    if SystemTime::now() < SystemTime::UNIX_EPOCH {
        let why = "the clock of this machine shows a time before 1970";
        return Err(Error::refused("cannot write the workbook", why, "set the clock right, or use 'recip export csv'"));
    }
    let conn = ledger.connection();
    // Both lenses read one snapshot. The transaction ends when this value is dropped.
    let _snapshot = if conn.is_autocommit() { Some(conn.unchecked_transaction()?) } else { None };
    let created = ExcelDateTime::from_timestamp(ledger.clock().seconds()).map_err(failed)?;
    let lens = Lens::new(ledger, selection)?;
    let size = if count_actions(&lens)? > MAX_IN_MEMORY { Size::Large } else { Size::Small };
    let mut workbook = Book { workbook: Workbook::new(), size };
    let properties = DocProperties::new().set_title("Ledger of diplomatic tit-for-tat").set_creation_datetime(&created);
    workbook.workbook.set_properties(&properties);
    let exported = actions(&mut workbook, &lens)?;
    links(&mut workbook, &lens)?;
    report(&mut workbook, "Sources", |each| source::list(&lens, each))?;
    let digest = digest(&lens)?;
    drop(lens);
    let lens = Lens::new(ledger, &Selection { all_days: false, ..selection.clone() })?;
    report(&mut workbook, "Unanswered", |each| unanswered::read(&lens, Sign::Hostile, each))?;
    report(&mut workbook, "Balance", |each| balance::read(&lens, each))?;
    report(&mut workbook, "Pending", |each| pending::read(&lens, Scope::Running, each))?;
    describe(&mut workbook, &lens, selection, about, [&ledger.clock().stamp(), &digest])?;
    lists(&mut workbook, &lens)?;
    out.write_all(&workbook.workbook.save_to_buffer().map_err(failed)?)?;
    Ok(exported)
}

/// A workbook being made.
struct Book {
    workbook: Workbook,
    size: Size,
}

impl Book {
    fn sheet(&mut self, name: &'static str, columns: Vec<String>) -> Result<Sheet<'_>> {
        Sheet::new(&mut self.workbook, self.size, name, columns)
    }
}

/// The sheet of the actions: the flat table, with lists to choose parties, kinds and stages from.
fn actions(workbook: &mut Book, lens: &Lens<'_>) -> Result<Exported> {
    let columns = flat::columns();
    let mut sheet = workbook.sheet("Actions", columns.clone())?;
    let exported = flat::read(lens, |cells| {
        sheet.row(cells.iter().map(|cell| match cell {
            flat::Cell::Empty => Cell::Empty,
            flat::Cell::Number(n) => Cell::Integer(*n),
            flat::Cell::Text(text) => Cell::Text(guarded(text, false)),
        }))
    })?;
    let sheet = sheet.finish()?;
    for list in List::of(lens.connection())? {
        for (at, _) in columns.iter().enumerate().filter(|(_, column)| list.of.contains(&column.as_str())) {
            choose(sheet, at, &list)?;
        }
    }
    Ok(exported)
}

/// Lets the cells of a column be chosen from a list. Another value is taken after a warning: an import knows more names than the list.
fn choose(sheet: &mut Worksheet, at: usize, list: &List) -> Result<()> {
    let from = format!("={LISTS}!${0}$2:${0}${1}", list.column, list.values.len() + 1);
    let rule = DataValidation::new()
        .allow_list_formula(Formula::new(from))
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title("Not in the list")
        .and_then(|rule| rule.set_error_message("recip also takes other names that it knows, but it does not know every name."))
        .map_err(failed)?;
    let column = sheet::column_number(at);
    sheet.add_data_validation(1, column, LAST_ROW, column, &rule).map_err(failed)?;
    Ok(())
}

/// A list of the sheet [`LISTS`].
struct List {
    /// The columns of the actions whose cells are chosen from it.
    of: &'static [&'static str],
    /// Its column in the sheet.
    column: char,
    heading: &'static str,
    values: Vec<String>,
}

impl List {
    fn of(conn: &Connection) -> Result<[List; 3]> {
        let parties = catalogue::list_parties(conn)?.into_iter().map(|party| party.code).collect();
        let kinds = catalogue::list_kinds(conn)?.into_iter().map(|kind| kind.name).collect();
        let stages = Stage::WORDS.iter().map(ToString::to_string).collect();
        Ok([
            List { of: &["actor", "target"], column: 'A', heading: "party", values: parties },
            List { of: &["kind"], column: 'B', heading: "kind", values: kinds },
            List { of: &["stage"], column: 'C', heading: "stage", values: stages },
        ])
    }
}

/// The hidden sheet of the lists.
fn lists(workbook: &mut Book, lens: &Lens<'_>) -> Result<()> {
    let lists = List::of(lens.connection())?;
    let mut sheet = workbook.sheet(LISTS, lists.iter().map(|list| list.heading.to_owned()).collect())?;
    for at in 0..lists.iter().map(|list| list.values.len()).max().unwrap_or(0) {
        sheet.row(lists.iter().map(|list| list.values.get(at).map_or(Cell::Empty, |value| Cell::Text(value.into()))))?;
    }
    sheet.finish()?.set_hidden(true);
    Ok(())
}

/// The sheet of the links between the actions, as a package has them.
fn links(workbook: &mut Book, lens: &Lens<'_>) -> Result<()> {
    let mut sheet = workbook.sheet("Links", package_schema::columns("links").map(str::to_owned).collect())?;
    let mut select = lens.prepare(SELECT_SHOWN_LINKS)?;
    let columns = select.column_count();
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        if row.get_ref(2)? == ValueRef::Null {
            continue;
        }
        let mut cells = Vec::with_capacity(columns);
        for column in 0..columns {
            cells.push(match row.get_ref(column)? {
                ValueRef::Null => Cell::Empty,
                ValueRef::Integer(n) => Cell::Integer(n),
                other => Cell::Text(text(other).map_err(rusqlite::Error::from)?),
            });
        }
        sheet.row(cells)?;
    }
    sheet.finish()?;
    Ok(())
}

/// A sheet with the rows of a report, as its CSV has them.
fn report<R: Row>(workbook: &mut Book, name: &'static str, read: impl FnOnce(&mut dyn FnMut(R) -> Result<()>) -> Result<()>) -> Result<()> {
    let mut sheet = workbook.sheet(name, R::COLUMNS.iter().map(ToString::to_string).collect())?;
    read(&mut |row| {
        let row = serde_json::to_value(row).map_err(|e| Error::Output(e.into()))?;
        sheet.row(R::COLUMNS.iter().map(|column| cell(&row[*column])))
    })?;
    sheet.finish()?;
    Ok(())
}

fn cell(value: &Value) -> Cell<'_> {
    match value {
        Value::Null => Cell::Empty,
        Value::Bool(is) => Cell::Bool(*is),
        Value::String(text) => Cell::Text(Cow::Borrowed(text)),
        Value::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(n), _) => Cell::Integer(n),
            (None, Some(n)) => Cell::Real(n),
            (None, None) => Cell::Text(n.to_string().into()),
        },
        other => Cell::Text(other.to_string().into()),
    }
}

/// The sheet that says what the workbook holds and how it was made.
fn describe(workbook: &mut Book, lens: &Lens<'_>, selection: &Selection, about: &About, [written, digest]: [&str; 2]) -> Result<()> {
    let mut sheet = workbook.sheet("About", vec!["item".to_owned(), "value".to_owned()])?;
    let or = |text: &str, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text.to_owned() };
    let as_of = lens.as_of().iso();
    let actions = if selection.all_days { "of all days".to_owned() } else { format!("until {as_of}") };
    let rows = [
        ("selection", or(&about.scope, "the whole ledger")),
        ("actions, links and sources", actions),
        ("reports as of", as_of),
        ("as known", about.as_known.clone().unwrap_or_else(|| "now".to_owned())),
        ("scale of the weights", lens.scale().to_owned()),
        ("command", about.command.clone()),
        ("written at", written.to_owned()),
        ("SHA-256", digest.to_owned()),
        ("SHA-256 of the output of", about.digest_command.clone()),
    ];
    for (item, value) in rows {
        sheet.row([Cell::Text(item.into()), Cell::Text(value.into())])?;
    }
    sheet.finish()?;
    Ok(())
}
