//! The effect of a change in words, so that a mistake is noticed at once.

use recip::ledger::link::{Holder, NoEffect};
use recip::ledger::{Action, Logged, Settled, Settlement, Shift};
use recip::model::count::{Count, Total, quantity};
use recip::model::settle::Amounts;
use recip::model::{Quantity, Relation, Sign, Stage};
use recip::render;
use recip::report::Names;

/// Maximum number of existing links listed that now settle other amounts; the others are only counted.
const MAX_LISTED: usize = 5;

/// A logged action and its effect: `#7 2017-07-28 Russia -> United States: expulsion of 755 persons; answers #1 in full (35 of 35) and
/// exceeds it by 720, open against Russia`.
pub(crate) fn logged(action: &Action, settlement: &Settlement, names: &Names) -> String {
    let mut parts = vec![line(action, names)];
    parts.extend(stored(action, &[]));
    parts.extend(settlement_lines(action, settlement, names));
    parts.join("; ")
}

/// The deadline, the tags and the quantities of an action as they were stored, which may differ from what was typed.
fn stored(action: &Action, quantities: &[Quantity]) -> Vec<String> {
    let details = [("deadline", &action.details.deadline), ("tags", &action.details.tags)];
    let details = details.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
    let quantities = quantities.iter().map(|q| format!("{} {} {}", q.name, q.value.grouped(), q.unit));
    details.chain(quantities).collect()
}

/// The actions that one command logged and their effect: a line for each and, if there are several, a line of totals:
/// `4 actions, 79 persons`.
pub(crate) fn all_logged(logged: &[Logged], names: &Names) -> String {
    let stored: Vec<Vec<String>> = logged.iter().map(|one| stored(&one.action, &one.quantities)).collect();
    // What all have in common is said once, with the totals.
    let common = stored.first().filter(|first| logged.len() > 1 && stored.iter().all(|other| other == *first));
    let mut lines = Vec::with_capacity(logged.len() + 1);
    for (one, stored) in logged.iter().zip(&stored) {
        let mut parts = vec![line(&one.action, names)];
        parts.extend(stored.iter().filter(|_| common.is_none()).cloned());
        parts.extend(new_settlement_lines(&one.action, &one.settlement, names));
        if logged.len() == 1 {
            parts.extend(shifts(&one.settlement.shifts));
        }
        lines.push(parts.join("; "));
    }
    if logged.len() > 1 {
        lines.extend(logged.iter().flat_map(|one| shifts(&one.settlement.shifts)));
        lines.push([&[totals(logged)][..], common.map_or(&[], Vec::as_slice)].concat().join("; "));
    }
    lines.join("\n")
}

/// The number of actions and their counts by unit: `4 actions, 79 persons`.
fn totals(logged: &[Logged]) -> String {
    let mut units: Vec<(&str, Total)> = Vec::new();
    for action in logged.iter().map(|one| &one.action).filter(|action| action.sign != Sign::Neutral) {
        let at = units.iter().position(|(unit, _)| *unit == action.unit).unwrap_or_else(|| {
            units.push((&action.unit, Total::default()));
            units.len() - 1
        });
        units[at].1.add(action.count.shown_in(&action.unit).number(), action.count.approximation());
    }
    let counted = units.into_iter().map(|(unit, total)| match total.to_string().as_str() {
        "1" => quantity(Some(1), unit),
        total => format!("{total} {unit}"),
    });
    let mut parts = vec![quantity(Count::try_from(logged.len()).ok(), "actions")];
    parts.extend(counted);
    parts.join(", ")
}

/// An action in one line: `#7 2017-07-28 Russia -> United States: expulsion of 755 persons`.
pub(crate) fn line(action: &Action, names: &Names) -> String {
    format!("#{} {} {} -> {}: {}", action.id, action.date, names.of(&action.actor), names.of(&action.target), action.what())
}

/// What the new links of an action settle, how much of the action is open, and which existing links now settle other amounts.
pub(crate) fn settlement_lines(action: &Action, settlement: &Settlement, names: &Names) -> Vec<String> {
    let mut parts = new_settlement_lines(action, settlement, names);
    parts.extend(shifts(&settlement.shifts));
    parts
}

/// What the new links of an action settle, and how much of the action is open.
fn new_settlement_lines(action: &Action, settlement: &Settlement, names: &Names) -> Vec<String> {
    let mut parts: Vec<String> = settlement.settled.iter().map(|s| effect(action, s, names)).collect();
    let answered = settlement.settled.iter().filter(|s| s.relation == Relation::Answers && s.amounts.spends > 0).count();
    match (open_claim(action, names), parts.last_mut()) {
        (Some(_), Some(last)) if answered == 1 && settlement.settled.len() == 1 && action.count.number().is_some() => {
            let rest = action.count.part(action.open);
            last.push_str(&format!(" and exceeds it by {rest}, {}", is_open(action, names)));
        }
        (claim, _) => parts.extend(claim),
    }
    parts
}

/// Existing links that now settle other amounts: `#3 now answers #1 with 2 instead of 5`.
pub(crate) fn shifts(shifts: &[Shift]) -> Vec<String> {
    let all: Vec<String> = shifts.iter().filter_map(shift).collect();
    let more = all.len().saturating_sub(MAX_LISTED);
    let mut lines: Vec<String> = all.into_iter().take(MAX_LISTED).collect();
    if more > 0 {
        lines.push(format!("and {more} more links now settle other amounts"));
    }
    lines
}

/// What changed about a link that a reader would notice; `None`: nothing.
fn shift(shift: &Shift) -> Option<String> {
    let Shift { relation, later, earlier, before, after } = shift;
    let verb = render::verb(*relation, earlier.sign, earlier.sign);
    let (l, e) = (later.id, earlier.id);
    let has_effect = |amounts: &Amounts| (amounts.covers, amounts.spends, amounts.takes) != (0, 0, 0);
    match relation {
        Relation::Renews | Relation::Extends => match (has_effect(before), has_effect(after)) {
            (true, false) if later.open > 0 => Some(format!("#{l} no longer {verb} #{e}; open of #{l}: {}", open(later))),
            (true, false) => Some(format!("#{l} no longer {verb} #{e}")),
            (false, true) => Some(format!("#{l} now {verb} #{e}")),
            _ => None,
        },
        Relation::Reverses | Relation::Executes if before.takes != after.takes => {
            let part = match later.count.number().filter(|own| later.unit == earlier.unit && *own < Count::from(after.takes)) {
                Some(own) if *relation == Relation::Reverses => format!("; for a part of it: recip edit {l} --reverses {e}:{own}"),
                _ => String::new(),
            };
            Some(format!("#{l} now {verb} {} of #{e} instead of {}{part}", after.takes, before.takes))
        }
        Relation::Answers if before.covers != after.covers => {
            Some(format!("#{l} now {verb} #{e} with {} instead of {}", after.covers, before.covers))
        }
        Relation::Answers if before.spends != after.spends => {
            let (before, after) = (quantity(Some(Count::from(before.spends)), &later.unit), Count::from(after.spends));
            Some(format!("#{l} now uses {after} instead of {before} to answer #{e}; open of #{l}: {}", open(later)))
        }
        Relation::Executes if before.covers != after.covers => Some(format!("#{l}, which {verb} #{e}, now has {} open", open(later))),
        Relation::Executes => None,
        _ if before.covers != after.covers => Some(format!("#{l} now closes {} of #{e} instead of {}", after.covers, before.covers)),
        _ => None,
    }
}

/// What a new link of an action settles: `answers #1 in full (35 of 35)`.
fn effect(action: &Action, settled: &Settled, names: &Names) -> String {
    let Settled { relation, earlier, amounts, open_before, claim_of, stood, lapsed, repeats, no_effect, reinstated } = settled;
    let id = earlier.id;
    let (covers, takes) = (Count::from(amounts.covers), Count::from(amounts.takes));
    let verb = render::verb(*relation, earlier.sign, earlier.sign);
    let repeats = repeats.map_or(String::new(), |standing| {
        format!("; #{standing} still stands, so both count; if this is its renewal: recip link {} renews {standing}", action.id)
    });
    match relation {
        Relation::Answers if covers == 0 => match no_effect {
            Some(NoEffect::ThirdParty) => {
                format!("answers #{id} in solidarity (settles nothing: the claim belongs to {})", names.in_sentence(&earlier.target))
            }
            Some(NoEffect::Threat) => format!("answers #{id} (settles nothing: a threat settles nothing until it is carried out)"),
            Some(NoEffect::OtherSign) => format!("answers #{id} (settles nothing: one action is hostile and the other is friendly)"),
            Some(NoEffect::NoClaim) => format!("answers #{id} (settles nothing: #{id} opens no claim)"),
            Some(NoEffect::Voided) => format!("answers #{id} (settles nothing: #{id} is voided)"),
            _ if earlier.open == 0 => format!("answers #{id} (settles nothing: {})", why_nothing_is_open(id, claim_of)),
            _ => format!("answers #{id} (settles nothing: other links use up this action)"),
        },
        Relation::Answers if earlier.count.number().is_none() => {
            format!("{verb} #{id} in full ({})", quantity(earlier.count, &earlier.unit))
        }
        Relation::Answers if covers == *open_before => {
            format!("{verb} #{id} in full ({covers} of {})", earlier.count.part(*open_before))
        }
        Relation::Answers => {
            let [all, left] = [*open_before, open_before - covers].map(|part| earlier.count.part(part));
            format!("{verb} #{id} in part ({covers} of {all}; {left} still open)")
        }
        Relation::Executes if earlier.stage == Stage::Threatened => format!("executes #{id}{repeats}"),
        Relation::Executes if takes == 0 => format!("executes #{id} (settles nothing: #{id} has nothing pending)"),
        Relation::Executes if earlier.stands > 0 && earlier.count.number().is_some() => {
            format!("executes {takes} of #{id} ({} still pending)", quantity(earlier.count.part(earlier.stands), &earlier.unit))
        }
        Relation::Executes if action.count.number().is_none() && earlier.count.number().is_some_and(|count| count > 1) => format!(
            "executes #{id} ({}: its own count is unknown, so it takes all that was pending, and what is open of it is shown as ?; \
             'recip edit {} --count COUNT' states it)",
            quantity(Some(takes), &earlier.unit),
            action.id
        ),
        Relation::Executes => {
            format!(
                "executes #{id}{}",
                earlier.count.number().map_or(String::new(), |_| format!(" ({})", quantity(Some(takes), &earlier.unit)))
            )
        }
        Relation::Waives if covers == 0 => format!("waives #{id} (settles nothing: {})", why_nothing_is_open(id, claim_of)),
        Relation::Waives => format!("waives #{id} ({})", quantity(earlier.count.part(covers), &earlier.unit)),
        Relation::Extends if !stood => format!("extends #{id} (moves no deadline: nothing of #{id} stands)"),
        Relation::Extends => format!("extends #{id}"),
        Relation::Renews if earlier.stage == Stage::Threatened => format!("renews #{id} (settles nothing: #{id} opens no claim)"),
        Relation::Renews if !stood => format!("renews #{id} (settles nothing: nothing of #{id} stands){repeats}"),
        Relation::Renews => match lapsed {
            Some(first) => format!(
                "renews #{id}, and opens no claim, although nothing of #{first}, which #{id} renewed, stands; if it is a new act: recip unlink {} {id}",
                action.id
            ),
            None => format!("renews #{id}"),
        },
        Relation::Reverses if takes == 0 => format!(
            "reverses #{id} (settles nothing: {})",
            if earlier.stands == 0 {
                nothing_left(action, earlier, claim_of)
            } else {
                "a threat reverses nothing that was done".to_owned()
            }
        ),
        Relation::Reverses if !reinstated.is_empty() => {
            let claims: Vec<String> =
                reinstated.iter().map(|(a, amount)| format!("#{} ({})", a.id, quantity(a.count.part(*amount), &a.unit))).collect();
            format!("reverses the waiver #{id}{}", open_again(&claims))
        }
        Relation::Reverses if earlier.stage == Stage::Threatened => format!("withdraws the threat #{id}"),
        Relation::Reverses if action.sign == Sign::Hostile && earlier.sign == Sign::Hostile && action.stage != Stage::Threatened => {
            format!(
                "reverses #{id}, although both are hostile; if it only takes #{id} back, give it a friendly kind, such as easing or return: recip edit {} --kind KIND",
                action.id
            )
        }
        Relation::Reverses => match earlier.count.number() {
            Some(count) if takes < count => {
                let what = if earlier.stands == 0 { format!("the rest of #{id}") } else { format!("#{id} in part") };
                format!("reverses {what} ({takes} of {}){}", earlier.count.part(count), still_standing(earlier, claim_of))
            }
            // Its own count may look like the part that it reverses.
            Some(count) if claim_of.is_empty() && action.unit == earlier.unit && action.count.number().is_some_and(|own| own < count) => {
                let (all, own) = (quantity(earlier.count, &earlier.unit), action.count.number().unwrap_or(count));
                format!("reverses all of #{id} ({all}; for a part of it: recip edit {} --reverses {id}:{own})", action.id)
            }
            _ => format!("reverses #{id}{}", still_standing(earlier, claim_of)),
        },
    }
}

/// Why an action has nothing open: other actions have its claim, or nothing is left of it.
fn why_nothing_is_open(id: i64, claim_of: &[Holder]) -> String {
    match claim_of {
        [] => format!("#{id} has nothing open"),
        _ => format!("the claim of #{id} is that of {}", handles(claim_of.iter())),
    }
}

/// Why a reversal finds nothing to reverse, with the commands that reverse what still stands of the act.
fn nothing_left(action: &Action, earlier: &Action, claim_of: &[Holder]) -> String {
    let commands: Vec<String> = claim_of.iter().map(|holder| format!("'recip link {} reverses {}'", action.id, holder.id)).collect();
    let way_out = match claim_of {
        [] => String::new(),
        [_] => format!("; to reverse it: {}", commands.join(" and ")),
        _ => format!("; to reverse them: {}", commands.join(" and ")),
    };
    format!("nothing is left of it to reverse{}{way_out}", still_standing(earlier, claim_of))
}

/// The actions that have the claim of a reversed action: `; #1, which it renewed, and #3, which carried out 20 of it, still stand`.
fn still_standing(earlier: &Action, claim_of: &[Holder]) -> String {
    let of = |carried_out: bool| claim_of.iter().filter(move |holder| holder.carried_out.is_some() == carried_out);
    let carried_out: i64 = of(true).filter_map(|holder| holder.carried_out).sum();
    let how_much = match earlier.count.number() {
        Some(count) if carried_out < count => format!("carried out {carried_out} of it"),
        _ => "carried it out".to_owned(),
    };
    let groups = [(of(false).count(), handles(of(false)), "it renewed"), (of(true).count(), handles(of(true)), how_much.as_str())];
    let groups = groups.into_iter().filter(|(size, ..)| *size > 0).map(|(_, handles, what)| format!("{handles}, which {what},"));
    let groups: Vec<String> = groups.collect();
    match claim_of {
        [] => String::new(),
        [_] => format!("; {} still stands", groups.join(" and ")),
        _ => format!("; {} still stand", groups.join(" and ")),
    }
}

/// The handles of these actions: `#3 and #4`.
fn handles<'h>(holders: impl Iterator<Item = &'h Holder>) -> String {
    holders.map(|holder| format!("#{}", holder.id)).collect::<Vec<_>>().join(" and ")
}

fn open_again(claims: &[String]) -> String {
    match claims {
        [] => String::new(),
        [one] => format!(", so {one} is open again"),
        many => format!(", so {} are open again", many.join(" and ")),
    }
}

/// The open amount of an action: `30 persons`, or `nothing`.
pub(crate) fn open(action: &Action) -> String {
    match action.open {
        0 => "nothing".to_owned(),
        open => quantity(action.count.part(open), &action.unit),
    }
}

/// Whose turn it is: `open against Russia` for a hostile act of Russia, `to be returned by Russia` for a gesture towards it.
fn is_open(action: &Action, names: &Names) -> String {
    match action.sign {
        Sign::Friendly => format!("to be returned by {}", names.in_sentence(&action.target)),
        _ => format!("open against {}", names.in_sentence(&action.actor)),
    }
}

/// The open amount of an action, and whose turn it is; `None` if nothing is open.
fn open_claim(action: &Action, names: &Names) -> Option<String> {
    match action.count.number() {
        _ if action.sign == Sign::Neutral => None,
        _ if action.stage == Stage::Threatened => Some("a threat opens no claim".to_owned()),
        _ if action.open == 0 => None,
        None => Some(is_open(action, names)),
        Some(_) => Some(format!("{} {}", open(action), is_open(action, names))),
    }
}
