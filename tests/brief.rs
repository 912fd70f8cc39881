//! The brief and its pictures: golden pages, the digest, templates, and that what a field holds is never more than text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use recip::exchange::{self, ReadOptions};
use recip::model::{Clock, Day, Sign};
use recip::render::picture::{NARROW, WIDE, timeline};
use recip::report::{Lens, Pair, Selection, collect, course, unanswered};

use crate::support::{NOW, ok, quiet, run};

/// The examples with the pair and the day of their briefs.
pub const EXAMPLES: [(&str, &str, &str, &str); 6] = [
    ("britain-soviet-1985", "GBR", "SUN", "1985-09-30"),
    ("canada-india-2023", "CAN", "IND", "2024-12-31"),
    ("nato-russia-2021", "NATO", "RUS", "2021-12-31"),
    ("skripal-2018", "GBR", "RUS", "2018-12-31"),
    ("us-russia-2016-2017", "USA", "RUS", "2017-08-31"),
    ("us-soviet-1986", "USA", "SUN", "1986-12-31"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with the examples in it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root().join("examples"), folder.path().join("examples")).unwrap();
    folder
}

/// The selection of everything between two parties as of a day.
fn between(a: &str, b: &str, as_of: &str) -> Selection {
    Selection { pair: Some(Pair::Both(a.to_owned(), b.to_owned())), as_of: Some(as_of.parse().unwrap()), ..Selection::default() }
}

/// `BLESS=1 cargo test brief` writes what was made: look at it before you commit it.
#[test]
fn the_briefs_of_the_examples_are_as_they_were() {
    let folder = folder();
    let mut differ = Vec::new();
    for (name, a, b, as_of) in EXAMPLES {
        let csv = format!("examples/{name}.csv");
        let made =
            |report: &str, format: &str| ok(folder.path(), &["-f", &csv, "report", report, a, b, "--as-of", as_of, "--format", format]);
        let mut files = vec![("md", made("brief", "md")), ("svg", made("timeline", "svg"))];
        if name == "us-russia-2016-2017" {
            files.push(("html", made("brief", "html")));
        }
        for (ending, text) in files {
            let file = root().join(format!("examples/briefs/{name}.{ending}"));
            if std::fs::read_to_string(&file).unwrap_or_default() == text {
                continue;
            }
            match std::env::var_os("BLESS") {
                Some(_) => std::fs::write(&file, text).unwrap(),
                None => differ.push(file.display().to_string()),
            }
        }
    }
    assert!(differ.is_empty(), "not what the program makes (BLESS=1 writes it): {differ:?}");
}

#[test]
fn the_digest_is_of_what_the_command_prints() {
    let folder = folder();
    ok(folder.path(), &["-f", "it's a.db", "import", "examples/us-russia-2016-2017.csv"]);
    let on_hand = [
        vec!["-f", "examples/us-russia-2016-2017.csv", "report", "brief", "USA", "Russia", "--as-of", "2017-07-13"],
        vec!["-f", "examples/us-russia-2016-2017.csv", "report", "brief", "RUS", "USA"],
        vec![
            "-f",
            "it's a.db",
            "report",
            "brief",
            "RUS",
            "USA",
            "--dispute",
            "grizzly-steppe",
            "--since",
            "2017-01-01",
            "--kind",
            "expulsion",
        ],
        vec!["-f", "it's a.db", "--as-known", "2026-01-02", "report", "brief", "RUS", "USA", "--until", "2017-07-13", "--scale", "plover"],
    ];
    let mut digests = BTreeSet::new();
    for mut args in on_hand {
        args.extend(["--format", "json"]);
        let values: serde_json::Value = serde_json::from_str(&ok(folder.path(), &args)).unwrap();
        let text = |name: &str| values[name].as_str().unwrap().to_owned();
        let mut sh = Command::new("sh");
        quiet(&mut sh);
        let path = Path::new(env!("CARGO_BIN_EXE_recip")).parent().unwrap().display().to_string();
        // On another day than the brief was made.
        sh.env("RECIP_NOW", "2026-02-03T04:05:06Z").env("PATH", format!("{path}:{}", std::env::var("PATH").unwrap()));
        let printed = sh.current_dir(folder.path()).args(["-c", &format!("{} 2>&- | sha256sum", text("command"))]).output().unwrap();
        assert_eq!(String::from_utf8(printed.stdout).unwrap().split(' ').next().unwrap(), text("digest"), "{}", text("command"));
        assert_eq!(text("made"), NOW);
        digests.insert(text("digest"));
    }
    assert_eq!(digests.len(), 4);
}

/// Markup of every sort that a page could take for its own, and what a shell, a template and a terminal would.
const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)><a xlink:href=\"javascript:alert(1)\">",
    "]]></style></title></desc></svg><!-- &lt;b&gt; &#60;i&#62;",
    "| **bold** [link](javascript:alert(1)) ![img](x) `code` # h <b>",
    "{{ 7 * 7 }} {% for x in y %} ${x} $x^2$ [^1] ~~s~~ \\",
    "- \u{1b}[31m \u{202e}rtl \u{0}nul",
];

/// A ledger of two made-up parties in which every text that can be is hostile.
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
    line(
        serde_json::json!({"type": "link", "action": "act-1", "relation": "answers", "earlier": "act-0", "covers": 3, "spends": 3, "reversed": 0}),
    );
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
        // The title of a source, which that example's have none of.
        ours.insert("cite".to_owned());
        let strange: Vec<String> = parse(&page).difference(&ours).cloned().collect();
        assert!(strange.is_empty(), "{args:?}: {strange:?}");
        // As text it is all there.
        let document = roxmltree::Document::parse(page.trim_start_matches("<!doctype html>\n")).unwrap();
        let text: String = document.descendants().filter(|n| n.is_text()).filter_map(|n| n.text()).collect();
        for hostile in &HOSTILE[..5] {
            assert!(text.contains(hostile), "{args:?} has lost {hostile}");
        }
        assert!(text.contains(r"- \u{1b}[31m \u{202e}rtl"), "{args:?}");
    }
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
    // Nothing has split a row.
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
    for (text, says) in [
        ("ok\n{{ sides.nobody.at_all }}", "own.html:2: undefined value"),
        ("ok\n\n{% for %}", "own.html:3: syntax error"),
        ("{{ titel }}", "own.html:1: undefined value at 'titel'"),
        ("{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}", "does not come to an end"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "own.html:1: "),
        (
            "{% set ns = namespace(x='xxxxxxxx') %}{% for a in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
            "more memory than a page needs",
        ),
        ("{{ 'x' * 99999999999 }}", "own.html:1: "),
        ("{% include '/etc/passwd' %}", "own.html:1: "),
    ] {
        let output = brief(text, "html");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0), "{text}: {said}");
        assert!(said.contains(says), "{text}: {said}");
    }
    let missing = run(folder.path(), &["report", "brief", "USA", "RUS", "--template", "nowhere.html"]);
    assert_eq!(missing.status.code(), Some(5));
    assert!(String::from_utf8(missing.stderr).unwrap().contains("nowhere.html"));
}

/// What is drawn as open at the end is what the list of open claims adds up to.
#[test]
fn the_running_balance_ends_where_the_open_claims_are() {
    for (name, a, b, as_of) in EXAMPLES {
        let file = root().join(format!("examples/{name}.csv"));
        let ledger = exchange::open_file(&file, &ReadOptions::default(), Clock::system()).unwrap();
        let days = ["1985-09-13", "1986-09-20", "2017-07-13", "2018-03-28", "2021-10-10", "2023-10-05", as_of];
        for day in days {
            let lens = Lens::new(&ledger, &between(a, b, day)).unwrap();
            let mut drawn = BTreeMap::new();
            for level in course::levels(&lens).unwrap() {
                drawn.insert((level.actor, level.unit), level.open);
            }
            drawn.retain(|_, open| *open != 0);
            let mut listed = BTreeMap::new();
            for claim in collect(|each| unanswered::read(&lens, Sign::Hostile, each)).unwrap() {
                let unit = if claim.open.is_some() { claim.unit } else { format!("? {}", claim.unit) };
                *listed.entry((claim.actor, unit)).or_insert(0) += claim.open.unwrap_or(1);
            }
            assert_eq!(drawn, listed, "{name} as of {day}");
        }
    }
}

/// From a handful of acts to more than are drawn one by one: writing runs into nothing, marks lie beside each other.
#[test]
fn nothing_in_the_picture_runs_into_anything() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("generated.csv");
    let mut rows = Vec::new();
    crate::generate::ledger(20_000, &mut rows).unwrap();
    std::fs::write(&file, rows).unwrap();
    let generated = exchange::open_file(&file, &ReadOptions::default(), Clock::system()).unwrap();
    let mut seen = Vec::new();
    for (a, b) in [("USA", "RUS"), ("CHN", "USA"), ("GBR", "DEU"), ("IRN", "ISR"), ("CUB", "VEN"), ("ETH", "SDN")] {
        for day in ["1996-01-01", "2000-01-01", "2010-01-01", "2026-01-01"] {
            let lens = Lens::new(&generated, &between(a, b, day)).unwrap();
            let (acts, bearings) = (course::acts(&lens).unwrap(), course::bearings(&lens).unwrap());
            for width in [WIDE, NARROW] {
                let laid = timeline::lay_out(&acts, &bearings, a, day.parse::<Day>().unwrap(), width);
                apart(&laid, &format!("{a} {b} {day}, {} acts, {width} wide", acts.len()));
                seen.push((acts.len(), laid.marks.len(), laid.labels.len()));
            }
        }
    }
    assert!(seen.iter().any(|(acts, ..)| *acts < 10) && seen.iter().any(|(acts, marks, _)| *acts > 350 && acts == marks), "{seen:?}");
    assert!(seen.iter().filter(|(acts, ..)| *acts < 20).all(|(acts, _, labels)| acts == labels), "{seen:?}");
    assert!(seen.iter().any(|(acts, marks, _)| *acts > 600 && *marks == 0), "{seen:?}");
}

fn apart(laid: &timeline::Timeline, what: &str) {
    for area in laid.areas() {
        assert!(area.x0 >= 0.0 && area.x1 <= laid.width && -area.y0 <= laid.above && area.y1 <= laid.below, "{what}: {area:?} sticks out");
    }
    for (n, label) in laid.labels.iter().enumerate() {
        for other in &laid.labels[..n] {
            assert!(!label.area.overlaps(&other.area), "{what}: {label:?} and {other:?}");
        }
        for mark in &laid.marks {
            let area = recip::render::picture::measure::Area::around(mark.x, mark.y, mark.r);
            assert!(!label.area.overlaps(&area), "{what}: {label:?} and {mark:?}");
        }
    }
    for (n, mark) in laid.marks.iter().enumerate() {
        for other in &laid.marks[..n] {
            let across = (mark.x - other.x).hypot(mark.y - other.y);
            assert!(across >= mark.r + other.r - 1e-6, "{what}: {mark:?} and {other:?}");
        }
    }
}
