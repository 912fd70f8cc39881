//! The SQL that an import from a lake runs on the lake's tables.

use crate::error::Result;
use crate::ledger::load::record::FIELDS;
use crate::record::column_list;
use crate::report::{Lens, Selection};

use super::dialect::Dialect;
use super::question::Question;
use super::{BASE, definitions, put_together, values};

/// The views of these statements.
const LAKE_IMPORT: &str = include_str!("lake_import.sql");

const PARTIES: &str = "SELECT p.code AS code, p.name AS name, p.type AS type, p.since AS since, p.until AS until FROM parties p
WHERE p.code IN (SELECT actor FROM wanted_code) OR p.code IN (SELECT target FROM wanted_code) ORDER BY code";
const ALIASES: &str = "SELECT a.alias AS alias, a.party AS party FROM aliases a
WHERE a.party IN (SELECT actor FROM wanted_code) OR a.party IN (SELECT target FROM wanted_code) ORDER BY party, alias";
const KINDS: &str = "SELECT k.kind AS kind, k.unit AS unit, k.sign AS sign, k.cameo AS cameo, k.description AS description FROM kinds k
WHERE k.kind IN (SELECT kind FROM wanted_code) ORDER BY kind";
const SOURCES: &str = "SELECT s.cite AS cite, s.publisher AS publisher, s.title AS title, s.author AS author, s.date AS date, s.url AS url,
  s.accessed AS accessed, s.archive AS archive, s.quote AS quote
FROM sources s WHERE s.id IN (SELECT c.source_id FROM citations c JOIN wanted_action w ON w.id = c.action_id) ORDER BY cite";
const LINKS: &str = "SELECT l.action_ref AS action_ref, l.relation AS relation, l.earlier_ref AS earlier_ref, l.stated AS stated,
  l.stated_spends AS stated_spends, CASE WHEN e.id IS NULL THEN 0 ELSE 1 END AS inside
FROM links l JOIN wanted_action w ON w.id = l.action_id LEFT JOIN wanted_action e ON e.id = l.earlier_id ORDER BY l.id";
const REPORTS: &str = "SELECT r.feed AS feed, r.event AS event, r.actor AS actor, r.target AS target, r.kind AS kind, r.stage AS stage,
  r.precision AS precision, day_of(r.dated) AS dated, day_of(r.day) AS day, day_of(r.added) AS added, r.code AS code,
  CASE WHEN r.guessed THEN 1 ELSE 0 END AS guessed, r.mentions AS mentions, r.intensity AS intensity,
  CASE WHEN r.exchanged THEN 1 ELSE 0 END AS exchanged, r.actor_name AS actor_name, r.target_name AS target_name,
  r.actor_type AS actor_type, r.target_type AS target_type, r.place AS place, r.source AS source
FROM reports r JOIN wanted_candidate c
  ON c.actor = r.actor AND c.target = r.target AND c.kind = r.kind AND c.stage = r.stage AND c.precision = r.precision
WHERE day_of(r.day) >= c.day AND day_of(r.day) <= c.last_day ORDER BY feed, day, event";

/// The statements of an import.
pub(crate) struct Wanted {
    /// The parties of the actions and candidates: the first columns of a party in files.
    pub parties: String,
    /// The names of these parties: name, code.
    pub aliases: String,
    /// Their kinds, with the columns of a kind in files.
    pub kinds: String,
    /// The sources that the actions cite.
    pub sources: String,
    /// The actions: the columns of [`FIELDS`], their sources and their quantities, as in the flat CSV.
    pub actions: String,
    /// The links of the actions: both refs, the relation, the stated amounts, and 1 if the earlier action is imported too.
    pub links: String,
    /// The reports of the candidates; `None` if none are imported.
    pub reports: Option<String>,
}

/// The statements for the actions of a selection, on all days, and for the reports of candidates with this number of mentions or more.
///
/// # Errors
/// As [`statement`](super::statement).
pub(crate) fn wanted(lens: &Lens<'_>, selection: &Selection, mentions: Option<i64>, dialect: Dialect) -> Result<Wanted> {
    let mut values = values::values(lens, selection, Question::Timeline, dialect)?;
    values.extend(mentions.map(|mentions| ("mentions", dialect.number(&mentions.to_string()))));
    let mut known = definitions(&[BASE, LAKE_IMPORT]);
    if let (Some(_), Some(both)) = (mentions, known.get("wanted_code_or_candidate").copied()) {
        known.insert("wanted_code", both);
    }
    let statement = |select: &str| put_together(select, &known, dialect, &values);
    let columns = column_list(&FIELDS);
    let actions =
        format!("SELECT {columns}, sources, quantities FROM actions WHERE id IN (SELECT id FROM wanted_action) ORDER BY day, ref");
    Ok(Wanted {
        parties: statement(PARTIES),
        aliases: statement(ALIASES),
        kinds: statement(KINDS),
        sources: statement(SOURCES),
        actions: statement(&actions),
        links: statement(LINKS),
        reports: mentions.map(|_| statement(REPORTS)),
    })
}
