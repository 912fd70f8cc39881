//! The tables of acts: their columns and the statements that read their rows. `tests/cmd/parquet.md` describes the columns.

use rusqlite::{Connection, ToSql};

use crate::error::Result;
use crate::model::details::{DETAILS, Form, NAMES};
use crate::record::joined;
use crate::report::Selection;
use crate::report::candidates::{CandidateFilter, conditions};
use crate::report::export::stated;

use super::column::Column;

/// A table of the export.
pub(super) struct ParquetTable {
    /// Its name and that of its folder.
    pub name: &'static str,
    /// Its columns, in the order of its statement.
    pub columns: &'static [Column],
    /// The columns by which the rows of a file are sorted.
    pub sorted_by: &'static [&'static str],
    /// How its rows are divided into files.
    pub division: Division,
}

/// How the rows of a table are divided into files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Division {
    /// All rows are in one file.
    Whole,
    /// A file for each year of the column `day`, in a folder `year=2017`.
    Year,
    /// A file for each feed and day on which the feed added the rows, in a folder `feed=gdelt/added=2017-07-01`. The statement gives the two
    /// values after the table's columns.
    Added,
}

impl ParquetTable {
    /// The position of a column.
    pub fn position(&self, name: &str) -> usize {
        self.columns.iter().position(|c| c.name == name).unwrap_or(self.columns.len())
    }
}

/// The selected actions.
pub(super) static ACTIONS: ParquetTable = ParquetTable {
    name: "actions",
    sorted_by: &["day", "ref"],
    division: Division::Year,
    columns: &joined!(Column: &[
        Column::number("id").unlike(),
        Column::text("ref").unlike(),
        Column::text("date"),
        Column::day("day"),
        Column::day("day_latest"),
        Column::text("actor"),
        Column::text("target"),
        Column::text("kind"),
        Column::text("unit"),
        Column::text("sign"),
        Column::number("count").or_null(),
        Column::text("count_words").or_null(),
        Column::text("count_is").or_null(),
        Column::text("stage"),
        Column::number("stands"),
        Column::number("open"),
    ], &detail_columns(), &[
        Column::instant("logged_at").or_null(),
        Column::text("quantities").or_null(),
        Column::text("sources").or_null(),
    ]),
};

/// The position of the sources in the actions. They are added row by row.
pub(super) const SOURCES: usize = ACTIONS.columns.len() - 1;

/// The columns of the details of an action.
const fn detail_columns() -> [Column; DETAILS.len()] {
    let mut columns = [Column::text("").or_null(); DETAILS.len()];
    let mut n = 0;
    while n < DETAILS.len() {
        columns[n].name = DETAILS[n].name;
        columns[n].repeats = !matches!(DETAILS[n].form, Form::Sentence);
        n += 1;
    }
    columns
}

/// The statement that reads the actions without their sources, which are added row by row. Its parameter is the time when a text file was
/// read, which is left out.
pub(super) fn select_actions() -> String {
    format!(
        "SELECT id, ref, date, day, day_latest, actor, target, kind, unit, sign, count, count_words, count_is, stage, stands, open, {},
           CAST(round(unixepoch(nullif(logged_at, ?1), 'subsec') * 1000) AS INTEGER) * 1000,
           (SELECT group_concat(item, ' | ') FROM (
             SELECT q.name || ' ' || q.value || ' ' || q.unit AS item FROM quantity q WHERE q.action_id = shown_action.id ORDER BY q.name))
         FROM shown_action CROSS JOIN kind ON name = kind ORDER BY day, ref",
        stated(&NAMES)
    )
}

/// The links between the selected actions, as in the view `effective_link`.
pub(super) static LINKS: ParquetTable = ParquetTable {
    name: "links",
    sorted_by: &["day", "action_ref", "earlier_ref", "relation"],
    division: Division::Year,
    columns: &[
        Column::number("id").unlike(),
        Column::number("action_id").unlike(),
        Column::text("action_ref").unlike(),
        Column::text("relation"),
        Column::number("earlier_id").unlike(),
        Column::text("earlier_ref").unlike(),
        Column::number("stated").or_null(),
        Column::number("stated_spends").or_null(),
        Column::number("covers"),
        Column::number("spends"),
        Column::number("takes"),
        Column::number("reinstated"),
        Column::day("day"),
    ],
};

/// The position of `earlier_ref`, which is NULL if that action is not selected.
pub(super) const EARLIER_REF: usize = 5;

pub(super) const SELECT_LINKS: &str = "
SELECT l.id, l.action_id, b.ref, l.relation, l.earlier_id, e.ref, l.stated, l.stated_spends, l.covers, l.spends, l.takes, l.reinstated, l.day
FROM effective_link l JOIN shown_action b ON b.id = l.action_id LEFT JOIN shown_action e ON e.id = l.earlier_id ORDER BY l.day, b.ref, e.ref, l.relation";

/// The candidates, as in the view `candidate_detail`.
pub(super) static CANDIDATES: ParquetTable = ParquetTable {
    name: "candidates",
    sorted_by: &["day", "id"],
    division: Division::Year,
    columns: &[
        Column::number("id").unlike(),
        Column::text("date"),
        Column::text("until"),
        Column::day("added").or_null(),
        Column::text("actor"),
        Column::text("target"),
        Column::text("kind"),
        Column::text("unit"),
        Column::text("sign"),
        Column::text("stage"),
        Column::truth("guessed"),
        Column::number("reports"),
        Column::number("mentions"),
        Column::text("review").or_null(),
        Column::number("action_id").or_null(),
        Column::text("reason").or_null(),
        Column::day("day"),
        Column::day("last_day"),
        Column::number("series_id"),
        Column::text("precision"),
    ],
};

/// The statement that reads the candidates of a selection, and its parameters. Unreviewed candidates are read separately, because an index
/// already has them in order. Sorting them together with the few reviewed ones would be slow.
pub(super) fn select_candidates(conn: &Connection, selection: &Selection) -> Result<(String, Vec<Box<dyn ToSql>>)> {
    let (chosen, mut values) = reported(conn, selection)?;
    values.extend(reported(conn, selection)?.1);
    let select = "SELECT p.id, p.date, p.until, unixepoch(p.added) / 86400, p.actor, p.target, p.kind, k.unit, k.sign, p.stage, p.guessed, p.reports,
        p.mentions, p.review, p.action_id, p.reason, p.day, p.last_day, p.series_id,
        CASE length(p.date) WHEN 10 THEN 'day' WHEN 7 THEN 'month' ELSE 'year' END
        FROM candidate_detail p CROSS JOIN kind k ON k.name = p.kind WHERE";
    let both = format!(
        "{select} p.review IS NULL AND {chosen} UNION ALL {select} p.review IS NOT NULL AND {chosen}
         ORDER BY 17, 1",
    );
    Ok((both, values))
}

/// The reports of feeds, without the feed and the day on which it added them, which are in the path.
pub(super) static REPORTS: ParquetTable = ParquetTable {
    name: "reports",
    sorted_by: &["actor", "target", "kind", "stage", "precision", "day", "event"],
    division: Division::Added,
    columns: &[
        Column::text("event").unlike(),
        Column::text("actor"),
        Column::text("target"),
        Column::text("kind"),
        Column::text("stage"),
        Column::text("precision"),
        Column::day("dated"),
        Column::day("day"),
        Column::text("code"),
        Column::truth("guessed"),
        Column::number("mentions"),
        Column::real("intensity").or_null(),
        Column::truth("exchanged"),
        Column::text("actor_name").or_null(),
        Column::text("target_name").or_null(),
        Column::text("actor_type").or_null(),
        Column::text("target_type").or_null(),
        Column::text("place").or_null(),
        Column::text("source").or_null(),
    ],
};

/// The statement that reads the reports of a selection, and its parameters.
pub(super) fn select_reports(conn: &Connection, selection: &Selection) -> Result<(String, Vec<Box<dyn ToSql>>)> {
    let (chosen, values) = reported(conn, selection)?;
    let select = format!(
        "SELECT event, actor, target, kind, stage, precision, dated, day, code, guessed, mentions, intensity, exchanged, actor_name, target_name,
           actor_type, target_type, place, source, feed, added
         FROM (SELECT s.actor, s.target, s.kind, s.stage, s.precision, r.feed, r.event, r.dated, r.day, r.day AS last_day, r.added, r.code, r.guessed,
             r.mentions, r.intensity, r.exchanged, r.actor AS actor_name, r.target AS target_name, r.actor_type, r.target_type, r.place, r.source
           FROM feed_report r JOIN series s ON s.id = r.series_id)
         WHERE {chosen} ORDER BY feed, added, actor, target, kind, stage, precision, day, event",
    );
    Ok((select, values))
}

/// The condition on the candidates and the reports of a selection, and its parameters.
fn reported(conn: &Connection, selection: &Selection) -> Result<(String, Vec<Box<dyn ToSql>>)> {
    let filter = CandidateFilter {
        pair: selection.pair.clone(),
        actor: selection.actor.clone(),
        target: selection.target.clone(),
        since: selection.since,
        until: if selection.all_days { selection.until } else { selection.until.into_iter().chain(selection.as_of).min() },
        kinds: selection.kinds.clone(),
        stage: selection.stage,
        mentions: None,
        review: None,
    };
    // Feeds report neither a dispute nor tags nor a text to search.
    let excluded = selection.dispute.is_some() || !selection.tags.is_empty() || selection.text.is_some();
    let (chosen, values) = conditions(conn, &filter)?;
    Ok((if excluded { format!("{chosen} AND 0") } else { chosen }, values))
}
