//! A plain computation of proportions: the amount of the answers compared with the amount that they answer.

use std::collections::BTreeSet;

use super::{Direction, Line, part};
use crate::plain_rows::Deed;

impl Direction<'_> {
    /// The acts that answer a claim, each with the amount of it that the link uses up.
    fn answerers(&self, claim: &Deed) -> Vec<(i64, i64)> {
        claim.answers.iter().map(|l| (self.rows.deed_of(l.later), l.spends)).collect()
    }

    fn surplus(&self, deed: i64) -> i64 {
        let spent: i64 =
            self.rows.links.iter().filter(|l| l.relation == "answers" && self.rows.deed_of(l.later) == deed).map(|l| l.spends).sum();
        (self.rows.actions[&deed].count.unwrap_or(0) - spent).max(0)
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
            let value = (claimed > 0).then(|| size(&compared) as f64 / claimed as f64);
            out.push(("proportion-count", unit.to_owned(), String::new(), (value, compared.len() as i64, Some(of_unit.len() as i64))));
        }
        let compared: Vec<&&Deed> = answered.iter().filter(alike).collect();
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
