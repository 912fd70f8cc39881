//! Markup in a field is shown as text and never interpreted, also with a user's own template.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{folder, root};
use crate::support::{ok, run, some};

/// Texts that a page, a shell, a template or a terminal could interpret.
const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)><a xlink:href=\"javascript:alert(1)\">",
    "]]></style></title></desc></svg><!-- &lt;b&gt; &#60;i&#62;",
    "| **bold** [link](javascript:alert(1)) ![img](x) `code` # h <b>",
    "{{ 7 * 7 }} {% for x in y %} ${x} $x^2$ [^1] ~~s~~ \\",
    "- \u{1b}[31m \u{202e}rtl \u{0}nul",
];

/// A ledger of two invented parties in which every possible text is hostile.
fn hostile(folder: &Path) -> PathBuf {
    let text = |n: usize| HOSTILE[n % HOSTILE.len()].replace('\0', "");
    let mut lines = Vec::new();
    let mut line = |value: serde_json::Value| lines.push(value.to_string());
    for (code, n) in [("XAA", 0), ("XBB", 1)] {
        line(serde_json::json!({"type": "party", "code": code, "name": text(n), "party_type": "state"}));
    }
    for n in 0..HOSTILE.len() {
        let url = ["javascript:alert(1)", "https://example.org/\"><b>|`)x_y_z*a*"][n % 2];
        line(serde_json::json!({"type": "source", "cite": format!("{} {n}", text(n)), "title": text(n + 1), "publisher": text(n + 2),
            "quote": text(n + 3), "author": text(n + 4), "archive": "https://example.org/<i>`", "url": url}));
        let (actor, target) = if n % 2 == 0 { ("XAA", "XBB") } else { ("XBB", "XAA") };
        line(serde_json::json!({"type": "action", "ref": format!("act-{n}"), "date": format!("2020-01-0{}", n + 1), "actor": actor,
            "target": target, "kind": "expulsion", "count": 3 + n, "stage": if n == 4 { "threatened" } else { "done" }, "summary": text(n),
            "by": text(n + 1), "place": text(n + 2), "sources": [{"cite": format!("{} {n}", text(n))}]}));
    }
    line(serde_json::json!({"type": "link", "action": "act-1", "relation": "answers", "earlier": "act-0", "stated": 3}));
    let file = folder.join("<b>`hostile`.jsonl");
    std::fs::write(&file, lines.join("\n")).unwrap();
    file
}

/// The names of a document's elements and attributes.
fn names(text: &str) -> BTreeSet<String> {
    let document = roxmltree::Document::parse(text).unwrap_or_else(|e| panic!("{e}: {text}"));
    let mut names = BTreeSet::new();
    for node in document.descendants() {
        assert!(!node.is_comment(), "a comment: {node:?}");
        if node.is_element() {
            names.insert(node.tag_name().name().to_owned());
            names.extend(node.attributes().map(|a| format!("@{}", a.name())));
        }
        for address in node.attributes().filter(|a| a.name() == "href").map(|a| a.value()) {
            assert!(address.starts_with('#') || address.starts_with("https://") || address.starts_with("http://"), "{address}");
        }
    }
    names
}

#[test]
fn markup_in_any_field_comes_out_as_text_in_html_and_svg() {
    let folder = folder();
    let file = hostile(folder.path());
    let file = file.to_str().unwrap();
    let benign =
        |args: &[&str]| ok(folder.path(), &[&["-f", "examples/us-russia-2016-2017.csv"], args, &["--as-of", "2017-07-20"]].concat());
    for args in [&["report", "brief", "--format", "html"][..], &["report", "timeline", "--format", "svg"]] {
        let parse = |page: &str| names(page.trim_start_matches("<!doctype html>\n"));
        let (mut ours, page) =
            (parse(&benign(&[args, &["RUS", "USA"]].concat())), ok(folder.path(), &[&["-f", file], args, &["XAA", "XBB"]].concat()));
        // The element for titles of sources, which the sources of that example do not have.
        ours.insert("cite".to_owned());
        let strange: Vec<String> = parse(&page).difference(&ours).cloned().collect();
        assert!(strange.is_empty(), "{args:?}: {strange:?}");
        // The page contains all of it as text.
        let document = roxmltree::Document::parse(page.trim_start_matches("<!doctype html>\n")).unwrap();
        let text: String = document.descendants().filter(|n| n.is_text()).filter_map(|n| n.text()).collect();
        for hostile in &HOSTILE[..5] {
            assert!(text.contains(hostile), "{args:?} has lost {hostile}");
        }
        assert!(text.contains(r"- \u{1b}[31m \u{202e}rtl"), "{args:?}");
    }
}

#[test]
fn every_report_is_a_table_in_html() {
    const ALLOWED: [&str; 19] = [
        "@charset", "@class", "@lang", "@scope", "body", "br", "caption", "head", "html", "meta", "small", "style", "table", "tbody", "td",
        "th", "thead", "title", "tr",
    ];
    let folder = folder();
    let file = hostile(folder.path());
    for report in some(
        4,
        [
            "report unanswered",
            "report unanswered --friendly",
            "report balance",
            "report matrix",
            "report pending --as-of 2020-02-01",
            "report changes --since 2020-01-01",
            "report timeline",
            "report reciprocity",
            "report reciprocity --explain acts-made",
            "list",
            "source list",
            "party list",
            "kind list",
            "scale list",
            "dispute list",
            "suggest",
            "candidates",
            "check",
        ],
    ) {
        let args: Vec<&str> = ["-f", file.to_str().unwrap()].into_iter().chain(report.split(' ')).chain(["--format", "html"]).collect();
        // "check" has findings in this ledger.
        let page = String::from_utf8(run(folder.path(), &args).stdout).unwrap();
        let page = page.strip_prefix("<!doctype html>\n").unwrap_or_else(|| panic!("{report}: {page}"));
        let strange: Vec<String> = names(page).into_iter().filter(|name| !ALLOWED.contains(&name.as_str())).collect();
        assert!(strange.is_empty(), "{report}: {strange:?}");
        let document = roxmltree::Document::parse(page).unwrap();
        let of = |tag: &str| document.descendants().filter(|n| n.has_tag_name(("http://www.w3.org/1999/xhtml", tag))).collect::<Vec<_>>();
        let headings = of("thead")[0].descendants().filter(|n| n.attribute("scope") == Some("col")).count();
        for row in &of("tr")[1..] {
            assert_eq!(row.children().filter(|n| n.is_element()).count(), headings, "{report}");
        }
        let caption: String = of("caption")[0].descendants().filter_map(|n| n.text()).collect();
        assert!(caption.contains(&format!("{report} --format html")), "{report}: {caption}");
    }
    let page = ok(folder.path(), &["-f", file.to_str().unwrap(), "list", "--format", "html"]);
    let document = roxmltree::Document::parse(page.trim_start_matches("<!doctype html>\n")).unwrap();
    let text: String = document.descendants().filter(|n| n.is_text()).filter_map(|n| n.text()).collect();
    assert!(HOSTILE[..5].iter().all(|hostile| text.contains(hostile)));
}

#[test]
fn markup_in_any_field_comes_out_as_text_in_markdown() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let folder = folder();
    let file = hostile(folder.path());
    let page = ok(folder.path(), &["-f", file.to_str().unwrap(), "report", "brief", "XAA", "XBB", "--format", "md"]);
    let mut text = String::new();
    let mut rows = 0;
    for event in Parser::new_ext(&page, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
        match event {
            Event::Text(t) => text.push_str(&t),
            Event::Code(t) => assert!(t.starts_with("recip -f ") || t.len() == 64, "{t}"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert_eq!(dest_url.as_ref(), "https://example.org/%22%3E%3Cb%3E%7C%60%29x_y_z*a*");
            }
            Event::Start(Tag::TableRow) => rows += 1,
            Event::Start(
                Tag::Image { .. } | Tag::HtmlBlock | Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::Strikethrough | Tag::MetadataBlock(_),
            ) => {
                panic!("{event:?} in {page}")
            }
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {
                panic!("{event:?} in {page}")
            }
            _ => (),
        }
    }
    for hostile in &HOSTILE[..5] {
        assert!(text.contains(hostile), "lost {hostile} in {text}");
    }
    // No text has split a row.
    let values = ok(folder.path(), &["-f", file.to_str().unwrap(), "report", "brief", "XAA", "XBB", "--format", "json"]);
    let values: serde_json::Value = serde_json::from_str(&values).unwrap();
    let measures = values["measures"].as_array().unwrap().len();
    let (claims, pending, acts, kinds_and_sum) = (4, 1, 6, 1 + 1);
    assert_eq!(rows, claims + pending + acts + kinds_and_sum + measures, "{page}");
}

#[test]
fn a_template_of_ones_own_gets_the_same_values() {
    let folder = folder();
    let brief = |text: &str, format: &str| {
        std::fs::write(folder.path().join("own.html"), text).unwrap();
        let args = [
            "-f",
            "examples/us-russia-2016-2017.csv",
            "report",
            "brief",
            "USA",
            "RUS",
            "--as-of",
            "2017-07-13",
            "--template",
            "own.html",
            "--format",
            format,
        ];
        run(folder.path(), &args)
    };
    let page = brief("{% for s in sides %}{{ s.name }}: {{ s.open }}\n{% endfor %}{{ '<b>' }} {{ pictures.timeline.wide[:4] }}\n", "html");
    assert_eq!(String::from_utf8(page.stdout).unwrap(), "United States: 35 persons and 2 properties\nRussia: nothing\n&lt;b&gt; &lt;svg\n");
    let own = std::fs::read_to_string(root().join("src/render/templates/brief.html")).unwrap();
    let standard = ok(folder.path(), &["-f", "examples/us-russia-2016-2017.csv", "report", "brief", "USA", "RUS", "--as-of", "2017-07-13"]);
    assert_eq!(String::from_utf8(brief(&own, "html").stdout).unwrap(), standard);
    for (text, says) in some(
        4,
        [
            ("ok\n{{ sides.nobody.at_all }}", "own.html:2: undefined value"),
            ("ok\n\n{% for %}", "own.html:3: syntax error"),
            ("{{ titel }}", "own.html:1: undefined value at 'titel'"),
            (
                "{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}",
                "exceeds the limit on steps and memory",
            ),
            ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "own.html:1: "),
            (
                "{% set ns = namespace(x='xxxxxxxx') %}{% for a in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
                "exceeds the limit on steps and memory",
            ),
            ("{{ 'x' * 99999999999 }}", "own.html:1: "),
            ("{% include '/etc/passwd' %}", "own.html:1: "),
        ],
    ) {
        let output = brief(text, "html");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0), "{text}: {said}");
        assert!(said.contains(says), "{text}: {said}");
    }
    let missing = run(folder.path(), &["report", "brief", "USA", "RUS", "--template", "nowhere.html"]);
    assert_eq!(missing.status.code(), Some(5));
    assert!(String::from_utf8(missing.stderr).unwrap().contains("nowhere.html"));
}
