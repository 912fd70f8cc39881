//! What two parties did to each other, as the measures need it.

use std::collections::HashMap;

use crate::model::claim::{Claim, Outcome};
use crate::model::{Count, Sign, Stage};

/// An act that is more than a threat and not neutral. One announced and then done is one act, by the name of the deed.
#[derive(Debug, Clone)]
pub struct FoldedAct {
    /// The action's id; of an act announced and then done, the deed's.
    pub id: i64,
    /// Its place among the acts of one day: that of its first part.
    pub turn: i64,
    /// Its kind, by its place among the kinds.
    pub kind: usize,
    /// How far it has come.
    pub stage: Stage,
    /// What of it is neither undone nor carried over.
    pub stands: Count,
    /// True where the selection shows it.
    pub selected: bool,
    /// What became of the claim it opened; its day is the day the act counts from.
    pub claim: Claim,
    /// The day it comes into the sequence of moves: its own, or that of the latest act it answers where its own date,
    /// a month or a year, begins earlier.
    pub move_day: i64,
    /// What it answers.
    pub origin: Origin,
}

/// Whether an act began something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It answers nothing.
    Opened,
    /// It answers an act done to its actor.
    Followed,
    /// It answers, in solidarity, only what was done to a third party.
    Joined,
}

/// An answer that covers some of a claim.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// The act it answers, by its place among the side's acts.
    pub claim: usize,
    /// The act that answers, by id: where an announcement answered and was carried out, the deed.
    pub by: i64,
    /// What it uses up of the act that answers, in that act's unit.
    pub spends: Count,
}

/// What an act that answers is, whoever's it is.
#[derive(Debug, Clone, Copy)]
pub struct Answerer {
    /// Its kind.
    pub kind: usize,
    /// How far it has come.
    pub stage: Stage,
    /// How many; `None`: not known.
    pub count: Option<Count>,
    /// What its answers use up of it, all together.
    pub spent: Count,
}

impl Answerer {
    /// What it has beyond what it answers.
    pub fn surplus(&self) -> Count {
        self.count.unwrap_or(0).saturating_sub(self.spent).max(0)
    }
}

/// A threat.
#[derive(Debug, Clone)]
pub struct Threat {
    /// The action's id.
    pub id: i64,
    /// Its kind.
    pub kind: usize,
    /// The day it counts from.
    pub day: i64,
    /// True where the selection shows it.
    pub selected: bool,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a threat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// An act carried it out, in time or late.
    Executed,
    /// Its maker took it back.
    Withdrawn,
    /// Its deadline passed with neither.
    Lapsed,
    /// It may still be carried out.
    Pending,
}

/// What one of the two did to the other.
#[derive(Debug, Clone, Default)]
pub struct Conduct {
    /// Its acts, by day.
    pub acts: Vec<FoldedAct>,
    /// Its threats, by day.
    pub threats: Vec<Threat>,
    /// What answers its acts.
    pub answers: Vec<Answer>,
}

/// Both sides of a pair.
#[derive(Debug, Clone, Default)]
pub struct PairData {
    /// The party whose code comes first, towards the other.
    pub a: Conduct,
    /// The other towards it.
    pub b: Conduct,
    /// Every act that answers one of theirs.
    pub answerers: HashMap<i64, Answerer>,
}

/// A kind of act, as the measures need it.
#[derive(Debug, Clone)]
pub struct Kind {
    /// What it counts.
    pub unit: String,
    /// Which way it points.
    pub sign: Sign,
}

/// The weights of a scale.
#[derive(Debug, Clone)]
pub struct Scale {
    /// Its name.
    pub name: String,
    /// The weight of each kind at each stage, by their places, and whether it counts for each unit; `None`: it has none.
    pub weights: Vec<[Option<(f64, bool)>; 3]>,
}

impl Scale {
    /// What so much of an act of the kind weighs: once for the act, or for each of what it counts; `None`: it has no weight.
    pub fn weigh(&self, kind: usize, stage: Stage, amount: Count) -> Option<f64> {
        let (weight, per_unit) = self.weights.get(kind)?[stage as usize]?;
        Some(if per_unit { weight * amount as f64 } else { weight })
    }
}

impl FoldedAct {
    /// True where it left something to answer.
    pub fn claims(&self) -> bool {
        self.claim.outcome() != Outcome::Spent
    }

    /// True where an answer covers some of it.
    pub fn answered(&self) -> bool {
        self.claim.answers > 0
    }
}
