//! What is asked, and the rows that answer.

use serde::Serialize;

use crate::model::{Sign, Stage};
use crate::report::Row;
use crate::report::reciprocity::Measure;

/// What the measures are taken with.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The window of the response rate and of the contingency, in days, at least 1.
    pub within: i64,
    /// The half-life of the decayed weight, in days, more than 0.
    pub half_life: f64,
    /// A period for each year of the acts, instead of one for all.
    pub by_year: bool,
    /// Which acts are answered: hostile or friendly ones.
    pub sign: Sign,
    /// The scales of the figures by weight, each told apart; empty: the one of the selection.
    pub scales: Vec<String>,
}

impl Default for Terms {
    /// Within 90 days, a half-life of 180 days, one period, hostile acts, the scale of the selection.
    fn default() -> Terms {
        Terms { within: 90, half_life: 180.0, by_year: false, sign: Sign::Hostile, scales: Vec::new() }
    }
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reciprocity {
    /// The year of the acts it is about, `2017`; `None`: all of the selection.
    pub period: Option<String>,
    /// Whose conduct is measured.
    pub responder: String,
    /// Towards whom.
    pub other: String,
    /// Which figure.
    pub measure: Measure,
    /// The figure; `None` where there is too little to tell it from.
    pub value: Option<f64>,
    /// What the value is in: `acts`, `share`, `days`, `points`, or of a proportion by count the unit compared, `persons`.
    pub unit: String,
    /// How many cases it counts or rests on.
    pub n: i64,
    /// Of how many, where `n` is a part of them.
    pub of: Option<i64>,
    /// The scale of a figure by weight.
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
    const COLUMNS: &'static [&'static str] = &["period", "responder", "other", "measure", "value", "unit", "n", "of", "scale"];
}

/// An action behind a figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// The period of the figure.
    pub period: Option<String>,
    /// Whose conduct is measured.
    pub responder: String,
    /// Towards whom.
    pub other: String,
    /// Which figure.
    pub measure: Measure,
    /// The unit of the figure, where one measure has several.
    pub unit: String,
    /// The scale of a figure by weight.
    pub scale: Option<String>,
    /// True where it is one of the figure's `n`, false where it is only one of its `of`.
    pub counted: bool,
    /// What it adds to the figure: its days, its count, its weight.
    pub amount: Option<f64>,
    /// The action's id.
    pub id: i64,
    /// The action's ref.
    #[serde(rename = "ref")]
    pub reference: String,
    /// When, as written.
    pub date: String,
    /// Who acted.
    pub actor: String,
    /// Against whom.
    pub target: String,
    /// What sort of act.
    pub kind: String,
    /// How many; `None`: not known.
    pub count: Option<i64>,
    /// What that counts.
    pub counts_in: String,
    /// How far it had come.
    pub stage: Stage,
    /// What happened.
    pub summary: Option<String>,
}
