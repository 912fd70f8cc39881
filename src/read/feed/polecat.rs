//! POLECAT: 40 columns, delimited by tabs, with a header that is wrong in some files. Several values in a cell are separated by semicolons.
//! Events are coded in PLOVER.

use crate::error::Result;
use crate::ledger::feed_intake::FeedReport;

use super::lookups::{Lookups, Texts};
use super::named::{Event, pairs};
use super::reason::{Flaw, Reason};
use super::row::{Cells, Column, Layout};

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
const INTENSITY: usize = 13;
const SECTOR_1: usize = 14;
const SECTOR_2: usize = 15;

/// Contexts of events that did not happen on the day of the report.
const NOT_OF_THE_DAY: [&str; 3] = ["historical", "future", "hypothetical"];

pub(super) const COLUMNS: [Column; 16] = [
    Column { names: &["Event ID"], required: true },
    Column { names: &["Event Date"], required: true },
    Column { names: &["Event Type"], required: true },
    Column { names: &["Event Mode"], required: true },
    Column { names: &["Contexts", "context"], required: false },
    Column { names: &["Actor Name"], required: true },
    Column { names: &["Actor Country"], required: true },
    Column { names: &["Recipient Name"], required: true },
    Column { names: &["Recipient Country"], required: true },
    Column { names: &["Placename"], required: false },
    Column { names: &["Country"], required: false },
    Column { names: &["Source"], required: false },
    Column { names: &["Publication Date"], required: false },
    Column { names: &["Intensity", "Event Intensity"], required: false },
    Column { names: &["Primary Actor Sector"], required: false },
    Column { names: &["Primary Recipient Sector"], required: false },
];

/// The layout of a file without a header, or with one that names columns its rows do not have.
pub(super) fn layouts() -> Vec<Layout> {
    let places = [0, 1, 2, 3, 6, 7, 8, 15, 16, 23, 27, 33, 34, 4, 10, 18].map(Some).to_vec();
    vec![Layout { places, width: 40 }]
}

/// Reads the reports in a row: one for each pair if a side has several parties. The inner error says why the row is left out or invalid.
pub(super) fn read(cells: &Cells<'_>, lookups: &mut Lookups, texts: &mut Texts) -> Result<Result<Vec<FeedReport>, Flaw>> {
    let id = cells.get(ID).trim_ascii();
    if id.is_empty() || id.len() > 100 || !id.iter().all(u8::is_ascii_graphic) {
        return Ok(Err(Flaw::bytes(Reason::Identifier, id)));
    }
    let actors = lookups.parties.of_names(cells.get(COUNTRY_1), cells.get(NAME_1))?;
    let targets = lookups.parties.of_names(cells.get(COUNTRY_2), cells.get(NAME_2))?;
    Ok(pairs(actors, targets).and_then(|pairs| event(cells, lookups, texts, id)?.between(&pairs, lookups)))
}

fn event(cells: &Cells<'_>, lookups: &Lookups, texts: &mut Texts, id: &[u8]) -> Result<Event, Flaw> {
    let contexts = String::from_utf8_lossy(cells.get(CONTEXTS)).to_lowercase();
    if contexts.split(';').any(|c| NOT_OF_THE_DAY.contains(&c.trim())) {
        return Err(Reason::NotOfTheDay.into());
    }
    let code = code(cells);
    let coded = lookups.codes.get_typed(&code)?.ok_or(Reason::NoKind)?;
    let day = lookups.days.read(cells.get(DAY))?;
    let added = lookups.days.added(cells.known(PUBLISHED), COLUMNS[PUBLISHED].names[0])?;
    let id = String::from_utf8_lossy(id).into_owned();
    Ok(Event {
        coded,
        code,
        day,
        added,
        intensity: cells.points(INTENSITY)?,
        names: [NAME_1, NAME_2].map(|name| texts.take_known(cells.get(name))),
        types: [SECTOR_1, SECTOR_2].map(|sector| texts.take_known(cells.get(sector))),
        place: texts.place(&[cells.get(PLACE), cells.get(COUNTRY)]),
        source: texts.take_known(cells.get(SOURCE)).map(|source| format!("{source} (POLECAT event {id})")),
        id,
    })
}

/// The code of an event: `SANCTION/expel`, or the type alone if there is no mode. If there are several modes, the first is used.
fn code(cells: &Cells<'_>) -> String {
    let kind = String::from_utf8_lossy(cells.get(TYPE)).trim().to_uppercase();
    let modes = String::from_utf8_lossy(cells.known(MODE)).to_lowercase();
    match modes.split(';').next().unwrap_or_default().trim() {
        "" => kind,
        mode => format!("{kind}/{mode}"),
    }
}
