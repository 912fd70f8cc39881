//! What identifies a row: a ref that a spreadsheet changed, or that only numbers the rows, doubles no act and rewrites no other.

use super::sheet_folder::{acts, done, edit, folder, refused, write};

const HEADER: &str = "ref,date,actor,target,kind,count,note\n";

#[test]
fn a_ref_that_lost_its_zeros_is_asked() {
    let folder = folder();
    let at = folder.path();
    write(at, "a.csv", format!("{HEADER}014,2018-03-26,USA,RUS,expulsion,60,\n015,2018-03-27,GBR,RUS,expulsion,23,\n"));
    done(at, "import a.csv");
    write(at, "b.csv", format!("{HEADER}14,2018-03-26,USA,RUS,expulsion,60,\n15.0,2018-03-28,GBR,RUS,expulsion,24,\n"));
    let said = refused(at, "import b.csv");
    for (line, given, held) in [(2, "14", "014"), (3, "15.0", "015")] {
        let expected = format!(
            "b.csv:{line}, column ref: no action has the ref {given}, but the row is like the action {held}; help: write the ref {held} if it is that \
             action, or give --update to take it for that action, or --add to add another"
        );
        assert!(said.contains(&expected), "{said}");
    }
    let said = done(at, "import b.csv --update");
    assert!(said.contains("0 actions and 0 links added; 1 corrected; 1 already in the ledger"), "{said}");
    assert_eq!(acts(at), ["2018-03-26 USA RUS expulsion 60", "2018-03-28 GBR RUS expulsion 24"]);
    assert!(done(at, "import b.csv --update").contains("2 already in the ledger"));
}

#[test]
fn a_new_number_for_an_act_that_the_ledger_has_is_asked() {
    let folder = folder();
    let at = folder.path();
    let row = |reference: &str| format!("{reference},2018-03-26,USA,RUS,protest,,\n");
    write(at, "a.csv", format!("{HEADER}{}", row("101")));
    done(at, "import a.csv");
    write(at, "a.csv", format!("{HEADER}{}", row("102")));
    assert!(refused(at, "import a.csv").contains("no action has the ref 102, but the row is like the action 101"));
    // Beside the row of the other action it is another one.
    write(at, "a.csv", format!("{HEADER}{}{}", row("102"), row("101")));
    assert!(done(at, "import a.csv").contains("1 action and 0 links added; 1 already in the ledger"));
    write(at, "a.csv", format!("{HEADER}{}", row("103")));
    assert!(done(at, "import a.csv --add").contains("1 action and 0 links added"));
    // A ref in letters is no number that a spreadsheet changed: somebody gave it to another act.
    write(at, "a.csv", format!("{HEADER}{}", row("P-1")));
    assert!(done(at, "import a.csv").contains("1 action and 0 links added"));
    assert_eq!(acts(at).len(), 4);
}

#[test]
fn rows_that_are_numbered_anew_rewrite_no_other_act() {
    let folder = folder();
    let at = folder.path();
    let header = "No,Date,Country,Against,Measure,Number,Remark\n";
    let [usa, uk] = ["2018-03-26,USA,Russia,expulsion,60,embassy", "2018-03-27,UK,Russia,expulsion,23,"];
    write(at, "x.csv", format!("{header}1,{usa}\n2,{uk}\n"));
    refused(at, "import x.csv");
    done(at, "import x.csv --review x.review.xlsx --map m");
    write(at, "x.csv", format!("{header}1,2018-03-25,Germany,Russia,expulsion,4,\n2,{usa}\n3,{uk}\n"));
    let said = refused(at, "import x.csv");
    assert!(said.contains("by its ref the row corrects the action 2, but in everything else it is the action 1"), "{said}");
    assert!(said.contains("no action has the ref 3, but the row is like the action 2"), "{said}");
    assert_eq!(acts(at), ["2018-03-26 USA RUS expulsion 60", "2018-03-27 GBR RUS expulsion 23"]);
    // Whoever says that the column numbers the rows has them known by what is in them.
    edit(at, "m.columns.csv", ",A,No,ref,", ",A,No,,");
    let said = done(at, "import x.csv");
    assert!(said.contains("1 action and 0 links added; 2 already in the ledger"), "{said}");
    assert_eq!(acts(at).len(), 3);
}

#[test]
fn numbers_in_the_order_of_the_rows_are_no_ids_unless_they_are_named() {
    let of = |answers: &str| {
        let folder = folder();
        let at = folder.path();
        let rows = "1,2018-03-26,USA,Russia,protest\n2,2018-03-27,UK,Russia,protest\n3,2018-03-28,Russia,USA,protest";
        write(
            at,
            "x.csv",
            format!(
                "No,Date,Country,Against,Measure{}\n{}\n",
                if answers.is_empty() { "" } else { ",Answer to" },
                rows.to_owned() + answers
            ),
        );
        refused(at, "import x.csv")
    };
    assert!(of("").contains("A No: left out (it numbers the rows)"), "{}", of(""));
    assert!(of(",1").contains("A No: ref\n"), "{}", of(",1"));
}

#[test]
fn a_row_in_place_of_another_is_asked_beside_a_third() {
    let folder = folder();
    let at = folder.path();
    let header = "Date,Country,Against,Measure,Number,Remark\n";
    let row = |count: &str, remark: &str| format!("2018-03-26,USA,Russia,expulsion,{count},{remark}\n");
    write(at, "x.csv", format!("{header}{}{}", row("60", "embassy"), row("12", "UN")));
    refused(at, "import x.csv");
    done(at, "import x.csv --review x.review.xlsx --map m");
    write(at, "x.csv", format!("{header}{}{}", row("12", "UN"), row("5", "Seattle")));
    assert!(refused(at, "import x.csv").contains("--update corrects that action, --add adds another"));
    done(at, "import x.csv --add");
    assert_eq!(acts(at).len(), 3);
}

#[test]
fn what_a_spreadsheet_writes_is_read_under_recips_own_header() {
    let folder = folder();
    let at = folder.path();
    write(
        at,
        "x.csv",
        "date,actor,target,kind,count,deadline\n26-Mar-18,USA,RUS,protest,,\n2018-03-26,USA,CUB,expulsion,60 diplomats,7 days\n\
         2018-03-27,USA,CUB,expulsion,~5,2018-04-04 00:00:00\n",
    );
    done(at, "import x.csv");
    assert_eq!(acts(at), ["2018-03-26 USA CUB expulsion 60", "2018-03-26 USA RUS protest", "2018-03-27 USA CUB expulsion 5"]);
    let said = done(at, "list --format csv");
    assert!(said.contains("2018-04-02") && said.contains("2018-04-04"), "{said}");
}

#[test]
fn the_form_of_a_ref_that_is_advised_is_its_own() {
    for (given, like) in [("Ä-1", "Ae-1"), ("Ausw-Ä1", "Ausw-Ae1"), ("É 2", "E-2"), ("№ 14", "14"), ("А-1", "EXP-2022/014")] {
        let folder = folder();
        let at = folder.path();
        write(at, "a.csv", format!("{HEADER}{given},2018-03-26,USA,RUS,expulsion,60,\n"));
        let said = refused(at, "import a.csv");
        assert!(said.contains(&format!("write it like {like}")), "{given}: {said}");
        write(at, "a.csv", format!("{HEADER}{like},2018-03-26,USA,RUS,expulsion,60,\n"));
        done(at, "import a.csv");
    }
}
