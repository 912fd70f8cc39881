//! The words by which people name columns, in English, German, French, Spanish and Russian.

mod terms;

use std::sync::LazyLock;

use crate::model::name::fold;

use super::{acts, who_acts};

pub(super) use terms::{Table, Terms, terms};

/// A column with numbers that may be those of the rows, or counts.
pub(super) const NUMBERS: &str = "no";
/// A column that describes the list, not the acts.
pub(super) const ASIDE: &str = "aside";

/// The columns of the flat CSV by the headings that people give them, and [`NUMBERS`] and [`ASIDE`].
static COLUMNS: LazyLock<Table> = LazyLock::new(|| {
    let first = ["date", "target", "actor", "kind", "count", "stage", "summary", "sources", "place", "deadline", "dispute", "by", "ref"];
    Table::of("headings", &[&first[..], &[NUMBERS, ASIDE]].concat())
});
/// The side of an expulsion by the headings that say who sent a mission and who received it.
static MISSIONS: LazyLock<Table> = LazyLock::new(|| Table::all("missions"));
/// The side that a heading of a column of parties says in so many words: `Affected state`, `Measure taken by`.
static ROLES: LazyLock<Table> = LazyLock::new(|| Table::all("roles"));
/// The units of the shipped kinds by the words for them.
static UNITS: LazyLock<Table> = LazyLock::new(|| Table::all("units"));
/// The parts of a date by the headings of columns of their own.
static DATE_PARTS: LazyLock<Table> = LazyLock::new(|| Table::all("date-parts"));
/// The orders of the parts of a date as headings give them.
static ORDERS: LazyLock<Table> = LazyLock::new(|| Table::all("date-orders"));

terms! {
    /// What may stand beside the word for a country in headings that do not say what it does: `Side A`, `Other country`.
    SIDES = "heading-words": "side";
    /// The headings of columns with the unit of a count, and the units of the shipped kinds by the words for them.
    UNIT = "heading-words": "unit";
    /// Dates that are not those of the act: of its end, of a plan, of a person, of a source.
    OTHER_DATES = "heading-words": "other-date";
    /// When an act ended, or ends.
    END_DATES = "heading-words": "end-date";
    /// The headings of the rank of a person, which may be that of a row too.
    RANKS = "heading-words": "rank";
    /// What a heading of a count may say besides whom or what it counts.
    COUNTED = "heading-words": "beside-count";
    /// People of whom there is a number also if nothing happens to them.
    STAFF = "heading-words": "staff";
    /// Participles by which a heading asks whether there was an answer, or which one.
    ANSWERED = "heading-words": "answered";
    /// What a heading of a source may say besides.
    OF_SOURCES = "heading-words": "beside-source";
    /// What says where people come from, have to leave or go to, so that it may name either side.
    ORIGIN = "heading-words": "origin";
    /// What may say that a column names something that a row goes with.
    LINKED = "heading-words": "linked";
    /// The headings of columns that number the rows, or say where they stand.
    ORDINALS = "heading-words": "ordinal";
    /// The headings of columns with the ref of the act that a row answers.
    ANSWERS = "heading-words": "answers";
    /// The headings that name a country without saying what it does.
    COUNTRIES = "heading-words": "country";
    /// What a heading says of the other side's answer.
    REPLY = "heading-words": "reply";
    /// What says that something is so, and that it is not.
    YES = "cells": "yes";
    NO = "cells": "no";
    /// What says that there was no answer.
    NO_ANSWER = "cells": "no-answer";
    /// What says only whether there was an answer.
    YES_OR_NO = "cells": "yes-or-no";
    /// What says that a row repeats another.
    DUPLICATE = "cells": "duplicate";
    /// What begins the row of a total.
    TOTALS = "cells": "total";
    /// What says that the numbers below a heading include those of the rows above: `Total to date`.
    RUNNING_TOTAL = "heading-words": "running-total";
    /// Words before whoever did something.
    DONE_BY = "heading-words": "by";
    /// The headings of a column that says whether an act was done, if it says yes.
    DONE_IF_YES = "heading-words": "done-if-yes";
    /// The headings of a column that says whether an act was done, if it says no.
    DONE_IF_NO = "heading-words": "done-if-no";
    /// What a heading says of when an act is in force.
    IN_FORCE = "heading-words": "in-force";
    /// The premises that a heading may count.
    PREMISES = "heading-words": "premises";
    /// A heading of the state that received a mission, if it says nothing else.
    HOST = "heading-words": "host";
    /// The headings of two columns of which the party in one acts on the party in the other: `From` and `To`.
    FROM = "heading-words": "from";
    TO = "heading-words": "to";
    /// The headings that say where people come from, and nothing else.
    ORIGIN_ALONE = "heading-words": "origin-alone";
    /// The headings that programs give to columns without one.
    UNNAMED = "heading-words": "unnamed";
    /// What a heading says of a party that is not the only one.
    FURTHER = "heading-words": "further";
    /// Words before the day for which a list says what is known.
    AS_OF = "heading-words": "as-of";
    /// What says that a cell repeats the one above it.
    DITTO = "cells": "ditto";
    /// Words before a ref.
    LABELS = "cells": "label";
}

/// The words of a text, folded. A sign for "number" is a word.
pub(super) fn words(text: &str) -> Vec<String> {
    let text = text.replace(['№', '#'], " no ").replace("N°", "no ").replace("n°", "no ");
    text.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|word| !word.is_empty()).collect()
}

/// True if a text has a number.
pub(super) fn has_number(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// True if a text has one of these terms.
pub(super) fn has(text: &[String], terms: &Terms) -> bool {
    terms.places(text).next().is_some()
}

/// What a text may mean by a table, that with the longest term first, with the lengths of the terms.
fn meanings(text: &str, table: &Table) -> Vec<(usize, &'static str)> {
    let text = words(text);
    let longest = |terms: &Terms| terms.places(&text).map(|(.., letters)| letters).max();
    let mut all: Vec<(usize, &'static str)> = table.iter().filter_map(|(meaning, terms)| Some((longest(terms)?, *meaning))).collect();
    all.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    all
}

/// What a text means according to a table, if it has one meaning: that of the longest term in it.
pub(super) fn meaning(text: &str, table: &Table) -> Option<&'static str> {
    match meanings(text, table)[..] {
        [(length, _), (other, _), ..] if length == other => None,
        [(_, meaning), ..] => Some(meaning),
        [] => None,
    }
}

/// The columns of the flat CSV that a heading may name, the likeliest first, and whether it speaks of an answer.
pub(in crate::read) fn heading(text: &str) -> (Vec<&'static str>, bool) {
    let mut all = [meanings(text, &MISSIONS), meanings(text, &COLUMNS)].concat();
    all.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    let mut found: Vec<&'static str> = Vec::new();
    for (_, meaning) in all {
        if !found.contains(&meaning) {
            found.push(meaning);
        }
    }
    (found, has(&words(text), &REPLY))
}

/// The side that a heading of a column of parties says, however plainly it names a country besides: `Country (target)`.
pub(super) fn role(text: &str) -> Option<&'static str> {
    meaning(text, &ROLES).or_else(|| says_by_whom(text).then_some("actor"))
}

/// True if a heading ends by asking by whom something was done: `Cancelled by`, `Ausgewiesen durch das Land`.
fn says_by_whom(text: &str) -> bool {
    let text = without(&without(&without(&words(text), &COUNTRIES), &who_acts::ARTICLES), &SIDES);
    let Some((last, before)) = text.split_last() else { return false };
    let is_done = acts::names_kind(before) || has(before, &who_acts::DONE_TO) || has(before, &acts::REVERSALS);
    has(std::slice::from_ref(last), &who_acts::BY) && is_done && !has(before, &who_acts::MADE)
}

/// The side of an expulsion that a heading names by who sent a mission and who received it.
pub(super) fn of_mission(text: &str) -> Option<&'static str> {
    meaning(text, &MISSIONS).or_else(|| HOST.are_whole(&words(text)).then_some("actor"))
}

/// True if a heading names a party without saying what it does.
pub(super) fn names_any_side(text: &str) -> bool {
    let rest = without(&without(&words(text), &COUNTRIES), &SIDES);
    rest.is_empty() && role(text).is_none()
}

/// True for the heading of a column with parties beside those of another column: `Co-actor`, `Second target`.
pub(super) fn is_of_further_party(text: &str) -> bool {
    let is_side = heading(text).0.iter().any(|meaning| ["actor", "target"].contains(meaning));
    is_side && has(&words(text), &FURTHER)
}

/// True if a heading asks whether an act was done.
pub(super) fn asks_whether_done(heading: &str) -> bool {
    let text = words(heading);
    (has(&text, &DONE_IF_YES) || done_if_no(&text)) && !has(&text, &DONE_BY)
}

/// True if a heading asks whether an act was not done, or not for good, or is no act of its own: `Lifted`, `Fake`, `Duplicate`.
fn done_if_no(heading: &[String]) -> bool {
    let is_whole = || {
        let all = [&*acts::REVERSALS, &*acts::OPEN, &*acts::CHANGED, &*acts::DOUBTED, &*DUPLICATE];
        all.iter().any(|terms| terms.are_whole(heading)) || acts::may_be_undone(&heading.join(" "))
    };
    has(heading, &DONE_IF_NO) || is_whole()
}

/// True if a cell below such a heading does not say that the act was done. An empty one leaves it open whether it was confirmed, but does not
/// say that it was cancelled.
pub(super) fn leaves_doubt(heading: &str, cell: &str) -> bool {
    let heading = words(heading);
    let (if_yes, if_no) = (has(&heading, &DONE_IF_YES), done_if_no(&heading));
    let cell = words(cell);
    (if_yes && !YES.are_whole(&cell)) || (if_no && !cell.is_empty() && !NO.are_whole(&cell))
}

/// True for the heading of a column with the units of counts.
pub(super) fn is_unit(heading: &str) -> bool {
    UNIT.are_whole(&words(unbracketed(heading)))
}

/// True if a cell names this unit, and nothing else.
pub(super) fn names_unit(cell: &str, unit: &str) -> bool {
    let text = words(cell);
    text == words(unit) || UNITS.terms(unit).is_some_and(|terms| terms.are_whole(&text))
}

/// True if a heading of dates says that they are not those of the acts: `Date lifted`.
pub(super) fn is_other_date(heading: &str) -> bool {
    has(&words(heading), &OTHER_DATES)
}

/// True if a heading of dates says that they are those on which the acts ended, or end: `Lifted on`.
pub(super) fn is_end_date(heading: &str) -> bool {
    has(&words(heading), &END_DATES)
}

/// True if a heading of numbers says that they include those of the rows above: `Total to date`.
pub(super) fn is_running_total(heading: &str) -> bool {
    has(&words(heading), &RUNNING_TOTAL)
}

/// True for a heading of the ranks of people.
pub(super) fn is_rank(heading: &str) -> bool {
    RANKS.are_whole(&words(heading))
}

/// True if a cell repeats the one above it by a sign.
pub(super) fn is_ditto(cell: &str) -> bool {
    const SIGNS: [&str; 9] = ["\"", "''", "\u{3003}", "\u{2033}", "\u{201d}", "\u{201e}", "\u{201c}", "\u{bb}", "-\"-"];
    SIGNS.contains(&cell) || DITTO.are_whole(&words(cell))
}

/// A heading without what it has in brackets, unless it has nothing else.
fn unbracketed(text: &str) -> &str {
    text.split(['(', '[']).next().map(str::trim).filter(|text| !text.is_empty()).unwrap_or(text)
}

/// True if a heading names this column of the flat CSV and says nothing else.
pub(super) fn is_plainly(text: &str, meaning: &str) -> bool {
    let text = words(unbracketed(text));
    [&COLUMNS, &MISSIONS].iter().any(|table| table.terms(meaning).is_some_and(|terms| terms.are_whole(&text)))
}

/// True if a heading names a country without saying what it does.
pub(super) fn is_country(text: &str) -> bool {
    COUNTRIES.are_whole(&words(unbracketed(text))) && role(text).is_none()
}

/// True if a heading names a country, among other things.
pub(super) fn has_country(text: &str) -> bool {
    has(&words(text), &COUNTRIES)
}

/// A text without the words of these terms.
pub(super) fn without(text: &[String], terms: &Terms) -> Vec<String> {
    let found: Vec<(usize, usize)> = terms.places(text).map(|(at, length, _)| (at, length)).collect();
    let is_apart = |at: &usize| found.iter().all(|(first, length)| at < first || first + length <= *at);
    (0..text.len()).filter(is_apart).map(|at| text[at].clone()).collect()
}

/// What a heading of a count or of an answer may say besides.
fn beside() -> [&'static Terms; 6] {
    [&acts::OBJECTS, &acts::FILLERS, &who_acts::BY, &who_acts::HELPERS, &COUNTED, &REPLY]
}

/// True if a heading without the names of parties says what was counted, and nothing else: `Number of diplomats`, and not `Phone number`.
pub(super) fn is_count(heading: &[String]) -> bool {
    let rest = acts::without_kinds(heading);
    let names_kind = rest.len() < heading.len();
    let of_count = || COLUMNS.terms("count").into_iter();
    let says_it = names_kind || of_count().chain([&*acts::OBJECTS]).any(|terms| has(&rest, terms));
    let is_of_staff = has(&rest, &STAFF) && !names_kind;
    let rest = of_count().chain(beside()).fold(rest, |rest, terms| without(&rest, terms));
    says_it && !is_of_staff && rest.is_empty()
}

/// True if a heading without the names of parties speaks of an answer, and of nothing that only has to do with it: `Response time`.
pub(super) fn is_of_answer(heading: &[String]) -> bool {
    let columns = ["count", "date", "kind", "summary", "stage", "sources", "place", "by", "deadline"];
    let known = columns.iter().filter_map(|column| COLUMNS.terms(column)).chain(beside());
    let rest = known.fold(acts::without_kinds(heading), |rest, terms| without(&rest, terms));
    !has(heading, &ANSWERED) && rest.is_empty()
}

/// True if a heading names sources, and not something about them: `Source language`.
pub(super) fn is_of_sources(heading: &str) -> bool {
    let text = words(unbracketed(heading));
    let rest = COLUMNS.terms("sources").map_or(text.clone(), |terms| without(&text, terms));
    let rest = without(&rest, &OF_SOURCES);
    rest.iter().all(|word| word.len() < 3 && word.bytes().all(|b| b.is_ascii_digit()))
}

/// True if a heading says where people come from or go to, and not who acts. `Expulsés de` is as open as `Expelled from`.
pub(super) fn is_of_origin(heading: &str) -> bool {
    let text = words(heading);
    let is_from = |last: &String| has(std::slice::from_ref(last), &who_acts::FROM);
    let ends_with_from = text.split_last().is_some_and(|(last, before)| is_from(last) && has(before, &who_acts::EXPELLED));
    text.len() > 1 && has(&text, &ORIGIN) || ends_with_from || ORIGIN_ALONE.are_whole(&text)
}

/// The side that a heading of one word names beside its counterpart: `From` and `To`.
pub(super) fn from_to(heading: &str) -> Option<usize> {
    [&FROM, &TO].iter().position(|terms| terms.are_whole(&words(heading)))
}

/// The order of day, month and year that a heading gives: `Date (MM/DD/YYYY)`.
pub(super) fn order(heading: &str) -> Option<&'static str> {
    meaning(heading, &ORDERS)
}

/// True if a heading says that the cells name what a row goes with: `Linked ID`.
pub(super) fn is_linked(heading: &str) -> bool {
    let text = words(heading);
    LINKED.places(&text).any(|(at, ..)| at == 0)
}

/// True if a cell says that there was no answer.
pub(super) fn is_no_answer(cell: &str) -> bool {
    let text = words(cell);
    text.is_empty() || NO_ANSWER.are_whole(&text)
}

/// True if a cell says no more than whether there was an answer.
pub(super) fn is_yes_or_no(cell: &str) -> bool {
    YES_OR_NO.are_whole(&words(cell))
}

/// True if a remark may say that its row repeats another.
pub(super) fn is_duplicate(cell: &str) -> bool {
    has(&words(cell), &DUPLICATE)
}

/// True for the heading of a column that numbers the rows.
pub(super) fn is_ordinal(text: &str) -> bool {
    let text = words(text);
    text.is_empty() || has(&text[..1], &UNNAMED) || ORDINALS.are_whole(&text)
}

/// True for the heading of a column with the ref of the act that a row answers.
pub(super) fn is_answered(text: &str) -> bool {
    let mut text = words(unbracketed(text));
    while text.len() > 1 && text.last().is_some_and(|last| ["no", "nr", "id", "ref", "event", "act", "row"].contains(&last.as_str())) {
        text.pop();
    }
    ANSWERS.are_whole(&text)
}

/// A ref without a word such as `No.` before it.
pub(super) fn bare_ref(text: &str) -> &str {
    let label_of =
        |(label, rest): &(&str, &str)| !rest.is_empty() && words(label).iter().all(|word| LABELS.are_whole(std::slice::from_ref(word)));
    text.rsplit_once([' ', '.', '#', '№', '°']).filter(label_of).map_or(text, |(_, rest)| rest)
}

/// The one year of four digits in a text.
pub(super) fn year(text: &str) -> Option<&str> {
    let mut years = years(text);
    years.next().filter(|first| years.all(|other| other == *first))
}

/// The years of four digits in a text.
pub(super) fn years(text: &str) -> impl Iterator<Item = &str> {
    let is_year = |word: &&str| word.len() == 4 && word.parse().is_ok_and(|year: u32| (1800..2100).contains(&year));
    text.split(|c: char| !c.is_alphanumeric()).filter(is_year)
}

/// True if a text says of when a list is: `As of January 2019`, `Updated in 2019`.
pub(super) fn is_of_list(text: &str) -> bool {
    has(&words(text), &AS_OF) || heading(text).0.contains(&ASIDE)
}

/// The part of a date that a heading of one word names.
pub(super) fn date_part(text: &str) -> Option<&'static str> {
    if words(text).len() == 1 { meaning(text, &DATE_PARTS) } else { None }
}

/// True if a text begins a row with totals.
pub(super) fn is_total(text: &str) -> bool {
    words(text).len() <= 4 && has(&words(text), &TOTALS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_five_languages() {
        for (text, expected) in [
            ("Country", (Some("actor"), false)),
            ("Diplomats expelled", (Some("count"), false)),
            ("Date of reply", (Some("date"), true)),
            ("Country against", (Some("target"), false)),
            ("Reply by Russia", (None, true)),
            ("Source country", (Some("actor"), false)),
            ("Maßnahme", (Some("kind"), false)),
            ("gegen", (Some("target"), false)),
            ("Nombre de diplomates", (Some("count"), false)),
            ("País", (Some("actor"), false)),
            ("Дата ответа", (Some("date"), true)),
            ("Bemerkungen", (Some("summary"), false)),
            ("xyz", (None, false)),
        ] {
            let (columns, is_reply) = heading(text);
            assert_eq!((columns.first().copied(), is_reply), expected, "{text}");
        }
        assert!(is_total("Grand total") && is_total("Summe") && !is_total("United Kingdom"));
    }
}
