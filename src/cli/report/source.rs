//! Where the rows of a report come from: the ledger or, with `--on`, an engine over a lake. `--print-sql` prints what the engine would compute.

use std::io::Write;
use std::path::Path;

use recip::Result;
use recip::engine::Engine;
use recip::model::period::Length;
use recip::render::organisation_acts::{Note, notes, write};
use recip::report::organisation_acts::NotCounted;
use recip::report::portable::{self, Computed, Dialect, Question};
use recip::report::reciprocity::{self, Reciprocity, Terms};
use recip::report::suggest::{self, SuggestFilter, Suggestion};
use recip::report::{FromCells, Lens, Names, Selection, organisation_acts, panel};

use crate::cli::console;
use crate::cli::interrupt;
use crate::cli::output::to;
use crate::cli::progress::Progress;
use crate::cli::selection::{as_known, options};
use crate::cli::session::Session;

/// Whether another engine computes the report.
#[derive(Debug, clap::Args)]
pub(crate) struct EngineArgs {
    /// Print the SQL that computes the report from the tables of 'recip export parquet': duckdb, spark, clickhouse or trino
    #[arg(long, value_name = "DIALECT", conflicts_with_all = ["format", "excel"], help_heading = "Other engines")]
    print_sql: Option<Dialect>,
    /// Compute the report on an engine that reads the tables of 'recip export parquet': an ADBC profile for the engine, by name or by path
    #[arg(id = "engine", long = "on", value_name = "PROFILE", conflicts_with = "print_sql", help_heading = "Other engines")]
    on: Option<String>,
    /// With --on: SQL dialect of the engine [default: reported by its driver]
    #[arg(long, value_name = "DIALECT", requires = "engine", conflicts_with = "print_sql", help_heading = "Other engines")]
    dialect: Option<Dialect>,
}

impl EngineArgs {
    /// The option by which another engine is requested.
    pub(crate) fn given(&self) -> Option<&'static str> {
        self.print_sql.map(|_| "--print-sql").or(self.on.as_ref().map(|_| "--on"))
    }

    /// Prints the statement that answers the question, if it is requested. Returns true if it was.
    pub(crate) fn print(
        &self,
        session: &Session,
        lens: &Lens<'_>,
        selection: &Selection,
        question: Question<'_>,
        output: Option<&Path>,
    ) -> Result<bool> {
        let Some(dialect) = self.print_sql else { return Ok(false) };
        let statement = portable::statement(lens, selection, question, dialect)?;
        to(session, output, |out| Ok(out.write_all(statement.as_bytes())?))?;
        Ok(true)
    }

    /// Where the rows come from. Connects to the engine if one is requested.
    pub(crate) fn source<'a>(&self, lens: &'a Lens<'a>, selection: &'a Selection, question: Question<'a>) -> Result<Source<'a>> {
        let computed = match &self.on {
            None => None,
            Some(profile) => {
                let engine = Engine::connect(profile, self.dialect, interrupt::of_ctrl_c()?)?;
                Some(Computed::new(engine, lens, selection, question)?)
            }
        };
        Ok(Source { computed, lens, selection })
    }
}

/// Takes rows one by one.
pub(crate) type Each<'a, R> = &'a mut dyn FnMut(R) -> Result<()>;

/// Where the rows of a report come from.
pub(crate) struct Source<'a> {
    /// `None`: from the ledger.
    computed: Option<Computed<'a>>,
    lens: &'a Lens<'a>,
    selection: &'a Selection,
}

impl Source<'_> {
    /// Passes the rows to `each`: those of the engine, or those that `of_ledger` reads.
    pub(crate) fn read<R: FromCells>(&self, each: Each<'_, R>, of_ledger: impl FnOnce(Each<'_, R>) -> Result<()>) -> Result<()> {
        let Some(computed) = &self.computed else { return of_ledger(each) };
        let (mut progress, mut rows) = (Progress::new(), 0);
        let read = computed.read(|row| {
            rows += 1;
            // A bar would stand between rows that are printed on the terminal.
            if !console::is_terminal() {
                progress.update_rows(rows, None, rows);
            }
            each(row)
        });
        progress.end();
        read
    }

    /// Passes the columns and the rows of the panel to `begin` and `each`.
    pub(crate) fn panel(&self, by: Length, begin: panel::Begin<'_>, each: panel::Each<'_>) -> Result<()> {
        let Some(computed) = &self.computed else { return panel::read(self.lens, by, begin, each) };
        computed.panel(by, begin, each)
    }

    /// Passes the figures of reciprocity to `each`.
    pub(crate) fn reciprocity(&self, terms: &Terms, each: Each<'_, Reciprocity>) -> Result<()> {
        let Some(computed) = &self.computed else { return reciprocity::read(self.lens, terms, each) };
        computed.reciprocity(terms, each)
    }

    /// Passes the suggestions to `each`.
    pub(crate) fn suggest(&self, filter: &SuggestFilter, progress: &mut dyn FnMut(u64, u64), each: Each<'_, Suggestion>) -> Result<()> {
        let Some(computed) = &self.computed else { return suggest::read(self.lens, filter, progress, each) };
        computed.suggest(filter, progress, each)
    }

    /// The names of the parties.
    pub(crate) fn names(&self) -> Result<Names> {
        self.computed.as_ref().map_or_else(|| Names::read(self.lens.connection()), Computed::names)
    }

    /// Names the acts of organisations, or of their members, that a report on a pair does not count.
    pub(crate) fn note_organisations(&self, out: &mut dyn Write) -> Result<()> {
        let acts = self.computed.as_ref().map_or_else(|| organisation_acts::read(self.lens), Computed::organisation_acts)?;
        write(&notes_on(&acts, self.lens, self.selection), out)
    }
}

/// The notes that [`Source::note_organisations`] writes, for a report that only the ledger computes.
pub(crate) fn not_counted(lens: &Lens<'_>, selection: &Selection) -> Result<Vec<Note>> {
    Ok(notes_on(&organisation_acts::read(lens)?, lens, selection))
}

/// The notes on acts that a report does not count, with commands that list them.
fn notes_on(acts: &NotCounted, lens: &Lens<'_>, selection: &Selection) -> Vec<Note> {
    notes(acts, &options(selection).into_iter().chain(as_known(lens)).collect::<Vec<_>>())
}
