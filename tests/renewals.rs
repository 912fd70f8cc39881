//! A series of renewals comes out alike however it was entered, and a measure counts once however it was announced, carried out and renewed.

use std::path::Path;

use rusqlite::Connection;

use crate::support::{left_out, ok, refused, some};

const ACTS: [(&str, &str, &str); 4] = [
    ("S1", "2014-07-31", "2015-07-31"),
    ("S2", "2015-06-22", "2016-01-31"),
    ("S3", "2015-12-21", "2016-07-31"),
    ("S4", "2016-07-01", "2017-01-31"),
];

fn log(folder: &Path, ledger: &str, (reference, date, deadline): (&str, &str, &str), more: &[&str]) {
    let act = ["-f", ledger, "log", "EU", "RUS", "sanction", "1", "--on", date, "--deadline", deadline, "--ref", reference];
    ok(folder, &[&act, more].concat());
}

/// What the exports and the reports say of a ledger.
fn said(folder: &Path, ledger: &str) -> Vec<String> {
    let export = ["export", "csv"];
    let pending = ["2015-06-21", "2015-06-22", "2016-02-15", "2016-12-31"].map(|day| ["report", "pending", "EU", "RUS", "--as-of", day]);
    let unanswered = ["report", "unanswered", "EU", "RUS", "--as-of", "2016-12-31"];
    let asked = std::iter::once(&export[..]).chain(pending.iter().map(|p| &p[..])).chain([&unanswered[..]]);
    let asked = asked.map(|args| ok(folder, &[&["-f", ledger], args].concat()));
    assert_eq!(ok(folder, &["-f", ledger, "check", "--errors-only"]), "no problems found\n");
    asked.collect()
}

#[test]
fn a_series_of_renewals_is_the_same_in_any_order() {
    if left_out("renewals in any order") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    log(folder, "logged.db", ACTS[0], &[]);
    for pair in ACTS.windows(2) {
        log(folder, "logged.db", pair[1], &["--renews", pair[0].0]);
    }
    let expected = said(folder, "logged.db");
    assert!(expected[3].contains("2016-07-31  in 167 d\n  #1  2014-07-31"), "{}", expected[3]);
    assert!(expected[4].contains("2017-01-31  in 31 d\n  #1  2014-07-31"), "{}", expected[4]);

    let links = [("S2", "S1"), ("S3", "S2"), ("S4", "S3")];
    for (n, order) in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]].into_iter().enumerate() {
        let ledger = format!("linked-{n}.db");
        ACTS.iter().for_each(|act| log(folder, &ledger, *act, &[]));
        for (later, earlier) in order.map(|at| links[at]) {
            ok(folder, &["-f", &ledger, "link", later, "renews", earlier]);
        }
        assert_eq!(said(folder, &ledger), expected, "{order:?}");
    }

    let header = "ref,date,actor,target,kind,count,deadline,renews\n";
    let mut rows: Vec<String> = ACTS.iter().map(|(r, date, deadline)| format!("{r},{date},EU,RUS,sanction,1,{deadline},")).collect();
    links.iter().for_each(|(later, earlier)| rows.iter_mut().filter(|row| row.starts_with(later)).for_each(|row| row.push_str(earlier)));
    std::fs::write(folder.join("rows.csv"), format!("{header}{}\n", rows.join("\n"))).unwrap();
    ok(folder, &["-f", "imported.db", "import", "rows.csv"]);
    assert_eq!(said(folder, "imported.db"), expected);
    assert!(ok(folder, &["-f", "logged.db", "import", "rows.csv"]).contains("0 actions and 0 links added"));

    ACTS.iter().for_each(|act| log(folder, "plain.db", *act, &[]));
    let plain = Connection::open(folder.join("plain.db")).unwrap();
    for (later, earlier) in [links[2], links[1], links[0]] {
        let link = "INSERT INTO link (action_id, relation, earlier_id) SELECT b.id, 'renews', a.id FROM action b, action a WHERE b.ref = ?1 AND a.ref = ?2";
        plain.execute(link, [later, earlier]).unwrap();
    }
    drop(plain);
    assert_eq!(said(folder, "plain.db"), expected);
}

/// An extension of an extension moves the deadline of the act as well, and one that was taken back moves nothing.
#[test]
fn a_deadline_follows_its_extensions_and_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    log(folder, "l.db", ACTS[0], &[]);
    ok(folder, &["-f", "l.db", "extend", "S1", "--deadline", "2015-12-31", "--on", "2015-07-01"]);
    ok(folder, &["-f", "l.db", "log", "EU", "RUS", "extension", "--deadline", "2016-03-31", "--on", "2015-08-01", "--extends", "2"]);
    let pending = |day| ok(folder, &["-f", "l.db", "report", "pending", "EU", "RUS", "--as-of", day]);
    assert!(pending("2015-07-15").contains("2015-12-31  in 169 d"), "{}", pending("2015-07-15"));
    assert!(pending("2015-08-15").contains("2016-03-31  in 229 d"), "{}", pending("2015-08-15"));
    ok(folder, &["-f", "l.db", "void", "2", "--reason", "never made"]);
    assert!(pending("2015-07-15").contains("2015-07-31  in 16 d"), "{}", pending("2015-07-15"));
}

#[test]
fn a_name_of_another_language_belongs_to_its_party() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    log(folder, "l.db", ACTS[0], &[]);
    let said = refused(folder, &["-f", "l.db", "party", "add", "ZZZ", "Россия"], 3);
    assert!(said.contains("cannot give ZZZ the name 'Россия': it is already a name of Russia (RUS)"), "{said}");
    ok(folder, &["-f", "l.db", "party", "add", "ZZZ", "Zed"]);
    let said = refused(folder, &["-f", "l.db", "party", "edit", "ZZZ", "--alias", "Deutschland"], 3);
    assert!(said.contains("it is already a name of Germany (DEU)"), "{said}");
    std::fs::write(folder.join("a.jsonl"), "{\"type\":\"alias\",\"alias\":\"España\",\"party\":\"ZZZ\"}\n").unwrap();
    let said = refused(folder, &["-f", "l.db", "import", "a.jsonl"], 3);
    assert!(said.contains("the name 'España' already belongs to Spain (ESP) and cannot be given to ZZZ"), "{said}");
    ok(folder, &["-f", "l.db", "party", "edit", "DEU", "--alias", "Deutschland"]);
}

/// The acts of a measure, each with the quantity that it states, if any, and what the balance of the quantity is in the end.
const MEASURES: [(&[&str], &str, &str); 14] = [
    // Renewed twice; both renewals name the first act, or each the one before it.
    (&["done - 10", "done renews:1 11", "done renews:1 12"], "12", "USD"),
    (&["done - 10", "done renews:1 11", "done renews:2 12"], "12", "USD"),
    (&["done - 10", "done renews:1 11", "easing reverses:1 -"], "", "USD"),
    (&["done - 10", "announced renews:1 12", "done executes:2 13"], "13", "USD"),
    // A renewal that is carried out in parts: what is left of its announcement counts with the parts.
    (&["done*5 - 10", "announced*8 renews:1 14", "done*3 executes:2 6"], "14", "USD"),
    (&["done*5 - 10", "announced*8 renews:1 14", "done*3 executes:2 6", "done*5 executes:2 9"], "15", "USD"),
    (&["done*5 - 10", "announced*8 renews:1 14", "done*3 executes:2 6", "done*3 renews:3 7"], "15", "USD"),
    (&["done*5 - 10", "announced*8 renews:1 14", "done*3 executes:2 6", "easing*5 reverses:1 -"], "", "USD"),
    // An announcement states the quantity, and what carried it out does not.
    (&["announced - 200", "done executes:1 -", "easing reverses:2 -"], "", "USD"),
    (&["announced - 200", "done executes:1 -", "done renews:2 250"], "250", "USD"),
    // One act carries out two announcements.
    (&["announced - 20", "announced - 10", "done*2 executes:1,2 30"], "30", "USD"),
    // Parts have quantities of their own.
    (&["announced*2 - 50", "done executes:1 34", "easing reverses:2 -"], "16", "USD"),
    (&["announced*2 - 50", "done executes:1 34", "done executes:1 -"], "34", "USD"),
    (&["announced*2 - 25", "done executes:1 10"], "25, 10", "%"),
];

#[test]
fn a_measure_has_its_quantity_once() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (n, (acts, expected, unit)) in some(8, MEASURES).enumerate() {
        let ledger = format!("{n}.db");
        for (day, act) in (1..).zip(acts) {
            let [what, link, value] = act.split(' ').collect::<Vec<_>>()[..] else { panic!("{act}") };
            let (stage, count) = what.split_once('*').unwrap_or((what, "1"));
            let (kind, stage) = if stage == "easing" { ("easing", "done") } else { ("tariff", stage) };
            let date = format!("2018-06-{day:02}");
            let mut args: Vec<String> =
                ["-f", &ledger, "log", "USA", "CHN", kind, count, "--stage", stage, "--on", &date].map(str::to_owned).into();
            let links = link.split_once(':').into_iter().flat_map(|(relation, all)| all.split(',').map(move |earlier| (relation, earlier)));
            args.extend(links.flat_map(|(relation, earlier)| [format!("--{relation}"), earlier.to_owned()]));
            if value != "-" {
                args.extend(["--quantity".to_owned(), format!("trade {value} {unit}")]);
            }
            ok(folder, &args.iter().map(String::as_str).collect::<Vec<_>>());
        }
        let args = ["-f", &ledger, "report", "balance", "USA", "CHN", "--quantity", "trade", "--as-of", "2018-07-01"];
        let said = ok(folder, &args);
        let sums = if expected.is_empty() { said.contains("Nothing is on record.") } else { said.contains(&format!(" {expected}")) };
        assert!(sums, "{acts:?}: {said}");
        let check = ok(folder, &["-f", &ledger, "check", "--errors-only"]);
        assert_eq!(check, "no problems found\n");
    }
}

#[test]
fn an_announced_renewal_that_is_carried_out_is_no_second_measure() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let log = |args: &[&str]| ok(folder, &[&["-f", "l.db", "log", "EU", "RUS", "sanction", "1", "--on"], args].concat());
    log(&["2018-01-01"]);
    log(&["2018-06-01", "--stage", "announced", "--renews", "1"]);
    log(&["2018-06-20", "--executes", "2"]);
    let report = |args: &[&str]| ok(folder, &[&["-f", "l.db", "report"], args, &["--as-of", "2018-07-01", "--format", "csv"]].concat());
    let balance = report(&["balance", "EU", "RUS"]);
    let row: Vec<&str> = balance.lines().nth(1).unwrap().split(',').collect();
    let at = |name: &str| row[balance.lines().next().unwrap().split(',').position(|column| column == name).unwrap()];
    assert_eq!(["a_actions", "a_count", "a_open", "a_weight"].map(at), ["1", "1", "1", "-8.0"], "{balance}");
    let panel = report(&["panel", "EU", "RUS", "--by", "year"]);
    assert!(panel.contains("2018,2018-01-01,2018-12-31,EU,RUS,,365,,365,1,0,-8.0,0.0,0,0,1,0,1,1"), "{panel}");
    let reciprocity = report(&["reciprocity", "EU", "RUS"]);
    assert!(reciprocity.contains(",EU,RUS,weight,-8.0,"), "{reciprocity}");
}

/// Part of the announced renewal is answered before the rest is carried out, so that the acts that carry it out take over more than it renews.
#[test]
fn an_announced_renewal_that_is_carried_out_in_parts_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let log = |args: &[&str]| ok(folder, &[&["-f", "l.db", "log"], args].concat());
    log(&["EU", "RUS", "sanction", "5", "--on", "2020-01-01"]);
    log(&["EU", "RUS", "sanction", "8", "--on", "2020-06-01", "--stage", "announced", "--renews", "1"]);
    log(&["RUS", "EU", "embargo", "2", "--on", "2020-06-10", "--answers", "2"]);
    log(&["EU", "RUS", "sanction", "3", "--on", "2020-06-20", "--executes", "2"]);
    log(&["EU", "RUS", "sanction", "3", "--on", "2020-06-25", "--executes", "2"]);
    let days = [
        ("2020-06-02", ["8", "8", "-16.0"]),
        ("2020-06-11", ["8", "6", "-16.0"]),
        ("2020-06-21", ["8", "6", "-16.0"]),
        ("2020-06-26", ["8", "6", "-24.0"]),
    ];
    for (day, expected) in days {
        let report =
            |args: &[&str]| ok(folder, &[&["-f", "l.db", "report"], args, &["EU", "RUS", "--as-of", day, "--format", "csv"]].concat());
        let balance = report(&["balance", "--kind", "sanction"]);
        let row: Vec<&str> = balance.lines().nth(1).unwrap().split(',').collect();
        let at = |name: &str| row[balance.lines().next().unwrap().split(',').position(|column| column == name).unwrap()];
        assert_eq!(["a_count", "a_open", "a_weight"].map(at), expected, "{day}: {balance}");
        let reciprocity = report(&["reciprocity"]);
        assert!(reciprocity.contains(&format!(",EU,RUS,weight,{},", expected[2])), "{day}: {reciprocity}");
        let panel = report(&["panel", "--by", "year"]);
        let panel: Vec<Vec<&str>> = panel.lines().map(|line| line.split(',').collect()).collect();
        let weight = panel[0].iter().position(|column| *column == "hostile_weight").unwrap();
        assert!(panel.iter().any(|row| row[3] == "EU" && row[weight] == expected[2]), "{day}: {panel:?}");
    }
}
