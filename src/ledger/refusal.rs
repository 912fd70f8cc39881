//! Why a link is refused, said to people: with the figures and the way out.

use std::fmt::Display;

use crate::error::Error;
use crate::ledger::Action;
use crate::model::count::{Count, quantity};
use crate::model::settle::Refusal;
use crate::model::{Amount, Relation};

/// One end of a link, as an explanation names it.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    /// What to call it first: `#7 (2017-07-28-rus-usa-staff-cut)`, or in a file just the ref.
    pub name: &'a dyn Display,
    /// What to call it then: `#7`, or the ref again.
    pub short: &'a dyn Display,
    pub actor: &'a str,
    pub target: &'a str,
    pub kind: &'a str,
    pub unit: &'a str,
    pub date: &'a str,
}

impl<'a> Side<'a> {
    pub(super) fn of(action: &'a Action, short: &'a String) -> Side<'a> {
        Side {
            name: action,
            short,
            actor: &action.actor,
            target: &action.target,
            kind: &action.kind,
            unit: &action.unit,
            date: &action.date,
        }
    }
}

/// Says why a link is refused, with the figures and the way out.
pub(crate) fn refuse(refusal: Refusal, relation: Relation, later: &Side<'_>, earlier: &Side<'_>, asked: Amount) -> Error {
    let (l, e) = (later.short, earlier.short);
    let asked_of = |amount: Option<Count>, unit| quantity(amount.or(Some(1)), unit);
    let (why, way_out) = match refusal {
        Refusal::Earlier => (
            format!("{l} of {} is certainly earlier than {e} of {}", later.date, earlier.date),
            "check the dates, or which of the two came first".to_owned(),
        ),
        Refusal::Aim => (
            format!("{l} is aimed at {}, and {e} was done by {}", later.target, earlier.actor),
            format!("an answer or a waiver aims at the actor of what it bears on, or at a member of it: here {}", earlier.actor),
        ),
        Refusal::NotInjured => (
            format!("{e} was done to {}, and {l} is {}'s", earlier.target, later.actor),
            format!("only the injured party can waive: here {}", earlier.target),
        ),
        Refusal::NoClaim => (
            format!("{e} opens no claim: it is a threat, or a neutral act"),
            "answer or waive the act that carries the threat out".to_owned(),
        ),
        Refusal::ThreatAnswers => (
            format!("{l} is a threat, and a threat settles nothing"),
            "log it without the answer, and let the act that executes it answer".to_owned(),
        ),
        Refusal::ThreatUndoes => (
            format!("{l} is a threat, or a promise: it may happen, and {e} stands until it does"),
            "log it without the reversal, and let the act that executes it reverse".to_owned(),
        ),
        Refusal::Signs => (
            format!("{} and {} do not answer each other: one is hostile and the other is not", later.kind, earlier.kind),
            "a hostile act is answered by a hostile one; to forgive it, waive it".to_owned(),
        ),
        Refusal::NothingOpen => (
            format!("nothing of {e} is open: it was answered, waived, reversed or carried over"),
            "see what settled it with 'recip show'; a waiver is taken back with --reverses".to_owned(),
        ),
        Refusal::OverOpen(open) => (
            format!("{} asked, and {} open of {e}", asked_of(asked.covers, earlier.unit), are(open, earlier.unit)),
            format!("answer at most {open}, or leave the count out"),
        ),
        Refusal::NothingLeft => (
            format!("{l} has nothing left: it is spent on other answers"),
            "give the counts (--answers ACTION:COUNT), so that each gets its part".to_owned(),
        ),
        Refusal::OverSpent(left) => (
            format!("{} asked of {l}, and {} left", asked_of(asked.spends.or(asked.covers), later.unit), are(left, later.unit)),
            format!("spend at most {left}"),
        ),
        Refusal::Unequal => (format!("both count {}: an answer spends what it covers", later.unit), "give one count".to_owned()),
        Refusal::ThirdParty => (
            format!("{} is not the injured party of {e}: its answer is kept as solidarity and covers nothing", later.actor),
            "leave the count out".to_owned(),
        ),
        Refusal::NotOwn => (
            format!("{l} is {} towards {}, and {e} is {} towards {}", later.actor, later.target, earlier.actor, earlier.target),
            "one executes and reverses acts of one's own towards the same target; the other side answers or waives".to_owned(),
        ),
        Refusal::NotPending => (format!("{e} is done already"), "only a threat or an announcement is executed".to_owned()),
        Refusal::NoFurther => (
            format!("{l} has come no further than {e}"),
            "an announcement is executed by an act that is done, a threat by one announced or done".to_owned(),
        ),
        Refusal::OtherUnit => (
            format!("{e} counts {}, and {l} counts {}", earlier.unit, later.unit),
            "an announcement is executed in its own unit; withdraw it with --reverses if something else was done".to_owned(),
        ),
        Refusal::Executed => {
            (format!("another act has executed {e} already"), "link the act that executed it, which 'recip show' names".to_owned())
        }
        Refusal::Reversed => {
            (format!("{e} is reversed already: nothing of it stands"), "see what reversed it with 'recip show'".to_owned())
        }
        Refusal::OverReversed(stands) => (
            format!("{} asked, and {} stand of {e}", asked_of(asked.covers, earlier.unit), quantity(Some(stands), earlier.unit)),
            format!("reverse at most {stands}, or leave the count out"),
        ),
        Refusal::Nothing => (format!("it settles nothing of {e}"), "settle at least 1, or leave the amounts out".to_owned()),
        Refusal::Whole => (format!("{e} goes whole or not at all here"), "leave the count out".to_owned()),
        Refusal::NotNeutral => (format!("{} does not waive", later.kind), "log a restraint, or use 'recip waive'".to_owned()),
        Refusal::SettledLater => (
            format!("something of {e} was settled after that day"),
            "unlink what came later ('recip show' lists it), make this link, and link the later act again".to_owned(),
        ),
    };
    let verb = match relation {
        Relation::Answers => "answer",
        Relation::Executes => "execute",
        Relation::Reverses => "reverse",
        Relation::Waives => "waive",
    };
    Error::refused(format!("{} cannot {verb} {}", later.name, earlier.name), why, way_out)
}

/// `1 person is`, `35 persons are`.
fn are(count: Count, unit: &str) -> String {
    format!("{} {}", quantity(Some(count), unit), if count == 1 { "is" } else { "are" })
}
