//! The way out that an error names works: with it the same command succeeds.

use std::path::Path;

use crate::support::{ok, run, some};

/// The header of all files, after the column of refs.
const HEADER: &str = "ref,date,actor,target,kind,count,count_words,stage,deadline,dispute,answers,sources,tags\n";

/// A row that is refused, what the help says, and the row as the help has it.
const ROWS: [(&str, &str, &str); 30] = [
    (",24/07/2020,CHN,USA,closure,1", "write 2020-07-24", ",2020-07-24,CHN,USA,closure,1"),
    (",04/03/2022,CHN,USA,closure,1", "write the one you mean: 2022-03-04 or 2022-04-03", ",2022-03-04,CHN,USA,closure,1"),
    (",2020.1,CHN,USA,closure,1", "write the one you mean: 2020-01 or 2020-10", ",2020-10,CHN,USA,closure,1"),
    (",2020-07-04,CHN,USA,closure,1,,,18.07.2020", "write 2020-07-18", ",2020-07-04,CHN,USA,closure,1,,,2020-07-18"),
    (
        ",2020-07-04,CHN,USA,closure,1,,,02.08.2020",
        "write the one you mean: 2020-08-02 or 2020-02-08",
        ",2020-07-04,CHN,USA,closure,1,,,2020-08-02",
    ),
    (",2020-02-30,CHN,USA,closure,1", "2016-12 or 2016 if the day is unknown", ",2020-02,CHN,USA,closure,1"),
    (",last summer,CHN,USA,closure,1", "2016-12 or 2016 if the day is unknown", ",2020,CHN,USA,closure,1"),
    (",,CHN,USA,closure,1", "fill it in", ",2020,CHN,USA,closure,1"),
    (",2020,,USA,closure,1", "fill it in", ",2020,CHN,USA,closure,1"),
    (",2020,CHN,USA,,1", "fill it in", ",2020,CHN,USA,closure,1"),
    (",2020,CHN,USA,closure,1.5", "a whole number", ",2020,CHN,USA,closure,2"),
    (",2020,CHN,USA,closure,0", "? if it is unknown", ",2020,CHN,USA,closure,?"),
    (",2020,CHN,USA,closure,dozens", "at least (50+)", ",2020,CHN,USA,closure,24+"),
    (",2020,CHN,USA,closure,30-20", "give the smaller number first, like 20-30", ",2020,CHN,USA,closure,20-30"),
    (",2020,CHN,USA,closure,1,20+", "give one of the two", ",2020,CHN,USA,closure,,20+"),
    (",2020,CHN,USA,closur,1", "did you mean closure?", ",2020,CHN,USA,closure,1"),
    (",2020,Chnia,USA,closure,1", "did you mean China (CHN)?", ",2020,China,USA,closure,1"),
    (",2020,CHN,CHN,closure,1", "give two different parties", ",2020,CHN,USA,closure,1"),
    (",2020,CHN,USA,closure,1,,pending", "threatened, announced, done", ",2020,CHN,USA,closure,1,,announced"),
    (",2020-07-04,CHN,USA,closure,1,,,tomorrow", "72h, 30d or 2w", ",2020-07-04,CHN,USA,closure,1,,,30d"),
    (",2020-07-04,CHN,USA,closure,1,,,noon", "2017-01-01T12:00-05:00", ",2020-07-04,CHN,USA,closure,1,,,2020-07-05T12:00-05:00"),
    (",2020,CHN,USA,closure,1,,,,A b", "write it like grizzly-steppe", ",2020,CHN,USA,closure,1,,,,a-b"),
    (",2021,CHN,USA,closure,1,,,,,nothing", "name an action of the file or of the ledger by its ref", ",2021,CHN,USA,closure,1,,,,,first"),
    (",2021,CHN,USA,closure,3,,,,,first:3", "state at most 2, or leave the amount out", ",2021,CHN,USA,closure,3,,,,,first:2"),
    (",2021,CHN,USA,closure,3,,,,,first:3", "or leave the amount out", ",2021,CHN,USA,closure,3,,,,,first"),
    (",2019,CHN,USA,closure,1,,,,,first", "check the dates", ",2021,CHN,USA,closure,1,,,,,first"),
    (",2021,CHN,FRA,closure,1,,,,,first", "here the United States", ",2021,CHN,USA,closure,1,,,,,first"),
    (",2020,CHN,USA,closure,1,,,,,,paper [says x]", "a whole number", ",2020,CHN,USA,closure,1,,,,,,paper [says 2]"),
    (",2020,CHN,USA,closure,1,,,,,,,,more", "put a cell that contains the delimiter in quotes", ",2020,CHN,USA,closure,1,,,,,,\"a,b\""),
    (",2020,CHN,USA,closure,1,,,,,,\"open", "close the quote", ",2020,CHN,USA,closure,1,,,,,,\"open\""),
];

/// The message of a command that is refused.
fn refused(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    assert!(!output.status.success(), "recip {} succeeds", args.join(" "));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_row_that_follows_the_help_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    ok(at, &["-f", "l.db", "log", "USA", "CHN", "closure", "2", "--on", "2020-07-22", "--ref", "first"]);
    for (bad, help, good) in some(8, ROWS) {
        std::fs::write(at.join("a.csv"), format!("{HEADER}{bad}\n")).unwrap();
        let said = refused(at, &["-f", "l.db", "import", "a.csv", "--dry-run"]);
        assert!(said.contains(help), "{bad}: {said}");
        std::fs::write(at.join("a.csv"), format!("{HEADER}{good}\n")).unwrap();
        ok(at, &["-f", "l.db", "import", "a.csv", "--dry-run"]);
    }
}

#[test]
fn a_file_that_follows_the_help_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let row = "2020,CHN,USA,closure,1\n";
    for (bad, args, help, good, good_args) in [
        (
            format!("date,actor,target,kind,cuont\n{row}"),
            &[][..],
            "did you mean count?",
            format!("date,actor,target,kind,count\n{row}"),
            &[][..],
        ),
        (format!("date,actor,target,,count\n{row}"), &[], "use these columns", format!("date,actor,target,kind,count\n{row}"), &[]),
        (format!("date,date,target,kind,actor\n{row}"), &[], "use these columns", format!("date,actor,target,kind,count\n{row}"), &[]),
        (String::new(), &[], "start the file with a header: ref,date,actor", format!("date,actor,target,kind,count\n{row}"), &[]),
        (
            format!("date,actor,target,kind,count\n{row}"),
            &["--encoding", "latin99"],
            "windows-1252",
            format!("date,actor,target,kind,count\n{row}"),
            &["--encoding", "windows-1252"],
        ),
        (
            format!("When;Country;Against;Measure;Number\n04/03/2020;China;USA;closure;1\n{}", ""),
            &["--review", "r.csv"],
            "give --dates dmy or --dates mdy",
            "When;Country;Against;Measure;Number\n04/03/2020;China;USA;closure;1\n".to_owned(),
            &["--dates", "dmy", "--review", "s.csv"],
        ),
    ] {
        std::fs::write(at.join("a.csv"), bad).unwrap();
        let said = refused(at, &[&["-f", "l.db", "import", "a.csv"], args].concat());
        assert!(said.contains(help), "{said}");
        std::fs::write(at.join("a.csv"), good).unwrap();
        // A sheet with columns of its own is imported by the review that was written.
        if good_args.contains(&"--review") {
            refused(at, &[&["-f", "l.db", "import", "a.csv"], good_args].concat());
        }
        ok(at, &[&["-f", "l.db", "import", "a.csv", "--update"], good_args].concat());
    }
    // A file of recip's own that is called a CSV file.
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/sheets/open.ods"), at.join("b.csv")).unwrap();
    assert!(refused(at, &["-f", "l.db", "import", "b.csv"]).contains("--format workbook"));
    assert!(refused(at, &["-f", "l.db", "import", "b.csv", "--format", "workbook"]).contains("--review b.review.xlsx"));
    ok(at, &["-f", "l.db", "import", "b.csv", "--format", "workbook", "--review", "b.review.xlsx"]);
}

#[test]
fn a_date_that_follows_the_help_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    const ACT: [&str; 7] = ["-f", "l.db", "log", "USA", "CHN", "closure", "2"];
    for (on, deadline, help, good_on, good_deadline) in [
        ("1/8/2020", "72h", "2020-08-01 or 2020-01-08", "2020-08-01", "72h"),
        ("24/07/2020", "72h", "write 2020-07-24", "2020-07-24", "72h"),
        ("2020-02-30", "72h", "2016-12 or 2016", "2020-02-29", "72h"),
        ("2020-02", "72h", "write the deadline as a day", "2020-02", "2020-03-05"),
        ("someday", "72h", "2016-12-29", "2016-12-29", "72h"),
        ("2020-07-24", "soon", "72h, 30d or 2w", "2020-07-24", "30d"),
        ("2020-07-24", "2020-07-26 noon", "2017-01-01T12:00-05:00", "2020-07-24", "2020-07-26T12:00-05:00"),
    ] {
        let said = refused(folder.path(), &[&ACT[..], &["--on", on, "--deadline", deadline, "--dry-run"]].concat());
        assert!(said.contains(help), "{said}");
        ok(folder.path(), &[&ACT[..], &["--on", good_on, "--deadline", good_deadline, "--dry-run"]].concat());
    }
}
