//! `recip log`, `recip candidates review` and `recip merge` ask their questions on a terminal, which the program `script` provides.

use std::io::{Read, Write};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::feeds::{ask, gdelt};
use crate::support::{installed, ok, quiet};

/// Each question and the keys typed in answer. An unknown name is asked for again, Tab completes, and Enter alone leaves a field out.
const TALK: [(&str, &str); 18] = [
    ("Who acted?", "Russia\r"),
    ("Against whom?", "Atlantis\r"),
    ("there is no party 'Atlantis'", ""),
    ("Against whom?", "united st\t\r"),
    ("What kind of act?", "expul\t\r"),
    ("When?", "\r"),
    ("How many persons?", "35\r"),
    ("Which stage", "\r"),
    ("What happened", "A summary\r"),
    ("Which body", "\r"),
    ("Where?", "\r"),
    ("Deadline?", "\r"),
    ("Which dispute", "\r"),
    ("A remark?", "\r"),
    ("Tags?", "Mission, early\r"),
    ("Source?", "\r"),
    ("#1 2026-01-02 Russia -> United States: expulsion of 35 persons", ""),
    ("Log this?", "\r"),
];

/// The open claims of the other side are offered, Esc goes back one question with the answer as it was, and the effect is shown at the end.
const ANSWER: [(&str, &str); 20] = [
    ("Who acted?", "RUS\r"),
    ("Against whom?", "USA\r"),
    ("What kind of act?", "meeting\r"),
    ("When?", "\u{1b}"),
    ("meeting", "\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}expulsion\r"),
    ("When?", "2017-07-28\r"),
    ("How many persons?", "35\r"),
    ("Which stage", "\r"),
    ("#1 2016-12-29 expulsion, 35 persons open", " \r"),
    ("does it answer?", "\r"),
    ("What happened", "\r"),
    ("Which body", "\r"),
    ("Where?", "\r"),
    ("Deadline?", "\r"),
    ("Which dispute", "\r"),
    ("A remark?", "\r"),
    ("Tags?", "\r"),
    ("Source?", "\r"),
    ("answers #1 in full (35 of 35)", ""),
    ("Log this?", "\r"),
];

/// Sends the terminal's output as it appears.
fn watch(mut screen: ChildStdout) -> Receiver<String> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(n @ 1..) = screen.read(&mut bytes) {
            if send.send(String::from_utf8_lossy(&bytes[..n]).into_owned()).is_err() {
                break;
            }
        }
    });
    receive
}

/// Runs the program on a terminal in `folder`: waits for each text, then types the keys that belong to it.
fn talk(folder: &std::path::Path, command: &str, talk: &[(&str, &str)]) {
    let mut script = Command::new("script");
    quiet(&mut script);
    let command = format!("{} -f l.db {command}", env!("CARGO_BIN_EXE_recip"));
    script.args(["-qec", &command, "/dev/null"]).current_dir(folder).env("TERM", "xterm");
    let mut terminal = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut keys = terminal.stdin.take().unwrap();
    let screen = watch(terminal.stdout.take().unwrap());
    let mut seen = String::new();
    for (question, answer) in talk {
        while !seen.contains(question) {
            seen.push_str(
                &screen.recv_timeout(Duration::from_secs(20)).unwrap_or_else(|_| panic!("the program did not ask '{question}': {seen}")),
            );
        }
        // The search for the next text starts after this one.
        seen = seen.split_off(seen.find(question).unwrap() + question.len());
        for key in answer.bytes() {
            keys.write_all(&[key]).unwrap();
            keys.flush().unwrap();
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    drop(keys);
    terminal.wait().unwrap();
}

#[test]
fn log_on_a_terminal_asks_for_each_field() {
    if !installed("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    talk(folder.path(), "log", &TALK);
    let logged = ok(folder.path(), &["-f", "l.db", "list", "--format", "csv"]);
    assert!(
        logged
            .contains("1,2026-01-02-rus-usa-expulsion,2026-01-02,RUS,USA,expulsion,35,,persons,done,35,,,,,A summary,,\"early, mission\""),
        "{logged}"
    );
}

#[test]
fn log_on_a_terminal_offers_the_open_claims() {
    if !installed("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    talk(folder.path(), "log", &ANSWER);
    let linked = ask(folder.path(), "l.db", "SELECT kind, date, covers FROM link JOIN action ON action.id = action_id");
    assert_eq!(linked, ["expulsion|2017-07-28|35"]);
}

#[test]
fn on_a_terminal_log_asks_before_it_writes_what_cannot_be() {
    if !installed("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let doubt =
        "warning: 2018-03-17 SUN -> GBR: the Soviet Union did not exist on 2018-03-17: it ended on 1991-12-26; did you mean Russia (RUS)?";
    ok(folder, &["-f", "l.db", "log", "RUS", "GBR", "protest", "--on", "2018-03-12"]);
    let command = "log 'Soviet Union' GBR expulsion 23 --on 2018-03-17";
    talk(folder, command, &[(doubt, ""), ("Log it all the same?", "n\r"), ("nothing was logged", "")]);
    assert_eq!(ask(folder, "l.db", "SELECT count(*) FROM action"), ["1"]);
    talk(folder, command, &[("Log it all the same?", "y\r"), ("#2 2018-03-17 Soviet Union", "")]);
    assert_eq!(ask(folder, "l.db", "SELECT count(*) FROM action"), ["2"]);
}

/// The keys of `candidates review`: an undo before any decision, a merge into the action shown, a confirmation with its questions, a
/// dismissal, its undo, a skip, and quitting.
const REVIEW: [(&str, &str); 16] = [
    ("candidate 1 ", ""),
    ("[q]uit", "u"),
    ("there is nothing to undo", ""),
    ("[1] #1 2013-04-01", "1"),
    ("merged into #1", ""),
    ("[q]uit", "c"),
    ("What kind of act?", "closure\r"),
    ("How many?", "2\r"),
    ("When?", "\r"),
    ("What happened", "Two houses\r"),
    ("[q]uit", "d"),
    ("Why?", "a play\r"),
    ("[q]uit", "u"),
    ("[q]uit", "s"),
    ("[q]uit", "q"),
    ("2 candidates reviewed", ""),
];

#[test]
fn candidates_are_reviewed_on_a_terminal_one_key_each() {
    if !installed("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rows: String = [("161", "-4.0", "RUS"), ("1711", "-9.2", "RUS"), ("163", "-8.0", "CUB"), ("114", "-2.0", "CUB")]
        .iter()
        .zip(1..)
        .map(|((code, weight, target), id)| gdelt(58, id, &format!("2013040{id}"), "USA", target, code, weight, "20130404"))
        .collect();
    std::fs::write(folder.join("feed.tsv"), rows).unwrap();
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "--on", "2013-04-01"]);
    ok(folder, &["-f", "l.db", "import", "--feed", "gdelt", "feed.tsv"]);
    talk(folder, "candidates review", &REVIEW);
    let reviewed = ask(folder, "l.db", "SELECT id, review, action_id, reason FROM candidate ORDER BY id");
    assert_eq!(reviewed, ["1|merged|1|", "2|confirmed|2|", "3|||", "4|||"]);
    let confirmed = ask(folder, "l.db", "SELECT date, kind, count, summary FROM action WHERE id = 2");
    assert_eq!(confirmed, ["2013-04-02|closure|2|Two houses"]);
}

/// A review fetches candidates in batches and must not stop after the first one.
#[test]
fn a_review_goes_on_until_there_are_no_more() {
    if !installed("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = |id: u64| gdelt(58, id, &format!("2013{:02}{:02}", 1 + id / 5, 1 + id % 5 * 5), "USA", "RUS", "161", "-4.0", "20140101");
    std::fs::write(
        folder.join("feed.tsv"),
        (0..60).map(row).collect::<String>()
            + &(0..60).map(|id| row(id).replace("RUS", "CUB").replacen(&format!("{id}\t"), &format!("1{id}\t"), 1)).collect::<String>(),
    )
    .unwrap();
    ok(folder, &["-f", "l.db", "import", "--feed", "gdelt", "feed.tsv"]);
    let candidates: usize = ask(folder, "l.db", "SELECT count(*) FROM candidate")[0].parse().unwrap();
    assert!(candidates > 101, "{candidates}");
    let keys: Vec<(&str, &str)> = std::iter::repeat_n(("[q]uit", "s"), candidates).chain([("0 candidates reviewed", "")]).collect();
    talk(folder, "candidates review", &keys);
}

/// Each question is asked with what each copy has. A word that is no answer is asked for again; Esc ends the merge, which writes nothing
/// until every question is answered.
#[test]
fn a_merge_asks_one_question_after_another() {
    if !installed("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    ok(folder, &["-f", "l.db", "backup", "other.db"]);
    ok(folder, &["-f", "l.db", "edit", "1", "--place", "Washington", "--summary", "Ours"]);
    ok(folder, &["-f", "other.db", "edit", "1", "--place", "New York", "--summary", "Theirs", "--count", "36"]);
    let now = || ask(folder, "l.db", "SELECT count, place, summary FROM action");
    let asked =
        [("place: changed in both copies", ""), ("New York", ""), ("Keep ours, theirs", "theirs\r"), ("Keep ours, theirs", "\u{1b}")];
    talk(folder, "merge other.db -i", &[&asked[..], &[("nothing was written", "")]].concat());
    assert_eq!(now(), ["35|Washington|Ours"]);
    let answers = [
        ("Keep ours", "both\r"),
        ("does not allow it", "theirs\r"),
        ("summary: changed", ""),
        ("Keep ours", "ours\r"),
        ("merged other.db", ""),
    ];
    talk(folder, "merge other.db -i", &answers);
    assert_eq!(now(), ["36|New York|Ours"]);
}
