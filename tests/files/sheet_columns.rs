//! What a proposal understands of the columns of a sheet, and of its title.

use recip::read::SheetOptions;

use super::ledger;
use super::sheets::{propose, rows, texts};

/// The columns of a proposal in words.
fn columns(lines: &[&str]) -> Vec<String> {
    propose(&ledger(), &texts("S", lines), &SheetOptions::default()).unwrap()[0].columns_in_words()
}

/// The column with this letter in words, without the letter and the heading.
fn column(lines: &[&str], letter: &str) -> String {
    let all = columns(lines);
    let found = all.iter().find(|line| line.starts_with(&format!("{letter} ")));
    found.and_then(|line| line.split_once(": ")).map_or_else(String::new, |(_, meaning)| meaning.to_owned())
}

#[test]
fn a_heading_precedes_cells_over_the_whole_header() {
    let rest = "Date | Country | Against | Measure";
    for (heading, cell, count) in [
        ("#", "=1", "Number"),
        ("№", "=1", "Количество"),
        ("N°", "=1", "Nombre"),
        ("S/N", "=1", "Count"),
        ("Rank", "=3", "Diplomats"),
        ("Row", "=2", "Persons"),
        ("Index", "=0", "Number"),
        ("EventID", "=7", "Number"),
        ("", "=1", "Number"),
        ("Unnamed: 0", "=0", "Number"),
        ("Year", "=2022", "Number"),
        ("Week", "=13", "Number"),
        ("Population", "=83", "Number"),
        ("Confidence", "=5", "Number"),
        ("Last updated", "2023-01-05", "Number"),
        ("Published", "2023-01-05", "Number"),
        ("Departure", "2023-01-05", "Number"),
        ("Coder", "Poland", "Number"),
        ("Ally", "Poland", "Number"),
        ("ISO", "DEU", "Number"),
    ] {
        let row = format!("{cell} | 2022-03-30 | Germany | Russia | expulsion | =40");
        let read = rows(&texts("S", &[&format!("{heading} | {rest} | {count}"), &row]));
        assert_eq!(read, ["yes 2022-03-30 DEU RUS expulsion 40"], "{heading}");
    }
}

#[test]
fn what_a_column_is_left_out_for_is_said() {
    let header = "Country | Date | Against | Measure | Number";
    let row = "Germany | 2022-03-30 | Russia | expulsion | =40";
    for (heading, cell, why) in [
        ("Departure", "2023-01-05", "left out (the date is in B Date)"),
        ("Mood", "sour", "left out (its heading and its cells do not tell what it means)"),
        ("Published", "2023-01-05", "left out (it describes the list, not the acts)"),
        ("Ally", "Poland", "left out (other columns have the actor and the target)"),
        ("Rank", "=1", "left out (it numbers the rows)"),
        ("Ref", "[12]", "left out (its cells are marks of footnotes)"),
    ] {
        assert_eq!(column(&[&format!("{header} | {heading}"), &format!("{row} | {cell}")], "F"), why, "{heading}");
    }
}

#[test]
fn two_columns_for_one_meaning_are_decided_or_asked() {
    let initiator = ["Side A | Side B | Initiator | Date | Measure", "Russia | Germany | Germany | 2022-03-30 | protest"];
    assert_eq!(rows(&texts("S", &initiator)), ["yes 2022-03-30 DEU RUS protest"]);
    let named = ["Actor country | Actor name | Target country | Date | Measure", "Germany | Poland | Russia | 2022-03-30 | protest"];
    assert_eq!(rows(&texts("S", &named)), ["yes 2022-03-30 DEU RUS protest"]);
    let estado = ["Fecha | País | Contra | Medida | Estado", "2018-03-26 | España | Rusia | expulsión | anunciado"];
    assert_eq!(rows(&texts("S", &estado)), ["yes 2018-03-26 ESP RUS expulsion announced"]);
    let dates = ["Date announced | Date effective | Country | Against | Measure", "2018-03-26 | 2018-04-02 | USA | Russia | protest"];
    assert_eq!(column(&dates, "A"), "asked (several columns may be the date: write date as the meaning of one)");
    assert!(rows(&texts("S", &dates))[0].starts_with("ask USA RUS protest what does the column 'Date announced' mean?"));
    let things = ["Date | Country | Against | Measure | Diplomats | Consulates", "2018-03-26 | USA | Russia | expulsion | =60 | =1"];
    assert_eq!(rows(&texts("S", &things)), ["ask 2018-03-26 USA RUS expulsion 60 what does the column 'Consulates' mean?"]);
    let number = ["Population | Date | Country | Against | Measure", "=83 | 2018-03-26 | USA | Russia | expulsion"];
    assert_eq!(rows(&texts("S", &number)), ["ask 2018-03-26 USA RUS expulsion what does the column 'Population' mean?"]);
    let parties = ["Date | A | B | Measure", "2018-03-26 | USA | Russia | protest"];
    assert!(rows(&texts("S", &parties))[0].starts_with("ask 2018-03-26 protest what does the column 'A' mean?"));
}

#[test]
fn an_id_identifies_and_a_number_counts() {
    let of = |heading: &str, cells: [&str; 2]| {
        let row = |at: usize| format!("2018-03-2{at} | Germany | Russia | expulsion | {}", cells[at]);
        let lines = [format!("Date | Country | Against | Measure | {heading}"), row(0), row(1)];
        column(&lines.iter().map(String::as_str).collect::<Vec<_>>(), "E")
    };
    assert_eq!(of("No.", ["=4", "=4"]), "count (its numbers repeat, so they identify no row)");
    assert_eq!(of("Nr", ["=1", "=2"]), "ref");
    assert_eq!(of("No", ["exp-7", "exp-9"]), "ref");
    assert_eq!(of("No.", ["=4", "=9"]), "asked (does it number the rows, or is it the count? write ref or count as its meaning)");
    assert_eq!(of("ID", ["=1", "=1"]), "left out ('1' is repeated, so it identifies no row)");
    assert_eq!(of("Ref", ["=12", "=12"]), "left out ('12' is repeated, so it identifies no row)");
    assert_eq!(of("Ref.", ["[12]", "[13]"]), "left out (its cells are marks of footnotes)");
    assert_eq!(of("Aktenzeichen", ["AZ-1", "AZ-2"]), "ref");
}

#[test]
fn a_column_that_names_what_is_answered_is_no_answer() {
    for heading in ["In response to", "Antwort auf", "Antwort auf Nr.", "Answer to", "reply_to", "Answers", "En réponse à", "В ответ на"]
    {
        let lines = [
            &format!("ID | Date | Country | Against | Measure | Number | {heading}"),
            "1 | 2018-03-26 | USA | Russia | expulsion | =60 |",
            "2 | 2018-03-29 | Russia | USA | expulsion | =60 | 1",
        ];
        assert_eq!(rows(&texts("S", &lines))[1..], ["yes 2018-03-29 RUS USA expulsion 60 1"], "{heading}");
    }
}

#[test]
fn the_columns_of_a_ledger_mean_themselves_beside_others() {
    let header = "ref | date | country | target | kind | count | count_words | note | by | tags | answers | executes";
    let lines = [
        header,
        "a | 2018-03-26 | USA | RUS | expulsion | =60 | | n | MFA | t | |",
        "b | 2018-03-29 | RUS | USA | expulsion | =60 | | | | | a |",
    ];
    let meanings: Vec<String> = columns(&lines).into_iter().map(|line| line.rsplit(": ").next().unwrap().to_owned()).collect();
    assert_eq!(meanings, ["ref", "date", "actor", "target", "kind", "count", "count_words", "note", "by", "tags", "answers", "executes"]);
}

#[test]
fn replies_stand_under_a_group_or_beside_a_second_date() {
    let replied = ["yes 2018-03-26 USA RUS expulsion 60", "yes 2018-03-29 RUS USA expulsion 60 2018-03-26-usa-rus-expulsion"];
    let row = "USA | =60 | 2018-03-26 | =60 | 2018-03-29";
    for header in [
        &["Expulsions | | | Retaliation by Russia |", "Country | Number | Date | Number | Date"][..],
        &["Country | Expelled | Date | Retaliation by Russia | Date"],
        &["Country | Russian diplomats expelled | Date | Diplomats expelled by Russia | Date"],
    ] {
        let lines: Vec<&str> = header.iter().copied().chain([row]).collect();
        assert_eq!(rows(&texts("S", &lines)), replied, "{header:?}");
    }
}

#[test]
fn the_title_says_who_acts_or_is_asked() {
    let of = |title: &str| {
        let row = rows(&texts("S", &[title, "Country | Date | Number", "Hungary | 2018-03-29 | =60"])).remove(0);
        row.trim_start_matches("yes 2018-03-29 ").trim_end_matches(" expulsion 60").to_owned()
    };
    for title in [
        "Russian expulsions of Western diplomats 2018",
        "Expulsions of Western diplomats from Russia 2018",
        "Aus Russland ausgewiesene Diplomaten",
        "Von Russland ausgewiesene Diplomaten",
        "Diplomates expulsés par la Russie",
        "Diplomáticos expulsados por Rusia",
        "Diplomats expelled by Russia",
    ] {
        assert_eq!(of(title), "RUS HUN", "{title}");
    }
    for (title, sides) in [
        ("Ausweisungen durch die EU", "EU HUN"),
        ("Expulsions par le Royaume-Uni", "GBR HUN"),
        ("Expulsions of Russian diplomats", "HUN RUS"),
        ("Expulsions against Russia", "HUN RUS"),
        ("Ausweisung russischer Diplomaten", "HUN RUS"),
        ("Expulsions de diplomates russes", "HUN RUS"),
        ("Expulsiones de diplomáticos rusos", "HUN RUS"),
        ("Высылка российских дипломатов", "HUN RUS"),
        ("Expulsions of Iranian diplomats", "HUN IRN"),
    ] {
        assert_eq!(of(title), sides, "{title}");
    }
    for title in [
        "Expulsions - to be checked by me",
        "Expulsions (see also Annex IS)",
        "Expulsions against us",
        "Expulsions (data by Reuters, London)",
        "Expulsions after the Skripal attack in the United Kingdom",
        "Expulsions from the Moscow Times",
        "Expulsions of Russian and Belarusian diplomats",
    ] {
        assert_eq!(of(title), "ask 2018-03-29 HUN expulsion 60 the target is not known", "{title}");
    }
    assert_eq!(of("Countries that did not expel Russian diplomats"), "ask 2018-03-29 HUN RUS 60 the kind is not known");
    for name in ["IN", "OUT", "Me", "be", "la"] {
        let sheet = texts(name, &["Country | Date | Measure", "Hungary | 2018-03-29 | protest"]);
        assert_eq!(rows(&sheet), ["ask 2018-03-29 HUN protest the target is not known"], "{name}");
    }
    let by = texts("by Russia", &["Country | Date | Measure", "Hungary | 2018-03-29 | protest"]);
    assert_eq!(rows(&by), ["yes 2018-03-29 RUS HUN protest"]);
}
