//! Error messages for refused links: the reason with its figures, and the way out.

use rusqlite::Connection;

use crate::error::{Error, Result};
use crate::ledger::Action;
use crate::ledger::catalogue::party_called;
use crate::ledger::settlement::Correcting;
use crate::model::count::{Count, quantity};
use crate::model::name::with_article;
use crate::model::settle::{Breach, SettledLink, Shortage};
use crate::model::{REF_KEY, Relation, Sign};

/// How a message names actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// `#7 (2017-07-28-rus-usa-staff-cut)`, then `#7`.
    ById,
    /// By its ref, as in files.
    ByRef,
}

impl Naming {
    fn full(self, action: &Action) -> String {
        if self == Naming::ById { action.to_string() } else { action.reference.clone() }
    }

    fn short(self, action: &Action) -> String {
        if self == Naming::ById { format!("#{}", action.id) } else { action.reference.clone() }
    }

    /// What a person types to name the action in a command.
    fn typed(self, action: &Action) -> String {
        match self {
            Naming::ById => action.id.to_string(),
            Naming::ByRef if action.reference.parse::<i64>().is_ok() => format!("{REF_KEY}{}", action.reference),
            Naming::ByRef => action.reference.clone(),
        }
    }

    /// What a person writes to name the action with an amount, in a command or in a file.
    fn with_amount(self, action: &Action, covers: impl std::fmt::Display) -> String {
        let key = if self == Naming::ById { action.id.to_string() } else { action.reference.clone() };
        format!("{key}:{covers}")
    }
}

fn read(conn: &Connection, (later, earlier): (i64, i64)) -> Result<(Action, Action)> {
    let one = |id| Ok::<_, Error>(Action::by_id(conn, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?);
    Ok((one(later)?, one(earlier)?))
}

/// The party's name within a sentence: "the United States".
fn party(conn: &Connection, code: &str) -> Result<String> {
    Ok(party_called(conn, code)?.map_or_else(|| code.to_owned(), |party| with_article(&party.name).into_owned()))
}

/// The error for a link that breaks a rule.
pub(super) fn breach(conn: &Connection, breach: Breach, relation: Relation, ends: (i64, i64), naming: Naming) -> Result<Error> {
    let (later, earlier) = &read(conn, ends)?;
    let (l, e) = (naming.short(later), naming.short(earlier));
    let (why, way_out) = match breach {
        Breach::Itself => ("an action cannot be linked to itself".to_owned(), "name an earlier action".to_owned()),
        Breach::Circle => (
            format!("{e} already links to {l}, directly or through other actions: links may not form a circle"),
            format!("check which of them came first; 'recip chain {}' shows their links", naming.typed(earlier)),
        ),
        Breach::Earlier => (
            format!("{l} of {} is certainly earlier than {e} of {}", later.date, earlier.date),
            "check the dates, and which of the two came first".to_owned(),
        ),
        Breach::Aim => (
            format!("{l} is aimed at {}, but {e} was done by {}", party(conn, &later.target)?, party(conn, &earlier.actor)?),
            format!(
                "an answer or a waiver must be aimed at the actor of the earlier action, here {}, or at a member of it",
                party(conn, &earlier.actor)?
            ),
        ),
        Breach::NotInjured => (
            format!("{e} was aimed at {}, but {l} was done by {}", party(conn, &earlier.target)?, party(conn, &later.actor)?),
            format!("only the injured party, here {}, can waive", party(conn, &earlier.target)?),
        ),
        Breach::NotNeutral => (
            format!("an action of the kind '{}' that is {} cannot waive", later.kind, later.stage),
            "log a restraint, or use 'recip waive'".to_owned(),
        ),
        Breach::NotOwn => (
            format!(
                "{l} is an action of {} towards {}, but {e} is one of {} towards {}",
                party(conn, &later.actor)?,
                party(conn, &later.target)?,
                party(conn, &earlier.actor)?,
                party(conn, &earlier.target)?
            ),
            "a party executes, reverses, extends or renews only its own actions towards the same target; the other side answers or waives them"
                .to_owned(),
        ),
        Breach::NoDeadline => (
            format!("{e} is done and has no deadline"),
            format!("state the deadline that it set: recip edit {} --deadline DEADLINE", naming.typed(earlier)),
        ),
        Breach::NotPending => (format!("{e} is done already"), "only a threat or an announcement can be executed".to_owned()),
        Breach::NoFurther => (
            format!("{l} is {} and {e} is {}, so {l} is not at a later stage", later.stage, earlier.stage),
            "an announcement is executed by an action that is done, a threat by an action that is announced or done".to_owned(),
        ),
        Breach::OtherSign => (
            format!("{l} is {} and {e} is {}", later.sign, earlier.sign),
            "only a hostile action executes or renews a hostile one, and only a friendly action a friendly one; use --reverses to withdraw it"
                .to_owned(),
        ),
        Breach::OtherUnit => (
            format!("{e} counts {}, but {l} counts {}", earlier.unit, later.unit),
            "an announcement is executed, and an action renewed, by an action with the same unit; if something else was done, use --reverses to withdraw it"
                .to_owned(),
        ),
    };
    Ok(Error::refused(format!("{} cannot {} {}", naming.full(later), verb(relation), naming.full(earlier)), why, way_out))
}

/// The error for a stated amount that cannot be settled: of a new link, or of an older one that no longer fits after a change.
pub(super) fn unmet(
    conn: &Connection,
    link: &SettledLink,
    ends: (i64, i64),
    shortage: Shortage,
    older: bool,
    naming: Naming,
    correcting: Option<&Correcting>,
) -> Result<Error> {
    let (later, earlier) = read(conn, ends)?;
    if !older {
        return too_much(conn, link, shortage, &later, &earlier, naming);
    }
    let (l, e) = (later.id, earlier.id);
    let stated = quantity(link.stated.map(Count::from), &earlier.unit);
    let (why, remedy) = shortfall(conn, link, shortage, &later, &earlier, naming)?;
    let is_restated = correcting.is_some_and(|c| c.action == l && c.restated.contains(&(link.relation, e)));
    let why = match remedy {
        Remedy::AtMost(0) => "nothing would be left for it".to_owned(),
        Remedy::AtMost(room) => format!("only {} would be left for it", quantity(Some(room), &earlier.unit)),
        _ => why,
    };
    let option = if link.relation == Relation::Reverses { "--reverses" } else { "--answers" };
    let amount = match remedy {
        Remedy::AtMost(0) | Remedy::LeaveOut => format!("{option} {e}"),
        Remedy::AtMost(room) => {
            format!("{option} {e}:{room}{}", link.stated_spends.map_or(String::new(), |spends| format!("/{spends}")))
        }
        Remedy::UseUp(most) => format!("{option} {e}:{}/{most}", link.stated.unwrap_or(0)),
        Remedy::OneAmount(amount) => format!("{option} {e}:{amount}"),
    };
    let way_out = match correcting {
        _ if later.voided.is_some() => format!("remove the link of the voided action first: recip unlink {l} {e}"),
        _ if is_restated => format!("state in its place: {amount}"),
        Some(Correcting { action, command, .. }) if *action == l => format!("change that too: {command} {amount}"),
        _ if naming == Naming::ByRef => {
            let cell = match remedy {
                Remedy::AtMost(room @ 1..) => naming.with_amount(&earlier, room),
                _ => naming.short(&earlier),
            };
            format!(
                "if the file has a row for {}, write {cell} in its column {}; else change that first: recip edit {l} {amount}",
                naming.short(&later),
                link.relation
            )
        }
        _ => format!("change that first: recip edit {l} {amount}"),
    };
    Ok(Error::refused(format!("#{l} {} #{e} with {stated}", link.relation), format!("after this change {why}"), way_out))
}

/// The error for a new link whose stated amount cannot be settled.
fn too_much(conn: &Connection, link: &SettledLink, shortage: Shortage, later: &Action, earlier: &Action, naming: Naming) -> Result<Error> {
    let (why, remedy) = shortfall(conn, link, shortage, later, earlier, naming)?;
    let leave_out = "leave the amount out";
    let way_out = match remedy {
        Remedy::LeaveOut if link.relation == Relation::Answers && shortage.later_left == 0 && later.sign == earlier.sign => {
            format!("state how much each of its answers settles, or {leave_out}")
        }
        Remedy::AtMost(0) | Remedy::LeaveOut => leave_out.to_owned(),
        Remedy::AtMost(room) => format!("state at most {room}, or {leave_out}"),
        Remedy::UseUp(most) => format!("use up at most {most}"),
        Remedy::OneAmount(amount) => format!("state one amount: {}", naming.with_amount(earlier, amount)),
    };
    Ok(Error::refused(format!("{} cannot {} {}", naming.full(later), verb(link.relation), naming.full(earlier)), why, way_out))
}

/// What can be stated in place of an amount that cannot be settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// No amount.
    LeaveOut,
    /// At most this amount; 0: no amount.
    AtMost(Count),
    /// That it uses up at most this much of the answer.
    UseUp(u32),
    /// This amount alone.
    OneAmount(u32),
}

/// Why the stated amount of a link cannot be settled, and what can be stated.
fn shortfall(
    conn: &Connection,
    link: &SettledLink,
    shortage: Shortage,
    later: &Action,
    earlier: &Action,
    naming: Naming,
) -> Result<(String, Remedy)> {
    let (l, e) = (naming.short(later), naming.short(earlier));
    let are = |count: u32| if count == 1 { "is" } else { "are" };
    let amount = link.stated.unwrap_or(0);
    let stated = format!("{} {} stated", quantity(Some(amount.into()), &earlier.unit), are(amount));
    let at_most = Remedy::AtMost(room(link, shortage, later, earlier));
    let left =
        |left: u32, action: &Action| format!("{} of {} {}", quantity(Some(left.into()), &action.unit), naming.short(action), are(left));
    Ok(match link.relation {
        _ if earlier.voided.is_some() || later.voided.is_some() => {
            ("one of the two is voided, so the link settles nothing".to_owned(), Remedy::LeaveOut)
        }
        Relation::Answers | Relation::Reverses if shortage.earlier_left > 0 && earlier.count.number().is_none() && amount > 1 => {
            (format!("the count of {e} is unknown, so that it is settled as a whole"), Remedy::LeaveOut)
        }
        Relation::Reverses if amount > shortage.earlier_left => {
            (format!("{stated}, but {} in force", left(shortage.earlier_left, earlier)), at_most)
        }
        Relation::Reverses => (format!("{l} is a threat, and a threat does not undo what was done"), Remedy::LeaveOut),
        _ if later.sign != earlier.sign => {
            (format!("{l} is {} and {e} is {}, so the link settles nothing", later.sign, earlier.sign), Remedy::LeaveOut)
        }
        _ if later.sign == Sign::Neutral || later.stage == crate::model::Stage::Threatened => (
            format!("{l} is {}, so the link settles nothing", if later.sign == Sign::Neutral { "neutral" } else { "a threat" }),
            Remedy::LeaveOut,
        ),
        _ if amount > shortage.earlier_left => (format!("{stated}, but {} open", left(shortage.earlier_left, earlier)), at_most),
        _ if shortage.later_left == 0 => (format!("{l} has nothing left to answer with: other links have used it up"), Remedy::LeaveOut),
        _ if link.stated_spends.is_some_and(|spends| spends > shortage.later_left) => (
            format!(
                "the answer is stated to use up {} of {l}, but {} left",
                quantity(link.stated_spends.map(Count::from), &later.unit),
                left(shortage.later_left, later)
            ),
            Remedy::UseUp(shortage.later_left),
        ),
        _ if later.unit == earlier.unit && amount > shortage.later_left => {
            (format!("{stated}, but {} left", left(shortage.later_left, later)), at_most)
        }
        _ if link.stated_spends.is_some() && later.unit == earlier.unit => {
            (format!("both count {}, so the answer uses up exactly as much as it settles", later.unit), Remedy::OneAmount(amount))
        }
        _ => (
            format!(
                "{} is not the injured party of {e}, so its answer counts as solidarity and settles nothing",
                party(conn, &later.actor)?
            ),
            Remedy::LeaveOut,
        ),
    })
}

/// The maximum amount that the link can state.
fn room(link: &SettledLink, shortage: Shortage, later: &Action, earlier: &Action) -> Count {
    let same = later.unit == earlier.unit && later.count.number().is_some() && earlier.count.number().is_some();
    let room = match link.relation {
        Relation::Answers if same => shortage.earlier_left.min(shortage.later_left),
        Relation::Answers if shortage.later_left == 0 => 0,
        _ => shortage.earlier_left,
    };
    room.into()
}

fn verb(relation: Relation) -> &'static str {
    match relation {
        Relation::Answers => "answer",
        Relation::Executes => "execute",
        Relation::Reverses => "reverse",
        Relation::Waives => "waive",
        Relation::Extends => "extend",
        Relation::Renews => "renew",
    }
}
