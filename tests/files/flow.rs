//! The way of a sheet into the ledger: proposal, review, map, and the same sheet again. Each piece of advice is followed as it is given.

use super::sheet_folder::{SheetFolder, acts, advised, done, edit, folder, refused, take, text, write};
use super::sheets::{open_document, write as write_lines};
use crate::support::{left_out, ok, run, some};

const HEADER: &str = "Date,Country,Against,Measure,Number,Remark\n";

#[test]
fn a_date_that_was_corrected_in_a_sheet_that_comes_again_is_asked() {
    let folder = folder();
    let at = folder.path();
    let row = |day: &str, country: &str| format!("2018-03-{day},{country},Russia,expulsion,4,\n");
    let others = row("26", "USA");
    write(at, "x.csv", format!("{HEADER}{others}{}", row("26", "Germany")));
    refused(at, "import x.csv");
    done(at, "import x.csv --review x.review.xlsx --map m");
    // A new act of another party is added at once.
    write(at, "x.csv", format!("{HEADER}{others}{}{}", row("26", "Germany"), row("27", "Italy")));
    assert!(done(at, "import x.csv").contains("1 action and 0 links added"));
    write(at, "x.csv", format!("{HEADER}{others}{}{}", row("27", "Germany"), row("27", "Italy")));
    let said = refused(at, "import x.csv");
    let expected = "the row resembles the action 2018-03-26-deu-rus-expulsion, which no row of the file repeats: it has another value of date: '2018-03-26' there, '2018-03-27' here; help: ";
    assert!(said.contains(expected) && said.contains("--update corrects that action, --add adds another"), "{said}");
    assert!(done(at, "import x.csv --update").contains("date: 2018-03-26 -> 2018-03-27"));
    let read = ["2018-03-26 USA RUS expulsion 4", "2018-03-27 DEU RUS expulsion 4", "2018-03-27 ITA RUS expulsion 4"];
    assert_eq!(acts(at), read);
    assert!(done(at, "import x.csv").contains("0 actions and 0 links added; 3 already in the ledger"));
    // Of two new rows neither is known to be the one that was corrected.
    write(at, "x.csv", format!("{HEADER}{others}{}{}{}", row("28", "Germany"), row("29", "Germany"), row("27", "Italy")));
    for line in ["import x.csv", "import x.csv --update"] {
        assert!(refused(at, line).contains("if it is that action, or give --add to add another"));
    }
    assert!(done(at, "import x.csv --add").contains("2 actions and 0 links added"));
    // A sheet that repeats nothing does not come again, but goes on.
    write(at, "y.csv", format!("{HEADER}2018-04-26,USA,Russia,expulsion,4,\n"));
    assert!(done(at, "import y.csv").contains("1 action and 0 links added"));
}

#[test]
fn a_country_that_was_corrected_in_a_sheet_that_comes_again_is_asked() {
    let folder = folder();
    let at = folder.path();
    let row = |country: &str, count: u32| format!("2018-03-26,{country},Russia,expulsion,{count},\n");
    let others = row("USA", 60) + &row("Italy", 1);
    write(at, "x.csv", format!("{HEADER}{others}{}", row("Estonia", 1)));
    refused(at, "import x.csv");
    done(at, "import x.csv --review x.review.xlsx --map m");
    write(at, "x.csv", format!("{HEADER}{others}{}", row("Latvia", 1)));
    let said = refused(at, "import x.csv");
    let expected = "column actor: the row resembles the action 2018-03-26-est-rus-expulsion, which no row of the file repeats: it has another value of actor: 'EST' there, 'LVA' here; help: --update corrects that action, --add adds another";
    assert!(said.contains(expected), "{said}");
    assert!(done(at, "import x.csv --update").contains("actor: EST -> LVA"));
    assert_eq!(acts(at), ["2018-03-26 LVA RUS expulsion 1", "2018-03-26 ITA RUS expulsion 1", "2018-03-26 USA RUS expulsion 60"]);
    // A new country beside all others is added at once.
    write(at, "x.csv", format!("{HEADER}{others}{}{}", row("Latvia", 1), row("Lithuania", 1)));
    assert!(done(at, "import x.csv").contains("1 action and 0 links added; 3 already in the ledger"));
}

#[test]
fn a_workbook_of_a_ledger_with_another_heading_is_read_without_its_reports() {
    let folder = folder();
    let at = folder.path();
    let mut book = rust_xlsxwriter::Workbook::new();
    let actions = ["ref | date | who acts | target | kind | count", "a | 2018-03-26 | USA | RUS | expulsion | =60"];
    let report = ["date | country | open", "2018-03-26 | Russia | =60"];
    for (name, lines) in
        [("Actions", actions), ("Links", report), ("Sources", report), ("Unanswered", report), ("Balance", report), ("Pending", report)]
    {
        write_lines(book.add_worksheet().set_name(name).unwrap(), &lines);
    }
    write(at, "x.xlsx", book.save_to_buffer().unwrap());
    let said = refused(at, "import x.xlsx");
    assert!(said.contains("left out: the sheet 'Links', which an export writes beside the actions\n"), "{said}");
    assert!(said.contains("1 action to import, 0 rows asked, 0 rows left out"), "{said}");
}

const ANSWERED: &str = "Country,Expelled,Date,Reply by Russia,Date of reply
Norway,3,06.04.2022,3,28.04.2022
Germany,40,14.04.2022,40,25.04.2022
";

#[test]
fn the_date_of_an_act_that_was_answered_is_corrected() {
    for others in ["", "Germany,40,14.04.2022,40,25.04.2022\n"] {
        for again in some(3, ["import x.csv", "import x.csv --map m", "import x.csv --review s.csv --map m"]) {
            let folder = SheetFolder::proposed(ANSWERED.replace("Germany,40,14.04.2022,40,25.04.2022\n", others));
            let at = folder.at();
            folder.keep_map();
            edit(at, "x.csv", "06.04", "07.04");
            if again.contains("s.csv") {
                refused(at, again);
            }
            let said = refused(at, again);
            assert!(said.contains("--update corrects that action, --add adds another"), "{again}: {said}");
            done(at, &format!("{again} --update"));
            let of_norway: Vec<String> = acts(at).into_iter().filter(|act| act.contains("NOR")).collect();
            assert_eq!(of_norway, ["2022-04-07 NOR RUS expulsion 3", "2022-04-28 RUS NOR expulsion 3"], "{again}");
            assert!(ok(at, &["-f", "l.db", "report", "unanswered"]).contains("Nothing is open"));
        }
    }
}

#[test]
fn an_answer_whose_date_and_count_were_corrected_is_asked() {
    let folder = SheetFolder::proposed(ANSWERED);
    let at = folder.at();
    folder.keep_map();
    edit(at, "x.csv", "3,28.04", "2,29.04");
    let said = refused(at, "import x.csv");
    assert!(said.contains("the row resembles the action 2022-04-28-rus-nor-expulsion, which no row of the file repeats"), "{said}");
    done(at, "import x.csv --update");
    assert_eq!(acts(at).into_iter().filter(|act| act.contains("RUS NOR")).collect::<Vec<_>>(), ["2022-04-29 RUS NOR expulsion 2"]);
}

#[test]
fn the_ref_that_tells_rows_apart_is_written_into_a_review() {
    let folder = SheetFolder::proposed(ANSWERED);
    let at = folder.at();
    folder.keep_map();
    write(at, "x.csv", format!("{}Germany,5,14.04.2022,,\n", ANSWERED.replace("Germany,40", "Germany,41")));
    let said = refused(at, "import x.csv");
    let expected = "2 rows resemble the action 2022-04-14-deu-rus-expulsion; help: give each that is another action a ref of its own, in the \
                    review that --review FILE writes, or give --add to add all of them";
    assert!(said.contains(expected), "{said}");
    let command = advised(&refused(at, "import x.csv --review s.csv"));
    edit(at, "s.csv", ",4,1,yes,,,", ",4,1,yes,,DEU-2,");
    let said = done(at, &command);
    assert_eq!(
        acts(at).into_iter().filter(|act| act.contains("DEU RUS")).collect::<Vec<_>>(),
        ["2022-04-14 DEU RUS expulsion 41", "2022-04-14 DEU RUS expulsion 5"],
        "{said}"
    );
}

#[test]
fn a_map_says_how_it_reads_dates_of_two_readings() {
    let folder = folder();
    let at = folder.path();
    let sheet = |date: &str| format!("{HEADER}{date},USA,Russia,expulsion,60,\n");
    write(at, "x.csv", sheet("26/03/2018"));
    refused(at, "import x.csv");
    assert!(!done(at, "import x.csv --review x.review.xlsx --map m").contains("as the map says"));
    write(at, "y.csv", sheet("03/04/2018"));
    let said = done(at, "import y.csv");
    assert!(said.contains("y.csv: read by the map 'm'; dates are read day first, as the map says\n"), "{said}");
    assert_eq!(acts(at)[1], "2018-04-03 USA RUS expulsion 60");
    write(at, "z.csv", sheet("27/04/2018"));
    assert!(done(at, "import z.csv").contains("z.csv: read by the map 'm'\n"));
    // What the command line says precedes the map, and is refused beside a review that shows the dates otherwise.
    write(at, "y.csv", sheet("05/06/2018"));
    let said = done(at, "import y.csv --dates mdy");
    assert!(
        said.contains("y.csv: the dates in A Date are read month first, as --dates says, and not day first, as the map says\n"),
        "{said}"
    );
    assert!(said.contains("y.csv: read by the map 'm'\n") && acts(at).contains(&"2018-05-06 USA RUS expulsion 60".to_owned()), "{said}");
    assert!(!done(at, "import y.csv --dates mdy").contains("as the map says\ny.csv: read by the map 'm'; dates"));
    let said = refused(at, "import x.csv --review x.review.xlsx --dates mdy");
    let expected =
        "cannot read the column A Date: the review reads its dates with the order dmy, and --dates says mdy\nhelp: leave out --dates";
    assert!(said.contains(expected), "{said}");
    done(at, "import x.csv --review x.review.xlsx --dates dmy");
    done(at, "import x.csv --review x.review.xlsx");
}

#[test]
fn a_column_that_was_empty_is_asked_once_it_is_filled() {
    let folder = folder();
    let at = folder.path();
    let sheet = |reply: &str| format!("Date,Country,Against,Measure,Number,Reply\n2018-03-26,USA,Russia,expulsion,60,{reply}\n");
    write(at, "x.csv", sheet(""));
    refused(at, "import x.csv");
    done(at, "import x.csv --review x.review.xlsx --map m");
    write(at, "x.csv", sheet("58 expelled"));
    assert!(refused(at, "import x.csv").contains("row 2: asked: what does the column 'Reply' mean?"));
}

#[test]
fn rows_without_a_ref_are_told_apart_by_their_content() {
    let folder = folder();
    let at = folder.path();
    let row = |count: &str, remark: &str| format!("2018-03-26,USA,Russia,expulsion,{count},{remark}\n");
    let [a, b] = [row("60", "embassy"), row("12", "UN")];
    write(at, "x.csv", format!("{HEADER}{a}{b}"));
    refused(at, "import x.csv");
    done(at, "import x.csv --review x.review.xlsx --map m");
    // However the rows are sorted, and whatever is deleted or inserted, each stays the act that it was.
    for (rows, expected) in [
        (b.clone(), "0 actions and 0 links added; 1 already in the ledger"),
        (format!("{b}{a}"), "0 actions and 0 links added; 2 already in the ledger"),
        (format!("{b}{}{a}", row("5", "new")), "1 action and 0 links added; 2 already in the ledger"),
        (format!("{}{a}{b}", row("7", "new")), "0 actions and 0 links added; 1 corrected; 2 already in the ledger"),
    ] {
        write(at, "x.csv", format!("{HEADER}{rows}"));
        assert!(done(at, "import x.csv").contains(expected), "{rows}");
    }
    assert_eq!(acts(at), ["2018-03-26 USA RUS expulsion 60", "2018-03-26 USA RUS expulsion 12", "2018-03-26 USA RUS expulsion 7"]);
    // Two rows that changed at once could each be either.
    write(at, "x.csv", format!("{HEADER}{}{}{b}", row("61", "embassy"), row("8", "new")));
    assert!(refused(at, "import x.csv").contains("the row resembles 2 actions of the ledger"));
}

#[test]
fn an_act_that_the_ledger_has_is_recognised_or_asked_about() {
    for (own, expected) in [
        ("--ref EXP-1", "0 actions and 0 links added; 1 already in the ledger"),
        ("--summary by-hand", "0 actions and 0 links added; 1 already in the ledger"),
        ("--place Washington", "0 actions and 0 links added; 1 already in the ledger"),
    ] {
        let folder = folder();
        let at = folder.path();
        done(at, &format!("log USA RUS expulsion 60 --on 2018-03-26 {own}"));
        write(at, "x.csv", "Date,Country,Against,Measure,Number\n2018-03-26,USA,Russia,expulsion,60\n");
        assert!(take(at, "import x.csv").contains(expected), "{own}");
        write(at, "y.csv", format!("{HEADER}2018-03-26,USA,Russia,expulsion,48,second list\n"));
        let asked = refused(at, &advised(&refused(at, "import y.csv")));
        assert!(asked.contains("y.review.xlsx, row 2, column count: the row resembles the action"), "{asked}");
        assert!(asked.contains("--update corrects that action, --add adds another"), "{asked}");
        assert!(done(at, "import y.csv --review y.review.xlsx --update").contains("count: 60 -> 48"));
        assert_eq!(acts(at), ["2018-03-26 USA RUS expulsion 48"]);
    }
}

#[test]
fn answers_find_the_act_of_their_row_whatever_its_ref() {
    let folder = folder();
    let at = folder.path();
    done(at, "log USA RUS expulsion 60 --on 2018-03-26 --ref EXP-1");
    let sheet = "Country,Expelled,Date,Reply by Russia,Reply date\nUSA,60,2018-03-26,60,2018-03-29\nFrance,4,2018-03-26,4,2018-03-30\n";
    write(at, "x.csv", sheet);
    refused(at, "import x.csv");
    let first = done(at, "import x.csv --review x.review.xlsx --map m");
    assert!(first.contains("3 actions and 2 links added; 1 already in the ledger"), "{first}");
    write(at, "x.csv", sheet.replace("France,4,2018-03-26,4", "France,5,2018-03-26,5"));
    let corrected = done(at, "import x.csv");
    assert!(corrected.contains("0 actions and 0 links added; 2 corrected; 2 already in the ledger"), "{corrected}");
    assert!(ok(at, &["-f", "l.db", "report", "unanswered"]).contains("Nothing is open"));
}

#[test]
fn rows_that_repeat_another_are_named() {
    let folder = folder();
    write(folder.path(), "a.csv", "date,actor,target,kind\n2018-03-26,USA,RUS,protest\n2018-03-26,USA,RUS,protest\n");
    let said = done(folder.path(), "import a.csv");
    assert!(said.contains("a.csv:3: it repeats a.csv:2, and both are one action"), "{said}");
}

#[test]
fn a_row_without_a_ref_repeats_one_with_a_ref_in_one_file_as_in_several() {
    let header = "ref,date,actor,target,kind,count\n";
    let (named, bare) = ("E-1,2018-03-26,DEU,RUS,expulsion,4\n", ",2018-03-26,DEU,RUS,expulsion,4\n");
    let other = "E-2,2018-03-26,FRA,RUS,expulsion,4\n";
    for imports in [&["both.csv"][..], &["named.csv bare.csv"], &["named.csv", "bare.csv"], &["other.csv", "both.csv"]] {
        let folder = folder();
        let at = folder.path();
        for (name, rows) in [("both.csv", [named, bare].concat()), ("named.csv", named.to_owned()), ("bare.csv", bare.to_owned())] {
            write(at, name, format!("{header}{rows}"));
        }
        write(at, "other.csv", format!("{header}{other}"));
        let said: String = imports.iter().map(|files| done(at, &format!("import {files}"))).collect();
        let act = "2018-03-26 DEU RUS expulsion 4";
        assert_eq!(acts(at).iter().filter(|a| *a == act).count(), 1, "{imports:?}: {said}");
    }
    // A count that the first act does not have, or a ref, makes it another act.
    let folder = folder();
    let at = folder.path();
    write(at, "two.csv", format!("{header}{named},2018-03-26,DEU,RUS,expulsion,5\nE-3,2018-03-26,DEU,RUS,expulsion,4\n"));
    done(at, "import two.csv");
    assert_eq!(acts(at).len(), 3);
}

#[test]
fn a_map_does_not_carry_what_another_title_fixed() {
    let sheet = |title: &str, country: &str| format!("{title}\nCountry,Date,Number\n{country},2018-03-26,4\n");
    for (title, asked) in [
        ("Closures of US consulates", "'Closures of US consulates' says USA"),
        ("Expulsions of diplomats of Iran", "says IRN"),
        ("Overview", "nothing in this sheet says so"),
    ] {
        let folder = SheetFolder::with(sheet("Expulsions of Russian diplomats", "Germany"));
        let at = folder.at();
        refused(at, "import x.csv");
        done(at, "import x.csv --review x.review.xlsx --map m");
        write(at, "y.csv", sheet(title, "China"));
        let said = refused(at, "import y.csv");
        assert!(said.contains("the map has RUS from 'Expulsions of Russian diplomats'") && said.contains(asked), "{title}: {said}");
        assert!(said.contains("the map 'm' leaves 1 row open"), "{said}");
        write(at, "z.csv", sheet("Expulsions of Russian diplomats", "France"));
        assert!(done(at, "import z.csv").contains("z.csv: read by the map 'm'"));
        assert_eq!(folder.acts().len(), 2);
    }
}

#[test]
fn the_code_book_belongs_to_the_review_and_to_the_map() {
    for (first, second) in [("--codes cow ", ""), ("", " --codes cow"), ("--codes cow ", " --codes cow")] {
        let folder = SheetFolder::with("Datum;Actor;Target;Measure\n2010-03-26;AUS;SLV;protest\n");
        let at = folder.at();
        refused(at, &format!("import {first}x.csv"));
        done(at, &format!("import x.csv --review x.review.xlsx --map m{second}"));
        assert!(folder.again().contains("0 actions and 0 links added; 1 already in the ledger"));
        assert_eq!(folder.acts(), ["2010-03-26 AUT SVN protest"]);
        assert!(ok(at, &["-f", "l.db", "export", "csv"]).contains("2010-03-26-aut-svn-protest"));
    }
}

#[test]
fn the_command_that_gives_a_review_back_works_as_it_is_written() {
    let cyrillic = encoding_rs::WINDOWS_1251.encode("Дата,Кто,Против,Мера\n2018-03-26,Россия,Украина,протест\n").0.into_owned();
    let plain = b"Date,Country,Against,Measure\n2018-03-26,Russia,Ukraine,protest\n".to_vec();
    for (file, bytes, line) in [
        ("in.csv", cyrillic, "import in.csv --encoding windows-1251"),
        ("sheet", plain.clone(), "import sheet --format csv"),
        ("s.csv", plain.clone(), "import - < s.csv"),
        ("two words.csv", plain, "import"),
    ] {
        let folder = folder();
        let at = folder.path();
        write(at, file, bytes);
        if file.contains(' ') {
            let output = run(at, &["-f", "l.db", "import", file]);
            assert!(String::from_utf8_lossy(&output.stderr).contains("recip import 'two words.csv' --review 'two words.review.xlsx'"));
            continue;
        }
        let command = advised(&refused(at, line));
        let input = if line.contains('<') { " < s.csv" } else { "" };
        done(at, &format!("{command}{input}"));
        assert_eq!(acts(at), ["2018-03-26 RUS UKR protest"]);
    }
}

#[test]
fn a_sheet_that_changed_keeps_what_its_review_says_of_columns_and_words() {
    let folder = SheetFolder::with("Date,Country,Against,Measure,Number\n04/03/2018,Ruritania,Russia,expulsion,60\n");
    let at = folder.at();
    refused(at, "import x.csv --review x.review.csv");
    edit(at, "x.review-columns.csv", ",A,Date,date,,", ",A,Date,date,dmy,");
    edit(at, "x.review-words.csv", "party,Ruritania,,", "party,Ruritania,ROU,");
    edit(at, "x.csv", "60\n", "60\n05/03/2018,France,Russia,expulsion,4\n");
    let said = refused(at, "import x.csv --review x.review.csv");
    assert!(said.contains("x.review.csv was made for an earlier state of it; its columns and words were taken over"), "{said}");
    assert!(said.contains("2 actions to import, 0 rows asked"), "{said}");
    done(at, &advised(&said));
    assert_eq!(folder.acts(), ["2018-03-04 ROU RUS expulsion 60", "2018-03-05 FRA RUS expulsion 4"]);
    // A file with other headings is another file.
    folder.write("When,Country,Against,Measure\n2018-03-04,France,Russia,protest\n");
    let said = refused(at, "import x.csv --review x.review.csv");
    assert!(said.contains("or the headings of x.csv have changed"), "{said}");
    assert!(refused(at, "import x.csv").contains("wrote the proposal to x.review.xlsx"));
}

#[test]
fn a_map_that_leaves_rows_open_says_so_and_keeps_older_reviews() {
    let folder = SheetFolder::with(format!("{HEADER}2018-03-26,USA,Russia,expulsion,60,\n"));
    let at = folder.at();
    refused(at, "import x.csv");
    done(at, "import x.csv --review x.review.xlsx --map m");
    edit(at, "x.csv", "60,\n", "60,\n2018-03-27,Ruritania,Russia,expulsion,2,\n");
    let first = refused(at, "import x.csv --review x.review-2.csv");
    assert!(first.contains("the map 'm' leaves 1 row open") && first.contains("wrote the proposal to x.review-2.csv"), "{first}");
    let again = refused(at, "import x.csv");
    assert!(again.contains("wrote the proposal to x.review-2.xlsx"), "{again}");
    assert!(refused(at, "import x.csv").contains("x.review-2.xlsx is its proposal already"));
    edit(at, "x.review-2-words.csv", "party,Ruritania,,", "party,Ruritania,ROU,");
    done(at, "import x.csv --review x.review-2.csv");
    assert_eq!(folder.acts().len(), 2);
}

#[test]
fn what_a_ledger_refuses_is_asked_in_the_proposal() {
    for (row, why) in [
        ("№ 14,2022-03-30,Germany,Russia,expulsion,40", "write it like 14"),
        ("candidate-1,2022-03-30,Germany,Russia,expulsion,40", "this names a candidate"),
        ("1.2E+10,2022-03-30,Germany,Russia,expulsion,40", "a spreadsheet turned it into a rounded number"),
        ("12 b,2022-03-30,Germany,Russia,expulsion,40", "write it like 12-b"),
        ("1,2022-03-30,Germany,Germany,protest,", "the same party, DEU"),
    ] {
        let folder = SheetFolder::with(format!("Nr,Date,Country,Against,Measure,Number\n{row}\n0,2022-03-30,France,Russia,expulsion,4\n"));
        let at = folder.at();
        let said = refused(at, "import x.csv --review x.review.csv");
        assert!(said.contains(why) && said.contains("1 action to import, 1 row asked"), "{row}: {said}");
    }
    let folder = SheetFolder::with("Country,Expelled,Date,Reply by Russia,Reply date\nUSA,60,2018-03-26,60,2018-03-20\n");
    let at = folder.at();
    assert!(refused(at, "import x.csv").contains("the answer is dated 2018-03-20, before the act that it answers (2018-03-26)"));
}

#[test]
fn a_row_that_was_decided_stays_decided_as_long_as_its_cells_are_the_same() {
    let [usa, left_out, corrected, new] = [
        "26,USA,Russia,expulsion,60",
        "27,Ruritania,Russia,expulsion,2",
        "28,Italy,Russia,expulsion,up to 3",
        "29,France,Russia,expulsion,4",
    ];
    // The rows have no ids, ids of their own, or numbers.
    for id in some(3, ["", "Ref,", "#,"]) {
        let sheet = |rows: &[&str]| {
            let line = |(at, row): (usize, &&str)| match id {
                "Ref," => format!("a-{},2018-03-{row}\n", &row[..2]),
                "#," => format!("{},2018-03-{row}\n", at + 1),
                _ => format!("2018-03-{row}\n"),
            };
            format!("{id}Date,Country,Against,Measure,Number\n{}", rows.iter().enumerate().map(line).collect::<String>())
        };
        let folder = SheetFolder::proposed(sheet(&[usa, left_out, corrected]));
        let at = folder.at();
        folder.edit("rows", ",3,1,ask,", ",3,1,no,");
        folder.edit("rows", ",4,1,ask,", ",4,1,yes,");
        folder.edit("rows", "ITA,RUS,expulsion,,", "ITA,RUS,expulsion,2,");
        folder.edit("rows", "USA,RUS,expulsion,60,", "USA,RUS,expulsion,59,");
        let said = folder.keep_map();
        assert!(said.contains("kept the columns, the words and 3 decisions on single rows as the map 'm'"), "{said}");
        let mut expected = vec!["2018-03-26 USA RUS expulsion 59", "2018-03-28 ITA RUS expulsion 2"];
        assert_eq!(folder.acts(), expected, "{id}");
        // The sheet grows, and is sorted anew.
        for (line, rows) in
            [("import x.csv", vec![usa, left_out, corrected, new]), ("import x.csv --map m", vec![new, corrected, left_out, usa])]
        {
            folder.write(sheet(&rows));
            let said = done(at, line);
            assert!(said.contains("x.csv: 3 rows were decided in an earlier review\n"), "{said}");
            assert!(said.contains("x.csv: left out 1 row\n"), "{said}");
            if expected.len() == 2 {
                expected.push("2018-03-29 FRA RUS expulsion 4");
            }
            assert_eq!(folder.acts(), expected, "{id}");
        }
        // A row that is asked for the first time makes a review, which keeps what was decided.
        let asked = "30,Spain,Russia,expulsion,up to 5";
        folder.write(sheet(&[new, corrected, left_out, usa, asked]));
        let command = advised(&refused(at, "import x.csv --review again.csv"));
        edit(at, "again.csv", ",6,1,ask,", ",6,1,no,");
        let said = done(at, &command);
        assert!(said.contains("4 decisions on single rows"), "{said}");
        assert_eq!(folder.acts(), expected, "{id}");
        assert!(folder.again().contains("x.csv: 4 rows were decided in an earlier review\n"));
        assert_eq!(folder.acts(), expected, "{id}");
        // A cell that changes is asked about again.
        folder.write(sheet(&[usa, "28,Italy,Russia,expulsion,up to 4"]));
        let said = refused(at, "import x.csv");
        assert!(said.contains("row 3: asked: count: 'up to 4' is not a count"), "{said}");
        assert!(said.contains("1 row was decided in an earlier review"), "{said}");
    }
}

#[test]
fn a_review_of_an_earlier_state_decides_the_rows_that_are_still_the_same() {
    let [usa, italy, spain, new] = [
        "26,USA,Russia,expulsion,60",
        "27,Italy,Russia,expulsion,up to 3",
        "28,Spain,Russia,expulsion,up to 2",
        "29,France,Russia,expulsion,4",
    ];
    let sheet = |rows: &[&str]| {
        format!("Date,Country,Against,Measure,Number\n{}", rows.iter().map(|row| format!("2018-03-{row}\n")).collect::<String>())
    };
    let folder = SheetFolder::proposed(sheet(&[usa, italy, spain]));
    folder.edit("rows", ",3,1,ask,", ",3,1,no,");
    folder.edit("rows", ",4,1,ask,", ",4,1,yes,");
    folder.edit("rows", "ESP,RUS,expulsion,,", "ESP,RUS,expulsion,2,");
    folder.edit("rows", "USA,RUS,expulsion,60,", "USA,RUS,expulsion,59,");
    folder.write(sheet(&[new, usa, italy, spain]));
    let said = folder.refused();
    assert!(said.contains("were taken over, and what it says of rows that are still the same"), "{said}");
    assert!(said.contains("x.csv: 3 rows were decided in an earlier review\n") && said.contains(" 0 rows asked"), "{said}");
    done(folder.at(), &advised(&said));
    let expected = ["2018-03-26 USA RUS expulsion 59", "2018-03-28 ESP RUS expulsion 2", "2018-03-29 FRA RUS expulsion 4"];
    assert_eq!(folder.acts(), expected);
    // A row that changed is asked again.
    folder.write(sheet(&[new, usa, "27,Italy,Russia,expulsion,up to 4", spain]));
    assert!(folder.refused().contains("1 row asked"), "{}", folder.refused());
}

#[test]
fn lines_that_a_person_added_to_a_row_and_rows_that_are_the_same_stay_decided_too() {
    let row = |country: &str| format!("2018-03-26,{country},Russia,expulsion,up to 3,\n");
    let folder = SheetFolder::proposed(format!("{HEADER}{}{}{}", row("USA"), row("USA"), row("Italy")));
    let at = folder.at();
    let review = text(at, "r.csv");
    let copy =
        review.lines().nth(3).unwrap().replace(",4,1,ask,", ",4,2,yes,").replace(",ITA,", ",ESP,").replace("expulsion,,", "expulsion,4,");
    write(
        at,
        "r.csv",
        format!("{review}{copy}\n").replace(",2,1,ask,", ",2,1,yes,").replace(",3,1,ask,", ",3,1,no,").replace(",4,1,ask,", ",4,1,yes,"),
    );
    folder.keep_map();
    let expected = ["2018-03-26 ESP RUS expulsion 4", "2018-03-26 ITA RUS expulsion", "2018-03-26 USA RUS expulsion"];
    let sorted = || {
        let mut acts = folder.acts();
        acts.sort();
        acts
    };
    assert_eq!(sorted(), expected);
    let said = folder.again();
    assert!(said.contains("3 rows were decided") && said.contains("0 actions and 0 links added; 3 already in the ledger"), "{said}");
    assert_eq!(sorted(), expected);
}

#[test]
fn a_fault_in_a_review_is_named_there() {
    let folder = SheetFolder::with("\nDate,Country,Against,Measure,Number\n\n2018-03-26,USA,Russia,expulsion,60\n");
    let at = folder.at();
    refused(at, "import x.csv --review x.review.csv");
    edit(at, "x.review.csv", ",RUS,", ",Ruritania,");
    let said = refused(at, "import x.csv --review x.review.csv");
    assert!(said.contains("x.review.csv, row 4, column target: there is no party 'Ruritania'"), "{said}");
    assert!(said.contains("x.review.csv: 1 error; nothing was changed"), "{said}");
    edit(at, "x.review.csv", ",Ruritania,", ",RUS,");
    // A line that was copied needs a number of its own.
    let review = text(at, "x.review.csv");
    let line = review.lines().last().unwrap();
    write(at, "x.review.csv", format!("{review}{}\n", line.replace("USA", "GBR")));
    assert!(refused(at, "import x.csv --review x.review.csv").contains("a line above has the row 4 with the part 1 too"));
    write(at, "x.review.csv", format!("{review}{}\n", line.replace("USA", "GBR").replace(",4,1,", ",4,2,")));
    done(at, "import x.csv --review x.review.csv");
    assert_eq!(folder.acts(), ["2018-03-26 GBR RUS expulsion 60", "2018-03-26 USA RUS expulsion 60"]);
    // Rows are counted as an editor counts them, whatever ends a line.
    write(
        at,
        "y.csv",
        "Date,Country,Against,Measure\r\n\r\n2018-03-26,USA,Ruritania,protest\r\n2018-03-26,\"USA\r\n\",Atlantis,protest\r\n",
    );
    let said = refused(at, "import y.csv");
    assert!(said.contains("row 3: asked: there is no party 'Ruritania'") && said.contains("row 4: asked"), "{said}");
    write(at, "y.csv", "Date,Country,Against,Measure\n2018-03-26,USA,\"Russia,protest\n2018-03-27,UK,Russia,protest\n");
    assert!(refused(at, "import y.csv").contains("the file ends within a quoted cell"));
}

#[test]
fn a_review_that_a_spreadsheet_saved_is_read() {
    if left_out("reviews that a spreadsheet saved") {
        return;
    }
    let german = |iso: &str| format!("{}.{}.{}", &iso[8..], &iso[5..7], &iso[..4]);
    let american = |iso: &str| format!("{}/{}/{}", iso[5..7].trim_start_matches('0'), iso[8..].trim_start_matches('0'), &iso[..4]);
    let british = |iso: &str| format!("{}/{}/{}", &iso[8..], &iso[5..7], &iso[..4]);
    let dates = ["2022-03-04", "2022-05-06", "2022-03-26"];
    for write_date in [&german as &dyn Fn(&str) -> String, &american, &british] {
        for (days, encoding) in [(3, None), (2, Some(encoding_rs::WINDOWS_1252))] {
            let folder = folder();
            let at = folder.path();
            let rows: String = dates[..days].iter().map(|date| format!("{date},USA,Russia,expulsion,60,Café\n")).collect();
            write(at, "x.csv", format!("{HEADER}{rows}"));
            refused(at, "import x.csv --review x.review.csv");
            let mut review = text(at, "x.review.csv");
            for date in &dates[..days] {
                review = review.replace(&format!(",{date},"), &format!(",{},", write_date(date)));
            }
            let review = review.trim_start_matches('\u{feff}');
            write(at, "x.review.csv", encoding.map_or(review.as_bytes().to_vec(), |encoding| encoding.encode(review).0.into_owned()));
            let options = encoding.map_or(String::new(), |encoding| format!(" --encoding {}", encoding.name()));
            done(at, &format!("import x.csv --review x.review.csv{options}"));
            let mut expected: Vec<String> = dates[..days].iter().map(|date| format!("{date} USA RUS expulsion 60")).collect();
            expected.sort();
            assert_eq!(acts(at), expected);
        }
    }
}

#[test]
fn a_proposal_of_nothing_says_so() {
    let folder = SheetFolder::with(HEADER);
    let at = folder.at();
    assert!(refused(at, "import x.csv").contains("there are no rows below its header"));
    folder.write(format!("{HEADER}2018-03-26,USA,Russia,expulsion,0,\n"));
    let said = refused(at, "import x.csv --review x.review.csv");
    assert!(said.contains("write yes in its column 'take' for the rows to import, and give it back"), "{said}");
    assert!(refused(at, "import x.csv --review x.review.csv").contains("the review leaves out every row"));
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_string(0, 0, "a").unwrap();
    write(at, "n.xlsx", book.save_to_buffer().unwrap());
    assert!(refused(at, "import n.xlsx").contains("no row of it is a header"));
    assert!(!at.join("n.review.xlsx").exists());
}

#[test]
fn a_table_of_recips_columns_and_others_is_proposed_on_request() {
    for (sheet, unknown) in [
        ("date,actor,target,kind,Number\n2018-03-26,USA,RUS,expulsion,60\n", "unknown column 'number'"),
        ("id,date,actor,target,kind,count\nX1,2018-03-26,USA,RUS,expulsion,60\n", "unknown column 'id'"),
        ("Expulsions 2018\nDate,Actor,Target,Count\n2018-03-26,USA,RUS,60\n", "the column 'kind' is missing"),
    ] {
        let folder = SheetFolder::with(sheet);
        let at = folder.at();
        let said = refused(at, "import x.csv");
        assert!(said.contains(unknown), "{said}");
        let command = advised(&said);
        assert_eq!(command, "import x.csv --review x.review.xlsx");
        refused(at, &command);
        done(at, &command);
        assert_eq!(folder.acts(), ["2018-03-26 USA RUS expulsion 60"]);
        assert_eq!(ok(at, &["-f", "l.db", "export", "csv"]).contains("\nX1,"), sheet.contains("X1"));
    }
}

#[test]
fn the_order_of_dates_holds_under_recips_own_header_too() {
    let folder = SheetFolder::with(
        "date,actor,target,kind\n04/03/2018,USA,RUS,protest\n2018-03-26 00:00:00,USA,RUS,protest\n43185,USA,DEU,protest\n",
    );
    let at = folder.at();
    assert!(refused(at, "import x.csv").contains("2018-03-04 or as 2018-04-03"));
    done(at, "import x.csv --dates dmy");
    assert_eq!(folder.acts(), ["2018-03-04 USA RUS protest", "2018-03-26 USA DEU protest", "2018-03-26 USA RUS protest"]);
}

#[test]
fn a_link_that_a_row_replaces_is_said() {
    let folder = folder();
    let at = folder.path();
    let sheet = "ref,date,actor,target,kind,count,answers\nB,2022-04-04,FRA,RUS,expulsion,35,\nC,2022-04-05,FRA,RUS,expulsion,6,\n\
                 D,2022-05-16,RUS,FRA,expulsion,34,B:30\n";
    write(at, "s.csv", sheet);
    done(at, "import s.csv");
    write(at, "s.csv", sheet.replace("B:30", "C"));
    for line in ["import s.csv --dry-run", "import s.csv"] {
        let said = done(at, line);
        assert!(said.contains("#3 answers #2: added\n#3 answers #1: kept"), "{said}");
        assert!(said.contains("'recip unlink 3 1' removes it"), "{said}");
    }
    done(at, "unlink 3 1");
    assert!(done(at, "import s.csv").contains("3 already in the ledger"));
    // A stated amount that does not fit is mended in the cell.
    write(at, "s.csv", sheet.replace("B:30", "C:36"));
    let said = refused(at, "import s.csv");
    assert!(said.contains("if the file has a row for D, write C:6 in its column answers"), "{said}");
    write(at, "s.csv", sheet.replace("B:30", "C:6"));
    done(at, "import s.csv");
}

#[test]
fn several_refs_in_a_cell_may_be_separated_as_people_do() {
    for between in [" | ", ";", ", "] {
        let folder = folder();
        let at = folder.path();
        let sheet = "ref,date,actor,target,kind,count,answers\n1,2018-03-26,USA,RUS,expulsion,60,\n3,2018-03-27,USA,RUS,expulsion,6,\n";
        write(at, "s.csv", format!("{sheet}4,2018-03-28,RUS,USA,expulsion,66,\"1{between}3\"\n"));
        assert!(done(at, "import s.csv").contains("3 actions and 2 links added"), "{between}");
    }
}

#[test]
fn refs_that_became_decimals_name_the_same_act() {
    let folder = folder();
    let at = folder.path();
    write(at, "a.csv", "ref,date,actor,target,kind,count,answers\n14,2018-03-26,USA,RUS,expulsion,60,\n");
    done(at, "import a.csv");
    write(
        at,
        "a.csv",
        "ref,date,actor,target,kind,count,answers\n14.0,2018-03-26,USA,RUS,expulsion,60.0,\n15.0,2018-03-29,RUS,USA,expulsion,60.0,14.0\n",
    );
    assert!(done(at, "import a.csv").contains("1 action and 1 link added; 1 already in the ledger"));
}

#[test]
fn links_behind_cells_are_sources_unless_they_name_a_party() {
    let folder = folder();
    let at = folder.path();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, cells) in (0..).zip([
        ["Date", "2018-03-26"],
        ["Country", ""],
        ["Against", "Russia"],
        ["Measure", "protest"],
        ["Headline", ""],
        ["Source", ""],
    ]) {
        sheet.write_string(0, column, cells[0]).unwrap();
        sheet.write_string(1, column, cells[1]).unwrap();
    }
    sheet.write_url_with_text(1, 1, "https://a.org/1", "USA").unwrap();
    sheet.write_url_with_text(1, 4, "https://b.org/2", "Envoy summoned").unwrap();
    sheet.write_url_with_text(1, 5, "https://c.org/5", "BBC, 26 March 2018").unwrap();
    write(at, "x.xlsx", book.save_to_buffer().unwrap());
    take(at, "import x.xlsx");
    assert!(ok(at, &["-f", "l.db", "export", "csv"]).contains("BBC, 26 March 2018 | https://c.org/5 | https://b.org/2"));
    assert!(!ok(at, &["-f", "l.db", "export", "csv"]).contains("https://a.org/1"));
    // In an OpenDocument file, in a column of sources and outside it.
    let cell = |text: &str| match text.strip_prefix("http") {
        Some(_) => format!(
            "<table:table-cell office:value-type=\"string\"><text:p><text:a xlink:href=\"{text}\">link</text:a></text:p></table:table-cell>"
        ),
        None if text.is_empty() => "<table:table-cell table:number-columns-repeated=\"2\"/>".to_owned(),
        None => format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"),
    };
    let row = |cells: &[&str]| format!("<table:table-row>{}</table:table-row>", cells.iter().map(|text| cell(text)).collect::<String>());
    let rows = row(&["Date", "Country", "Against", "Measure", "A", "B", "Headline", "Source"])
        + &row(&["2018-03-27", "USA", "Russia", "protest", "", "https://a.org/3?x=1&amp;y=2", "https://b.org/4"]);
    let content = format!(
        "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
         xmlns:xlink=\"http://www.w3.org/1999/xlink\"><office:body><office:spreadsheet><table:table table:name=\"S\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    write(at, "y.ods", open_document(&content));
    take(at, "import y.ods");
    assert!(ok(at, &["-f", "l.db", "export", "csv"]).contains("https://b.org/4 | https://a.org/3?x=1&y=2"));
}

#[test]
fn what_a_review_shows_of_a_kind_is_what_is_imported() {
    for (measure, row) in some(
        4,
        [
            ("Expelled 60 diplomats", "RUS,expulsion,60,,,"),
            ("40 Diplomaten ausgewiesen", "RUS,expulsion,40,,,"),
            ("renvoi de 4 diplomates", "RUS,expulsion,4,,,"),
            ("высылка 4 дипломатов", "RUS,expulsion,4,,,"),
            ("closed 2 consulates", "RUS,closure,2,,,"),
            ("closure of consulate in retaliation for expulsion", "RUS,closure,,,closure of consulate in retaliation for expulsion,"),
            ("Impose embargo", "RUS,embargo,,,Impose embargo,"),
            ("threatens to expel 5 officers", "RUS,expulsion,5,threatened,threatens to expel 5 officers,"),
        ],
    ) {
        for review in ["x.review.csv", "x.review.xlsx"] {
            let folder = SheetFolder::with(format!("Date,Country,Against,Measure\n2018-03-26,USA,Russia,{measure}\n"));
            let at = folder.at();
            refused(at, "import x.csv --review shown.csv");
            assert!(text(at, "shown.csv").contains(row), "{measure}: {}", text(at, "shown.csv"));
            refused(at, &format!("import x.csv --review {review}"));
            done(at, &format!("import x.csv --review {review} --map m"));
            let expected: Vec<&str> = row.split(',').collect();
            let csv = ok(at, &["-f", "l.db", "export", "csv"]);
            let mut stored = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
            let header = stored.next().unwrap();
            let act = stored.next().unwrap();
            for (name, cell) in ["target", "kind", "count", "stage", "summary"].iter().zip(&expected) {
                let cell = if *name == "stage" && cell.is_empty() { "done" } else { cell };
                let stored = header.iter().position(|column| column == name).map_or("", |column| act[column]);
                assert!(stored == cell || (cell == "done" && stored.is_empty()), "{measure}, {name}: {csv}");
            }
            assert!(folder.again().contains("0 actions and 0 links added; 1 already in the ledger"));
        }
    }
}

#[test]
fn two_columns_cannot_mean_the_same() {
    let folder = SheetFolder::proposed("Date,Country,Against,Expulsions,Closures\n2018-03-26,USA,Russia,60,1\n");
    let at = folder.at();
    let columns = text(at, "r-columns.csv");
    let meant = |line: &str, from: &str, meaning: &str| line.replace(&format!(",{from},?,"), &format!(",{from},{meaning},"));
    write(at, "r-columns.csv", meant(&meant(&columns, "Expulsions", "count"), "Closures", "count").replace(",kind,,", ",kind,expulsion,"));
    let said = folder.refused();
    assert!(said.contains("the column D Expulsions and the column E Closures both mean count"), "{said}");
    write(at, "r-columns.csv", meant(&meant(&columns, "Expulsions", "count"), "Closures", "").replace(",kind,,", ",kind,expulsion,"));
    folder.done();
    assert_eq!(folder.acts(), ["2018-03-26 USA RUS expulsion 60"]);
}

#[test]
fn a_table_of_a_feed_is_named() {
    let icews = "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget \
                 Sectors\tTarget Country\tStory ID\tSentence Number\n32889836\t2018-06-01\tForeign Affairs (Russia)\tGovernment\tRussian \
                 Federation\tExpel or deport individuals\t174\t-5.0\tUnited States\t\tUnited States\t1\t2\n";
    let polecat = "Event ID\tEvent Date\tEvent Type\tEvent Mode\tActor Name\tActor Country\tRecipient Name\tRecipient Country\n";
    let gdelt = (0..58).map(|at| match at {
        0 => "656930013".to_owned(),
        1 => "20170701".to_owned(),
        26 => "174".to_owned(),
        _ => String::new(),
    });
    let gdelt = gdelt.collect::<Vec<_>>().join("\t");
    for (file, text, feed) in [
        ("x.tab", icews.to_owned(), "icews"),
        ("x.csv", icews.replace('\t', ","), "icews"),
        ("p.txt", polecat.to_owned(), "polecat"),
        ("g.csv", format!("{gdelt}\n{gdelt}\n"), "gdelt"),
        ("g.tsv", "GLOBALEVENTID\tSQLDATE\tActor1CountryCode\tActor2CountryCode\tEventCode\n".to_owned(), "gdelt"),
    ] {
        let folder = folder();
        let at = folder.path();
        write(at, file, text);
        let said = refused(at, &format!("import {file}"));
        assert!(said.contains(&format!("this is a table of the feed {feed}")), "{file}: {said}");
        assert_eq!(advised(&said), format!("import --feed {feed} {file}"));
    }
}

#[test]
fn codes_that_are_numbers_name_the_sides() {
    for header in ["year,ccode1,ccode2,kind", "year,state1,state2,kind"] {
        let folder = SheetFolder::with(format!("{header}\n2018,2,365,protest\n"));
        let at = folder.at();
        refused(at, "import --codes cow x.csv");
        done(at, "import --codes cow x.csv --review x.review.xlsx");
        assert_eq!(folder.acts(), ["2018 USA RUS protest"]);
    }
}
