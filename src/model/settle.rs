//! The arithmetic of links: how much an answer covers and spends, what a waiver or a reversal closes, what an
//! execution carries over; and what is refused. One pure function, used for one action and for a million.

use crate::model::count::Count;
use crate::model::date::Day;
use crate::model::link::{Amount, Relation};
use crate::model::stage::{Sign, Stage};

/// What the arithmetic asks of one action.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// How far it has come.
    pub stage: Stage,
    /// Which way it points.
    pub sign: Sign,
    /// How many; `None` is unknown and settled whole or not at all.
    pub count: Option<Count>,
    /// The earliest day it can have been.
    pub day: Day,
    /// The latest day it can have been.
    pub latest: Day,
    /// What of it is neither reversed nor carried over.
    pub stands: Count,
    /// What of its claim is open on the day of the link.
    pub open: Count,
    /// The least that is open from that day on: what a new answer can have without overdrawing a later day.
    pub free: Count,
    /// True once another act has executed it.
    pub executed: bool,
    /// True where it is reversed, in part or whole, on a later day than that of the link.
    pub reversed_later: bool,
}

/// How the two actions of a link stand to each other.
#[derive(Debug, Clone, Copy)]
pub struct Bearings {
    /// The later aims at the actor of the earlier, or at one that was a member of it.
    pub aims: bool,
    /// The later comes from the target of the earlier, or from one that was a member of it.
    pub injured: bool,
    /// Both are one party's towards the same target.
    pub own: bool,
    /// Both count in the same unit.
    pub same_unit: bool,
}

/// What a link settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settlement {
    /// Closed of the earlier claim, in the earlier act's unit.
    pub covers: Count,
    /// Used up of the later act, in the later act's unit.
    pub spends: Count,
    /// Undone of the earlier act, whether or not it was open.
    pub reversed: Count,
}

/// Why a link is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The later act is certainly earlier than what it bears on.
    Earlier,
    /// It does not aim at the actor of what it bears on.
    Aim,
    /// It does not come from the injured party.
    NotInjured,
    /// The earlier act opens no claim.
    NoClaim,
    /// A threat answers nothing.
    ThreatAnswers,
    /// A threat undoes nothing but a threat or a waiver.
    ThreatUndoes,
    /// A hostile act set against a friendly one.
    Signs,
    /// The claim is settled already.
    NothingOpen,
    /// More is asked than is open.
    OverOpen(Count),
    /// The later act has nothing left to answer with.
    NothingLeft,
    /// More is to be spent than is left of the later act.
    OverSpent(Count),
    /// In one unit both amounts are one.
    Unequal,
    /// A third party's answer has no amounts.
    ThirdParty,
    /// One executes and reverses one's own acts only.
    NotOwn,
    /// What is executed is a threat or an announcement.
    NotPending,
    /// The executing act has come no further than what it executes.
    NoFurther,
    /// An announcement is executed in its own unit.
    OtherUnit,
    /// It is executed already.
    Executed,
    /// It is reversed already.
    Reversed,
    /// More is reversed than stands.
    OverReversed(Count),
    /// Nothing is asked to be settled.
    Nothing,
    /// It goes whole or not at all, and takes no count.
    Whole,
    /// Only a neutral act waives.
    NotNeutral,
    /// Something later was settled against it.
    SettledLater,
}

impl Terms {
    /// True where it opens a claim: it is more than a threat, and not neutral.
    pub fn claims(&self) -> bool {
        self.stage != Stage::Threatened && self.sign != Sign::Neutral
    }

    /// What it amounts to: its count, and 1 for an unknown one.
    pub fn amount(&self) -> Count {
        self.count.unwrap_or(1)
    }
}

/// What a link of `relation` from `later` to `earlier` settles, where `asked` may leave amounts to the rules.
///
/// Day by day both acts are taken as they stand on the day of the link, the later of their two days.
pub fn settle(relation: Relation, later: &Terms, earlier: &Terms, bearings: Bearings, asked: Amount) -> Result<Settlement, Refusal> {
    if later.latest < earlier.day {
        return Err(Refusal::Earlier);
    }
    if matches!(relation, Relation::Answers | Relation::Reverses) && asked.covers == Some(0) {
        return Err(Refusal::Nothing);
    }
    match relation {
        Relation::Answers => answer(later, earlier, bearings, asked),
        Relation::Waives => waive(later, earlier, bearings, asked),
        Relation::Executes => execute(later, earlier, bearings, asked),
        Relation::Reverses => reverse(later, earlier, bearings, asked),
    }
}

fn answer(later: &Terms, earlier: &Terms, bearings: Bearings, asked: Amount) -> Result<Settlement, Refusal> {
    match () {
        _ if !bearings.aims => return Err(Refusal::Aim),
        _ if !earlier.claims() => return Err(Refusal::NoClaim),
        _ if later.stage == Stage::Threatened => return Err(Refusal::ThreatAnswers),
        _ if later.sign != earlier.sign => return Err(Refusal::Signs),
        // Solidarity is kept and shown; the injured party's claim stays open.
        _ if !bearings.injured && asked.covers.is_some() => return Err(Refusal::ThirdParty),
        _ if !bearings.injured => return Ok(Settlement::default()),
        _ if earlier.free == 0 => return Err(Refusal::NothingOpen),
        _ if asked.covers.is_some_and(|c| c > earlier.free) => return Err(Refusal::OverOpen(earlier.free)),
        _ => (),
    }
    let (covers, spends) = if bearings.same_unit && earlier.count.is_some() && later.count.is_some() {
        if later.free == 0 {
            return Err(Refusal::NothingLeft);
        }
        let covers = asked.covers.unwrap_or(earlier.free.min(later.free));
        if asked.spends.is_some_and(|s| s != covers) {
            return Err(Refusal::Unequal);
        }
        (covers, covers)
    } else {
        (asked.covers.unwrap_or(earlier.free), asked.spends.unwrap_or(later.free))
    };
    if spends > later.free {
        return Err(Refusal::OverSpent(later.free));
    }
    Ok(Settlement { covers, spends, reversed: 0 })
}

fn waive(later: &Terms, earlier: &Terms, bearings: Bearings, asked: Amount) -> Result<Settlement, Refusal> {
    match () {
        _ if later.sign != Sign::Neutral || later.stage == Stage::Threatened => Err(Refusal::NotNeutral),
        _ if !bearings.aims => Err(Refusal::Aim),
        _ if !bearings.injured => Err(Refusal::NotInjured),
        _ if !earlier.claims() => Err(Refusal::NoClaim),
        _ if asked.covers.is_some_and(|c| c != earlier.open) || asked.spends.is_some_and(|s| s != 0) => Err(Refusal::Whole),
        _ if earlier.open == 0 => Err(Refusal::NothingOpen),
        _ if earlier.free < earlier.open => Err(Refusal::SettledLater),
        _ => Ok(Settlement { covers: earlier.open, spends: 0, reversed: 0 }),
    }
}

fn execute(later: &Terms, earlier: &Terms, bearings: Bearings, asked: Amount) -> Result<Settlement, Refusal> {
    match () {
        _ if !bearings.own => return Err(Refusal::NotOwn),
        _ if earlier.stage == Stage::Done => return Err(Refusal::NotPending),
        _ if later.stage <= earlier.stage => return Err(Refusal::NoFurther),
        _ if earlier.stage == Stage::Threatened && earlier.stands == 0 && !earlier.executed => return Err(Refusal::Reversed),
        _ if !earlier.claims() => return Ok(Settlement::default()),
        _ if earlier.executed => return Err(Refusal::Executed),
        _ if !bearings.same_unit => return Err(Refusal::OtherUnit),
        _ if asked.covers.is_some_and(|c| c != earlier.open) => return Err(Refusal::Whole),
        _ if earlier.free < earlier.open || earlier.reversed_later => return Err(Refusal::SettledLater),
        _ => (),
    }
    // What of the announcement is settled already is settled of the act that carries it out.
    // Where something else than our rules has written the ledger, what is kept can be anything.
    let settled = earlier.stands.saturating_sub(earlier.open);
    let spends = match (earlier.count, later.count) {
        (Some(_), Some(_)) => settled.min(later.free).max(0),
        _ if earlier.open == 0 && settled > 0 => later.free,
        _ => 0,
    };
    Ok(Settlement { covers: earlier.open, spends, reversed: 0 })
}

fn reverse(later: &Terms, earlier: &Terms, bearings: Bearings, asked: Amount) -> Result<Settlement, Refusal> {
    let reversed = asked.covers.unwrap_or(earlier.stands);
    let whole = earlier.count.is_none() || !earlier.claims();
    match () {
        _ if !bearings.own => return Err(Refusal::NotOwn),
        _ if later.stage == Stage::Threatened && earlier.claims() => return Err(Refusal::ThreatUndoes),
        _ if earlier.executed => return Err(Refusal::Executed),
        _ if earlier.stands == 0 => return Err(Refusal::Reversed),
        _ if whole && reversed != earlier.stands => return Err(Refusal::Whole),
        _ if reversed > earlier.stands => return Err(Refusal::OverReversed(earlier.stands)),
        _ => (),
    }
    let covers = if earlier.claims() { reversed.min(earlier.open) } else { 0 };
    if covers > earlier.free {
        return Err(Refusal::SettledLater);
    }
    // What undoes one's own act may be a gesture that the other side returns: it is not spent by it.
    Ok(Settlement { covers, spends: 0, reversed })
}
