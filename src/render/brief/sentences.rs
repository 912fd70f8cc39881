//! The sentences of the brief.

use std::collections::BTreeMap;

use crate::model::Stage;
use crate::model::count::{Approximation, Total, quantity};
use crate::model::counted;
use crate::model::name::with_article;
use crate::render::balance;
use crate::render::count_unknown;
use crate::render::pending::{due, due_in_words};
use crate::render::text::{capital, long_date};
use crate::report::balance::{SideWeight, net_weight, weights};
use crate::report::brief::Brief;
use crate::report::pending::Pending;
use crate::report::unanswered::Unanswered;

/// What is open against the party with this code, added up by unit: `35 persons`, `at least 2 properties`, `about 50 persons`. Acts of unknown count
/// follow: `3 acts (number of persons unknown)`.
pub(super) fn totals(rows: &[Unanswered], code: &str) -> Vec<String> {
    let mut known: BTreeMap<&str, Total> = BTreeMap::new();
    let mut unknown: BTreeMap<&str, i64> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.actor == code) {
        match row.open {
            Some(open) => known.entry(&row.unit).or_default().add(Some(open), row.count.approximation()),
            None => *unknown.entry(&row.unit).or_default() += 1,
        }
    }
    let mut known: Vec<(&str, Total)> = known.into_iter().collect();
    known.sort_by_key(|(_, total)| std::cmp::Reverse(total.known()));
    let mut totals: Vec<String> = known.into_iter().map(|(unit, total)| total.in_words(unit)).collect();
    totals.extend(unknown.into_iter().map(|(unit, acts)| format!("{} {}", quantity(Some(acts), "acts"), count_unknown(unit))));
    totals
}

/// A list in words: `35 persons and 2 properties`; `nothing`.
pub(super) fn listed(parts: &[String]) -> String {
    match parts {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The summary: what the brief is limited to, if anything (`since 2017-01-01`), the open amounts, the pending acts and the weights, one sentence
/// each.
pub(super) fn sentences(brief: &Brief, limits: &str) -> Vec<String> {
    let limited =
        (!limits.is_empty()).then(|| format!("This brief covers only a part of the acts: {limits}. Others may be open or pending."));
    limited.into_iter().chain(summary(brief)).collect()
}

fn summary(brief: &Brief) -> Vec<String> {
    let (a, b) = (with_article(&brief.a.name), with_article(&brief.b.name));
    if brief.acts.is_empty() {
        return vec![format!("Nothing is on record between {a} and {b}.")];
    }
    let open = |code| totals(&brief.claims, code);
    let (of_a, of_b) = (open(&brief.a.code), open(&brief.b.code));
    let mut sentences = vec![if of_a.is_empty() && of_b.is_empty() {
        format!("Nothing is open between {a} and {b}.")
    } else {
        capital(&format!("{} against {a}, and {} against {b}.", are_open(&of_a), are_open(&of_b)))
    }];
    sentences.push(pending(&brief.pending));
    sentences.extend(weighed(brief));
    sentences
}

fn are_open(totals: &[String]) -> String {
    let one = totals.is_empty() || totals.len() == 1 && is_of_one(&totals[0]);
    format!("{} {} open", listed(totals), if one { "is" } else { "are" })
}

/// True for `1 person` and for `about 1 person`.
fn is_of_one(total: &str) -> bool {
    let number = Approximation::WORDS.iter().find_map(|word| total.strip_prefix(word)).map_or(total, str::trim_start);
    number.starts_with("1 ")
}

fn pending(rows: &[Pending]) -> String {
    let of = |stage, unit| match rows.iter().filter(|p| p.stage == stage).count() {
        0 => None,
        n => Some(counted(n, unit)),
    };
    let parts: Vec<String> = [of(Stage::Threatened, "threats"), of(Stage::Announced, "announcements")].into_iter().flatten().collect();
    if parts.is_empty() {
        return "No threats or announcements are pending.".to_owned();
    }
    let ahead = |p: &&Pending| p.hours_left.map_or(p.days_left.is_some_and(|d| d >= 0), |hours| hours >= 0.0);
    let passed = match rows.iter().filter(|row| row.stage != Stage::Done && row.has_passed()).count() {
        0 => String::new(),
        n if n == rows.len() && n == 1 => "; its deadline has passed".to_owned(),
        n => format!("; the deadline of {n} has passed"),
    };
    let next = rows.iter().find(ahead).and_then(deadline_in_words).map_or(String::new(), |d| format!("; the next deadline is {d}"));
    format!("{} {} pending{passed}{next}.", listed(&parts), if rows.len() == 1 { "is" } else { "are" })
}

/// Which party was more hostile by weight, and on what basis; `None` if no act has a weight.
fn weighed(brief: &Brief) -> Option<String> {
    let [a, b] = side_weights(brief);
    let [name_a, name_b] = [&brief.a, &brief.b].map(|party| with_article(&party.name));
    let acts = |n| quantity(Some(n), "acts");
    let scale = format!("the {} scale", brief.scale);
    let left_out = balance::unweighted(&brief.balance).map(|kinds| kinds.replace('-', " "));
    if a.weighed + b.weighed == 0 {
        return left_out.map(|kinds| format!("No act has a weight on {scale}: {kinds}."));
    }
    let left_out = left_out.map_or(String::new(), |kinds| format!("; without a weight: {kinds}"));
    let by = format!("By weight on {scale} ({}{left_out})", acts(a.weighed + b.weighed));
    Some(match (a.total(), b.total()) {
        (Some(of_a), Some(of_b)) => {
            let [text_a, text_b] = [of_a, of_b].map(|points| weight(Some(points)));
            match () {
                () if text_a == text_b => format!("{by}, the two sides are even at {text_a} each."),
                () if of_a.min(of_b) >= 0.0 && of_a > of_b => format!("{by}, {name_a} was the friendlier: {text_a} against {text_b}."),
                () if of_a.min(of_b) >= 0.0 => format!("{by}, {name_b} was the friendlier: {text_b} against {text_a}."),
                () if of_a < of_b => format!("{by}, {name_a} was the more hostile: {text_a} against {text_b}."),
                () => format!("{by}, {name_b} was the more hostile: {text_b} against {text_a}."),
            }
        }
        (of_a, _) => {
            let (known, unknown) = if of_a.is_some() { (&name_a, &name_b) } else { (&name_b, &name_a) };
            let points = weight(of_a.or(b.total()));
            format!("{by}, {known} comes to {points}; the acts of {unknown} have no weight, so the two cannot be compared.")
        }
    })
}

/// What the balance leaves out, one sentence each.
pub(super) fn balance_notes(brief: &Brief) -> Vec<String> {
    balance::notes(&brief.balance, &brief.scale).iter().map(|note| capital(&format!("{}.", note.replace('-', " ")))).collect()
}

/// The total weight of each party over all kinds, and the first minus the second; empty: acts without weights.
pub(super) fn weights_of(brief: &Brief) -> [String; 3] {
    let sides = side_weights(brief);
    let [a, b] = sides.map(|side| weight(side.total()));
    [a, b, weight(net_weight(sides))]
}

/// The weights of the party named first and of the other.
fn side_weights(brief: &Brief) -> [SideWeight; 2] {
    let mut sides = weights(&brief.balance);
    if brief.a.code > brief.b.code {
        sides.reverse();
    }
    sides
}

/// A weight with one decimal and a typographic minus, but never a negative zero; empty: no weight.
pub(super) fn weight(weight: Option<f64>) -> String {
    match weight {
        None => String::new(),
        Some(points) if format!("{points:.1}") == "-0.0" => "0.0".to_owned(),
        Some(points) => format!("{points:.1}").replace('-', "−"),
    }
}

/// A deadline with the time left, for a table: `2017-09-01, in 32 d`.
pub(super) fn deadline(row: &Pending) -> Option<String> {
    row.deadline.as_ref().map(|deadline| format!("{deadline}, {}", due(row)))
}

/// A deadline with the time left, for a sentence: `1 September 2017, in 32 days`, `1 September 2017 at 12:00 UTC-05:00, in 5 hours`.
fn deadline_in_words(row: &Pending) -> Option<String> {
    let deadline = row.deadline.as_deref()?;
    let when = match deadline.split_once('T') {
        None => long_date(deadline),
        Some((day, time)) => {
            let (hour, offset) = time.split_at(time.find(['+', '-', 'Z']).unwrap_or(time.len()));
            format!("{} at {hour} UTC{}", long_date(day), offset.trim_start_matches('Z'))
        }
    };
    Some(format!("{when}, {}", due_in_words(row)))
}
