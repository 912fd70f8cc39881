//! The words and numbers of the measures in a table.

use crate::report::reciprocity::{Measure, Reciprocity, Terms};

/// True if the measure is for papers, and not for a page that people read before a meeting.
pub(super) fn is_statistic(measure: Measure) -> bool {
    use Measure::{Escalation, EscalationSpread, IncidenceAnswer, IncidenceReversal, IncidenceWaiver, MedianRetaliation};
    let of_answers = matches!(measure, Measure::AnswersReceived | Measure::RetaliatedAnswers);
    of_answers
        || matches!(measure, Escalation | EscalationSpread | IncidenceAnswer | IncidenceWaiver | IncidenceReversal | MedianRetaliation)
}

/// True if the measure is a bound of a median, which is shown in the line of the median.
pub(super) fn is_bound(measure: Measure) -> bool {
    use Measure::{MedianFirstAnswerMax, MedianFirstAnswerMin, MedianFullAnswerMax, MedianFullAnswerMin};
    matches!(measure, MedianFirstAnswerMin | MedianFirstAnswerMax | MedianFullAnswerMin | MedianFullAnswerMax)
}

/// The number of the group that a measure belongs to. The table separates groups with a blank line.
pub(super) fn group(measure: Measure) -> usize {
    use Measure::{ActsMade, ChanceAfter, DyadicIndex, MedianFirstAnswer, ProportionCount, ResponseRate, ThreatsMade, TitForTat, Weight};
    let begins = [ResponseRate, MedianFirstAnswer, ProportionCount, ActsMade, TitForTat, ChanceAfter, Weight, ThreatsMade, DyadicIndex];
    begins.iter().filter(|first| **first <= measure).count()
}

pub(super) fn label(measure: Measure, unit: &str, scale: Option<&str>, terms: &Terms) -> String {
    let label = match measure {
        Measure::ActsReceived => "acts received",
        Measure::Claims => "  that opened a claim",
        Measure::AnsweredFull => "    answered in full",
        Measure::AnsweredPart => "    answered in part",
        Measure::Waived => "    waived",
        Measure::Reversed => "    reversed by their actor",
        Measure::Open => "    unanswered and open",
        Measure::Solidarity => "  answered by third parties",
        Measure::AnswersReceived => "  that are answers themselves",
        Measure::RetaliatedAnswers => "    answered in turn",
        Measure::ResponseRate => return format!("answered within {} days", terms.within),
        Measure::ResponseUncertain => "  perhaps, but their dates leave it open",
        Measure::TooYoung => "  too recent to judge",
        Measure::InKind => "answered in kind",
        Measure::MedianFirstAnswer => "median time to first answer",
        Measure::MedianFirstAnswerMin => "  with the earliest dates",
        Measure::MedianFirstAnswerMax => "  with the latest dates",
        Measure::MedianFullAnswer => "median time to full answer",
        Measure::MedianFullAnswerMin => "  with the earliest dates",
        Measure::MedianFullAnswerMax => "  with the latest dates",
        Measure::MedianRetaliation => "median time to an answer in turn",
        Measure::IncidenceAnswer => return format!("probability of an answer within {} days", terms.within),
        Measure::IncidenceWaiver => "  of a waiver before any answer",
        Measure::IncidenceReversal => "  of a reversal before any answer",
        Measure::ProportionCount => return format!("ratio of answer to claim, {unit}"),
        Measure::OverAnswered => "  with a larger count",
        Measure::EvenlyAnswered => "  with an equal count",
        Measure::UnderAnswered => "  with a smaller count",
        Measure::ProportionWeight => return format!("ratio of answer to claim, {}", scale.unwrap_or_default()),
        Measure::Escalation => return format!("mean log of answer / claim{}", scale.map_or(String::new(), |scale| format!(", {scale}"))),
        Measure::EscalationSpread => return format!("  standard deviation{}", scale.map_or(String::new(), |scale| format!(", {scale}"))),
        Measure::ActsMade => "acts made",
        Measure::Opened => "  that answer no act",
        Measure::Followed => "  that answer the other side",
        Measure::Joined => "  in solidarity with a third party",
        Measure::TitForTat => "moves that match the other side's last",
        Measure::Retaliation => "  hostile after hostile",
        Measure::Forgiveness => "  friendly after hostile",
        Measure::Initiation => "  hostile after friendly",
        Measure::ChanceAfter => return format!("chance of an act within {} days of one received", terms.within),
        Measure::ChanceAny => return format!("chance of an act within any {} days", terms.within),
        Measure::Contingency => "  difference",
        Measure::ContingencyP => "    p value",
        Measure::Weight => return format!("weight of acts made, {}", scale.unwrap_or_default()),
        Measure::NetWeight => return format!("  minus the other side's, {}", scale.unwrap_or_default()),
        Measure::DecayedWeight => return format!("  decayed weight of acts received, {}", scale.unwrap_or_default()),
        Measure::ThreatsMade => "threats made",
        Measure::ThreatsExecuted => "  carried out",
        Measure::ThreatsWithdrawn => "  withdrawn",
        Measure::ThreatsLapsed => "  lapsed",
        Measure::ThreatsPending => "  pending",
        Measure::DyadicIndex => return format!("dyadic reciprocity index, {}", scale.unwrap_or("acts")),
        Measure::NetworkReciprocity => return format!("network reciprocity, {}", scale.unwrap_or("acts")),
    };
    label.to_owned()
}

/// The value as text, and the number of cases behind it. A median without a value is shown by its bounds in `block`, if it has both.
pub(super) fn cells(row: &Reciprocity, block: &[Reciprocity]) -> (String, String) {
    let n = row.of.map_or(String::new(), |of| format!("of {of}"));
    let part = row.of.map_or(String::new(), |of| format!("{} of {of}", row.n));
    let Some(value) = row.value else { return (bounds(row, block).unwrap_or_else(|| "-".to_owned()), part) };
    match (row.measure, row.unit.as_str()) {
        (Measure::DyadicIndex | Measure::NetworkReciprocity, _) => (format!("{value:.2}"), part),
        (_, "acts") => (format!("{value:.0}"), n),
        (Measure::ContingencyP, _) => (format!("{value:.3}"), String::new()),
        (Measure::Contingency, _) => (format!("{:+.0} points", value * 100.0), String::new()),
        (_, "share") => (format!("{:.0} %", value * 100.0), part),
        (_, "days") => (format!("{value:.0} d"), part),
        (Measure::DecayedWeight, _) => (format!("{value:.4}"), part),
        (Measure::Weight | Measure::NetWeight, _) => (format!("{:.1}", if value == 0.0 { 0.0 } else { value }), part),
        _ => (format!("{value:.2}"), part),
    }
}

/// The bounds between which the dates leave a median: `0 to 364 d`.
fn bounds(row: &Reciprocity, block: &[Reciprocity]) -> Option<String> {
    let [min, max] = match row.measure {
        Measure::MedianFirstAnswer => [Measure::MedianFirstAnswerMin, Measure::MedianFirstAnswerMax],
        Measure::MedianFullAnswer => [Measure::MedianFullAnswerMin, Measure::MedianFullAnswerMax],
        _ => return None,
    };
    let of = |measure| {
        block.iter().find(|r| (&r.responder, &r.other, &r.period, r.measure) == (&row.responder, &row.other, &row.period, measure))?.value
    };
    match (of(min), of(max)) {
        (Some(min), Some(max)) => Some(format!("{min:.0} to {max:.0} d")),
        (Some(min), None) => Some(format!("{min:.0} d or more")),
        _ => None,
    }
}

/// The interval of a figure behind its value: `; 95 %: 23 to 88 %`, `; 95 %: 13 d or more`.
pub(super) fn interval(row: &Reciprocity) -> String {
    let bound = |bound: f64| if row.unit == "share" { format!("{:.0}", bound * 100.0) } else { format!("{bound:.0}") };
    let unit = if row.unit == "share" { "%" } else { "d" };
    match (row.low, row.high) {
        (Some(low), Some(high)) => format!("; 95 %: {} to {} {unit}", bound(low), bound(high)),
        (Some(low), None) => format!("; 95 %: {} {unit} or more", bound(low)),
        _ => String::new(),
    }
}

/// A number with at most four decimals and without trailing zeros.
pub(super) fn number(amount: f64) -> String {
    let text = format!("{amount:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
