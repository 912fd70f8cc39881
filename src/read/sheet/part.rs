//! A part of a sheet below a row that has nothing but a text, such as `Germany`, `26 March 2018` or `B. Measures by Russia`.

use crate::error::Result;

use super::acts;
use super::columns::Column;
use super::dates;
use super::parties::{Known, Party};
use super::question::Question;
use super::who_acts::{Sides, names_group, names_party, says_side, sides};

/// The rows below a subheading.
pub(super) struct Part {
    pub text: String,
    /// The row of the subheading.
    pub row: u32,
    /// What it gives the rows below that have no column for it: `date` or `actor`.
    pub fills: Option<&'static str>,
    sides: Sides,
    /// True if it is the name of a party, or a date.
    is_value: bool,
    /// True if it says who acts or against whom, even if it names no party that is known.
    says_side: bool,
    /// The kinds that it names.
    kinds: Vec<&'static str>,
    /// The stage that it names.
    stage: Option<&'static str>,
    /// True if it may say that the acts below it were not done, or not yet.
    leaves_open: bool,
}

impl Part {
    pub fn of(text: &str, row: u32, columns: &[Column], known: &mut Known<'_>) -> Result<Part> {
        let has = |meaning: &str| columns.iter().any(|c| c.is(meaning) && (c.column.is_some() || !c.value.is_empty()));
        let (is_date, is_party) = (dates::is_day(text), known.may_be_party(text)?);
        let fills = match (is_date, is_party) {
            (true, _) if !has("date") && !has("year") => Some("date"),
            (false, true) if !has("actor") => Some("actor"),
            _ => None,
        };
        let is_group = names_group(text) && names_party(text, known)?;
        let sides = if is_date || is_group { Sides::default() } else { sides(text, true, known)? };
        let is_value = is_date || is_party;
        Ok(Part {
            text: text.to_owned(),
            row,
            fills,
            sides,
            is_value,
            says_side: says_side(text),
            kinds: acts::named(text),
            stage: acts::stage(text),
            leaves_open: !is_value && !is_group && acts::leaves_open(text),
        })
    }

    /// What is asked of a row with these parties if the subheading names others, or may do so. An organisation whose part in the acts it does not
    /// say is a heading for its members.
    pub fn question(&self, parties: &[Vec<Party>; 2], known: &mut Known<'_>) -> Result<Option<Question>> {
        let Sides { actors, targets, others, .. } = &self.sides;
        let is_there =
            |codes: &[String], sides: &[Vec<Party>]| codes.is_empty() || sides.iter().flatten().any(|party| codes.contains(&party.code));
        let either = if self.is_value { &parties[..] } else { &parties[..1] };
        let names_party = ![actors, targets, others].iter().all(|codes| codes.is_empty());
        let agrees = match names_party {
            true => {
                is_there(actors, &parties[..1])
                    && is_there(targets, &parties[1..])
                    && (is_there(others, either) || are_members(either, others, known)?)
            }
            false => !self.says_side,
        };
        Ok((self.fills.is_none() && !agrees).then(|| Question::who_acts(self.row, &self.text)))
    }

    /// What is asked of an act with this kind and stage if the subheading names another kind, or may say that the act was not done.
    pub fn question_of_act(&self, kind: &str, stage: &str) -> Option<Question> {
        let is_done = ["", "done"].contains(&stage);
        if !kind.is_empty() && !self.kinds.is_empty() && !self.kinds.contains(&kind) {
            Some(Question::is_of_kind(self.row, &self.text, kind))
        } else if self.leaves_open && (is_done || self.stage.is_some_and(|named| named != stage)) {
            Some(Question::was_done_below(self.row, &self.text))
        } else {
            None
        }
    }
}

/// True if one of the parties is a member of one of these organisations.
pub(super) fn are_members(sides: &[Vec<Party>], organisations: &[String], known: &mut Known<'_>) -> Result<bool> {
    for party in sides.iter().flatten() {
        for organisation in organisations {
            if known.is_member(&party.code, organisation)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
