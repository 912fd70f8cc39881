//! A slow and plain computation of the measures, written directly from their formulas, without code of the program. `measures.rs`
//! compares it with the program.

mod proportions;

use std::collections::{BTreeMap, BTreeSet};

use recip::Ledger;

use crate::plain_rows::{Deed, Row, Rows, rows};

/// Period, responder, other, measure, unit, scale.
pub type Key = (String, String, String, String, String, String);
/// Value, n, of.
pub type Told = (Option<f64>, i64, Option<i64>);

pub struct Asked {
    pub as_of: i64,
    pub within: i64,
    pub half_life: f64,
    pub sign: &'static str,
    pub by_year: bool,
    pub scales: Vec<&'static str>,
    /// Only acts received, and acts and threats made, of this kind.
    pub kind: Option<&'static str>,
    /// Only acts and threats from this day on.
    pub since: Option<i64>,
    pub until: Option<i64>,
}

/// Every figure of every direction.
pub fn figures(ledger: &Ledger, asked: &Asked) -> BTreeMap<Key, Told> {
    let rows = rows(ledger, asked.as_of);
    let deeds = rows.deeds();
    let shown = |row: &Row| {
        asked.kind.is_none_or(|k| row.kind == k) && asked.since.is_none_or(|d| row.latest >= d) && asked.until.is_none_or(|d| row.day <= d)
    };
    let pairs: BTreeSet<(String, String)> = rows
        .actions
        .values()
        .filter(|a| shown(a))
        .flat_map(|a| [(a.actor.clone(), a.target.clone()), (a.target.clone(), a.actor.clone())])
        .collect();
    let mut told = BTreeMap::new();
    for (responder, other) in &pairs {
        let of = |deed: &&Deed, from: &str, to: &str| deed.row.actor == from && deed.row.target == to;
        let between = |row: &Row| (&row.actor, &row.target) == (responder, other) || (&row.actor, &row.target) == (other, responder);
        let theirs: Vec<&Deed> = deeds.iter().filter(|d| of(d, other, responder)).collect();
        let own: Vec<&Deed> = deeds.iter().filter(|d| of(d, responder, other)).collect();
        let years: Vec<Option<String>> = if asked.by_year {
            let seen = deeds.iter().filter(|d| between(&d.row) && shown(&d.row)).map(|d| d.year.parse::<i64>().unwrap());
            let threats = rows
                .actions
                .values()
                .filter(|a| between(a) && a.stage == "threatened" && a.sign != "neutral" && shown(a))
                .map(|a| a.year.parse().unwrap());
            let all: Vec<i64> = seen.chain(threats).collect();
            let span = all.iter().min().copied().unwrap_or(1)..=all.iter().max().copied().unwrap_or(0);
            span.map(|y| Some(y.to_string())).collect()
        } else {
            vec![None]
        };
        for year in years {
            let direction =
                Direction { rows: &rows, asked, deeds: &deeds, theirs: &theirs, own: &own, year: year.clone(), responder, other };
            for (measure, unit, scale, figure) in direction.all(&shown) {
                told.insert((year.clone().unwrap_or_default(), responder.clone(), other.clone(), measure.to_owned(), unit, scale), figure);
            }
        }
    }
    told
}

struct Direction<'d> {
    rows: &'d Rows,
    asked: &'d Asked,
    deeds: &'d [Deed],
    theirs: &'d [&'d Deed],
    own: &'d [&'d Deed],
    year: Option<String>,
    responder: &'d str,
    other: &'d str,
}

type Line = (&'static str, String, String, Told);

fn part(n: usize, of: usize) -> Told {
    (Some(n as f64), n as i64, Some(of as i64))
}

fn share(n: usize, of: usize) -> Told {
    (if of >= 5 { Some(n as f64 / of as f64) } else { None }, n as i64, Some(of as i64))
}

impl Direction<'_> {
    fn all(&self, shown: &dyn Fn(&Row) -> bool) -> Vec<Line> {
        let asked = self.asked;
        let of_year = |year: &String| self.year.as_ref().is_none_or(|y| y == year);
        let sel = |d: &&&Deed| shown(&d.row) && of_year(&d.year);
        let signed = |d: &&&Deed| d.row.sign == asked.sign;
        let received: Vec<&Deed> = self.theirs.iter().filter(sel).filter(signed).copied().collect();
        let claims: Vec<&Deed> = received.iter().filter(|d| d.outcome() != "spent").copied().collect();
        let made: Vec<&Deed> = self.own.iter().filter(sel).filter(signed).copied().collect();
        let mut out: Vec<Line> = Vec::new();
        let mut acts = |measure, told| out.push((measure, "acts".to_owned(), String::new(), told));
        acts("acts-received", (Some(received.len() as f64), received.len() as i64, None));
        acts("claims", part(claims.len(), received.len()));
        for (measure, outcome) in
            [("answered-full", "full"), ("answered-part", "part"), ("waived", "waived"), ("reversed", "reversed"), ("open", "open")]
        {
            acts(measure, part(claims.iter().filter(|d| d.outcome() == outcome).count(), claims.len()));
        }
        acts("solidarity", part(received.iter().filter(|d| d.solidarity > 0).count(), received.len()));
        let replies: Vec<&Deed> = received.iter().filter(|d| d.followed).copied().collect();
        acts("answers-received", part(replies.len(), received.len()));
        acts("retaliated-answers", part(replies.iter().filter(|d| d.reply.is_some()).count(), replies.len()));
        let old: Vec<&&Deed> = claims.iter().filter(|d| asked.as_of - d.latest >= asked.within).collect();
        let perhaps = |d: &&&&Deed| d.first.is_some_and(|(min, max)| min <= asked.within && max > asked.within);
        acts("response-uncertain", part(old.iter().filter(perhaps).count(), old.len()));
        acts("too-young", part(claims.len() - old.len(), claims.len()));
        acts("acts-made", (Some(made.len() as f64), made.len() as i64, None));
        acts("opened", part(made.iter().filter(|d| !d.followed && !d.joined).count(), made.len()));
        acts("followed", part(made.iter().filter(|d| d.followed).count(), made.len()));
        acts("joined", part(made.iter().filter(|d| d.joined).count(), made.len()));
        self.threats(shown, &mut acts);
        let answered: Vec<&Deed> = claims.iter().filter(|d| !d.answers.is_empty()).copied().collect();
        let mut shares = |measure, told| out.push((measure, "share".to_owned(), String::new(), told));
        shares("response-rate", share(old.iter().filter(|d| d.first.is_some_and(|f| f.1 <= asked.within)).count(), old.len()));
        shares("in-kind", share(answered.iter().filter(|d| d.in_kind).count(), answered.len()));
        let moves: Vec<&Deed> = self.own.iter().filter(sel).copied().collect();
        self.tit_for_tat(&moves, &mut shares);
        self.contingency(&received, &mut shares);
        self.incidence(&claims, &mut shares);
        let first = |d: &Deed| d.first.map_or((d.settled.unwrap_or(self.since(d)), false), |first| (first, true));
        let full = |d: &Deed| (d.settled.unwrap_or(self.since(d)), d.outcome() == "full");
        let turn = |d: &Deed| d.reply.map_or((self.since(d), false), |reply| (reply, true));
        let first = ["median-first-answer", "median-first-answer-min", "median-first-answer-max"].map(|m| (m, &first as &Times));
        let full = ["median-full-answer", "median-full-answer-min", "median-full-answer-max"].map(|m| (m, &full as &Times));
        for (measure, times) in first.into_iter().chain(full) {
            out.push((measure, "days".to_owned(), String::new(), self.median(measure, &claims, times)));
        }
        out.push(("median-retaliation", "days".to_owned(), String::new(), self.median("median-retaliation", &replies, &turn)));
        self.proportions(&answered, &mut out);
        let their_moves: Vec<&Deed> = self.theirs.iter().filter(sel).copied().collect();
        for scale in &asked.scales {
            let weight = |d: &Deed| self.weigh(scale, &d.row, d.weighs);
            let weighing = |set: &[&Deed]| set.iter().filter(|d| d.weighs > 0).map(|d| (weight(d), d.day)).collect::<Vec<_>>();
            let (mine, others) = (weighing(&moves), weighing(&their_moves));
            let total = |set: &[(Option<f64>, i64)]| set.iter().filter_map(|w| w.0).sum::<f64>();
            let told = |value: f64, set: &[(Option<f64>, i64)]| {
                let n = set.iter().filter(|w| w.0.is_some()).count();
                ((n > 0 || set.is_empty()).then_some(value), n as i64, Some(set.len() as i64))
            };
            let both: Vec<_> = mine.iter().chain(&others).copied().collect();
            let weighed = |set: &[(Option<f64>, i64)]| set.is_empty() || set.iter().any(|w| w.0.is_some());
            let net = told(total(&mine) - total(&others), &both);
            let net = (net.0.filter(|_| weighed(&mine) && weighed(&others)), net.1, net.2);
            let past: Vec<_> = weighing(&received).into_iter().filter(|w| w.1 < asked.as_of).collect();
            let rate = std::f64::consts::LN_2 / asked.half_life;
            let faded: f64 =
                past.iter().filter_map(|(w, day)| Some(w.as_ref()?.abs() * (-((asked.as_of - day) as f64) * rate).exp() * rate)).sum();
            out.push(("weight", "points".to_owned(), (*scale).to_owned(), told(total(&mine), &mine)));
            out.push(("net-weight", "points".to_owned(), (*scale).to_owned(), net));
            out.push(("decayed-weight", "points/day".to_owned(), (*scale).to_owned(), told(faded, &past)));
        }
        out
    }

    fn weigh(&self, scale: &str, row: &Row, amount: i64) -> Option<f64> {
        let (weight, per) = self.rows.weights.get(&(scale.to_owned(), row.kind.clone(), row.stage.clone()))?;
        Some(if per == "unit" { weight * amount as f64 } else { *weight })
    }

    fn threats(&self, shown: &dyn Fn(&Row) -> bool, acts: &mut dyn FnMut(&'static str, Told)) {
        let made = self.rows.actions.values().filter(|a| {
            a.stage == "threatened"
                && a.sign == self.asked.sign
                && a.actor == self.responder
                && a.target == self.other
                && shown(a)
                && self.year.as_ref().is_none_or(|y| *y == a.year)
        });
        let mut fates = [0; 4];
        for threat in made {
            let ends = |relation: &str| self.rows.links.iter().any(|l| l.earlier == threat.id && l.relation == relation);
            let fate = if ends("executes") {
                0
            } else if ends("reverses") {
                1
            } else if self.rows.deadline(threat.id).is_some_and(|d| d < self.asked.as_of) {
                2
            } else {
                3
            };
            fates[fate] += 1;
        }
        let all = fates.iter().sum();
        acts("threats-made", (Some(all as f64), all as i64, None));
        for (measure, n) in ["threats-executed", "threats-withdrawn", "threats-lapsed", "threats-pending"].into_iter().zip(fates) {
            acts(measure, part(n, all));
        }
    }

    fn tit_for_tat(&self, moves: &[&Deed], shares: &mut dyn FnMut(&'static str, Told)) {
        let before =
            |m: &Deed| self.theirs.iter().filter(|t| (t.move_day, &t.turn) < (m.move_day, &m.turn)).max_by_key(|t| (t.move_day, &t.turn));
        let pairs: Vec<(&str, &str)> = moves.iter().filter_map(|m| Some((before(m)?.row.sign.as_str(), m.row.sign.as_str()))).collect();
        let count = |after: &str, own: &str| pairs.iter().filter(|p| **p == (after, own)).count();
        let (hh, hf, fh, ff) =
            (count("hostile", "hostile"), count("hostile", "friendly"), count("friendly", "hostile"), count("friendly", "friendly"));
        shares("tit-for-tat", share(hh + ff, hh + hf + fh + ff));
        shares("retaliation", share(hh, hh + hf));
        shares("forgiveness", share(hf, hh + hf));
        shares("initiation", share(fh, fh + ff));
    }

    fn contingency(&self, received: &[&Deed], shares: &mut dyn FnMut(&'static str, Told)) {
        let asked = self.asked;
        let own: Vec<i64> =
            self.own.iter().filter(|d| d.row.sign == asked.sign && d.move_day == d.move_latest).map(|d| d.move_day).collect();
        let acted = |start: i64| own.iter().any(|d| (start + 1..=start + asked.within).contains(d));
        let seen: Vec<&&Deed> = received.iter().filter(|d| d.day == d.latest && d.day + asked.within <= asked.as_of).collect();
        let after = share(seen.iter().filter(|d| acted(d.day) || d.first.is_some_and(|f| f.1 == 0)).count(), seen.len());
        let mut starts = Vec::new();
        if let Some(first) = self.own.iter().chain(self.theirs).map(|d| d.day).min() {
            let year = |day: i64| recip::model::Day(day).iso()[..4].to_owned();
            let day_of = |day: &i64| {
                asked.since.is_none_or(|d| *day >= d)
                    && asked.until.is_none_or(|d| *day <= d)
                    && self.year.as_ref().is_none_or(|y| *y == year(*day))
            };
            starts = (first..=asked.as_of - asked.within).filter(day_of).collect();
        }
        let hits = starts.iter().filter(|s| acted(**s)).count();
        let enough = starts.len() >= 5 && starts.len() as i64 > asked.within;
        let any = if enough { Some(hits as f64 / starts.len() as f64) } else { None };
        shares("chance-after", after);
        shares("chance-any", (any, hits as i64, Some(starts.len() as i64)));
        shares("contingency", (after.0.zip(any).map(|(a, b)| a - b), after.1, after.2));
    }

    /// The shortest and the longest time since the act.
    fn since(&self, deed: &Deed) -> (i64, i64) {
        ((self.asked.as_of - deed.latest).max(0), (self.asked.as_of - deed.day).max(0))
    }

    /// The Kaplan-Meier median with the shortest times, with the longest, or, if they agree, either. It is the first time at which the product
    /// of `1 - d / r` over the times of events is at most one half.
    fn median(&self, measure: &str, acts: &[&Deed], times: &Times) -> Told {
        let watched = |longest: bool| -> Vec<(i64, bool)> {
            acts.iter().map(|d| times(d)).map(|((min, max), event)| (if longest { max } else { min }, event)).collect()
        };
        let of = |watched: &[(i64, bool)]| {
            let events: BTreeSet<i64> = watched.iter().filter(|w| w.1).map(|w| w.0).collect();
            let mut survival = 1.0;
            for t in events {
                let died = watched.iter().filter(|w| **w == (t, true)).count() as f64;
                let at_risk = watched.iter().filter(|w| w.0 >= t).count() as f64;
                survival *= 1.0 - died / at_risk;
                if survival <= 0.5 + 1e-9 {
                    return Some(t as f64);
                }
            }
            None
        };
        let (min, max) = (of(&watched(false)), of(&watched(true)));
        let value = match measure {
            m if m.ends_with("-min") => min,
            m if m.ends_with("-max") => max,
            _ => min.filter(|_| min == max),
        };
        let all = watched(true);
        (value.filter(|_| all.len() >= 5), all.iter().filter(|w| w.1).count() as i64, Some(all.len() as i64))
    }

    /// For each claim, the product over the days before its event of the share of claims that nothing has ended, over those still observed.
    fn incidence(&self, claims: &[&Deed], shares: &mut dyn FnMut(&'static str, Told)) {
        let ended = |d: &&Deed| match (d.first, d.outcome()) {
            (Some(first), _) => (first.1, "answer"),
            (None, outcome @ ("waived" | "reversed")) => (d.settled.unwrap().1, outcome),
            (None, _) => (d.settled.unwrap_or(self.since(d)).1, ""),
        };
        let cases: Vec<(i64, &str)> = claims.iter().map(ended).collect();
        let at_risk = |t: i64| cases.iter().filter(|c| c.0 >= t).count() as f64;
        let events = |t: i64| cases.iter().filter(|c| c.0 == t && !c.1.is_empty()).count() as f64;
        let times: BTreeSet<i64> = cases.iter().map(|c| c.0).collect();
        let before = |t: i64| times.iter().filter(|other| **other < t).map(|other| 1.0 - events(*other) / at_risk(*other)).product::<f64>();
        for (measure, cause) in [("incidence-answer", "answer"), ("incidence-waiver", "waived"), ("incidence-reversal", "reversed")] {
            let of_cause: Vec<i64> = cases.iter().filter(|c| c.1 == cause && c.0 <= self.asked.within).map(|c| c.0).collect();
            let sum: f64 = of_cause.iter().map(|t| before(*t) / at_risk(*t)).sum();
            shares(measure, ((cases.len() >= 5).then_some(sum), of_cause.len() as i64, Some(cases.len() as i64)));
        }
    }
}

/// The shortest and the longest time of an act, and whether an event ended it.
type Times<'a> = dyn Fn(&Deed) -> ((i64, i64), bool) + 'a;
