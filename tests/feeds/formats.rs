//! Real rows, and rows written from the lists of columns, in every form they come in.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{ICEWS_HEADER, POLECAT_HEADER, ask, candidates, gdelt, icews, import, polecat};
use crate::support::recip;

/// Counted by hand: `awk -F'\t'` over columns 8 and 18, the countries of the actors, and 27, the code.
///
/// English, 50 rows: in 40 a country is missing; 1 is Chinese on both sides; of the 9 left, 5 are statements (014) and
/// fighting (190), and 4 are taken: a visit with its other side (042 and 043), and 172 twice. Translated, 50 rows: in 42 a
/// country is missing, in one of them the other side is a region; 4 are within one country; 4 express an intent (030).
#[test]
fn the_samples_of_gdelt_go_in_with_the_totals_counted_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let file = |name: &str| examples.join(name).display().to_string();
    let told = |head: &str, left_out: &[(u32, &str)]| {
        let line =
            |(n, (rows, meaning)): (usize, &(u32, &str))| format!("{:<10}{rows:>9}  {meaning}\n", if n == 0 { "left out:" } else { "" });
        format!("{head} (repeats within 3 days are one)\n{}", left_out.iter().enumerate().map(line).collect::<String>())
    };
    let (one_sided, region) = ("name no party on one side or both", "name a region or a group that is no party");
    let (domestic, no_kind) = ("are within one party", "are of no kind");
    assert_eq!(
        import(folder, "gdelt", &[&file("gdelt-20170701-english.tsv")]),
        told("50 rows read: 4 reports added; 2 candidates more", &[(40, one_sided), (1, domestic), (5, no_kind)])
    );
    assert_eq!(
        import(folder, "gdelt", &[&file("gdelt-20170701-translated.tsv")]),
        told("50 rows read: 0 reports added; 0 candidates more", &[(41, one_sided), (1, region), (4, domestic), (4, no_kind)])
    );
    // A year back is all that is known of the date; the visit and its hosting are one.
    assert_eq!(
        candidates(folder, "l.db"),
        ["2016|2016|2017-07-01|SAU|EGY|meeting|done|0|2|6|", "2016|2016|2017-07-01|SAU|EGY|sanction|done|1|2|10|"]
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

fn rows(columns: usize) -> String {
    let added = if columns == 61 { "20130405120000" } else { "20130405" };
    [
        gdelt(columns, 250_000_001, "20130405", "USA", "RUS", "161", "-4.0", added),
        gdelt(columns, 250_000_002, "20130404", "USA", "ROM", "163", "-8.0", added),
        gdelt(columns, 250_000_003, "20130406", "MTN", "TMP", "1313", "-5.8", added),
        gdelt(columns, 250_000_004, "20130329", "CHN", "JPN", "0842", "7.0", added),
    ]
    .concat()
}

/// The reports of `l.db`, but for the addresses, which 57 columns do not have.
fn reported(folder: &Path) -> Vec<String> {
    ask(
        folder,
        "l.db",
        "SELECT r.event, date(r.dated * 86400, 'unixepoch'), date(r.added * 86400, 'unixepoch'), s.actor, s.target, s.kind, s.stage, r.code,
           r.guessed, r.mentions, r.actor, r.target, r.place
         FROM feed_report r JOIN series s ON s.id = r.series_id ORDER BY r.event",
    )
}

const REPORTED: [&str; 4] = [
    "250000001|2013-04-05|2013-04-05|USA|RUS|expulsion|done|161|1|4|USA OFFICIALS|RUS OFFICIALS|Geneva, Genève, Switzerland",
    "250000002|2013-04-04|2013-04-05|USA|ROU|sanction|done|163|0|4|USA OFFICIALS|ROM OFFICIALS|Geneva, Genève, Switzerland",
    "250000003|2013-04-06|2013-04-05|MNE|TLS|expulsion|threatened|1313|1|4|MTN OFFICIALS|TMP OFFICIALS|Geneva, Genève, Switzerland",
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
fn several_files_packed_or_not_and_a_pipe_are_one_feed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let all = rows(58);
    let lines: Vec<&str> = all.split_inclusive('\n').collect();
    std::fs::write(folder.join("one.csv"), lines[0]).unwrap();
    let mut gzip = GzEncoder::new(std::fs::File::create(folder.join("two.gz")).unwrap(), Compression::default());
    gzip.write_all(lines[1].as_bytes()).unwrap();
    gzip.finish().unwrap();
    // Stored and deflated; a folder and what a Mac adds are passed over.
    zipped(&folder.join("three.zip"), &[("in/", b"", false), ("__MACOSX/x", b"x", false), ("in/3.csv", lines[2].as_bytes(), true)]);
    zipped(&folder.join("four.zip"), &[("4.csv", lines[3].as_bytes(), false)]);
    import(folder, "gdelt", &["one.csv", "two.gz", "three.zip", "four.zip"]);
    assert_eq!(reported(folder), REPORTED);
    for (n, file) in ["one.csv", "two.gz", "three.zip"].into_iter().enumerate() {
        let ledger = format!("pipe-{n}.db");
        let piped = std::fs::File::open(folder.join(file)).unwrap();
        let output = recip(folder).args(["-f", &ledger, "import", "--feed", "gdelt", "-"]).stdin(piped).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(ask(folder, &ledger, "SELECT event FROM feed_report"), [format!("25000000{}", n + 1)], "{file}");
    }
}

/// Writes a zip file by hand: local headers, contents, directory, end.
pub fn zipped(path: &Path, files: &[(&str, &[u8], bool)]) {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes, deflate) in files {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let packed = if *deflate {
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        } else {
            bytes.to_vec()
        };
        let mut common = Vec::new();
        for half in [20u16, 0, if *deflate { 8 } else { 0 }, 0, 0x21] {
            common.extend(half.to_le_bytes());
        }
        for whole in [crc.sum(), packed.len() as u32, bytes.len() as u32] {
            common.extend(whole.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend(0u16.to_le_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend((out.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(&packed);
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend(0u16.to_le_bytes());
    std::fs::write(path, out).unwrap();
}

/// Extracts that R wrote have commas, quotes, a header, and before it a column without a name: 59 fields under 58 names.
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
    // The same with tabs and neither header nor quotes.
    let named: String = rows(58).lines().enumerate().map(|(n, line)| format!("{}\t{line}\n", n + 1)).collect();
    std::fs::write(folder.join("named.tsv"), named).unwrap();
    assert!(import(folder, "gdelt", &["named.tsv"]).contains("4 rows read: 0 reports added; 4 there already"));
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
        side("XYZ", "", "XYZ"),
        // A place's code, where RS is Russia; of ISO it is Serbia's.
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
    assert_eq!(taken, ["10|XKX", "1|USA", "2|DEU", "3|EU", "4|NATO"]);
    assert!(said.contains("2  name no party on one side or both"), "{said}");
    assert!(said.contains("3  name a region or a group that is no party"), "{said}");
    let bad = std::fs::read_to_string(folder.join("bad.csv")).unwrap();
    assert_eq!(bad, "file,line,reason,value\nfeed.tsv,11,unknown-party,XYZ\nfeed.tsv,12,unknown-party,RS\n");
}

#[test]
fn icews_is_keyed_by_identifier_and_date_and_knows_countries_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (russia, america) = (("Foreign Affairs (Russia)", "Russian Federation"), ("United States", "United States"));
    let reduce = ("Reduce or break diplomatic relations", "161", "-4.0");
    let row =
        |id, day: &str, source, (label, code, weight): (&str, &str, &str), target| icews(id, day, source, label, code, weight, target);
    let file = [
        ICEWS_HEADER.to_owned(),
        row(1, "2018-03-26", america, reduce, russia),
        row(1, "2018-03-27", america, reduce, russia),
        row(1, "2018-03-27", america, reduce, russia),
        row(2, "2018-03-27", ("European Union", "NA"), ("Impose embargo, boycott, or sanctions", "163", "-8.0"), russia),
        row(
            3,
            "2018-03-27",
            ("Palestinian Authority", "Occupied Palestinian Territory"),
            ("Halt negotiations", "164", "-6.5"),
            ("Israel", "Israel"),
        ),
        row(4, "2018-03-27", ("Joseph Kabila", "Democratic Republic of Congo"), ("Consult", "040", "1"), ("Denis Sassou", "Congo")),
        row(5, "2018-03-27", ("Al-Qaeda", "NA"), ("Threaten", "130", "-4.4"), america),
        row(6, "2018-03-27", ("Citizen (Atlantis)", "Atlantis"), ("Consult", "040", "1"), america),
        row(7, "2018-03-27", america, ("Make statement", "010", "0"), russia),
        row(8, "2018-03-27", america, ("Consult", "40", "1"), russia),
        row(9, "27/03/2018", america, reduce, russia),
    ]
    .concat();
    std::fs::write(folder.join("events.tab"), &file).unwrap();
    let said = import(folder, "icews", &["events.tab", "--rejects", "bad.csv"]);
    assert!(said.starts_with("11 rows read: 5 reports added; 1 there already; 4 candidates more"), "{said}");
    assert!(said.contains("1  name no party on one side or both"), "{said}");
    assert!(said.contains("1  are of no kind"), "{said}");
    assert_eq!(
        candidates(folder, "l.db"),
        [
            "2018-03-27|2018-03-27||COD|COG|meeting|done|0|1|1|",
            "2018-03-27|2018-03-27||EU|RUS|sanction|done|0|1|1|",
            "2018-03-27|2018-03-27||PSE|ISR|halted-talks|done|0|1|1|",
            "2018-03-26|2018-03-27||USA|RUS|expulsion|done|1|2|2|",
        ]
    );
    let bad = std::fs::read_to_string(folder.join("bad.csv")).unwrap();
    assert_eq!(bad, "file,line,reason,value\nevents.tab,9,unknown-party,Atlantis\nevents.tab,11,code,40\nevents.tab,12,date,27/03/2018\n");
    assert_eq!(
        ask(folder, "l.db", "SELECT event, actor, target, place, source FROM feed_report WHERE code = '163'"),
        ["2/2018-03-27|European Union|Foreign Affairs (Russia)|Hanoi, Thanh Pho Ha Noi, Vietnam|Kyodo News (ICEWS story 47400351)"]
    );
}

#[test]
fn polecat_is_read_whatever_its_header_says_and_its_tabs() {
    let (britain, russia) = (("Theresa May", "GBR"), ("Russia", "RUS"));
    let rows = [
        polecat("20180326-1000-aaa", "2018-03-26", ("SANCTION", "expel"), "diplomatic", britain, russia),
        polecat("20180327-1000-bbb", "2018-03-27", ("SANCTION", "expel"), "diplomatic;intelligence", britain, russia),
        polecat("20180327-1001-ccc", "2018-03-27", ("CONSULT", "phone"), "", britain, ("Emmanuel Macron", "FRA;FRA")),
        polecat("20180327-1002-ddd", "2018-03-27", ("SANCTION", "expel"), "", ("G20", "USA;GBR;FRA"), russia),
        polecat("20180327-1003-eee", "2018-03-27", ("SANCTION", "expel"), "diplomatic;historical", britain, russia),
        polecat("20180327-1004-fff", "2018-03-27", ("ACCUSE", "disapprove"), "", britain, russia),
        polecat("20180327-1005-ggg", "2018-03-27", ("SANCTION", ""), "", ("Crowd", "None"), russia),
        polecat("20180327-1006-hhh", "2018-03-27", ("THREATEN", "expel"), "", ("NATO", ""), russia),
        polecat("20180327-1007-iii", "2018-03-27", ("SANKTION", "expel"), "", britain, russia),
    ];
    let with_tabs = POLECAT_HEADER.replace('\n', "\t\t\n") + &rows.concat().replace('\n', "\t\t\n");
    for (name, header, text) in [
        ("as published", POLECAT_HEADER.to_owned(), POLECAT_HEADER.to_owned() + &rows.concat()),
        ("with a name too many", String::new(), POLECAT_HEADER.replace("Event ID", "Headline\tEvent ID") + &rows.concat()),
        ("with another name", String::new(), POLECAT_HEADER.replace("Intensity", "Event Intensity") + &rows.concat()),
        ("with tabs too many", String::new(), with_tabs),
        ("without a header", String::new(), rows.concat()),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        std::fs::write(folder.join("events.txt"), text).unwrap();
        let said = import(folder, "polecat", &["events.txt"]);
        assert!(said.starts_with("9 rows read: 4 reports added; 3 candidates more"), "{name} {header}: {said}");
        for total in [
            "1  name no party on one side or both",
            "1  name several parties on a side",
            "1  are of no kind",
            "1  tell of the past, the future or what might be",
            "1  have a code that is in no code book",
        ] {
            assert!(said.contains(total), "{name}: {said}");
        }
        assert_eq!(
            candidates(folder, "l.db"),
            [
                "2018-03-27|2018-03-27|2018-03-28|GBR|FRA|meeting|done|0|1|1|",
                "2018-03-26|2018-03-27|2018-03-28|GBR|RUS|expulsion|done|0|2|2|",
                "2018-03-27|2018-03-27|2018-03-28|NATO|RUS|expulsion|threatened|0|1|1|",
            ],
            "{name}"
        );
    }
}

/// The files are in ISO-8859-1.
#[test]
fn polecat_in_its_own_encoding_is_no_broken_text() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = polecat("1", "2018-03-26", ("SANCTION", "expel"), "", ("Jos\u{e9} P\u{e9}rez", "ESP"), ("Russia", "RUS"));
    let bytes: Vec<u8> = row.chars().map(|c| c as u8).collect();
    std::fs::write(folder.join("events.txt"), bytes).unwrap();
    let said = import(folder, "polecat", &["events.txt"]);
    assert!(!said.contains("bytes"), "{said}");
    assert_eq!(ask(folder, "l.db", "SELECT actor FROM feed_report"), ["José Pérez"]);
}

/// In a book of old 163 is halting talks, 164 expelling and 166 sanctions; what the row says beside the code tells.
#[test]
fn codes_of_an_old_book_are_told_and_a_map_says_what_they_mean() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (russia, america) = (("Russia", "Russian Federation"), ("United States", "United States"));
    let rows = [
        icews(1, "2018-03-26", america, "Halt negotiations", "163", "-6.5", russia),
        icews(2, "2018-03-26", america, "Expel or withdraw", "164", "-7.0", russia),
        icews(3, "2018-03-26", america, "Impose embargo, boycott, or sanctions", "166", "-8.0", russia),
        icews(4, "2018-03-26", america, "Reject proposal to meet, discuss, or negotiate", "124", "-5.0", russia),
        icews(5, "2018-03-26", america, "Impose embargo, boycott, or sanctions", "163", "-8.0", russia),
    ];
    std::fs::write(folder.join("old.tab"), ICEWS_HEADER.to_owned() + &rows.concat()).unwrap();
    let said = import(folder, "icews", &["old.tab"]);
    assert!(said.contains("4  have a code of an old code book"), "{said}");
    let weights = [("163", "-6.5"), ("166", "-8.0"), ("163", "-8.0"), ("166", "-7.0")];
    let feed: String =
        weights.iter().zip(1..).map(|((code, weight), id)| gdelt(58, id, "20130405", "USA", "RUS", code, weight, "20130405")).collect();
    std::fs::write(folder.join("old.tsv"), feed).unwrap();
    let said = import(folder, "gdelt", &["old.tsv"]);
    assert!(said.contains("2 reports added") && said.contains("2  have a code of an old code book"), "{said}");
    std::fs::write(
        folder.join("map.csv"),
        "code,kind,stage\n163,halted-talks,\n164,expulsion,\n166,sanction,done\n124,cancelled-meeting,\n",
    )
    .unwrap();
    let said = import(folder, "icews", &["old.tab", "--map", "map.csv"]);
    assert!(said.contains("4 reports added; 1 there already"), "{said}");
    let kinds = ask(
        folder,
        "l.db",
        "SELECT r.code, s.kind FROM feed_report r JOIN series s ON s.id = r.series_id WHERE feed = 'icews' ORDER BY event",
    );
    assert_eq!(kinds, ["163|halted-talks", "164|expulsion", "166|sanction", "124|cancelled-meeting", "163|sanction"]);
}
