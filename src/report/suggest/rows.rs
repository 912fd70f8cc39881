//! The rows from which suggestions are computed, wherever they come from: the ledger, or an engine over a lake. Both execute the same
//! statements.

use std::borrow::Cow;

use crate::error::Result;
use crate::record::Cells;

/// Where the rows come from.
pub(super) trait Rows {
    /// The action for which suggestions are requested.
    fn requested(&self) -> Option<&Requested>;

    /// Passes each row of a part to `each`, in any order.
    fn each(&self, part: Part, each: &mut dyn FnMut(&dyn Cells) -> Result<()>) -> Result<()>;
}

/// Collects what `read` makes of the rows of a part.
pub(super) fn collect<T>(rows: &dyn Rows, part: Part, read: impl Fn(&dyn Cells) -> rusqlite::Result<T>) -> Result<Vec<T>> {
    let mut all = Vec::new();
    rows.each(part, &mut |cells| {
        all.push(read(cells)?);
        Ok(())
    })?;
    Ok(all)
}

/// The action for which suggestions are requested.
#[derive(Debug)]
pub(super) struct Requested {
    pub id: i64,
    /// Its id and its ref: `#1 (2016-12-29-usa-rus-expulsion)`.
    pub name: String,
    pub is_voided: bool,
    /// How to see what is open of it.
    pub way_out: String,
}

/// A part of what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The parties: code, name.
    Parties,
    /// The names by which parties are found in summaries: folded, party.
    Aliases,
    /// The columns of a [`Membership`](crate::ledger::catalogue::Membership).
    Memberships,
    /// The kinds of act: name, unit, sign.
    Kinds,
    /// The open acts: all, or those between the parties of the requested action.
    Acts,
    /// The ids of the open acts that the selection shows.
    Shown,
    /// The claims that were reopened because their waiver was reversed: id, day.
    Reopenings,
    /// The links: id of the later act, id of the earlier act.
    Links,
}

const PARTIES: &str = "SELECT p.code AS code, p.name AS name FROM party p";
const ALIASES: &str = "SELECT a.folded AS folded, a.party AS party FROM alias a";
const MEMBERSHIPS: &str = "SELECT m.organisation AS organisation, m.member AS member, m.since AS since, m.until AS until FROM membership m";
const KINDS: &str = "SELECT k.name AS name, k.unit AS unit, k.sign AS sign FROM kind k";
const ACTS: &str = "SELECT id, ref, date, day, day_latest, actor, target, kind, count, open, dispute, summary, stage
FROM background_action s WHERE s.open > 0";
/// The acts between the two sides, in both directions.
const RELATED: &str = "
  AND (s.actor IN (SELECT code FROM related_party WHERE side = 'target') AND s.target IN (SELECT code FROM related_party WHERE side = 'actor')
    OR s.actor IN (SELECT code FROM related_party WHERE side = 'actor') AND s.target IN (SELECT code FROM related_party WHERE side = 'target'))";
const SHOWN: &str = "SELECT id FROM shown_action WHERE open > 0";
const REOPENINGS: &str = "SELECT w.earlier_id AS id, max(r.day) AS day
FROM effective_link r CROSS JOIN effective_link w ON w.action_id = r.earlier_id
WHERE r.relation = 'reverses' AND r.takes > 0 AND w.relation = 'waives' AND w.reinstated > 0 GROUP BY w.earlier_id";
const LINKS: &str = "SELECT action_id, earlier_id FROM effective_link";

/// Views over the view `requested_action`, by name: the parties of that action, and these with their organisations and members. An
/// organisation may act for a member, and a member for its organisation.
pub(crate) const OF_REQUESTED: [(&str, &str); 2] = [
    (
        "requested_side",
        "SELECT 'actor' AS side, a.actor AS code FROM requested_action a
UNION ALL
SELECT 'target' AS side, a.target AS code FROM requested_action a",
    ),
    (
        "related_party",
        "SELECT s.side AS side, s.code AS code FROM requested_side s
UNION ALL
SELECT s.side AS side, m.member AS code FROM requested_side s JOIN membership m ON m.organisation = s.code
UNION ALL
SELECT s.side AS side, m.organisation AS code FROM requested_side s JOIN membership m ON m.member = s.code",
    ),
];

impl Part {
    /// All parts, in the order in which they are read.
    pub const ALL: [Part; 8] =
        [Part::Parties, Part::Aliases, Part::Memberships, Part::Kinds, Part::Acts, Part::Shown, Part::Reopenings, Part::Links];

    /// The statement that reads it. With `of_requested`, the acts are those between the parties of the requested action.
    pub fn select(self, of_requested: bool) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Part::Parties => PARTIES,
            Part::Aliases => ALIASES,
            Part::Memberships => MEMBERSHIPS,
            Part::Kinds => KINDS,
            Part::Acts if of_requested => return Cow::Owned(format!("{ACTS}{RELATED}")),
            Part::Acts => ACTS,
            Part::Shown => SHOWN,
            Part::Reopenings => REOPENINGS,
            Part::Links => LINKS,
        })
    }

    /// What it is, for a comment.
    pub fn about(self) -> &'static str {
        match self {
            Part::Parties => "The parties, with their names in reports",
            Part::Aliases => "The names by which parties are found in summaries",
            Part::Memberships => "The memberships in organisations",
            Part::Kinds => "The kinds of act, with their units and signs",
            Part::Acts => "The open acts, which are claims and possible answers; for one action, those between its parties",
            Part::Shown => "The open acts that the selection shows",
            Part::Reopenings => "The claims that were reopened because their waiver was reversed",
            Part::Links => "The links in effect on the day of the report; linked acts are not suggested again",
        }
    }
}
