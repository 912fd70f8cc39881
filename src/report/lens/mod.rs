//! A lens restricts a ledger to a selection: a day, a pair, a kind, a dispute.
//!
//! Every report is a view in `schema.sql` built on a few base views: the day of the report, the actions of a pair, the actions shown, the
//! links in effect, the active weights. A lens creates temporary views that replace these base views, and creates the schema's other views
//! again as temporary views on top of them. A report for a past day or for one pair therefore runs the same SQL as the view. A view is
//! created when a statement first names it: most reports read a third of them.

mod conditions;
mod side;
mod suggested;
mod views;

use rusqlite::{CachedStatement, Connection, Params, Row, Statement, params};

use crate::error::{Error, Result};
use crate::ledger::{Ledger, LensViews, Moment, catalogue};
use crate::model::{Day, name};
use crate::record::ReadColumn;
use crate::report::Selection;

pub(super) use conditions::{Operands, of_actions, of_pair};
pub use side::Side;

/// Reads a selection of a ledger from one snapshot, until it is dropped.
#[derive(Debug)]
pub struct Lens<'l> {
    ledger: &'l Ledger,
    conn: &'l Connection,
    views: LensViews,
    /// The views may stay for the next lens; false with suggested answers, whose rows are in a temporary table.
    views_may_stay: bool,
    as_of: Day,
    instant: i64,
    known: Option<&'l Moment>,
    read_at: Option<&'l str>,
    scale: String,
    period: (Option<Day>, Option<Day>),
    narrows: bool,
    sides: Vec<Side>,
    with_candidates: bool,
    /// The lens began the transaction that holds the snapshot; false if one was already open.
    owns_transaction: bool,
}

/// The scale of weights if the selection names none.
const DEFAULT_SCALE: &str = "goldstein";

impl Lens<'_> {
    /// Creates a lens on `ledger` for `selection`.
    ///
    /// # Errors
    /// A party, kind, dispute or scale in the selection is unknown, or its period ends before it begins.
    pub fn new<'l>(ledger: &'l Ledger, selection: &Selection) -> Result<Lens<'l>> {
        let conn = ledger.connection_of_lens();
        let as_of = selection.as_of.unwrap_or_else(|| ledger.clock().today());
        let instant = selection.as_of.map_or_else(|| ledger.clock().seconds(), |day| (day.0.saturating_add(1)).saturating_mul(86_400));
        let period = (selection.since, selection.until);
        if let (Some(since), Some(until)) = period
            && until < since
        {
            let why = format!("the period ends before it begins, on {since}");
            return Err(Error::invalid("until", &until.to_string(), why, "exchange --since and --until"));
        }
        let (known, read_at, with_candidates) = (ledger.known(), ledger.read_at(), selection.with_candidates);
        let (scale, narrows, sides, owns_transaction) = (DEFAULT_SCALE.to_owned(), false, Vec::new(), conn.is_autocommit());
        if owns_transaction {
            // All queries of a report read one snapshot, whatever other clients write meanwhile.
            conn.execute_batch("BEGIN")?;
        }
        let (views, views_may_stay) = (ledger.take_views().unwrap_or_default(), selection.with_suggested.is_none());
        let mut lens = Lens {
            ledger,
            conn,
            views,
            views_may_stay,
            as_of,
            instant,
            known,
            read_at,
            scale,
            period,
            narrows,
            sides,
            with_candidates,
            owns_transaction,
        };
        if let Some(name) = &selection.scale {
            lens.scale = catalogue::find_scale(conn, name)?.name;
        }
        lens.define_views(selection)?;
        Ok(lens)
    }

    /// The day of the report.
    pub fn as_of(&self) -> Day {
        self.as_of
    }

    /// The moment of the report, in seconds since 1970-01-01 UTC: now, or the end of the requested day.
    pub fn instant(&self) -> i64 {
        self.instant
    }

    /// The `--as-known` moment whose state of the ledger is read; `None`: the current state.
    pub fn known(&self) -> Option<&Moment> {
        self.known
    }

    /// True if the lens shows the whole ledger; exports then include voided actions.
    pub(crate) fn is_whole(&self) -> Result<bool> {
        Ok(self.conn.query_row(
            "SELECT day = 9223372036854775807 AND since IS NULL AND until IS NULL AND NOT EXISTS (SELECT 1 FROM temp.chosen WHERE what <> 'scale')
             FROM temp.moment",
            [],
            |r| r.get(0),
        )?)
    }

    /// When the ledger was read from a text file; `None`: it was not. See [`Ledger::read_at`].
    pub fn read_at(&self) -> Option<&str> {
        self.read_at
    }

    /// The scale of the weights.
    pub fn scale(&self) -> &str {
        &self.scale
    }

    /// The first and the last day of the actions shown; `None`: the selection sets no limit.
    pub fn period(&self) -> (Option<Day>, Option<Day>) {
        self.period
    }

    /// True if only part of the actions that enter the computation are shown: those of a kind, a period, a dispute.
    pub fn narrows(&self) -> bool {
        self.narrows
    }

    /// The party or the parties that the selection names: none, one side, or two.
    pub fn sides(&self) -> &[Side] {
        &self.sides
    }

    /// The codes of the two parties, if the selection is a pair and neither side is a group.
    pub fn two_parties(&self) -> Option<(&str, &str)> {
        match &self.sides[..] {
            [a, b] => Some((a.single()?, b.single()?)),
            _ => None,
        }
    }

    /// True if candidates are included.
    pub(crate) fn with_candidates(&self) -> bool {
        self.with_candidates
    }

    /// The connection, for what does not depend on the selection. The views of the lens may not be there.
    pub fn connection(&self) -> &Connection {
        self.conn
    }

    /// Prepares a statement that reads the views of the lens.
    ///
    /// # Errors
    /// The statement is wrong, or the file cannot be read.
    pub fn prepare(&self, statement: &str) -> rusqlite::Result<Statement<'_>> {
        self.create_views_of(statement)?;
        self.conn.prepare(statement)
    }

    /// The same, and keeps the statement for the next time.
    ///
    /// # Errors
    /// As for [`Lens::prepare`].
    pub fn prepare_cached(&self, statement: &str) -> rusqlite::Result<CachedStatement<'_>> {
        self.create_views_of(statement)?;
        self.conn.prepare_cached(statement)
    }

    /// The first row of a statement that reads the views of the lens.
    ///
    /// # Errors
    /// As for [`Lens::prepare`]; there is no row; `read` fails.
    pub fn query_row<T>(
        &self,
        statement: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.prepare(statement)?.query_row(params, read)
    }

    /// Creates all views, for statements of users.
    pub(crate) fn create_all_views(&self) -> Result<()> {
        for (name, _) in &self.views.own {
            self.create_view(name)?;
        }
        for (name, _) in views::of_schema() {
            self.create_view(name)?;
        }
        Ok(())
    }

    /// Creates the views that a statement names, and those that they read.
    fn create_views_of(&self, statement: &str) -> rusqlite::Result<()> {
        let mut read = vec![statement];
        while let Some(text) = read.pop() {
            for word in views::words(text) {
                read.extend(self.create_view(word)?);
            }
        }
        Ok(())
    }

    /// Creates a view, if the lens has one with this name and it is not there yet; returns the text of its statement.
    fn create_view(&self, name: &str) -> rusqlite::Result<Option<&str>> {
        let own = self.views.own.iter().find(|view| view.0 == name).map(|(name, text)| (*name, text.as_str()));
        let Some((name, text)) = own.or_else(|| views::of_schema().iter().find(|view| view.0 == name).copied()) else { return Ok(None) };
        if self.views.made.borrow().contains(name) {
            return Ok(None);
        }
        self.noted(self.conn.execute_batch(&format!("CREATE TEMP VIEW {name}{text}")))?;
        self.views.made.borrow_mut().insert(name);
        Ok(Some(text))
    }

    fn remove_views(&self) -> rusqlite::Result<()> {
        self.noted(self.views.remove(self.conn))
    }

    /// Notes if creating or removing views failed: after that, it is not known which of them there are.
    fn noted(&self, done: rusqlite::Result<()>) -> rusqlite::Result<()> {
        done.inspect_err(|_| self.ledger.spoil_views())
    }

    /// Defines the temporary views. Values go into a temporary table, never into the SQL, so that views of the same form can stay from one
    /// lens to the next. Only the conditions that the selection needs are written, so that a query about a pair reads only the rows of that
    /// pair.
    fn define_views(&mut self, selection: &Selection) -> Result<()> {
        let conn = self.conn;
        conn.execute_batch(
            "CREATE TEMP TABLE IF NOT EXISTS chosen (what TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (what, value)) WITHOUT ROWID;
             CREATE TEMP TABLE IF NOT EXISTS moment (day INTEGER NOT NULL, since INTEGER, until INTEGER);
             DELETE FROM temp.chosen;
             DELETE FROM temp.moment;",
        )?;
        let as_of = if selection.all_days { i64::MAX } else { self.as_of.0 };
        conn.execute("INSERT INTO moment VALUES (?, ?, ?)", params![as_of, selection.since.map(|d| d.0), selection.until.map(|d| d.0)])?;
        self.choose("scale", &self.scale)?;
        self.choose_all(selection)?;
        let (of_pair, of_actions) = (of_pair(&self.sides, &conditions::Chosen), of_actions(selection, &conditions::Chosen));
        self.narrows = of_actions != conditions::ALL;
        let own = views::of_selection(&of_pair, &of_actions, selection);
        if self.views.own != own {
            self.remove_views()?;
            if let Some(over) = selection.with_suggested {
                suggested::derive(self, &of_pair, over)?;
            }
            self.views.own = own;
        }
        Ok(())
    }

    fn choose(&self, what: &str, value: &str) -> Result<()> {
        self.conn.prepare_cached("INSERT OR IGNORE INTO chosen VALUES (?, ?)")?.execute([what, value])?;
        Ok(())
    }

    fn choose_party(&self, what: &str, name: &str) -> Result<()> {
        self.choose(what, &catalogue::find_party(self.conn, name)?.code)
    }

    /// Finds the sides of the pair, and stores all values that the conditions refer to.
    fn choose_all(&mut self, selection: &Selection) -> Result<()> {
        self.sides = side::find(self.conn, selection, self.as_of)?;
        for (what, codes) in conditions::named_sides(&self.sides) {
            codes.iter().try_for_each(|code| self.choose(what, code))?;
        }
        if let Some(actor) = &selection.actor {
            self.choose_party("actor", actor)?;
        }
        if let Some(target) = &selection.target {
            self.choose_party("target", target)?;
        }
        for kind in &selection.kinds {
            self.choose("kind", &catalogue::find_kind(self.conn, kind)?.name)?;
        }
        if let Some(stage) = selection.stage {
            self.choose("stage", stage.as_str())?;
        }
        if let Some(slug) = &selection.dispute {
            self.choose("dispute", &catalogue::find_dispute(self.conn, slug)?.slug)?;
        }
        for tag in &selection.tags {
            if !selection.elsewhere {
                find_tags(self.conn, tag)?;
            }
            self.choose("tag", tag)?;
        }
        selection.text.iter().try_for_each(|text| self.choose("text", &text.to_lowercase()))
    }

    /// The values that were stored for the conditions, in order.
    pub(super) fn chosen(&self, what: &str) -> Result<Vec<String>> {
        let mut values = self.conn.prepare("SELECT value FROM temp.chosen WHERE what = ? ORDER BY value")?;
        Ok(values.query_map([what], |r| r.read(0))?.collect::<rusqlite::Result<_>>()?)
    }
}

/// Refuses tags, as they are stored, that no action of the ledger has.
fn find_tags(conn: &Connection, tags: &str) -> Result<()> {
    let mut has = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM main.action WHERE instr(', ' || tags || ', ', ', ' || ? || ', '))")?;
    for tag in tags.split(", ") {
        if has.query_row([tag], |r| r.get(0))? {
            continue;
        }
        let mut lists = conn.prepare("SELECT DISTINCT tags FROM main.action WHERE tags IS NOT NULL")?;
        let lists: Vec<String> = lists.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        return Err(Error::Unknown {
            what: "tag",
            given: tag.to_owned(),
            nearest: name::nearest(tag, lists.iter().flat_map(|list| list.split(", "))),
            way_out: "'recip show ACTION' shows the tags of an action; 'recip edit ACTION --tag TAG' sets them".to_owned(),
        });
    }
    Ok(())
}

impl Drop for Lens<'_> {
    fn drop(&mut self) {
        let views = std::mem::take(&mut self.views);
        let left = if self.views_may_stay { self.ledger.leave_views(views) } else { Some(views) };
        // A failure is ignored: the views disappear with the connection.
        let dropped = left.map_or(Ok(()), |views| {
            views.remove(self.conn)?;
            let tables = "DROP TABLE IF EXISTS temp.chosen; DROP TABLE IF EXISTS temp.moment; DROP TABLE IF EXISTS temp.suggested;";
            self.conn.execute_batch(tables)
        });
        if self.owns_transaction && (dropped.is_err() || self.conn.execute_batch("COMMIT").is_err()) {
            let _ = self.conn.execute_batch("ROLLBACK");
            self.ledger.spoil_views();
        }
    }
}
