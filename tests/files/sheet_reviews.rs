//! What a person changes in a review, and what a map keeps of it.

use super::sheet_folder::{SheetFolder, advised, done, edit, folder, refused, take, text, write};

use crate::support::some;

const SHEET: &str = "Date,Country,Against,Measure,Number\n2018-03-26,USA,Russia,expulsion,60\n2018-03-27,UK,Russia,expulsion,23\n";

#[test]
fn a_row_that_was_corrected_follows_the_columns_and_the_words() {
    let folder = SheetFolder::proposed(SHEET);
    folder.edit("columns", "Country,actor", "Country,target");
    folder.edit("columns", "Against,target", "Against,actor");
    folder.edit("rows", "expulsion,60,", "expulsion,59,");
    folder.done();
    assert_eq!(folder.acts(), ["2018-03-26 RUS USA expulsion 59", "2018-03-27 RUS GBR expulsion 23"]);
    let folder = SheetFolder::proposed("Date,Country,Against,Measure,Number\n2018-03-26,Ruritania,Russia,persona non grata,60\n");
    folder.edit("words", "party,Ruritania,,", "party,Ruritania,AUT,");
    folder.edit("words", "kind,persona non grata,expulsion", "kind,persona non grata,protest");
    folder.edit("rows", ",60,", ",59,");
    folder.done();
    assert_eq!(folder.acts(), ["2018-03-26 AUT RUS protest 59"]);
}

#[test]
fn the_meaning_of_a_column_may_be_nothing_and_its_value_a_year() {
    let folder = SheetFolder::proposed(
        "Date,Country,Against,Measure,Number,Mediator\n26 March,USA,Russia,expulsion,60,\n27 March,UK,Russia,expulsion,23,\n",
    );
    folder.edit("columns", "A,Date,date,,", "A,Date,date,2018,");
    folder.edit("columns", "F,Mediator,,", "F,Mediator,nothing,");
    folder.done();
    assert_eq!(folder.acts(), ["2018-03-26 USA RUS expulsion 60", "2018-03-27 GBR RUS expulsion 23"]);
}

#[test]
fn a_side_that_the_title_leaves_open_is_given_in_the_columns() {
    let folder = SheetFolder::proposed("Expulsions from Russia\nCountry,Date,Number\nGermany,2018-03-26,4\n");
    folder.edit("columns", "A,Country,?,", "A,Country,target,");
    folder.edit("columns", ",,,actor,,", ",,,actor,Russia,");
    folder.done();
    assert_eq!(folder.acts(), ["2018-03-26 RUS DEU expulsion 4"]);
    let folder = SheetFolder::proposed("Date,Ambassador recalled from,Recalled by\n2018-03-26,Russia,Germany\n");
    folder.edit("columns", "B,Ambassador recalled from,?,", "B,Ambassador recalled from,target,");
    folder.done();
    assert_eq!(folder.acts(), ["2018-03-26 DEU RUS recall"]);
}

#[test]
fn a_line_that_was_copied_follows_the_columns_too() {
    let folder = SheetFolder::proposed(SHEET);
    let at = folder.at();
    let review = text(at, "r.csv");
    let copy = review.lines().nth(1).unwrap().replace(",2,1,", ",2,2,").replace(",60,", ",1,");
    write(at, "r.csv", format!("{review}{copy}\n"));
    folder.edit("columns", "Country,actor", "Country,target");
    folder.edit("columns", "Against,target", "Against,actor");
    folder.done();
    assert_eq!(folder.acts(), ["2018-03-26 RUS USA expulsion 60", "2018-03-26 RUS USA expulsion 1", "2018-03-27 RUS GBR expulsion 23"]);
}

#[test]
fn a_count_of_the_other_side_that_is_left_out_makes_no_act() {
    let folder = SheetFolder::proposed("Date;Germany expelled;Russia expelled\n04.04.2022;40;\n25.04.2022;;40\n");
    folder.edit("columns", "C,Russia expelled,?,", "C,Russia expelled,,");
    folder.edit("columns", ",,,target,,", ",,,target,Russia,");
    let said = folder.done();
    assert_eq!(folder.acts(), ["2022-04-04 DEU RUS expulsion 40"], "{said}");
    assert!(said.contains("left out 1 row"), "{said}");
}

#[test]
fn a_line_that_was_deleted_is_asked() {
    let folder = SheetFolder::proposed(SHEET);
    let at = folder.at();
    let review = text(at, "r.csv");
    write(at, "r.csv", review.lines().take(2).collect::<Vec<_>>().join("\n"));
    let said = folder.refused();
    assert!(
        said.contains("row 3: asked: the review has no line for it: add one with the row 3, and yes or no in its column 'take'"),
        "{said}"
    );
    for (take, expected) in
        [("no", &["2018-03-26 USA RUS expulsion 60"][..]), ("yes", &["2018-03-26 USA RUS expulsion 60", "2018-03-27 GBR RUS expulsion 23"])]
    {
        write(at, "r.csv", format!("{}\n,3,1,{take}\n", review.lines().take(2).collect::<Vec<_>>().join("\n")));
        folder.done();
        assert_eq!(folder.acts(), expected);
    }
}

#[test]
fn a_ref_that_a_person_writes_into_a_review_is_the_acts() {
    for (reference, expected) in [
        ("2018-03-26-usa-rus-expulsion", ["2018-03-26 USA RUS expulsion 48", "2018-03-26 USA RUS expulsion 12"]),
        ("2018-03-26-usa-rus-expulsion-2", ["2018-03-26 USA RUS expulsion 60", "2018-03-26 USA RUS expulsion 48"]),
    ] {
        let folder = SheetFolder::with("Date,Country,Against,Measure,Number\n2018-03-26,USA,Russia,expulsion,48\n");
        let at = folder.at();
        done(at, "log USA RUS expulsion 60 --on 2018-03-26");
        done(at, "log USA RUS expulsion 12 --on 2018-03-26");
        folder.refused();
        assert!(folder.refused().contains("write the ref of the one that it corrects"));
        folder.edit("rows", ",2,1,yes,,,", &format!(",2,1,yes,,{reference},"));
        folder.done();
        assert_eq!(folder.acts(), expected);
    }
}

#[test]
fn what_a_word_means_is_a_party_several_or_nothing() {
    let of = |means: &str| {
        let folder =
            SheetFolder::proposed("Date,Country,Against,Measure\n2018-03-26,Ruritania,Russia,protest\n2018-03-27,USA,Russia,no protest\n");
        let at = folder.at();
        folder.edit("words", "party,Ruritania,,", &format!("party,Ruritania,\"{means}\","));
        folder.edit("words", "kind,no protest,,", "kind,no protest,no,");
        (refused_or_done(at), if at.join("l.db").exists() { folder.acts() } else { Vec::new() })
    };
    let (said, _) = of("Atlantis");
    assert!(said.contains("row 2: asked: there is no party 'Atlantis', which the words give for 'Ruritania'"), "{said}");
    assert!(said.contains("row 3: left out: the words leave out 'no protest': 2018-03-27 USA Russia no protest"), "{said}");
    assert_eq!(of("Germany, France").1, ["2018-03-26 DEU RUS protest", "2018-03-26 FRA RUS protest"]);
    let (said, _) = of("-");
    assert!(said.contains("row 2: left out: the words leave out 'Ruritania'"), "{said}");
}

fn refused_or_done(at: &std::path::Path) -> String {
    let output = crate::support::run(at, &["-f", "l.db", "import", "x.csv", "--review", "r.csv"]);
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

#[test]
fn what_is_corrected_for_a_map_is_kept_in_it() {
    let folder = SheetFolder::with(SHEET);
    let at = folder.at();
    // The name of a map may be given before there is one.
    let command = advised(&refused(at, "import x.csv --review x.review.csv --map m"));
    assert_eq!(command, "import x.csv --review x.review.csv --map m");
    done(at, &command);
    write(at, "apr.csv", SHEET.replace("UK", "Ruritania").replace("-03-", "-04-"));
    let command = advised(&refused(at, "import apr.csv --review a.csv"));
    assert_eq!(command, "import apr.csv --review a.csv --map m");
    edit(at, "a-words.csv", "party,Ruritania,,", "party,Ruritania,AUT,");
    done(at, &command);
    write(at, "may.csv", SHEET.replace("UK", "Ruritania").replace("-03-", "-05-"));
    assert!(done(at, "import may.csv").contains("2 actions and 0 links added"));
}

#[test]
fn a_map_is_used_whatever_the_case_of_the_headings() {
    let folder = SheetFolder::with(SHEET);
    let at = folder.at();
    take(at, "import x.csv --review r.csv --map m");
    write(at, "y.csv", SHEET.replace("Date,Country", "DATE,COUNTRY"));
    assert!(done(at, "import y.csv").contains("y.csv: read by the map 'm'"));
    // Nor does it matter that the headings are nearly those of a ledger.
    write(at, "z.csv", "Date,Actor,Target,Kind,Number\n2018-03-28,USA,RUS,expulsion,1\n");
    refused(at, "import z.csv --review z.review.csv");
    done(at, "import z.csv --review z.review.csv --map n");
    assert!(done(at, "import z.csv").contains("z.csv: read by the map 'n'"));
    assert!(done(at, "import z.csv --map n").contains("1 already in the ledger"));
}

#[test]
fn a_table_that_cannot_be_proposed_is_not_advised_to_be() {
    for table in ["Country,2018,2019\nUSA,60,1\n", "Country,USA,Russia\nUSA,,60\nRussia,1,\n"] {
        let folder = SheetFolder::with(table);
        let at = folder.at();
        for line in ["import x.csv", "import x.csv --review x.review.xlsx"] {
            let said = refused(at, line);
            assert!(
                said.contains("give each act a row of its own; use these columns: ref,date,actor")
                    && said.contains("or write headings such as Date, Country, Against, Measure and Number above the columns")
                    && !said.contains("--review"),
                "{said}"
            );
        }
    }
}

#[test]
fn rows_that_repeat_others_are_said_in_the_proposal() {
    let row = "2018-03-26,USA,Russia,protest\n";
    let folder = SheetFolder::with(format!("Date,Country,Against,Measure\n{row}{row}"));
    let at = folder.at();
    let said = folder.refused();
    let expected =
        "1 action repeats another and is not added twice, the first in row 3, as in row 2: where they are two, give each a ref\n";
    assert!(said.contains(expected), "{said}");
    assert!(folder.done().contains("1 action and 0 links added"));
    folder.edit("rows", ",2,1,yes,,,", ",2,1,yes,,a,");
    folder.edit("rows", ",3,1,yes,,,", ",3,1,yes,,b,");
    assert!(done(at, "import x.csv --review r.csv --add").contains("2 actions and 0 links added"));
}

#[test]
fn the_words_of_sheets_are_understood_in_a_review_and_in_a_workbook_of_recips_own() {
    for (kind, stage, expected) in some(
        3,
        [
            ("Ausweisung", "", "expulsion 60"),
            ("PNG", "", "expulsion 60"),
            ("persona non grata", "", "expulsion 60"),
            ("высылка", "", "expulsion 60"),
            ("Expelled", "angekündigt", "expulsion 60 announced"),
            ("expulsion", "gedroht", "expulsion 60 threatened"),
            ("expulsion", "Planned", "expulsion 60 announced"),
        ],
    ) {
        let folder = SheetFolder::proposed("Date,Country,Against,Measure,Number\n2018-03-26,USA,Russia,hello,60\n");
        let at = folder.at();
        folder.edit("rows", ",2,1,ask,there is no kind 'hello'", ",2,1,yes,");
        folder.edit("rows", ",hello,60,,", &format!(",{kind},60,{stage},"));
        folder.done();
        let of_row = |at: &std::path::Path| {
            let csv = crate::support::ok(at, &["-f", "l.db", "export", "csv"]);
            let cells: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
            format!("{} {} {}", cells[4], cells[5], cells[7]).trim_end_matches(" done").to_owned()
        };
        assert_eq!(of_row(at), expected, "{kind}");
        write(at, "own.csv", format!("date,actor,target,kind,count,stage\n2018-03-26,USA,RUS,{kind},60,{stage}\n"));
        std::fs::remove_file(at.join("l.db")).unwrap();
        done(at, "import own.csv");
        assert_eq!(of_row(at), expected, "{kind}");
    }
    let folder = SheetFolder::proposed("Date,Country,Against,Measure,Number\n2018-03-26,USA,Russia,hello,60\n");
    folder.edit("words", "kind,hello,,", "kind,hello,Ausweisung,");
    folder.done();
    assert_eq!(folder.acts(), ["2018-03-26 USA RUS expulsion 60"]);
    folder.edit("words", "kind,hello,Ausweisung,", "kind,hello,expulsions postponed,");
    let said = folder.refused();
    assert!(said.contains("there is no kind 'expulsions postponed', which the words give for 'hello'; did you mean expulsion?"), "{said}");
}

#[test]
fn a_row_for_each_person_is_counted_if_the_review_says_so() {
    let row = |name: &str| format!("{name},USA,Russia,expulsion,2018-03-26\n");
    let sheet = format!("Name,Country,Against,Measure,Date\n{}{}{}", row("Ivanov"), row("Petrov"), row("Sidorov"));
    let folder = SheetFolder::proposed(sheet);
    folder.edit("columns", ",,,count,,", ",,,count,(rows),");
    let said = folder.done();
    assert!(said.contains("left out 2 rows"), "{said}");
    assert_eq!(folder.acts(), ["2018-03-26 USA RUS expulsion 3"]);
}

#[test]
fn a_row_that_was_corrected_and_is_still_asked_says_so() {
    let folder = SheetFolder::proposed("Date,Country,Against,Measure,Number\n2018-03-26,Ruritania,,expulsion,60\n");
    folder.edit("rows", ",Ruritania,,expulsion", ",AUT,RUS,expulsion");
    let said = folder.refused();
    assert!(said.contains("row 2: asked: it was corrected, and its column 'take' still says ask: write yes to import it"), "{said}");
    // What is still open is what is about the other cells.
    let folder = SheetFolder::proposed("Date,Country,Against,Measure,Number\n2018-03-26,Ruritania,Atlantis,hello,up to 5\n");
    folder.edit("rows", ",Ruritania,Atlantis,hello,,", ",AUT,Atlantis,protest,,");
    let said = folder.refused();
    assert!(said.contains("row 2: asked: there is no party 'Atlantis'; count: 'up to 5' is not a count\n"), "{said}");
}

#[test]
fn a_review_is_written_as_a_workbook_or_as_csv_only() {
    let folder = SheetFolder::with(SHEET);
    let at = folder.at();
    for name in ["r.ods", "r.xls", "r"] {
        let said = refused(at, &format!("import x.csv --review {name}"));
        assert!(said.contains("help: give a name that ends in .xlsx or .csv") && !at.join(name).exists(), "{said}");
    }
}

#[test]
fn refs_are_found_by_their_numbers() {
    let sheet =
        "Ref,Date,Country,Against,Measure,In response to\n11,2018-03-26,USA,Russia,protest,\n13,2018-03-29,Russia,USA,protest,No. 11\n";
    let folder = SheetFolder::proposed(sheet);
    let said = folder.done();
    assert!(said.contains("2 actions and 1 link added"), "{said}");
}

#[test]
fn a_row_that_no_ledger_takes_is_named_as_the_row_of_its_sheet() {
    let folder = folder();
    let at = folder.path();
    write(at, "x.xlsx", super::sheets::texts("Sheet1", &["Date | Country | Against | Measure", "2018-03-26 | USA | Russia | protest"]));
    refused(at, "import x.xlsx --review r.csv");
    edit(at, "r.csv", ",USA,RUS,protest", ",USA,Atlantis,protest");
    let said = refused(at, "import x.xlsx --review r.csv");
    assert!(said.contains("r.csv, the line of the sheet 'Sheet1', row 2, column target: "), "{said}");
}

#[test]
fn a_count_that_is_left_out_is_said() {
    let sheet = "Date,Country,Against,Measure,Number,Other\n2018-03-26,USA,Russia,expulsion,60,48\n2018-03-27,UK,Russia,expulsion,23,7\n";
    let folder = SheetFolder::proposed(sheet);
    let said = folder.done();
    assert!(said.contains("left out the column F Other, which has numbers: if they count acts, give each act a row of its own"), "{said}");
    let sheet = "Date,Country,Against,Measure,Category\n2018-03-26,USA,Russia,expulsion,sanction\n2018-03-27,UK,Russia,expulsion,closure\n";
    let folder = SheetFolder::proposed(sheet);
    let said = folder.done();
    let expected = "left out the column E Category, which has kinds of acts: if these are the kinds of the rows, write kind as its meaning, and \
                    nothing as the meaning of the column that is the kind now\n";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn several_acts_in_a_row_and_an_unknown_kind_have_a_way_out() {
    let folder =
        SheetFolder::with("Date,Country,Against,Measure,Diplomats expelled,Staff expelled\n2018-03-26,USA,Russia,expulsion,60,3\n");
    let said = refused(folder.at(), "import x.csv --dry-run");
    let expected = "write count as the meaning of one; what the others have is left out, unless you give each act a row of its own";
    assert!(said.contains(expected), "{said}");
    let folder = SheetFolder::with("Date,Country,Against,Number,Response\n2018-03-26,USA,Russia,60,yes\n");
    let said = refused(folder.at(), "import x.csv --dry-run");
    assert!(said.contains("every row: kind = ? (of which kind are these rows?)"), "{said}");
}
