//! The temporary views with which a lens replaces views of the schema.

use crate::ledger::objects;
use crate::model::details::NAMES;
use crate::record::{column_list, joined};
use crate::report::Selection;

/// The columns that all views of actions have, besides `posted_day`.
const COLUMNS: [&str; 15 + NAMES.len()] = joined!(&str:
    &["id", "ref", "date", "day", "day_latest", "actor", "target", "kind", "count", "count_words", "count_is", "stage", "logged_at", "stands", "open"],
    &NAMES
);

/// The condition on the day of candidates. The unary plus keeps SQLite from using the index on `day`: nearly all candidates are earlier
/// than today.
const BY_DAY: &str = "+day <= (SELECT day FROM as_of)";

/// The views of the schema that a lens defines itself, or that no report reads.
const NOT_COPIED: [&str; 11] = [
    "as_of",
    "paired_action",
    "unpaired_action",
    "selected_action",
    "candidate_action",
    "shown_action",
    "background_action",
    "active_weight",
    "unreviewed_candidate",
    "candidate_detail",
    "feed_event",
];

/// The views of a lens that the schema does not have.
const LENS_ONLY: [&str; 5] = ["paired_candidate", "candidate_series", "seen_candidate", "stored_link", "voided_action"];

/// The views that restrict the ledger to a selection. `of_pair` is the condition on the parties of all actions that enter the computation,
/// `of_actions` the condition on the actions that are shown.
pub(super) fn of_selection(of_pair: &str, of_actions: &str, selection: &Selection) -> String {
    let mut views = String::from(
        "CREATE TEMP VIEW as_of AS SELECT day FROM moment;
         CREATE TEMP VIEW active_weight AS
           SELECT scale, kind, stage, weight, per FROM main.weight WHERE scale = (SELECT value FROM chosen WHERE what = 'scale');",
    );
    if selection.with_suggested.is_some() {
        // The amounts of actions with suggested links are computed from all their links, including the suggested ones.
        views.push_str(&format!(
            "CREATE TEMP VIEW paired_action AS
               SELECT {}, voided, CASE WHEN id IN (SELECT action_id FROM suggested UNION ALL SELECT earlier_id FROM suggested) THEN NULL ELSE posted_day END AS posted_day
               FROM main.action WHERE {of_pair};",
            column_list(&COLUMNS)
        ));
    } else {
        views.push_str(&format!("CREATE TEMP VIEW paired_action AS SELECT * FROM main.action WHERE {of_pair};"));
    }
    views.push_str(&format!(
        "CREATE TEMP VIEW unpaired_action AS
           SELECT id, actor, target, day FROM main.action WHERE voided IS NULL AND +day <= (SELECT day FROM as_of) AND {of_actions};"
    ));
    views.push_str(&format!(
        "CREATE TEMP VIEW selected_action AS SELECT * FROM unfiltered_action WHERE {of_actions};
         CREATE TEMP VIEW voided_action AS SELECT * FROM paired_action WHERE voided IS NOT NULL AND {of_actions};"
    ));
    if selection.with_candidates {
        let columns = format!("{}, posted_day", column_list(&COLUMNS));
        views.push_str(&format!(
            "CREATE TEMP VIEW paired_candidate AS SELECT * FROM main.unreviewed_candidate WHERE {BY_DAY} AND {of_pair};
             CREATE TEMP VIEW candidate_action AS SELECT {columns} FROM paired_candidate WHERE {of_actions};
             CREATE TEMP VIEW candidate_series AS SELECT * FROM main.series WHERE {of_pair};
             CREATE TEMP VIEW seen_candidate AS SELECT *, {of_actions} AS shown FROM main.unreviewed_candidate WHERE {BY_DAY};
             CREATE TEMP VIEW background_action AS SELECT {columns} FROM unfiltered_action UNION ALL SELECT {columns} FROM paired_candidate;
             CREATE TEMP VIEW shown_action AS SELECT {columns} FROM selected_action UNION ALL SELECT {columns} FROM candidate_action;"
        ));
    } else {
        views.push_str(
            "CREATE TEMP VIEW background_action AS SELECT * FROM unfiltered_action;
             CREATE TEMP VIEW shown_action AS SELECT * FROM selected_action;
             CREATE TEMP VIEW candidate_action AS SELECT * FROM main.candidate_action;",
        );
    }
    views
}

/// The links if suggested answers are included: those of the ledger, and the suggested ones, which come after all others of their day.
pub(super) const WITH_SUGGESTED: &str = "
CREATE TEMP VIEW effective_link AS
SELECT * FROM stored_link
UNION ALL
SELECT CAST(id + 4611686018427387904 AS INTEGER), action_id, CAST('answers' AS TEXT), earlier_id, NULL, NULL, day, covers, spends, CAST(0 AS INTEGER),
  CAST(0 AS INTEGER)
FROM suggested WHERE day <= (SELECT day FROM as_of);";

/// The statements that remove all temporary views that a lens may create.
pub(super) fn removal() -> String {
    views().map(|(name, _)| name).chain(LENS_ONLY).map(|name| format!("DROP VIEW IF EXISTS temp.{name};")).collect()
}

/// The name and the statement of each view of the schema, in the order of the schema.
fn views() -> impl Iterator<Item = (&'static str, &'static str)> {
    objects().filter(|(sort, _, _)| *sort == "view").map(|(_, name, statement)| (name, statement))
}

/// The views of the schema that read the replaced views, as temporary views. With suggested answers, the schema's view of the links is
/// `stored_link`, to which `WITH_SUGGESTED` adds them.
pub(super) fn of_reports(with_suggested: bool) -> String {
    views()
        .filter(|(name, statement)| {
            let of_rules = [
                "resettlement",
                "settlement_step",
                "link_check",
                "history_entry",
                "link_terms",
                "link_amounts",
                "derived_action",
                "link_breach",
                "third_party_link",
            ];
            !NOT_COPIED.contains(name) && !of_rules.contains(name) && statement.starts_with("CREATE VIEW ")
        })
        .map(|(name, statement)| {
            let copy = if with_suggested && name == "effective_link" { "stored_link" } else { name };
            format!("CREATE TEMP VIEW {copy}{};", &statement["CREATE VIEW ".len() + name.len()..])
        })
        .collect()
}
