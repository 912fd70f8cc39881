//! What a proposal understands of the columns of a sheet, and of its title.

use recip::read::SheetOptions;

use super::ledger;
use super::sheets::{propose, rows, texts};

/// The columns of a proposal in words.
fn columns(lines: &[&str]) -> Vec<String> {
    propose(&ledger(), &texts("S", lines), &SheetOptions::default()).unwrap()[0].columns_in_words()
}

/// The column with this letter in words, without the letter and the heading.
pub(super) fn column(lines: &[&str], letter: &str) -> String {
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
        ("Departure", "2023-01-05", "left out (a second date: the date is in B Date)"),
        ("Effective date", "2023-01-05", "left out (a second date: the date is in B Date)"),
        ("Source date", "2023-01-05", "left out (a second date: the date is in B Date)"),
        ("Case number", "=14", "left out (the count is in E Number)"),
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
fn dates_on_which_acts_ended_are_asked() {
    let header = "Country | Date | Against | Measure | Number";
    for heading in [
        "End date",
        "Lifted on",
        "Reversed on",
        "Revoked",
        "Ended",
        "Until",
        "Cancelled",
        "Withdrawn",
        "Aufgehoben am",
        "Gültig bis",
        "Annulé le",
        "Levantada el",
        "Отменено",
    ] {
        let lines = [
            &format!("{header} | {heading}")[..],
            "Germany | 2022-03-30 | Russia | expulsion | =40 | 2023-01-05",
            "Poland | 2022-03-30 | Russia | expulsion | =4 |",
        ];
        let asked = format!("ask 2022-03-30 DEU RUS expulsion 40 what does the column '{heading}' mean?");
        assert_eq!(rows(&texts("S", &lines)), [&asked, "yes 2022-03-30 POL RUS expulsion 4"], "{heading}");
    }
}

#[test]
fn a_cell_beyond_the_last_heading_is_in_a_column_without_one() {
    let lines = [
        "Date | Country | Against | Measure | Number",
        "2018-03-26 | Germany | Russia | expulsion | =4 | cancelled",
        "2018-03-27 | Poland | Russia | expulsion | =4",
    ];
    let asked = "ask 2018-03-26 DEU RUS expulsion 4 what does the column F, which has no heading, mean?";
    assert_eq!(rows(&texts("S", &lines)), [asked, "yes 2018-03-27 POL RUS expulsion 4"]);
    assert_eq!(column(&lines, "F"), "asked (is it the stage? then write stage as its meaning)");
}

/// The forms in which people write 26 March without its year.
const DAYS: [&str; 7] = ["26 March", "26. März", "26 mars", "26 de marzo", "26 марта", "26.3.", "26/3"];

#[test]
fn a_day_without_a_year_gets_it_from_where_the_sheet_states_one() {
    let header = "Date | Country | Against | Measure | Number";
    for day in DAYS {
        let row = format!("{day} | USA | Russia | expulsion | =60");
        let lines = ["Expulsions 2018", header, &row];
        let why = format!("'{day}' has no year, and 'Expulsions 2018' states 2018)");
        assert!(column(&lines, "A").ends_with(&why), "{day}: {}", column(&lines, "A"));
        assert_eq!(rows(&texts("S", &lines)), ["yes 2018-03-26 USA RUS expulsion 60"], "{day}");
        assert_eq!(rows(&texts("Expulsions 2018", &[header, &row])), ["yes 2018-03-26 USA RUS expulsion 60"], "{day}");
        let read = one(&format!("Year | {header}"), &format!("=2018 | {row}"));
        assert_eq!(read, "yes 2018-03-26 USA RUS expulsion 60", "{day}");
        let of = |country: &str| row.replace("USA", country);
        let once = [format!("Year | {header}"), format!("=2018 | {row}"), format!(" | {}", of("Italy")), format!(" | {}", of("Spain"))];
        let once = once.each_ref().map(String::as_str);
        let taken = ["USA", "ITA", "ESP"].map(|country| format!("yes 2018-03-26 {country} RUS expulsion 60"));
        assert_eq!(rows(&texts("S", &once)), taken, "{day}");
        assert!(column(&once, "A").ends_with("2 cells filled from above, the first in row 3)"), "{day}: {}", column(&once, "A"));
        let parts = [header, "2018 | | | |", &row, "2019 | | | |", &row.replace("USA", "Italy")];
        let read: Vec<String> = rows(&texts("S", &parts)).into_iter().filter(|row| !row.starts_with("no ")).collect();
        assert_eq!(read, ["yes 2018-03-26 USA RUS expulsion 60", "yes 2019-03-26 ITA RUS expulsion 60"], "{day}");
    }
    let answered = ["Expulsions 2018", "Country | Date | Expelled | Reply by Russia | Reply date", "Germany | 26.3. | =4 | =4 | 30.3."];
    let read = rows(&texts("S", &answered));
    assert_eq!(read, ["yes 2018-03-26 DEU RUS expulsion 4", "yes 2018-03-30 RUS DEU expulsion 4 2018-03-26-deu-rus-expulsion"]);
    let read = one("Date | Country | Against | Measure | Announced", "26.03.2018 г. | USA | Russia | protest | 14 March");
    assert_eq!(read, "yes 2018-03-26 USA RUS protest");
}

#[test]
fn a_day_without_a_year_is_asked_where_no_year_is_stated_or_several_are() {
    let header = "Date | Country | Against | Measure | Number";
    let way_out = "has no year: write the year of the dates as its value";
    let read = |name: &str, title: &str, day: &str| {
        let row = format!("{day} | USA | Russia | expulsion | =60");
        let lines = [title, header, &row];
        (column(&lines, "A"), rows(&texts(name, &lines)))
    };
    for day in DAYS {
        let (why, rows) = read("S", "Expulsions", day);
        assert!(why.ends_with(&format!("'{day}' {way_out})")), "{day}: {why}");
        assert_eq!(rows, [format!("ask {day} USA RUS expulsion 60 date: '{day}' has no year")]);
    }
    for (title, such) in [
        ("Expulsions 2017-2018", ""),
        ("Expulsions, as of January 2019", ", such as 2019, which 'Expulsions, as of January 2019' gives"),
        ("Ausweisungen (Stand: 12.1.2019)", ", such as 2019, which 'Ausweisungen (Stand: 12.1.2019)' gives"),
        ("Updated in 2019", ", such as 2019, which 'Updated in 2019' gives"),
    ] {
        let (why, rows) = read("S", title, "26.3.");
        assert!(why.ends_with(&format!("'26.3.' {way_out}{such})")), "{title}: {why}");
        assert_eq!(rows, ["ask 26.3. USA RUS expulsion 60 date: '26.3.' has no year"], "{title}");
    }
    assert_eq!(read("2019", "Expulsions 2018", "26.3.").1, ["ask 26.3. USA RUS expulsion 60 date: '26.3.' has no year"]);
    // What the order leaves open is asked as for dates with a year.
    let lines = ["Expulsions 2018", header, "3/4 | USA | Russia | expulsion | =60"];
    assert!(column(&lines, "A").contains("'3/4/2018' is 2018-04-03 or 2018-03-04: write dmy or mdy as its value, or give --dates dmy"));
    assert_eq!(rows(&texts("S", &lines)), ["ask 3/4 USA RUS expulsion 60 date: '3/4' is 2018-04-03 or 2018-03-04"]);
    let settled = ["Expulsions 2018", header, "3/4 | USA | Russia | expulsion | =60", "26/3 | Italy | Russia | expulsion | =2"];
    assert_eq!(rows(&texts("S", &settled)), ["yes 2018-04-03 USA RUS expulsion 60", "yes 2018-03-26 ITA RUS expulsion 2"]);
    // A number with a fraction is no day.
    assert_eq!(column(&["Ref | Date | Country | Against | Measure", "14/3 | 2018-03-26 | USA | Russia | protest"], "A"), "ref");
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
    let two =
        ["Date | Country | Against | Measure | Russian diplomats | Military attachés", "2018-03-26 | USA | Russia | expulsion | =35 | =2"];
    assert_eq!(rows(&texts("S", &two)), ["ask 2018-03-26 USA RUS expulsion 35 what does the column 'Military attachés' mean?"]);
    let number = ["Population | Date | Country | Against | Measure", "=83 | 2018-03-26 | USA | Russia | expulsion"];
    assert_eq!(rows(&texts("S", &number)), ["ask 2018-03-26 USA RUS expulsion what does the column 'Population' mean?"]);
    let parties = ["Date | A | B | Measure", "2018-03-26 | USA | Russia | protest"];
    assert!(rows(&texts("S", &parties))[0].starts_with("ask 2018-03-26 protest what does the column 'A' mean?"));
}

#[test]
fn a_column_of_stages_is_the_stage_or_asked_whatever_its_heading() {
    let read = |heading: &str, cells: &[&str; 3]| {
        let row = |cell: &&str| format!("2018-03-26 | USA | Russia | protest | {cell}");
        let lines: Vec<String> =
            std::iter::once(format!("Date | Country | Against | Measure | {heading}")).chain(cells.iter().map(row)).collect();
        rows(&texts("S", &lines.iter().map(String::as_str).collect::<Vec<_>>()))
    };
    for (heading, cells) in [
        ("Status", ["announced", "threat", "cancelled"]),
        ("Stand", ["angekündigt", "Drohung", "abgesagt"]),
        ("Statut", ["annoncée", "menace", "annulée"]),
        ("État", ["annoncée", "menace", "annulée"]),
        ("Estado", ["anunciada", "amenaza", "anulada"]),
        ("State", ["announced", "threat", "cancelled"]),
        ("State of play", ["announced", "threat", "cancelled"]),
        ("Stato", ["announced", "threat", "cancelled"]),
        ("Zustand", ["angekündigt", "Drohung", "abgesagt"]),
        ("Situación", ["anunciada", "amenaza", "anulada"]),
        ("Статус", ["объявлена", "угроза", "отменена"]),
    ] {
        let act = "2018-03-26 USA RUS protest";
        let withdrawn = format!("ask {act} {} there is no stage '{}'", cells[2], cells[2]);
        assert_eq!(read(heading, &cells), [format!("yes {act} announced"), format!("yes {act} threatened"), withdrawn], "{heading}");
    }
    let done = ["announced", "ejecutado", "anunciado"];
    let act = "2018-03-26 USA RUS protest";
    assert_eq!(read("Estado", &done), [format!("yes {act} announced"), format!("yes {act} done"), format!("yes {act} announced")]);
    let asked = "what does the column 'Progress' mean?";
    assert!(read("Progress", &["announced", "only a threat", "withdrawn"]).iter().all(|row| row.ends_with(asked)));
}

#[test]
fn a_header_that_says_the_same_twice_is_asked() {
    let lines = ["Date | Expelled | Remark | Date | Expelled | Remark", "2018-03-26 | =60 | a | 2018-03-29 | =60 | b"];
    let asked = "asked (its heading repeats one of A Date to C Remark: if it belongs to a second table, write its rows below the first, else \
                 write what it means, or nothing)";
    assert_eq!(["D", "E", "F"].map(|letter| column(&lines, letter)), [asked; 3]);
    assert_eq!(["A", "B", "C"].map(|letter| column(&lines, letter)), ["date", "count", "summary"]);
}

#[test]
fn a_count_of_what_the_country_of_the_row_did_is_not_the_country() {
    for heading in ["ausgewiesen durch das Land", "Expelled by country", "Expulsés par le pays"] {
        let lines = [
            "Ausgewiesene Diplomaten",
            &format!("Land | ausgewiesen von Russland | {heading} | Datum"),
            "Polen | =45 | =44 | 2022-04-08",
            "Bulgarien | =70 | =2 | 2022-07-18",
        ];
        assert!(!column(&lines, "C").starts_with("left out"), "{heading}: {}", column(&lines, "C"));
    }
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
    for heading in ["No.", "Nr.", "N°"] {
        assert_eq!(of(heading, ["=23", "48 + 12"]), "count (it has sums, which identify no row)", "{heading}");
        assert_eq!(of(heading, ["58+2", "58+2"]), "count (it has sums, which identify no row)", "{heading}");
    }
    assert_eq!(of("No.", ["4a", "4a"]), "asked (does it number the rows, or is it the count? write ref or count as its meaning)");
    for cells in [["=23", "several"], ["=4", "20-30"], ["=4", "dozens"], ["23+", "two"], ["several", "several"]] {
        for heading in ["No.", "Nr.", "#"] {
            let read = of(heading, cells);
            assert!(!read.starts_with("ref") && !read.starts_with("left out"), "{heading} {cells:?}: {read}");
        }
    }
    assert_eq!(of("No.", ["=4", "several"]), "asked (does it number the rows, or is it the count? write ref or count as its meaning)");
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
        "Высланные из России дипломаты",
        "Высланные из РФ",
        "Высланные Россией дипломаты",
        "Diplomates expulsés de Russie",
        "Diplomáticos expulsados de Rusia",
        "Russia's response to expulsions",
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
    for title in ["Expulsions from Russia", "Expulsions from Russia 2018", "Ausweisungen aus Russland"] {
        let asked = "what does the column 'Country' mean?; the actor is not known; the target is not known";
        assert_eq!(of(title), format!("ask 2018-03-29 expulsion 60 {asked}"), "{title}");
    }
    assert_eq!(of("Countries that did not expel Russian diplomats"), "ask 2018-03-29 HUN RUS 60 the kind is not known");
    for name in ["IN", "OUT", "Me", "be", "la"] {
        let sheet = texts(name, &["Country | Date | Measure", "Hungary | 2018-03-29 | protest"]);
        assert_eq!(rows(&sheet), ["ask 2018-03-29 HUN protest the target is not known"], "{name}");
    }
    let by = texts("by Russia", &["Country | Date | Measure", "Hungary | 2018-03-29 | protest"]);
    assert_eq!(rows(&by), ["yes 2018-03-29 RUS HUN protest"]);
}

#[test]
fn a_title_that_names_several_parties_is_asked_which_side_the_countries_are() {
    let of =
        |title: &str| rows(&texts("S", &[title, "Country;Date;Number".replace(';', " | ").as_str(), "France | 2022-05-18 | =3"])).remove(0);
    for title in [
        "Russia expels EU diplomats",
        "Russia's expulsions of EU diplomats",
        "EU diplomats expelled from Russia",
        "EU diplomats expelled: Russia",
        "Sanctions by Russia against the EU",
        "Russian travel bans on EU politicians",
        "Einreiseverbote Russlands gegen EU-Bürger",
        "Expulsion par la Russie de diplomates européens",
        "Ausweisungen deutscher Diplomaten durch Russland",
        "Expulsions of German diplomats by Russia",
        "Expulsiones de diplomáticos españoles por Rusia",
        "Высылка немецких дипломатов Россией",
    ] {
        assert!(!of(title).starts_with("yes 2022-05-18 FRA"), "{title}: {}", of(title));
    }
    for title in [
        "Sanctions for Russia's war on Ukraine",
        "Sanctions over Russia's war against Ukraine",
        "Sanctions for the Russian invasion of Ukraine",
        "Sanciones por la guerra de Rusia contra Ucrania",
        "Sanktionen wegen des Krieges Russlands gegen die Ukraine",
    ] {
        assert!(of(title).starts_with("ask ") && of(title).contains("the target is not known"), "{title}: {}", of(title));
    }
    for title in [
        "Sanctions against Russia over Ukraine",
        "Sanctions against Russia: the Ukraine crisis",
        "Ukraine war: sanctions against Russia",
        "Sanctions by EU members against Russia",
        "EU sanctions against Russia",
    ] {
        assert_eq!(of(title), "yes 2022-05-18 FRA RUS sanction 3", "{title}");
    }
    let known = ["Sanctions by Russia against the EU", "Date | Number", "2022-05-18 | =3"];
    assert_eq!(rows(&texts("S", &known)), ["yes 2022-05-18 RUS EU sanction 3"]);
}

#[test]
fn a_title_that_says_that_the_acts_ended_is_no_list_of_acts() {
    for title in [
        "Sanctions against Russia lifted",
        "Travel bans against Russia lifted",
        "Asset freezes against Russia ended",
        "Sanktionen gegen Russland aufgehoben",
        "Sanktionen gegen Russland ausgesetzt",
        "Sanktionen gegen Russland verlängert",
        "Sanctions contre la Russie prolongées",
        "US sanctions against China lifted",
        "Non-expulsion of Russian diplomats",
    ] {
        let row = rows(&texts("S", &[title, "Country | Date | Number", "France | 2022-05-18 | =3"])).remove(0);
        assert!(row.starts_with("ask ") && row.contains("the kind is not known"), "{title}: {row}");
    }
}

/// What a proposal of one row says: the act, or what is asked of it.
pub(super) fn one(header: &str, row: &str) -> String {
    rows(&texts("S", &[header, row])).join("; ")
}

#[test]
fn only_a_heading_that_says_what_was_counted_is_the_count() {
    let read =
        |heading: &str| one(&format!("Date | Country | Against | Measure | {heading}"), "2018-03-26 | USA | Russia | expulsion | =14");
    for heading in [
        "Number of Russian diplomats expelled",
        "Total number",
        "Diplomats ordered to leave",
        "Expelled by USA",
        "Anz.",
        "Anzahl ausgewiesener Diplomaten",
        "Nombre de diplomates expulsés",
        "Número de diplomáticos",
        "Кол-во",
        "Number (persons)",
        "Staff expelled",
    ] {
        assert_eq!(read(heading), "yes 2018-03-26 USA RUS expulsion 14", "{heading}");
    }
    for heading in [
        "Case number",
        "Phone number",
        "Page number",
        "Week number",
        "Room number",
        "Number of articles",
        "Number of sources",
        "Number remaining",
        "Number left",
        "Diplomats left",
        "Number of embassy staff",
        "Staff before",
        "Diplomats remaining",
        "Zahl der Berichte",
        "Nombre d'articles",
        "Número de página",
        "Номер страницы",
        "Severity",
        "Tariff %",
        "Days",
        "Cumulative",
        "Women",
    ] {
        let asked = format!("ask 2018-03-26 USA RUS expulsion what does the column '{heading}' mean?");
        assert_eq!(read(heading), asked, "{heading}");
    }
}

#[test]
fn consecutive_numbers_are_counts_unless_they_number_the_rows() {
    for heading in ["Кол-во", "Anz.", "Number", "Persons"] {
        let header = format!("Date | Country | Against | Measure | {heading}");
        let lines = [&header, "2018-03-26 | USA | Russia | expulsion | =3", "2018-03-27 | Poland | Russia | expulsion | =4"];
        assert_eq!(rows(&texts("S", &lines)), ["yes 2018-03-26 USA RUS expulsion 3", "yes 2018-03-27 POL RUS expulsion 4"], "{heading}");
    }
    for (heading, first) in [("Families", 3), ("Visas refused", 3), ("Phase", 1)] {
        let header = format!("Date | Country | Against | Measure | {heading}");
        let second = format!("2018-03-27 | Poland | Russia | expulsion | ={}", first + 1);
        let lines = [&header, &format!("2018-03-26 | USA | Russia | expulsion | ={first}")[..], &second];
        assert!(rows(&texts("S", &lines)).iter().all(|row| row.ends_with(&format!("what does the column '{heading}' mean?"))), "{heading}");
    }
}

#[test]
fn an_action_and_its_reaction_stand_in_one_row() {
    let row = "2018-03-26 | USA | Russia | expulsion | expulsion | 2018-03-29";
    for heading in ["Reaction", "Response", "Reply", "Counter-measure", "Gegenreaktion", "Riposte", "Réaction", "Reacción", "Реакция"]
    {
        assert_eq!(
            one(&format!("Date | Country | Target | Action | {heading} | {heading} date"), row),
            "yes 2018-03-26 USA RUS expulsion; yes 2018-03-29 RUS USA expulsion 2018-03-26-usa-rus-expulsion",
            "{heading}"
        );
    }
    let two = one("Country 1 | Country 2 | Date | Action by 1 | Action by 2", "USA | Russia | 2018-03-26 | expulsion | closure");
    assert!(two.starts_with("ask ") && two.contains("what does the column 'Action by 2' mean?"), "{two}");
    let same = one("Country 1 | Country 2 | Date | Action by 1 | Action by 2", "USA | Russia | 2018-03-26 | expulsion | expulsion");
    assert!(same.starts_with("ask ") && same.contains("what does the column 'Action by 2' mean?"), "{same}");
}

#[test]
fn a_column_about_the_answer_is_not_the_answer() {
    let header = "No. | Date | Country | Against | Measure | Number";
    for (heading, cell) in [
        ("Answered by", "=2"),
        ("Response ID", "=2"),
        ("Response time (days)", "=3"),
        ("Days to response", "=3"),
        ("Reply needed", "yes"),
        ("Retaliation expected", "yes"),
        ("Retaliated", "yes"),
        ("Retaliation", "yes"),
        ("Beantwortet", "ja"),
        ("Réponse attendue", "oui"),
    ] {
        let read = one(&format!("{header} | {heading}"), &format!("=1 | 2018-03-26 | USA | Russia | expulsion | =60 | {cell}"));
        assert_eq!(read, format!("ask 2018-03-26 USA RUS expulsion 60 what does the column '{heading}' mean?"), "{heading}");
    }
    for none in ["none", "no response", "not yet", "keine", "aucune réponse", "ninguna", "нет ответа", "-"] {
        let lines = [
            &format!("{header} | Response | Response date"),
            "=1 | 2018-03-26 | USA | Russia | expulsion | =60 | expulsion | 2018-03-29",
            &format!("=2 | 2018-03-26 | Malta | Russia | expulsion | =1 | {none} |"),
        ];
        assert_eq!(
            rows(&texts("S", &lines)),
            ["yes 2018-03-26 USA RUS expulsion 60", "yes 2018-03-29 RUS USA expulsion 1", "yes 2018-03-26 MLT RUS expulsion 1"],
            "{none}"
        );
    }
}

#[test]
fn a_cell_without_an_answer_leaves_its_column_what_it_is() {
    for none in ["pending", "not yet", "no reply", "none", "-", "noch nicht", "pas encore", "sin respuesta", "ответа нет"] {
        let lines = [
            "Date | Country | Expelled | Reply by Russia | Date of reply",
            "2018-03-26 | USA | =60 | =60 | 2018-03-29",
            &format!("2018-03-26 | Poland | =4 | {none} |"),
        ];
        let answered = "yes 2018-03-29 RUS USA expulsion 60 2018-03-26-usa-rus-expulsion";
        let read = ["yes 2018-03-26 USA RUS expulsion 60", answered, "yes 2018-03-26 POL RUS expulsion 4"];
        assert_eq!(rows(&texts("S", &lines)), read, "{none}");
    }
}

#[test]
fn what_describes_a_source_is_no_source() {
    let read = |heading: &str, cell: &str| {
        one(&format!("Date | Country | Against | Measure | {heading}"), &format!("2018-03-26 | USA | Russia | protest | {cell}"))
    };
    for (heading, cell) in [("Source language", "English"), ("Linked ID", "7"), ("Linked case", "7"), ("Related event", "7")] {
        assert_eq!(read(heading, cell), format!("ask 2018-03-26 USA RUS protest what does the column '{heading}' mean?"), "{heading}");
    }
    for heading in
        ["Source", "Sources", "Source 1", "Main source", "Link to article", "Source (URL)", "Quelle", "Fuente", "Источник", "Press source"]
    {
        assert_eq!(read(heading, "Reuters"), "yes 2018-03-26 USA RUS protest Reuters", "{heading}");
    }
    assert_eq!(read("Linked page", "https://a.org/1"), "yes 2018-03-26 USA RUS protest https://a.org/1");
}

#[test]
fn where_people_come_from_does_not_say_who_acts() {
    for header in [
        "Pays d'origine | Pays de destination",
        "Country of origin | Country of destination",
        "Country | Diplomats expelled from",
        "Pays | Expulsés de",
        "País | Expulsado(s) de",
        "Herkunftsland | Ausgewiesen aus",
        "País de origen | País de destino",
    ] {
        let read = one(&format!("{header} | Date | Measure | Number"), "Russia | France | 2022-04-05 | expulsion | =35");
        assert!(read.starts_with("ask ") && read.contains("what does the column"), "{header}: {read}");
    }
    for header in ["Sending state | Receiving state", "Entsendestaat | Empfangsstaat", "État accréditant | État accréditaire", "To | From"]
    {
        let read = one(&format!("{header} | Date | Measure | Number"), "Russia | France | 2022-04-05 | expulsion | =35");
        assert_eq!(read, "yes 2022-04-05 FRA RUS expulsion 35", "{header}");
    }
}

#[test]
fn every_party_of_a_title_counts() {
    let of = |title: &str| rows(&texts("S", &[title, "Country | Date | Number", "Hungary | 2018-03-29 | =60"])).remove(0);
    for title in [
        "Expulsions of diplomats from Iran and Russia",
        "Expulsions against Iran and Russia",
        "Expulsions against Iran, Russia and China",
        "Ausweisungen gegen Iran sowie Russland",
        "Expulsions of non-Russian diplomats",
    ] {
        assert_eq!(of(title), "ask 2018-03-29 HUN expulsion 60 the target is not known", "{title}");
    }
}

#[test]
fn deadlines_and_orders_of_dates_are_known_by_their_headings() {
    let header = "Date | Country | Against | Measure";
    for heading in ["To leave by", "Leave by", "Time limit", "Ausreise bis", "Date limite", "Fecha límite", "Покинуть до"] {
        let lines = [&format!("{header} | {heading}"), "2018-03-26 | USA | Russia | expulsion | 2018-04-02"];
        assert_eq!(column(&lines, "E"), "deadline", "{heading}");
    }
    for (heading, day) in [
        ("Date (MM/DD/YYYY)", "2018-04-03"),
        ("Date (DD/MM/YYYY)", "2018-03-04"),
        ("Datum (TT/MM/JJJJ)", "2018-03-04"),
        ("Date (jj/mm/aaaa)", "2018-03-04"),
    ] {
        let read = one(&format!("{heading} | Country | Against | Measure"), "04/03/2018 | USA | Russia | protest");
        assert_eq!(read, format!("yes {day} USA RUS protest"), "{heading}");
    }
    let read = one("Am | Land | Gegen | Maßnahme", "26.03.2018 | USA | Russland | Protest");
    assert_eq!(read, "yes 2018-03-26 USA RUS protest");
}

#[test]
fn groups_of_columns_say_who_answered() {
    let replied = "yes 2018-03-26 USA RUS expulsion 60; yes 2018-03-29 RUS USA expulsion 58 2018-03-26-usa-rus-expulsion";
    let lines = [
        " | Expelled by country | | Expelled by Russia |",
        "Country | Date | Number | Date | Number",
        "USA | 2018-03-26 | =60 | 2018-03-29 | =58",
    ];
    assert_eq!(rows(&texts("S", &lines)).join("; "), replied);
    let read = one("Страна | Цель | Дата | Мера | Выслано | Ответные меры", "США | Россия | 26.03.2018 | высылка | =60 | =58");
    assert!(read.contains("RUS USA expulsion 58") && read.contains("the date of the answer is not known"), "{read}");
}
