//! GDELT in each of its versions: real rows, and rows made from its list of columns.

use std::path::Path;

use super::{ask, candidates, gdelt, import};

/// The totals were counted by hand, with `awk -F'\t'` over columns 8 and 18 (the countries of the actors) and 27 (the code).
///
/// English, 50 rows: in 40 a country is missing; 1 has China on both sides; of the other 9, 5 are statements (014) and fighting (190), and
/// 4 are imported: a visit from both sides (042 and 043), and 172 twice. Translated, 50 rows: in 42 a country is missing, and in one of
/// these the other side is a region; 4 are within one country; 4 express an intent (030).
#[test]
fn the_samples_of_gdelt_go_in_with_the_totals_counted_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let file = |name: &str| examples.join(name).display().to_string();
    let told = |head: &str, left_out: &[(u32, &str)]| {
        let line =
            |(n, (rows, meaning)): (usize, &(u32, &str))| format!("{:<10}{rows:>9}  {meaning}\n", if n == 0 { "left out:" } else { "" });
        format!("{head} (repeats within 3 days count as one)\n{}", left_out.iter().enumerate().map(line).collect::<String>())
    };
    let (one_sided, region) = ("with no party on one side or both", "with a region or a group that is not a party");
    let (domestic, no_kind) = ("with the same party on both sides", "with a code that maps to no kind");
    assert_eq!(
        import(folder, "gdelt", &[&file("gdelt-20170701-english.tsv")]),
        told("50 rows read: 4 reports added; 2 more candidates", &[(40, one_sided), (1, domestic), (5, no_kind)])
    );
    assert_eq!(
        import(folder, "gdelt", &[&file("gdelt-20170701-translated.tsv")]),
        told("50 rows read: 0 reports added; 0 more candidates", &[(41, one_sided), (1, region), (4, domestic), (4, no_kind)])
    );
    // Only the year is known of the dates. Making the visit and hosting it are the same event.
    assert_eq!(
        candidates(folder, "l.db"),
        ["2016|2016|2017-07-01|SAU|EGY|countermeasure|done|1|2|10|", "2016|2016|2017-07-01|SAU|EGY|meeting|done|0|2|6|"]
    );
    assert_eq!(
        ask(
            folder,
            "l.db",
            "SELECT date(dated * 86400, 'unixepoch'), code, actor, target, place FROM feed_report WHERE event = '669666359'"
        ),
        ["2016-07-01|043|SAUDI|CAIRO|Cairo, Al Qahirah, Egypt"]
    );
}

pub fn rows(columns: usize) -> String {
    let added = if columns == 61 { "20130405120000" } else { "20130405" };
    [
        gdelt(columns, 250_000_001, "20130405", "USA", "RUS", "161", "-4.0", added),
        gdelt(columns, 250_000_002, "20130404", "USA", "ROM", "163", "-8.0", added),
        gdelt(columns, 250_000_003, "20130406", "MTN", "TMP", "1313", "-5.8", added),
        gdelt(columns, 250_000_004, "20130329", "CHN", "JPN", "0842", "7.0", added),
    ]
    .concat()
}

/// The reports of `l.db` without their URLs, which files of 57 columns do not have.
pub fn reported(folder: &Path) -> Vec<String> {
    ask(
        folder,
        "l.db",
        "SELECT r.event, date(r.dated * 86400, 'unixepoch'), date(r.added * 86400, 'unixepoch'), s.actor, s.target, s.kind, s.stage, r.code,
           r.guessed, r.mentions, r.actor, r.target, r.place
         FROM feed_report r JOIN series s ON s.id = r.series_id ORDER BY r.event",
    )
}

pub const REPORTED: [&str; 4] = [
    "250000001|2013-04-05|2013-04-05|USA|RUS|reduced-relations|done|161|0|4|USA OFFICIALS|RUS OFFICIALS|Geneva, Genève, Switzerland",
    "250000002|2013-04-04|2013-04-05|USA|ROU|sanction|done|163|0|4|USA OFFICIALS|ROM OFFICIALS|Geneva, Genève, Switzerland",
    "250000003|2013-04-06|2013-04-05|MNE|TLS|reduced-relations|threatened|1313|0|4|MTN OFFICIALS|TMP OFFICIALS|Geneva, Genève, Switzerland",
    "250000004|2013-03-29|2013-04-05|CHN|JPN|return|done|0842|0|4|CHN OFFICIALS|JPN OFFICIALS|Geneva, Genève, Switzerland",
];

#[test]
fn gdelt_is_known_by_its_columns() {
    for columns in [57, 58, 61] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("feed.tsv"), rows(columns)).unwrap();
        import(folder.path(), "gdelt", &["feed.tsv"]);
        assert_eq!(reported(folder.path()), REPORTED, "{columns} columns");
        let sources = ask(folder.path(), "l.db", "SELECT DISTINCT source FROM feed_report");
        assert_eq!(sources, [if columns == 57 { "" } else { "http://www.example.org/story" }]);
    }
}

#[test]
fn a_side_of_gdelt_is_its_country_its_group_or_the_head_of_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let side = |country: &str, group: &str, code: &str| {
        let mut cells: Vec<String> =
            gdelt(58, 1, "20130405", "USA", "RUS", "163", "-8.0", "20130405").split('\t').map(ToOwned::to_owned).collect();
        (cells[5], cells[7], cells[8]) = (code.to_owned(), country.to_owned(), group.to_owned());
        cells
    };
    let sides = [
        side("USA", "", "USAGOV"),
        side("", "", "DEUMIL"),
        side("EUR", "EEC", "IGOEUREEC"),
        side("", "NAT", "IGOWSTNAT"),
        side("", "", "GOV"),
        side("", "", "COPGOV"),
        side("EUR", "", "EUR"),
        side("WSB", "", "WSB"),
        side("", "HMS", "PALHMS"),
        side("KSV", "", "KSV"),
        side("PAL", "", "PALGOV"),
        // Regression: the Paris Club (PRC) was taken for China.
        side("", "PRC", "IGOPRC"),
        side("XYZ", "", "XYZ"),
        // RS is Russia in GDELT's codes of places and Serbia in ISO 3166.
        side("RS", "", "RS"),
    ];
    let file: String = sides
        .into_iter()
        .enumerate()
        .map(|(n, mut cells)| {
            cells[0] = (n + 1).to_string();
            cells.join("\t")
        })
        .collect();
    std::fs::write(folder.join("feed.tsv"), file).unwrap();
    let said = import(folder, "gdelt", &["feed.tsv", "--rejects", "bad.csv"]);
    let taken = ask(folder, "l.db", "SELECT r.event, s.actor FROM feed_report r JOIN series s ON s.id = r.series_id ORDER BY r.id");
    let mut taken: Vec<&str> = taken.iter().map(String::as_str).collect();
    taken.sort_unstable();
    assert_eq!(taken, ["10|XKX", "11|PSE", "1|USA", "2|DEU", "3|EU", "4|NATO"]);
    assert!(said.contains("2  with no party on one side or both"), "{said}");
    assert!(said.contains("4  with a region or a group that is not a party"), "{said}");
    let bad = std::fs::read_to_string(folder.join("bad.csv")).unwrap();
    assert_eq!(bad, "file,line,reason,value\nfeed.tsv,13,unknown-party,XYZ\nfeed.tsv,14,unknown-party,RS\n");
}

/// Regression: a date of another length was reported as missing columns, and a superfluous tab at the end made every row invalid.
#[test]
fn a_bad_date_is_a_bad_date_and_a_tab_at_the_end_is_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = |columns, id, day| gdelt(columns, id, day, "USA", "RUS", "161", "-4.0", "20130405");
    let tabbed = |columns, id| row(columns, id, "20130405").replace('\n', "\t\n");
    let file = [row(58, 1, "2013040"), row(61, 2, "0"), row(58, 3, ""), tabbed(57, 4), tabbed(58, 5), tabbed(61, 6)].concat();
    std::fs::write(folder.join("feed.tsv"), file).unwrap();
    let said = import(folder, "gdelt", &["feed.tsv"]);
    assert!(said.starts_with("6 rows read: 3 reports added") && said.contains("3  with a missing or invalid date"), "{said}");
}

/// Regression: a tab in a quoted field, as other programs write it, split the field.
#[test]
fn quotes_are_a_programs_or_the_texts_own() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = |id, name: &str| gdelt(58, id, "20130405", "USA", "RUS", "161", "-4.0", "20130405").replace("USA OFFICIALS", name);
    let names = ["\"THE \"\"OLD\"\"\tGUARD\"", "A \"B\" C", "5\" GUN", "\"ODD", "\"WHOLE\""];
    std::fs::write(folder.join("feed.tsv"), names.iter().zip(1..).map(|(name, id)| row(id, name)).collect::<String>()).unwrap();
    import(folder, "gdelt", &["feed.tsv"]);
    let taken = ask(folder, "l.db", "SELECT actor FROM feed_report ORDER BY event");
    assert_eq!(taken, ["THE \"OLD\"\tGUARD", "A \"B\" C", "5\" GUN", "\"ODD", "WHOLE"]);
}
