//! The tables that explain the codes in the tables of acts, one file each: parties and their names, kinds, weights, memberships, sources
//! and the codes and names of feeds. `tests/cmd/parquet.md` describes the columns.

use rusqlite::Connection;
use rusqlite::types::Value;

use crate::error::Result;
use crate::model::Feed;
use crate::read::feed;

use super::column::Column;
use super::table::{Division, ParquetTable};

/// A table without days, in one file.
const fn whole(name: &'static str, sorted_by: &'static [&'static str], columns: &'static [Column]) -> ParquetTable {
    ParquetTable { name, columns, sorted_by, division: Division::Whole }
}

/// The parties.
static PARTIES: ParquetTable = whole(
    "parties",
    &["code"],
    &[
        Column::text("code").unlike(),
        Column::text("name").unlike(),
        Column::text("type"),
        Column::text("since").or_null(),
        Column::text("until").or_null(),
        Column::text("cow_number").or_null(),
        Column::text("gw_number").or_null(),
    ],
);

/// The names of the parties.
static ALIASES: ParquetTable =
    whole("aliases", &["folded"], &[Column::text("alias").unlike(), Column::text("folded").unlike(), Column::text("party")]);

/// The kinds of act.
static KINDS: ParquetTable = whole(
    "kinds",
    &["kind"],
    &[
        Column::text("kind").unlike(),
        Column::text("unit"),
        Column::text("sign"),
        Column::text("cameo").or_null(),
        Column::text("description").or_null(),
    ],
);

/// The weights of all scales.
static WEIGHTS: ParquetTable = whole(
    "weights",
    &["scale", "kind", "stage"],
    &[Column::text("scale"), Column::text("kind"), Column::text("stage"), Column::real("weight"), Column::text("per")],
);

/// The members of organisations, with the first and the last day of each period.
static MEMBERSHIPS: ParquetTable = whole(
    "memberships",
    &["organisation", "member", "since"],
    &[Column::text("organisation"), Column::text("member"), Column::day("since"), Column::day("until").or_null()],
);

/// The sources that the selected actions cite.
static SOURCES: ParquetTable = whole(
    "sources",
    &["id"],
    &[
        Column::number("id").unlike(),
        Column::text("cite").unlike(),
        Column::text("publisher").or_null(),
        Column::text("title").or_null().unlike(),
        Column::text("author").or_null(),
        Column::text("date").or_null(),
        Column::text("url").or_null().unlike(),
        Column::text("accessed").or_null(),
        Column::text("archive").or_null().unlike(),
        Column::text("quote").or_null().unlike(),
    ],
);

/// Which of the selected actions cites which source.
static CITATIONS: ParquetTable = whole(
    "citations",
    &["action_id", "position"],
    &[
        Column::number("action_id").unlike(),
        Column::number("position"),
        Column::number("source_id").unlike(),
        Column::text("says_date").or_null(),
        Column::number("says_count").or_null(),
        Column::text("says_words").or_null(),
        Column::truth("denies"),
    ],
);

/// The tables that are read with one statement each.
pub(super) static SELECTED: [(&ParquetTable, &str); 7] = [
    (&PARTIES, "SELECT code, name, type, since, until, cow_number, gw_number FROM party ORDER BY code"),
    (&ALIASES, "SELECT alias, folded, party FROM alias ORDER BY folded"),
    (&KINDS, "SELECT name, unit, sign, cameo, description FROM kind ORDER BY name"),
    (&WEIGHTS, "SELECT scale, kind, stage, weight, per FROM main.weight ORDER BY scale, kind, stage"),
    (
        &MEMBERSHIPS,
        "SELECT organisation, member, unixepoch(substr(since || '-01-01', 1, 10)) / 86400,
           CASE length(until) WHEN 10 THEN unixepoch(until) WHEN 7 THEN unixepoch(until || '-01', '+1 month', '-1 day') ELSE unixepoch(until || '-12-31') END / 86400
         FROM membership ORDER BY organisation, member, since",
    ),
    (
        &SOURCES,
        "SELECT id, cite, publisher, title, author, date, url, accessed, archive, quote FROM source
         WHERE id IN (SELECT c.source_id FROM shown_action a JOIN citation c ON c.action_id = a.id) ORDER BY id",
    ),
    (
        &CITATIONS,
        "SELECT c.action_id, c.position, c.source_id, c.says_date, c.says_count, c.says_words, c.denies
         FROM shown_action a JOIN citation c ON c.action_id = a.id ORDER BY c.action_id, c.position",
    ),
];

/// What the codes of each feed mean.
pub(super) static FEED_CODES: ParquetTable = whole(
    "feed_codes",
    &["feed", "code"],
    &[
        Column::text("feed"),
        Column::text("code"),
        Column::text("kind"),
        Column::text("stage"),
        Column::truth("guessed"),
        Column::truth("swapped"),
        Column::truth("mutual"),
    ],
);

/// The names and codes of parties in each feed.
pub(super) static FEED_NAMES: ParquetTable = whole(
    "feed_names",
    &["feed", "name"],
    &[Column::text("feed"), Column::text("name").unlike(), Column::text("party").or_null(), Column::truth("is_code")],
);

/// The feeds.
const FEEDS: [Feed; 3] = [Feed::Gdelt, Feed::Icews, Feed::Polecat];

/// The rows of [`FEED_CODES`].
pub(super) fn feed_codes(conn: &Connection) -> Result<Vec<Vec<Value>>> {
    let mut rows = Vec::new();
    for of in FEEDS {
        rows.extend(feed::code_book(conn, of)?.into_iter().map(|row| {
            vec![
                text(of.as_str()),
                Value::Text(row.code),
                Value::Text(row.kind),
                text(row.stage.as_str()),
                row.guessed.into(),
                row.swapped.into(),
                row.mutual.into(),
            ]
        }));
    }
    Ok(rows)
}

/// The rows of [`FEED_NAMES`].
pub(super) fn feed_names(conn: &Connection) -> Result<Vec<Vec<Value>>> {
    let mut rows = Vec::new();
    for of in FEEDS {
        let names = feed::party_names(conn, of)?;
        rows.extend(names.into_iter().map(|row| vec![text(of.as_str()), Value::Text(row.name), row.party.into(), row.is_code.into()]));
    }
    Ok(rows)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// The names of these tables.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SELECTED.iter().map(|(table, _)| table.name).chain([FEED_CODES.name, FEED_NAMES.name])
}
