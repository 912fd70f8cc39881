//! The measures, with their names in rows and on the command line.

use serde::Serialize;

use crate::error::Error;
use crate::model::stage::words;

/// A measure of one party's conduct towards another: whether, how soon and with how much it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Acts of the other party towards the responder. An act announced and then done counts once.
    ActsReceived,
    /// Acts received that left something to answer. An act that is entirely an answer leaves nothing.
    Claims,
    /// Claims answered in full.
    AnsweredFull,
    /// Claims answered in part; the rest of each is open, waived or reversed.
    AnsweredPart,
    /// Claims that were waived and not answered.
    Waived,
    /// Claims that their actor reversed before any answer.
    Reversed,
    /// Claims with an open amount and no answer.
    Open,
    /// Acts received that a third party answered in solidarity; such an answer settles nothing.
    Solidarity,
    /// Acts received that answer an act of the responder.
    AnswersReceived,
    /// Answers received that the responder answered in turn.
    RetaliatedAnswers,
    /// Share of claims answered within the window, in part or in full, among the claims at least as old as the window.
    ResponseRate,
    /// Claims that may have been answered within the window, but not certainly, because a date is only a month or a year.
    ResponseUncertain,
    /// Claims younger than the window, which the response rate leaves out.
    TooYoung,
    /// Share of answered claims that have an answer of their own kind.
    InKind,
    /// Kaplan-Meier median of the days to the first answer.
    MedianFirstAnswer,
    /// The same, if every date that is a month or a year falls so that the time is shortest.
    MedianFirstAnswerMin,
    /// The same, if they fall so that the time is longest.
    MedianFirstAnswerMax,
    /// Kaplan-Meier median of the days to the full answer.
    MedianFullAnswer,
    /// The same, if every date that is a month or a year falls so that the time is shortest.
    MedianFullAnswerMin,
    /// The same, if they fall so that the time is longest.
    MedianFullAnswerMax,
    /// Kaplan-Meier median of the days from an answer received to the act that answers it in turn.
    MedianRetaliation,
    /// Probability that a claim is answered within the window, if it may also be waived or reversed before.
    IncidenceAnswer,
    /// Probability that a claim is waived within the window before any answer.
    IncidenceWaiver,
    /// Probability that a claim is reversed within the window before any answer.
    IncidenceReversal,
    /// Ratio of the counts of the answers to the counts of the claims they answer, if both have the same unit.
    ProportionCount,
    /// Claims compared by count whose answers exceed them.
    OverAnswered,
    /// Claims compared by count whose answers equal them.
    EvenlyAnswered,
    /// Claims compared by count whose answers fall short of them.
    UnderAnswered,
    /// Ratio of the weight of the answers to the weight of the claims they answer.
    ProportionWeight,
    /// Mean of the logarithm of the ratio of answer to claim, over the claims.
    Escalation,
    /// Standard deviation of these logarithms.
    EscalationSpread,
    /// Acts of the responder towards the other party. An act announced and then done counts once.
    ActsMade,
    /// Acts made that answer nothing.
    Opened,
    /// Acts made that answer an act against the responder.
    Followed,
    /// Acts made that answer, in solidarity, only acts against a third party.
    Joined,
    /// Share of the responder's moves that have the same sign as the other party's last move before them.
    TitForTat,
    /// Share of hostile moves among the responder's moves after a hostile move of the other party.
    Retaliation,
    /// Share of friendly moves among the responder's moves after a hostile move of the other party.
    Forgiveness,
    /// Share of hostile moves among the responder's moves after a friendly move of the other party.
    Initiation,
    /// Probability that the responder acts within the window after an act of the other party.
    ChanceAfter,
    /// Probability that the responder acts within any window of that length.
    ChanceAny,
    /// `chance-after` minus `chance-any`.
    Contingency,
    /// Share of circular shifts of the responder's acts after which at least as many of the acts received are followed by one of them.
    ContingencyP,
    /// Weight of the responder's standing acts, hostile and friendly.
    Weight,
    /// Weight of the responder's standing acts minus the weight of the other party's.
    NetWeight,
    /// Weight of the acts received, each halved for every half-life that has passed since.
    DecayedWeight,
    /// Threats that the responder made.
    ThreatsMade,
    /// Threats that an act carried out.
    ThreatsExecuted,
    /// Threats that were withdrawn.
    ThreatsWithdrawn,
    /// Threats whose deadline passed and that were neither carried out nor withdrawn.
    ThreatsLapsed,
    /// Threats that may still be carried out.
    ThreatsPending,
    /// Of each pair: how far apart the shares are that each party's acts towards the other have of all its acts.
    DyadicIndex,
    /// Of all pairs together: twice the sum of the smaller sides of the pairs over the sum of both sides.
    NetworkReciprocity,
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
    AnswersReceived = "answers-received",
    RetaliatedAnswers = "retaliated-answers",
    ResponseRate = "response-rate",
    ResponseUncertain = "response-uncertain",
    TooYoung = "too-young",
    InKind = "in-kind",
    MedianFirstAnswer = "median-first-answer",
    MedianFirstAnswerMin = "median-first-answer-min",
    MedianFirstAnswerMax = "median-first-answer-max",
    MedianFullAnswer = "median-full-answer",
    MedianFullAnswerMin = "median-full-answer-min",
    MedianFullAnswerMax = "median-full-answer-max",
    MedianRetaliation = "median-retaliation",
    IncidenceAnswer = "incidence-answer",
    IncidenceWaiver = "incidence-waiver",
    IncidenceReversal = "incidence-reversal",
    ProportionCount = "proportion-count",
    OverAnswered = "over-answered",
    EvenlyAnswered = "evenly-answered",
    UnderAnswered = "under-answered",
    ProportionWeight = "proportion-weight",
    Escalation = "escalation",
    EscalationSpread = "escalation-spread",
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
    ContingencyP = "contingency-p",
    Weight = "weight",
    NetWeight = "net-weight",
    DecayedWeight = "decayed-weight",
    ThreatsMade = "threats-made",
    ThreatsExecuted = "threats-executed",
    ThreatsWithdrawn = "threats-withdrawn",
    ThreatsLapsed = "threats-lapsed",
    ThreatsPending = "threats-pending",
    DyadicIndex = "dyadic-index",
    NetworkReciprocity = "network-reciprocity"
);

/// The minimum number of cases for which a share, a median or a probability is reported. With fewer than five cases, one case more or less
/// changes a share by more than 20 percentage points: the counts are then reported and the value is left blank. Counts, sums and
/// proportions describe the cases and are not estimates; they are reported for any number of cases.
pub const LEAST: i64 = 5;
