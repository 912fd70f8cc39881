//! What says, anywhere in a sheet, that its acts may not have been done, or not as they are counted: it is asked, in each of five languages.

use super::sheets::{rows, texts};

/// What is read of one row, `2022-03-26 | Poland | Russia | expulsion`, in a sheet of this name with these lines above its header, and with
/// further columns.
fn read(name: &str, above: &[&str], headings: &str, cells: &str) -> String {
    let header = format!("Date | Country | Against | Measure | Number{headings}");
    let row = format!("2022-03-26 | Poland | Russia | expulsion | =3{cells}");
    rows(&texts(name, &[above, &[header.as_str(), row.as_str()]].concat())).join("; ")
}

fn asks(read: &str) -> bool {
    read.starts_with("ask 2022-03-26 POL RUS expulsion")
}

#[test]
fn a_title_or_the_name_of_a_sheet_may_say_that_nothing_was_done() {
    for title in [
        "Expulsions of Russian diplomats that were not carried out",
        "Lifting of sanctions against Russia",
        "Expired sanctions against Russia",
        "Extension of sanctions against Russia",
        "Not carried out",
        "Threats",
        "Planned measures 2023",
        "Rejected proposals",
        "Draft list - do not cite",
        "Scenario for a seminar",
        "Aufgehobene Sanktionen gegen Russland",
        "Ausgelaufene Sanktionen gegen Russland",
        "Drohungen",
        "Nicht umgesetzte Maßnahmen",
        "Ausweisungen russischer Diplomaten nach dem Vorschlag (noch nicht umgesetzt)",
        "Sanctions contre la Russie : levées",
        "Mesures levées",
        "Sanciones contra Rusia vencidas",
        "Medidas no aplicadas",
        "Снятые санкции против России",
        "Отменённые меры",
    ] {
        assert!(asks(&read("S", &[title], "", "")), "{title}: {}", read("S", &[title], "", ""));
    }
    for name in ["Planned", "Cancelled or refuted"] {
        assert!(asks(&read(name, &[], "", "")), "{name}");
    }
    for title in [
        "Expulsions of Russian diplomats, 2022",
        "Expulsions after the cancelled meeting",
        "Expulsions in support of the United Kingdom",
        "Ausweisungen russischer Diplomaten nach dem Anschlag",
        "Высылка российских дипломатов",
    ] {
        assert_eq!(read("S", &[title], "", ""), "yes 2022-03-26 POL RUS expulsion 3", "{title}");
    }
    // A column of stages says it of each row.
    assert_eq!(read("S", &["Planned and executed measures"], " | Stage", " | done"), "yes 2022-03-26 POL RUS expulsion 3 done");
}

#[test]
fn a_title_may_be_about_something_beside_the_acts() {
    let of = |title: &str| rows(&texts("S", &[title, "Date | Country | Number", "2022-03-26 | Poland | =20"])).remove(0);
    for title in [
        "Remaining Russian diplomats after the expulsions",
        "Verbliebene russische Diplomaten nach den Ausweisungen",
        "Strength of Russian embassies before the expulsions",
        "Days until expulsion of Russian diplomats",
        "Media reports on expulsions of Russian diplomats",
        "Protests against the expulsion of Russian diplomats",
        "Expulsions of Russian diplomats, cumulative",
        "Expulsions of Russian diplomats (in hundreds)",
        "Diplomats expelled by Russia's partners",
        "Sanctions by Russia's neighbours",
        "Sanctions against Russia's allies",
    ] {
        assert!(of(title).starts_with("ask "), "{title}: {}", of(title));
    }
    for title in [
        "Overview of expulsions of Russian diplomats",
        "Data on expulsions of Russian diplomats",
        "Wave of expulsions of Russian diplomats",
    ] {
        assert_eq!(of(title), "yes 2022-03-26 POL RUS expulsion 20", "{title}");
    }
}

#[test]
fn a_status_says_that_an_act_is_done_only_if_it_says_nothing_else() {
    for status in [
        "to be done",
        "should be done",
        "half done",
        "nearly done",
        "almost completed",
        "hardly implemented",
        "partly implemented",
        "done?",
        "done in error",
        "kaum umgesetzt",
        "bald in Kraft",
        "wird vollzogen",
        "à exécuter",
        "plus en vigueur",
        "partiellement exécutée",
        "parcialmente ejecutada",
        "частично выполнено",
        "выполнено?",
    ] {
        assert!(asks(&read("S", &[], " | Status", &format!(" | {status}"))), "{status}");
    }
    for status in ["done", "carried out", "done on 26 March 2022", "umgesetzt", "bereits umgesetzt", "exécutée", "en vigor", "выполнено"]
    {
        assert_eq!(read("S", &[], " | Status", &format!(" | {status}")), "yes 2022-03-26 POL RUS expulsion 3 done", "{status}");
    }
}

#[test]
fn a_column_that_says_that_an_act_did_not_last_is_asked() {
    for (heading, cell) in [
        ("Lifted", "yes"),
        ("Fake", "x"),
        ("Hypothetical", "yes"),
        ("Duplicate", "yes"),
        ("Delete?", "yes"),
        ("Aufgehoben", "ja"),
        ("Vollzug", "nein"),
        ("Credibility", "low"),
        ("Levantada", "sí"),
        ("Снято", "да"),
        ("Outcome", "failed"),
        ("Phase", "withdrawn"),
        ("Result", "withdrawn after talks"),
        ("Source", "denied by the ministry"),
    ] {
        let row = read("S", &[], &format!(" | {heading}"), &format!(" | {cell}"));
        assert!(asks(&row), "{heading}: {cell}: {row}");
    }
    assert_eq!(read("S", &[], " | NATO member", " | yes"), "yes 2022-03-26 POL RUS expulsion 3");
}

#[test]
fn a_remark_that_takes_an_act_back_is_asked() {
    for remark in [
        "did not happen after a court ruling",
        "pending",
        "still to be executed",
        "vetoed by president",
        "postponed to May",
        "shelved",
        "on hold",
        "annulled by court",
        "suspended",
        "according to rumours",
        "am 5.4. aufgehoben",
        "Falschmeldung",
        "entfällt",
        "vom Gericht gestoppt",
        "annulée depuis",
        "n'a pas eu lieu",
        "rumeur",
        "anulada después",
        "no se llevó a cabo",
        "не состоялась",
        "слухи",
    ] {
        let row = read("S", &[], " | Remark", &format!(" | {remark}"));
        assert!(asks(&row), "{remark}: {row}");
    }
    for remark in [
        "names not published",
        "in support of the United Kingdom",
        "announced by the prime minister",
        "first since 1986",
        "reported by Reuters",
        "threat to national security",
        "Moscow threatened retaliation",
        "Kreml droht mit Gegenmaßnahmen",
        "menace pour la sécurité nationale",
        "amenaza para la seguridad",
        "угроза национальной безопасности",
    ] {
        assert_eq!(read("S", &[], " | Remark", &format!(" | {remark}")), format!("yes 2022-03-26 POL RUS expulsion 3 {remark}"));
    }
}

#[test]
fn a_remark_is_understood_in_its_sentence() {
    for remark in [
        "not yet carried out, date to be set by MFA",
        "has not taken place so far",
        "planned for May",
        "scheduled for 15 April",
        "withdrawn on 15 May after appeal",
        "allowed to return in May",
        "Warsaw threatens",
        "cabinet has yet to approve",
        "no decision taken",
        "the government ruled it out",
        "Beschluss steht noch aus",
        "für Mai vorgesehen",
        "sera effectif après le sommet",
        "previsto para el 4 de abril",
        "вступит в силу в мае",
        "МИД отрицает",
        "corrected number 3",
        "actual number was 19",
        "tatsächlich nur 19",
        "cifra corregida: 19",
        "по другим данным 19",
        "includes administrative staff and spouses",
        "einschließlich Familienangehörige",
        "familles comprises",
        "вместе с членами семей",
        "same 3 as in the row above",
        "Doppelnennung",
        "повтор",
        "date uncertain",
    ] {
        let row = read("S", &[], " | Remark", &format!(" | {remark}"));
        assert!(asks(&row), "{remark}: {row}");
    }
}

#[test]
fn a_column_or_a_title_that_contradicts_the_rows_is_asked() {
    for heading in ["Revised", "Corrected number", "korrigiert", "chiffre révisé"] {
        let row = read("S", &[], &format!(" | {heading}"), " | =4");
        assert!(asks(&row), "{heading}: {row}");
    }
    for title in
        ["Diplomats expelled by Russia, 2022", "Expulsions of Western diplomats by Russia", "Erwartete Ausweisungen russischer Diplomaten"]
    {
        assert!(asks(&read("S", &[title], "", "")), "{title}");
    }
    for title in ["Diplomats expelled by Poland, 2022", "Expulsions by EU members", "Expulsions by Poland and Russia"] {
        assert_eq!(read("S", &[title], "", ""), "yes 2022-03-26 POL RUS expulsion 3", "{title}");
    }
}

#[test]
fn a_measure_that_was_only_considered_is_asked() {
    for measure in [
        "ruled out sanctions",
        "mulls expulsion of 3 diplomats",
        "expulsion order stayed by court",
        "expulsion on hold",
        "expulsion looming",
        "sanctions maintained",
        "anti-sanctions law",
        "self-expulsion",
        "Ausweisung abgewendet",
        "Ausweisung erwogen",
        "Ausweisung vorbereitet",
        "expulsion de 10 diplomates évitée",
        "sanctions réclamées",
        "expulsión evitada",
        "descartó sanciones",
        "высылка предотвращена",
        "рассматривает высылку дипломатов",
        "talks on consulate closure",
        "recommended expulsion of ambassador",
        "expulsion tbd",
        "ambassadors to be declared persona non grata",
        "estudia la expulsión",
        "санкции на рассмотрении",
    ] {
        let row =
            rows(&texts("S", &["Date | Country | Against | Measure", &format!("2022-03-26 | Poland | Russia | {measure}")])).remove(0);
        assert!(row.starts_with("ask "), "{measure}: {row}");
    }
}

#[test]
fn a_part_or_a_group_is_no_number() {
    let of = |measure: &str| {
        rows(&texts("S", &["Date | Country | Against | Measure", &format!("2022-03-26 | Poland | Russia | {measure}")])).remove(0)
    };
    for measure in [
        "expulsion d'une quarantaine de diplomates",
        "expulsión de un centenar de diplomáticos",
        "expulsión de una veintena de diplomáticos",
        "expelled a dozen diplomats",
        "expulsion of a hundred diplomats",
        "expelled 50% of the staff",
        "expelled all diplomats but 3",
        "expulsion of over 100 diplomats",
        "expulsion of the ambassador plus 10",
    ] {
        assert!(of(measure).starts_with("ask 2022-03-26 POL RUS expulsion"), "{measure}: {}", of(measure));
    }
    for measure in
        ["Ausweisung einer Gruppe von Diplomaten", "expulsion d'un groupe de diplomates", "expulsión de un grupo de diplomáticos"]
    {
        assert!(!of(measure).starts_with("yes 2022-03-26 POL RUS expulsion 1"), "{measure}: {}", of(measure));
    }
    assert_eq!(of("veintiún diplomáticos expulsados"), "yes 2022-03-26 POL RUS expulsion 21 veintiún diplomáticos expulsados");
}

#[test]
fn a_count_with_a_doubt_beside_it_is_asked() {
    let of = |count: &str| {
        rows(&texts("S", &["Date | Country | Against | Measure | Number", &format!("2022-03-26 | Poland | Russia | expulsion | {count}")]))
            .remove(0)
    };
    for count in [
        "30 planned",
        "31 cancelled",
        "32 refused",
        "36 children",
        "37 missiles",
        "34 (corrected: 25)",
        "33 (none left)",
        "35 (actually 25)",
    ] {
        assert!(of(count).starts_with("ask 2022-03-26 POL RUS expulsion"), "{count}: {}", of(count));
    }
    for (count, read) in
        [("35 diplomats", "35"), ("35 Russians", "35"), ("35 expelled", "35"), ("60 (48 embassy, 12 UN)", "60 48 embassy, 12 UN")]
    {
        assert_eq!(of(count), format!("yes 2022-03-26 POL RUS expulsion {read}"), "{count}");
    }
    let of = |heading: &str| {
        rows(&texts("S", &[&format!("Date | Country | Against | Measure | {heading}"), "2022-03-26 | Poland | Russia | expulsion | =3"]))
            .remove(0)
    };
    for heading in ["Number (estimated)", "Number (corrected to)"] {
        assert!(of(heading).starts_with("ask "), "{heading}: {}", of(heading));
    }
}

#[test]
fn a_footnote_to_any_cell_of_an_act_is_heard() {
    for (party, note) in [("Poland [1]", "[1] later revoked"), ("Poland*", "* never carried out"), ("Poland¹", "¹ planned")] {
        let lines = ["Date | Country | Against | Measure | Number", &format!("2022-03-26 | {party} | Russia | expulsion | =3"), note];
        let row = rows(&texts("S", &lines)).remove(0);
        assert!(row.starts_with("ask 2022-03-26 POL RUS expulsion 3"), "{party}: {row}");
    }
    let lines = ["Date | Country | Against | Measure | Number", "2022-03-26 | Poland [1] | Russia | expulsion | =3", "[1] by note verbale"];
    assert!(rows(&texts("S", &lines))[0].starts_with("yes 2022-03-26 POL RUS expulsion 3"));
}

#[test]
fn a_section_of_what_was_not_done_is_no_note() {
    let lines = ["Date | Country | Against | Measure | Number", "Not implemented | | | |", "2022-03-26 | Poland | Russia | expulsion | =3"];
    assert!(rows(&texts("S", &lines))[1].starts_with("ask 2022-03-26 POL RUS expulsion 3"), "{:?}", rows(&texts("S", &lines)));
    let lines = ["Date | Country | Against | Measure | Number", "Not EU | | | |", "2022-03-26 | Norway | Russia | expulsion | =3"];
    assert_eq!(rows(&texts("S", &lines))[1], "yes 2022-03-26 NOR RUS expulsion 3");
}

#[test]
fn rows_that_differ_only_in_their_counts_and_sources_are_asked() {
    let header = "Date | Country | Against | Measure | Number | Source";
    let of = |second: &str| rows(&texts("S", &[header, "2022-03-26 | Italy | Russia | expulsion | =30 | BBC", second]));
    let two = of("2022-03-26 | Italy | Russia | expulsion | =31 | TASS");
    assert!(two.iter().all(|row| row.starts_with("ask 2022-03-26 ITA RUS expulsion 3")), "{two:?}");
    let other_day = of("2022-03-27 | Italy | Russia | expulsion | =31 | TASS");
    assert!(other_day.iter().all(|row| row.starts_with("yes ")), "{other_day:?}");
}

#[test]
fn a_date_of_something_else_and_a_third_party_are_asked() {
    for heading in ["Date of cause", "Date of return", "Date of extension"] {
        let row =
            rows(&texts("S", &[&format!("{heading} | Country | Against | Measure"), "2022-03-26 | Poland | Russia | recall"])).remove(0);
        assert!(row.starts_with("ask "), "{heading}: {row}");
    }
    let row = rows(&texts("S", &["Date | Actor | Co-actor | Target | Measure", "2022-03-26 | USA | Canada | China | expulsion"])).remove(0);
    assert!(row.starts_with("ask "), "{row}");
}

#[test]
fn a_footnote_at_a_count_and_families_in_it_are_asked() {
    let header = "Country | Russian diplomats expelled | Date";
    let noted = rows(&texts(
        "S",
        &[header, "Malta | 1* | 28 March 2018", "Georgia | =1 | 29 March 2018", "* travel ban only, no diplomat was expelled | |"],
    ));
    assert!(noted[0].starts_with("ask 2018-03-28 MLT RUS expulsion"), "{noted:?}");
    assert!(noted[1].starts_with("yes 2018-03-29 GEO RUS expulsion 1"), "{noted:?}");
    for count in ["80 inkl. Familien", "80 (with families)", "80 (con sus familiares)"] {
        let row = rows(&texts("S", &[header, &format!("United Kingdom | {count} | 14 March 2018")])).remove(0);
        assert!(row.starts_with("ask 2018-03-14 GBR RUS expulsion"), "{count}: {row}");
    }
}

#[test]
fn one_act_that_two_sources_report_is_asked() {
    let read = |rows_: [&str; 2]| {
        let header = "Date | Country | Against | Measure | Number | Source";
        rows(&texts("S", &[&[header], &rows_[..]].concat())).join("; ")
    };
    let next_day =
        read(["2018-03-26 | Ukraine | Russia | expulsion | =13 | Reuters", "2018-03-27 | Ukraine | Russia | expulsion | =13 | TASS"]);
    assert!(
        next_day.contains("ask 2018-03-26") && next_day.contains("the rows 2, 3 differ only in their sources and by one day"),
        "{next_day}"
    );
    let other_word = read(["2018-03-26 | Ukraine | Russia | expulsion | =13 | BTA", "2018-03-26 | Ukraine | Russia | PNG | =13 | TASS"]);
    assert!(other_word.contains("the rows 2, 3 differ only in their sources: if they are one act"), "{other_word}");
    let apart =
        read(["2018-03-26 | Ukraine | Russia | expulsion | =13 | Reuters", "2018-03-28 | Ukraine | Russia | expulsion | =13 | TASS"]);
    assert!(!apart.contains("ask"), "{apart}");
}
