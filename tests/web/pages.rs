//! Every page shows what the command on it prints.

use std::path::Path;

use super::serve;
use crate::support::{ok, recip, some};

/// The command that a page shows, with further arguments.
fn printed(folder: &Path, page: &str, format: &[&str]) -> String {
    let line = page.split_once("<footer>").unwrap().1.split_once("<code>").unwrap().1.split_once("</code>").unwrap().0;
    let line = super::plain(line);
    let script = format!("{} {}", line.replacen("recip -f l.db", "\"$RECIP\" -f l.db", 1), format.join(" "));
    let program = recip(folder);
    let mut shell = std::process::Command::new("sh");
    crate::support::quiet(&mut shell);
    let output = shell.current_dir(folder).env("RECIP", program.get_program()).args(["-c", &script]).output().unwrap();
    assert!(output.status.code().unwrap() <= 1, "{script}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The server keeps the ledger open between requests.
#[test]
fn what_others_do_with_the_ledger_is_seen_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let log = |ledger: &str, target: &str| {
        let dispute = ["dispute", "add", &format!("of-{target}").to_lowercase(), "A dispute"].map(str::to_owned);
        ok(folder.path(), &[&["-f", ledger], dispute.each_ref().map(String::as_str).as_slice()].concat());
        ok(folder.path(), &["-f", ledger, "log", "USA", target, "protest", "--on", "2017-01-01"]);
    };
    log("l.db", "RUS");
    log("other.db", "CHN");
    ok(folder.path(), &["-f", "other.db", "backup", "copy.db"]);
    let server = serve(folder.path(), &[]);
    let shown = || (server.get("/list.csv").body, server.get("/log").body);
    let (acts, form) = shown();
    assert!(acts.contains("usa-rus-protest") && form.contains("of-rus"), "{acts}{form}");
    log("l.db", "FRA");
    let (acts, form) = shown();
    assert!(acts.contains("usa-fra-protest") && form.contains("of-fra"), "{acts}{form}");
    ok(folder.path(), &["-f", "l.db", "restore", "copy.db"]);
    let (acts, form) = shown();
    assert!(acts.contains("usa-chn-protest") && !acts.contains("RUS"), "{acts}");
    assert!(form.contains("of-chn") && !form.contains("of-rus"), "{form}");
    let other = rusqlite::Connection::open(folder.path().join("l.db")).unwrap();
    other.execute_batch("CREATE TRIGGER extra AFTER INSERT ON link BEGIN SELECT 1; END").unwrap();
    let refused = server.get("/list");
    assert!(refused.text().contains("'extra' is not part of recip's schema"), "{}", refused.text());
    other.execute_batch("DROP TRIGGER extra").unwrap();
    drop(other);
    assert_eq!(server.get("/list").status, 200);
    std::fs::rename(folder.path().join("l.db"), folder.path().join("away.db")).unwrap();
    let gone = server.get("/list");
    assert!(gone.text().contains("there is no ledger"), "{}", gone.text());
}

#[test]
fn every_page_has_the_rows_of_the_command_that_it_shows() {
    let folder = tempfile::tempdir().unwrap();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/us-russia-2016-2017.csv");
    ok(folder.path(), &["-f", "l.db", "import", example]);
    std::fs::create_dir(folder.path().join("queries")).unwrap();
    let query = "-- Acts of a party by kind\nSELECT kind, count(*) AS acts FROM shown_action WHERE actor = :party GROUP BY kind";
    std::fs::write(folder.path().join("queries/acts.sql"), query).unwrap();
    let server = serve(folder.path(), &[]);
    let saved = server.get("/sql");
    assert!(saved.body.contains("<a href=\"/sql?q=%40acts\">acts</a> Acts of a party by kind"), "{}", saved.body);
    for path in some(
        8,
        [
            "/unanswered",
            "/unanswered/RUS/USA?as-of=2017-07-13",
            "/balance/RUS/USA?scale=plover",
            "/matrix?as-of=2017-07-13",
            "/pending?passed",
            "/timeline/RUS/USA?kind=expulsion&kind=seizure",
            "/reciprocity/USA/RUS?within=90d",
            "/reciprocity?pooled&permutations=9&seed=2",
            "/panel/USA/RUS?by=quarter",
            "/survival/USA/RUS",
            "/list?text=diplomats&actor=USA",
            "/suggest?as-of=2017-07-20&over=0",
            "/suggest?assign",
            "/candidates",
            "/check",
            "/parties?text=land",
            "/kinds",
            "/scales",
            "/disputes",
            "/sources",
            "/changes?since=2017-07-01&until=2017-07-31",
            "/sql?q=SELECT+ref,+open+FROM+unanswered+WHERE+open+%3E+1&as-of=2017-07-13",
            "/sql?q=@acts&param=party%3DUSA%0A&as-of=2017-07-13",
        ],
    ) {
        let page = server.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        let (stem, query) = path.split_once('?').map_or((path, String::new()), |(stem, query)| (stem, format!("?{query}")));
        for format in ["csv", "json", "md"] {
            let file = server.get(&format!("{stem}.{format}{query}"));
            assert_eq!((file.status, file.body), (200, printed(folder.path(), &page.body, &["--format", format])), "{path} {format}");
        }
        assert_eq!(server.get(&format!("{stem}.txt{query}")).body, printed(folder.path(), &page.body, &[]), "{path}");
        let csv = printed(folder.path(), &page.body, &["--format", "csv"]);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let seen = page.body.split_once("<main").unwrap().1;
        for cell in reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
            let cell = cell.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;");
            assert!(seen.contains(&cell), "{path}: {cell}");
        }
    }
    for path in [
        "/action/1",
        "/action/2016-12-29-usa-rus-seizure?as-known=2026-01-03",
        "/chain/1",
        "/history",
        "/history/1",
        "/source/1",
        "/party/USA",
        "/dispute/grizzly-steppe",
    ] {
        let page = server.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        assert!(page.text().contains(printed(folder.path(), &page.body, &[]).trim_end()), "{path}: {}", page.text());
    }
    for path in [
        "/",
        "/log",
        "/answer",
        "/import",
        "/keys",
        "/sql",
        "/latest",
        "/style.css",
        "/script.js",
        "/icon.svg",
        "/matrix.svg",
        "/timeline/USA/RUS.svg",
    ] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    for (path, status) in
        [("/unanswered?as-of=soon", 400), ("/pair/USA/Atlantis", 400), ("/pair/USA", 400), ("/action/99", 400), ("/nowhere", 404)]
    {
        let page = server.get(path);
        assert_eq!(page.status, status, "{path}");
        assert!(page.body.contains("role=\"alert\""));
    }
    let brief = server.get("/pair/USA/RUS?as-of=2017-07-13");
    assert!(brief.status == 200 && brief.text().contains("Open claims"));
    assert_eq!(
        server.get("/pair/USA/RUS.md?as-of=2017-07-13").body,
        ok(folder.path(), &["-f", "l.db", "report", "brief", "USA", "RUS", "--as-of", "2017-07-13", "--format", "md"])
    );
}

#[test]
fn markup_in_every_field_stays_text_and_no_page_has_inline_style_or_script() {
    let folder = tempfile::tempdir().unwrap();
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    ok(folder.path(), &["-f", "l.db", "dispute", "add", "case", evil]);
    ok(folder.path(), &["-f", "l.db", "party", "add", "EVL", evil]);
    ok(
        folder.path(),
        &[
            "-f",
            "l.db",
            "log",
            "EVL",
            "RUS",
            "expulsion",
            "35",
            "--on",
            "2016-12-29",
            "--dispute",
            "case",
            "--summary",
            evil,
            "--note",
            evil,
            "--by",
            evil,
            "--place",
            evil,
            "--tag",
            "a<b",
            "--source",
            evil,
            "--source",
            "javascript:alert(1)",
            "--quantity",
            "loss 3 <b>",
        ],
    );
    ok(folder.path(), &["-f", "l.db", "--as", evil, "log", "RUS", "EVL", "expulsion", "3", "--on", "2016-12-30", "--summary", evil]);
    let server = serve(folder.path(), &[]);
    let encoded = super::encoded(evil);
    for path in [
        "/",
        "/list",
        "/unanswered",
        "/balance",
        "/matrix",
        "/timeline",
        "/pair/EVL/RUS",
        "/action/1",
        "/action/%3Cb%3Ex",
        "/history",
        "/sources",
        "/source/1",
        "/parties",
        "/party/EVL",
        "/disputes",
        "/dispute/case",
        "/suggest",
        "/check",
        &format!("/list?text={encoded}"),
        &format!("/{encoded}"),
        &format!("/action/{encoded}"),
        &format!("/list?{encoded}=1"),
        &format!("/log?actor={encoded}&summary={encoded}"),
        &format!("/sql?q={encoded}"),
        "/sql?q=SELECT+summary+AS+'%3Cb%3E'+FROM+action",
    ] {
        let page = server.get(path);
        let body = page.body.to_lowercase();
        assert!(!body.contains("<script>") && !body.contains("<img src=x") && !body.contains("<b>x"), "{path}");
        assert!(
            !body.contains("href=\"javascript") && !body.contains(" style=") && !body.contains("<style") && !body.contains("onerror=\""),
            "{path}"
        );
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';") && !policy.contains("unsafe"), "{policy}");
        for (name, value) in [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("cache-control", "no-store")] {
            assert_eq!(page.header(name).as_deref(), Some(value), "{path}");
        }
    }
    let preview = server
        .post("/do/log", &[("actor", "EVL"), ("target", "RUS"), ("kind", "expulsion"), ("summary", evil), ("back", "javascript:alert(1)")]);
    assert!(preview.status == 200 && !preview.body.contains("<script>a"), "{}", preview.body);
}

#[test]
fn a_form_has_a_field_for_every_detail_of_an_action() {
    let folder = tempfile::tempdir().unwrap();
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    let server = serve(folder.path(), &[]);
    for path in ["/log", "/action/1"] {
        let page = server.get(path);
        for detail in recip::model::details::DETAILS {
            assert!(page.body.contains(&format!("name=\"{}\"", detail.option())), "{path} has no field for {}", detail.name);
        }
    }
}
