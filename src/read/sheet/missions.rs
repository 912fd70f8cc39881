//! Which side acts where headings only say who sent a mission and who received it: the host expels, and the sender recalls.

use super::columns::Column;
use super::question::Question;
use super::{acts, words};

/// The kinds by which a state acts on the mission of another in its own country.
const BY_HOST: [&str; 3] = ["expulsion", "summons", "staff-cut"];
/// The kinds by which a state acts on its own mission.
const BY_SENDER: [&str; 1] = ["recall"];

/// The kinds that cells name; `None`: one of them is not known.
pub(super) fn kinds(cells: &[String]) -> Option<Vec<&'static str>> {
    cells.iter().filter(|cell| !cell.is_empty() && !words::is_ditto(cell)).map(|cell| acts::kind(cell)).collect()
}

/// Gives the columns of the sending and of the receiving state their sides by the kinds of all rows, or asks. `kinds` are those of a column.
pub(super) fn decide(columns: &mut [Column], kinds: Option<Option<Vec<&'static str>>>) {
    let of_all = || {
        let common = columns.iter().find(|column| column.column.is_none() && column.is("kind"));
        common.and_then(|column| acts::kind(&column.value)).map(|kind| vec![kind])
    };
    let kinds = kinds.unwrap_or_else(of_all).filter(|kinds| !kinds.is_empty());
    let are = |all: &[&str]| kinds.as_ref().is_some_and(|kinds| kinds.iter().all(|kind| all.contains(kind)));
    let (by_host, by_sender) = (are(&BY_HOST), are(&BY_SENDER));
    for column in columns.iter_mut().filter(|column| column.column.is_some()) {
        let side = words::of_mission(&column.heading).filter(|side| column.is(side) && words::role(&column.heading).is_none());
        match side {
            Some(side) if by_sender => {
                column.meaning = if side == "actor" { "target" } else { "actor" }.to_owned();
                "a recall is an act of the sending state".clone_into(&mut column.why);
            }
            Some(_) if !by_host => {
                column.ask(Question::side_by_kind());
            }
            _ => (),
        }
    }
}
