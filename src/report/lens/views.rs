//! The temporary views with which a lens replaces views of the schema.

use std::sync::LazyLock;

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

/// The views of the schema about its rules, which no report reads.
const OF_RULES: [&str; 9] = [
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

/// The links if suggested answers are included: those of the ledger, and the suggested ones, which come after all others of their day.
const WITH_SUGGESTED: &str = "
SELECT * FROM stored_link
UNION ALL
SELECT CAST(id + 4611686018427387904 AS INTEGER), action_id, CAST('answers' AS TEXT), earlier_id, NULL, NULL, day, covers, spends, CAST(0 AS INTEGER),
  CAST(0 AS INTEGER)
FROM suggested WHERE day <= (SELECT day FROM as_of)";

/// The views that restrict the ledger to a selection: the name of each, and what follows it in its statement. `of_pair` is the condition on
/// the parties of all actions that enter the computation, `of_actions` the condition on the actions that are shown. With suggested
/// answers, the schema's view of the links is `stored_link`, to which `WITH_SUGGESTED` adds them.
pub(super) fn of_selection(of_pair: &str, of_actions: &str, selection: &Selection) -> Vec<(&'static str, String)> {
    let mut views = vec![
        ("as_of", "SELECT day FROM moment".to_owned()),
        (
            "active_weight",
            "SELECT scale, kind, stage, weight, per FROM main.weight WHERE scale = (SELECT value FROM chosen WHERE what = 'scale')"
                .to_owned(),
        ),
        (
            "unpaired_action",
            format!(
                "SELECT id, actor, target, day FROM main.action WHERE voided IS NULL AND +day <= (SELECT day FROM as_of) AND {of_actions}"
            ),
        ),
        ("selected_action", format!("SELECT * FROM unfiltered_action WHERE {of_actions}")),
        ("voided_action", format!("SELECT * FROM paired_action WHERE voided IS NOT NULL AND {of_actions}")),
    ];
    if selection.with_suggested.is_some() {
        // The amounts of actions with suggested links are computed from all their links, including the suggested ones.
        let paired = format!(
            "SELECT {}, voided, CASE WHEN id IN (SELECT action_id FROM suggested UNION ALL SELECT earlier_id FROM suggested) THEN NULL ELSE posted_day END AS posted_day
             FROM main.action WHERE {of_pair}",
            column_list(&COLUMNS)
        );
        views.extend([("paired_action", paired), ("effective_link", WITH_SUGGESTED.to_owned())]);
    } else {
        views.push(("paired_action", format!("SELECT * FROM main.action WHERE {of_pair}")));
    }
    if selection.with_candidates {
        let columns = format!("{}, posted_day", column_list(&COLUMNS));
        views.extend([
            ("paired_candidate", format!("SELECT * FROM main.unreviewed_candidate WHERE {BY_DAY} AND {of_pair}")),
            ("candidate_action", format!("SELECT {columns} FROM paired_candidate WHERE {of_actions}")),
            ("candidate_series", format!("SELECT * FROM main.series WHERE {of_pair}")),
            ("seen_candidate", format!("SELECT *, {of_actions} AS shown FROM main.unreviewed_candidate WHERE {BY_DAY}")),
            ("background_action", format!("SELECT {columns} FROM unfiltered_action UNION ALL SELECT {columns} FROM paired_candidate")),
            ("shown_action", format!("SELECT {columns} FROM selected_action UNION ALL SELECT {columns} FROM candidate_action")),
        ]);
    } else {
        views.extend([
            ("background_action", "SELECT * FROM unfiltered_action".to_owned()),
            ("shown_action", "SELECT * FROM selected_action".to_owned()),
            ("candidate_action", "SELECT * FROM main.candidate_action".to_owned()),
        ]);
    }
    views.iter_mut().for_each(|(_, select)| select.insert_str(0, " AS "));
    if selection.with_suggested.is_some() {
        let stored = of_schema().iter().find(|(name, _)| *name == "effective_link").map(|(_, stored)| (*stored).to_owned());
        views.extend(stored.map(|stored| ("stored_link", stored)));
    }
    views
}

/// The views of the schema that read the views of a selection, in the order of the schema: the name of each, and what follows it in its
/// statement.
pub(super) fn of_schema() -> &'static [(&'static str, &'static str)] {
    static VIEWS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
        let views = objects().filter(|(sort, name, _)| *sort == "view" && !NOT_COPIED.contains(name) && !OF_RULES.contains(name));
        views.filter_map(|(_, name, statement)| Some((name, statement.strip_prefix("CREATE VIEW ")?.strip_prefix(name)?))).collect()
    });
    &VIEWS
}

/// The words of a statement that may be names.
pub(super) fn words(statement: &str) -> impl Iterator<Item = &str> {
    statement.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}
