//! What the codes of the feeds stand for: the same act in every feed, and one act for what both sides do together.

use std::path::Path;

use super::{ICEWS_HEADER, POLECAT_HEADER, ask, candidates, gdelt, icews, import, polecat};
use crate::support::ok;

const RUSSIA: (&str, &str) = ("Russia", "Russian Federation");
const AMERICA: (&str, &str) = ("United States", "United States");

/// The rows of the built-in code book of CAMEO: the code, and its weight in GDELT or else in ICEWS.
fn book() -> Vec<(String, f64)> {
    let mut book = csv::Reader::from_reader(include_str!("../../src/data/cameo.csv").as_bytes());
    let rows = book.records().map(|row| {
        let row = row.unwrap();
        (row[0].to_owned(), [&row[6], &row[7]].iter().find_map(|weight| weight.parse().ok()).unwrap())
    });
    rows.collect()
}

/// Imports a year of talks, calls and signed agreements in which each is reported from both sides, and visits of one side.
fn both_ways(folder: &Path) {
    let mut tab = ICEWS_HEADER.to_owned();
    for month in 1..=12 {
        for (n, (code, weight)) in [("040", "1"), ("041", "1"), ("044", "2.5"), ("046", "7"), ("057", "8")].into_iter().enumerate() {
            let day = format!("2016-{month:02}-{:02}", 1 + 5 * n);
            let id = month * 100 + 10 * n as u64;
            tab += &icews(id, &day, AMERICA, "", code, weight, RUSSIA);
            tab += &icews(id + 1, &day, RUSSIA, "", code, weight, AMERICA);
        }
        tab += &icews(month * 100 + 99, &format!("2016-{month:02}-28"), RUSSIA, "", "042", "1.9", AMERICA);
    }
    std::fs::write(folder.join("both.tab"), tab).unwrap();
    let said = import(folder, "icews", &["both.tab"]);
    assert!(said.starts_with("132 rows read: 132 reports added; 72 more candidates"), "{said}");
}

#[test]
fn what_both_sides_do_together_is_one_act() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    both_ways(folder);
    assert_eq!(
        ask(
            folder,
            "l.db",
            "SELECT s.actor, s.target, s.kind, s.claims, count(*), sum(c.reports) FROM candidate c JOIN series s ON s.id = c.series_id
             GROUP BY s.id ORDER BY s.kind"
        ),
        ["RUS|USA|accord|0|12|24", "RUS|USA|meeting|1|12|12", "RUS|USA|talks|0|48|96"]
    );
    // Each feed event keeps its own direction.
    assert_eq!(
        ask(folder, "l.db", "SELECT actor, target, count(*) FROM feed_event WHERE code <> '042' GROUP BY actor, target"),
        ["RUS|USA|60", "USA|RUS|60"]
    );
    // GDELT and POLECAT report the same talks from either side.
    std::fs::write(folder.join("one.tsv"), gdelt(58, 1, "20160102", "USA", "RUS", "046", "7.0", "20160102")).unwrap();
    std::fs::write(
        folder.join("one.txt"),
        POLECAT_HEADER.to_owned() + &polecat("p1", "2016-01-03", ("CONSULT", "phone"), "", ("x", "USA"), ("y", "RUS")),
    )
    .unwrap();
    import(folder, "gdelt", &["one.tsv"]);
    import(folder, "polecat", &["one.txt"]);
    assert_eq!(ask(folder, "l.db", "SELECT reports FROM candidate_detail WHERE kind = 'talks' AND date = '2016-01-01'"), ["4"]);
}

/// The visits are all that one side did towards the other; the talks are neither an act nor the answer to one.
#[test]
fn what_both_sides_do_together_is_no_act_and_its_answer() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    both_ways(folder);
    let report = |args: &[&str]| ok(folder, &[&["-f", "l.db"], args, &["--as-of", "2016-12-31", "--with-candidates"]].concat());
    let said = report(&["report", "reciprocity", "RUS", "USA", "--friendly", "--format", "csv"]);
    let figure = |direction: &str, measure: &str| {
        let row = said.lines().find(|row| row.starts_with(&format!(",{direction},{measure},"))).unwrap();
        row.split(',').skip(4).step_by(4).take(2).collect::<Vec<_>>().join(" of ")
    };
    assert_eq!((figure("USA,RUS", "acts-received"), figure("RUS,USA", "acts-received")), ("12.0 of 12".to_owned(), "0.0 of 0".to_owned()));
    assert_eq!((figure("USA,RUS", "acts-made"), figure("RUS,USA", "chance-after")), ("0.0 of 0".to_owned(), " of 0".to_owned()));
    let said = report(&["report", "balance", "RUS", "USA", "--format", "csv"]);
    assert_eq!(said.lines().skip(1).map(|row| row.split(',').nth(2).unwrap()).collect::<Vec<_>>(), ["meeting"]);
    let said = report(&["report", "unanswered", "RUS", "USA", "--friendly", "--format", "csv"]);
    assert_eq!(said.matches(",talks,").count() + said.matches(",accord,").count(), 0, "{said}");
    assert_eq!(report(&["suggest", "--over", "0", "--format", "csv"]).lines().count(), 1);
}

/// A person who knows who made the move says so, and which kind of act it was.
#[test]
fn a_person_gives_the_talks_a_direction() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    both_ways(folder);
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "meeting", "1", "--on", "2016-02-02"]);
    let of = |day: &str| ask(folder, "l.db", &format!("SELECT id FROM candidate_detail WHERE date = '{day}'")).remove(0);
    let shown = ok(folder, &["-f", "l.db", "candidates", "show", &of("2016-02-01")]);
    assert!(shown.contains("[1] #1 2016-02-02 meeting of 1 meeting") || shown.contains("#1 2016-02-02 meeting"), "{shown}");
    let said = ok(folder, &["-f", "l.db", "confirm", &of("2016-03-01")]);
    assert!(said.starts_with("#2 2016-03-01 Russia -> United States: talks; candidate"), "{said}");
    let said = ok(folder, &["-f", "l.db", "confirm", &of("2016-04-01"), "--kind", "meeting", "--actor", "Washington"]);
    assert!(said.starts_with("#3 2016-04-01 United States -> Russia: meeting; to be returned by Russia; candidate"), "{said}");
    let output = crate::support::run(folder, &["-f", "l.db", "confirm", &of("2016-05-01"), "--actor", "France"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("is between RUS and USA"), "{said}");
}

/// Codes that mean the same map to the same kind, in CAMEO and in PLOVER.
#[test]
fn codes_stand_for_what_the_code_books_say() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let codes = ["0351", "0353", "081", "084", "1313", "161", "166", "172", "174", "132"];
    let rows = codes.iter().zip(1..).map(|(code, id)| icews(id, "2018-03-26", AMERICA, "", code, "", RUSSIA));
    std::fs::write(folder.join("codes.tab"), ICEWS_HEADER.to_owned() + &rows.collect::<String>()).unwrap();
    let types = [("THREATEN", "relations"), ("SANCTION", "withdraw"), ("COERCE", "deport"), ("CONSULT", "visit"), ("CONSULT", "")];
    let rows = types.iter().map(|sort| polecat(&format!("{}{}", sort.0, sort.1), "2018-03-26", *sort, "", ("x", "USA"), ("y", "RUS")));
    std::fs::write(folder.join("types.txt"), POLECAT_HEADER.to_owned() + &rows.collect::<String>()).unwrap();
    let said = import(folder, "icews", &["codes.tab"]);
    assert!(said.contains("2  with a code that maps to no kind"), "{said}");
    import(folder, "polecat", &["types.txt"]);
    assert_eq!(
        ask(folder, "l.db", "SELECT code, kind, stage, guessed FROM feed_event ORDER BY feed, code"),
        [
            "0353|release|announced|1",
            "084|release|done|1",
            "1313|reduced-relations|threatened|0",
            "132|countermeasure|threatened|1",
            "161|reduced-relations|done|0",
            "166|countermeasure|done|1",
            "172|countermeasure|done|1",
            "174|deportation|done|0",
            "COERCE/deport|deportation|done|0",
            "CONSULT|talks|done|0",
            "CONSULT/visit|meeting|done|0",
            "SANCTION/withdraw|reduced-relations|done|1",
            "THREATEN/relations|reduced-relations|threatened|1",
        ]
    );
}

/// With the map of the examples, every code of the classes of conflict is of a hostile kind, and what the feed says of its intensity adds up.
#[test]
fn with_the_map_of_conflict_nothing_hostile_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let map = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/feeds/conflict-map.csv");
    let conflict: Vec<(String, f64)> = book().into_iter().filter(|(code, _)| code.as_str() >= "09").collect();
    let rows = conflict.iter().zip(1..).map(|((code, weight), id)| icews(id, "2018-03-26", AMERICA, "", code, &weight.to_string(), RUSSIA));
    std::fs::write(folder.join("all.tab"), ICEWS_HEADER.to_owned() + &rows.collect::<String>()).unwrap();
    let said = import(folder, "icews", &["all.tab", "--map", map]);
    assert!(said.starts_with(&format!("{0} rows read: {0} reports added;", conflict.len())) && !said.contains("left out"), "{said}");
    assert_eq!(ask(folder, "l.db", "SELECT count(*) FROM feed_event e JOIN kind k ON k.name = e.kind WHERE k.sign <> 'hostile'"), ["0"]);
    let sum: f64 = conflict.iter().map(|(_, weight)| weight).sum();
    assert_eq!(ask(folder, "l.db", &format!("SELECT abs(sum(intensity) - {sum}) < 1e-6 FROM feed_event")), ["1"]);
    let types = ["ACCUSE", "REQUEST", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"];
    let modes = ["", "disapprove", "violence", "territory", "convict", "aerial", "confiscate"];
    let sorts = types.iter().flat_map(|of| modes.iter().map(move |mode| (*of, *mode)));
    let rows = sorts.map(|sort| polecat(&format!("{}-{}", sort.0, sort.1), "2018-03-26", sort, "", ("x", "USA"), ("y", "RUS")));
    std::fs::write(folder.join("all.txt"), POLECAT_HEADER.to_owned() + &rows.collect::<String>()).unwrap();
    let said = import(folder, "polecat", &["all.txt", "--map", map]);
    assert!(said.starts_with("63 rows read: 63 reports added;") && !said.contains("left out"), "{said}");
}

/// A group of codes gives a kind to those that have none, of two groups the smaller one, and a code of its own goes before both.
#[test]
fn a_map_takes_groups_of_codes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let codes = ["1121", "190", "1943", "195", "193", "163", "041"];
    let rows = codes.iter().zip(1..).map(|(code, id)| icews(id, "2018-03-26", AMERICA, "", code, "", RUSSIA));
    std::fs::write(folder.join("codes.tab"), ICEWS_HEADER.to_owned() + &rows.collect::<String>()).unwrap();
    std::fs::write(folder.join("map.csv"), "code,kind\n1*,countermeasure\n19*,attack\n193,\n1943,refusal\n041,agreement\n").unwrap();
    let said = import(folder, "icews", &["codes.tab", "--map", "map.csv"]);
    assert!(said.contains("1  with a code that maps to no kind"), "{said}");
    assert_eq!(
        candidates(folder, "l.db"),
        [
            // What both sides do together has no direction, whatever its kind.
            "2018-03-26|2018-03-26||RUS|USA|agreement|done|0|1|1|",
            "2018-03-26|2018-03-26||USA|RUS|attack|done|0|2|2|",
            "2018-03-26|2018-03-26||USA|RUS|countermeasure|done|0|1|1|",
            "2018-03-26|2018-03-26||USA|RUS|refusal|done|0|1|1|",
            "2018-03-26|2018-03-26||USA|RUS|sanction|done|0|1|1|",
        ]
    );
}
