//! GDELT's event tables: 1.0 with 57 or 58 columns, 2.0 with 61. No header, tabs, no quotes; coded in CAMEO.

use crate::error::Result;
use crate::ledger::intake::{FeedReport, SeriesKey};

use super::day;
use super::desk::{Desk, Texts};
use super::row::{Cells, Column, Fields, Layout};
use super::tally::{Flaw, Reason};

const ID: usize = 0;
const DAY: usize = 1;
const CODE_1: usize = 2;
const NAME_1: usize = 3;
const COUNTRY_1: usize = 4;
const GROUP_1: usize = 5;
const CODE_2: usize = 6;
const NAME_2: usize = 7;
const COUNTRY_2: usize = 8;
const GROUP_2: usize = 9;
const CODE: usize = 10;
const WEIGHT: usize = 11;
const MENTIONS: usize = 12;
const PLACE: usize = 13;
const ADDED: usize = 14;
const URL: usize = 15;

/// The columns, for files with a header: extracts have one.
pub(super) const COLUMNS: [Column; 16] = [
    Column { names: &["globaleventid"], required: true },
    Column { names: &["sqldate", "day"], required: true },
    Column { names: &["actor1code"], required: true },
    Column { names: &["actor1name"], required: false },
    Column { names: &["actor1countrycode"], required: true },
    Column { names: &["actor1knowngroupcode"], required: false },
    Column { names: &["actor2code"], required: true },
    Column { names: &["actor2name"], required: false },
    Column { names: &["actor2countrycode"], required: true },
    Column { names: &["actor2knowngroupcode"], required: false },
    Column { names: &["eventcode"], required: true },
    Column { names: &["goldsteinscale"], required: false },
    Column { names: &["nummentions"], required: false },
    Column { names: &["actiongeofullname"], required: false },
    Column { names: &["dateadded"], required: false },
    Column { names: &["sourceurl"], required: false },
];

/// The widths of a row, and where the columns stand that 2.0 has at other places.
const WIDTHS: [(usize, usize, usize, Option<usize>); 3] = [(57, 50, 56, None), (58, 50, 56, Some(57)), (61, 52, 59, Some(60))];

/// The layouts of files without a header, by their width.
pub(super) fn layouts() -> Vec<Layout> {
    let layout = |(width, place, added, url)| {
        let mut places: Vec<Option<usize>> = [0, 1, 5, 6, 7, 8, 15, 16, 17, 18, 26, 30, 31].map(Some).to_vec();
        places.extend([Some(place), Some(added), url]);
        Layout { places, width }
    };
    WIDTHS.into_iter().map(layout).collect()
}

/// How many fields stand before the first column: one, the name of the row, in extracts that R wrote. `None`: nothing
/// stands where the date should, so that a field was lost, and what is left may be as many as another layout has.
pub(super) fn shift(fields: &Fields<'_>, layout: &Layout) -> Option<usize> {
    (0..2).find(|shift| layout.places[DAY].is_some_and(|at| fields.get(at + shift).len() == 8))
}

/// What a row reports, if it is one that is taken.
pub(super) fn read(cells: &Cells<'_>, desk: &mut Desk, texts: &mut Texts) -> Result<Result<FeedReport, Flaw>> {
    let id = cells.get(ID).trim_ascii();
    if id.is_empty() || id.len() > 18 || !id.iter().all(u8::is_ascii_digit) {
        return Ok(Err(Flaw::bytes(Reason::Identifier, id)));
    }
    let actor = desk.parties.of_gdelt(cells.get(COUNTRY_1), cells.get(GROUP_1), cells.get(CODE_1))?;
    let target = desk.parties.of_gdelt(cells.get(COUNTRY_2), cells.get(GROUP_2), cells.get(CODE_2))?;
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
    let (actor, target) = super::desk::two(actor, target)?;
    let code = cells.get(CODE);
    let coded = desk.codes.get(code, cells.get(WEIGHT), b"")?.ok_or(Reason::NoKind)?;
    let said = day::read(cells.get(DAY))?;
    let added = match cells.get(ADDED) {
        b"" => None,
        cell => Some(day::read(cell)?),
    };
    // A day more is the difference of time zones.
    if added.is_some_and(|added| said.0 > added.0 + 1) {
        return Err(Flaw::bytes(Reason::Date, cells.get(DAY)));
    }
    let (day, precision) = day::precise(said, added);
    let mentions = cells.count(MENTIONS)?.unwrap_or(1);
    let (names, parties) = if coded.swapped { ([NAME_2, NAME_1], (target, actor)) } else { ([NAME_1, NAME_2], (actor, target)) };
    Ok(FeedReport {
        event: String::from_utf8_lossy(id).into_owned(),
        series: SeriesKey { actor: parties.0, target: parties.1, kind: coded.kind, stage: coded.stage, precision },
        dated: said,
        day,
        added,
        code: String::from_utf8_lossy(code).into_owned(),
        guessed: coded.guessed,
        mentions,
        actor: texts.take(cells.get(names[0])),
        target: texts.take(cells.get(names[1])),
        place: texts.take(cells.get(PLACE)),
        source: texts.take(cells.get(URL)),
    })
}
