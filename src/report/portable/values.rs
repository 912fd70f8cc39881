//! The values of the parameters: the day, the scale and the conditions of a selection, as literals of a dialect.

use crate::error::{Error, Result};
use crate::report::lens::{Operands, of_actions, of_pair};
use crate::report::{Lens, Selection, pending};

use super::dialect::Dialect;
use super::question::Question;
use super::translate::Values;

/// The values for a question.
///
/// # Errors
/// The selection has something that cannot be expressed.
pub(super) fn values(lens: &Lens<'_>, selection: &Selection, question: Question<'_>, dialect: Dialect) -> Result<Values> {
    check(lens, selection)?;
    let literals = Literals::read(lens, selection, dialect)?;
    let day = literals.day(Some(lens.as_of()));
    let mut values = Values::from([
        ("date", dialect.date(&lens.as_of().iso())),
        ("as_of", day),
        ("instant", dialect.number(&lens.instant().to_string())),
        ("since", literals.since()),
        ("until", literals.until()),
        ("scale", literals.values("scale")),
        ("of_pair", of_pair(lens.sides(), &literals)),
        ("of_actions", of_actions(selection, &literals)),
    ]);
    match question {
        Question::Unanswered(sign) | Question::Survival(sign) => drop(values.insert("sign", quoted(sign.as_str())?)),
        Question::Pending { scope, within } => drop(values.insert("of_deadlines", of_deadlines(scope, within))),
        _ => (),
    }
    Ok(values)
}

/// Refuses what only the ledger itself can do.
fn check(lens: &Lens<'_>, selection: &Selection) -> Result<()> {
    let refused = |why: &str, way_out: &str| Err(Error::refused("another engine cannot compute this report", why, way_out));
    if lens.known().is_some() {
        let way_out = "export the ledger with --as-known, and leave --as-known out here";
        return refused("the exported tables hold the ledger as it is known at one time", way_out);
    }
    if selection.with_suggested.is_some() {
        return refused("suggested answers are settled one after another, which SQL cannot express", "leave out --with-suggested");
    }
    if selection.text.is_some() {
        return refused("the statements for engines read only some of the texts that --text searches", "leave out --text");
    }
    Ok(())
}

/// The condition on the rows of the report on pending acts.
fn of_deadlines(scope: pending::Scope, within: Option<i64>) -> String {
    let scope = match scope {
        pending::Scope::Statements => "stage <> 'done'",
        pending::Scope::Running => {
            "(stage <> 'done' OR NOT (hours_left IS NOT NULL AND hours_left < 0 OR hours_left IS NULL AND days_left < 0))"
        }
        pending::Scope::Passed => "1 = 1",
    };
    let within = within.map(|hours| {
        format!(" AND (hours_left IS NOT NULL AND hours_left <= {hours} OR hours_left IS NULL AND days_left IS NOT NULL AND days_left * 24 <= {hours})")
    });
    format!("{scope}{}", within.unwrap_or_default())
}

/// The values of a selection as literals.
struct Literals<'l> {
    dialect: Dialect,
    selection: &'l Selection,
    values: Vec<(&'static str, String)>,
    tags: String,
}

/// The names of the values that a lens stores.
const NAMES: [&str; 8] = ["scale", "pair", "other", "actor", "target", "kind", "stage", "dispute"];

impl Literals<'_> {
    fn read<'l>(lens: &Lens<'_>, selection: &'l Selection, dialect: Dialect) -> Result<Literals<'l>> {
        let chosen = |what: &'static str| Ok::<_, Error>((what, list(&lens.chosen(what)?)?));
        let tags: Vec<String> = lens
            .chosen("tag")?
            .iter()
            .map(|tag| Ok(format!("position({} IN ', ' || tags || ',') > 0", quoted(&format!(", {tag},"))?)))
            .collect::<Result<_>>()?;
        Ok(Literals {
            dialect,
            selection,
            values: NAMES.into_iter().map(chosen).collect::<Result<_>>()?,
            tags: format!("({})", tags.join(" OR ")),
        })
    }

    fn day(&self, day: Option<crate::model::Day>) -> String {
        day.map_or_else(|| "NULL".to_owned(), |day| self.dialect.number(&day.0.to_string()))
    }
}

impl Operands for Literals<'_> {
    fn values(&self, what: &str) -> String {
        self.values.iter().find(|(name, _)| *name == what).map(|(_, values)| values.clone()).unwrap_or_default()
    }

    fn since(&self) -> String {
        self.day(self.selection.since)
    }

    fn until(&self) -> String {
        self.day(self.selection.until)
    }

    fn is_tagged(&self) -> String {
        self.tags.clone()
    }
}

/// Texts as a list in parentheses.
pub(super) fn list<T: AsRef<str>>(texts: &[T]) -> Result<String> {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text.as_ref())).collect::<Result<_>>()?;
    Ok(format!("({})", texts.join(", ")))
}

/// A text in quotes. The dialects disagree on how a quote or a backslash within it is written, so neither is allowed.
pub(super) fn quoted(text: &str) -> Result<String> {
    if text.contains(['\'', '\\']) {
        let why = "not all engines read a quotation mark or a backslash in a text in the same way";
        return Err(Error::refused(format!("cannot write '{text}' in SQL"), why, "use a name without these characters"));
    }
    Ok(format!("'{text}'"))
}
