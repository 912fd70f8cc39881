//! What all rows of a sheet have in common: a side, the kind, the stage or the date that no column has.

use crate::error::Result;

use super::acts::Doubt;
use super::columns::{Column, REPLY, SHEET_NAME};
use super::layout::Layout;
use super::parties::Known;
use super::question::Question;
use super::who_acts::{Sides, may_be_name, sides};
use super::{Sheet, acts, amount, words};

/// What is proposed for all rows.
struct Common<'s, 'c> {
    sheet: &'s Sheet,
    columns: &'c mut Vec<Column>,
}

impl Common<'_, '_> {
    fn has(&self, meaning: &str) -> bool {
        self.columns.iter().any(|column| column.is(meaning))
    }

    /// True if a column is asked that may have this meaning.
    fn may_have(&self, meaning: &str) -> bool {
        self.columns.iter().any(|column| column.may_be(meaning))
    }

    fn add(&mut self, meaning: &str, value: &str, why: impl ToString) {
        let (sheet, meaning, value) = (self.sheet.name.clone(), meaning.to_owned(), value.to_owned());
        self.columns.push(Column { sheet, meaning, value, why: why.to_string(), ..Column::default() });
    }

    /// Adds a value that this text gives.
    fn add_from(&mut self, text: &str, meaning: &str, value: &str) {
        self.add(meaning, value, format!("'{text}'"));
        if let Some(added) = self.columns.last_mut() {
            text.clone_into(&mut added.heading);
        }
    }
}

/// Adds what all rows have in common. What nothing tells is asked.
pub(super) fn propose(book: &str, sheet: &Sheet, layout: &Layout, known: &mut Known<'_>, columns: &mut Vec<Column>) -> Result<()> {
    let mut common = Common { sheet, columns };
    add_sides(&mut common, book, layout, known)?;
    add_kind(&mut common, book, layout);
    ask_of_count(&mut common, layout);
    if !common.has("date") && !common.has("year") && !common.may_have("date") {
        common.add("date", "", "no column has dates");
    }
    if common.columns.iter().any(|column| column.meaning.starts_with(REPLY)) && !common.has("reply-date") {
        common.add("reply-date", "", "no column has the dates of the answers");
    }
    Ok(())
}

fn add_sides(common: &mut Common<'_, '_>, book: &str, layout: &Layout, known: &mut Known<'_>) -> Result<()> {
    let mut fixed = fixed_sides(common, book, layout, known)?;
    if let Some(text) = unclear(common, &fixed, known)? {
        if ask_of_countries(common, Question::which_side_of_several(&text)) {
            return Ok(());
        }
        fixed = Fixed::default();
    }
    let fixed = fixed.sides;
    // "Expelled by Russia" above a column of countries: they are the targets.
    let is_country = |column: &&mut Column| column.is("actor") && (words::is_country(&column.heading) || !column.why.is_empty());
    if let (Some((code, text)), None) = (&fixed[0], &fixed[1])
        && !common.has("target")
        && let Some(column) = common.columns.iter_mut().find(is_country)
    {
        "target".clone_into(&mut column.meaning);
        let (code, text) = (code.clone(), text.clone());
        common.add_from(&text, "actor", &code);
    }
    if fixed.iter().all(Option::is_none) && ask_of_places(common, book, layout, known)? {
        return Ok(());
    }
    for (side, fixed) in ["actor", "target"].into_iter().zip(fixed) {
        let other = if side == "actor" { "target" } else { "actor" };
        if common.has(side) || (common.may_have(side) && fixed.is_none()) {
            continue;
        }
        let name = common.sheet.name.trim().to_owned();
        let is_name = may_be_name(&name, false) && known.party(&name)?.is_some();
        match fixed {
            Some((code, text)) => common.add_from(&text, side, &code),
            None if is_name && common.has(other) => common.add(side, SHEET_NAME, "the sheet has its name"),
            None => common.add(side, "", Question::party_of_all(side)),
        }
    }
    Ok(())
}

/// Asks about the column of countries if the title or a name says from where people were expelled, and not by whom: `Expulsions from Russia`.
/// Returns whether it does.
fn ask_of_places(common: &mut Common<'_, '_>, book: &str, layout: &Layout, known: &mut Known<'_>) -> Result<bool> {
    for text in [layout.title.as_str(), common.sheet.name.as_str(), book] {
        if !sides(text, true, known)?.from.is_empty() {
            let text = text.to_owned();
            return Ok(!common.has("target") && ask_of_countries(common, Question::which_side_of_place(&text)));
        }
    }
    Ok(false)
}

/// The column whose heading does not say what its countries do.
fn countries<'c>(common: &'c mut Common<'_, '_>) -> Option<&'c mut Column> {
    common.columns.iter_mut().find(|column| column.is("actor") && words::is_country(&column.heading))
}

/// Asks which side the column of countries is, and which party the other side. False: there is no such column.
fn ask_of_countries(common: &mut Common<'_, '_>, question: Question) -> bool {
    let Some(column) = countries(common) else { return false };
    column.ask(question);
    let label = column.label();
    for (side, other) in [("actor", "target"), ("target", "actor")] {
        common.add(side, "", Question::party_beside(side, &label, other));
    }
    true
}

/// The sides that a text gives.
#[derive(Default)]
struct Fixed {
    text: String,
    /// The actor and the target, each with the text.
    sides: [Option<(String, String)>; 2],
    /// What the text names besides.
    unclear: Vec<String>,
}

/// The text that gives these sides, if it may mean others: `EU diplomats expelled: Russia`, or `Russia expels EU diplomats` above a column of
/// countries, which may be either side.
fn unclear(common: &mut Common<'_, '_>, fixed: &Fixed, known: &mut Known<'_>) -> Result<Option<String>> {
    let is_used = fixed.sides.iter().any(Option::is_some) && !(common.has("actor") && common.has("target"));
    let mut may_mean_others = false;
    for code in &fixed.unclear {
        may_mean_others |= !known.is_organisation(code)?;
    }
    if let ([Some((actor, _)), Some(_)], true) = (&fixed.sides, countries(common).is_some()) {
        // The members of an organisation act as it does.
        may_mean_others |= !known.is_organisation(actor)?;
    }
    Ok(Some(fixed.text.clone()).filter(|_| is_used && may_mean_others))
}

/// The actor and the target that the headings, the title or the names of the sheet and the file give.
fn fixed_sides(common: &Common<'_, '_>, book: &str, layout: &Layout, known: &mut Known<'_>) -> Result<Fixed> {
    let is_reply = |column: &&Column| column.meaning.starts_with(REPLY);
    let replies: Vec<String> = common.columns.iter().filter(is_reply).map(|column| column.heading.clone()).collect();
    for text in &replies {
        let Sides { actors, targets, others, .. } = sides(text, true, known)?;
        if let ([code], true) = (&actors.iter().chain(&others).collect::<Vec<_>>()[..], targets.is_empty()) {
            return Ok(Fixed { sides: [None, Some(((*code).clone(), text.clone()))], ..Fixed::default() });
        }
    }
    let headings = layout.headings.iter().filter(|heading| !words::heading(heading).1).map(|text| (text.as_str(), false));
    let names = [(common.sheet.name.as_str(), true), (book, true)];
    for (text, is_name) in headings.chain([(layout.title.as_str(), false)]).chain(names) {
        let Sides { actors, targets, unclear, .. } = sides(text, is_name, known)?;
        let one = |codes: Vec<String>| <[String; 1]>::try_from(codes).ok().map(|[code]| (code, text.to_owned()));
        let sides = [actors, targets].map(one);
        if sides.iter().any(Option::is_some) {
            return Ok(Fixed { text: text.to_owned(), sides, unclear });
        }
    }
    Ok(Fixed::default())
}

/// Asks about the column of counts if the title says that its numbers are sums or, for example, hundreds: `Expulsions, cumulative`.
fn ask_of_count(common: &mut Common<'_, '_>, layout: &Layout) {
    let title = words::words(&layout.title);
    let is_in = |at: usize| at.checked_sub(1).is_some_and(|before| ["in", "en", "в"].contains(&title[before].as_str()));
    let is_of_other = words::has(&title, &words::RUNNING_TOTAL) || amount::MULTIPLES.places(&title).any(|(at, ..)| is_in(at));
    if let Some(column) = common.columns.iter_mut().find(|column| column.is("count") && column.column.is_some() && is_of_other) {
        column.ask(Question::may_mean("count", false));
    }
}

fn add_kind(common: &mut Common<'_, '_>, book: &str, layout: &Layout) {
    if common.may_have("kind") {
        return;
    }
    let of =
        |meaning: &str| common.columns.iter().find(|column| column.is(meaning)).map(|column| column.heading.clone()).unwrap_or_default();
    if common.has("kind") {
        let planned = of("kind");
        if let Some(stage) = acts::stage(&planned).filter(|stage| *stage != "done" && !common.has("stage")) {
            common.add_from(&planned, "stage", stage);
        }
        return;
    }
    // "Expelled by" and "Expelling state" say what was done too.
    let texts = [layout.title.clone(), common.sheet.name.clone(), of("count"), of("actor"), of("target"), book.to_owned()];
    let mut doubt = None;
    for text in texts {
        match acts::of_all(&text) {
            Ok(None) => (),
            Ok(Some(act)) => {
                common.add_from(&text, "kind", act.kind);
                if let Some(stage) = act.stage.filter(|_| !common.has("stage")) {
                    common.add_from(&text, "stage", stage);
                }
                return;
            }
            Err(why) => {
                let says_one_kind = !matches!(why, Doubt::NamesSeveral(_));
                doubt = doubt.or_else(|| Some(Question::of_doubt(&text, &why)));
                if says_one_kind {
                    break;
                }
            }
        }
    }
    common.add("kind", "", doubt.unwrap_or_else(Question::kind_of_all));
}
