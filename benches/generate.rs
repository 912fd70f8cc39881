//! Writes a ledger of N actions in the exchange format, always the same one, to measure with:
//! `cargo run --release --example generate -- 1000000 > big.csv`. Half the actions answer an earlier one; there are
//! threats and announcements carried out, waivers, reversals and unknown counts, and every row holds by the arithmetic.

use std::collections::VecDeque;
use std::io::{self, BufWriter, Write};

const PARTIES: [&str; 60] = [
    "USA", "RUS", "CHN", "GBR", "DEU", "FRA", "IND", "PAK", "IRN", "ISR", "TUR", "SAU", "UKR", "POL", "JPN", "KOR", "PRK", "CUB", "VEN",
    "CAN", "AUS", "ITA", "ESP", "GRC", "SRB", "HRV", "HUN", "ROU", "BGR", "GEO", "ARM", "AZE", "BLR", "LTU", "LVA", "EST", "FIN", "SWE",
    "NOR", "DNK", "NLD", "BEL", "AUT", "CHE", "CZE", "SVK", "EGY", "SYR", "IRQ", "JOR", "LBN", "QAT", "ARE", "KWT", "ETH", "SDN", "NGA",
    "ZAF", "BRA", "ARG",
];
const KINDS: [(&str, u64); 6] =
    [("expulsion", 40), ("staff-cut", 90), ("visa-restriction", 3), ("sanction", 4), ("seizure", 3), ("detention", 5)];
const WORDS: [&str; 24] = [
    "embassy",
    "consulate",
    "officials",
    "named",
    "as",
    "spies",
    "within",
    "72 hours",
    "after",
    "the",
    "court",
    "ruling",
    "on",
    "trade",
    "border",
    "ministry",
    "statement",
    "staff",
    "visas",
    "property",
    "in",
    "capital",
    "order",
    "signed",
];
const FIRST_DAY: i64 = 9131; // 1995-01-01
const DAYS: u64 = 30 * 365;

/// A linear congruential generator (Knuth's MMIX constants): the same numbers everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    /// One of the first places much more often than one of the last.
    fn skewed(&mut self, n: usize) -> usize {
        let x = self.below(1 << 20) as f64 / f64::from(1 << 20);
        ((n as f64 + 1.0).powf(x) - 1.0) as usize % n
    }
}

/// A claim that can still be answered, or a threat or announcement that can be carried out.
struct Open {
    reference: String,
    date: String,
    actor: usize,
    target: usize,
    kind: usize,
    left: u64,
    stage: &'static str,
}

/// What a row says of other rows.
#[derive(Default)]
struct Links {
    answers: String,
    executes: String,
    reverses: String,
    waives: String,
}

fn main() -> io::Result<()> {
    let n: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1000);
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    ledger(n, &mut out)?;
    out.flush()
}

/// Writes a ledger of `n` actions.
pub fn ledger(n: u64, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "ref,date,actor,target,kind,count,stage,by,place,deadline,dispute,summary,answers,executes,reverses,waives,sources")?;
    let mut random = Random(2016);
    let mut open: VecDeque<Open> = VecDeque::new();
    for row in 0..n {
        let date = iso(FIRST_DAY + (row * DAYS / n) as i64);
        let closing = row % 2 == 1 && !open.is_empty();
        if closing {
            let at = random.below(open.len().min(400) as u64) as usize;
            if let Some(claim) = open.remove(at) {
                answer(out, &mut random, &mut open, row, n, &date, claim)?;
            }
        } else {
            begin(out, &mut random, &mut open, row, n, &date)?;
        }
        // What nobody answers stays open.
        if open.len() > 400 {
            open.pop_front();
        }
    }
    Ok(())
}

/// An act that nothing went before.
fn begin(out: &mut impl Write, random: &mut Random, open: &mut VecDeque<Open>, row: u64, n: u64, date: &str) -> io::Result<()> {
    let actor = random.skewed(PARTIES.len());
    let target = (actor + 1 + random.skewed(PARTIES.len() - 1)) % PARTIES.len();
    let kind = random.skewed(KINDS.len());
    let count = 1 + random.below(KINDS[kind].1);
    let known = random.below(50) > 0;
    let stage = match random.below(20) {
        0 => "threatened",
        1 | 2 => "announced",
        _ => "done",
    };
    let reference = reference(date, actor, target, KINDS[kind].0, row);
    write_row(out, random, row, n, date, (actor, target), KINDS[kind].0, known.then_some(count), stage, &reference, &Links::default())?;
    if known {
        open.push_back(Open { reference, date: date.to_owned(), actor, target, kind, left: count, stage });
    }
    Ok(())
}

/// What comes of a claim: mostly an answer; sometimes it is carried out, waived or undone.
fn answer(
    out: &mut impl Write,
    random: &mut Random,
    open: &mut VecDeque<Open>,
    row: u64,
    n: u64,
    date: &str,
    claim: Open,
) -> io::Result<()> {
    let (actor, target, kind) = (claim.target, claim.actor, KINDS[claim.kind].0);
    let mut links = Links::default();
    if claim.stage == "threatened" || (claim.stage == "announced" && random.below(2) == 0) {
        links.executes = claim.reference;
        let reference = reference(date, target, actor, kind, row);
        write_row(out, random, row, n, date, (target, actor), kind, Some(claim.left), "done", &reference, &links)?;
        let (kind, left) = (claim.kind, claim.left);
        open.push_back(Open { reference, date: date.to_owned(), actor: target, target: actor, kind, left, stage: "done" });
        return Ok(());
    }
    match random.below(50) {
        0 => {
            links.waives = claim.reference;
            let reference = reference(date, actor, target, "restraint", row);
            write_row(out, random, row, n, date, (actor, target), "restraint", None, "done", &reference, &links)
        }
        // What is undone on its own day answers nothing, whatever amount it states.
        1 if claim.date != date => {
            links.reverses = claim.reference;
            let reference = reference(date, target, actor, "easing", row);
            write_row(out, random, row, n, date, (target, actor), "easing", Some(1), "done", &reference, &links)
        }
        _ => {
            let count = 1 + random.below(KINDS[claim.kind].1);
            let covers = count.min(claim.left);
            links.answers = format!("{}:{covers}", claim.reference);
            let reference = reference(date, actor, target, kind, row);
            write_row(out, random, row, n, date, (actor, target), kind, Some(count), "done", &reference, &links)?;
            if count > covers {
                let (date, left) = (date.to_owned(), count - covers);
                open.push_back(Open { reference, date, actor, target, kind: claim.kind, left, stage: "done" });
            }
            Ok(())
        }
    }
}

fn reference(date: &str, actor: usize, target: usize, kind: &str, row: u64) -> String {
    format!("{date}-{}-{}-{kind}-n{row}", PARTIES[actor], PARTIES[target]).to_lowercase()
}

#[allow(clippy::too_many_arguments)]
fn write_row(
    out: &mut impl Write,
    random: &mut Random,
    row: u64,
    n: u64,
    date: &str,
    (actor, target): (usize, usize),
    kind: &str,
    count: Option<u64>,
    stage: &str,
    reference: &str,
    links: &Links,
) -> io::Result<()> {
    let count = count.map_or(String::new(), |c| c.to_string());
    let mut summary = String::new();
    while summary.len() < 55 {
        summary.push_str(WORDS[random.below(WORDS.len() as u64) as usize]);
        summary.push(' ');
    }
    let dispute = if row.is_multiple_of(3) { format!("case-{}", random.below(200)) } else { String::new() };
    let source = random.below(n / 10 + 1);
    writeln!(
        out,
        "{reference},{date},{},{},{kind},{count},{stage},,,,{dispute},{},{},{},{},{},https://example.org/archive/{source:07}/report.html",
        PARTIES[actor],
        PARTIES[target],
        summary.trim_end(),
        links.answers,
        links.executes,
        links.reverses,
        links.waives,
    )
}

/// The date of a day counted from 1970-01-01 (Howard Hinnant's algorithm).
fn iso(day: i64) -> String {
    let z = day + 719_468;
    let (era, doe) = (z / 146_097, z % 146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (month, day) = (if mp < 10 { mp + 3 } else { mp - 9 }, doy - (153 * mp + 2) / 5 + 1);
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
