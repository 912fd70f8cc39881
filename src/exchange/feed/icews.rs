//! ICEWS: 20 columns, tabs, with a header; countries by name; coded in CAMEO. Its identifiers repeat from day to day.

use crate::error::Result;
use crate::ledger::intake::{FeedReport, SeriesKey};
use crate::model::Precision;

use super::day;
use super::desk::{Desk, Texts, two};
use super::row::{Cells, Column, Layout};
use super::tally::{Flaw, Reason};

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

pub(super) const COLUMNS: [Column; 14] = [
    Column { names: &["eventid"], required: true },
    Column { names: &["eventdate"], required: true },
    Column { names: &["sourcename"], required: true },
    Column { names: &["sourcecountry"], required: true },
    Column { names: &["eventtext"], required: false },
    Column { names: &["cameocode"], required: true },
    Column { names: &["intensity"], required: false },
    Column { names: &["targetname"], required: true },
    Column { names: &["targetcountry"], required: true },
    Column { names: &["storyid"], required: false },
    Column { names: &["publisher"], required: false },
    Column { names: &["city"], required: false },
    Column { names: &["province"], required: false },
    Column { names: &["country"], required: false },
];

/// The layout of a file without its header.
pub(super) fn layouts() -> Vec<Layout> {
    let places = [0, 1, 2, 4, 5, 6, 7, 8, 10, 11, 13, 14, 16, 17].map(Some).to_vec();
    vec![Layout { places, width: 20 }]
}

/// What a row reports, if it is one that is taken.
pub(super) fn read(cells: &Cells<'_>, desk: &mut Desk, texts: &mut Texts) -> Result<Result<FeedReport, Flaw>> {
    let id = cells.get(ID).trim_ascii();
    if id.is_empty() || id.len() > 18 || !id.iter().all(u8::is_ascii_digit) {
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
    let code = cells.get(CODE).trim_ascii();
    let coded = desk.codes.get(code, cells.get(WEIGHT), cells.get(LABEL))?.ok_or(Reason::NoKind)?;
    let day = day::read(cells.get(DAY))?;
    let (names, parties) = if coded.swapped { ([NAME_2, NAME_1], (target, actor)) } else { ([NAME_1, NAME_2], (actor, target)) };
    let story = texts.take(cells.get(STORY)).map(|story| format!("ICEWS story {story}"));
    let source = match (texts.take_known(cells.get(PUBLISHER)), story) {
        (Some(publisher), Some(story)) => Some(format!("{publisher} ({story})")),
        (publisher, story) => publisher.or(story),
    };
    Ok(FeedReport {
        event: format!("{}/{day}", String::from_utf8_lossy(id)),
        series: SeriesKey { actor: parties.0, target: parties.1, kind: coded.kind, stage: coded.stage, precision: Precision::Day },
        dated: day,
        day,
        added: None,
        code: String::from_utf8_lossy(code).into_owned(),
        guessed: coded.guessed,
        mentions: 1,
        actor: texts.take_known(cells.get(names[0])),
        target: texts.take_known(cells.get(names[1])),
        place: texts.place(&[cells.get(CITY), cells.get(PROVINCE), cells.get(COUNTRY)]),
        source,
    })
}
