//! Damaged rows and files are reported by line and reason and do not stop an import, except with --strict.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::packed::zipped;
use super::{ask, gdelt, import, import_and_fail};
use crate::support::{left_out, ok, recip};

fn good(id: u64) -> String {
    gdelt(58, id, "20130405", "USA", "RUS", "161", "-4.0", "20130405")
}

/// The file of rejects that an import wrote.
fn rejects(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("bad.csv")).unwrap()
}

#[test]
fn every_bad_row_is_told_by_its_line_and_the_others_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut file = Vec::new();
    for row in [
        good(1),
        good(2).replacen('\t', "", 1),                            // a field is lost
        good(3).replace("161", "16"),                             // a code that lost a digit
        good(4).replace("161", "999"),                            // an unknown code
        good(5).replacen("20130405", "20130231", 1),              // an impossible date
        good(6).replacen("20130405", "20140405", 1),              // added before it happened
        good(7).replacen("7\t", "seven\t", 1),                    // an invalid identifier
        good(8).replace("\t4\t", "\tmany\t"),                     // an invalid number
        good(9).replace("OFFICIALS", "OFFI\u{0}CIALS"),           // a NUL byte
        good(10).replace("\t\n", "\n") + "\r\n",                  // followed by an empty line
        good(11).replace('\n', "\r\n"),                           // CR LF
        good(12).replace("RUS OFFICIALS", "<b>=cmd|'\u{1b}[31m"), // markup, a formula, an escape: ordinary text
    ] {
        file.extend(row.as_bytes());
    }
    // Bytes that are not valid text, in a name and in a code.
    for (place, with) in [("RUS OFFICIALS", &b"Regi\xe3o"[..]), ("161", &b"1\xff1"[..])] {
        let row = good(13);
        let (before, after) = row.split_once(place).unwrap();
        file.extend([before.as_bytes(), with, after.as_bytes()].concat());
    }
    file.extend(std::iter::repeat_n(b'x', 3 << 20));
    file.push(b'\n');
    file.extend(good(16).trim_end().as_bytes()); // the last line has no line end
    std::fs::write(folder.join("feed.tsv"), &file).unwrap();
    let said = import(folder, "gdelt", &["feed.tsv", "--rejects", "bad.csv"]);
    assert!(said.starts_with("16 rows read: 6 reports added; 1 more candidate"), "{said}");
    assert_eq!(
        rejects(folder),
        "file,line,reason,value\n\
         feed.tsv,2,columns,57 fields\n\
         feed.tsv,3,code,16\n\
         feed.tsv,4,code,999\n\
         feed.tsv,5,date,20130231\n\
         feed.tsv,6,date,\"2014-04-05 is after the day in DATEADDED, 2013-04-05\"\n\
         feed.tsv,7,identifier,seven\n\
         feed.tsv,8,number,many\n\
         feed.tsv,9,nul,\n\
         feed.tsv,14,broken-bytes,Regi\u{fffd}o\n\
         feed.tsv,15,code,1\u{fffd}1\n\
         feed.tsv,16,too-long,\n"
    );
    let text = ask(folder, "l.db", "SELECT target FROM feed_report WHERE event IN ('12', '13') ORDER BY event");
    assert_eq!(text, ["<b>=cmd|'\u{1b}[31m", "Regi\u{fffd}o"]);
    let shown = ok(folder, &["-f", "l.db", "candidates", "show", "1"]);
    assert!(!shown.contains('\u{1b}'), "a terminal is not obeyed by: {shown}");
}

/// Regression: reading stopped at a header of another feed, and the rows after it were neither counted nor named.
#[test]
fn a_header_among_the_rows_ends_nothing() {
    let other = super::ICEWS_HEADER;
    let own = "GLOBALEVENTID\tSQLDATE\tActor1CountryCode\tActor2CountryCode\tEventCode\n";
    let lacking = "GLOBALEVENTID\tSQLDATE\tActor1CountryCode\tActor2CountryCode\n";
    let icews = super::icews(1, "2018-03-26", ("A", "United States"), "Consult", "040", "1", ("B", "Fiji"));
    for (text, says, bad) in [
        (
            good(1) + other + &good(2) + &good(3),
            "4 rows read: 3 reports added",
            "feed.tsv,2,header,this is a header of icews among the rows of gdelt\n",
        ),
        (
            good(1) + other + &icews + &good(2),
            "4 rows read: 2 reports added",
            "feed.tsv,2,header,this is a header of icews among the rows of gdelt\nfeed.tsv,3,columns,\"20 fields, as ICEWS has\"\n",
        ),
        ([own, "1\t20130405\tUSA\tRUS\t161\n", own, "2\t20130405\tUSA\tRUS\t161\n"].concat(), "2 rows read: 2 reports added", ""),
        (
            [&*good(1), lacking, "2\t20130405\tUSA\tRUS\n", own, "3\t20130405\tUSA\tRUS\t161\n"].concat(),
            "4 rows read: 2 reports added",
            "feed.tsv,2,header,\"this header has no column 'EventCode', which every file of gdelt has\"\n\
             feed.tsv,3,header,\"the row is under a header that cannot be used: this header has no column 'EventCode', which every file of gdelt has\"\n",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("feed.tsv"), text).unwrap();
        let said = import(folder.path(), "gdelt", &["feed.tsv", "--rejects", "bad.csv"]);
        assert!(said.starts_with(says), "{said}");
        assert_eq!(rejects(folder.path()), format!("file,line,reason,value\n{bad}"));
    }
}

/// An identifier that comes again with another day, other parties or another code is named, in one file or against the ledger. Exact repeats
/// are only counted.
#[test]
fn an_identifier_with_another_act_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let other_day = gdelt(58, 1, "20130404", "USA", "RUS", "161", "-4.0", "20130405");
    let other_party = gdelt(58, 2, "20130405", "USA", "CHN", "163", "-8.0", "20130405");
    std::fs::write(folder.join("one.tsv"), [good(1), good(2), other_day.clone(), good(1)].concat()).unwrap();
    std::fs::write(folder.join("two.tsv"), [good(1), other_party, other_day].concat()).unwrap();
    let (code, said) = import_and_fail(folder, "gdelt", &["one.tsv", "--rejects", "bad.csv"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("4 rows read: 2 reports added; 1 row repeats another; 1 more candidate"), "{said}");
    assert!(
        said.contains("invalid:          1  with an identifier that comes again with another day, party or code: the first is kept"),
        "{said}"
    );
    assert!(said.contains(
        "one.tsv:3: the identifier 1 comes again with another act: USA -> RUS, code 161, 2013-04-04; the first is kept: USA -> RUS, code 161, 2013-04-05"
    ));
    assert!(rejects(folder).contains("one.tsv,3,other-event,"));
    let (code, said) = import_and_fail(folder, "gdelt", &["two.tsv", "--rejects", "bad.csv"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("3 rows read: 0 reports added; 1 already in the ledger; 0 more candidates"), "{said}");
    assert!(said.contains(
        "two.tsv:2: the identifier 2 comes again with another act: USA -> CHN, code 163, 2013-04-05; the first is kept: USA -> RUS, code 161, 2013-04-05"
    ));
    assert_eq!(rejects(folder).lines().filter(|line| line.contains(",other-event,")).count(), 2);
    let (code, said) = import_and_fail(folder, "gdelt", &["two.tsv", "--strict"]);
    assert!(code == 3 && said.contains("comes again with another act") && said.contains("nothing was changed"), "{said}");
    // POLECAT, whose rows may give several reports.
    let row =
        |recipient: (&str, &str)| super::polecat("20180327-1", "2018-03-27", ("SANCTION", "expel"), "", ("Government", "USA"), recipient);
    std::fs::write(folder.join("p.txt"), [row(("Russia", "RUS")), row(("China", "CHN")), row(("Russia", "RUS"))].concat()).unwrap();
    let said = import(folder, "polecat", &["p.txt"]);
    assert!(
        said.starts_with("3 rows read: 1 report added; 1 row repeats another; 1 more candidate") && said.contains("1  with an identifier")
    );
}

/// The reports that the ledger has keep their kinds. The message says so, and what it says to do works.
#[test]
fn a_map_that_comes_later_changes_no_report_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("feed.tsv"), good(1) + &good(2)).unwrap();
    import(folder, "gdelt", &["feed.tsv"]);
    std::fs::write(folder.join("map.csv"), "code,kind\n161,expulsion\n").unwrap();
    let (_, said) = import_and_fail(folder, "gdelt", &["feed.tsv", "--map", "map.csv"]);
    assert!(
        said.starts_with(
            "2 reports of the ledger keep another kind or stage than the codes map to now; help: to change that, undo the import (recip undo 1), and \
             import the files again\n2 rows read: 0 reports added; 2 already in the ledger"
        ),
        "{said}"
    );
    ok(folder, &["-f", "l.db", "undo", "1"]);
    import(folder, "gdelt", &["feed.tsv", "--map", "map.csv"]);
    assert_eq!(ask(folder, "l.db", "SELECT DISTINCT kind FROM feed_event"), ["expulsion"]);
    let (_, said) = import_and_fail(folder, "gdelt", &["feed.tsv", "--map", "map.csv"]);
    assert!(!said.contains("another kind"), "{said}");
}

/// A day after today, or before the feed began, is no day of an event.
#[test]
fn dates_that_cannot_be_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = |day: &str, added: &str| gdelt(58, 1, day, "USA", "RUS", "161", "-4.0", added);
    let other = |day: &str| super::icews(1, day, ("A", "United States"), "Consult", "040", "1", ("B", "Fiji"));
    for (feed, row, says) in [
        ("gdelt", row("20180701", "20170101"), "the date 2018-07-01 is after the day in DATEADDED, 2017-01-01"),
        ("gdelt", row("20180701", "2018070"), "missing or invalid date: 'DATEADDED 2018070'"),
        ("gdelt", row("20180701", "29990701"), "the date 2999-07-01 in DATEADDED is after today, "),
        ("gdelt", row("29990701", ""), "the date 2999-07-01 is after today, "),
        ("gdelt", row("19000101", ""), "the date 1900-01-01 is before 1969-01-01, when its events begin"),
        ("icews", other("1900-01-01"), "the date 1900-01-01 is before 1990-01-01, when its events begin"),
        ("icews", other("2999-08-27"), "the date 2999-08-27 is after today, "),
    ] {
        std::fs::write(folder.join("a.tsv"), row).unwrap();
        let (code, said) = import_and_fail(folder, feed, &["a.tsv"]);
        assert!(code == 3 && said.contains(says), "{says}: {said}");
    }
}

#[test]
fn what_a_spreadsheet_would_run_is_guarded_in_the_file_of_rejects() {
    let folder = tempfile::tempdir().unwrap();
    let row = good(1).replacen("1\t", "=1+1\t", 1);
    std::fs::write(folder.path().join("feed.tsv"), row).unwrap();
    let (code, said) = import_and_fail(folder.path(), "gdelt", &["feed.tsv", "--rejects", "bad.csv"]);
    assert!(code == 3 && said.contains("feed.tsv:1: no row could be read as gdelt: missing or invalid identifier: '=1+1'"), "{said}");
    assert_eq!(rejects(folder.path()), "file,line,reason,value\nfeed.tsv,1,identifier,'=1+1\n");
}

#[test]
fn a_strict_import_stops_at_the_first_bad_row_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("feed.tsv"), good(1) + &good(2).replace("161", "999") + &good(3)).unwrap();
    let (code, said) = import_and_fail(folder, "gdelt", &["feed.tsv", "--strict"]);
    assert_eq!(code, 3);
    assert!(said.contains("feed.tsv:2: unknown code: '999'") && said.contains("nothing was changed"), "{said}");
    assert!(!folder.join("l.db").exists());
    // A row that is skipped is not invalid.
    std::fs::write(folder.join("feed.tsv"), good(1) + &good(2).replace("RUS", "USA")).unwrap();
    assert!(import(folder, "gdelt", &["feed.tsv", "--strict"]).starts_with("2 rows read: 1 report added"));
}

#[test]
fn a_rehearsal_says_what_would_be_taken_and_takes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("feed.tsv"), good(1) + &good(1) + &good(2)).unwrap();
    let said = import(folder, "gdelt", &["feed.tsv", "--dry-run"]);
    assert!(said.starts_with("3 rows read: 2 reports added; 1 row repeats another; 1 more candidate"), "{said}");
    assert!(!folder.join("l.db").exists());
}

#[test]
fn a_file_that_breaks_off_gives_what_it_has_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rows: String = (1..=2000).map(|id| good(id).replace("story", &format!("story-{}", id * 7919 % 1000))).collect();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(rows.as_bytes()).unwrap();
    let whole = gzip.finish().unwrap();
    std::fs::write(folder.join("cut.gz"), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(folder.join("good.tsv"), good(5000)).unwrap();
    let (code, said) = import_and_fail(folder, "gdelt", &["cut.gz", "good.tsv"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("cut.gz") && said.contains("the file cannot be read to its end"), "{said}");
    let there: u64 = ask(folder, "l.db", "SELECT count(*) FROM feed_report")[0].parse().unwrap();
    assert!((100..2000).contains(&there), "{there}");
    // The last, incomplete line was not imported, and the file after it was.
    assert_eq!(ask(folder, "l.db", "SELECT count(*) FROM feed_report WHERE source NOT LIKE 'http://www.example.org/story%'"), ["0"]);
    assert_eq!(ask(folder, "l.db", "SELECT count(*) FROM feed_report WHERE event = '5000'"), ["1"]);
}

#[test]
fn files_that_are_no_feed_are_told_and_bounded() {
    if left_out("files that are no feed") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let utf_16: Vec<u8> = [0xff, 0xfe].into_iter().chain(good(1).encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let mut wrong_sum = Vec::new();
    zipped(&folder.join("right.zip"), &[("a.csv", good(1).as_bytes(), false)]);
    std::fs::File::open(folder.join("right.zip")).unwrap().read_to(&mut wrong_sum);
    let at = wrong_sum.windows(9).position(|w| w == b"OFFICIALS").unwrap();
    wrong_sum[at] = b'X';
    // Rows, followed by a gigabyte of zeros compressed to a megabyte.
    let mut bomb = GzEncoder::new(std::fs::File::create(folder.join("bomb.gz")).unwrap(), Compression::best());
    bomb.write_all(&(1..50).map(good).collect::<String>().into_bytes()).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..256 {
        bomb.write_all(&zeros).unwrap();
    }
    bomb.finish().unwrap();
    for (name, bytes, says) in [
        ("wide.csv", &utf_16[..], "this is UTF-16"),
        ("sum.zip", &wrong_sum, "does not match the zip file"),
        ("cut.zip", &wrong_sum[..wrong_sum.len() / 2], "the zip file is damaged"),
        ("bomb.gz", &[], "more than 200 times its size"),
        ("noise.csv", b"\x00\x01\x02\n\xff\xfe\n", "this is not text"),
        ("packed.bz2", b"BZh91AY&SY\x12\x34", "this is packed with bzip2, xz, zstd or 7z"),
        ("missing.csv", b"\n<!DOCTYPE html>\n<html><body>404</body></html>\n", "this is a web page"),
        (
            "headed.tsv",
            b"GLOBALEVENTID\tSQLDATE\tActor1Code\n1\t2\t3\n",
            "its header has no column 'Actor1CountryCode', which every file of gdelt has",
        ),
    ] {
        if !bytes.is_empty() {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
        let (code, said) = import_and_fail(folder, "gdelt", &[name]);
        // Before these two broke off, rows of them were read.
        assert_eq!(code, if matches!(name, "bomb.gz" | "sum.zip") { 1 } else { 3 }, "{name}: {said}");
        assert!(said.contains(says), "{name}: {said}");
    }
    std::fs::write(folder.join("empty.csv"), "").unwrap();
    assert!(import(folder, "gdelt", &["empty.csv"]).contains("0 rows read"));
    let (code, said) = import_and_fail(folder, "gdelt", &["nowhere.csv"]);
    assert!(code == 5 && said.contains("cannot read nowhere.csv"), "{said}");
    let (code, said) = import_and_fail(folder, "gdelt", &["."]);
    assert!(code == 3 && said.contains("this is a folder"), "{said}");
}

#[test]
fn a_feed_without_a_usable_row_fails_and_names_the_damage() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = |id: &str, day: &str, code: &str, target: &str| {
        good(77)
            .replacen("77", id, 1)
            .replace("20130405", day)
            .replace("\t161\t", &format!("\t{code}\t"))
            .replace("\tRUS\t", &format!("\t{target}\t"))
    };
    let left_out = row("5", "20130405", "161", "USA");
    for (bad, says) in [
        (row("1", "7/1/2016", "161", "RUS"), "if a spreadsheet changed it, import the file of the feed itself"),
        (row("1", "2.02E+07", "161", "RUS"), "a spreadsheet turned the date into a rounded number"),
        (row("1", "41369", "161", "RUS"), "a spreadsheet turned the date into a number"),
        (row("6.69E+08", "20130405", "161", "RUS"), "a spreadsheet turned the identifier into a rounded number"),
        (row("1", "20130405", "999", "RUS"), "unknown code"),
    ] {
        std::fs::write(folder.join("a.csv"), format!("{left_out}{bad}{bad}")).unwrap();
        let (code, said) = import_and_fail(folder, "gdelt", &["a.csv"]);
        assert!(code == 3 && said.contains(says), "{bad}: {code}: {said}");
        std::fs::write(folder.join("a.csv"), format!("{left_out}{bad}{}", good(9))).unwrap();
        assert!(import(folder, "gdelt", &["a.csv"]).contains("1 report added"), "{bad}");
        std::fs::remove_file(folder.join("l.db")).unwrap_or_default();
    }
    // What another program wrote as a decimal is the same number.
    std::fs::write(folder.join("a.csv"), row("12.0", "20130405", "161.0", "RUS")).unwrap();
    assert!(import(folder, "gdelt", &["a.csv"]).contains("1 report added"));
}

#[test]
fn another_table_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let header = "Event ID,Event Date,Source Name,Source Sectors,Source Country,Event Text,CAMEO Code,Intensity,Target Name,Target Sectors,\
                  Target Country,Story ID,Sentence Number,Publisher,City,District,Province,Country,Latitude,Longitude";
    let row = "32889836,2018-03-26,Ministry,Government,United States,Reduce,161,-4,Russia,Government,Russian Federation,1,1,x,x,x,x,x,1,1";
    let utf16: Vec<u8> = format!("{header}\n{row}\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (feed, bytes, says) in [
        ("gdelt", format!("{header}\n{row}\n").into_bytes(), "it is the header of icews: give --feed icews"),
        ("polecat", format!("{header}\n{row}\n").into_bytes(), "it is the header of icews: give --feed icews"),
        ("icews", b"date,actor,target,kind\n2018,USA,RUS,protest\n".to_vec(), "this is a table of actions, not of a feed"),
        ("icews", utf16, "this is UTF-16"),
    ] {
        std::fs::write(folder.join("a.csv"), bytes).unwrap();
        let (code, said) = import_and_fail(folder, feed, &["a.csv"]);
        assert!(code == 3 && said.contains(says), "{said}");
    }
    std::fs::write(folder.join("a.csv"), format!("sep=,\n{header}\n{row}\n")).unwrap();
    assert!(import(folder, "icews", &["a.csv"]).contains("1 report added"));
}

trait ReadTo {
    fn read_to(self, bytes: &mut Vec<u8>);
}

impl ReadTo for std::fs::File {
    fn read_to(mut self, bytes: &mut Vec<u8>) {
        std::io::Read::read_to_end(&mut self, bytes).unwrap();
    }
}

/// Regression: a feed without usable rows, or a file without actions, left a new ledger behind.
#[test]
fn an_import_of_nothing_makes_no_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("feed.tsv"), good(1).replace("RUS", "USA")).unwrap();
    let (code, said) = import_and_fail(folder, "gdelt", &["feed.tsv"]);
    assert!(
        code == 0 && said.starts_with("no ledger was created at l.db: there was nothing to add\n1 row read: 0 reports added"),
        "{said}"
    );
    std::fs::write(folder.join("none.csv"), "date,actor,target,kind\n").unwrap();
    ok(folder, &["-f", "l.db", "import", "none.csv"]);
    assert!(std::fs::read_dir(folder).unwrap().all(|entry| !entry.unwrap().file_name().to_string_lossy().starts_with("l.db")));
    // An existing ledger is kept.
    ok(folder, &["-f", "l.db", "party", "add", "XYZ", "Atlantis"]);
    import(folder, "gdelt", &["feed.tsv"]);
    assert_eq!(ask(folder, "l.db", "SELECT name FROM party WHERE code = 'XYZ'"), ["Atlantis"]);
}

#[test]
fn a_map_that_is_wrong_is_told_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("feed.tsv"), good(1)).unwrap();
    for (map, says) in [
        ("code,sort\n161,expulsion\n", "map.csv:1: unknown column 'sort'"),
        ("code,stage\n161,done\n", "map.csv:1: the column 'kind' is missing"),
        ("code,kind\n161,expulsoin\n", "map.csv:2, column kind: there is no kind 'expulsoin'; did you mean expulsion?"),
        ("code,kind,stage\n161,expulsion,soon\n", "map.csv:2, column stage: stage 'soon'"),
        ("code,kind,guessed\n161,expulsion,perhaps\n", "map.csv:2, column guessed: guessed 'perhaps': this is not a truth value"),
        ("code,kind\n,expulsion\n", "map.csv:2, column code: the code is missing"),
        (
            "code,kind\n161,expulsion\n172,sanction\n161,protest\n",
            "map.csv:4, column code: map.csv:2 maps the code 161 otherwise; help: delete one of the two rows",
        ),
        ("code,kind\n16*,expulsion\n16*,\n", "map.csv:3, column code: map.csv:2 maps the code 16* otherwise"),
    ] {
        std::fs::write(folder.join("map.csv"), map).unwrap();
        let (code, said) = import_and_fail(folder, "gdelt", &["feed.tsv", "--map", "map.csv"]);
        assert!(code == 3 && said.contains(says), "{map}: {said}");
    }
    // The map adds a user's own kind, removes a code, and adds a code that is in no code book.
    ok(folder, &["-f", "l.db", "kind", "add", "snub", "--unit", "acts", "--sign", "hostile"]);
    std::fs::write(folder.join("map.csv"), "code,kind,guessed\n161,snub,1\n163,,\n169,protest,0\n").unwrap();
    let more = good(2).replace("161", "163") + &good(3).replace("161", "169");
    std::fs::write(folder.join("feed.tsv"), good(1) + &more).unwrap();
    let said = import(folder, "gdelt", &["feed.tsv", "--map", "map.csv"]);
    assert!(said.contains("2 reports added") && said.contains("1  with a code that maps to no kind"), "{said}");
    assert_eq!(ask(folder, "l.db", "SELECT kind, guessed FROM candidate_detail ORDER BY kind"), ["protest|0", "snub|1"]);
}

#[test]
fn rejects_do_not_take_the_place_of_a_ledger() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("feed.tsv"), good(1)).unwrap();
    import(folder.path(), "gdelt", &["feed.tsv"]);
    let output = recip(folder.path()).args(["-f", "l.db", "import", "--feed", "gdelt", "feed.tsv", "--rejects", "l.db"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let (code, said) = import_and_fail(folder.path(), "gdelt", &["feed.tsv", "--rejects", "./feed.tsv"]);
    assert!(code == 3 && said.contains("this import reads that file"), "{said}");
    assert_eq!(ask(folder.path(), "l.db", "SELECT count(*) FROM feed_report"), ["1"]);
}
