//! GDELT's event tables: version 1.0 with 57 or 58 columns, version 2.0 with 61. They have no header, are delimited by tabs without
//! quotes, and are coded in CAMEO.

use crate::error::Result;
use crate::ledger::feed_intake::{FeedReport, SeriesKey};

use super::day;
use super::lookups::{Lookups, Texts, both};
use super::reason::{Flaw, Reason};
use super::row::{Cells, Column, Fields, Layout};

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
const TYPE_1: usize = 16;
const RELIGION_1: usize = 17;
const TYPE_2: usize = 18;
const RELIGION_2: usize = 19;

/// The columns, for files with a header. Extracts made with other programs have one.
pub(super) const COLUMNS: [Column; 20] = [
    Column { names: &["GLOBALEVENTID"], required: true },
    Column { names: &["SQLDATE", "day"], required: true },
    Column { names: &["Actor1Code"], required: false },
    Column { names: &["Actor1Name"], required: false },
    Column { names: &["Actor1CountryCode"], required: true },
    Column { names: &["Actor1KnownGroupCode"], required: false },
    Column { names: &["Actor2Code"], required: false },
    Column { names: &["Actor2Name"], required: false },
    Column { names: &["Actor2CountryCode"], required: true },
    Column { names: &["Actor2KnownGroupCode"], required: false },
    Column { names: &["EventCode"], required: true },
    Column { names: &["GoldsteinScale"], required: false },
    Column { names: &["NumMentions"], required: false },
    Column { names: &["ActionGeo_FullName"], required: false },
    Column { names: &["DATEADDED"], required: false },
    Column { names: &["SOURCEURL"], required: false },
    Column { names: &["Actor1Type1Code"], required: false },
    Column { names: &["Actor1Religion1Code"], required: false },
    Column { names: &["Actor2Type1Code"], required: false },
    Column { names: &["Actor2Religion1Code"], required: false },
];

/// The widths of a row, each with the positions of the columns that differ between versions: place, day added, URL.
const WIDTHS: [(usize, usize, usize, Option<usize>); 3] = [(57, 50, 56, None), (58, 50, 56, Some(57)), (61, 52, 59, Some(60))];

/// The layouts of files without a header, one for each width.
pub(super) fn layouts() -> Vec<Layout> {
    let layout = |(width, place, added, url)| {
        let mut places: Vec<Option<usize>> = [0, 1, 5, 6, 7, 8, 15, 16, 17, 18, 26, 30, 31].map(Some).to_vec();
        places.extend([Some(place), Some(added), url, Some(12), Some(10), Some(22), Some(20)]);
        Layout { places, width }
    };
    WIDTHS.into_iter().map(layout).collect()
}

/// The layout of a row, and how many fields precede its first column: 1 in extracts that R wrote with row names, otherwise 0.
pub(super) fn fit<'l>(fields: &Fields<'_>, layouts: &'l [Layout], headed: bool) -> Option<(&'l Layout, usize)> {
    let len = fields.len();
    let of_width = |width: usize| layouts.iter().find(|l| l.width == width);
    // An identifier may look like a date, so an extra first field is recognized by a date in the position after the usual one.
    let dated = |layout: &Layout, shift: usize| layout.places[DAY].is_some_and(|at| is_dated(fields.get(at + shift)));
    if let Some(layout) = of_width(len.saturating_sub(1)).filter(|layout| dated(layout, 1)) {
        return Some((layout, 1));
    }
    if headed {
        // Any number of superfluous tabs at the end. Without a header only one is accepted, as the last columns may be empty.
        return layouts.iter().find(|l| fields.len_within(l.width) == l.width).map(|layout| (layout, 0));
    }
    let trailing = || of_width(len.saturating_sub(1)).filter(|layout| dated(layout, 0) && fields.get(len - 1).is_empty());
    // A row of 58 columns that lost a field also has 57, but no date in the right position.
    of_width(len).filter(|layout| layout.width != 57 || dated(layout, 0)).or_else(trailing).map(|layout| (layout, 0))
}

fn is_dated(cell: &[u8]) -> bool {
    cell.len() == 8 || cell.len() >= 10 && day::read(cell).is_ok()
}

/// Reads the report in a row. The inner error says why the row is left out or invalid.
pub(super) fn read(cells: &Cells<'_>, lookups: &mut Lookups, texts: &mut Texts) -> Result<Result<FeedReport, Flaw>> {
    let id = match cells.number(ID) {
        Ok(id) => id,
        Err(flaw) => return Ok(Err(flaw)),
    };
    let actor = lookups.parties.of_gdelt(cells.known(COUNTRY_1), cells.known(GROUP_1), cells.known(CODE_1))?;
    let target = lookups.parties.of_gdelt(cells.known(COUNTRY_2), cells.known(GROUP_2), cells.known(CODE_2))?;
    Ok(both(actor, target).and_then(|(actor, target)| report(cells, lookups, texts, id, actor, target)))
}

fn report(cells: &Cells<'_>, lookups: &Lookups, texts: &mut Texts, id: &[u8], actor: u16, target: u16) -> Result<FeedReport, Flaw> {
    if actor == target {
        return Err(Reason::Domestic.into());
    }
    let code = cells.known(CODE);
    let coded = lookups.codes.get(code, cells.get(WEIGHT), b"")?.ok_or(Reason::NoKind)?;
    let (parties, exchanged) = coded.in_order((actor, target), &lookups.parties.codes);
    let names = if exchanged { [NAME_2, NAME_1] } else { [NAME_1, NAME_2] };
    // A religion without a type is a church.
    let types = [(TYPE_1, RELIGION_1), (TYPE_2, RELIGION_2)].map(|(of, religion)| if cells.known(of).is_empty() { religion } else { of });
    let [actor_type, target_type] = lookups.types(coded, exchanged, types.map(|of| texts.take_known(cells.get(of))))?;
    let written = lookups.days.read(cells.get(DAY))?;
    let added = lookups.days.added(cells.known(ADDED), COLUMNS[ADDED].names[0])?;
    // One day of difference can come from time zones.
    if let Some(added) = added.filter(|added| written.0 > added.0 + 1) {
        return Err(day::out_of_range(written, format!("after the day in {}, {added}", COLUMNS[ADDED].names[0])));
    }
    let (day, precision) = day::with_precision(written, added);
    let mentions = cells.count(MENTIONS)?.unwrap_or(1);
    let intensity = cells.points(WEIGHT)?;
    Ok(FeedReport {
        place_in_files: None,
        event: String::from_utf8_lossy(id).into_owned(),
        series: SeriesKey { actor: parties.0, target: parties.1, kind: coded.kind, stage: coded.stage, precision },
        dated: written,
        day,
        added,
        code: String::from_utf8_lossy(code).into_owned(),
        guessed: coded.guessed,
        mentions,
        intensity,
        exchanged,
        actor_type,
        target_type,
        actor: texts.take_known(cells.get(names[0])),
        target: texts.take_known(cells.get(names[1])),
        place: texts.take_known(cells.get(PLACE)),
        source: texts.take_known(cells.get(URL)),
    })
}
