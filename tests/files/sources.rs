//! Packages keep the details of sources, and imports add details without overwriting any.

use recip::ledger::Entry;
use recip::render::export;
use recip::report::Lens;

use super::{assert_derived, built, dump, import_file, import_text, jsonl, ledger, package, refused, whole};

#[test]
fn a_package_is_read_and_written_within_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("p");
    let there = built(&[Entry::new("USA", "RUS", "expulsion", "2017".parse().unwrap()).count(5)]);
    let lens = Lens::new(&there, &whole()).unwrap();
    export::export_package(&lens, &dir).unwrap();
    std::fs::write(dir.join("notes.txt"), "mine").unwrap();
    export::export_package(&lens, &dir).unwrap();
    assert_eq!(std::fs::read_to_string(dir.join("notes.txt")).unwrap(), "mine");
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 14);
    let other = folder.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("actions.csv"), "mine").unwrap();
    let e = export::export_package(&lens, &other).unwrap_err();
    assert!(e.to_string().contains("not a package written by recip"), "{e}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&dir, folder.path().join("link")).unwrap();
        assert!(export::export_package(&lens, &folder.path().join("link")).is_err());
    }
    let descriptor = std::fs::read_to_string(dir.join("datapackage.json")).unwrap();
    for path in ["../other/actions.csv", "/etc/passwd", "sub/actions.csv"] {
        std::fs::write(dir.join("datapackage.json"), descriptor.replace("\"actions.csv\"", &format!("\"{path}\""))).unwrap();
        assert!(import_file(&mut ledger(), &dir).unwrap_err().to_string().contains("not a file in this folder"));
    }
}

/// One line of JSON Lines for a source with this name and these details.
fn source_line(cite: &str, details: &str) -> String {
    format!("{{\"type\":\"source\",\"cite\":\"{cite}\"{details}}}\n")
}

#[test]
fn a_package_keeps_all_that_is_known_of_a_source() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("p");
    let all = r#","publisher":"A paper","title":"A title","author":"An office","date":"2017-06","url":"urn:x:1","accessed":"2018","archive":"https://example.org/x","quote":"So, \"it\" was""#;
    let mut there = ledger();
    import_text(&mut there, "a.jsonl", source_line("x", all)).unwrap_or_else(|e| panic!("{e}"));
    let text = jsonl(&there);
    assert_eq!(text, source_line("x", all));
    export::export_package(&Lens::new(&there, &whole()).unwrap(), &dir).unwrap();
    let mut back = ledger();
    import_file(&mut back, &dir).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(jsonl(&back), text);
    std::fs::write(dir.join("sources.csv"), "cite,publisher,title,date,url\nx,A paper,,2017,\n").unwrap();
    assert!(
        import_file(&mut ledger(), &dir)
            .unwrap_err()
            .to_string()
            .contains("the columns 'author', 'accessed', 'archive', 'quote' are missing")
    );
}

/// Regression: if two files contradicted each other about a source, an empty ledger silently kept what the first file said. In a ledger
/// with actions, a detail that a file left out was reported as a contradiction.
#[test]
fn files_add_to_what_is_known_of_a_source_and_do_not_overwrite_it() {
    let url = "https://example.org/a";
    let cited = format!("ref,date,actor,target,kind,sources\na,2017,USA,RUS,expulsion,{url}\n");
    let (title, author) = (source_line(url, r#","title":"A title""#), source_line(url, r#","author":"An office""#));
    let both = source_line(url, &format!(r#","title":"A title","author":"An office","url":"{url}""#));
    let other = source_line(url, r#","title":"Another""#);
    for empty in [true, false] {
        let mut there = ledger();
        if empty {
            import_text(&mut there, "a.jsonl", format!("{title}{author}")).unwrap_or_else(|e| panic!("{e}"));
            import_text(&mut there, "a.csv", &cited).unwrap_or_else(|e| panic!("{e}"));
            assert!(jsonl(&there).starts_with(&both.replace(",\"url\":\"https://example.org/a\"", "")), "{}", jsonl(&there));
        } else {
            import_text(&mut there, "a.csv", &cited).unwrap_or_else(|e| panic!("{e}"));
            import_text(&mut there, "a.jsonl", format!("{title}{author}")).unwrap_or_else(|e| panic!("{e}"));
            assert!(jsonl(&there).starts_with(&both), "{}", jsonl(&there));
        }
        // Importing the same details again, or fewer, adds nothing.
        let known = jsonl(&there);
        import_text(&mut there, "a.jsonl", format!("{title}{}", source_line(url, ""))).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(jsonl(&there), known);
        let said = import_text(&mut there, "b.jsonl", &other).unwrap_err().to_string();
        assert!(
            said.contains("b.jsonl:1, column cite: source 'https://example.org/a': title is 'A title' in the ledger, 'Another' here"),
            "{said}"
        );
    }
    let said = refused("c.jsonl", format!("{title}{other}"));
    assert!(said.contains("c.jsonl:2, column cite: source 'https://example.org/a': title is 'A title'"), "{said}");
    assert!(refused("d.jsonl", source_line("x", r#","accessed":"yesterday""#)).contains("accessed: date 'yesterday'"));
}

/// Regression: an action that cites a source twice, or two sources at the same position, was refused by SQLite if the ledger was empty.
#[test]
fn a_source_cited_twice_is_cited_once() {
    let act = r#"{"type":"action","ref":"a","date":"2017","actor":"USA","target":"RUS","kind":"protest","#;
    let text = format!("{act}\"sources\":[{{\"cite\":\"x\"}},{{\"cite\":\"y\"}},{{\"cite\":\"x\"}}]}}\n");
    let mut one = ledger();
    // What one of them says would be lost.
    let both = text.replace("{\"cite\":\"x\"}]", "{\"cite\":\"x\",\"says_count\":2}]");
    let said = import_text(&mut one, "both.jsonl", &both).unwrap_err().to_string();
    assert!(said.contains("both.jsonl:1, column sources: source 'x': it is given twice"), "{said}");
    import_text(&mut one, "a.jsonl", &text).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(import_text(&mut one, "a.jsonl", &text).unwrap().present, 1);
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("p");
    package(&one, &place);
    let header = "action,position,cite,says_date,says_count,says_words,denies\n";
    std::fs::write(place.join("citations.csv"), format!("{header}a,1,x,,,,0\na,1,y,,,,0\na,7,x,,,,0\na,2,z,,,,1\n")).unwrap();
    let mut at_once = ledger();
    import_file(&mut at_once, &place).unwrap_or_else(|e| panic!("{e}"));
    assert_derived(&at_once);
    let mut one_by_one = ledger();
    one_by_one.log(&Entry::new("Japan", "China", "protest", "1999".parse().unwrap())).unwrap();
    import_file(&mut one_by_one, &place).unwrap_or_else(|e| panic!("{e}"));
    for there in [&one, &at_once, &one_by_one] {
        let cited: Vec<String> = dump(there).into_iter().filter(|row| row.starts_with("a|") && row.len() < 20).collect();
        assert_eq!(cited[..2], ["a|1|x|0", "a|2|y|0"], "{cited:?}");
    }
}

/// Regression: of two readings of a source, or two values of a quantity, that a package gave for an action, one was lost in silence.
#[test]
fn a_package_that_contradicts_itself_is_refused() {
    let act = r#"{"type":"action","ref":"a","date":"2017","actor":"USA","target":"RUS","kind":"tariff"}"#;
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("p");
    let mut known = ledger();
    import_text(&mut known, "a.jsonl", act).unwrap_or_else(|e| panic!("{e}"));
    package(&known, &place);
    let sources = "action,position,cite,says_date,says_count,says_words,denies\n";
    let quantities = "action,name,value,unit\n";
    for (file, rows, why) in [
        (
            "citations",
            format!("{sources}a,1,x,,2,,0\na,2,y,,,,0\na,3,x,,3,,0\n"),
            "citations.csv:4, column cite: source 'x': it is given twice",
        ),
        ("citations", format!("{sources}a,1,x,,,,0\na,2,x,,,,1\n"), "citations.csv:3, column cite: source 'x': it is given twice"),
        (
            "quantities",
            format!("{quantities}a,rate,25,%\na,rate,26,%\n"),
            "quantities.csv:3, column name: quantity 'rate 26 %': its name is given twice",
        ),
    ] {
        let path = place.join(format!("{file}.csv"));
        let before = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, rows).unwrap();
        let mut logged = ledger();
        logged.log(&Entry::new("Japan", "China", "protest", "1999".parse().unwrap())).unwrap();
        for there in [&mut ledger(), &mut logged, &mut known] {
            let known = dump(there);
            let said = import_file(there, &place).unwrap_err().to_string();
            assert!(said.contains(why), "{said}");
            assert_eq!(dump(there), known);
        }
        std::fs::write(&path, before).unwrap();
    }
}
