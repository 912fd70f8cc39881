//! The outcomes of threats.

use crate::report::reciprocity::Measure;
use crate::report::reciprocity::figure::{Case, Figure, Item};
use crate::report::reciprocity::pair::Fate;

/// The number of threats that the responder made, and their outcomes. The four outcomes add up to the threats. A threat carried out in
/// several acts, or after its deadline, counts once as carried out.
pub(super) fn fates<'c>(case: Case<'c>, out: &mut Vec<Figure<'c>>) {
    out.push(Figure::total(Measure::ThreatsMade, case.tally_all(case.threats().map(|t| t.id))));
    for (measure, fate) in [
        (Measure::ThreatsExecuted, Fate::Executed),
        (Measure::ThreatsWithdrawn, Fate::Withdrawn),
        (Measure::ThreatsLapsed, Fate::Lapsed),
        (Measure::ThreatsPending, Fate::Pending),
    ] {
        out.push(Figure::count(measure, case.tally(case.threats().map(|t| Item::new(t.id, t.fate == fate)))));
    }
}
