//! How each party answers the other: rates, times and proportions, for each direction of each pair.
//!
//! The *responder* is the party whose conduct is measured; the *other* is the party whose acts it received.

mod engine_rows;
mod figure;
mod fold;
mod ledger_rows;
mod links;
mod measure;
mod pair;
mod pool;
mod proportion;
mod received;
mod row;
mod rows;
mod sequence;
mod threats;
mod weight;

use chrono::NaiveDate;

use crate::engine::Engine;
use crate::error::Result;
use crate::ledger::{Ledger, catalogue};
use crate::record::ReadColumn;
use crate::report::portable::ReciprocityStatements;
use crate::report::reciprocity::engine_rows::EngineRows;
use crate::report::reciprocity::figure::{Case, Figure, Frame};
use crate::report::reciprocity::ledger_rows::LedgerRows;
use crate::report::reciprocity::pair::PairData;
use crate::report::reciprocity::pool::Pool;
use crate::report::reciprocity::rows::{PairRows, Rows};
use crate::report::{Lens, Selection, collect};

pub use measure::{LEAST, Measure};
pub use pool::ALL;
pub use row::{Evidence, Reciprocity, Terms};

/// Passes every figure to `each`, ordered by the codes of the pair, by period, by responder, then in the order of [`Measure`]. Pooled figures
/// follow, by party, then those of all pairs; [`ALL`] stands for all parties.
///
/// # Errors
/// A scale is unknown, the ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, terms: &Terms, each: impl FnMut(Reciprocity) -> Result<()>) -> Result<()> {
    compute(lens, &LedgerRows::new(lens)?, terms, each)
}

/// As [`read`], from the rows that an engine gives for these statements. Scales are looked up in the ledger of the lens.
pub(super) fn read_on(
    engine: &Engine,
    statements: &ReciprocityStatements,
    lens: &Lens<'_>,
    terms: &Terms,
    each: impl FnMut(Reciprocity) -> Result<()>,
) -> Result<()> {
    compute(lens, &EngineRows::new(engine, statements)?, terms, each)
}

fn compute(lens: &Lens<'_>, rows: &dyn Rows, terms: &Terms, mut each: impl FnMut(Reciprocity) -> Result<()>) -> Result<()> {
    figures(lens, rows, terms, false, |direction, figure| {
        each(Reciprocity {
            period: direction.period.map(|year| year.to_string()),
            responder: direction.responder.to_owned(),
            other: direction.other.to_owned(),
            measure: figure.measure,
            value: figure.value,
            low: figure.interval.low,
            high: figure.interval.high,
            unit: figure.unit.into_owned(),
            n: figure.n,
            of: figure.of,
            scale: figure.scale.map(str::to_owned),
        })
    })
}

/// Passes every action behind the figures of one measure to `each`, in the order of the figures: both the actions that are counted and
/// those that are not.
///
/// # Errors
/// A scale is unknown, the ledger cannot be read, or `each` fails.
pub fn explain(lens: &Lens<'_>, terms: &Terms, measure: Measure, mut each: impl FnMut(Evidence) -> Result<()>) -> Result<()> {
    let mut action = lens.prepare_cached(
        "SELECT a.ref, a.date, a.actor, a.target, a.kind, a.count, k.unit AS counts_in, a.stage, a.summary
         FROM main.action a JOIN main.kind k ON k.name = a.kind WHERE a.id = ?",
    )?;
    figures(lens, &LedgerRows::new(lens)?, terms, true, |direction, figure| {
        if figure.measure != measure {
            return Ok(());
        }
        for item in &figure.items {
            let evidence = action.query_row([item.id], |r| {
                Ok(Evidence {
                    period: direction.period.map(|year| year.to_string()),
                    responder: direction.responder.to_owned(),
                    other: direction.other.to_owned(),
                    measure,
                    unit: figure.unit.clone().into_owned(),
                    scale: figure.scale.map(str::to_owned),
                    counted: item.counted,
                    amount: item.amount,
                    id: item.id,
                    reference: r.read("ref")?,
                    date: r.read("date")?,
                    actor: r.read("actor")?,
                    target: r.read("target")?,
                    kind: r.read("kind")?,
                    count: r.read("count")?,
                    counts_in: r.read("counts_in")?,
                    stage: r.read("stage")?,
                    summary: r.read("summary")?,
                })
            })?;
            each(evidence)?;
        }
        Ok(())
    })
}

/// The direction and period of a figure.
struct Direction<'f> {
    period: Option<i32>,
    responder: &'f str,
    other: &'f str,
}

/// Takes the figures of one direction and period.
type Each<'e> = &'e mut dyn FnMut(&Direction<'_>, Figure<'_>) -> Result<()>;

fn figures(
    lens: &Lens<'_>,
    rows: &dyn Rows,
    terms: &Terms,
    explaining: bool,
    mut each: impl FnMut(&Direction<'_>, Figure<'_>) -> Result<()>,
) -> Result<()> {
    let kinds = rows.kinds();
    let scales = kinds.scales(&rows.weights()?, &scales(lens, terms)?);
    let (since, until) = lens.period();
    let days = (since.map_or(i64::MIN, |d| d.0), until.map_or(i64::MAX, |d| d.0));
    let frame = Frame { terms, kinds: &kinds.kinds, scales: &scales, as_of: lens.as_of(), days, explaining };
    let links = rows.links()?;
    let mut pool = terms.pooled.then(Pool::default);
    let mut kept = Vec::new();
    rows.each_pair(&mut |PairRows { parties, sides }| {
        let pair = fold::pair(rows, &links, &sides)?;
        drop(sides);
        let Some(pool) = &mut pool else { return of_pair(&frame, &parties, &pair, None, &mut each) };
        // The index of a pair depends on what its parties do to all others.
        for (period, days) in periods(terms, &pair) {
            let cases = [true, false].map(|is_a| Case::new(&frame, &pair, is_a, days));
            pool.add_sizes(period, parties.each_ref().map(String::as_str), cases);
        }
        kept.push((parties, pair));
        Ok(())
    })?;
    let Some(mut pool) = pool else { return Ok(()) };
    for (parties, pair) in kept {
        of_pair(&frame, &parties, &pair, Some(&mut pool), &mut each)?;
        pool.add(&parties[0], &parties[1], &pair);
    }
    pool.figures(&frame, |responder, other, period, figure| each(&Direction { period, responder, other }, figure))
}

/// Passes the figures of both directions of a pair to `each`, and adds them to the pool.
fn of_pair(frame: &Frame<'_>, parties: &[String; 2], pair: &PairData, mut pool: Option<&mut Pool>, each: Each<'_>) -> Result<()> {
    let [a, b] = parties;
    for (period, days) in periods(frame.terms, pair) {
        for (responder_is_a, responder, other) in [(true, a, b), (false, b, a)] {
            let case = Case::new(frame, pair, responder_is_a, days);
            let received = case.find_received();
            let case = case.of_received(&received);
            let in_order = ordered_figures(case);
            if let Some(pool) = &mut pool {
                pool.add_figures((responder, other), period, &in_order);
            }
            let mut figures = plain_figures(case);
            figures.extend(in_order);
            if let Some(pool) = &pool {
                let sides = [responder_is_a, !responder_is_a].map(|is_a| Case::new(frame, pair, is_a, days));
                figures.extend(pool.dyadic(period, [responder, other], sides));
            }
            figures.sort_by_key(|figure| figure.measure);
            for figure in figures {
                each(&Direction { period, responder, other }, figure)?;
            }
        }
    }
    Ok(())
}

/// The names of the requested scales, without duplicates; if none is requested, the scale of the lens.
fn scales(lens: &Lens<'_>, terms: &Terms) -> Result<Vec<String>> {
    let mut scales: Vec<String> = Vec::new();
    for name in &terms.scales {
        let name = catalogue::find_scale(lens.connection(), name)?.name;
        if !scales.contains(&name) {
            scales.push(name);
        }
    }
    if scales.is_empty() {
        scales.push(lens.scale().to_owned());
    }
    Ok(scales)
}

/// A single period that covers all days, or a period for each year from the pair's first act to its last.
fn periods(terms: &Terms, pair: &PairData) -> Vec<(Option<i32>, (i64, i64))> {
    if !terms.by_year {
        return vec![(None, (i64::MIN, i64::MAX))];
    }
    let Some((first, last)) = sequence::years([&pair.a, &pair.b]) else { return Vec::new() };
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).map_or(0, |d| i64::from(d.to_epoch_days()));
    (first..=last).map(|year| (Some(year), (day(year, 1, 1), day(year, 12, 31)))).collect()
}

/// The figures of one direction in one period that do not depend on the order of the acts.
fn plain_figures<'c>(case: Case<'c>) -> Vec<Figure<'c>> {
    let mut out = Vec::with_capacity(40);
    received::outcomes(case, &mut out);
    received::rates(case, &mut out);
    received::times(case, &mut out);
    received::incidence(case, &mut out);
    proportion::by_count(case, &mut out);
    for scale in case.scales {
        proportion::by_weight(case, scale, &mut out);
    }
    sequence::origins(case, &mut out);
    for scale in case.scales {
        weight::weights(case, scale, &mut out);
    }
    threats::fates(case, &mut out);
    out
}

/// The figures of one direction in one period that depend on the order of the acts.
fn ordered_figures<'c>(case: Case<'c>) -> Vec<Figure<'c>> {
    let mut out = Vec::new();
    sequence::tit_for_tat(case, &mut out);
    sequence::contingency(case, &mut out);
    out
}

/// All figures, collected.
///
/// # Errors
/// A name in the selection is unknown, or the ledger cannot be read.
pub fn rows(ledger: &Ledger, selection: &Selection, terms: &Terms) -> Result<Vec<Reciprocity>> {
    let lens = Lens::new(ledger, selection)?;
    collect(|each| read(&lens, terms, each))
}
