//! Tables of GDELT that other programs wrote (R, pandas, gdeltPyR) are read like the original files.

use super::gdelt::{REPORTED, reported, rows};
use super::{ask, gdelt, import, import_and_fail};
use crate::support::ok;

/// Extracts written by R have commas, quotes, a header, and a column of row names without a name of its own: 59 fields under 58 names.
#[test]
fn an_extract_with_row_names_is_read_by_its_header() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut names: Vec<String> = (0..58).map(|n| format!("\"V{n}\"")).collect();
    for (at, name) in [
        (0, "GLOBALEVENTID"),
        (1, "SQLDATE"),
        (5, "Actor1Code"),
        (6, "Actor1Name"),
        (7, "Actor1CountryCode"),
        (15, "Actor2Code"),
        (16, "Actor2Name"),
        (17, "Actor2CountryCode"),
        (26, "EventCode"),
        (30, "GoldsteinScale"),
        (31, "NumMentions"),
        (50, "ActionGeo_FullName"),
        (56, "DATEADDED"),
        (57, "SOURCEURL"),
    ] {
        names[at] = format!("\"{name}\"");
    }
    let mut file = names.join(",") + "\n";
    for (n, line) in rows(58).lines().enumerate() {
        let cells: Vec<String> = line.split('\t').map(|cell| format!("\"{cell}\"")).collect();
        file.push_str(&format!("\"{}\",{}\r\n", n + 1, cells.join(",")));
    }
    std::fs::write(folder.join("extract.csv"), &file).unwrap();
    import(folder, "gdelt", &["extract.csv"]);
    assert_eq!(reported(folder), REPORTED);
    // The same rows with tabs, without header and quotes.
    let named: String = rows(58).lines().enumerate().map(|(n, line)| format!("{}\t{line}\n", n + 1)).collect();
    std::fs::write(folder.join("named.tsv"), named).unwrap();
    assert!(import(folder, "gdelt", &["named.tsv"]).contains("4 rows read: 0 reports added; 4 already in the ledger"));
}

/// Rows of 58 columns as R and pandas write them: delimited by commas, under a header, and with row names if `named`.
fn extract(rows: &[String], named: bool) -> String {
    let mut text = HEADER.split('\t').map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",") + "\n";
    for (n, row) in rows.iter().enumerate() {
        let cell = |cell: &str| if cell.is_empty() { "NA".to_owned() } else { format!("\"{cell}\"") };
        let name = if named { format!("\"{}\",", 11_783 + n) } else { String::new() };
        text.push_str(&(name + &row.trim_end_matches('\n').split('\t').map(cell).collect::<Vec<_>>().join(",") + "\n"));
    }
    text
}

/// The names of the 58 columns.
const HEADER: &str = "GLOBALEVENTID\tSQLDATE\tMonthYear\tYear\tFractionDate\tActor1Code\tActor1Name\tActor1CountryCode\tActor1KnownGroupCode\tActor1EthnicCode\tActor1Religion1Code\tActor1Religion2Code\tActor1Type1Code\tActor1Type2Code\tActor1Type3Code\tActor2Code\tActor2Name\tActor2CountryCode\tActor2KnownGroupCode\tActor2EthnicCode\tActor2Religion1Code\tActor2Religion2Code\tActor2Type1Code\tActor2Type2Code\tActor2Type3Code\tIsRootEvent\tEventCode\tEventBaseCode\tEventRootCode\tQuadClass\tGoldsteinScale\tNumMentions\tNumSources\tNumArticles\tAvgTone\tActor1Geo_Type\tActor1Geo_FullName\tActor1Geo_CountryCode\tActor1Geo_ADM1Code\tActor1Geo_Lat\tActor1Geo_Long\tActor1Geo_FeatureID\tActor2Geo_Type\tActor2Geo_FullName\tActor2Geo_CountryCode\tActor2Geo_ADM1Code\tActor2Geo_Lat\tActor2Geo_Long\tActor2Geo_FeatureID\tActionGeo_Type\tActionGeo_FullName\tActionGeo_CountryCode\tActionGeo_ADM1Code\tActionGeo_Lat\tActionGeo_Long\tActionGeo_FeatureID\tDATEADDED\tSOURCEURL";

/// Regression: an NA written by R was taken for a region, the code of that side was ignored, and a space before a code made it unknown.
#[test]
fn what_r_writes_for_nothing_is_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = |id| gdelt(58, id, "20121101", "USA", "RUS", "163", "-8.0", "20130203");
    let sided = |id, country: &str, code: &str| row(id).replacen("\tUSA\tUSA OFFICIALS\tUSA\t", &format!("\t{code}\t\t{country}\t"), 1);
    let rows = [
        row(1),
        sided(2, "", " GEOGOV"),
        sided(3, "", "GOV"),
        sided(4, "", ""),
        sided(5, "EUR", "EUR"),
        row(6).replace("http://www.example.org/story", ""),
    ];
    for (ledger, named) in [("plain.db", false), ("named.db", true)] {
        std::fs::write(folder.join("extract.csv"), extract(&rows, named)).unwrap();
        let said = ok(folder, &["-f", ledger, "import", "--feed", "gdelt", "extract.csv"]);
        assert!(said.starts_with("6 rows read: 3 reports added"), "{said}");
        assert!(said.contains("2  with no party on one side or both") && said.contains("1  with a region"), "{said}");
        let taken = ask(
            folder,
            ledger,
            "SELECT r.event, s.actor, r.actor, r.source FROM feed_report r JOIN series s ON s.id = r.series_id ORDER BY 1",
        );
        assert_eq!(
            taken,
            ["1|USA|USA OFFICIALS|http://www.example.org/story", "2|GEO||http://www.example.org/story", "6|USA|USA OFFICIALS|"]
        );
    }
}

/// Regression: an identifier of eight digits, as before 2012, was taken for a date, so every row of such an extract was invalid.
#[test]
fn a_name_before_an_identifier_of_eight_digits_is_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (columns, id) in [(58, 71_783_144), (57, 71_783_145), (57, 20_120_115), (61, 20_120_116)] {
        let row = gdelt(columns, id, "20110801", "USA", "RUS", "161", "-4.0", "20130203");
        std::fs::write(folder.join("named.tsv"), format!("\"1\"\t{row}")).unwrap();
        let said = import(folder, "gdelt", &["named.tsv"]);
        assert!(said.starts_with("1 row read: 1 report added"), "{columns} {id}: {said}");
    }
    let row = gdelt(58, 71_783_150, "20110801", "USA", "RUS", "161", "-4.0", "20130203");
    std::fs::write(folder.join("extract.csv"), extract(&[row], true)).unwrap();
    assert!(import(folder, "gdelt", &["extract.csv"]).starts_with("1 row read: 1 report added"));
}

/// Regression: every row of a table written by pandas, with dates as `2017-03-12` and counts as `5.0`, was said to lack columns.
#[test]
fn a_table_that_pandas_wrote_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = |id, day: &str, code| {
        let cells = gdelt(58, id, day, "NLD", "TUR", code, "", "20170312").replace("\t4\t", "\t4.0\t");
        let mut cells: Vec<&str> = cells.trim_end().split('\t').collect();
        // A column that gdeltPyR adds.
        cells.insert(27, "Reduce relations");
        format!("{}\t{}\n", id - 1, cells.join("\t"))
    };
    let file = [
        format!("\t{}\n", HEADER.replace("EventCode\t", "EventCode\tCAMEOCodeDescription\t")),
        row(1, "2017-03-12T00:00:00.000000000", "172"),
        row(2, "2017-03-11", "0354"),
        row(3, "2017-03-11", "354"),
        row(4, "12/03/2017", "172"),
    ]
    .concat();
    std::fs::write(folder.join("table.tsv"), file).unwrap();
    let (code, said) = import_and_fail(folder, "gdelt", &["table.tsv"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("4 rows read: 2 reports added"), "{said}");
    assert!(
        said.contains(
            "table.tsv:4: unknown code: '354'; help: write codes with their leading zero, or assign a kind to this one with --map"
        )
    );
    assert!(said.contains("table.tsv:5: the date is not written like 2017-01-31 or 20170131: '12/03/2017'"), "{said}");
    assert_eq!(ask(folder, "l.db", "SELECT event, mentions FROM feed_report ORDER BY 1"), ["1|4", "2|4"]);
}

/// Regression: a header whose first column is not the identifier was an invalid row, and so were all rows under it.
#[test]
fn a_header_says_where_the_columns_are() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let turned = |line: &str, by: char| line.trim_end().split('\t').rev().collect::<Vec<_>>().join(&by.to_string()) + "\n";
    let rows = rows(58).replace(", ", " ");
    for (file, by) in [("turned.tsv", '\t'), ("turned.csv", ',')] {
        let text: String = std::iter::once(HEADER).chain(rows.lines()).map(|line| turned(line, by)).collect();
        std::fs::write(folder.join(file), format!("\u{feff}{text}")).unwrap();
    }
    import(folder, "gdelt", &["turned.tsv"]);
    assert_eq!(reported(folder), REPORTED.map(|report| report.replace(", ", " ")));
    assert!(import(folder, "gdelt", &["turned.csv"]).starts_with("4 rows read: 0 reports added; 4 already in the ledger"));
    // The header has only a few columns, fewer than the number of commas by which a table is otherwise recognised.
    std::fs::write(
        folder.join("some.csv"),
        "GLOBALEVENTID,SQLDATE,Actor1CountryCode,Actor2CountryCode,EventCode\n9,20140105,USA,RUS,161\n",
    )
    .unwrap();
    assert!(import(folder, "gdelt", &["some.csv"]).starts_with("1 row read: 1 report added"));
}
