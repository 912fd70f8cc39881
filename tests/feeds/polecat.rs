//! POLECAT is read correctly, in rows made from its list of columns.

use super::{POLECAT_HEADER, ask, candidates, import, polecat};

#[test]
fn polecat_is_read_whatever_its_header_says_and_its_tabs() {
    let (britain, russia) = (("Theresa May", "GBR"), ("Russia", "RUS"));
    let rows = [
        polecat("20180326-1000-aaa", "2018-03-26", ("SANCTION", "expel"), "diplomatic", britain, russia),
        polecat("20180327-1000-bbb", "2018-03-27", ("SANCTION", "expel"), "diplomatic;intelligence", britain, russia),
        polecat("20180327-1001-ccc", "2018-03-27", ("CONSULT", "phone"), "", britain, ("Emmanuel Macron", "FRA;FRA")),
        polecat("20180327-1002-ddd", "2018-03-27", ("SANCTION", "expel"), "", ("G20", "USA;GBR;FRA"), russia),
        polecat("20180327-1003-eee", "2018-03-27", ("SANCTION", "expel"), "diplomatic;historical", britain, russia),
        polecat("20180327-1004-fff", "2018-03-27", ("ACCUSE", "disapprove"), "", britain, russia),
        polecat("20180327-1005-ggg", "2018-03-27", ("SANCTION", ""), "", ("Crowd", "None"), russia),
        polecat("20180327-1006-hhh", "2018-03-27", ("THREATEN", "expel"), "", ("NATO", ""), russia),
        polecat("20180327-1007-iii", "2018-03-27", ("SANKTION", "expel"), "", britain, russia),
    ];
    let with_tabs = POLECAT_HEADER.replace('\n', "\t\t\n") + &rows.concat().replace('\n', "\t\t\n");
    for (name, header, text) in [
        ("as published", POLECAT_HEADER.to_owned(), POLECAT_HEADER.to_owned() + &rows.concat()),
        ("with a name too many", String::new(), POLECAT_HEADER.replace("Event ID", "Headline\tEvent ID") + &rows.concat()),
        ("with another name", String::new(), POLECAT_HEADER.replace("Intensity", "Event Intensity") + &rows.concat()),
        ("with tabs too many", String::new(), with_tabs),
        ("without a header", String::new(), rows.concat()),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        std::fs::write(folder.join("events.txt"), text).unwrap();
        let said = import(folder, "polecat", &["events.txt"]);
        assert!(said.starts_with("9 rows read: 7 reports added; 5 more candidates"), "{name} {header}: {said}");
        for total in [
            "1  with no party on one side or both",
            "1  with several parties on a side: 3 reports, one for each pair",
            "1  with a code that maps to no kind",
            "1  about a past, future or hypothetical event",
            "1  with an unknown code",
        ] {
            assert!(said.contains(total), "{name}: {said}");
        }
        assert_eq!(
            candidates(folder, "l.db"),
            [
                "2018-03-27|2018-03-27|2018-03-28|FRA|GBR|talks|done|0|1|1|",
                "2018-03-27|2018-03-27|2018-03-28|FRA|RUS|expulsion|done|0|1|1|",
                "2018-03-26|2018-03-27|2018-03-28|GBR|RUS|expulsion|done|0|3|3|",
                "2018-03-27|2018-03-27|2018-03-28|NATO|RUS|expulsion|threatened|0|1|1|",
                "2018-03-27|2018-03-27|2018-03-28|USA|RUS|expulsion|done|0|1|1|",
            ],
            "{name}"
        );
    }
}

/// POLECAT's files are in ISO-8859-1.
#[test]
fn polecat_in_its_own_encoding_is_no_broken_text() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = polecat("1", "2018-03-26", ("SANCTION", "expel"), "", ("Jos\u{e9} P\u{e9}rez", "ESP"), ("Russia", "RUS"));
    let bytes: Vec<u8> = row.chars().map(|c| c as u8).collect();
    std::fs::write(folder.join("events.txt"), bytes).unwrap();
    let said = import(folder, "polecat", &["events.txt"]);
    assert!(!said.contains("bytes"), "{said}");
    assert_eq!(ask(folder, "l.db", "SELECT actor FROM feed_report"), ["José Pérez"]);
}

/// Regression: rows with several parties on a side were skipped. They are one event for each pair of different parties.
#[test]
fn several_parties_on_a_side_are_a_report_for_each_pair() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = |id, actors: &str, recipients: &str| {
        polecat(id, "2018-03-27", ("SANCTION", "expel"), "", ("Theresa May; Donald Trump", actors), ("Russia", recipients))
    };
    let rows = [
        row("20180327-1", "GBR; USA", "RUS"),
        row("20180327-2", "GBR|USA;None", "RUS; USA"),
        row("20180327-3", "RUS;USA", "RUS"),
        row("20180327-4", "RUS; RUS", "RUS"),
        row("20180327-5", "GBR; Atlantis", "RUS"),
    ];
    std::fs::write(folder.join("events.txt"), POLECAT_HEADER.to_owned() + &rows.concat()).unwrap();
    let said = import(folder, "polecat", &["events.txt"]);
    assert_eq!(
        said,
        "5 rows read: 6 reports added; 3 more candidates (repeats within 3 days count as one)\n\
         added:            2  with several parties on a side: 5 reports, one for each pair\n\
         left out:         1  with the same party on both sides\n\
         invalid:          1  with an unknown party\n"
    );
    let taken =
        ask(folder, "l.db", "SELECT r.event, s.actor, s.target, r.actor FROM feed_report r JOIN series s ON s.id = r.series_id ORDER BY 1");
    assert_eq!(
        taken,
        [
            "20180327-1/GBR-RUS|GBR|RUS|Theresa May; Donald Trump",
            "20180327-1/USA-RUS|USA|RUS|Theresa May; Donald Trump",
            "20180327-2/GBR-RUS|GBR|RUS|Theresa May; Donald Trump",
            "20180327-2/GBR-USA|GBR|USA|Theresa May; Donald Trump",
            "20180327-2/USA-RUS|USA|RUS|Theresa May; Donald Trump",
            "20180327-3|USA|RUS|Theresa May; Donald Trump",
        ]
    );
    assert!(import(folder, "polecat", &["events.txt"]).starts_with("5 rows read: 0 reports added; 6 already in the ledger"));
}

/// Regression: if a header has additional columns, the rows under it may or may not have them; only one such column was known.
#[test]
fn a_header_with_columns_more_is_of_rows_with_them_or_without() {
    let row = |id| polecat(id, "2018-03-26", ("SANCTION", "expel"), "", ("Theresa May", "GBR"), ("Russia", "RUS"));
    let more = "Headline\tEvent Text\tFeed\tStory ID";
    for (name, header, before) in [
        ("more names", format!("{more}\t{POLECAT_HEADER}"), ""),
        ("more columns", format!("{more}\t{POLECAT_HEADER}"), "Spies told to go\tText\tAFP\t7\t"),
        ("another name", format!("Feed\t{POLECAT_HEADER}"), ""),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("events.txt"), format!("{header}{before}{}{before}{}", row("1"), row("2"))).unwrap();
        let said = import(folder.path(), "polecat", &["events.txt"]);
        assert!(said.starts_with("2 rows read: 2 reports added; 1 more candidate"), "{name}: {said}");
    }
}

/// POLECAT has codes of its own for the European Union, the United Nations and breakaway territories.
#[test]
fn codes_of_the_coder_are_known() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let sides = [
        ("European Union", "EUR"),
        ("United Nations", "UNO"),
        ("NATO; African Union", "IGO; IGO"),
        ("Kosovo", "XKX"),
        ("Donetsk", "UKRPRE"),
        ("Crowd", "None"),
    ];
    let rows =
        sides.iter().zip(1..).map(|(side, id)| polecat(&id.to_string(), "2018-03-26", ("SANCTION", "expel"), "", *side, ("Russia", "RUS")));
    std::fs::write(folder.join("events.txt"), rows.collect::<String>()).unwrap();
    let said = import(folder, "polecat", &["events.txt"]);
    assert!(
        said.contains("1  with a region or a group that is not a party") && said.contains("1  with no party on one side or both"),
        "{said}"
    );
    assert_eq!(ask(folder, "l.db", "SELECT actor FROM series ORDER BY id"), ["EU", "UN", "NATO", "AU", "XKX"]);
}
