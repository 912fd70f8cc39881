//! Determines the layout of a row, from the header or from the number of fields.

use crate::model::Feed;

use super::row::{Column, Fields, Layout, plain};
use super::{gdelt, icews, polecat};

/// The layouts that rows of a feed can have in a file without a header.
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

/// The number of known columns that makes the first row a header, even if it lacks the identifier that every file needs.
const MIN_KNOWN: usize = 3;

/// True if a row is a header. Besides the first row, this can be a row further on, in a file concatenated from several.
pub(super) fn is_header(fields: &Fields<'_>, first: bool) -> bool {
    // Most rows begin with an identifier whose first character is a digit, so they are ruled out quickly.
    let is_candidate = !fields.get(0).first().is_some_and(u8::is_ascii_digit);
    let searched = if first { fields.len() } else { 2 };
    let names = (0..searched).filter(|_| is_candidate).map(|at| plain(&fields.text(at).0));
    let (mut known, mut has_id) = (0, false);
    for name in names {
        has_id |= matches!(name.as_str(), "globaleventid" | "eventid");
        known += usize::from(
            first
                && [Feed::Gdelt, Feed::Icews, Feed::Polecat]
                    .into_iter()
                    .flat_map(columns)
                    .any(|column| column.names.iter().any(|own| plain(own) == name)),
        );
    }
    has_id || known >= MIN_KNOWN
}

/// The table that a row with another number of fields seems to come from.
pub(super) fn looks_like(feed: Feed, fields: &Fields<'_>) -> Option<&'static str> {
    let is_time = |at: usize| fields.get(at).len() == 14 && fields.get(at).iter().all(u8::is_ascii_digit);
    match fields.len() {
        16 if is_time(1) && is_time(2) => Some("the table of mentions of GDELT"),
        27 if is_time(1) => Some("the knowledge graph (GKG) of GDELT"),
        57 | 58 | 61 if feed != Feed::Gdelt => Some("the table of events of GDELT"),
        20 if feed != Feed::Icews => Some("ICEWS"),
        40 if feed != Feed::Polecat => Some("POLECAT"),
        _ => None,
    }
}

/// The layouts that rows under a header can have.
///
/// # Errors
/// The name of a required column that the header does not have.
pub(super) fn header(feed: Feed, fields: &Fields<'_>) -> Result<Vec<Layout>, &'static str> {
    let from_header = Layout::of_header(fields, columns(feed));
    let mut own = layouts(feed);
    // Some headers of POLECAT name columns, such as Headline, that the rows do not have.
    if feed == Feed::Polecat && fields.len_within(own[0].width) > own[0].width {
        own.extend(from_header);
        return Ok(own);
    }
    from_header.map(|layout| vec![layout])
}

/// The other feed that has this header.
pub(super) fn of_other_feed(feed: Feed, fields: &Fields<'_>) -> Option<Feed> {
    of_header(fields, Some(feed))
}

/// The feed that has this header, other than `except`.
fn of_header(fields: &Fields<'_>, except: Option<Feed>) -> Option<Feed> {
    let feeds = [Feed::Gdelt, Feed::Icews, Feed::Polecat].into_iter();
    feeds.filter(|feed| Some(*feed) != except).find(|feed| Layout::of_header(fields, columns(*feed)).is_ok())
}

/// The feed of a file whose first row this is: a header of a feed, or an event of a feed whose files have none.
pub(in crate::read) fn of_row(cells: &[String]) -> Option<Feed> {
    let line = cells.join("\t");
    let fields = Fields::cut(line.as_bytes(), Vec::new());
    let is_digits = |at: usize| !fields.get(at).is_empty() && fields.get(at).iter().all(u8::is_ascii_digit);
    let is_event = |date: usize, code: usize| is_digits(0) && is_digits(code) && super::day::read(fields.get(date)).is_ok();
    of_header(&fields, None).or(match fields.len() {
        57 | 58 | 61 if is_event(1, 26) => Some(Feed::Gdelt),
        20 if is_event(1, 6) => Some(Feed::Icews),
        _ => None,
    })
}

/// The layout of a row, and how many fields precede its first column.
pub(super) fn fit<'l>(feed: Feed, fields: &Fields<'_>, layouts: &'l [Layout], headed: bool) -> Option<(&'l Layout, usize)> {
    if feed == Feed::Gdelt {
        return gdelt::fit(fields, layouts, headed);
    }
    let exact = layouts.iter().find(|l| l.width == fields.len());
    // Superfluous tabs at the end are ignored.
    exact.or_else(|| layouts.iter().find(|l| fields.len_within(l.width) == l.width)).map(|layout| (layout, 0))
}
