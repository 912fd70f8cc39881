//! Which temporary views a lens lays over the schema's, and their SQL.

use crate::ledger::SCHEMA;
use crate::report::Selection;

/// As the schema's `entered`, with what stood and was open on the day. Where nothing was posted later, that is
/// what the table keeps; else it is reckoned from the links up to the day, as the schema's `reckoned` does.
const BACKDROP: &str = "
SELECT
  id, ref, date, day, day_latest, actor, target, kind, count, stage, \"by\", place, deadline, dispute, summary, logged_at,
  CAST(CASE
    WHEN posted_day <= (SELECT as_of FROM moment) THEN stands
    WHEN EXISTS (SELECT 1 FROM main.link l WHERE l.earlier_id = a.id AND l.relation = 'executes' AND l.day <= (SELECT as_of FROM moment)) THEN 0
    ELSE coalesce(count, 1)
      - coalesce((SELECT sum(l.reversed) FROM main.link l WHERE l.earlier_id = a.id AND l.day <= (SELECT as_of FROM moment)), 0)
  END AS INTEGER) AS stands,
  CAST(CASE
    WHEN posted_day <= (SELECT as_of FROM moment) THEN open
    WHEN stage = 'threatened' OR (SELECT k.sign FROM main.kind k WHERE k.name = a.kind) = 'neutral' THEN 0
    ELSE coalesce(count, 1)
      - coalesce((SELECT sum(l.covers) FROM main.link l WHERE l.earlier_id = a.id AND l.day <= (SELECT as_of FROM moment)), 0)
      - coalesce((SELECT sum(l.spends) FROM main.link l WHERE l.action_id = a.id AND l.day <= (SELECT as_of FROM moment)), 0)
      + coalesce((SELECT sum(w.covers) FROM main.link w WHERE w.earlier_id = a.id AND w.relation = 'waives' AND w.day <= (SELECT as_of FROM moment)
          AND EXISTS (SELECT 1 FROM main.link r WHERE r.earlier_id = w.action_id AND r.relation = 'reverses' AND r.day <= (SELECT as_of FROM moment))), 0)
  END AS INTEGER) AS open,
  posted_day
FROM main.action a WHERE voided IS NULL";

/// The same less what suggested answers that were taken would settle.
const LESS_SUGGESTED: &str = "
SELECT
  id, ref, date, day, day_latest, actor, target, kind, count, stage, \"by\", place, deadline, dispute, summary, logged_at, stands,
  CAST(open
    - coalesce((SELECT sum(s.covers) FROM main.suggested_link s WHERE s.earlier_id = a.id AND s.day <= (SELECT as_of FROM moment)), 0)
    - coalesce((SELECT sum(s.spends) FROM main.suggested_link s WHERE s.action_id = a.id AND s.day <= (SELECT as_of FROM moment)), 0)
    AS INTEGER) AS open,
  posted_day
FROM linked_acts a";

/// The weights on the scale asked for.
pub(super) const WEIGHING: &str = "
CREATE TEMP VIEW weighing AS
SELECT scale, kind, stage, weight, per FROM main.weight WHERE scale = (SELECT value FROM chosen WHERE what = 'scale');";

/// What bears on what up to the day. What was only suggested comes after the links of its day, in its own order.
const BEARING: &str = "
CREATE TEMP VIEW linked AS
SELECT id, action_id, relation, earlier_id, covers, spends, reversed, day FROM main.link WHERE day <= (SELECT as_of FROM moment);
CREATE TEMP VIEW taken AS
SELECT CAST(id + 4611686018427387904 AS INTEGER) AS id, action_id, CAST('answers' AS TEXT) AS relation, earlier_id, covers, spends, CAST(0 AS INTEGER) AS reversed, day
FROM main.suggested_link WHERE day <= (SELECT as_of FROM moment);";

/// The settlement of a pair goes on with what was only suggested.
const SETTLEMENT_OF_PAIR_SUGGESTED: &str = "
UNION ALL
SELECT l.earlier_id, l.day, 'answered', -l.covers, l.action_id, l.id FROM known_acts s CROSS JOIN taken l ON l.earlier_id = s.id
UNION ALL
SELECT l.action_id, l.day, 'spent', -l.spends, l.action_id, l.id FROM known_acts s CROSS JOIN taken l ON l.action_id = s.id WHERE l.spends > 0";

/// As the schema's `settlement`, of the actions of a pair alone: read from them on, where SQLite would read every link.
const SETTLEMENT_OF_PAIR: &str = "
CREATE TEMP VIEW settlement AS
SELECT l.earlier_id AS action_id, l.day,
  CASE l.relation WHEN 'answers' THEN 'answered' WHEN 'executes' THEN 'executed' WHEN 'waives' THEN 'waived' ELSE 'reversed' END AS posting,
  -l.covers AS amount, l.action_id AS by_id, l.id AS link_id
FROM known_acts s CROSS JOIN linked l ON l.earlier_id = s.id WHERE l.covers > 0
UNION ALL
SELECT l.action_id, l.day, 'spent', -l.spends, l.action_id, l.id
FROM known_acts s CROSS JOIN linked l ON l.action_id = s.id WHERE l.spends > 0
UNION ALL
SELECT w.earlier_id, CASE WHEN r.day > w.day THEN r.day ELSE w.day END, 'revived', w.covers, r.action_id, r.id
FROM known_acts s CROSS JOIN linked w ON w.earlier_id = s.id CROSS JOIN linked r ON r.earlier_id = w.action_id AND r.relation = 'reverses'
WHERE w.relation = 'waives'";

/// The day's condition on all that is reckoned over. The plus keeps the day's index out: nearly all actions are earlier than today.
const BY_DAY: &str = "+day <= (SELECT as_of FROM moment)";

/// The views that cut the acts to the selection, from its conditions on the parties of all that is reckoned over and on what is shown.
pub(super) fn acts(of_pair: &str, of_actions: &str, selection: &Selection) -> String {
    let known = if selection.with_suggested {
        format!("CREATE TEMP VIEW linked_acts AS {BACKDROP} AND {BY_DAY} AND {of_pair}; CREATE TEMP VIEW known_acts AS {LESS_SUGGESTED};")
    } else {
        format!("CREATE TEMP VIEW known_acts AS {BACKDROP} AND {BY_DAY} AND {of_pair};")
    };
    let others = if selection.with_candidates {
        format!(
            "CREATE TEMP VIEW supposed_acts AS SELECT * FROM main.unconfirmed WHERE {BY_DAY} AND {of_pair};
             CREATE TEMP VIEW entered AS SELECT * FROM known_acts WHERE {of_actions};
             CREATE TEMP VIEW by_series AS {};
             CREATE TEMP VIEW presumed AS SELECT * FROM by_series WHERE {BY_DAY} AND {of_pair} AND {of_actions};
             CREATE TEMP VIEW backdrop AS SELECT * FROM known_acts UNION ALL SELECT * FROM supposed_acts;
             CREATE TEMP VIEW standing AS SELECT * FROM entered UNION ALL SELECT * FROM supposed_acts WHERE {of_actions};
             CREATE TEMP VIEW supposed_series AS SELECT * FROM main.series WHERE {of_pair};
             CREATE TEMP VIEW supposed AS SELECT *, {of_actions} AS shown FROM by_series WHERE {BY_DAY};",
            by_series()
        )
    } else {
        format!(
            "CREATE TEMP VIEW backdrop AS SELECT * FROM known_acts;
             CREATE TEMP VIEW standing AS SELECT * FROM backdrop WHERE {of_actions};
             CREATE TEMP VIEW entered AS SELECT * FROM standing;
             CREATE TEMP VIEW presumed AS SELECT * FROM main.presumed;"
        )
    };
    let bearing = if selection.with_suggested {
        "CREATE TEMP VIEW bearing AS SELECT * FROM linked UNION ALL SELECT * FROM taken;"
    } else {
        "CREATE TEMP VIEW bearing AS SELECT * FROM linked;"
    };
    known + &others + BEARING + bearing + &known_claim()
}

/// The settlement of a pair.
pub(super) fn settlement_of_pair(with_suggested: bool) -> String {
    format!("{SETTLEMENT_OF_PAIR}{};", if with_suggested { SETTLEMENT_OF_PAIR_SUGGESTED } else { "" })
}

/// The names of all the temporary views there may be.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let own = ["known_acts", "linked_acts", "supposed_acts", "by_series", "supposed_series", "supposed", "known_claim", "linked", "taken"];
    views().map(|(name, _)| name).chain(own)
}

/// The views of the schema: name and statement, in their order.
fn views() -> impl Iterator<Item = (&'static str, &'static str)> {
    SCHEMA.split("\nCREATE VIEW ").skip(1).filter_map(|rest| {
        let statement = rest.split_inclusive(";\n").next()?;
        Some((statement.split_whitespace().next()?, statement))
    })
}

/// What the schema's `unconfirmed` says, read series by series: the order in which the balance adds it up. By itself SQLite
/// reads it by day, and then has ten million candidates to sort. What its texts are made of is there too, as numbers.
fn by_series() -> String {
    select_of("unconfirmed")
        .replacen("SELECT", "SELECT s.id AS series_id, c.reports, c.mentions, c.guessed,", 1)
        .replace("FROM candidate c JOIN series s", "FROM series s CROSS JOIN candidate c")
}

/// What the schema's `open_claim` says, of what is entered alone.
fn known_claim() -> String {
    format!("CREATE TEMP VIEW known_claim AS {};", select_of("open_claim").replace("FROM standing s", "FROM entered s"))
}

/// The `SELECT` of a view of the schema.
fn select_of(view: &str) -> &'static str {
    let statement = views().find(|(name, _)| *name == view).map_or("", |(_, statement)| statement);
    statement.split_once(" AS\n").map_or("", |(_, select)| select.trim_end().trim_end_matches(';'))
}

/// The views that stand on those a lens replaces, as temporary ones.
pub(super) fn of_reports() -> impl Iterator<Item = (&'static str, String)> {
    views()
        .filter(|(name, _)| {
            !matches!(
                *name,
                "recorded"
                    | "reckoned"
                    | "link_parties"
                    | "membership_breach"
                    | "entered"
                    | "proposed"
                    | "unconfirmed"
                    | "presumed"
                    | "standing"
                    | "backdrop"
                    | "bearing"
                    | "weighing"
                    | "suggested_account"
            )
        })
        .map(|(name, statement)| (name, format!("CREATE TEMP VIEW {statement}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_read_series_by_series_for_the_balance() {
        assert!(
            by_series().starts_with("SELECT s.id AS series_id, ")
                && by_series().contains("FROM series s CROSS JOIN candidate c ON s.id = c.series_id")
        );
        assert!(known_claim().contains("FROM entered s JOIN kind k"));
    }
}
