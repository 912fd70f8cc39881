//! Guesses from the cells what those columns mean whose headings do not say it, as far as a meaning is still missing.

use super::columns::{Open, REPLY, acts_of, one_of_several};
use super::content::Content;
use super::question::Question;
use super::{acts, counted, words};

/// Decides by their cells what the other columns mean, as far as it is still missing.
pub(super) fn decide(open: &mut [Open]) {
    for column in open.iter_mut().filter(|column| column.is_open() && column.is_reply) {
        let content = &column.content;
        if content.is_empty() {
            column.leave_out_empty();
            continue;
        }
        let mut filled = content.cells.iter().filter(|cell| !cell.is_empty());
        if !content.dates && !content.links && (!column.is_of_answer || filled.all(|cell| words::is_yes_or_no(cell))) {
            column.ask(Question::is_answer());
            continue;
        }
        let all =
            [("date", content.dates), ("sources", content.links), ("count", content.counts), ("kind", content.kinds), ("summary", true)];
        let meaning = all.iter().find(|(_, is)| *is).map_or("", |(name, _)| name);
        column.decide(meaning, "");
    }
    for meaning in ["date", "count", "kind"] {
        one_of_several(open, &format!("{REPLY}{meaning}"));
    }
    let dated = if open.iter().any(|column| column.column.meaning == "year") { "year" } else { "date" };
    let says = |column: &Open, meaning: &'static str| {
        let heading = &column.column.heading;
        heading.is_empty() || words::heading(heading).0.contains(&meaning)
    };
    fill_in(open, dated, |content| content.dates, |column| says(column, "date") && !words::is_other_date(&column.column.heading));
    let is_kind = |column: &Open| says(column, "kind") && !acts::is_of_other_acts(&column.column.heading);
    fill_in(open, "kind", |content| content.kinds && !content.dates, is_kind);
    fill_in(open, "stage", |content| content.statuses, |_| false);
    find_sides(open);
    let is_clear = |column: &Open| column.is_count && acts::kind(&column.column.heading) != Some("tariff");
    let first = |column: &Open| column.column.column == Some(0) || column.column.heading.is_empty();
    for column in open.iter_mut().filter(|column| column.is_open() && column.content.in_order && first(column)) {
        column.leave_out("it numbers the rows".to_owned());
    }
    fill_in(open, "count", |content| content.counts && !content.years, is_clear);
    let has_count = open.iter().any(|column| column.column.is("count"));
    for column in open.iter_mut().filter(|column| column.is_open()) {
        if column.content.links {
            column.decide("sources", "by what is in its cells");
        } else if column.content.is_empty() {
            column.leave_out_empty();
        } else if has_count && words::is_unit(&column.column.heading) {
            column.ask(Question::has_units());
        } else if column.content.cells.iter().any(|cell| may_deny(cell)) {
            column.ask(Question::may_mean("stage", false));
        } else {
            column.leave_out("its heading and its cells do not tell what it means".to_owned());
        }
    }
}

/// True if a cell of a column that nobody explains may say that the act of its row was not done, or not for good.
fn may_deny(cell: &str) -> bool {
    !words::is_yes_or_no(cell) && words::words(cell).len() <= acts::MAX_REMARK && (acts::is_doubted(cell) || acts::leaves_open(cell))
}

/// Takes the one column with such cells for a meaning that no heading has; asks if there are several, or if its heading is not `clear`.
fn fill_in(open: &mut [Open], meaning: &str, is: impl Fn(&Content) -> bool, clear: impl Fn(&Open) -> bool) {
    let all: Vec<usize> = (0..open.len()).filter(|at| open[*at].is_open() && is(&open[*at].content)).collect();
    if !all.is_empty()
        && let Some(empty) = open.iter_mut().find(|column| column.column.is(meaning) && column.content.is_empty())
    {
        empty.leave_out_empty();
    }
    if let Some(label) = open.iter().find(|column| column.column.meaning == meaning).map(Open::label) {
        for at in all {
            let counts_others = || acts_of(&open[at]).is_some() || counted::names_counted(&open[at].column.heading);
            if meaning == "count" && acts::is_corrected(&open[at].column.heading) {
                open[at].ask(Question::may_mean(meaning, true));
            } else if meaning == "count" && counts_others() {
                open[at].ask(Question::counts_others());
            } else if meaning == "date" {
                open[at].leave_out(format!("a second date: the date is in {label}"));
            } else {
                open[at].leave_out(format!("the {meaning} is in {label}"));
            }
        }
        return;
    }
    if open.iter().any(|column| column.column.may_be(meaning)) {
        return;
    }
    match all[..] {
        [at] if clear(&open[at]) => open[at].decide(meaning, "by what is in its cells"),
        [at] if meaning == "date" => open[at].ask(Question::is_date_of_acts()),
        _ => {
            let is_one_of_several = all.len() > 1;
            for at in all {
                open[at].ask(Question::may_mean(meaning, is_one_of_several));
            }
        }
    }
}

/// Takes columns of parties for the sides that no heading has, if their headings only name a party and do not contradict that. A column that
/// names the same party as the other side is not this side.
fn find_sides(open: &mut [Open]) {
    let at_of = |open: &[Open], meaning: &str| open.iter().position(|column| column.column.meaning == meaning);
    let sides = ["actor", "target"].map(|meaning| at_of(open, meaning));
    let of_parties: Vec<usize> = (0..open.len()).filter(|at| open[*at].is_open() && open[*at].content.parties).collect();
    let (given, meaning) = match sides {
        [Some(_), Some(_)] => {
            for at in of_parties {
                if words::is_of_further_party(&open[at].column.heading) {
                    open[at].ask(Question::which_side(None));
                } else {
                    open[at].leave_out("other columns have the actor and the target".to_owned());
                }
            }
            return;
        }
        [Some(given), None] => (Some(given), "target"),
        [None, Some(given)] => (Some(given), "actor"),
        [None, None] => (None, "actor"),
    };
    let differs = |at: &usize| {
        let pairs = given.map(|given| open[*at].content.cells.iter().zip(&open[given].content.cells));
        pairs.is_none_or(|mut pairs| !pairs.any(|(one, other)| one == other && !one.is_empty()))
    };
    let (candidates, same): (Vec<usize>, Vec<usize>) = of_parties.into_iter().partition(differs);
    for at in same {
        open[at].leave_out(format!("it names the other side too, so it is not the {meaning}"));
    }
    // Of two countries neither heading says which of them acts.
    let is_plain = |at: usize| words::names_any_side(&open[at].column.heading);
    let other = given.map(|given| (open[given].label(), open[given].column.meaning.clone()));
    let question = Question::which_side(other.as_ref().map(|(label, side)| (label.as_str(), side.as_str())));
    match candidates[..] {
        [at] if is_plain(at) && given.is_none_or(|given| !is_plain(given)) => open[at].decide(meaning, "by what is in its cells"),
        _ => candidates.into_iter().for_each(|at| open[at].ask(question.clone())),
    }
}
