//! Every rule about a link, tried on every link: the rules of `schema.sql`, written a second time.

use super::Findings;
use super::book::{Act, Book, Tie};
use super::fold::Reckoned;
use crate::model::{Relation, Sign, Stage};

/// Tries every link.
pub(super) fn judge(book: &Book, reckoned: &[Reckoned], findings: &mut Findings) {
    for tie in &book.ties {
        let broken = broken(book, tie).or_else(|| carried(book, reckoned, tie));
        if let Some(what) = broken {
            let (later, earlier) = (book.act(tie.later).id, book.act(tie.earlier).id);
            let place = format!("link {}: #{later} {} #{earlier}", tie.id, tie.relation);
            findings.error("arithmetic", place, what, format!("'recip unlink {later} {earlier}', and link them anew"));
        }
    }
    for place in in_circles(book) {
        let id = book.act(place).id;
        findings.error("arithmetic", format!("#{id}"), "its links run in a circle", format!("'recip chain {id}' draws it: unlink one"));
    }
}

/// The rule that a link breaks.
fn broken(book: &Book, tie: &Tie) -> Option<&'static str> {
    let (later, earlier) = (book.act(tie.later), book.act(tie.earlier));
    if later.voided || earlier.voided {
        return Some("a voided action bears on nothing and nothing bears on it");
    }
    if later.latest < earlier.day {
        return Some("the later action is certainly earlier than what it bears on");
    }
    if tie.day != later.day.max(earlier.day) {
        return Some("its day is not the later of the two actions' days");
    }
    if tie.covers < 0 || tie.spends < 0 || tie.reversed < 0 {
        return Some("an amount is negative");
    }
    if tie.relation != Relation::Reverses && tie.reversed > 0 {
        return Some("only a reversal reverses");
    }
    match tie.relation {
        Relation::Answers => answer(book, tie, later, earlier),
        Relation::Waives => waiver(book, tie, later, earlier),
        Relation::Executes => execution(book, tie, later, earlier),
        Relation::Reverses => reversal(book, tie, later, earlier),
    }
}

fn answer(book: &Book, tie: &Tie, later: &Act, earlier: &Act) -> Option<&'static str> {
    let (kind, earlier_kind) = (book.kind(later), book.kind(earlier));
    let counted = later.count.is_some() && earlier.count.is_some();
    let injured = is_or_belongs(book, later.actor, earlier.target, earlier.day);
    match () {
        _ if !is_or_belongs(book, later.target, earlier.actor, earlier.day) => Some("an answer aims at the actor of what it answers"),
        _ if !book.claims(earlier) => Some("there is no claim to answer"),
        _ if later.stage == Stage::Threatened => Some("a threat answers nothing"),
        _ if kind.sign != earlier_kind.sign => Some("a hostile act and one that is not do not answer each other"),
        _ if injured && tie.covers == 0 => Some("the injured party's answer covers nothing"),
        _ if !injured && (tie.covers > 0 || tie.spends > 0) => Some("a third party's answer covers something"),
        _ if counted && kind.unit == earlier_kind.unit && tie.covers != tie.spends => Some("in one unit an answer spends what it covers"),
        _ => None,
    }
}

fn waiver(book: &Book, tie: &Tie, later: &Act, earlier: &Act) -> Option<&'static str> {
    match () {
        _ if !is_or_belongs(book, later.target, earlier.actor, earlier.day) => Some("a waiver aims at the actor of what it waives"),
        _ if !is_or_belongs(book, later.actor, earlier.target, earlier.day) => Some("only the injured party, or a member of it, can waive"),
        _ if !book.claims(earlier) => Some("there is no claim to waive"),
        _ if book.kind(later).sign != Sign::Neutral || later.stage == Stage::Threatened => Some("only a neutral act waives"),
        _ if tie.covers == 0 || tie.spends > 0 => Some("a waiver closes something and spends nothing"),
        _ => None,
    }
}

fn execution(book: &Book, tie: &Tie, later: &Act, earlier: &Act) -> Option<&'static str> {
    let announced = earlier.stage == Stage::Announced;
    let others = book.onto(tie.earlier).filter(|t| t.relation == Relation::Executes).count() > 1;
    let reversals = book.onto(tie.earlier).filter(|t| t.relation == Relation::Reverses);
    match () {
        _ if !own(later, earlier) => Some("one executes acts of one's own towards the same target"),
        _ if earlier.stage == Stage::Done => Some("what is executed is a threat or an announcement"),
        _ if later.stage <= earlier.stage => Some("what executes has come no further"),
        _ if announced && others => Some("an announcement is executed once"),
        _ if announced && book.kind(later).unit != book.kind(earlier).unit => Some("an announcement is executed in its own unit"),
        _ if announced && reversals.clone().any(|t| t.day > tie.day) => Some("a later reversal was reckoned without it"),
        _ if !announced && reversals.count() > 0 => Some("what was reversed is not executed"),
        _ => None,
    }
}

/// What is settled of an announcement is settled of the act that executes it, as far as that goes.
fn carried(book: &Book, reckoned: &[Reckoned], tie: &Tie) -> Option<&'static str> {
    if tie.relation != Relation::Executes {
        return None;
    }
    let (later, earlier) = (book.act(tie.later), book.act(tie.earlier));
    if earlier.stage == Stage::Threatened {
        return (tie.covers > 0 || tie.spends > 0).then_some("carrying out a threat settles nothing");
    }
    let undone = book.onto(tie.earlier).fold(0i64, |sum, t| sum.saturating_add(t.reversed));
    let settled = earlier.count.unwrap_or(1).saturating_sub(undone).saturating_sub(tie.covers);
    let wrong = if later.count.is_some() && earlier.count.is_some() {
        tie.spends > settled || (tie.spends < settled && reckoned[tie.later as usize].open > 0)
    } else {
        settled == 0 && tie.spends > 0
    };
    wrong.then_some("what is settled of an announcement is not what is settled of the act that executes it")
}

fn reversal(book: &Book, tie: &Tie, later: &Act, earlier: &Act) -> Option<&'static str> {
    match () {
        _ if !own(later, earlier) => Some("one reverses acts of one's own towards the same target"),
        _ if later.stage == Stage::Threatened && book.claims(earlier) => Some("a threat undoes no more than a threat or a waiver"),
        _ if tie.spends > 0 => Some("a reversal spends nothing"),
        _ if tie.covers > 0 && !book.claims(earlier) => Some("there is no claim that it could close"),
        _ if book.executed(tie.earlier) => Some("what was executed is reversed in the act that executed it"),
        _ if tie.reversed == 0 || tie.covers > tie.reversed => Some("a reversal closes no more than it undoes"),
        _ => None,
    }
}

fn own(later: &Act, earlier: &Act) -> bool {
    later.actor == earlier.actor && later.target == earlier.target
}

/// True where `party` is `whole`, or was a member of it on `day`.
fn is_or_belongs(book: &Book, party: u32, whole: u32, day: i64) -> bool {
    party == whole
        || book
            .spells
            .get(&(whole, party))
            .is_some_and(|spells| spells.iter().any(|(since, until)| *since <= day && until.is_none_or(|u| u >= day)))
}

/// The acts that bear on themselves, over however many links. Acts that nothing bears on are taken away until none is
/// left, and then acts that bear on nothing; what remains is in a circle, or between two.
fn in_circles(book: &Book) -> Vec<u32> {
    let count = book.acts.len() as u32;
    let mut bearing: Vec<u32> = (0..count).map(|a| book.onto(a).count() as u32).collect();
    let mut free: Vec<u32> = (0..count).filter(|a| bearing[*a as usize] == 0).collect();
    let mut gone = 0;
    while let Some(act) = free.pop() {
        gone += 1;
        for tie in book.out_of(act) {
            let left = &mut bearing[tie.earlier as usize];
            *left -= 1;
            if *left == 0 {
                free.push(tie.earlier);
            }
        }
    }
    if gone == count { Vec::new() } else { (0..count).filter(|a| bearing[*a as usize] > 0).collect() }
}
