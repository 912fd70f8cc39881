//! What the statements can answer.

use crate::model::Sign;
use crate::model::period::Length;
use crate::record::Row;
use crate::report::suggest::Part;
use crate::report::{balance, matrix, pending, survival, timeline, unanswered};

/// A report as a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question<'a> {
    /// Open claims of this sign, oldest first.
    Unanswered(Sign),
    /// The balance of every pair, by kind.
    Balance,
    /// Threats, announcements and deadlines.
    Pending {
        /// Which rows to read.
        scope: pending::Scope,
        /// Only those whose deadline has passed or is at most this number of hours away.
        within: Option<i64>,
    },
    /// The open amounts of each party's acts against each other party.
    Matrix,
    /// Every act between two parties, with what is open after it.
    Timeline,
    /// The time to the first answer to each claim of this sign.
    Survival(Sign),
    /// How each party answers the other.
    Reciprocity,
    /// Acts that may answer open claims: all, or an action, by its id or ref, which may be either of the two.
    Suggest(Option<&'a str>),
    /// A row for each actor, target and period of this length.
    Panel(Length),
}

/// The columns that are 0 or 1 in a view, and false or true in a report.
const TRUTHS: [&str; 5] = ["a_has_unknown", "b_has_unknown", "a_open_has_unknown", "b_open_has_unknown", "has_unknown"];

/// Threats, announcements and deadlines, with the time that is left. The program computes it for the ledger after reading the deadlines.
const PENDING: &str = "
SELECT q.*, CASE WHEN q.ends IS NULL THEN 1 ELSE 0 END AS has_none
FROM (
  SELECT t.*, :as_of - t.day AS age_days,
    CASE WHEN length(t.deadline) = 10 THEN t.begins + 86400 ELSE t.begins END AS ends,
    CASE WHEN length(t.deadline) = 10 THEN day_of(CAST(substr(t.deadline, 1, 10) AS DATE)) - :as_of
      WHEN t.begins < :instant THEN -CAST(floor((:instant - t.begins) / 86400.0) AS INTEGER)
      ELSE CAST(floor((t.begins - :instant) / 86400.0) AS INTEGER) END AS days_left,
    CASE WHEN length(t.deadline) = 10 THEN NULL
      WHEN t.begins < :instant THEN -floor((:instant - t.begins) / 36.0 + 0.5) / 100.0
      ELSE floor((t.begins - :instant) / 36.0 + 0.5) / 100.0 END AS hours_left
  FROM (
    SELECT s.*, unixepoch(s.deadline) AS begins FROM (SELECT * FROM pending_threat UNION ALL SELECT * FROM set_deadline) s
  ) t
) q WHERE :of_deadlines";

impl Question<'_> {
    /// The statement over the views, in the SQL of the schema.
    pub(super) fn select(self, with_candidates: bool) -> String {
        match self {
            // Candidates have negative ids. Those of a day come before its actions.
            Question::Unanswered(_) if with_candidates => {
                of::<unanswered::Unanswered>(unanswered::SELECT, "day, CASE WHEN id < 0 THEN id ELSE 0 END, ref")
            }
            Question::Unanswered(_) => of::<unanswered::Unanswered>(unanswered::SELECT, "day, ref"),
            Question::Balance => of::<balance::Balance>("SELECT * FROM balance", "party_a, party_b, kind"),
            Question::Pending { .. } => of::<pending::Pending>(PENDING, "has_none, ends, day, ref"),
            Question::Matrix => of::<matrix::Matrix>("SELECT * FROM matrix", matrix::ORDER),
            Question::Timeline => of::<timeline::Event>("SELECT * FROM timeline", timeline::ORDER),
            Question::Survival(_) => of::<survival::Survival>(survival::SELECT, survival::ORDER),
            Question::Reciprocity => super::reciprocity::ACTS.to_owned(),
            Question::Suggest(action) => Part::Acts.select(action.is_some()).into_owned(),
            Question::Panel(_) => super::panel::SELECT.to_owned(),
        }
    }
}

/// The columns of a report, in its order.
fn of<R: Row>(from: &str, order: &str) -> String {
    let columns: Vec<String> = R::COLUMNS
        .iter()
        .map(|column| if TRUTHS.contains(column) { format!("CAST({column} = 1 AS BOOLEAN) AS {column}") } else { (*column).to_owned() })
        .collect();
    format!("SELECT {}\nFROM ({}\n) r ORDER BY {order}", columns.join(", "), from)
}
