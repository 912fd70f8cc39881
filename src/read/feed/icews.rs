//! ICEWS: 20 columns, delimited by tabs, with a header; countries are given by name and events are coded in CAMEO. The same identifier
//! can occur on several days.

use crate::error::Result;
use crate::ledger::feed_intake::FeedReport;

use super::lookups::{Lookups, Texts};
use super::named::{Event, pairs};
use super::reason::{Flaw, Reason};
use super::row::{Cells, Column, Layout};

const ID: usize = 0;
const DAY: usize = 1;
const NAME_1: usize = 2;
const COUNTRY_1: usize = 3;
const LABEL: usize = 4;
const CODE: usize = 5;
const WEIGHT: usize = 6;
const NAME_2: usize = 7;
const COUNTRY_2: usize = 8;
const STORY: usize = 9;
const PUBLISHER: usize = 10;
const CITY: usize = 11;
const PROVINCE: usize = 12;
const COUNTRY: usize = 13;
const SECTORS_1: usize = 14;
const SECTORS_2: usize = 15;

pub(super) const COLUMNS: [Column; 16] = [
    Column { names: &["Event ID"], required: true },
    Column { names: &["Event Date"], required: true },
    Column { names: &["Source Name"], required: true },
    Column { names: &["Source Country"], required: true },
    Column { names: &["Event Text"], required: false },
    Column { names: &["CAMEO Code"], required: true },
    Column { names: &["Intensity"], required: false },
    Column { names: &["Target Name"], required: true },
    Column { names: &["Target Country"], required: true },
    Column { names: &["Story ID"], required: false },
    Column { names: &["Publisher"], required: false },
    Column { names: &["City"], required: false },
    Column { names: &["Province"], required: false },
    Column { names: &["Country"], required: false },
    Column { names: &["Source Sectors"], required: false },
    Column { names: &["Target Sectors"], required: false },
];

/// The layout of a file without a header.
pub(super) fn layouts() -> Vec<Layout> {
    let places = [0, 1, 2, 4, 5, 6, 7, 8, 10, 11, 13, 14, 16, 17, 3, 9].map(Some).to_vec();
    vec![Layout { places, width: 20 }]
}

/// Reads the reports in a row: one for each pair if a side has several parties. The inner error says why the row is left out or invalid.
pub(super) fn read(cells: &Cells<'_>, lookups: &mut Lookups, texts: &mut Texts) -> Result<Result<Vec<FeedReport>, Flaw>> {
    let id = match cells.number(ID) {
        Ok(id) => id,
        Err(flaw) => return Ok(Err(flaw)),
    };
    let actors = lookups.parties.of_names(cells.get(COUNTRY_1), cells.get(NAME_1))?;
    let targets = lookups.parties.of_names(cells.get(COUNTRY_2), cells.get(NAME_2))?;
    Ok(pairs(actors, targets).and_then(|pairs| event(cells, lookups, texts, id)?.between(&pairs, lookups)))
}

fn event(cells: &Cells<'_>, lookups: &Lookups, texts: &mut Texts, id: &[u8]) -> Result<Event, Flaw> {
    let code = cells.get(CODE).trim_ascii();
    let coded = lookups.codes.get(code, cells.get(WEIGHT), cells.get(LABEL))?.ok_or(Reason::NoKind)?;
    let day = lookups.days.read(cells.get(DAY))?;
    let story = texts.take_known(cells.get(STORY)).map(|story| format!("ICEWS story {story}"));
    let source = match (texts.take_known(cells.get(PUBLISHER)), story) {
        (Some(publisher), Some(story)) => Some(format!("{publisher} ({story})")),
        (publisher, story) => publisher.or(story),
    };
    Ok(Event {
        id: format!("{}/{day}", String::from_utf8_lossy(id)),
        coded,
        code: String::from_utf8_lossy(code).into_owned(),
        day,
        added: None,
        intensity: cells.points(WEIGHT)?,
        names: [NAME_1, NAME_2].map(|name| texts.take_known(cells.get(name))),
        types: [SECTORS_1, SECTORS_2].map(|sectors| texts.take_known(cells.get(sectors))),
        place: texts.place(&[cells.get(CITY), cells.get(PROVINCE), cells.get(COUNTRY)]),
        source,
    })
}
