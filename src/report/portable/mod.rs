//! Reports as SQL for other engines: DuckDB, Spark, ClickHouse and Trino, over the tables of a Parquet export.
//!
//! A statement consists of the views of `schema.sql` that the report reads, as common table expressions. They are the same statements that
//! SQLite runs, translated to the dialect, and are based on the views of `base.sql`, which read the exported tables in the place of a lens. All
//! names and codes in a statement are those of the catalogue, never the words of the command line.
//!
//! The figures of reciprocity, and suggestions, are computed by the program, from the rows of the statements in `reciprocity.rs` and
//! `suggest.rs`.
//!
//! The fold of the reports of feeds to candidates, which the ledger does outside its views, has views of its own in `fold.sql`.

mod computed;
mod dialect;
mod fold;
mod lake_import;
mod panel;
mod question;
mod reciprocity;
mod suggest;
mod token;
mod translate;
mod values;
mod visible;

use std::collections::BTreeMap;

use crate::error::Result;
use crate::ledger::{SCHEMA, objects_in};
use crate::report::{Lens, Selection};

pub use computed::Computed;
pub(crate) use computed::without_table;
pub use dialect::Dialect;
pub use fold::{Folded, TableName, fold};
pub(crate) use lake_import::{Wanted, wanted};
pub use question::Question;
pub(crate) use reciprocity::ReciprocityStatements;
pub(crate) use suggest::SuggestStatements;
use translate::{Values, relations, translate};
#[cfg(feature = "parquet")]
pub(crate) use visible::MANIFEST;
pub use visible::{Place, visible};

/// The views in the place of a lens.
const BASE: &str = include_str!("base.sql");
/// Those that differ if candidates are included.
const WITH_CANDIDATES: &str = include_str!("candidates.sql");

/// The statement that answers a question about a selection, with the columns and the rows of the report. The figures of reciprocity, and
/// suggestions, are not computed in SQL: for them, the statements give the rows from which the program computes them.
///
/// # Errors
/// The selection has something that these statements cannot express: the ledger as it was known, suggested answers, a searched text, some
/// characters in tags.
pub fn statement(lens: &Lens<'_>, selection: &Selection, question: Question<'_>, dialect: Dialect) -> Result<String> {
    match question {
        Question::Panel(by) => return panel::statement(lens, selection, by, &panel::kinds(lens)?, dialect),
        Question::Reciprocity => return reciprocity::printed(lens, selection, dialect),
        Question::Suggest(action) => return suggest::printed(lens, selection, action, dialect),
        _ => (),
    }
    let values = values::values(lens, selection, question, dialect)?;
    let both = [SCHEMA, BASE, WITH_CANDIDATES];
    let mut known = definitions(if selection.with_candidates { &both } else { &both[..2] });
    // The other reports add the candidates by themselves.
    if let (Question::Unanswered(_), Some(both)) = (question, known.get("claiming_action").copied()) {
        known.insert("selected_action", both);
    }
    Ok(put_together(&question.select(selection.with_candidates), &known, dialect, &values))
}

/// The statement of a SELECT and the views that it reads.
fn put_together(select: &str, known: &Definitions, dialect: Dialect, values: &Values) -> String {
    let mut named: Vec<&str> = Vec::new();
    relations(select).into_iter().for_each(|name| collect(name, known, &mut named));
    let parts = named.into_iter().filter_map(|name| {
        let part = translate(known.get(name)?, dialect, values);
        let lines: Vec<&str> = part.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        Some(format!("{name} AS (\n{}\n)", lines.join("\n")))
    });
    let parts: Vec<String> = parts.collect();
    format!("WITH {}\n{}{};\n", parts.join(", "), translate(select, dialect, values), dialect.settings())
}

/// Several statements, each below a comment that says what it gives.
fn printed_parts(parts: impl IntoIterator<Item = (&'static str, String)>) -> String {
    parts.into_iter().map(|(comment, statement)| format!("-- {comment}\n{statement}")).collect::<Vec<_>>().join("\n")
}

/// The statements of views, by name.
type Definitions = BTreeMap<&'static str, &'static str>;

/// The statements of all views in these texts. A later one takes the place of an earlier one of the same name.
fn definitions(sources: &[&'static str]) -> Definitions {
    let views = sources.iter().flat_map(|source| objects_in(source)).filter(|(sort, _, _)| *sort == "view");
    views.filter_map(|(_, name, statement)| Some((name, statement.split_once(" AS\n")?.1))).collect()
}

/// Adds a view to the names, after the views that it reads.
fn collect<'v>(name: &str, known: &'v Definitions, named: &mut Vec<&'v str>) {
    let Some((name, statement)) = known.get_key_value(name) else { return };
    if !named.contains(name) {
        relations(statement).into_iter().for_each(|read| collect(read, known, named));
        named.push(name);
    }
}
