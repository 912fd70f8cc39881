//! ICEWS is read correctly, in rows made from its list of columns.

use super::{ICEWS_HEADER, ask, candidates, gdelt, icews, import, import_and_fail};

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
    assert!(said.starts_with("11 rows read: 5 reports added; 1 row repeats another; 4 more candidates"), "{said}");
    assert!(said.contains("1  with no party on one side or both"), "{said}");
    assert!(said.contains("1  with a code that maps to no kind"), "{said}");
    assert_eq!(
        candidates(folder, "l.db"),
        [
            "2018-03-27|2018-03-27||COD|COG|talks|done|0|1|1|",
            "2018-03-27|2018-03-27||EU|RUS|sanction|done|0|1|1|",
            "2018-03-27|2018-03-27||PSE|ISR|halted-talks|done|0|1|1|",
            "2018-03-26|2018-03-27||USA|RUS|reduced-relations|done|0|2|2|",
        ]
    );
    let bad = std::fs::read_to_string(folder.join("bad.csv")).unwrap();
    assert_eq!(bad, "file,line,reason,value\nevents.tab,9,unknown-party,Atlantis\nevents.tab,11,code,40\nevents.tab,12,date,27/03/2018\n");
    assert_eq!(
        ask(folder, "l.db", "SELECT event, actor, target, place, source FROM feed_report WHERE code = '163'"),
        ["2/2018-03-27|European Union|Foreign Affairs (Russia)|Hanoi, Thanh Pho Ha Noi, Vietnam|Kyodo News (ICEWS story 47400351)"]
    );
}

/// In an older code book, 163 is halting talks, 164 expelling and 166 sanctions. The label and the weight of the row show which book it
/// uses.
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
    assert!(said.contains("4  with a code of an older code book"), "{said}");
    let weights = [("163", "-6.5"), ("166", "-8.0"), ("163", "-8.0"), ("166", "-7.0")];
    let feed: String =
        weights.iter().zip(1..).map(|((code, weight), id)| gdelt(58, id, "20130405", "USA", "RUS", code, weight, "20130405")).collect();
    std::fs::write(folder.join("old.tsv"), feed).unwrap();
    let said = import(folder, "gdelt", &["old.tsv"]);
    assert!(said.contains("2 reports added") && said.contains("2  with a code of an older code book"), "{said}");
    std::fs::write(
        folder.join("map.csv"),
        "code,kind,stage\n163,halted-talks,\n164,expulsion,\n166,sanction,done\n124,cancelled-meeting,\n",
    )
    .unwrap();
    let said = import(folder, "icews", &["old.tab", "--map", "map.csv"]);
    assert!(said.contains("4 reports added; 1 already in the ledger"), "{said}");
    let kinds = ask(
        folder,
        "l.db",
        "SELECT r.code, s.kind FROM feed_report r JOIN series s ON s.id = r.series_id WHERE feed = 'icews' ORDER BY event",
    );
    assert_eq!(kinds, ["163|halted-talks", "164|expulsion", "166|sanction", "124|cancelled-meeting", "163|sanction"]);
}

/// Regression: names of countries in the given encoding were unknown, although other texts were decoded.
#[test]
fn names_are_in_the_encoding_that_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = icews(1, "2018-06-01", ("Head of Government (Curaçao)", "Curaçao"), "Consult", "040", "1", ("Fiji", "Fiji"));
    let bytes: Vec<u8> = row.chars().map(|c| c as u8).collect();
    std::fs::write(folder.join("events.tab"), bytes).unwrap();
    let said = import(folder, "icews", &["events.tab", "--encoding", "iso-8859-1"]);
    assert!(said.starts_with("1 row read: 1 report added"), "{said}");
    let taken = ask(folder, "l.db", "SELECT s.actor, r.actor FROM feed_report r JOIN series s ON s.id = r.series_id");
    assert_eq!(taken, ["CUW|Head of Government (Curaçao)"]);
}

/// A file of 2017 was published without codes and with ambiguous dates.
#[test]
fn a_file_without_codes_is_told_once_and_a_date_that_may_be_two_is_no_date() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = icews(1, "1/2/2017", ("Russia", "Russian Federation"), "Consult", "040", "1", ("Fiji", "Fiji"));
    std::fs::write(folder.join("dates.tab"), ICEWS_HEADER.to_owned() + &row).unwrap();
    let (_, said) = import_and_fail(folder, "icews", &["dates.tab"]);
    assert!(
        said.contains("dates.tab:2: no row could be read as icews: the date is not written like 2017-01-31 or 20170131: '1/2/2017'"),
        "{said}"
    );
    let lacking = ICEWS_HEADER.replace("CAMEO Code\t", "") + &row.replace("\t040", "");
    std::fs::write(folder.join("codes.tab"), lacking).unwrap();
    let (code, said) = import_and_fail(folder, "icews", &["codes.tab"]);
    assert!(
        code == 3
            && said.contains(
                "codes.tab:1: no row could be read as icews: its header has no column 'CAMEO Code', which every file of icews has"
            ),
        "{said}"
    );
}
