//! The brief in sentences.

use std::collections::BTreeMap;

use crate::model::Stage;
use crate::model::count::quantity;
use crate::render::pending::due;
use crate::report::brief::Brief;
use crate::report::pending::Pending;
use crate::report::unanswered::Unanswered;

/// What stands open against the party with this code, added up by unit: `35 persons`, `2 properties`. Acts whose
/// count is not known are counted as such.
pub(super) fn totals(rows: &[Unanswered], code: &str) -> Vec<String> {
    let mut known: BTreeMap<&str, i64> = BTreeMap::new();
    let mut unknown: BTreeMap<&str, i64> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.actor == code) {
        match row.open {
            Some(open) => *known.entry(&row.unit).or_default() = known.get(row.unit.as_str()).unwrap_or(&0).saturating_add(open),
            None => *unknown.entry(&row.unit).or_default() += 1,
        }
    }
    let mut totals: Vec<(i64, String)> = known.into_iter().map(|(unit, n)| (n, quantity(Some(n), unit))).collect();
    totals.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    let mut totals: Vec<String> = totals.into_iter().map(|(_, text)| text).collect();
    totals.extend(unknown.into_iter().map(|(unit, acts)| format!("{} of an unknown number of {unit}", quantity(Some(acts), "acts"))));
    totals
}

/// `35 persons and 2 properties`; `nothing`.
pub(super) fn listed(parts: &[String]) -> String {
    match parts {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The balance in a sentence, then what is pending, then the weights.
pub(super) fn sentences(brief: &Brief) -> Vec<String> {
    let (a, b) = (&brief.a.name, &brief.b.name);
    if brief.acts.is_empty() {
        return vec![format!("Nothing is on record between {a} and {b}.")];
    }
    let open = |code| totals(&brief.claims, code);
    let (of_a, of_b) = (open(&brief.a.code), open(&brief.b.code));
    let mut sentences = vec![if of_a.is_empty() && of_b.is_empty() {
        format!("Nothing stands open between {a} and {b}.")
    } else {
        capital(&format!("{} against {a}, and {} against {b}.", stands(&of_a), stands(&of_b)))
    }];
    sentences.push(pending(&brief.pending));
    sentences.extend(weights(brief));
    sentences
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn stands(totals: &[String]) -> String {
    let one = totals.is_empty() || totals.len() == 1 && totals[0].starts_with("1 ");
    format!("{} {} open", listed(totals), if one { "stands" } else { "stand" })
}

fn pending(rows: &[Pending]) -> String {
    let of = |stage, unit| match rows.iter().filter(|p| p.stage == stage).count() {
        0 => None,
        n => Some(quantity(i64::try_from(n).ok(), unit)),
    };
    let parts: Vec<String> = [of(Stage::Threatened, "threats"), of(Stage::Announced, "announcements")].into_iter().flatten().collect();
    if parts.is_empty() {
        return "No threat and no announcement is pending.".to_owned();
    }
    let ahead = |p: &&Pending| p.hours_left.map_or(p.days_left.is_some_and(|d| d >= 0), |hours| hours >= 0.0);
    let next = rows.iter().find(ahead).and_then(deadline).map_or(String::new(), |d| format!("; the next deadline is {d}"));
    format!("{} {} pending{next}.", listed(&parts), if rows.len() == 1 { "is" } else { "are" })
}

fn weights(brief: &Brief) -> Option<String> {
    let (a, b) = sums(brief);
    let [said_a, said_b, _] = weights_of(brief);
    let by = format!("By weight on the scale {}", brief.scale);
    (a != 0.0 || b != 0.0).then(|| match () {
        () if said_a == said_b => format!("{by} the two are even, at {said_a} each."),
        () if a < b => format!("{by}, {} was the more hostile: {said_a} against {said_b}.", brief.a.name),
        () => format!("{by}, {} was the more hostile: {said_b} against {said_a}.", brief.b.name),
    })
}

/// The weights of both added up over the kinds, and the first's less the second's.
pub(super) fn weights_of(brief: &Brief) -> [String; 3] {
    let (a, b) = sums(brief);
    [a, b, a - b].map(|points| weight(Some(points)))
}

fn sums(brief: &Brief) -> (f64, f64) {
    brief.balance.iter().fold((0.0, 0.0), |(a, b), row| {
        let (of_a, of_b) = if row.party_a == brief.a.code { (row.a_weight, row.b_weight) } else { (row.b_weight, row.a_weight) };
        (a + of_a.unwrap_or(0.0), b + of_b.unwrap_or(0.0))
    })
}

/// A weight to a tenth, with a proper minus and no minus at nought; empty: there is none.
pub(super) fn weight(weight: Option<f64>) -> String {
    match weight {
        None => String::new(),
        Some(points) if format!("{points:.1}") == "-0.0" => "0.0".to_owned(),
        Some(points) => format!("{points:.1}").replace('-', "−"),
    }
}

/// A deadline with the time left: `2017-09-01, in 32 d`.
pub(super) fn deadline(row: &Pending) -> Option<String> {
    row.deadline.as_ref().map(|deadline| format!("{deadline}, {}", due(row)))
}
