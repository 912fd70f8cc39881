//! Candidates: actions that feeds reported.

use rusqlite::{Connection, ToSql, params};

use crate::error::Result;
use crate::ledger::{Action, Candidate, Ledger, catalogue};
use crate::model::{Day, Review, Stage};
use crate::record::{record, select};
use crate::report::Pair;

/// Maximum number of days between a candidate and a similar action.
const MAX_DAYS_APART: i64 = 30;
/// Maximum number of similar actions that are shown.
const MAX_SIMILAR: usize = 3;

record! {
    /// A candidate in the list.
    #[derive(Eq)]
    pub struct CandidateRow {
        /// Number of the candidate.
        id: i64,
        /// Day, month or year of its first report.
        date: String,
        /// Day, month or year of its last report.
        until: String,
        /// Earliest day on which a feed added a report of it.
        added: Option<String>,
        /// Code of the party that acted.
        actor: String,
        /// Code of the party the act is directed at.
        target: String,
        /// Kind of act.
        kind: String,
        /// Stage of the act.
        stage: Stage,
        /// 1 if the kind is a guess: the event codes of all its reports cover other kinds too.
        guessed: u8,
        /// Number of reports.
        reports: i64,
        /// Number of mentions of these reports.
        mentions: i64,
        /// Result of the review; `None`: nobody has reviewed it.
        review: Option<Review>,
        /// Id of the action that it was confirmed as or merged into.
        action_id: Option<i64>,
        /// Reason for its dismissal.
        reason: Option<String>,
    }
}

/// A selection of candidates. The default is all unreviewed candidates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CandidateFilter {
    /// One party or two, by any of their names.
    pub pair: Option<Pair>,
    /// Only acts of this party.
    pub actor: Option<String>,
    /// Only acts against this party.
    pub target: Option<String>,
    /// Only candidates of this day or later.
    pub since: Option<Day>,
    /// Only candidates of this day or earlier.
    pub until: Option<Day>,
    /// Only these kinds; empty: all kinds.
    pub kinds: Vec<String>,
    /// Only this stage.
    pub stage: Option<Stage>,
    /// Only candidates with at least this number of mentions.
    pub mentions: Option<i64>,
    /// Candidates with this result of the review, instead of unreviewed ones.
    pub review: Option<Review>,
}

/// Passes the candidates to `each`, by day, up to the maximum number `limit`.
///
/// # Errors
/// A name is unknown, the ledger cannot be read, or `each` fails.
pub fn read(ledger: &Ledger, filter: &CandidateFilter, limit: Option<u64>, mut each: impl FnMut(CandidateRow) -> Result<()>) -> Result<()> {
    let conn = ledger.connection();
    let (chosen, mut values) = conditions(conn, filter)?;
    let reviewed = match filter.review {
        None => "review IS NULL",
        Some(review) => {
            values.push(Box::new(review));
            "review = ?"
        }
    };
    let limit = limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX));
    let from = format!("FROM candidate_detail WHERE {chosen} AND {reviewed} ORDER BY day, id LIMIT {limit}");
    let mut candidates = conn.prepare(&select::<CandidateRow>(&from))?;
    let mut rows = candidates.query(rusqlite::params_from_iter(values.iter().map(|v| &**v)))?;
    while let Some(row) = rows.next()? {
        each(CandidateRow::from_row(row)?)?;
    }
    Ok(())
}

/// The conditions on the view `candidate_detail`, without the one on the review, and the values of their `?` parameters. User input enters
/// only through the parameters.
///
/// # Errors
/// A name is unknown, or the ledger cannot be read.
pub(crate) fn conditions(conn: &Connection, filter: &CandidateFilter) -> Result<(String, Vec<Box<dyn ToSql>>)> {
    let mut text = "1".to_owned();
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    let mut where_ = |condition: &str, of: Vec<Box<dyn ToSql>>| {
        text.push_str(" AND ");
        text.push_str(condition);
        values.extend(of);
    };
    let code = |name: &str| Ok::<_, crate::Error>(catalogue::find_party(conn, name)?.code);
    let list = |names: &str| {
        let parties = catalogue::parties_by_name(conn, names)?;
        Ok::<_, crate::Error>(Box::new(serde_json::Value::from_iter(parties.into_iter().map(|party| party.code)).to_string()))
    };
    match &filter.pair {
        None => (),
        Some(Pair::One(party)) => {
            let list = list(party)?;
            where_("(actor IN (SELECT value FROM json_each(?)) OR target IN (SELECT value FROM json_each(?)))", vec![list.clone(), list]);
        }
        Some(Pair::Both(a, b)) => {
            let (a, b) = (list(a)?, list(b)?);
            where_(
                "(actor IN (SELECT value FROM json_each(?)) AND target IN (SELECT value FROM json_each(?))
                  OR actor IN (SELECT value FROM json_each(?)) AND target IN (SELECT value FROM json_each(?)))",
                vec![a.clone(), b.clone(), b, a],
            );
        }
    }
    if let Some(actor) = &filter.actor {
        where_("actor = ?", vec![Box::new(code(actor)?)]);
    }
    if let Some(target) = &filter.target {
        where_("target = ?", vec![Box::new(code(target)?)]);
    }
    if !filter.kinds.is_empty() {
        let kinds: Result<Vec<Box<dyn ToSql>>> =
            filter.kinds.iter().map(|kind| Ok(Box::new(catalogue::find_kind(conn, kind)?.name) as Box<dyn ToSql>)).collect();
        let marks = vec!["?"; filter.kinds.len()].join(", ");
        where_(&format!("kind IN ({marks})"), kinds?);
    }
    if let Some(stage) = filter.stage {
        where_("stage = ?", vec![Box::new(stage)]);
    }
    if let Some(since) = filter.since {
        where_("last_day >= ?", vec![Box::new(since.0)]);
    }
    if let Some(until) = filter.until {
        where_("day <= ?", vec![Box::new(until.0)]);
    }
    if let Some(mentions) = filter.mentions {
        where_("mentions >= ?", vec![Box::new(mentions)]);
    }
    Ok((text, values))
}

/// The logged actions that a candidate may be a report of: actions between the same parties, of the same kind, unit or CAMEO code, within 30
/// days; if its kind is neutral, of either party, because what both do together has no direction. The most similar comes first; at most
/// three are returned.
///
/// # Errors
/// The ledger cannot be read.
pub fn like(conn: &Connection, candidate: &Candidate) -> Result<Vec<Action>> {
    let mut select = conn.prepare_cached(
        "SELECT a.id FROM candidate c JOIN series s ON s.id = c.series_id JOIN kind k ON k.name = s.kind
           JOIN action a ON a.actor = s.actor AND a.target = s.target OR k.sign = 'neutral' AND a.actor = s.target AND a.target = s.actor
           JOIN kind ka ON ka.name = a.kind
         WHERE c.id = ?1 AND a.voided IS NULL AND (a.kind = s.kind OR ka.unit = k.unit OR ka.cameo = k.cameo)
           AND a.day <= max(c.last_day, coalesce(c.added, c.last_day)) + ?2 AND a.day_latest >= c.day - ?2
         ORDER BY a.kind <> s.kind, a.stage <> s.stage, abs(a.day - c.day), a.ref LIMIT ?3",
    )?;
    let ids: Vec<i64> =
        select.query_map(params![candidate.id, MAX_DAYS_APART, MAX_SIMILAR as i64], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    ids.into_iter().map(|id| Action::find(conn, &id.to_string())).collect()
}
