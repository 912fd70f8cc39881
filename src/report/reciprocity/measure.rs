//! The measures, with their names in rows and on the command line.

use crate::model::word_enum::word_enum;

word_enum! {
    /// A measure of one party's conduct towards another: whether, how soon and with how much it answers.
    pub enum Measure: "measure" {
        /// Acts of the other party towards the responder. An act announced and then done counts once.
        ActsReceived = "acts-received",
        /// Acts received that left something to answer. An act that is entirely an answer leaves nothing.
        Claims = "claims",
        /// Claims answered in full.
        AnsweredFull = "answered-full",
        /// Claims answered in part; the rest of each is open, waived or reversed.
        AnsweredPart = "answered-part",
        /// Claims that were waived and not answered.
        Waived = "waived",
        /// Claims that their actor reversed before any answer.
        Reversed = "reversed",
        /// Claims with an open amount and no answer.
        Open = "open",
        /// Acts received that a third party answered in solidarity; such an answer settles nothing.
        Solidarity = "solidarity",
        /// Acts received that answer an act of the responder.
        AnswersReceived = "answers-received",
        /// Answers received that the responder answered in turn.
        RetaliatedAnswers = "retaliated-answers",
        /// Share of claims answered within the window, in part or in full, among the claims at least as old as the window.
        ResponseRate = "response-rate",
        /// Claims that may have been answered within the window, but not certainly, because a date is only a month or a year.
        ResponseUncertain = "response-uncertain",
        /// Claims younger than the window, which the response rate leaves out.
        TooYoung = "too-young",
        /// Share of answered claims that have an answer of their own kind.
        InKind = "in-kind",
        /// Kaplan-Meier median of the days to the first answer.
        MedianFirstAnswer = "median-first-answer",
        /// The same, if every date that is a month or a year falls so that the time is shortest.
        MedianFirstAnswerMin = "median-first-answer-min",
        /// The same, if they fall so that the time is longest.
        MedianFirstAnswerMax = "median-first-answer-max",
        /// Kaplan-Meier median of the days to the full answer.
        MedianFullAnswer = "median-full-answer",
        /// The same, if every date that is a month or a year falls so that the time is shortest.
        MedianFullAnswerMin = "median-full-answer-min",
        /// The same, if they fall so that the time is longest.
        MedianFullAnswerMax = "median-full-answer-max",
        /// Kaplan-Meier median of the days from an answer received to the act that answers it in turn.
        MedianRetaliation = "median-retaliation",
        /// Probability that a claim is answered within the window, if it may also be waived or reversed before.
        IncidenceAnswer = "incidence-answer",
        /// Probability that a claim is waived within the window before any answer.
        IncidenceWaiver = "incidence-waiver",
        /// Probability that a claim is reversed within the window before any answer.
        IncidenceReversal = "incidence-reversal",
        /// Ratio of the counts of the answers to the counts of the claims they answer, if both have the same unit.
        ProportionCount = "proportion-count",
        /// Claims compared by count whose answers exceed them.
        OverAnswered = "over-answered",
        /// Claims compared by count whose answers equal them.
        EvenlyAnswered = "evenly-answered",
        /// Claims compared by count whose answers fall short of them.
        UnderAnswered = "under-answered",
        /// Ratio of the weight of the answers to the weight of the claims they answer.
        ProportionWeight = "proportion-weight",
        /// Mean of the logarithm of the ratio of answer to claim, over the claims.
        Escalation = "escalation",
        /// Standard deviation of these logarithms.
        EscalationSpread = "escalation-spread",
        /// Acts of the responder towards the other party. An act announced and then done counts once.
        ActsMade = "acts-made",
        /// Acts made that answer nothing.
        Opened = "opened",
        /// Acts made that answer an act against the responder.
        Followed = "followed",
        /// Acts made that answer, in solidarity, only acts against a third party.
        Joined = "joined",
        /// Share of the responder's moves that have the same sign as the other party's last move before them.
        TitForTat = "tit-for-tat",
        /// Share of hostile moves among the responder's moves after a hostile move of the other party.
        Retaliation = "retaliation",
        /// Share of friendly moves among the responder's moves after a hostile move of the other party.
        Forgiveness = "forgiveness",
        /// Share of hostile moves among the responder's moves after a friendly move of the other party.
        Initiation = "initiation",
        /// Probability that the responder acts within the window after an act of the other party.
        ChanceAfter = "chance-after",
        /// Probability that the responder acts within any window of that length.
        ChanceAny = "chance-any",
        /// `chance-after` minus `chance-any`.
        Contingency = "contingency",
        /// Share of circular shifts of the responder's acts after which at least as many of the acts received are followed by one of them.
        ContingencyP = "contingency-p",
        /// Weight of the responder's standing acts, hostile and friendly.
        Weight = "weight",
        /// Weight of the responder's standing acts minus the weight of the other party's.
        NetWeight = "net-weight",
        /// Weight of the acts received, each halved for every half-life that has passed since.
        DecayedWeight = "decayed-weight",
        /// Threats that the responder made.
        ThreatsMade = "threats-made",
        /// Threats that an act carried out.
        ThreatsExecuted = "threats-executed",
        /// Threats that were withdrawn.
        ThreatsWithdrawn = "threats-withdrawn",
        /// Threats whose deadline passed and that were neither carried out nor withdrawn.
        ThreatsLapsed = "threats-lapsed",
        /// Threats that may still be carried out.
        ThreatsPending = "threats-pending",
        /// Of each pair: how far apart the shares are that each party's acts towards the other have of all its acts.
        DyadicIndex = "dyadic-index",
        /// Of all pairs together: twice the sum of the smaller sides of the pairs over the sum of both sides.
        NetworkReciprocity = "network-reciprocity",
    }
}

/// The minimum number of cases for which a share, a median or a probability is reported. With fewer than five cases, one case more or less
/// changes a share by more than 20 percentage points: the counts are then reported and the value is left blank. Counts, sums and
/// proportions describe the cases and are not estimates; they are reported for any number of cases.
pub const LEAST: i64 = 5;
