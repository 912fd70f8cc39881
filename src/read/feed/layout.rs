//! Which layout a row has: by a header, or by how many fields there are.

use crate::model::Feed;

use super::row::{Column, Fields, Layout, plain};
use super::{gdelt, icews, polecat};

/// The layouts that rows of a feed can have, where no header says.
pub(super) fn layouts(feed: Feed) -> Vec<Layout> {
    match feed {
        Feed::Gdelt => gdelt::layouts(),
        Feed::Icews => icews::layouts(),
        Feed::Polecat => polecat::layouts(),
    }
}

fn columns(feed: Feed) -> &'static [Column] {
    match feed {
        Feed::Gdelt => &gdelt::COLUMNS,
        Feed::Icews => &icews::COLUMNS,
        Feed::Polecat => &polecat::COLUMNS,
    }
}

/// True of a row that names the columns: at the head of a file, or where files were put together.
pub(super) fn is_header(fields: &Fields<'_>, first: bool) -> bool {
    // An identifier is a number or begins with one: looking no further costs nothing.
    let may_be = !fields.get(0).first().is_some_and(u8::is_ascii_digit);
    let looked_at = if first { fields.len() } else { 2 };
    may_be && (0..looked_at).any(|at| matches!(plain(&fields.text(at).0).as_str(), "globaleventid" | "eventid"))
}

/// The layouts that rows under a header can have; the name of the column that it lacks.
pub(super) fn header(feed: Feed, fields: &Fields<'_>) -> Result<Vec<Layout>, &'static str> {
    let said = Layout::of_header(fields, columns(feed));
    let mut own = layouts(feed);
    // Some headers of POLECAT name columns, as Headline, that their rows have not.
    if feed == Feed::Polecat && fields.len_within(own[0].width) > own[0].width {
        own.extend(said);
        return Ok(own);
    }
    said.map(|layout| vec![layout])
}

/// The layout of a row, and how many fields stand before its first column.
pub(super) fn fit<'l>(feed: Feed, fields: &Fields<'_>, layouts: &'l [Layout], headed: bool) -> Option<(&'l Layout, usize)> {
    if feed == Feed::Gdelt {
        return gdelt::fit(fields, layouts, headed);
    }
    let exact = layouts.iter().find(|l| l.width == fields.len());
    // Tabs too many at the end.
    exact.or_else(|| layouts.iter().find(|l| fields.len_within(l.width) == l.width)).map(|layout| (layout, 0))
}
