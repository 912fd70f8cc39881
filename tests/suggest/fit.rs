//! Fits the score of suggested answers to real exchanges, and shows how well it does on pairs of parties that it was not fitted to.
//!
//! The data are the exchanges of `examples` and of `docs/score/exchanges.csv` in one ledger, without their answers. Each suggestion is right
//! if the answer was linked in the data. `src/model/answer_score.rs` must hold the coefficients that come out here, and the page
//! `tests/cmd/suggest.md` the tables; if they differ, the test says what they should be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use recip::Ledger;
use recip::model::answer_score::FITTED;
use recip::model::{Coefficients, PairFeatures, Score};
use recip::report::suggest::{self, SuggestFilter, Suggestion};
use recip::report::{Lens, Selection};
use rusqlite::Connection;

use crate::support::{left_out, ok};

/// The weight of the penalty on the squares of the coefficients.
const RIDGE: [f64; 3] = [0.3, 0.01, 0.3];

/// A suggestion as a case of the models.
struct Case {
    row: Suggestion,
    features: PairFeatures,
    /// Whether it is right; `None`: it was linked but settles nothing, such as the second measure of a package.
    right: Option<bool>,
    /// The two parties, in order.
    pair: (String, String),
}

/// The links of the data: what is right.
struct Truth {
    /// Answer and claim, by ref, each with what the link settles. An announcement that was carried out is the act that did so.
    answers: BTreeMap<(String, String), i64>,
    executions: BTreeMap<String, String>,
    disputes: BTreeMap<String, String>,
}

impl Truth {
    fn read(ledger: &Path) -> Truth {
        let conn = Connection::open(ledger).unwrap();
        let pairs = |select: &str| -> Vec<(String, String, i64)> {
            let mut select = conn.prepare(select).unwrap();
            select.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap().map(Result::unwrap).collect()
        };
        let linked = "FROM link l JOIN action b ON b.id = l.action_id JOIN action a ON a.id = l.earlier_id WHERE l.relation =";
        let carried = pairs(&format!("SELECT a.ref, b.ref, l.takes {linked} 'executes' AND a.stage = 'announced' AND l.takes > 0"));
        let executions: BTreeMap<String, String> = carried.into_iter().map(|(announced, done, _)| (announced, done)).collect();
        let disputes = pairs("SELECT ref, dispute, 0 FROM action WHERE dispute IS NOT NULL");
        let mut truth = Truth { answers: BTreeMap::new(), executions, disputes: disputes.into_iter().map(|d| (d.0, d.1)).collect() };
        for (answer, claim, covers) in pairs(&format!("SELECT b.ref, a.ref, l.covers {linked} 'answers'")) {
            let most = truth.answers.entry((truth.act(&answer), truth.act(&claim))).or_insert(covers);
            *most = covers.max(*most);
        }
        truth
    }

    fn act(&self, reference: &str) -> String {
        self.executions.get(reference).cloned().unwrap_or_else(|| reference.to_owned())
    }

    fn settling(&self) -> usize {
        self.answers.values().filter(|covers| **covers > 0).count()
    }

    fn case(&self, row: Suggestion) -> Case {
        let right = match self.answers.get(&(self.act(&row.answer_ref), self.act(&row.claim_ref))) {
            Some(0) => None,
            found => Some(found.is_some()),
        };
        let counts = match (row.claim_count, row.answer_count) {
            (Some(a), Some(b)) if row.claim_unit == row.answer_unit => a.min(b) as f64 / a.max(b) as f64,
            _ => 0.0,
        };
        let dispute = |reference: &String| self.disputes.get(reference);
        let other_dispute = dispute(&row.claim_ref).zip(dispute(&row.answer_ref)).is_some_and(|(a, b)| a != b);
        let features = PairFeatures {
            lag_days: row.lag_days,
            order: row.order,
            same_kind: row.claim_kind == row.answer_kind,
            counts,
            other_dispute,
            words: row.words,
            direct: (&row.claim_actor, &row.claim_target) == (&row.answer_target, &row.answer_actor),
            rivals: row.rivals,
        };
        let mut pair = (row.claim_actor.clone(), row.claim_target.clone());
        if pair.0 > pair.1 {
            pair = (pair.1, pair.0);
        }
        Case { row, features, right, pair }
    }
}

/// Writes the data into two ledgers, with and without the answers.
fn ledgers(folder: &Path) -> (PathBuf, PathBuf) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = std::fs::read_dir(root.join("examples")).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "csv"));
    files.sort();
    files.push(root.join("docs/score/exchanges.csv"));
    for file in files {
        ok(folder, &["-f", "whole.db", "import", file.to_str().unwrap()]);
        super::without(&std::fs::read_to_string(&file).unwrap(), &["answers"], &folder.join("open.csv"));
        ok(folder, &["-f", "open.db", "import", "open.csv"]);
    }
    (folder.join("whole.db"), folder.join("open.db"))
}

fn cases(lens: &Lens<'_>, truth: &Truth, filter: SuggestFilter) -> Vec<Case> {
    let mut cases = Vec::new();
    suggest::read(lens, &filter, &mut |_, _| (), |row| {
        cases.push(truth.case(row));
        Ok(())
    })
    .unwrap();
    cases
}

fn all(coefficients: Coefficients) -> SuggestFilter {
    SuggestFilter { each: 100, coefficients, ..SuggestFilter::default() }
}

/// The coefficients of a logistic regression with a penalty on their squares, none of them below 0 except the constant: Newton's method;
/// as long as a coefficient is negative, the most negative one is left out.
fn logistic<const N: usize>(rows: &[([f64; N], f64)], ridge: f64) -> [f64; N] {
    let mut free = [true; N];
    loop {
        let mut coefficients = [0.0; N];
        for _ in 0..100 {
            let step = newton(rows, ridge, &free, &coefficients);
            coefficients.iter_mut().zip(step).for_each(|(coefficient, step)| *coefficient -= step);
        }
        let lowest = (1..N).filter(|i| coefficients[*i] < 0.0).min_by(|a, b| coefficients[*a].total_cmp(&coefficients[*b]));
        match lowest {
            Some(lowest) => free[lowest] = false,
            None => return coefficients,
        }
    }
}

fn newton<const N: usize>(rows: &[([f64; N], f64)], ridge: f64, free: &[bool; N], coefficients: &[f64; N]) -> [f64; N] {
    let mut system = [[0.0; N]; N];
    let mut right = [0.0; N];
    for (features, y) in rows {
        let sum: f64 = features.iter().zip(coefficients).map(|(a, b)| a * b).sum();
        let p = 1.0 / (1.0 + (-sum).exp());
        for i in 0..N {
            right[i] += features[i] * (p - y);
            for j in 0..N {
                system[i][j] += features[i] * features[j] * p * (1.0 - p);
            }
        }
    }
    for i in 0..N {
        let penalty = if i == 0 { 1e-6 } else { ridge };
        system[i][i] += penalty;
        right[i] += penalty * coefficients[i];
        if !free[i] {
            (0..N).for_each(|j| (system[i][j], system[j][i]) = (0.0, 0.0));
            (system[i][i], right[i]) = (1.0, 0.0);
        }
    }
    solved(system, right)
}

/// Solves a system with a positive definite matrix by elimination.
fn solved<const N: usize>(mut system: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for i in 0..N {
        for row in i + 1..N {
            let (factor, pivot) = (system[row][i] / system[i][i], system[i]);
            system[row].iter_mut().zip(pivot).for_each(|(cell, above)| *cell -= factor * above);
            right[row] -= factor * right[i];
        }
    }
    for i in (0..N).rev() {
        let rest: f64 = (i + 1..N).map(|column| system[i][column] * right[column]).sum();
        right[i] = (right[i] - rest) / system[i][i];
    }
    right
}

/// Fits the three models to the cases that `among` selects. The pairs that fit depend on the evidence, so that it is fitted first. Two acts
/// that fit either way count once, as they are assigned.
fn fitted(lens: &Lens<'_>, truth: &Truth, among: &dyn Fn(&Case) -> bool) -> Coefficients {
    let rounded = |coefficient: f64| (coefficient * 100.0).round() / 100.0;
    let chosen = |cases: &[Case], is: &dyn Fn(&Case) -> bool| -> Vec<(PairFeatures, f64)> {
        let cases = cases.iter().filter(|case| among(case) && is(case));
        cases.filter_map(|case| Some((case.features, f64::from(u8::from(case.right?))))).collect()
    };
    let certain = chosen(&cases(lens, truth, all(FITTED)), &|case| case.features.order == 1.0);
    let evidence: Vec<_> = certain.iter().map(|(features, y)| (features.evidence_features(), *y)).collect();
    let coefficients = Coefficients { evidence: logistic(&evidence, RIDGE[0]).map(rounded), ..FITTED };
    let assigned = chosen(&cases(lens, truth, SuggestFilter { assign: true, ..all(coefficients) }), &|_| true);
    let fits: Vec<_> = assigned.iter().map(|(features, y)| (features.fit_features(), *y)).collect();
    let unfit = chosen(&cases(lens, truth, all(coefficients)), &|case| !case.row.fits);
    let other: Vec<_> = unfit.iter().map(|(features, y)| (features.other_features(), *y)).collect();
    Coefficients { fits: logistic(&fits, RIDGE[1]).map(rounded), other: logistic(&other, RIDGE[2]).map(rounded), ..coefficients }
}

/// What comes out for pairs of parties that the coefficients were not fitted to: all suggestions, and those that are assigned at a score.
#[derive(Default)]
struct HeldOut {
    suggested: Vec<Case>,
    /// For each minimum score, in hundredths: the assigned ones.
    assigned: BTreeMap<u8, Assigned>,
}

/// The number of assigned suggestions, and how many of them are right. One that was linked in the data but settles nothing there is not.
#[derive(Default, Clone, Copy)]
struct Assigned {
    all: usize,
    right: usize,
}

const SCORES: [u8; 5] = [95, 90, 80, 50, 0];

fn held_out(lens: &Lens<'_>, truth: &Truth) -> HeldOut {
    let pairs: BTreeSet<(String, String)> = cases(lens, truth, all(FITTED)).into_iter().map(|case| case.pair).collect();
    let mut found = HeldOut::default();
    for pair in &pairs {
        let coefficients = fitted(lens, truth, &|case| case.pair != *pair);
        let of_pair = |filter| cases(lens, truth, filter).into_iter().filter(|case| case.pair == *pair);
        found.suggested.extend(of_pair(all(coefficients)));
        for score in SCORES {
            let over: Score = format!("{}", f64::from(score) / 100.0).parse().unwrap();
            let assigned = found.assigned.entry(score).or_default();
            for case in of_pair(SuggestFilter { over, assign: true, ..all(coefficients) }) {
                assigned.all += 1;
                assigned.right += usize::from(case.right == Some(true));
            }
        }
    }
    found
}

fn share(n: usize, of: usize) -> f64 {
    n as f64 / of as f64
}

impl HeldOut {
    fn assignments(&self, all: usize) -> String {
        let mut table = format!("| minimum score | assigned | correct, of {all} | precision | recall |\n|---|---|---|---|---|\n");
        for score in SCORES {
            let Assigned { all: taken, right } = self.assigned[&score];
            let (precision, recall) = (share(right, taken), share(right, all));
            let row = format!("{taken} | {right} | {precision:.3} | {recall:.3} |\n");
            table.push_str(&format!("| {:.2} | {row}", f64::from(score) / 100.0));
        }
        table
    }

    fn calibration(&self) -> String {
        let mut table = "| score | suggestions | mean score | share correct |\n|---|---|---|---|\n".to_owned();
        for (low, high) in [(0.0, 0.05), (0.05, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.0)] {
            let of_band = |case: &&Case| case.right.is_some() && (low..high).contains(&case.row.score);
            let cases: Vec<&Case> = self.suggested.iter().filter(of_band).collect();
            let of_all = |sum: f64| if cases.is_empty() { "-".to_owned() } else { format!("{:.2}", sum / cases.len() as f64) };
            let right = cases.iter().filter(|case| case.right == Some(true)).count();
            let (mean, correct) = (of_all(cases.iter().map(|case| case.row.score).sum()), of_all(right as f64));
            table.push_str(&format!("| {low:.2} to {high:.2} | {} | {mean} | {correct} |\n", cases.len()));
        }
        table
    }

    /// The number of claims that have an answer among the suggestions, and for how many it is the first.
    fn first(&self) -> (usize, usize) {
        let (mut answered, mut first) = (0, 0);
        for of_claim in self.suggested.chunk_by(|a, b| a.row.claim_ref == b.row.claim_ref) {
            answered += usize::from(of_claim.iter().any(|case| case.right == Some(true)));
            first += usize::from(of_claim[0].right == Some(true));
        }
        (answered, first)
    }
}

#[test]
fn the_coefficients_and_the_page_come_from_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, open) = ledgers(folder.path());
    let truth = Truth::read(&whole);
    let ledger = Ledger::open(&open).unwrap();
    let lens = Lens::new(&ledger, &Selection::default()).unwrap();
    let coefficients = fitted(&lens, &truth, &|_| true);
    assert_eq!(coefficients, FITTED, "src/model/answer_score.rs should hold the coefficients on the left");
    if left_out("the score, on pairs that it was not fitted to") {
        return;
    }
    let found = held_out(&lens, &truth);
    let all = truth.settling();
    let (answered, first) = found.first();
    let suggested = found.suggested.iter().filter(|case| case.right == Some(true)).count();
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/suggest.md")).unwrap();
    let sentence = format!(
        "Of the {all} answers, {suggested} are suggested. For {first} of the {answered} claims with such an answer, it is the\nfirst suggestion."
    );
    let mut missing = vec![found.assignments(all), found.calibration(), sentence];
    missing.retain(|text| !page.contains(text));
    assert!(missing.is_empty(), "the page should say:\n{}", missing.join("\n"));
}
