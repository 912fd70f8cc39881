//! Actors that do not act for a state are left out on either side, by the feed's own column, or kept with their types.

use super::{ICEWS_HEADER, POLECAT_HEADER, ask, gdelt, icews, import, polecat};

/// The types of an actor and a target, and whether an act between them is taken.
type Sides = [(&'static str, &'static str, bool)];

/// Imports the rows with each choice of actors. Returns the identifiers that the default takes, and those that it leaves out.
fn taken(feed: &str, text: &str, sides: &Sides) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("events"), text).unwrap();
    let said = import(folder, feed, &["events"]);
    let left_out = sides.iter().filter(|side| !side.2).count();
    assert!(said.contains(&format!("{left_out}  with an actor that does not act for a state or an organisation")), "{said}");
    let select = "SELECT coalesce(actor_type, '') || '>' || coalesce(target_type, '') FROM feed_event ORDER BY event";
    let by_default = ask(folder, "l.db", select);
    let said = import(folder, feed, &["events", "--actors", "all"]);
    assert!(said.contains(&format!("{left_out} reports added")) && !said.contains("left out"), "{said}");
    let all = ask(folder, "l.db", select);
    assert_eq!(all.len(), sides.len());
    let pair = |text: &String| text.split_once('>').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert_eq!(
        all.iter().map(pair).collect::<Vec<_>>(),
        sides.iter().map(|(a, b, _)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>()
    );
    by_default.iter().map(pair).collect()
}

fn expected(sides: &Sides) -> Vec<(String, String)> {
    sides.iter().filter(|side| side.2).map(|(a, b, _)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn gdelt_has_types_and_religions() {
    let sides = [
        ("", "", true),
        ("GOV", "MIL", true),
        ("REB", "GOV", false),
        ("GOV", "MED", false),
        ("BUS", "", false),
        ("CHR", "", false),
        ("", "CVL", true),
        ("CVL", "", false),
        ("IGO", "EDU", false),
    ];
    let row = |(at, (actor, target, _)): (usize, &(&str, &str, bool))| {
        let row = gdelt(58, 1 + at as u64, "20180326", "USA", "RUS", "163", "-8.0", "20180326");
        let mut cells: Vec<&str> = row.split('\t').collect();
        // A church has a religion and no type.
        cells[if *actor == "CHR" { 10 } else { 12 }] = actor;
        cells[22] = target;
        cells.join("\t")
    };
    let text: String = sides.iter().enumerate().map(row).collect();
    assert_eq!(taken("gdelt", &text, &sides), expected(&sides));
}

#[test]
fn icews_has_sectors() {
    let sides = [
        ("Executive,Foreign Ministry,Government", "", true),
        ("Elite,Government,International Religious,(National) Major Party,Parties", "Military,Government", true),
        ("Business,Social", "Government", false),
        ("Government", "Unidentified Forces", false),
        ("Government,Police", "General Population / Civilian / Social,Social", true),
        ("Dissident,Protestors / Popular Opposition / Mobs", "Government", false),
        ("International Government Organization,Regional", "", true),
    ];
    let row = |(at, (actor, target, _)): (usize, &(&str, &str, bool))| {
        let row = icews(1 + at as u64, "2018-03-26", ("x", "United States"), "", "163", "-8.0", ("y", "Russian Federation"));
        let mut cells: Vec<&str> = row.split('\t').collect();
        (cells[3], cells[9]) = (if actor.is_empty() { "NA" } else { actor }, if target.is_empty() { "NA" } else { target });
        cells.join("\t")
    };
    let text = ICEWS_HEADER.to_owned() + &sides.iter().enumerate().map(row).collect::<String>();
    assert_eq!(taken("icews", &text, &sides), expected(&sides));
    let bare: String = sides.iter().enumerate().map(row).collect();
    assert_eq!(taken("icews", &bare, &sides), expected(&sides));
}

#[test]
fn polecat_has_primary_sectors() {
    let sides = [("GOV", "", true), ("gov", "CVL", true), ("REB", "GOV", false), ("JUD", "LEG", true), ("GOV", "BUS", false)];
    let row = |(at, (actor, target, _)): (usize, &(&str, &str, bool))| {
        let row = polecat(&format!("p{at}"), "2018-03-26", ("SANCTION", "expel"), "", ("x", "USA"), ("y", "RUS"));
        let mut cells: Vec<&str> = row.split('\t').collect();
        (cells[4], cells[10], cells[18]) = ("-5.5", actor, target);
        cells.join("\t")
    };
    let text = POLECAT_HEADER.to_owned() + &sides.iter().enumerate().map(row).collect::<String>();
    assert_eq!(taken("polecat", &text, &sides), expected(&sides));
}

/// Nobody talks with a state for the nationals of another, and a visitor who is no official is not a state's visitor.
#[test]
fn nationals_are_targets_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = |id, code: &str, types: [&str; 2]| {
        let row = gdelt(58, id, "20180326", "USA", "RUS", code, "1.0", "20180326");
        let mut cells: Vec<&str> = row.split('\t').collect();
        (cells[12], cells[22]) = (types[0], types[1]);
        cells.join("\t")
    };
    let rows = [row(1, "173", ["COP", "CVL"]), row(2, "040", ["GOV", "CVL"]), row(3, "040", ["CVL", "GOV"]), row(4, "043", ["GOV", "CVL"])];
    std::fs::write(folder.join("events.tsv"), rows.concat()).unwrap();
    let said = import(folder, "gdelt", &["events.tsv"]);
    assert!(said.contains("3  with an actor that does not act for a state or an organisation"), "{said}");
    assert_eq!(ask(folder, "l.db", "SELECT code, actor_type, target_type, intensity FROM feed_event"), ["173|COP|CVL|Real(1.0)"]);
}
