//! Who acts and who is acted on in a sheet, and what a proposal asks instead of taking it for the act or its date.

use super::sheet_columns::{column, one};
use super::sheets::{HEADER, rows, texts};

#[test]
fn people_in_a_heading_are_those_to_whom_it_was_done() {
    for (heading, act) in [
        ("Russian diplomats expelled", "RUS expulsion"),
        ("Russians expelled", "RUS expulsion"),
        ("Expelled Russians", "RUS expulsion"),
        ("Russes expulsés", "RUS expulsion"),
        ("Rusos expulsados", "RUS expulsion"),
        ("Franceses expulsados", "FRA expulsion"),
        ("Ausgewiesene Russen", "RUS expulsion"),
        ("Высланные россияне", "RUS expulsion"),
        ("French expelled", "FRA expulsion"),
        ("Chinese expelled", "CHN expulsion"),
        ("Sanctioned Russians", "RUS sanction"),
        ("Americans detained", "USA detention"),
        ("Americans released", "USA release"),
    ] {
        assert_eq!(
            one(&format!("Country | Date | {heading}"), "Germany | 2018-03-26 | =4"),
            format!("yes 2018-03-26 DEU {act} 4"),
            "{heading}"
        );
    }
    for heading in ["Russian expulsions", "Diplomats expelled by Russia"] {
        assert_eq!(
            one(&format!("Country | Date | {heading}"), "Germany | 2018-03-26 | =4"),
            "yes 2018-03-26 RUS DEU expulsion 4",
            "{heading}"
        );
    }
    // A heading may name whoever expels as well, and then the rows are those to whom it was done.
    for (heading, actor) in [
        ("Germany expelled", "DEU"),
        ("Germany has expelled", "DEU"),
        ("Germany's expulsions", "DEU"),
        ("Expelled by Germany", "DEU"),
        ("Diplomats expelled by Germany", "DEU"),
        ("Von Russland ausgewiesen", "RUS"),
        ("Expulsés par la France", "FRA"),
        ("La France a expulsé", "FRA"),
        ("Expulsados por España", "ESP"),
        ("Россия выслала", "RUS"),
    ] {
        let read = one(&format!("Country | Date | {heading}"), "Poland | 2018-03-26 | =4");
        assert_eq!(read, format!("yes 2018-03-26 {actor} POL expulsion 4"), "{heading}");
    }
    assert_eq!(one("Country | Date | Russian diplomats expelled", "Poland | 2018-03-26 | =4"), "yes 2018-03-26 POL RUS expulsion 4");
    let title = ["Germans expelled Russians", "Country | Date | Number", "Hungary | 2018-03-29 | =60"];
    assert!(!rows(&texts("S", &title))[0].contains("HUN DEU"));
}

#[test]
fn counts_of_several_peoples_are_asked() {
    let two = ["Country | Date | Russians expelled | Germans expelled", "Poland | 2018-03-26 | =4 | =4", "Italy | 2018-03-27 | =2 |"];
    assert_eq!(
        rows(&texts("S", &two)),
        ["ask 2018-03-26 POL RUS expulsion 4 what does the column 'Germans expelled' mean?", "yes 2018-03-27 ITA RUS expulsion 2"]
    );
    let replies = one(
        "Date | Country | Against | Measure | Number | Reply by Russia | Reply by Belarus | Reply date",
        "2018-03-26 | USA | Russia | expulsion | =60 | =60 | =3 | 2018-03-29",
    );
    assert!(replies.starts_with("ask 2018-03-26 USA RUS expulsion 60 what does the column 'Reply by"), "{replies}");
}

#[test]
fn a_heading_says_which_side_a_column_is() {
    for (target, actor) in [
        ("Affected state", "Measure taken by"),
        ("Sanctioned country", "Sanctioning country"),
        ("Country (target)", "Country (source)"),
        ("Country affected", "Country taking the measure"),
        ("Country of the diplomats", "Host"),
        ("Object", "Subject"),
        ("Country concerned", "Announced by"),
        ("State", "Decided by"),
        ("Target", "Country"),
        ("Zielstaat", "Staat"),
        ("Sanktioniertes Land", "Sanktionierendes Land"),
        ("Betroffenes Land", "Land"),
        ("Ausgewiesene (Staat)", "Ausweisender Staat"),
        ("Ausgewiesene Diplomaten (Land)", "Ausweisendes Land"),
        ("Expelled (state)", "Expelling state"),
        ("Expulsés (État)", "État expulsant"),
        ("Expulsados (Estado)", "Estado expulsor"),
        ("Высланные (страна)", "Высылающая страна"),
        ("Country", "Cancelled by"),
        ("Country", "Diplomats recalled by"),
        ("Land", "Aufgehoben durch das Land"),
        ("Pays", "Annulé par"),
        ("Pays sanctionné", "Pays sanctionnant"),
        ("Pays visé", "Pays"),
        ("País expulsado", "País que expulsa"),
        ("Pays expulsé", "Pays expulseur"),
        ("Pays expulsé", "Pays qui expulse"),
        ("Ausgewiesenes Land", "Land, das ausweist"),
        ("Country", "Recalled by"),
        ("Страна-цель", "Страна-инициатор"),
        ("País afectado", "País emisor"),
    ] {
        for header in [format!("Date | {target} | {actor} | Measure"), format!("Measure | {target} | {actor} | Date")] {
            let cells = "Russia | Germany";
            let row = if header.starts_with("Date") {
                format!("2018-03-26 | {cells} | expulsion")
            } else {
                format!("expulsion | {cells} | 2018-03-26")
            };
            assert_eq!(one(&header, &row), "yes 2018-03-26 DEU RUS expulsion", "{header}");
        }
    }
}

#[test]
fn a_second_column_of_parties_is_asked() {
    for heading in [
        "Mediator",
        "Protecting power",
        "In solidarity with",
        "Coordinated with",
        "Alliance",
        "Region",
        "On behalf of",
        "Reported by",
        "Desk",
        "Author",
        "Country",
    ] {
        for country in ["Country", "State"] {
            let asked = format!("ask 2018-03-26 DEU protest what does the column '{heading}' mean?; the target is not known");
            let header = format!("Date | {country} | {heading} | Measure");
            assert_eq!(one(&header, "2018-03-26 | Germany | Austria | protest"), asked, "{header}");
        }
    }
    let lines = ["Date | Country | Mediator | Measure", "2018-03-26 | Germany | Austria | protest"];
    let why = "asked (it has parties: write actor or target as its meaning, or nothing; B Country is taken for the actor)";
    assert_eq!(column(&lines, "C"), why);
}

#[test]
fn the_host_expels_and_the_sender_recalls() {
    let read = |kind: &str| one("Date | Sending country | Host country | Measure", &format!("2018-03-26 | Russia | Germany | {kind}"));
    assert_eq!(read("expulsion"), "yes 2018-03-26 DEU RUS expulsion");
    assert_eq!(read("recall"), "yes 2018-03-26 RUS DEU recall");
    let asked = "what does the column 'Sending country' mean?; what does the column 'Host country' mean?; the actor is not known; the target is not known";
    assert_eq!(read("protest"), format!("ask 2018-03-26 protest {asked}"));
    let title = |title: &str| {
        rows(&texts("S", &[title, "Date | Sending country | Host country | Number", "2018-03-26 | Russia | Germany | =1"])).remove(0)
    };
    assert_eq!(title("Recalls of ambassadors"), "yes 2018-03-26 RUS DEU recall 1");
    assert_eq!(title("Expulsions of diplomats"), "yes 2018-03-26 DEU RUS expulsion 1");
    let mixed = [
        "Date | Sending country | Host country | Measure",
        "2018-03-26 | Russia | Germany | expulsion",
        "2018-03-27 | Russia | Germany | recall",
    ];
    assert_eq!(rows(&texts("S", &mixed)), [format!("ask 2018-03-26 expulsion {asked}"), format!("ask 2018-03-27 recall {asked}")]);
}

#[test]
fn a_column_that_denies_an_act_asks_about_its_row() {
    let read = |heading: &str, cell: &str| {
        one(&format!("Date | Country | Against | Measure | {heading}"), &format!("2018-03-26 | USA | Russia | protest | {cell}"))
    };
    for (heading, cell) in [
        ("Happened", "no"),
        ("Confirmed?", "rumour"),
        ("Happened / Confirmed?", "not yet"),
        ("Verified", "no"),
        ("Bestätigt", "nein"),
        ("Confirmé", "non"),
        ("Confirmado", "no"),
        ("Подтверждено", "нет"),
        ("Rumour", "yes"),
        ("Cancelled", "yes"),
        ("Certainty", "rumour"),
        ("Confidence", "low"),
        ("Gewissheit", "Gerücht"),
    ] {
        let asked = format!("ask 2018-03-26 USA RUS protest the column '{heading}' says '{cell}': was it done?");
        assert_eq!(read(heading, cell), asked, "{heading}");
    }
    for (heading, cell) in [("Happened", "yes"), ("Confirmed?", "confirmed"), ("Bestätigt", "ja"), ("Rumour", "no"), ("Confirmed?", "")] {
        assert_eq!(read(heading, cell), "yes 2018-03-26 USA RUS protest", "{heading}");
    }
    let blank = [
        "Date | Country | Against | Measure | Verified | Cancelled",
        "2018-03-26 | USA | Russia | protest | x | no",
        "2018-03-27 | Italy | Russia | protest | |",
    ];
    let asked = "ask 2018-03-27 ITA RUS protest the column 'Verified' is empty: was it done?";
    assert_eq!(rows(&texts("S", &blank)), ["yes 2018-03-26 USA RUS protest", asked]);
    let lines = ["Date | Country | Against | Measure | Confirmed?", "2018-03-26 | USA | Russia | protest | yes"];
    assert_eq!(column(&lines, "E"), "asked (it seems to say whether the acts were done: every row for which it does not say so is asked)");
    assert_eq!(read("Status", "rumour"), "ask 2018-03-26 USA RUS protest rumour there is no stage 'rumour'");
}

#[test]
fn a_kind_that_may_not_have_been_done_is_asked() {
    let read = |heading: &str| one(&format!("Date | Country | Against | {heading}"), "2018-03-26 | USA | Russia | expulsion");
    for (heading, stage) in [
        ("Planned measure", " announced"),
        ("Geplante Maßnahme", " announced"),
        ("Measure announced", " announced"),
        ("Measure threatened", " threatened"),
        ("Measure in force", ""),
    ] {
        assert_eq!(read(heading), format!("yes 2018-03-26 USA RUS expulsion{stage}"), "{heading}");
    }
    for heading in [
        "Measure considered",
        "Measure avoided",
        "Not taken",
        "Trigger",
        "Demand",
        "Previous measure",
        "Measure lifted",
        "Frühere Maßnahme",
        "Mesure envisagée",
        "Medida anterior",
        "Предыдущая мера",
    ] {
        let asked = format!("ask 2018-03-26 USA RUS what does the column '{heading}' mean?; the kind is not known");
        assert_eq!(read(heading), asked, "{heading}");
    }
}

#[test]
fn a_date_of_something_else_is_asked() {
    let read = |heading: &str| one(&format!("{heading} | Country | Against | Measure"), "2018-03-26 | USA | Russia | protest");
    for heading in [
        "Date lifted",
        "Date revoked",
        "Expires",
        "Valid to",
        "End date",
        "Effective until",
        "Stand",
        "Date of birth",
        "Source date",
        "Planned date",
        "Gültig bis",
        "Enddatum",
        "Date de fin",
        "Fecha de vencimiento",
        "Дата окончания",
    ] {
        let asked = format!("ask USA RUS protest what does the column '{heading}' mean?; the date is not known");
        assert_eq!(read(heading), asked, "{heading}");
    }
    for heading in ["Date", "Effective date", "Date announced", "Event date", "When", ""] {
        assert_eq!(read(heading), "yes 2018-03-26 USA RUS protest", "{heading}");
    }
    let two = |header: &str| one(&format!("{header} | Country | Against | Measure"), "2018-03-26 | 2018-04-27 | USA | Russia | protest");
    assert_eq!(two("Date announced | Date lifted"), "ask 2018-03-26 USA RUS protest what does the column 'Date lifted' mean?");
    assert_eq!(two("Date announced | Source date"), "yes 2018-03-26 USA RUS protest");
    assert!(two("Planned date | Cancelled on").starts_with("ask USA RUS protest what does the column 'Planned date' mean?"));
}

#[test]
fn a_cell_that_leaves_it_open_what_was_done_is_asked() {
    let read = |kind: &str, count: &str, remark: &str| {
        one("Date | Country | Against | Measure | Number | Remark", &format!("2018-03-26 | USA | Russia | {kind} | {count} | {remark}"))
    };
    for kind in ["Expulsion?", "expulsion (?)", "to expel", "auszuweisen", "à expulser", "a expulsar", "выслать"] {
        let asked = format!("ask 2018-03-26 USA RUS {kind} 4 does '{kind}' say that it was done?");
        assert_eq!(read(kind, "=4", ""), asked, "{kind}");
    }
    for (count, why) in [
        ("5 to be expelled", "may say that it was not done, or not yet"),
        ("5 not expelled", "may say that it was not done, or not yet"),
        ("5 Diplomaten nicht ausgewiesen", "may say that it was not done, or not yet"),
        ("72 hours", "is not a count"),
        ("3 families", "is not a count"),
        ("3 Familien", "is not a count"),
        ("50 bn USD", "is not a count"),
        ("50 млрд", "is not a count"),
    ] {
        assert_eq!(read("expulsion", count, ""), format!("ask 2018-03-26 USA RUS expulsion count: '{count}' {why}"), "{count}");
    }
    assert_eq!(read("expulsion", "26 March", ""), "ask 2018-03-26 USA RUS expulsion what does the column 'Number' mean?");
    let days = [HEADER, "2018-03-26 | USA | Russia | expulsion | 26 March", "2018-03-26 | Italy | Russia | expulsion | =4"];
    assert_eq!(rows(&texts("S", &days))[0], "ask 2018-03-26 USA RUS expulsion count: '26 March' is not a count");
    for remark in ["not confirmed by Moscow", "error, delete", "denied by Mali", "nicht bestätigt", "sin confirmar", "ошибка"] {
        let asked = format!("'{remark}' may say that the row is wrong or not confirmed: write yes to import it, or no to leave it out");
        assert_eq!(read("expulsion", "=4", remark), format!("ask 2018-03-26 USA RUS expulsion 4 {remark} {asked}"), "{remark}");
    }
    for (remark, asked) in [
        ("actually 3", "'actually 3' may give another count: write the right one"),
        ("expelled by Russia", "'expelled by Russia' names another actor: write who acted on whom"),
    ] {
        assert_eq!(read("expulsion", "=4", remark), format!("ask 2018-03-26 USA RUS expulsion 4 {remark} {asked}"));
    }
    for remark in ["no further details", "by note", "expelled by the USA", "3 visas denied"] {
        assert_eq!(read("expulsion", "=4", remark), format!("yes 2018-03-26 USA RUS expulsion 4 {remark}"));
    }
}

#[test]
fn a_code_that_means_another_party_in_iso_is_asked() {
    let lines = ["Date | Country | Against | Measure", "2018-03-26 | AT | RU | protest", "2018-03-27 | AU | RU | protest"];
    let asked = "ask 2018-03-27 AU RUS protest 'AU' means African Union here, and Australia in ISO 3166: write which it is, or give --codes \
                 iso2 for all codes";
    assert_eq!(rows(&texts("S", &lines)), ["yes 2018-03-26 AUT RUS protest", asked]);
    assert_eq!(one("Date | Country | Against | Measure", "2018-03-27 | African Union | RU | protest"), "yes 2018-03-27 AU RUS protest");
}

#[test]
fn a_column_may_say_who_answered() {
    let header = "Expelled by | Expelled | Date | Number";
    for heading in [
        "Retaliating country",
        "Replying country",
        "Who replied",
        "Responding party",
        "Reply by",
        "Response by",
        "Retaliation by",
        "Retaliator",
        "Antwort von",
        "Réponse de",
        "Кто ответил",
    ] {
        let header = format!("{header} | {heading} | Reply number | Date of reply");
        let lines = [
            &header[..],
            "Poland | Russia | 2018-03-26 | =4 | Belarus | =2 | 2018-03-30",
            "Italy | Russia | 2018-03-26 | =2 | Russia | =2 | 2018-03-30",
        ];
        assert_eq!(
            rows(&texts("S", &lines)),
            [
                "yes 2018-03-26 POL RUS expulsion 4",
                "yes 2018-03-30 BLR POL expulsion 2 2018-03-26-pol-rus-expulsion",
                "yes 2018-03-26 ITA RUS expulsion 2",
                "yes 2018-03-30 RUS ITA expulsion 2 2018-03-26-ita-rus-expulsion"
            ],
            "{heading}"
        );
    }
    let several = one(
        &format!("{header} | Replied | Reply number | Date of reply"),
        "Poland | Russia | 2018-03-26 | =4 | Ruritania | =2 | 2018-03-30",
    );
    assert!(several.contains("; ask "), "{several}");
    let beside = [
        "Expelled by states | | | Expelled by Russia | |",
        "Country | Date | Number | Country | Date | Number",
        "USA | 2018-03-26 | =60 | Poland | 2018-03-29 | =4",
    ];
    let asked = "the answer is aimed at POL, but USA acted: does it answer this act?";
    assert!(rows(&texts("S", &beside))[1].ends_with(asked), "{:?}", rows(&texts("S", &beside)));
}

#[test]
fn a_number_with_another_act_beside_it_is_asked() {
    let header = "Country | Date | Expelled | Russian response | Date of response";
    for cell in ["23, closed British Council", "60 + closure of consulate", "23 and closure of a consulate", "23; consulate closed"] {
        for other in ["=4", "expulsion of 4 diplomats"] {
            let lines = [
                header,
                &format!("UK | 2018-03-14 | =23 | {cell} | 2018-03-17")[..],
                &format!("USA | 2018-03-26 | =4 | {other} | 2018-03-29"),
            ];
            let asked = match other {
                "=4" => format!("'{cell}' names several kinds: expulsion, closure; give each act a row of its own"),
                _ => format!("'{cell}' does not give one plain number: write it, or ? if it is not known"),
            };
            let read = rows(&texts("S", &lines));
            assert!(read[1].starts_with("ask ") && read[..2].join(" ").contains(&asked), "{cell}: {read:?}");
        }
    }
}

#[test]
fn a_count_of_another_unit_than_the_kinds_is_asked() {
    let read = |heading: &str, kind: &str, count: &str| {
        one(&format!("Date | Country | Against | Measure | {heading}"), &format!("2018-03-26 | USA | Russia | {kind} | {count}"))
    };
    for (heading, kind, count, number, text, unit) in [
        ("Persons sanctioned", "sanction", "=217", "217", "Persons sanctioned", "measures"),
        ("Persons sanctioned", "asset-freeze", "=21", "21", "Persons sanctioned", "measures"),
        ("Persons sanctioned", "closure", "=13", "13", "Persons sanctioned", "properties"),
        ("Anzahl Personen", "sanction", "=217", "217", "Anzahl Personen", "measures"),
        ("Consulates", "expulsion", "=2", "2", "Consulates", "persons"),
        ("Number", "closure", "8 staff", "8", "8 staff", "properties"),
    ] {
        let asked = format!("the unit is '{text}', but the kind {kind} counts {unit}: write the count of {unit}, or no count");
        assert_eq!(read(heading, kind, count), format!("ask 2018-03-26 USA RUS {kind} {number} {asked}"), "{heading}, {kind}");
    }
    for (heading, kind, count) in [
        ("Persons sanctioned", "travel-ban", "=4"),
        ("Persons", "closure", "4 consulates"),
        ("Embassy staff expelled", "expulsion", "=4"),
        ("Number", "expulsion", "4 (3 embassy, 1 consulate)"),
        ("Number", "expulsion", "4; 3 visas denied"),
        ("Number", "sanction", "=4"),
    ] {
        let read = read(heading, kind, count);
        assert!(read.starts_with(&format!("yes 2018-03-26 USA RUS {kind} 4")), "{heading}, {kind}: {read}");
    }
}

#[test]
fn a_unit_that_is_not_the_kinds_is_asked() {
    let read = |kind: &str, unit: &str| {
        one("Date | Country | Against | Measure | Number | Unit", &format!("2018-03-26 | USA | Russia | {kind} | =4 | {unit}"))
    };
    for (kind, unit) in
        [("sanction", "measures"), ("expulsion", "persons"), ("expulsion", "diplomats"), ("expulsion", "Personen"), ("sanction", "")]
    {
        assert_eq!(read(kind, unit), format!("yes 2018-03-26 USA RUS {kind} 4"), "{unit}");
    }
    for (kind, unit, own) in
        [("sanction", "million USD", "measures"), ("sanction", "persons", "measures"), ("expulsion", "families", "persons")]
    {
        let asked = format!("the unit is '{unit}', but the kind {kind} counts {own}: write the count of {own}, or no count");
        assert_eq!(read(kind, unit), format!("ask 2018-03-26 USA RUS {kind} 4 {asked}"), "{unit}");
    }
    // A column of units is not one that may have the kind: the title gives it.
    let titled = ["Expulsions of Russian diplomats", "Date | Country | Number | Unit", "2018-03-26 | USA | =4 | persons"];
    assert_eq!(rows(&texts("S", &titled)), ["yes 2018-03-26 USA RUS expulsion 4"]);
}

#[test]
fn what_is_plain_is_not_asked() {
    for (header, row) in [
        ("Date | Country | Against | Measure | No. of persons", "2018-03-26 | Germany | Russia | expulsion | =4"),
        ("Date | Expelled by | Against | N (pers.)", "2018-03-26 | Germany | Russia | =4"),
        ("Date | Country | Against | Measure | 人数 Number", "2018-03-26 | Germany | Russia | expulsion | =4"),
        ("Date | Expelling state | Against | Number", "2018-03-26 | Germany | Russia | =4"),
        ("Дата | Кто выслал | Против | Количество", "2018-03-26 | Германия | Россия | =4"),
        ("Date | Country | Against | Measure | Number | Effective date", "2018-03-26 | Germany | Russia | ordered to leave | =4 |"),
        ("Date of event | Date announced | Country | Against | Measure | Number", "| 2018-03-26 | Germany | Russia | expulsion | =4"),
        ("Date | Country | Against | Measure | Number | 人数 Number", "2018-03-26 | Germany | Russia | expulsion | | =4"),
    ] {
        assert_eq!(one(header, row), "yes 2018-03-26 DEU RUS expulsion 4", "{header}");
    }
    for (measure, kind) in [
        ("Talks cancelled", "halted-talks"),
        ("Visas denied", "visa-restriction"),
        ("ordered to leave", "expulsion"),
        ("nota de protesta", "protest"),
    ] {
        assert_eq!(
            one("Fecha | País | Contra | Medida", &format!("2018-03-26 | UE | Rusia | {measure}")),
            format!("yes 2018-03-26 EU RUS {kind}")
        );
    }
    for answer in ["Reaktion Russlands", "Reaction of Russia", "Réaction de la Russie"] {
        let header = format!("Date | Country | Measure | Number | {answer} (Date) | {answer} (Number)");
        let read = one(&header, "2018-03-26 | USA | expulsion | =60 | 2018-03-29 | =58");
        let expected = "yes 2018-03-26 USA RUS expulsion 60; yes 2018-03-29 RUS USA expulsion 58 2018-03-26-usa-rus-expulsion";
        assert_eq!(read, expected, "{answer}");
    }
    let ordinals = [&format!("{HEADER} | Rank | Total to date"), "2018-03-26 | USA | Russia | expulsion | =60 | Attaché | =60"];
    assert_eq!(column(&ordinals, "F"), "left out (it has the ranks of people)");
    assert_eq!(column(&ordinals, "G"), "left out (the count is in E Number)");
}

#[test]
fn a_sign_repeats_the_cell_above() {
    for sign in ["\"", "〃", "idem", "ditto", "dito"] {
        let repeated = format!("{sign} | Canada | {sign} | {sign} | =4");
        assert_eq!(
            rows(&texts("S", &[HEADER, "2018-03-26 | USA | Russia | expulsion | =60", &repeated])),
            ["yes 2018-03-26 USA RUS expulsion 60", "yes 2018-03-26 CAN RUS expulsion 4 date of row 2; target of row 2; kind of row 2"],
            "{sign}"
        );
    }
}

#[test]
fn a_text_in_a_row_of_its_own_fills_the_rows_below() {
    let countries =
        ["Date | Against | Measure", "Germany | |", "2018-03-26 | Russia | protest", "France | |", "2018-03-27 | Russia | protest"];
    assert_eq!(
        rows(&texts("S", &countries)),
        [
            "no a note: Germany",
            "yes 2018-03-26 DEU RUS protest actor of row 2",
            "no a note: France",
            "yes 2018-03-27 FRA RUS protest actor of row 4"
        ]
    );
    let days = [
        "Country | Against | Measure",
        "26 March 2018 | |",
        "Germany | Russia | protest",
        "27 March 2018 | |",
        "France | Russia | protest",
    ];
    assert_eq!(
        rows(&texts("S", &days)),
        [
            "no a note: 26 March 2018",
            "yes 2018-03-26 DEU RUS protest date of row 2",
            "no a note: 27 March 2018",
            "yes 2018-03-27 FRA RUS protest date of row 4"
        ]
    );
    let own = [
        "Country | Date | Against | Measure",
        "Germany | | |",
        "| 2018-03-26 | Russia | protest",
        "France | | |",
        "| 2018-03-27 | Russia | protest",
    ];
    assert_eq!(rows(&texts("S", &own))[3], "yes 2018-03-27 FRA RUS protest actor of row 4");
}

#[test]
fn the_title_of_a_second_table_is_asked_of_its_rows() {
    let asked = "who acts on whom in this row?";
    let lines = [
        "A. Measures against Russia",
        "Date | Country | Measure",
        "2018-03-26 | USA | protest",
        "B. Measures by Russia | |",
        "2018-03-27 | Germany | protest",
        "C. Measures by Western states | |",
        "2018-03-28 | France | protest",
        "D. Asia | |",
        "2018-03-29 | Japan | protest",
    ];
    let read = rows(&texts("S", &lines));
    assert_eq!(read[2], format!("ask 2018-03-27 DEU RUS protest row 4 says 'B. Measures by Russia': {asked}"));
    assert!(read[4].contains(&format!("row 6 says 'C. Measures by Western states': {asked}")), "{read:?}");
    assert!(!read[6].contains("row 8 says"), "{read:?}");
    let lines = [
        HEADER,
        "2018-03-26 | USA | Russia | protest |",
        "Measures by Russia | | | |",
        "2018-03-27 | Russia | USA | protest |",
        "2018-03-28 | Germany | Russia | protest |",
    ];
    assert_eq!(
        rows(&texts("S", &lines))[2..],
        ["yes 2018-03-27 RUS USA protest".to_owned(), format!("ask 2018-03-28 DEU RUS protest row 3 says 'Measures by Russia': {asked}")]
    );
    let lines = [
        "Expulsions of Russian diplomats",
        "Country | Date | Number",
        "EU members | |",
        "Germany | 2018-03-26 | =4",
        "Non-EU | |",
        "Norway | 2018-03-26 | =1",
        "Closures of consulates | |",
        "USA | 2018-03-26 | =1",
        "Rumoured | |",
        "Italy | 2018-03-26 | =2",
        "Planned for 2019 | |",
        "Spain | 2018-03-26 | =2",
    ];
    let read: Vec<String> = rows(&texts("S", &lines)).into_iter().filter(|row| !row.starts_with("no ")).collect();
    let open = "which may mean that it was not done, or not yet: write a stage such as announced, and yes, or no to leave it out";
    assert_eq!(
        read,
        [
            "yes 2018-03-26 DEU RUS expulsion 4".to_owned(),
            "yes 2018-03-26 NOR RUS expulsion 1".to_owned(),
            "ask 2018-03-26 USA RUS expulsion 1 row 7 says 'Closures of consulates': is this row of the kind expulsion?".to_owned(),
            format!("ask 2018-03-26 ITA RUS expulsion 2 row 9 says 'Rumoured', {open}"),
            format!("ask 2018-03-26 ESP RUS expulsion 2 row 11 says 'Planned for 2019', {open}"),
        ]
    );
    let lines = ["Date | Country | Measure", "Russia | |", "2018-03-27 | Germany | protest"];
    assert_eq!(rows(&texts("S", &lines))[1], format!("ask 2018-03-27 DEU protest row 2 says 'Russia': {asked}; the target is not known"));
}

#[test]
fn an_organisation_above_rows_of_its_members_is_a_heading_for_them() {
    let lines = [
        "Expulsions of Russian diplomats",
        "Country | Date | Number",
        "EU | |",
        "Germany | 2018-03-26 | =4",
        "United Kingdom | 2018-03-14 | =23",
        "NATO | |",
        "Canada | 2018-03-26 | =4",
        "Outside the EU | |",
        "Norway | 2018-03-26 | =1",
    ];
    let taken = |lines: &[&str]| rows(&texts("S", lines)).into_iter().filter(|row| !row.starts_with("no ")).collect::<Vec<_>>();
    let of_members = [
        "yes 2018-03-26 DEU RUS expulsion 4",
        "yes 2018-03-14 GBR RUS expulsion 23",
        "yes 2018-03-26 CAN RUS expulsion 4",
        "yes 2018-03-26 NOR RUS expulsion 1",
    ];
    assert_eq!(taken(&lines), of_members);
    for (eu, nato) in [("EU:", "NATO:"), ("A. EU", "B. NATO"), ("European Union", "NATO allies"), ("Europäische Union", "OTAN")] {
        let other = lines.map(|line| match line {
            "EU | |" => format!("{eu} | |"),
            "NATO | |" => format!("{nato} | |"),
            line => line.to_owned(),
        });
        assert_eq!(taken(&other.each_ref().map(String::as_str)), of_members, "{eu}, {nato}");
    }
    // Whoever was no member on that day may be acted on by the organisation.
    let asked = "row 2 says 'EU': who acts on whom in this row?";
    let others = [HEADER, "EU | | | |", "2022-03-30 | Russia | UK | expulsion | =4", "2022-04-08 | Russia | Poland | expulsion | =45"];
    let expected = [format!("ask 2022-03-30 RUS GBR expulsion 4 {asked}"), "yes 2022-04-08 RUS POL expulsion 45".to_owned()];
    assert_eq!(taken(&others), expected);
    let said = [HEADER, "Measures by the EU | | | |", "2022-04-08 | Poland | Russia | expulsion | =45"];
    assert!(taken(&said)[0].ends_with("row 2 says 'Measures by the EU': who acts on whom in this row?"));
}

#[test]
fn a_count_among_texts_of_what_was_done_is_asked_for_its_kind_or_has_that_of_the_heading() {
    let read = |header: &str, cells: [&str; 4]| {
        let row = |(country, cell): (&str, &str)| format!("2018-03-26 | {country} | =4 | {cell} | 2018-03-30");
        let rows_of = ["USA", "Italy", "Poland", "Spain"].into_iter().zip(cells).map(row);
        let lines: Vec<String> = std::iter::once(format!("Date | Country | Diplomats expelled | {header}")).chain(rows_of).collect();
        let answers = rows(&texts("S", &lines.iter().map(String::as_str).collect::<Vec<_>>()));
        answers.into_iter().filter(|row| row.contains("2018-03-30")).collect::<Vec<_>>()
    };
    let texts_of = ["expulsion of 4 diplomats", "=3", "expelled 2 diplomats", "expelled 4 diplomats"];
    let other = ", such as expulsion, which other cells of its column name";
    let answers = read("Reply by Russia | Reply date", texts_of);
    let act = "ask 2018-03-30 RUS ITA 3 2018-03-26-ita-rus-expulsion";
    assert_eq!(answers[1], format!("{act} '3' is a count and names no kind: write the kind{other}"));
    let of_several = ["expulsion of 4 diplomats", "=3", "consulate closed", "protest"];
    let answers = read("Reply by Russia | Reply date", of_several);
    assert_eq!(answers[1], format!("{act} '3' is a count and names no kind: write the kind"));
    let answers = read("Reply by Russia (expulsions) | Reply date", ["expulsion of 4 diplomats", "=3", "summons", "expelled 2 diplomats"]);
    assert_eq!(answers[1], "yes 2018-03-30 RUS ITA expulsion 3 2018-03-26-ita-rus-expulsion");
    // The same holds of the acts themselves.
    let lines = ["Date | Country | Against | Measure", "2018-03-26 | USA | Russia | expulsion", "2018-03-26 | Italy | Russia | =2"];
    assert_eq!(rows(&texts("S", &lines))[1], format!("ask 2018-03-26 ITA RUS 2 '2' is a count and names no kind: write the kind{other}"));
}

#[test]
fn the_members_of_an_organisation_in_a_title_act_each_in_its_row() {
    for title in [
        "Expulsions of Russian diplomats by EU members",
        "Expulsions of Russian diplomats by members of the EU",
        "Expulsions of Russian diplomats by NATO allies",
        "Ausweisungen russischer Diplomaten durch EU-Staaten",
        "Ausweisungen russischer Diplomaten durch Mitglieder der EU",
        "Expulsions de diplomates russes par les membres de l'UE",
        "Expulsiones de diplomáticos rusos por los países de la UE",
        "Высылка российских дипломатов странами ЕС",
    ] {
        let lines = [title, "Country | Date | Number", "Germany | 2018-03-26 | =4", "Poland | 2018-03-26 | =4"];
        let expected = ["yes 2018-03-26 DEU RUS expulsion 4", "yes 2018-03-26 POL RUS expulsion 4"];
        assert_eq!(rows(&texts("S", &lines)), expected, "{title}");
        let part = [HEADER, &format!("{title} | | | |"), "2018-03-26 | Germany | Russia | expulsion | =4"];
        assert_eq!(rows(&texts("S", &part))[1], "yes 2018-03-26 DEU RUS expulsion 4", "{title}");
    }
    let lines = ["Expulsions by EU members", "Country | Date | Number", "Germany | 2018-03-26 | =4"];
    assert_eq!(rows(&texts("S", &lines)), ["ask 2018-03-26 DEU expulsion 4 the target is not known"]);
    // An organisation that acts itself is the actor.
    let lines = ["Sanctions by the EU", "Country | Date", "Russia | 2018-03-26"];
    assert_eq!(rows(&texts("S", &lines)), ["yes 2018-03-26 EU RUS sanction"]);
}

#[test]
fn a_chronicle_says_in_its_sentences_who_acts_on_whom() {
    for (heading, sentence, read) in [
        ("Date | Event", "The United States expelled 60 Russian diplomats.", "USA RUS expulsion 60"),
        ("Date | Event", "Iran summons British ambassador", "IRN GBR summons"),
        ("Date | Événement", "La France expulse 35 diplomates russes", "FRA RUS expulsion 35"),
        ("Fecha | Hecho", "España expulsa a 27 diplomáticos rusos", "ESP RUS expulsion 27"),
        ("Дата | Событие", "Германия выслала 40 российских дипломатов", "DEU RUS expulsion 40"),
    ] {
        let row = rows(&texts("S", &[heading, &format!("2018-03-26 | {sentence}")])).remove(0);
        assert!(row.starts_with(&format!("yes 2018-03-26 {read}")), "{sentence}: {row}");
    }
    for sentence in ["Expulsion of Russian diplomats", "Russia and the United States expel diplomats"] {
        let row = rows(&texts("S", &["Date | Event", &format!("2018-03-26 | {sentence}")])).remove(0);
        assert!(row.starts_with("ask "), "{sentence}: {row}");
    }
}

#[test]
fn plain_headings_of_the_sides_and_the_answer_are_not_asked() {
    for (header, row, read) in [
        ("Act | Date | By | Against | Number", "Expulsion | 2018-03-26 | USA | Russia | =60", "USA RUS expulsion 60"),
        ("Maßnahme | Datum | von | gegen", "Protest | 2018-03-26 | Deutschland | Russland", "DEU RUS protest"),
        ("Acte | Date | Par | Contre", "protestation | 2018-03-26 | France | Russie", "FRA RUS protest"),
        ("Datum | Wer | Gegen wen | Was", "2018-03-26 | Deutschland | Russland | Protest", "DEU RUS protest"),
        ("Date | Summoned by | Ambassador of | What", "2018-03-26 | Iran | France | summons", "IRN FRA summons"),
        ("Date | Country | Measure against Russia", "2018-03-26 | Slovakia | protest", "SVK RUS protest"),
        ("Country | Russian Diplomats Expelled[1] | Date", "Germany | =4 | 2018-03-26", "DEU RUS expulsion 4"),
    ] {
        let rows = rows(&texts("S", &[header, row]));
        assert_eq!(rows, [format!("yes 2018-03-26 {read}")], "{header}");
    }
    let answered = rows(&texts(
        "S",
        &["Country | Diplomats expelled | Date | Russian response", "Ukraine | =13 | 26 March 2018 | 13 (30 March 2018)"],
    ));
    assert!(answered[1].starts_with("yes 2018-03-30 RUS UKR expulsion 13"), "{answered:?}");
}
