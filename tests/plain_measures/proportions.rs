//! A plain computation of proportions: the amount of the answers compared with the amount that they answer.

use std::collections::BTreeSet;

use super::{Direction, Line, part};
use crate::plain_rows::{Bond, Deed};

impl Direction<'_> {
    /// The acts that answer a claim, each with the amount of it that the link uses up.
    fn answerers(&self, claim: &Deed) -> Vec<(i64, i64)> {
        let of = |l: &Bond| {
            let deed = self.rows.deed_of(l.later);
            (deed, l.spends.min(self.done(deed).unwrap_or(i64::MAX)))
        };
        claim.answers.iter().map(of).collect()
    }

    fn surplus(&self, deed: i64) -> i64 {
        let spent: i64 =
            self.rows.links.iter().filter(|l| l.relation == "answers" && self.rows.deed_of(l.later) == deed).map(|l| l.spends).sum();
        (self.done(deed).unwrap_or(0) - spent).max(0)
    }

    /// The count of an act; of an announcement that was carried out in part, the part that was.
    fn done(&self, deed: i64) -> Option<i64> {
        let row = &self.rows.actions[&deed];
        let takes: i64 = self.rows.links.iter().filter(|l| l.earlier == deed && l.relation == "executes").map(|l| l.takes).sum();
        row.count.map(|count| if row.stage == "announced" && takes > 0 { takes } else { count })
    }

    pub fn proportions(&self, answered: &[&Deed], out: &mut Vec<Line>) {
        let alike = |d: &&&Deed| {
            d.claimed().is_some()
                && self.answerers(d).iter().all(|(id, _)| {
                    let by = &self.rows.actions[id];
                    by.unit == d.row.unit && by.count.is_some()
                })
        };
        let size = |claims: &[&&Deed]| -> i64 {
            let spends: i64 = claims.iter().flat_map(|d| self.answerers(d)).map(|a| a.1).sum();
            let acts: BTreeSet<i64> = claims.iter().flat_map(|d| self.answerers(d)).map(|a| a.0).collect();
            spends + acts.iter().map(|id| self.surplus(*id)).sum::<i64>()
        };
        for unit in answered.iter().map(|d| d.row.unit.as_str()).collect::<BTreeSet<_>>() {
            let of_unit: Vec<&&Deed> = answered.iter().filter(|d| d.row.unit == unit).collect();
            let compared: Vec<&&Deed> = of_unit.iter().copied().filter(alike).collect();
            let claimed: i64 = compared.iter().filter_map(|d| d.claimed()).sum();
            let unknown =
                |d: &&&Deed| d.claimed().is_none() || self.answerers(d).iter().any(|(id, _)| self.rows.actions[id].count.is_none());
            let value = (claimed > 0 && !of_unit.iter().any(unknown)).then(|| size(&compared) as f64 / claimed as f64);
            out.push(("proportion-count", unit.to_owned(), String::new(), (value, compared.len() as i64, Some(of_unit.len() as i64))));
        }
        let compared: Vec<&&Deed> = answered.iter().filter(alike).collect();
        let logs = compared.iter().map(|d| (size(&[*d]) as f64, d.claimed().unwrap() as f64));
        escalation(String::new(), logs, answered.len(), out);
        let by_order = |order| compared.iter().filter(|d| size(&[d]).cmp(&d.claimed().unwrap()) == order).count();
        for (measure, order) in [
            ("over-answered", std::cmp::Ordering::Greater),
            ("evenly-answered", std::cmp::Ordering::Equal),
            ("under-answered", std::cmp::Ordering::Less),
        ] {
            out.push((measure, "acts".to_owned(), String::new(), part(by_order(order), compared.len())));
        }
        for scale in &self.asked.scales {
            let weight = |d: &Deed| self.weigh(scale, &d.row, d.claimed().unwrap_or(1));
            let weighed: Vec<&&Deed> = answered
                .iter()
                .filter(|d| {
                    weight(d).is_some() && self.answerers(d).iter().all(|(id, _)| self.weigh(scale, &self.rows.actions[id], 1).is_some())
                })
                .collect();
            let mut logs = Vec::new();
            for claim in &weighed {
                let acts: BTreeSet<i64> = self.answerers(claim).iter().map(|a| a.0).collect();
                let of_act = |id: &i64| {
                    let row = &self.rows.actions[id];
                    let spends: i64 = self.answerers(claim).iter().filter(|a| a.0 == *id).map(|a| a.1).sum();
                    self.weigh(scale, row, if row.count.is_some() { spends + self.surplus(*id) } else { 1 }).unwrap().abs()
                };
                logs.push((acts.iter().map(of_act).sum::<f64>(), weight(claim).unwrap().abs()));
            }
            escalation((*scale).to_owned(), logs.into_iter(), answered.len(), out);
            let claimed: f64 = weighed.iter().filter_map(|d| weight(d)).map(f64::abs).sum();
            let acts: BTreeSet<i64> = weighed.iter().flat_map(|d| self.answerers(d)).map(|a| a.0).collect();
            let mut with = 0.0;
            for id in acts {
                let spends: i64 = weighed.iter().flat_map(|d| self.answerers(d)).filter(|a| a.0 == id).map(|a| a.1).sum();
                let row = &self.rows.actions[&id];
                let amount = if row.count.is_some() { spends + self.surplus(id) } else { 1 };
                with += self.weigh(scale, row, amount).unwrap().abs();
            }
            let value = (claimed > 0.0).then(|| with / claimed);
            out.push((
                "proportion-weight",
                "points".to_owned(),
                (*scale).to_owned(),
                (value, weighed.len() as i64, Some(answered.len() as i64)),
            ));
        }
        debug_assert!(self.deeds.len() >= answered.len() && answered.iter().all(|d| !d.parts.is_empty()));
    }
}

/// The mean and the standard deviation of the logarithms of the ratios of answer to claim.
fn escalation(scale: String, ratios: impl Iterator<Item = (f64, f64)>, of: usize, out: &mut Vec<Line>) {
    let logs: Vec<f64> =
        ratios.filter(|(answer, claim)| *answer > 0.0 && *claim > 0.0).map(|(answer, claim)| answer.ln() - claim.ln()).collect();
    let n = logs.len();
    let mean = logs.iter().sum::<f64>() / n as f64;
    let squares: f64 = logs.iter().map(|log| log * log).sum::<f64>() - n as f64 * mean * mean;
    let spread = (squares.max(0.0) / (n as f64 - 1.0)).sqrt();
    for (measure, value) in [("escalation", (n > 0).then_some(mean)), ("escalation-spread", (n > 1).then_some(spread))] {
        out.push((measure, "log".to_owned(), scale.clone(), (value, n as i64, Some(of as i64))));
    }
}
