//! Feeds of machine-coded events: which rows are imported, skipped or reported as invalid, and how reports fold into candidates.

mod actors;
mod acts;
mod broken;
mod extracts;
mod folding;
mod gdelt;
mod icews;
mod packed;
mod polecat;
mod reports;
mod resume;

use std::path::Path;

use rusqlite::Connection;

use crate::support::{ok, run};

/// A row of GDELT with 57, 58 or 61 columns.
#[allow(clippy::too_many_arguments)]
pub fn gdelt(columns: usize, id: u64, day: &str, actor: &str, target: &str, code: &str, weight: &str, added: &str) -> String {
    let mut cells = vec![String::new(); columns];
    let mut set = |at: usize, value: &str| cells[at] = value.to_owned();
    set(0, &id.to_string());
    set(1, day);
    for (at, country) in [(5, actor), (15, target)] {
        set(at, country);
        set(at + 1, &format!("{country} OFFICIALS"));
        set(at + 2, country);
    }
    set(26, code);
    set(30, weight);
    set(31, "4");
    // Version 2.0 has one more column in each of the three groups of columns for places.
    let (place, date_added) = if columns == 61 { (52, 59) } else { (50, 56) };
    set(place, "Geneva, Genève, Switzerland");
    set(date_added, added);
    if columns > 57 {
        set(columns - 1, "http://www.example.org/story");
    }
    cells.join("\t") + "\n"
}

/// A row of ICEWS.
pub fn icews(id: u64, day: &str, source: (&str, &str), label: &str, code: &str, weight: &str, target: (&str, &str)) -> String {
    [
        &id.to_string(),
        day,
        source.0,
        "Government",
        source.1,
        label,
        code,
        weight,
        target.0,
        "Government",
        target.1,
        "47400351",
        "2",
        "Kyodo News",
        "Hanoi",
        "NA",
        "Thanh Pho Ha Noi",
        "Vietnam",
        "21.0245",
        "105.841",
    ]
    .join("\t")
        + "\n"
}

pub const ICEWS_HEADER: &str = "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude\n";

pub const POLECAT_HEADER: &str = "Event ID\tEvent Date\tEvent Type\tEvent Mode\tIntensity\tQuad Code\tContexts\tActor Name\tActor Country\tActor COW\tPrimary Actor Sector\tActor Sectors\tActor Title\tActor Name Raw\tWikipedia Actor ID\tRecipient Name\tRecipient Country\tRecipient COW\tPrimary Recipient Sector\tRecipient Sectors\tRecipient Title\tRecipient Name Raw\tWikipedia Recipient ID\tPlacename\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude\tGeoNames ID\tRaw Placename\tFeature Type\tSource\tPublication Date\tStory People\tStory Organizations\tStory Locations\tLanguage\tVersion\n";

/// A row of POLECAT.
pub fn polecat(id: &str, day: &str, sort: (&str, &str), contexts: &str, actor: (&str, &str), recipient: (&str, &str)) -> String {
    let mut cells = vec![""; 40];
    for (at, value) in [
        (0, id),
        (1, day),
        (2, sort.0),
        (3, sort.1),
        (6, contexts),
        (7, actor.0),
        (8, actor.1),
        (15, recipient.0),
        (16, recipient.1),
        (23, "Moscow"),
        (27, "RUS"),
        (33, "AFP"),
        (34, "2018-03-28"),
        (38, "en"),
        (39, "NGEC_coder-Vers001-Run-001"),
    ] {
        cells[at] = value;
    }
    cells.join("\t") + "\n"
}

/// Imports files of a feed into `l.db`; returns what the command printed.
pub fn import(folder: &Path, feed: &str, files: &[&str]) -> String {
    let args: Vec<&str> = ["-f", "l.db", "import", "--feed", feed].into_iter().chain(files.iter().copied()).collect();
    ok(folder, &args)
}

/// Imports files of a feed into `l.db`; returns the exit code and everything that was printed.
pub fn import_and_fail(folder: &Path, feed: &str, args: &[&str]) -> (i32, String) {
    let args: Vec<&str> = ["-f", "l.db", "import", "--feed", feed].into_iter().chain(args.iter().copied()).collect();
    let output = run(folder, &args);
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap())
}

/// Runs a SELECT on a ledger; returns its rows, with the cells joined by `|`.
pub fn ask(folder: &Path, ledger: &str, question: &str) -> Vec<String> {
    let conn = Connection::open(folder.join(ledger)).unwrap();
    let mut select = conn.prepare(question).unwrap();
    let columns = select.column_count();
    let cell = |row: &rusqlite::Row<'_>, n| match row.get::<_, rusqlite::types::Value>(n).unwrap() {
        rusqlite::types::Value::Null => String::new(),
        rusqlite::types::Value::Integer(i) => i.to_string(),
        rusqlite::types::Value::Text(t) => t,
        other => format!("{other:?}"),
    };
    let rows = select.query_map([], |row| Ok((0..columns).map(|n| cell(row, n)).collect::<Vec<_>>().join("|"))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The candidates without their ids, because the ids depend on the order of import.
pub fn candidates(folder: &Path, ledger: &str) -> Vec<String> {
    ask(
        folder,
        ledger,
        "SELECT date, until, added, actor, target, kind, stage, guessed, reports, mentions, review FROM candidate_detail ORDER BY actor, target, kind, stage, date, day",
    )
}
