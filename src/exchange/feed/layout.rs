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
pub(super) fn is_header(fields: &Fields<'_>) -> bool {
    // An identifier is a number or begins with one: looking no further costs nothing.
    let may_be = |at: usize| !fields.get(at).first().is_some_and(u8::is_ascii_digit);
    may_be(0) && (0..2).any(|at| matches!(plain(&fields.text(at).0).as_str(), "globaleventid" | "eventid"))
}

/// The layout that a header says; `None`: it names a column that there is not, and the feed's own holds.
pub(super) fn header(feed: Feed, fields: &Fields<'_>) -> Result<Option<Layout>, &'static str> {
    let named = |name: &str| (0..fields.len()).any(|n| plain(&fields.text(n).0) == name);
    if feed == Feed::Polecat && named("headline") {
        return Ok(None);
    }
    Layout::of_header(fields, columns(feed)).map(Some)
}

/// The layout of a row, and how many fields stand before its first column.
pub(super) fn fit<'l>(feed: Feed, fields: &Fields<'_>, layouts: &'l [Layout], headed: bool) -> Option<(&'l Layout, usize)> {
    let of = |len: usize| layouts.iter().find(|l| l.width == len);
    let shift = if feed == Feed::Gdelt { gdelt::shift(fields, &layouts[0])? } else { 0 };
    if let Some(layout) = fields.len().checked_sub(shift).and_then(of) {
        return Some((layout, shift));
    }
    // Tabs too many at the end; never of GDELT, whose last columns may be empty.
    if feed != Feed::Gdelt || headed {
        let layout = &layouts[0];
        return (fields.len_within(layout.width) == layout.width).then_some((layout, 0));
    }
    None
}
