//! Why a link is refused, said to people: with the figures and the way out.

use rusqlite::Connection;

use crate::error::{Error, Result};
use crate::ledger::Action;
use crate::ledger::settlement::Correcting;
use crate::model::count::{Count, quantity};
use crate::model::settle::{Breach, SettledLink, Shortage};
use crate::model::{Relation, Sign};

/// How a message names actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// `#7 (2017-07-28-rus-usa-staff-cut)`, then `#7`.
    ById,
    /// By its ref, as files do.
    ByRef,
}

impl Naming {
    fn full(self, action: &Action) -> String {
        if self == Naming::ById { action.to_string() } else { action.reference.clone() }
    }

    fn short(self, action: &Action) -> String {
        if self == Naming::ById { format!("#{}", action.id) } else { action.reference.clone() }
    }

    /// What one types to name it.
    fn typed(self, action: &Action) -> String {
        if self == Naming::ById { action.id.to_string() } else { action.reference.clone() }
    }
}

fn read(conn: &Connection, (later, earlier): (i64, i64)) -> Result<(Action, Action)> {
    let one = |id| Ok::<_, Error>(Action::by_id(conn, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?);
    Ok((one(later)?, one(earlier)?))
}

/// A link that no ledger may hold.
pub(super) fn breach(conn: &Connection, breach: Breach, relation: Relation, ends: (i64, i64), naming: Naming) -> Result<Error> {
    let (later, earlier) = &read(conn, ends)?;
    let (l, e) = (naming.short(later), naming.short(earlier));
    let (why, way_out) = match breach {
        Breach::Itself => ("an action cannot bear on itself".to_owned(), "name an earlier action".to_owned()),
        Breach::Circle => (
            format!("{e} already bears on {l}, directly or through other actions: links may not run in a circle"),
            format!("see which of them came first; 'recip chain {}' shows their links", naming.typed(earlier)),
        ),
        Breach::Earlier => (
            format!("{l} of {} is certainly earlier than {e} of {}", later.date, earlier.date),
            "check the dates, and which of the two came first".to_owned(),
        ),
        Breach::Aim => (
            format!("{l} is aimed at {}, but {e} was done by {}", later.target, earlier.actor),
            format!("an answer or a waiver aims at the actor of the earlier action, here {}, or at a member of it", earlier.actor),
        ),
        Breach::NotInjured => (
            format!("{e} was done to {}, but {l} was done by {}", earlier.target, later.actor),
            format!("only the injured party, here {}, can waive", earlier.target),
        ),
        Breach::NotNeutral => (
            format!("an action of the kind '{}' that is {} cannot waive", later.kind, later.stage),
            "log a restraint, or use 'recip waive'".to_owned(),
        ),
        Breach::NotOwn => (
            format!(
                "{l} is an action of {} towards {}, but {e} is one of {} towards {}",
                later.actor, later.target, earlier.actor, earlier.target
            ),
            "a party executes and reverses its own actions towards the same target; the other side answers or waives".to_owned(),
        ),
        Breach::NotPending => (format!("{e} is done already"), "only a threat or an announcement is executed".to_owned()),
        Breach::NoFurther => (
            format!("{l} is {}, which is no later stage than {e}, which is {}", later.stage, earlier.stage),
            "an announcement is executed by an action that is done, a threat by one that is announced or done".to_owned(),
        ),
        Breach::OtherSign => (
            format!("{l} is {} and {e} is {}", later.sign, earlier.sign),
            "a hostile action is executed by a hostile one, a friendly action by a friendly one; use --reverses to withdraw it".to_owned(),
        ),
        Breach::OtherUnit => (
            format!("{e} counts {}, but {l} counts {}", earlier.unit, later.unit),
            "an announcement is executed in its own unit; use --reverses to withdraw it if something else was done".to_owned(),
        ),
    };
    Ok(Error::refused(format!("{} cannot {} {}", naming.full(later), verb(relation), naming.full(earlier)), why, way_out))
}

/// A stated amount that is more than there is, of a new link; or of an older one, which a change would leave without room.
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
        return Ok(too_much(link, shortage, &later, &earlier, naming));
    }
    let (l, e) = (later.id, earlier.id);
    let stated = quantity(link.stated.map(Count::from), &earlier.unit);
    let room = room(link, shortage, &later, &earlier);
    let option = if link.relation == Relation::Reverses { "--reverses" } else { "--answers" };
    let amount = if room > 0 { format!("{option} {e}:{room}") } else { format!("{option} {e}") };
    let way_out = match correcting {
        Some(Correcting { action, command }) if *action == l => format!("change that too: {command} {amount}"),
        _ => format!("change that first: recip edit {l} {amount}"),
    };
    let are = if room == 1 { "is" } else { "are" };
    Ok(Error::refused(
        format!("#{l} {} #{e} with {stated}", link.relation),
        format!("after this change {} {are} left for it", quantity(Some(room), &earlier.unit)),
        way_out,
    ))
}

/// A stated amount that is more than there is.
fn too_much(link: &SettledLink, shortage: Shortage, later: &Action, earlier: &Action, naming: Naming) -> Error {
    let (l, e) = (naming.short(later), naming.short(earlier));
    let stated = quantity(link.stated.map(Count::from), &earlier.unit);
    let room = room(link, shortage, later, earlier);
    let left = |left: u32, unit: &str| format!("{} {}", quantity(Some(left.into()), unit), if left == 1 { "is" } else { "are" });
    let asked = link.stated.unwrap_or(0);
    let leave_out = "leave the amount out";
    let (why, way_out) = match link.relation {
        _ if earlier.voided.is_some() || later.voided.is_some() => {
            ("one of the two is voided, so the link settles nothing".to_owned(), leave_out.to_owned())
        }
        Relation::Reverses if asked > shortage.earlier_left => (
            format!("{stated} stated, but {} standing of {e}", left(shortage.earlier_left, &earlier.unit)),
            format!("state at most {room}, or {leave_out}"),
        ),
        Relation::Reverses => (format!("{l} is a threat, and what was done is not undone by a threat"), leave_out.to_owned()),
        _ if later.sign != earlier.sign => {
            (format!("{l} is {} and {e} is {}, so the one settles nothing of the other", later.sign, earlier.sign), leave_out.to_owned())
        }
        _ if later.sign == Sign::Neutral || later.stage == crate::model::Stage::Threatened => (
            format!("{l} is {}, and settles nothing", if later.sign == Sign::Neutral { "neutral" } else { "a threat" }),
            leave_out.to_owned(),
        ),
        _ if asked > shortage.earlier_left => (
            format!("{stated} stated, but {} open of {e}", left(shortage.earlier_left, &earlier.unit)),
            if room > 0 { format!("state at most {room}, or {leave_out}") } else { leave_out.to_owned() },
        ),
        _ if shortage.later_left == 0 => (
            format!("{l} has nothing left to answer with: it is used up by other links"),
            format!("state what each of its answers settles, or {leave_out}"),
        ),
        _ if link.stated_spends.is_some_and(|spends| spends > shortage.later_left) => (
            format!(
                "{} to be used up, but {} left of {l}",
                quantity(link.stated_spends.map(Count::from), &later.unit),
                left(shortage.later_left, &later.unit)
            ),
            format!("use up at most {}", shortage.later_left),
        ),
        _ if later.unit == earlier.unit && asked > shortage.later_left => (
            format!("{stated} stated, but {} left of {l}", left(shortage.later_left, &later.unit)),
            format!("state at most {room}, or {leave_out}"),
        ),
        _ if link.stated_spends.is_some() && later.unit == earlier.unit => (
            format!("both count {}: an answer uses up as much as it settles", later.unit),
            format!("state one amount: {}:{asked}", naming.typed(earlier)),
        ),
        _ => (
            format!("{} is not the injured party of {e}: its answer is kept as solidarity, and settles nothing", later.actor),
            leave_out.to_owned(),
        ),
    };
    Error::refused(format!("{} cannot {} {}", naming.full(later), verb(link.relation), naming.full(earlier)), why, way_out)
}

/// The most that can be stated.
fn room(link: &SettledLink, shortage: Shortage, later: &Action, earlier: &Action) -> Count {
    let same = later.unit == earlier.unit && later.count.is_some() && earlier.count.is_some();
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
    }
}
