//! A tit-for-tat that is logged by forms, as a person without a script does it.

use super::{Response, Server, serve};
use crate::support::ok;

/// Sends what the preview asks for.
fn write_it(server: &Server, preview: &Response) -> Response {
    assert_eq!(preview.status, 200, "{}", preview.text());
    assert!(preview.text().contains("Nothing is written yet."), "{}", preview.text());
    let main = Response { body: preview.body.split_once("<main").unwrap().1.to_owned(), head: String::new(), status: 200 };
    let form = main.body.split_once("class=\"preview\"").unwrap().1;
    let mut fields = vec![("command".to_owned(), main.hidden("command")), ("step".to_owned(), "write".to_owned())];
    for input in form.split("type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = input.split_once("\" value=\"").unwrap();
        fields.push((name.to_owned(), super::plain(rest.split_once('"').unwrap().0)));
    }
    if let Some((_, rows)) = main.body.split_once("name=\"rows\" rows=\"8\" spellcheck=\"false\">") {
        fields.push(("rows".to_owned(), super::plain(rows.split_once("</textarea>").unwrap().0)));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    server.post("/do", &fields)
}

#[test]
fn a_tit_for_tat_is_logged_answered_and_undone() {
    let folder = tempfile::tempdir().unwrap();
    ok(folder.path(), &["-f", "l.db", "dispute", "add", "steppe"]);
    let server = serve(folder.path(), &[]);
    let act = [
        ("actor", "USA"),
        ("target", "Russia"),
        ("kind", "expulsion"),
        ("count", "35"),
        ("on", "2016-12-29"),
        ("stage", "done"),
        ("dispute", "steppe"),
        ("summary", "35 officials"),
        ("source", "BBC, 29 December 2016\r\nhttps://example.org/a\r\n"),
        ("note", ""),
    ];
    let preview = server.post("/do/log", &act);
    assert!(preview.text().contains("#1 2016-12-29 United States -> Russia: expulsion of 35 persons"), "{}", preview.text());
    assert_eq!(ok(folder.path(), &["-f", "l.db", "list", "--format", "csv"]).lines().count(), 1);
    let done = write_it(&server, &preview);
    assert!(done.text().contains("#1 2016-12-29 United States"), "{}", done.text());
    assert!(done.body.contains("href=\"/log?actor=USA&amp;target=Russia&amp;on=2016-12-29&amp;dispute=steppe"), "{}", done.body);
    assert!(ok(folder.path(), &["-f", "l.db", "show", "1"]).contains("[2] https://example.org/a"));
    // The next one is offered what it may answer.
    let offered = "<option value=\"1\">2016-12-29 USA -&gt; RUS: expulsion 35, 35 open</option>";
    let form = server.get("/log").body;
    assert!(form.contains(offered) && form.contains("name=\"answers\" type=\"text\" value=\"\" list=\"actions\""), "{form}");
    // The same form is written once.
    assert_eq!(write_it(&server, &preview).status, 409);
    // As typed.
    let typed = "recip log RUS USA 'staff-cut' 755 --on 2017-07-28 --summary \"the \\\"755\\\"\"";
    let done = write_it(&server, &server.post("/do", &[("command", typed)]));
    assert!(done.text().contains("the \"755\"") || done.text().contains("staff cut of 755"), "{}", done.text());
    // The suggested answer is accepted with one button, which leads back.
    assert!(done.text().contains("Suggested answers") && done.text().contains("Accept"), "{}", done.text());
    let queue = done.body.split_once("data-key=\"a\"").unwrap().0.rsplit_once("<form").unwrap().1;
    let queue = Response { body: queue.to_owned(), head: String::new(), status: 200 };
    let [command, nonce, back] = ["command", "nonce", "back"].map(|name| queue.hidden(name));
    let accepted = server.post("/do", &[("command", &command), ("nonce", &nonce), ("back", &back), ("step", "write")]);
    assert_eq!((accepted.status, accepted.header("location").as_deref()), (303, Some("/action/2?done=4")), "{}", accepted.text());
    for (path, shown) in [
        ("/unanswered", "720"),
        ("/balance/USA/RUS", "755"),
        ("/matrix", "720"),
        ("/timeline/USA/RUS", "35 officials"),
        ("/list", "expulsion"),
        ("/pair/USA/RUS", "720 persons"),
        ("/action/1", "covers 35 persons"),
        ("/chain/1", "answers 35 persons"),
        ("/history", "link 2 answers 1"),
        ("/reciprocity/USA/RUS", "acts-received"),
        ("/", "staff-cut"),
        ("/disputes", "steppe"),
    ] {
        let text = server.get(path).text();
        assert!(text.contains(shown), "{path}: {text}");
    }
    let page = server.get("/action/2?done=4");
    assert!(page.body.contains("Change 4 was made"), "{}", page.body);
    let undone = server.post("/do", &[("command", "undo 4"), ("step", "write"), ("nonce", &page.hidden("nonce"))]);
    assert!(undone.text().contains("undid change 4"), "{}", undone.text());
    assert!(server.get("/unanswered").text().contains("755"));
    // Waive and void.
    let done = write_it(&server, &server.post("/do/waive", &[("action", "1"), ("on", "2016-12-30"), ("summary", "restraint")]));
    assert!(done.text().contains("waives #1"), "{}", done.text());
    let done = write_it(&server, &server.post("/do/void", &[("action", "3"), ("reason", "it's wrong")]));
    assert!(done.text().contains("voided #3"), "{}", done.text());
    // A mistake is said in the command's own words, and nothing is written.
    let refused = server.post("/do/log", &[("actor", "USA"), ("target", "Rossija"), ("kind", "expulsion")]);
    assert!(refused.status == 400 && refused.text().contains("there is no party 'Rossija'; did you mean"), "{}", refused.text());
    // A command that only reads is run at once.
    assert!(server.post("/do", &[("command", "report unanswered USA RUS")]).text().contains("Unanswered as of"));
    assert!(server.post("/do", &[("command", "it's")]).text().contains("a quote is not closed"));
}

#[test]
fn two_people_who_correct_the_same_action_are_told() {
    let folder = tempfile::tempdir().unwrap();
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    let server = serve(folder.path(), &[]);
    let page = server.get("/action/1");
    assert_eq!((page.hidden("was-count"), page.hidden("was-on")), ("35".to_owned(), "2016-12-29".to_owned()));
    let mine = [
        ("action", "1"),
        ("was-count", "35"),
        ("count", "36"),
        ("was-on", "2016-12-29"),
        ("on", "2016-12-29"),
        ("was-summary", ""),
        ("summary", ""),
    ];
    let preview = server.post("/do/edit", &mine);
    assert!(preview.text().contains("count: 35 -> 36"), "{}", preview.text());
    ok(folder.path(), &["-f", "l.db", "edit", "1", "--count", "34", "--summary", "theirs"]);
    for conflict in [server.post("/do/edit", &mine), write_it(&server, &preview)] {
        assert_eq!(conflict.status, 409);
        assert!(conflict.body.contains("<th scope=\"row\">count</th><td>35</td><td>34</td><td>36</td>"), "{}", conflict.body);
    }
    // Mine, on top of theirs.
    let again = [("action", "1"), ("was-count", "34"), ("count", "36")];
    let done = write_it(&server, &server.post("/do/edit", &again));
    assert!(done.text().contains("count: 34 -> 36"), "{}", done.text());
    assert!(ok(folder.path(), &["-f", "l.db", "show", "1"]).contains("theirs"));
}

#[test]
fn rows_are_pasted_and_a_coalition_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path(), &[]);
    assert_eq!(server.get("/unanswered").status, 500);
    let rows = "date,actor,target,kind,count\r\n2018-03-26,USA,RUS,expulsion,60\r\n2018-03-26,CAN,RUS,expulsion,4\r\n";
    let preview = server.post("/do/import", &[("rows", rows)]);
    assert!(preview.text().contains("2 actions and 0 links added"), "{}", preview.text());
    assert!(!folder.path().join("l.db").exists());
    let done = write_it(&server, &preview);
    assert!(done.text().contains("2 actions and 0 links added"), "{}", done.text());
    // As a spreadsheet copies it.
    let sheet = server.post("/do/import", &[("rows", "Date\tActor\tTarget\tKind\n2018-03-27\tGBR\tRUS\tmeeting\n")]);
    assert!(write_it(&server, &sheet).text().contains("1 action and 0 links added"));
    let own = server.post("/do/import", &[("rows", "When\tWho\tAgainst whom\tWhat\n26/03/2018\tUSA\tRUS\texpulsion\n")]);
    assert!(own.status == 409 && own.text().contains("help: name the columns date,") && !own.text().contains("--review"), "{}", own.text());
    let bad = server.post("/do/import", &[("rows", "date,actor,target,kind\n2018-03-26,Atlantis,RUS,expulsion\n")]);
    assert!(bad.status == 409 && bad.text().contains("Atlantis"), "{}", bad.text());
    let preview = server.post("/do/answer", &[("by", "Russia"), ("on", "2018-03-30"), ("in-kind", "on")]);
    let done = write_it(&server, &preview);
    assert!(
        done.text().contains("answers #1 in full (60 of 60)") && done.text().contains("answers #2 in full (4 of 4)"),
        "{}",
        done.text()
    );
    assert_eq!(server.get("/unanswered.csv").body.lines().count(), 1);
}
