//! What the report on reciprocity reads, as statements. The program computes the figures from their rows.

use crate::error::Result;
use crate::report::{Lens, Selection};

use super::dialect::Dialect;
use super::question::Question;
use super::{BASE, SCHEMA, WITH_CANDIDATES, definitions, printed_parts, put_together, values};

/// The views of these statements.
const RECIPROCITY: &str = include_str!("reciprocity.sql");

const KINDS: &str = "SELECT k.name AS name, k.unit AS unit, k.sign AS sign FROM kind k ORDER BY name";
const WEIGHTS: &str = "SELECT w.scale AS scale, w.kind AS kind, w.stage AS stage, w.weight AS weight, w.per AS per FROM scale_weight w
ORDER BY scale, kind, stage";
const LINKS: &str =
    "SELECT l.relation AS relation, l.action_id AS action_id, l.earlier_id AS earlier_id, l.covers AS covers, l.spends AS spends,
  l.takes AS takes, l.day AS day, l.id AS id, l.third_party AS third_party, l.latest AS latest, l.threat AS threat
FROM pair_link l";
const THIRD_PARTIES: &str = "SELECT t.linked_id AS linked_id, t.linked_kind AS linked_kind, t.id AS id, t.kind AS kind, t.stage AS stage,
  t.count AS count, t.spent AS spent
FROM third_party_act t";
/// The acts, pair by pair.
pub(super) const ACTS: &str = "SELECT p.id AS id, p.kind AS kind, p.stage AS stage, p.day AS day, p.count AS count, p.stands AS stands,
  p.open AS open, p.late AS late, p.selected AS selected, p.carried_out_by AS carried_out_by, p.day_latest AS day_latest, p.actor AS actor,
  p.target AS target, p.ref AS ref
FROM pair_act p ORDER BY min(p.actor, p.target), max(p.actor, p.target)";

/// The statements whose rows the report on reciprocity reads.
#[derive(Debug)]
pub(crate) struct ReciprocityStatements {
    /// The kinds of act: name, unit, sign.
    pub kinds: String,
    /// The weights on all scales, with the columns of the catalogue.
    pub weights: String,
    /// The links of the acts.
    pub links: String,
    /// The acts of third parties that answer one of the acts.
    pub third_parties: String,
    /// The acts, pair by pair.
    pub acts: String,
}

/// The statements for a selection.
///
/// # Errors
/// As [`statement`](super::statement).
pub(super) fn statements(lens: &Lens<'_>, selection: &Selection, dialect: Dialect) -> Result<ReciprocityStatements> {
    let values = values::values(lens, selection, Question::Reciprocity, dialect)?;
    let sources = [SCHEMA, BASE, RECIPROCITY, WITH_CANDIDATES];
    let known = definitions(if selection.with_candidates { &sources } else { &sources[..3] });
    let statement = |select: &str| put_together(select, &known, dialect, &values);
    Ok(ReciprocityStatements {
        kinds: statement(KINDS),
        weights: statement(WEIGHTS),
        links: statement(LINKS),
        third_parties: statement(THIRD_PARTIES),
        acts: statement(ACTS),
    })
}

/// The same in the order in which they are read, each below a comment that says what it gives.
pub(super) fn printed(lens: &Lens<'_>, selection: &Selection, dialect: Dialect) -> Result<String> {
    let ReciprocityStatements { kinds, weights, links, third_parties, acts } = statements(lens, selection, dialect)?;
    let parts = [
        ("The kinds of act, with their units and signs", kinds),
        ("The acts of third parties that settle some of these acts, with the amount that all their answers use", third_parties),
        ("The weights on all scales", weights),
        ("The links of these acts in effect on the day of the report, with what each settles", links),
        ("The acts, pair by pair, with what stands and what is open of each, and whether the selection shows it", acts),
    ];
    Ok(printed_parts(parts))
}
