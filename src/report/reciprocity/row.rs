//! The parameters of the measures, and the rows of the report.

use serde::Serialize;

use crate::model::{Sign, Stage};
use crate::report::Row;
use crate::report::reciprocity::Measure;

/// The parameters of the measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The window of the response rate and of the contingency, in days; at least 1.
    pub within: i64,
    /// The half-life of the decayed weight, in days; more than 0.
    pub half_life: f64,
    /// True for one period per year, instead of a single period for all acts.
    pub by_year: bool,
    /// The sign of the acts whose answers are measured: hostile or friendly.
    pub sign: Sign,
    /// The scales for the figures by weight, each with its own figures; empty: the scale of the selection.
    pub scales: Vec<String>,
    /// True for pooled figures too: of each party towards all others, and of all pairs.
    pub pooled: bool,
    /// The number of circular shifts with which the contingency is tested; 0: it is not tested.
    pub permutations: u32,
    /// The seed of the random numbers that choose the shifts.
    pub seed: u64,
}

impl Default for Terms {
    /// A window of 90 days, a half-life of 180 days, one period, hostile acts, the scale of the selection.
    fn default() -> Terms {
        Terms {
            within: 90,
            half_life: 180.0,
            by_year: false,
            sign: Sign::Hostile,
            scales: Vec::new(),
            pooled: false,
            permutations: 0,
            seed: 1,
        }
    }
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reciprocity {
    /// The year of the acts that it covers, `2017`; `None`: the whole selection.
    pub period: Option<String>,
    /// Code of the party whose conduct is measured; `*`: of all parties.
    pub responder: String,
    /// Code of the party towards which it is measured; `*`: towards all others.
    pub other: String,
    /// The measure.
    pub measure: Measure,
    /// The value; `None`: there are too few cases, nothing to compare, or no median yet.
    pub value: Option<f64>,
    /// Lower bound of the value with a confidence of 95 %; `None`: the measure has no interval, or the data give no bound on that side.
    pub low: Option<f64>,
    /// Upper bound of the value.
    pub high: Option<f64>,
    /// Unit of the value: `acts`, `share`, `days`, `points`, `points/day`; `log` for natural logarithms; for a proportion by
    /// count the unit compared, such as `persons`.
    pub unit: String,
    /// Number of cases that it counts or is based on.
    pub n: i64,
    /// Number of cases that `n` is a part of; `None`: `n` is not part of a larger number.
    pub of: Option<i64>,
    /// The scale of a figure by weight; `None`: the figure has no weight.
    pub scale: Option<String>,
}

impl Row for Evidence {
    const COLUMNS: &'static [&'static str] = &[
        "period",
        "responder",
        "other",
        "measure",
        "unit",
        "scale",
        "counted",
        "amount",
        "id",
        "ref",
        "date",
        "actor",
        "target",
        "kind",
        "count",
        "counts_in",
        "stage",
        "summary",
    ];
}

impl Row for Reciprocity {
    const COLUMNS: &'static [&'static str] =
        &["period", "responder", "other", "measure", "value", "low", "high", "unit", "n", "of", "scale"];
}

/// An action behind a figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// The period of the figure.
    pub period: Option<String>,
    /// Code of the party whose conduct is measured.
    pub responder: String,
    /// Code of the party towards which it is measured.
    pub other: String,
    /// The measure.
    pub measure: Measure,
    /// The unit of the figure; one measure may have figures in several units.
    pub unit: String,
    /// The scale of a figure by weight; `None`: the figure has no weight.
    pub scale: Option<String>,
    /// True if the action is counted in the figure's `n`; false if only in its `of`.
    pub counted: bool,
    /// Its contribution to the figure: its days, its count or its weight.
    pub amount: Option<f64>,
    /// The action's id.
    pub id: i64,
    /// The action's ref.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Date, as written.
    pub date: String,
    /// Code of the party that acted.
    pub actor: String,
    /// Code of the party the act is directed at.
    pub target: String,
    /// Kind of act.
    pub kind: String,
    /// Count; `None`: unknown.
    pub count: Option<i64>,
    /// Unit of the count.
    pub counts_in: String,
    /// Stage of the act.
    pub stage: Stage,
    /// Summary of the act.
    pub summary: Option<String>,
}
