//! POLECAT: 40 columns, tabs, with a header that some files have wrong; several values in a cell stand between
//! semicolons; coded in PLOVER.

use crate::error::Result;
use crate::ledger::intake::{FeedReport, SeriesKey};
use crate::model::Precision;

use super::day;
use super::desk::{Desk, Texts, two};
use super::row::{Cells, Column, Layout};
use super::tally::{Flaw, Reason};

const ID: usize = 0;
const DAY: usize = 1;
const TYPE: usize = 2;
const MODE: usize = 3;
const CONTEXTS: usize = 4;
const NAME_1: usize = 5;
const COUNTRY_1: usize = 6;
const NAME_2: usize = 7;
const COUNTRY_2: usize = 8;
const PLACE: usize = 9;
const COUNTRY: usize = 10;
const SOURCE: usize = 11;
const PUBLISHED: usize = 12;

/// Contexts of what is told and does not happen that day.
const NOT_OF_THE_DAY: [&str; 3] = ["historical", "future", "hypothetical"];

pub(super) const COLUMNS: [Column; 13] = [
    Column { names: &["eventid"], required: true },
    Column { names: &["eventdate"], required: true },
    Column { names: &["eventtype"], required: true },
    Column { names: &["eventmode"], required: true },
    Column { names: &["contexts", "context"], required: false },
    Column { names: &["actorname"], required: true },
    Column { names: &["actorcountry"], required: true },
    Column { names: &["recipientname"], required: true },
    Column { names: &["recipientcountry"], required: true },
    Column { names: &["placename"], required: false },
    Column { names: &["country"], required: false },
    Column { names: &["source"], required: false },
    Column { names: &["publicationdate"], required: false },
];

/// The layout of a file without its header, or with one that names a column there is not.
pub(super) fn layouts() -> Vec<Layout> {
    let places = [0, 1, 2, 3, 6, 7, 8, 15, 16, 23, 27, 33, 34].map(Some).to_vec();
    vec![Layout { places, width: 40 }]
}

/// What a row reports, if it is one that is taken.
pub(super) fn read(cells: &Cells<'_>, desk: &mut Desk, texts: &mut Texts) -> Result<Result<FeedReport, Flaw>> {
    let id = cells.get(ID).trim_ascii();
    if id.is_empty() || id.len() > 100 || !id.iter().all(u8::is_ascii_graphic) {
        return Ok(Err(Flaw::bytes(Reason::Identifier, id)));
    }
    let actor = desk.parties.of_names(cells.get(COUNTRY_1), cells.get(NAME_1))?;
    let target = desk.parties.of_names(cells.get(COUNTRY_2), cells.get(NAME_2))?;
    Ok(report(cells, desk, texts, id, actor, target))
}

fn report(
    cells: &Cells<'_>,
    desk: &Desk,
    texts: &mut Texts,
    id: &[u8],
    actor: Result<u16, Flaw>,
    target: Result<u16, Flaw>,
) -> Result<FeedReport, Flaw> {
    let (actor, target) = two(actor, target)?;
    let contexts = String::from_utf8_lossy(cells.get(CONTEXTS)).to_lowercase();
    if contexts.split(';').any(|c| NOT_OF_THE_DAY.contains(&c.trim())) {
        return Err(Reason::NotOfTheDay.into());
    }
    let code = code(cells);
    let coded = desk.codes.get_typed(&code)?.ok_or(Reason::NoKind)?;
    let day = day::read(cells.get(DAY))?;
    let added = match cells.get(PUBLISHED) {
        b"" | b"NA" | b"None" => None,
        cell => Some(day::read(cell)?),
    };
    let (names, parties) = if coded.swapped { ([NAME_2, NAME_1], (target, actor)) } else { ([NAME_1, NAME_2], (actor, target)) };
    let event = String::from_utf8_lossy(id).into_owned();
    Ok(FeedReport {
        series: SeriesKey { actor: parties.0, target: parties.1, kind: coded.kind, stage: coded.stage, precision: Precision::Day },
        dated: day,
        day,
        added,
        code,
        guessed: coded.guessed,
        mentions: 1,
        actor: texts.take_known(cells.get(names[0])),
        target: texts.take_known(cells.get(names[1])),
        place: texts.place(&[cells.get(PLACE), cells.get(COUNTRY)]),
        source: texts.take_known(cells.get(SOURCE)).map(|source| format!("{source} (POLECAT event {event})")),
        event,
    })
}

/// `SANCTION/expel`, or the type alone where there is no mode; of several modes the first.
fn code(cells: &Cells<'_>) -> String {
    let kind = String::from_utf8_lossy(cells.get(TYPE)).trim().to_uppercase();
    let modes = String::from_utf8_lossy(cells.get(MODE)).to_lowercase();
    match modes.split(';').next().unwrap_or_default().trim() {
        "" | "na" | "none" => kind,
        mode => format!("{kind}/{mode}"),
    }
}
