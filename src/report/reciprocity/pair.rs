//! The conduct of two parties towards each other, in the form that the measures need.

use std::collections::HashMap;

use crate::model::claim::{Claim, Outcome};
use crate::model::{Count, Sign, Stage};

/// A hostile or friendly act that was announced or done. An announcement and the act that executes it are folded into one.
#[derive(Debug, Clone)]
pub struct FoldedAct {
    /// Id of the action; for an act announced and then done, the id of the executing action.
    pub id: i64,
    /// Its position among the acts of its day; for an act announced and then done, that of the earlier part.
    pub turn: i64,
    /// Index of its kind.
    pub kind: usize,
    /// Stage of the act.
    pub stage: Stage,
    /// The amount used for weights: what stands and what was reversed. What another act carried out is weighed with that act.
    pub weighs: Count,
    /// True if the selection shows it.
    pub selected: bool,
    /// The claim it opened, and its outcome. The claim's day is the day on which the act takes effect.
    pub claim: Claim,
    /// Its day in the sequence of moves: its own day; if its date is a month or a year that begins before the latest act it answers, the day of
    /// that act.
    pub move_day: i64,
    /// The last day on which it may be in the sequence of moves.
    pub move_latest: i64,
    /// Whether it answers another act.
    pub origin: Origin,
}

/// Whether an act opened an exchange or answered an earlier act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It answers nothing.
    Opened,
    /// It answers an act done to its actor, even if there was nothing left to settle: a reply to an answer, the second measure of a package.
    Followed,
    /// It answers, in solidarity, only acts against a third party.
    Joined,
}

/// An answer that settles some of a claim.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// Index of the answered act among the side's acts.
    pub claim: usize,
    /// Id of the answering act; for an announcement that was executed, the id of the executing action.
    pub by: i64,
    /// Amount of the answering act that it uses, in that act's unit.
    pub spends: Count,
}

/// An act, by any party, that answers another act.
#[derive(Debug, Clone, Copy)]
pub struct Answerer {
    /// Index of its kind.
    pub kind: usize,
    /// Stage of the act.
    pub stage: Stage,
    /// Count; `None`: unknown. For an announcement that was carried out in part, the part that was.
    pub count: Option<Count>,
    /// Total amount of it that its answers use.
    pub spent: Count,
}

impl Answerer {
    /// The part of an answer's used amount that was carried out.
    pub fn done(&self, spends: Count) -> Count {
        self.count.map_or(spends, |count| spends.min(count))
    }

    /// The amount by which it exceeds what it answers.
    pub fn surplus(&self) -> Count {
        self.count.unwrap_or(0).saturating_sub(self.spent).max(0)
    }
}

/// A threat.
#[derive(Debug, Clone)]
pub struct Threat {
    /// The action's id.
    pub id: i64,
    /// Index of its kind.
    pub kind: usize,
    /// Day on which it was made.
    pub day: i64,
    /// True if the selection shows it.
    pub selected: bool,
    /// Its outcome.
    pub fate: Fate,
}

/// The outcome of a threat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// An act carried it out, before or after the deadline.
    Executed,
    /// Its actor withdrew it.
    Withdrawn,
    /// Its deadline passed and it was neither carried out nor withdrawn.
    Lapsed,
    /// It may still be carried out.
    Pending,
}

/// The conduct of one party towards the other.
#[derive(Debug, Clone, Default)]
pub struct Conduct {
    /// Its acts, by day.
    pub acts: Vec<FoldedAct>,
    /// Its threats, by day.
    pub threats: Vec<Threat>,
    /// The answers to its acts.
    pub answers: Vec<Answer>,
}

/// Both sides of a pair.
#[derive(Debug, Clone, Default)]
pub struct PairData {
    /// The conduct of party a, whose code comes first, towards party b.
    pub a: Conduct,
    /// The conduct of party b towards party a.
    pub b: Conduct,
    /// Every act that answers an act of either party, by id.
    pub answerers: HashMap<i64, Answerer>,
}

/// A kind of act.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Unit of its count.
    pub unit: String,
    /// Hostile, friendly or neutral.
    pub sign: Sign,
}

/// The weights of a scale.
#[derive(Debug, Clone)]
pub struct Scale {
    /// Its name.
    pub name: String,
    /// The weight of each kind at each stage, and whether it is per unit of the count; `None`: no weight. Indexed by kind and stage.
    pub weights: Vec<[Option<(f64, bool)>; 3]>,
}

impl Scale {
    /// The weight of an act of this kind and amount: per act, or per unit of the count; `None`: the kind has no weight at this stage.
    pub fn weigh(&self, kind: usize, stage: Stage, amount: Count) -> Option<f64> {
        let (weight, per_unit) = self.weights.get(kind)?[stage as usize]?;
        Some(if per_unit { weight * amount as f64 } else { weight })
    }
}

impl FoldedAct {
    /// True if it left something to answer.
    pub fn claims(&self) -> bool {
        self.claim.outcome() != Outcome::Spent
    }

    /// True if an answer settles some of it.
    pub fn answered(&self) -> bool {
        self.claim.answers > 0
    }
}
