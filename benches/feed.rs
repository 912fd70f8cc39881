//! Writes a feed in GDELT's format as large as one likes, on standard output.
//!
//! It has what real ones have: most events name one party or none, most of the others are within one country; of those
//! between two the talks and the words are the most; few pairs have nearly all of them (Zipf); an event is told on several
//! days; some are dated back by a week, a month, a year. Same arguments, same bytes.
//!
//! `cargo run --release --example feed -- [ROWS] [--columns 57|58|61] [--days DAYS] [--dense]`: with `--dense` every row is between two
//! parties and of a kind, which fills a ledger with candidates sooner.

use std::io::{self, BufWriter, Write};

/// Countries by CAMEO code, the busiest first.
const COUNTRIES: [&str; 60] = [
    "USA", "RUS", "CHN", "ISR", "IRN", "GBR", "FRA", "DEU", "UKR", "SYR", "TUR", "IND", "PAK", "JPN", "KOR", "PRK", "SAU", "IRQ", "EGY",
    "AFG", "AUS", "CAN", "MEX", "ITA", "ESP", "POL", "GRC", "NGA", "ZAF", "BRA", "PSE", "LBN", "YEM", "QAT", "ARE", "VEN", "CUB", "COL",
    "ARG", "VNM", "PHL", "IDN", "THA", "MMR", "BGD", "LKA", "NPL", "KAZ", "UZB", "AZE", "ARM", "GEO", "BLR", "HUN", "ROM", "BGR", "SRB",
    "SWE", "NOR", "KEN",
];
/// Codes with their weights of Goldstein, and how many of a thousand events have them, as the feed has them.
const CODES: [(&str, &str, u64); 34] = [
    ("010", "0.0", 150),
    ("020", "3.0", 60),
    ("036", "4.0", 55),
    ("040", "1.0", 85),
    ("042", "1.9", 75),
    ("043", "2.8", 75),
    ("046", "7.0", 30),
    ("051", "3.4", 50),
    ("057", "8.0", 18),
    ("060", "6.0", 12),
    ("071", "7.4", 20),
    ("0841", "7.0", 4),
    ("085", "7.0", 2),
    ("090", "-2.0", 25),
    ("100", "-5.0", 20),
    ("111", "-2.0", 60),
    ("112", "-2.0", 40),
    ("114", "-2.0", 4),
    ("120", "-4.0", 25),
    ("125", "-5.0", 4),
    ("130", "-4.4", 12),
    ("1313", "-5.8", 2),
    ("1312", "-5.8", 2),
    ("141", "-6.5", 20),
    ("160", "-4.0", 12),
    ("161", "-4.0", 8),
    ("163", "-8.0", 10),
    ("164", "-7.0", 3),
    ("166", "-7.0", 4),
    ("172", "-5.0", 10),
    ("173", "-5.0", 35),
    ("174", "-5.0", 6),
    ("1711", "-9.2", 2),
    ("190", "-10.0", 60),
];
/// Those of a kind, for a dense feed.
const DENSE: [usize; 22] = [2, 3, 4, 5, 6, 8, 11, 12, 17, 19, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30, 31, 32];
const PLACES: [&str; 8] = [
    "Moscow, Moskva, Russia",
    "Washington, District of Columbia, United States",
    "Beijing, Beijing, China",
    "Riyadh, Ar Riyad, Saudi Arabia",
    "Geneva, Genève, Switzerland",
    "Kiev, Kyyiv, Misto, Ukraine",
    "Jerusalem, Israel (general), Israel",
    "Brussels, Bruxelles-Capitale, Belgium",
];

/// Xorshift: the feed is the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    /// The place of a thing in a list where the n-th is met 1/n as often as the first.
    fn zipf(&mut self, n: usize) -> usize {
        let h = |k: f64| (k + 1.0).ln();
        let u = self.below(1 << 32) as f64 / (1u64 << 32) as f64;
        (((u * h(n as f64)).exp() - 1.0) as usize).min(n - 1)
    }
}

struct Event {
    actor: Option<usize>,
    target: Option<usize>,
    code: usize,
    day: i64,
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rows = arguments.first().and_then(|n| n.parse().ok()).unwrap_or(1_000_000u64);
    let option = |name: &str| arguments.iter().position(|a| a == name).and_then(|at| arguments.get(at + 1)?.parse::<u64>().ok());
    let dense = arguments.iter().any(|a| a == "--dense");
    // Some 40,000 rows a day, as the feed had in 2013; a dense one spans as many years.
    let days = option("--days").unwrap_or((rows / 40_000).max(if dense { 12_000 } else { 1 }));
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    feed(rows, option("--columns").unwrap_or(58), days, dense, &mut out)?;
    out.flush()
}

/// Writes a feed with this many rows, columns and days.
///
/// # Errors
/// It cannot be written.
pub fn feed(rows: u64, columns: u64, days: u64, dense: bool, out: &mut impl Write) -> io::Result<()> {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut recent: Vec<Event> = Vec::new();
    for row in 0..rows {
        let today = 15_800 - i64::from(dense) * 10_000 + (row * days / rows) as i64;
        let event = event(&mut random, &mut recent, today, dense);
        write(out, &mut random, row, today, &event, columns)?;
    }
    Ok(())
}

/// A new event, or in a third of all rows one of the last few days told again.
fn event(random: &mut Random, recent: &mut Vec<Event>, today: i64, dense: bool) -> Event {
    if recent.len() > 2_000 && random.below(if dense { 12 } else { 3 }) == 0 {
        let old = &recent[random.below(recent.len() as u64) as usize];
        return Event { actor: old.actor, target: old.target, code: old.code, day: old.day };
    }
    let country = |random: &mut Random| random.zipf(COUNTRIES.len());
    let one = country(random);
    let (actor, target) = match random.below(1000) {
        _ if dense => (Some(one), Some((one + 1 + random.zipf(COUNTRIES.len() - 1)) % COUNTRIES.len())),
        0..250 => (Some(one), None),
        250..450 => (None, Some(one)),
        450..620 => (None, None),
        620..860 => (Some(one), Some(one)),
        _ => (Some(one), Some((one + 1 + random.zipf(COUNTRIES.len() - 1)) % COUNTRIES.len())),
    };
    let mut code = self::code(random);
    while dense && !DENSE.contains(&code) {
        code = self::code(random);
    }
    let day = match random.below(1000) {
        0..10 => today - 365,
        10..25 => today - 30,
        25..50 => today - 7,
        _ => today - random.below(2) as i64,
    };
    let event = Event { actor, target, code, day };
    let kept = Event { ..event };
    if recent.len() < 4_000 {
        recent.push(kept);
    } else {
        recent[random.below(4_000) as usize] = kept;
    }
    event
}

fn code(random: &mut Random) -> usize {
    let all: u64 = CODES.iter().map(|(.., n)| n).sum();
    let mut at = random.below(all);
    for (n, (.., share)) in CODES.iter().enumerate() {
        if at < *share {
            return n;
        }
        at -= share;
    }
    0
}

fn write(out: &mut impl Write, random: &mut Random, row: u64, today: i64, event: &Event, columns: u64) -> io::Result<()> {
    let (day, added) = (date(event.day), date(today));
    let (year, month) = (&day[..4], &day[..6]);
    write!(out, "{}\t{day}\t{month}\t{year}\t{year}.5000", 250_000_000 + row)?;
    for side in [event.actor, event.target] {
        match side {
            Some(country) => write!(out, "\t{0}GOV\t{0} GOVERNMENT\t{0}\t\t\t\t\tGOV\t\t", COUNTRIES[country])?,
            None if random.below(2) == 0 => write!(out, "\tCVL\tRESIDENTS\t\t\t\t\t\tCVL\t\t")?,
            None => write!(out, "\t\t\t\t\t\t\t\t\t\t")?,
        }
    }
    let (code, weight, _) = CODES[event.code];
    let (base, root) = (&code[..3], &code[..2]);
    let mentions = 1 + random.below(20);
    write!(out, "\t{}\t{code}\t{base}\t{root}\t1\t{weight}\t{mentions}\t1\t{mentions}\t-1.8387553041018398", random.below(2))?;
    let place = PLACES[random.below(8) as usize];
    for _ in 0..3 {
        let region = if columns == 61 { "US\tUSDC\tDC001" } else { "US\tUSDC" };
        write!(out, "\t4\t{place}\t{region}\t38.8951\t-77.0364\t531871")?;
    }
    if columns == 61 {
        write!(out, "\t{added}234500")?
    } else {
        write!(out, "\t{added}")?
    }
    if columns > 57 {
        write!(out, "\thttp://www.example.org/news/{year}/article-{}/what-was-said-and-done-that-day.html", random.below(1 << 32))?;
    }
    writeln!(out)
}

/// The date of a day counted from 1970-01-01, `20130405` (Howard Hinnant's algorithm).
fn date(day: i64) -> String {
    let z = day + 719_468;
    let (era, doe) = (z / 146_097, z % 146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (month, day) = (if mp < 10 { mp + 3 } else { mp - 9 }, doy - (153 * mp + 2) / 5 + 1);
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}{month:02}{day:02}")
}
