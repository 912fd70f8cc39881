//! What 'recip suggest' reads, as statements. The program computes the suggestions from their rows.

use crate::error::Result;
use crate::ledger::ActionKey;
use crate::report::suggest::{OF_REQUESTED, Part};
use crate::report::{Lens, Selection};

use super::dialect::Dialect;
use super::question::Question;
use super::{BASE, SCHEMA, WITH_CANDIDATES, definitions, printed_parts, put_together, values};

/// The views of these statements.
const SUGGEST: &str = include_str!("suggest.sql");

const REQUESTED: &str = "SELECT r.id AS id, r.ref AS ref, r.actor AS actor, r.target AS target FROM requested_action r";

/// The statements whose rows 'recip suggest' reads.
#[derive(Debug)]
pub(crate) struct SuggestStatements {
    /// The id or ref of the requested action, and the statement that finds it: id, ref, actor, target.
    pub requested: Option<(String, String)>,
    parts: Vec<(Part, String)>,
}

impl SuggestStatements {
    /// The statement of a part; `None`: the part is not needed.
    pub fn of(&self, part: Part) -> Option<&str> {
        self.parts.iter().find(|(of, _)| *of == part).map(|(_, statement)| statement.as_str())
    }
}

/// The statements for a selection: for all of its claims, or for an action, by its id or ref.
///
/// # Errors
/// As [`statement`](super::statement).
pub(super) fn statements(lens: &Lens<'_>, selection: &Selection, action: Option<&str>, dialect: Dialect) -> Result<SuggestStatements> {
    let mut values = values::values(lens, selection, Question::Suggest(action), dialect)?;
    if let Some(key) = action {
        values.insert("of_requested", of_requested(key, dialect)?);
    }
    let sources = [SCHEMA, BASE, SUGGEST, WITH_CANDIDATES];
    let mut known = definitions(if selection.with_candidates { &sources } else { &sources[..3] });
    known.extend(OF_REQUESTED);
    let statement = |select: &str| put_together(select, &known, dialect, &values);
    let parts = Part::ALL.into_iter().filter(|part| *part != Part::Shown || lens.narrows());
    Ok(SuggestStatements {
        requested: action.map(|key| (key.to_owned(), statement(REQUESTED))),
        parts: parts.map(|part| (part, statement(&part.select(action.is_some())))).collect(),
    })
}

/// The condition on the requested action. Upper and lower case do not distinguish refs, which have no other letters than those of ASCII.
fn of_requested(key: &str, dialect: Dialect) -> Result<String> {
    Ok(match ActionKey::from(key) {
        ActionKey::Id(id) => format!("id = {}", dialect.number(&id.to_string())),
        ActionKey::Ref(reference) => format!("lower(ref) = {}", values::quoted(&reference.to_ascii_lowercase())?),
    })
}

/// The same in the order in which they are read, each below a comment that says what it gives.
pub(super) fn printed(lens: &Lens<'_>, selection: &Selection, action: Option<&str>, dialect: Dialect) -> Result<String> {
    let SuggestStatements { requested, parts } = statements(lens, selection, action, dialect)?;
    let requested = requested.map(|(_, statement)| ("The action for which suggestions are requested", statement));
    Ok(printed_parts(requested.into_iter().chain(parts.into_iter().map(|(part, statement)| (part.about(), statement)))))
}
