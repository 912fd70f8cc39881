//! What a proposal understands of the cells of a sheet: kinds, counts, parties, gaps, merged cells and formulas.

use rust_xlsxwriter::{Format, FormatBorder, Formula};

use super::sheets::{HEADER, book, rows, texts, write};

/// The rows of a sheet with the usual header.
fn of(lines: &[&str]) -> Vec<String> {
    let lines: Vec<&str> = [HEADER].into_iter().chain(lines.iter().copied()).collect();
    rows(&texts("S", &lines))
}

#[test]
fn a_kind_is_taken_as_the_cell_says_it_or_asked() {
    let read = |measure: &str| of(&[&format!("2022-03-30 | USA | Russia | {measure} |")]).remove(0);
    for (measure, taken) in [
        ("lifting of sanctions", "easing"),
        ("Aufhebung der Sanktionen", "easing"),
        ("levée des sanctions", "easing"),
        ("levantamiento de sanciones", "easing"),
        ("снятие санкций", "easing"),
        ("tariffs removed", "easing"),
        ("threat of expulsion", "expulsion threatened"),
        ("announces expulsion", "expulsion announced"),
        ("planned closure", "closure announced"),
        ("closed consulate reopened", "reopening"),
        ("airspace closed", "airspace-closure"),
        ("expulsion of 60 diplomats", "expulsion 60"),
        ("closure in retaliation for expulsion", "closure closure in retaliation for expulsion"),
    ] {
        assert_eq!(read(measure), format!("yes 2022-03-30 USA RUS {taken}"), "{measure}");
    }
    for measure in [
        "no expulsion",
        "expulsion order withdrawn",
        "return of expelled diplomats",
        "expulsion (suspended)",
        "Ausweisung zurückgenommen",
        "expulsion; closure",
        "expulsion of 60 diplomats and closure of consulate",
    ] {
        assert!(read(measure).starts_with("ask "), "{measure}");
    }
}

#[test]
fn what_stands_in_place_of_a_count_depends_on_the_kind() {
    let read = |kind: &str, count: &str| of(&[&format!("2018-03-26 | UK | Russia | {kind} | {count}")]).remove(0);
    for count in ["-", "–", "n/a", "N/A", "n.a.", "none", ""] {
        for kind in ["severance", "protest", "summons", "halted-talks"] {
            assert_eq!(read(kind, count), format!("yes 2018-03-26 GBR RUS {kind}"), "{count}");
        }
    }
    assert!(read("expulsion", "#N/A").ends_with("'#N/A' is not a count"));
    for count in ["NaN", "NULL", ""] {
        assert_eq!(read("expulsion", count), "yes 2018-03-26 GBR RUS expulsion", "{count}");
    }
    for count in ["-", "none", "x", "n/a"] {
        assert_eq!(
            read("expulsion", count),
            "ask 2018-03-26 GBR RUS expulsion the count does not tell whether anything was done",
            "{count}"
        );
    }
    assert!(read("expulsion", "=0").starts_with("no the count says that nothing was done"));
    assert!(read("protest", "=0").starts_with("ask "));
}

#[test]
fn nothing_done_and_nothing_answered_is_left_out() {
    let header = "Country | Expelled | Date | Reply by Russia | Reply date";
    let lines = [
        header,
        "USA | =60 | 2018-03-26 | =60 | 2018-03-29",
        "Austria | =0 | | =0 |",
        "Malta | – | | – |",
        "Italy | – | | =1 | 2018-03-30",
    ];
    assert_eq!(
        rows(&texts("S", &lines))[2..],
        [
            "no the count says that nothing was done: Austria 0 0",
            "no the count says that nothing was done: Malta – –",
            "ask 2018-03-26 ITA RUS expulsion the count does not tell whether anything was done",
            "ask 2018-03-30 RUS ITA expulsion 1 the act that it answers is asked",
        ]
    );
}

#[test]
fn countries_with_brackets_between_them_are_several() {
    assert_eq!(
        of(&[
            "2018-03-26 | Germany (4), France (3) | Russia | expulsion | =7",
            "2018-03-27 | Germany[a] and France[b] | Russia² | expulsion | 3 each",
            "2018-03-28 | Germany (4), France (3) | Russia | expulsion |",
            "2018-03-29 | Korea (Republic of), France* | Russia | protest |",
        ]),
        [
            "yes 2018-03-26 DEU RUS expulsion 4",
            "yes 2018-03-26 FRA RUS expulsion 3",
            "yes 2018-03-27 DEU RUS expulsion 3",
            "yes 2018-03-27 FRA RUS expulsion 3",
            "yes 2018-03-28 DEU RUS expulsion 4",
            "yes 2018-03-28 FRA RUS expulsion 3",
            "yes 2018-03-29 KOR RUS protest",
            "yes 2018-03-29 FRA RUS protest",
        ]
    );
    let differs = of(&["2018-03-26 | Germany (4), France (3) | Russia | expulsion | =9"]);
    assert_eq!(differs[0], "ask 2018-03-26 DEU RUS expulsion 4 the counts of the parties add up to 7, and the count is 9");
}

#[test]
fn names_and_words_of_two_letters_are_read_as_people_use_them() {
    for (name, code) in [
        ("Großbritannien", "GBR"),
        ("Grande-Bretagne", "GBR"),
        ("Gran Bretaña", "GBR"),
        ("Vereinigte Staaten von Amerika", "USA"),
        ("КНР", "CHN"),
        ("ФРГ", "DEU"),
        ("Белоруссия", "BLR"),
        ("N. Korea", "PRK"),
        ("S Korea", "KOR"),
        ("UNSC", "UN"),
    ] {
        assert_eq!(of(&[&format!("2018-03-26 | {name} | Russia | protest |")]), [format!("yes 2018-03-26 {code} RUS protest")], "{name}");
    }
    for name in ["Российская Федерация", "Federación de Rusia", "Russische Föderation"] {
        assert_eq!(of(&[&format!("2018-03-26 | USA | {name} | protest |")]), ["yes 2018-03-26 USA RUS protest"], "{name}");
    }
    for word in ["la", "no", "de"] {
        assert!(of(&[&format!("2018-03-26 | {word} | Russia | protest |")])[0].contains("there is no party"), "{word}");
    }
}

#[test]
fn a_single_gap_is_asked_and_not_filled() {
    let lines = [
        "Country | Against | Measure | Date | Number",
        "USA | Russia | expulsion | 2018-03-26 | =60",
        "UK | Russia | expulsion | | =23",
        "France | Russia | expulsion | 2018-03-28 | =4",
        "| Russia | closure | 2018-03-30 | =1",
    ];
    assert_eq!(
        rows(&texts("S", &lines)),
        [
            "yes 2018-03-26 USA RUS expulsion 60",
            "ask GBR RUS expulsion 23 the date is empty: is it '2018-03-26', as in row 2?",
            "yes 2018-03-28 FRA RUS expulsion 4",
            "ask 2018-03-30 RUS closure 1 the actor is empty: is it 'France', as in row 4?",
        ]
    );
}

#[test]
fn a_merged_count_is_asked_and_a_merged_text_is_said() {
    let sheet = book("S", |sheet| {
        let header = "Country | Against | Measure | Date | Number | Remark";
        write(sheet, &[header, "Germany | Russia | expulsion | 2018-03-26 | |", "France | Russia | expulsion | 2018-03-26 | |"]);
        let format = Format::new().set_border(FormatBorder::Thin);
        sheet.merge_range(1, 4, 2, 4, "7", &format).unwrap();
        sheet.merge_range(1, 5, 2, 5, "together", &format).unwrap();
    });
    let asked = "is 7 the count of each of rows 2 to 3, whose cells are merged, or of all together?";
    assert_eq!(
        rows(&sheet),
        [format!("ask 2018-03-26 DEU RUS expulsion 7 together {asked}"), format!("ask 2018-03-26 FRA RUS expulsion 7 together {asked}")]
    );
}

#[test]
fn a_formula_without_a_value_and_a_struck_count_are_asked() {
    let sheet = book("S", |sheet| {
        write(sheet, &[HEADER, "2018-03-26 | Canada | Russia | expulsion", "2018-03-26 | Italy | Russia | expulsion"]);
        sheet.write_string_with_format(1, 4, "4", &Format::new().set_font_strikethrough()).unwrap();
        sheet.write_formula(2, 4, Formula::new("=1+1").set_result("2")).unwrap();
    });
    let read = rows(&sheet);
    assert_eq!(read[0], "ask 2018-03-26 CAN RUS expulsion 4 count: '4' is struck out, or a part of it");
    assert_eq!(read[1], "yes 2018-03-26 ITA RUS expulsion 2");
    let lines = [HEADER, "2018-03-26 | USA | Russia | expulsion | =30+30"];
    let asked = "count: the formula '=30+30' has no value: open the file in a spreadsheet program and save it there";
    assert_eq!(rows(&texts("S", &lines)), [format!("ask 2018-03-26 USA RUS expulsion {asked}")]);
}

#[test]
fn dates_and_deadlines_are_read_as_spreadsheets_write_them() {
    for date in
        ["26-Mar-18", "26-Mar-2018", "26 March 2018[1]", "2018-03-26 [1]", "Monday, 26 March 2018", "26.März 2018", "26 March 2018 14:30"]
    {
        assert_eq!(of(&[&format!("{date} | USA | Russia | protest |")]), ["yes 2018-03-26 USA RUS protest"], "{date}");
    }
    let bracketed = "ask [8 April 2018] USA RUS protest date: '[8 April 2018]' is not a date";
    assert_eq!(of(&["[8 April 2018] | USA | Russia | protest |"]), [bracketed]);
    assert_eq!(of(&["26.03.2018 г. | USA | Russia | protest |"]), ["yes 2018-03-26 USA RUS protest"]);
    assert_eq!(of(&["Mar-18 | USA | Russia | protest |"]), ["yes 2018-03 USA RUS protest"]);
}

#[test]
fn what_was_not_done_or_was_taken_back_is_no_act() {
    let read = |measure: &str| of(&[&format!("2022-03-30 | UK | Russia | {measure} |")]).remove(0);
    for (measure, taken) in [
        ("sanctions relief", "easing"),
        ("tariffs reduced", "easing"),
        ("tariff cut", "easing"),
        ("sanctions waived", "easing"),
        ("Senkung der Zölle", "easing"),
        ("réduction des sanctions", "easing"),
        ("снижение пошлин", "easing"),
        ("will expel", "expulsion announced"),
        ("diplomats to be expelled", "expulsion announced"),
        ("expulsará diplomáticos", "expulsion announced"),
        ("expulsion, 5 May 2022", "expulsion expulsion, 5 May 2022"),
        ("wave of expulsions", "expulsion"),
        ("imposition of sanctions", "sanction"),
    ] {
        assert!(read(measure).starts_with(&format!("yes 2022-03-30 GBR RUS {taken}")), "{measure}: {}", read(measure));
    }
    for measure in [
        "expulsion denied",
        "condemned expulsion",
        "apology for expulsion",
        "grief over expulsion",
        "may expel",
        "accepted expulsion",
        "expulsion upheld by court",
        "ultimatum: expulsion",
        "embargo violated",
        "Ausweisung rückgängig",
        "Verurteilung der Ausweisung",
        "Freude über Ausweisung",
        "condamnation de l'expulsion",
        "condena de la expulsión",
        "осуждение высылки",
        "diplomats expelled by Russia",
        "expulsion of Iranian diplomats",
    ] {
        assert!(read(measure).starts_with("ask 2022-03-30 GBR RUS "), "{measure}: {}", read(measure));
    }
    for measure in [
        "sanctions against Russia lifted",
        "sanctions against Russia extended until 31 July 2024",
        "sanctions against Russia announced",
        "sanctions against Russia suspended",
        "sanctions against officials over the detention lifted",
        "Sanktionen gegen Russland aufgehoben",
        "Sanktionen gegen Russland verlängert",
        "sanctions contre la Russie levées",
        "sanciones contra Rusia levantadas",
        "санкции против России сняты",
        "travel bans against officials lifted",
        "sanctions after the annexation of Crimea lifted",
        "non-expulsion of diplomats",
    ] {
        assert!(read(measure).starts_with(&format!("ask 2022-03-30 GBR RUS {measure} ")), "{measure}: {}", read(measure));
    }
    for measure in [
        "protest against the lifted sanctions",
        "protest against planned closure",
        "sanctions against officials after the rejected treaty text",
    ] {
        assert!(read(measure).starts_with("yes 2022-03-30 GBR RUS "), "{measure}: {}", read(measure));
    }
    assert_eq!(
        read("diplomats expelled by Russia"),
        "ask 2022-03-30 GBR RUS expulsion diplomats expelled by Russia the kind names RUS as the actor"
    );
}

#[test]
fn what_stands_beside_a_country_is_kept_or_asked() {
    let read = |country: &str| of(&[&format!("2022-04-05 | {country} | Russia | protest |")]).remove(0);
    for country in [
        "Germany et al.",
        "Germany and others",
        "Germany u.a.",
        "Germany (and France)",
        "EU (except Hungary)",
        "Germany (for France)",
        "Germany (not France)",
        "Germany (Bavaria and France)",
        "Germany (GDR)",
        "Italy?",
        "Italy (?)",
        "USA (1986)",
        "Deutschland (außer Bayern)",
    ] {
        assert!(read(country).contains("there is no party '"), "{country}: {}", read(country));
    }
    for (country, row) in [
        ("USA (by note)", "USA RUS protest by note"),
        ("USA (Trump)", "USA RUS protest Trump"),
        ("United Kingdom (UK)", "GBR RUS protest"),
        ("Korea (Republic of)", "KOR RUS protest"),
        ("Iran (Islamic Republic of)", "IRN RUS protest"),
        ("Moldova (Republic of)", "MDA RUS protest"),
        ("the UK", "GBR RUS protest"),
        ("Government of Canada", "CAN RUS protest"),
        ("Северная Корея", "PRK RUS protest"),
        ("Moldau", "MDA RUS protest"),
        ("Russian", "ask"),
    ] {
        let row = if row == "ask" {
            "ask 2022-04-05 RUS RUS protest the actor and the target are the same party, RUS".to_owned()
        } else {
            format!("yes 2022-04-05 {row}")
        };
        assert_eq!(read(country), row, "{country}");
    }
    let several = of(&["2022-04-05 | Deutschland, Frankreich sowie Italien | Russia | protest |"]);
    assert_eq!(several, ["DEU", "FRA", "ITA"].map(|code| format!("yes 2022-04-05 {code} RUS protest")));
    for (nationality, code) in [("Russian", "RUS"), ("German", "DEU"), ("russisch", "RUS"), ("russe", "RUS"), ("российский", "RUS")]
    {
        let lines = ["Date | Country | Nationality of diplomats | Measure", &format!("2018-03-26 | USA | {nationality} | expulsion")];
        assert_eq!(rows(&texts("S", &lines)), [format!("yes 2018-03-26 USA {code} expulsion")], "{nationality}");
    }
}

#[test]
fn counts_and_marks_are_read_in_five_languages() {
    let read = |count: &str| of(&[&format!("2022-04-05 | USA | Russia | expulsion | {count}")]).remove(0);
    for (count, expected) in [
        ("5 bis 10", " 5-10"),
        ("5 à 10", " 5-10"),
        ("de 5 a 10", " 5-10"),
        ("от 5 до 10", " 5-10"),
        ("zwischen 5 und 10", " 5-10"),
        ("entre 5 et 10 diplomates", " 5-10"),
        ("twenty-five", " 25"),
        ("fifteen", " 15"),
        ("vierzig", " 40"),
        ("unbekannt", ""),
        ("inconnu", ""),
        ("desconocido", ""),
        ("неизвестно", ""),
    ] {
        assert_eq!(read(count), format!("yes 2022-04-05 USA RUS expulsion{expected}"), "{count}");
    }
    for count in ["5 und 10", "twenty-dozen", "a dozen", "[10]", "*"] {
        assert!(read(count).starts_with("ask "), "{count}");
    }
    let marked = "\u{200e}26\u{200e}/\u{200e}03\u{200e}/\u{200e}2018 | USA | Russia | protest |";
    assert_eq!(of(&[marked, "\u{1a}"]), ["yes 2018-03-26 USA RUS protest"]);
    let notes = of(&["2018-03-26 | USA | Russia | protest |", "After | After | After | After | After", " | | | | =87"]);
    assert_eq!(notes[1..], ["no a note: After After After After After", "no a number without a country, which may be a total: 87"]);
}

#[test]
fn the_number_in_a_measure_is_the_count_if_it_counts_what_the_kind_counts() {
    let read = |measure: &str| of(&[&format!("2022-04-05 | USA | Russia | {measure} |")]).remove(0);
    for (measure, expected) in [
        ("Expelled about 10 diplomats", "yes 2022-04-05 USA RUS expulsion ~10 Expelled about 10 diplomats"),
        ("Expelled 10+ diplomats", "yes 2022-04-05 USA RUS expulsion 10+"),
        ("Expelled one diplomat", "yes 2022-04-05 USA RUS expulsion 1"),
        ("vier Diplomaten ausgewiesen", "yes 2022-04-05 USA RUS expulsion 4"),
        ("quatre diplomates expulsés", "yes 2022-04-05 USA RUS expulsion 4"),
        ("doce diplomáticos expulsados", "yes 2022-04-05 USA RUS expulsion 12"),
        ("высланы пять дипломатов", "yes 2022-04-05 USA RUS expulsion 5"),
        ("Einreiseverbot für 12 Personen", "yes 2022-04-05 USA RUS travel-ban 12 Einreiseverbot für 12 Personen"),
        ("Closure of 2 consulates", "yes 2022-04-05 USA RUS closure 2"),
        ("Tariff 25% on 818 goods", "yes 2022-04-05 USA RUS tariff Tariff 25% on 818 goods"),
        ("Asset freeze (15 persons)", "yes 2022-04-05 USA RUS asset-freeze Asset freeze (15 persons)"),
        ("Visa ban on 12 officials", "yes 2022-04-05 USA RUS visa-restriction Visa ban on 12 officials"),
        ("объявлены персонами нон грата 4 дипломата", "yes 2022-04-05 USA RUS expulsion 4 объявлены персонами нон грата 4 дипломата"),
    ] {
        assert_eq!(read(measure), expected);
    }
    for (measure, count) in [
        ("expulsion of 24", "24"),
        ("Ausweisung von 40", "40"),
        ("expulsion de 35", "35"),
        ("staff cut by 755", "755"),
        ("expulsion of 12 000 000 diplomats", "12000000"),
        ("expulsion of 23 diplomats within 7 days", "23"),
        ("3 ambassadors expelled", "3"),
    ] {
        let act = read(measure);
        assert!(act.starts_with("yes 2022-04-05 USA RUS ") && act.split(' ').nth(5) == Some(count), "{measure}: {act}");
    }
    for measure in [
        "Expelled 4 of 10 diplomats",
        "Expelled up to 10 diplomats",
        "Expelled 2 diplomats and 3 staff",
        "3 out of 5 diplomats expelled",
        "3 diplomates sur 5 expulsés",
        "expulsion of all but 5 diplomats",
        "expulsion of 10 percent of diplomats",
        "expulsion of 10 % of diplomats",
        "expulsion of two hundred diplomats",
        "expulsion of one hundred and five diplomats",
        "expulsion of the ambassador and 3 diplomats",
        "expulsion of 3 diplomats and their ambassador",
        "expulsion of 0 diplomats",
    ] {
        let asked = format!("count: '{measure}' does not give one plain number: write it, or ? if it is not known");
        assert!(read(measure).starts_with("ask 2022-04-05 USA RUS expulsion") && read(measure).ends_with(&asked), "{}", read(measure));
    }
    let expelled = "yes 2022-04-05 USA RUS expulsion 4 Expelled 4 of 10 diplomats";
    assert_eq!(of(&["2022-04-05 | USA | Russia | Expelled 4 of 10 diplomats | =4"]), [expelled], "a column gives the count");
    assert_eq!(
        of(&["2022-04-05 | Russia | Iran | Expulsion of 1,000 Iranians |"]),
        ["yes 2022-04-05 RUS IRN expulsion 1000 Expulsion of 1,000 Iranians"]
    );
}

#[test]
fn an_answer_in_words_has_its_own_kind_or_is_asked() {
    let read = |reply: &str| {
        let lines = [
            "Country | Expelled | Date | Russian reply | Reply date",
            "USA | =60 | 2018-03-26 | =60 | 2018-03-29",
            "Italy | =2 | 2018-03-26 | =2 | 2018-03-29",
            "Spain | =2 | 2018-03-26 | =2 | 2018-03-29",
            &format!("Germany | =4 | 2018-03-26 | {reply} | 2018-03-30"),
        ];
        rows(&texts("S", &lines))[6..].to_vec()
    };
    let act = "yes 2018-03-26 DEU RUS expulsion 4";
    for (reply, expected) in [
        ("protest note", "yes 2018-03-30 RUS DEU protest protest note 2018-03-26-deu-rus-expulsion"),
        ("24 diplomats expelled", "yes 2018-03-30 RUS DEU expulsion 24 24 diplomats expelled 2018-03-26-deu-rus-expulsion"),
        ("entry ban for 30 officials", "yes 2018-03-30 RUS DEU travel-ban 30 entry ban for 30 officials 2018-03-26-deu-rus-expulsion"),
    ] {
        assert_eq!(read(reply), [act, expected]);
    }
    for (reply, asked) in [
        ("promised a response", "'promised a response' is not a count"),
        ("will expel 4 diplomats", "'will expel 4 diplomats' says that the answer is announced, and not that it was done"),
        (
            "60 expelled; consulate in X closed",
            "'60 expelled; consulate in X closed' names several kinds: closure, expulsion; give each act a row of its own",
        ),
    ] {
        let read = read(reply);
        assert!(read[0] == act && read[1].starts_with("ask 2018-03-30 RUS DEU") && read[1].ends_with(asked), "{read:?}");
    }
    let texts_only = |reply: &str| {
        let lines = ["Country | Expelled | Date | Response | Response date", &format!("USA | =60 | 2018-03-26 | {reply} | 2018-03-29")];
        let lines = lines.map(|line| line.replace("Response |", "Russian response |"));
        rows(&texts("S", &[&lines[0], &lines[1]]))[1..].to_vec()
    };
    for (reply, expected) in [
        ("by note verbale", "ask 2018-03-29 RUS USA by note verbale 2018-03-26-usa-rus-expulsion there is no kind 'by note verbale'"),
        ("60 diplomats expelled", "yes 2018-03-29 RUS USA expulsion 60 60 diplomats expelled 2018-03-26-usa-rus-expulsion"),
    ] {
        assert_eq!(texts_only(reply), [expected]);
    }
}

#[test]
fn an_answer_of_which_only_the_date_is_known_is_asked_for_its_kind() {
    let read = |heading: &str| {
        let lines = [&format!("Country | Expelled | Date | {heading}"), "USA | =60 | 2018-03-26 | 2018-03-30"];
        rows(&texts("S", &lines))[1..].to_vec()
    };
    for heading in ["Reply by Russia", "Date of reply by Russia", "Reaktion Russlands", "Réponse de la Russie"] {
        let asked = "ask 2018-03-30 RUS USA 2018-03-26-usa-rus-expulsion nothing says what the answer was: write its kind";
        assert_eq!(read(heading), [asked], "{heading}");
    }
    let closed = "yes 2018-03-30 RUS USA closure 2018-03-26-usa-rus-expulsion";
    assert_eq!(read("Reply by Russia: consulate closed"), [closed]);
}

#[test]
fn a_row_for_each_person_is_asked_and_counted() {
    let lines = [
        "Name | Post | Country | Against | Measure | Date",
        "Ivanov | attaché | USA | Russia | expulsion | 2018-03-26",
        "Petrov | attaché | USA | Russia | expulsion | 2018-03-26",
        "Sidorov | secretary | USA | Russia | expulsion | 2018-03-26",
    ];
    let asked = "rows 2 to 4: 3 are the same but for what is left out (A Name, B Post): write (rows) as the value of count in the sheet \
                 Columns if each stands for one person or thing, else yes in one and no in the others";
    assert_eq!(rows(&texts("S", &lines)), vec![format!("ask 2018-03-26 USA RUS expulsion {asked}"); 3]);
}

#[test]
fn a_remark_that_a_row_repeats_another_is_asked() {
    for remark in ["duplicate, see above", "Doublon", "siehe oben", "duplicado", "дубликат", "см. выше"] {
        let lines = [
            "Date | Country | Against | Measure | Number | Remark",
            "2018-03-26 | USA | Russia | expulsion | =60 | embassy",
            &format!("2018-03-26 | USA | Russia | expulsion | =60 | {remark}"),
        ];
        let asked = format!(
            "ask 2018-03-26 USA RUS expulsion 60 {remark} '{remark}' may say that the row repeats another: write yes if it is an act of its own, \
             else no"
        );
        assert_eq!(rows(&texts("S", &lines))[1], asked);
    }
}

#[test]
fn a_remark_that_denies_the_act_is_asked() {
    let asked = |remark: &str| {
        format!("'{remark}' may say that it was not done, or not yet: write a stage such as announced, and yes, or no to leave it out")
    };
    let read = |country: &str, count: &str, remark: &str, stage: &str| {
        let row = format!("2018-03-26 | {country} | Russia | expulsion | {count} | {remark} | {stage}");
        rows(&texts("S", &["Date | Country | Against | Measure | Number | Remark | Status", &row])).join("; ")
    };
    for remark in [
        "planned",
        "threat",
        "not implemented",
        "withdrawn",
        "cancelled",
        "announced only",
        "nur angekündigt",
        "zurückgezogen",
        "annulé",
        "non exécuté",
        "anulada",
        "solo anunciado",
        "отменено",
        "не выполнено",
    ] {
        let expected = format!("ask 2018-03-26 USA RUS expulsion 4 {remark} {}", asked(remark));
        assert_eq!(read("USA", &format!("4 ({remark})"), "", ""), expected, "{remark}");
        assert_eq!(read("USA", "=4", remark, ""), expected, "{remark}");
        assert!(read(&format!("USA ({remark})"), "=4", "", "").starts_with("ask 2018-03-26 USA"), "{remark}");
        let stated = format!("yes 2018-03-26 USA RUS expulsion 4 announced {remark}");
        assert_eq!(read("USA", "=4", remark, "announced"), stated, "{remark}");
    }
    for remark in ["carried out", "in force", "withdrawn to Moscow by train", "embassy"] {
        assert_eq!(read("USA", "=4", remark, ""), format!("yes 2018-03-26 USA RUS expulsion 4 {remark}"), "{remark}");
    }
    for counts in ["2 diplomats; 3 spouses", "4; 5 local staff", "4\n5 local staff"] {
        let said = format!("count: '{}' gives several counts", counts.replace('\n', ", "));
        assert_eq!(read("USA", counts, "", ""), format!("ask 2018-03-26 USA RUS expulsion {said}"));
    }
    let answer = |count: &str| {
        let lines = ["Country | Expelled | Date | Russian reply | Reply date", &format!("USA | =60 | 2018-03-26 | {count} | 2018-03-29")];
        rows(&texts("S", &lines)).remove(1)
    };
    assert!(
        answer("60 (announced)").starts_with("ask 2018-03-29 RUS USA expulsion 60")
            && answer("60 (announced)").ends_with(&asked("announced"))
    );
}

#[test]
fn names_of_one_party_and_counts_of_each_are_not_asked() {
    let of_names = |names: &str| of(&[&format!("2018-03-26 | {names} | USA | protest |")]);
    for names in ["Russland / Russia", "Russia\nРоссия"] {
        assert_eq!(of_names(names), ["yes 2018-03-26 RUS USA protest"], "{names}");
    }
    let act = |code: &str, count: &str| format!("yes 2018-03-26 {code} RUS expulsion {count}");
    for (parties, count, expected) in [
        ("Belgium 1; Ireland 1", "", vec![act("BEL", "1"), act("IRL", "1")]),
        ("Belgium: 2, Ireland: 3 and Malta: 1", "", vec![act("BEL", "2"), act("IRL", "3"), act("MLT", "1")]),
        ("Belgium\nIreland\nMalta", "4\n4\n4", vec![act("BEL", "4"), act("IRL", "4"), act("MLT", "4")]),
    ] {
        assert_eq!(of(&[&format!("2018-03-26 | {parties} | Russia | expulsion | {count}")]), expected);
    }
    for (parties, count, asked) in [
        ("Belgium 1; Ireland", "", "not every party has its count"),
        ("Belgium\nIreland", "4\n4\n4", "the count has 3 lines for 2 acts"),
        ("Belgium\nIreland", "4\n3", "count: '4, 3' gives several counts"),
    ] {
        let read = of(&[&format!("2018-03-26 | {parties} | Russia | expulsion | {count}")]);
        assert!(read.iter().all(|row| row.starts_with("ask ") && row.contains(asked)), "{read:?}");
    }
}
