//! Says in words what a change did, so that a slip is seen at once.

use recip::ledger::{Action, Settled};
use recip::model::count::quantity;
use recip::model::{Relation, Sign, Stage};
use recip::report::Names;

/// `#7 2017-07-28 Russia -> United States: expulsion of 755 persons; answers #1 in full (35 of 35); 720 beyond it
/// stand open against Russia`.
pub(crate) fn logged(action: &Action, settled: &[Settled], names: &Names) -> String {
    let mut parts = vec![line(action, names)];
    parts.extend(settled.iter().map(|s| bears(s, names)));
    parts.extend(left(action, settled.iter().any(|s| s.amounts.spends > 0), names));
    parts.join("; ")
}

/// `#7 2017-07-28 Russia -> United States: expulsion of 755 persons`.
pub(crate) fn line(action: &Action, names: &Names) -> String {
    format!("#{} {} {} -> {}: {}", action.id, action.date, names.of(&action.actor), names.of(&action.target), action.what())
}

/// What a link settled: `answers #1 in full (35 of 35)`.
pub(crate) fn bears(settled: &Settled, names: &Names) -> String {
    let Settled { relation, earlier, amounts, open_before, revived } = settled;
    let id = earlier.id;
    match relation {
        Relation::Answers if amounts.covers == 0 => {
            format!("answers #{id} in solidarity (covers nothing: the claim is {}'s)", names.of(&earlier.target))
        }
        Relation::Answers if earlier.count.is_none() => format!("answers #{id} in full ({})", quantity(None, &earlier.unit)),
        Relation::Answers if amounts.covers == *open_before => format!("answers #{id} in full ({} of {open_before})", amounts.covers),
        Relation::Answers => {
            format!("answers #{id} in part ({} of {open_before}; {} stay open)", amounts.covers, open_before - amounts.covers)
        }
        Relation::Executes if amounts.covers > 0 && earlier.count.is_some() => {
            format!("executes #{id} ({} carried over)", quantity(Some(amounts.covers), &earlier.unit))
        }
        Relation::Executes => format!("executes #{id}"),
        Relation::Waives => format!("waives #{id} ({})", quantity(earlier.count.map(|_| amounts.covers), &earlier.unit)),
        Relation::Reverses if earlier.sign == Sign::Neutral => {
            let again: Vec<String> =
                revived.iter().map(|(a, amount)| format!("#{} ({})", a.id, quantity(a.count.map(|_| *amount), &a.unit))).collect();
            format!("takes back #{id}, so that {} again", open_again(&again))
        }
        Relation::Reverses if earlier.stage == Stage::Threatened => format!("withdraws the threat #{id}"),
        Relation::Reverses => match earlier.count {
            Some(count) if amounts.reversed < count => format!("reverses {} of #{id} ({count})", amounts.reversed),
            _ => format!("reverses #{id}"),
        },
    }
}

fn open_again(claims: &[String]) -> String {
    match claims {
        [] => "nothing stands open".to_owned(),
        [one] => format!("{one} stands open"),
        many => format!("{} stand open", many.join(" and ")),
    }
}

/// What is left open of an act; `None` where the act is no claim to begin with.
pub(crate) fn left(action: &Action, spent: bool, names: &Names) -> Option<String> {
    let actor = names.of(&action.actor);
    Some(match action.count {
        _ if action.sign == Sign::Neutral => return None,
        _ if action.stage == Stage::Threatened => "a threat opens no claim".to_owned(),
        _ if action.open == 0 => "nothing beyond it stands open".to_owned(),
        None => format!("it stands open against {actor}"),
        Some(_) if spent => format!("{} beyond it {} open against {actor}", action.open, stand(action.open)),
        Some(_) => format!("{} {} open against {actor}", quantity(Some(action.open), &action.unit), stand(action.open)),
    })
}

fn stand(count: i64) -> &'static str {
    if count == 1 { "stands" } else { "stand" }
}
