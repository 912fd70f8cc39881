//! Says in words what a change did, so that a slip is seen at once.

use recip::ledger::link::Nothing;
use recip::ledger::{Action, Settled, Settlement, Shift};
use recip::model::count::{Count, quantity};
use recip::model::{Relation, Sign, Stage};
use recip::report::Names;

/// How many earlier links that settle something else now are named; the rest are counted.
const NAMED: usize = 5;

/// `#7 2017-07-28 Russia -> United States: expulsion of 755 persons; answers #1 in full (35 of 35) and exceeds it by 720, now open
/// against Russia`.
pub(crate) fn logged(action: &Action, settlement: &Settlement, names: &Names) -> String {
    let mut parts = vec![line(action, names)];
    parts.extend(settlement_lines(action, settlement, names));
    parts.join("; ")
}

/// `#7 2017-07-28 Russia -> United States: expulsion of 755 persons`.
pub(crate) fn line(action: &Action, names: &Names) -> String {
    format!("#{} {} {} -> {}: {}", action.id, action.date, names.of(&action.actor), names.of(&action.target), action.what())
}

/// What the new links of an action settle, what is left of it, and what that changes of what was settled before.
pub(crate) fn settlement_lines(action: &Action, settlement: &Settlement, names: &Names) -> Vec<String> {
    let mut parts: Vec<String> = settlement.settled.iter().map(|s| bears(s, names)).collect();
    let answered = settlement.settled.iter().filter(|s| s.relation == Relation::Answers && s.amounts.spends > 0).count();
    match (left(action, names), parts.last_mut()) {
        (Some(_), Some(last)) if answered == 1 && settlement.settled.len() == 1 && action.count.is_some() => {
            last.push_str(&format!(" and exceeds it by {}, now open against {}", action.open, names.of(&action.actor)));
        }
        (left, _) => parts.extend(left),
    }
    parts.extend(shifts(&settlement.shifts));
    parts
}

/// What changes of what was settled before: `#3 now answers #1 with 2 instead of 5`.
pub(crate) fn shifts(shifts: &[Shift]) -> Vec<String> {
    let mut said: Vec<String> = shifts.iter().take(NAMED).map(shift).collect();
    if shifts.len() > NAMED {
        said.push(format!("and {} more links settle something else now", shifts.len() - NAMED));
    }
    said
}

fn shift(shift: &Shift) -> String {
    let Shift { relation, later, earlier, before, after } = shift;
    let (later, earlier) = (later.id, earlier.id);
    match relation {
        Relation::Reverses | Relation::Executes if before.takes != after.takes => {
            format!("#{later} now {relation} {} of #{earlier} instead of {}", after.takes, before.takes)
        }
        Relation::Answers => format!("#{later} now answers #{earlier} with {} instead of {}", after.covers, before.covers),
        _ => format!("#{later} now closes {} of #{earlier} instead of {}", after.covers, before.covers),
    }
}

/// What a link settles: `answers #1 in full (35 of 35)`.
pub(crate) fn bears(settled: &Settled, names: &Names) -> String {
    let Settled { relation, earlier, amounts, open_before, nothing, reinstated } = settled;
    let id = earlier.id;
    let (covers, takes) = (Count::from(amounts.covers), Count::from(amounts.takes));
    match relation {
        Relation::Answers if covers == 0 => match nothing {
            Some(Nothing::ThirdParty) => {
                format!("answers #{id} in solidarity (settles nothing: the claim is that of {})", names.of(&earlier.target))
            }
            Some(Nothing::Threat) => format!("answers #{id} (settles nothing: a threat settles nothing until it is carried out)"),
            Some(Nothing::OtherSign) => format!("answers #{id} (settles nothing: one is hostile and the other friendly)"),
            Some(Nothing::NoClaim) => format!("answers #{id} (settles nothing: #{id} opens no claim)"),
            Some(Nothing::Voided) => format!("answers #{id} (settles nothing: #{id} is voided)"),
            _ if earlier.open == 0 => format!("answers #{id} (settles nothing: nothing of it is open)"),
            _ => format!("answers #{id} (settles nothing: this action is used up by other links)"),
        },
        Relation::Answers if earlier.count.is_none() => format!("answers #{id} in full ({})", quantity(None, &earlier.unit)),
        Relation::Answers if covers == *open_before => format!("answers #{id} in full ({covers} of {open_before})"),
        Relation::Answers => format!("answers #{id} in part ({covers} of {open_before}; {} still open)", open_before - covers),
        Relation::Executes if earlier.stage == Stage::Threatened => format!("executes #{id}"),
        Relation::Executes if takes == 0 => format!("executes #{id} (settles nothing: nothing of it is pending)"),
        Relation::Executes if earlier.stands > 0 && earlier.count.is_some() => {
            format!("executes {takes} of #{id} ({} still pending)", quantity(Some(earlier.stands), &earlier.unit))
        }
        Relation::Executes => {
            format!("executes #{id}{}", earlier.count.map_or(String::new(), |_| format!(" ({})", quantity(Some(takes), &earlier.unit))))
        }
        Relation::Waives if covers == 0 => format!("waives #{id} (settles nothing: nothing of it is open)"),
        Relation::Waives => format!("waives #{id} ({})", quantity(earlier.count.map(|_| covers), &earlier.unit)),
        Relation::Reverses if takes == 0 => format!(
            "reverses #{id} (settles nothing: {})",
            if earlier.stands == 0 { "nothing of it stands" } else { "a threat does not undo what was done" }
        ),
        Relation::Reverses if earlier.sign == Sign::Neutral => {
            let again: Vec<String> =
                reinstated.iter().map(|(a, amount)| format!("#{} ({})", a.id, quantity(a.count.map(|_| *amount), &a.unit))).collect();
            format!("reverses the waiver #{id}{}", open_again(&again))
        }
        Relation::Reverses if earlier.stage == Stage::Threatened => format!("withdraws the threat #{id}"),
        Relation::Reverses => match earlier.count {
            Some(count) if takes < count => format!("reverses {takes} of #{id} ({count})"),
            _ => format!("reverses #{id}"),
        },
    }
}

fn open_again(claims: &[String]) -> String {
    match claims {
        [] => String::new(),
        [one] => format!(", so that {one} is open again"),
        many => format!(", so that {} are open again", many.join(" and ")),
    }
}

/// What is left open of an action; `None`: nothing, or it opens no claim.
pub(crate) fn left(action: &Action, names: &Names) -> Option<String> {
    let actor = names.of(&action.actor);
    match action.count {
        _ if action.sign == Sign::Neutral => None,
        _ if action.stage == Stage::Threatened => Some("a threat opens no claim".to_owned()),
        _ if action.open == 0 => None,
        None => Some(format!("open against {actor}")),
        Some(_) => Some(format!("{} open against {actor}", quantity(Some(action.open), &action.unit))),
    }
}
