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
    for count in ["-", "–", "n/a", "N/A", "none", ""] {
        for kind in ["severance", "protest", "summons", "halted-talks"] {
            assert_eq!(read(kind, count), format!("yes 2018-03-26 GBR RUS {kind}"), "{count}");
        }
    }
    for count in ["n/a", "NaN", "NULL", ""] {
        assert_eq!(read("expulsion", count), "yes 2018-03-26 GBR RUS expulsion", "{count}");
    }
    for count in ["-", "none", "x"] {
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
    for count in ["5 und 10", "twenty-dozen", "a dozen"] {
        assert!(read(count).starts_with("ask "), "{count}");
    }
    let marked = "\u{200e}26\u{200e}/\u{200e}03\u{200e}/\u{200e}2018 | USA | Russia | protest |";
    assert_eq!(of(&[marked, "\u{1a}"]), ["yes 2018-03-26 USA RUS protest"]);
    let notes = of(&["2018-03-26 | USA | Russia | protest |", "After | After | After | After | After", " | | | | =87"]);
    assert_eq!(notes[1..], ["no a note: After After After After After", "no a number without a country, which may be a total: 87"]);
}
