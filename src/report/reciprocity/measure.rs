//! The measures by name: what each is called in rows, on the command line and in tables.

use serde::Serialize;

use crate::error::Error;
use crate::model::stage::words;

/// A figure on one party's conduct towards another: what it did in return, how soon, how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Acts of the other towards the responder; one announced and then done is one.
    ActsReceived,
    /// Of the acts received, those that left something to answer: what is wholly an answer itself leaves nothing.
    Claims,
    /// Of the claims, those answered in full.
    AnsweredFull,
    /// Of the claims, those answered in part; the rest of them is open, waived or undone.
    AnsweredPart,
    /// Of the claims, those that were waived and not answered.
    Waived,
    /// Of the claims, those that their actor undid before any answer.
    Reversed,
    /// Of the claims, those not answered of which something is open.
    Open,
    /// Of the acts received, those that a third party answered in solidarity, which settles nothing.
    Solidarity,
    /// Of the claims as old as the window or older, the share answered within it, in part or in full.
    ResponseRate,
    /// Of the claims, those younger than the window: too young to tell.
    TooYoung,
    /// Of the claims answered, the share with an answer of their own kind.
    InKind,
    /// Days to the first answer: the Kaplan-Meier median.
    MedianFirstAnswer,
    /// Days until the claim is answered in full: the Kaplan-Meier median.
    MedianFullAnswer,
    /// What was answered with over what was answered, by count, where both count in one unit.
    ProportionCount,
    /// Of the claims compared by count, those answered with more than they were.
    OverAnswered,
    /// Of the claims compared by count, those answered with as much as they were.
    EvenlyAnswered,
    /// Of the claims compared by count, those answered with less than they were.
    UnderAnswered,
    /// The weight of the acts that answered over the weight of the acts they answered.
    ProportionWeight,
    /// Acts of the responder towards the other; one announced and then done is one.
    ActsMade,
    /// Of the acts made, those that answer nothing.
    Opened,
    /// Of the acts made, those that answer an act done to the responder.
    Followed,
    /// Of the acts made, those that answer, in solidarity, only what was done to a third party.
    Joined,
    /// Of the responder's moves after a move of the other, hostile or friendly, the share of the same sign.
    TitForTat,
    /// Of the responder's moves after a hostile move of the other, the share that is hostile.
    Retaliation,
    /// Of the responder's moves after a hostile move of the other, the share that is friendly.
    Forgiveness,
    /// Of the responder's moves after a friendly move of the other, the share that is hostile.
    Initiation,
    /// The chance that the responder acts within the window after an act of the other.
    ChanceAfter,
    /// The chance that the responder acts in any window of that length.
    ChanceAny,
    /// The one less the other.
    Contingency,
    /// The weight of the responder's acts, hostile and friendly, that stand.
    Weight,
    /// The same less the weight of the other's.
    NetWeight,
    /// The weight of the acts received, each halved for every half-life that has passed since.
    DecayedWeight,
    /// Threats that the responder made.
    ThreatsMade,
    /// Of the threats, those that an act carried out.
    ThreatsExecuted,
    /// Of the threats, those that were taken back.
    ThreatsWithdrawn,
    /// Of the threats, those whose deadline passed with neither.
    ThreatsLapsed,
    /// Of the threats, those that may still be carried out.
    ThreatsPending,
}

words!(
    Measure,
    "measure",
    ActsReceived = "acts-received",
    Claims = "claims",
    AnsweredFull = "answered-full",
    AnsweredPart = "answered-part",
    Waived = "waived",
    Reversed = "reversed",
    Open = "open",
    Solidarity = "solidarity",
    ResponseRate = "response-rate",
    TooYoung = "too-young",
    InKind = "in-kind",
    MedianFirstAnswer = "median-first-answer",
    MedianFullAnswer = "median-full-answer",
    ProportionCount = "proportion-count",
    OverAnswered = "over-answered",
    EvenlyAnswered = "evenly-answered",
    UnderAnswered = "under-answered",
    ProportionWeight = "proportion-weight",
    ActsMade = "acts-made",
    Opened = "opened",
    Followed = "followed",
    Joined = "joined",
    TitForTat = "tit-for-tat",
    Retaliation = "retaliation",
    Forgiveness = "forgiveness",
    Initiation = "initiation",
    ChanceAfter = "chance-after",
    ChanceAny = "chance-any",
    Contingency = "contingency",
    Weight = "weight",
    NetWeight = "net-weight",
    DecayedWeight = "decayed-weight",
    ThreatsMade = "threats-made",
    ThreatsExecuted = "threats-executed",
    ThreatsWithdrawn = "threats-withdrawn",
    ThreatsLapsed = "threats-lapsed",
    ThreatsPending = "threats-pending"
);

/// The fewest cases that a share, a median or a chance is told for. With fewer than five, one case more or less moves
/// a share by more than 20 points: the counts are told and the value is left blank. Counts, sums and the proportions,
/// which are facts about the cases and no estimates, are told for any number.
pub const LEAST: i64 = 5;
