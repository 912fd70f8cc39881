//! `recip log`, `recip candidates review` and `recip merge` ask their questions on a terminal, which the program `script` provides.

use std::io::{Read, Write};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::feeds::{ask, gdelt};
use crate::support::{installed, ok, quiet};

/// Each question and the keys typed in answer. The names that nobody has used are in alphabetical order. An unknown name is asked for
/// again, Tab completes, and Enter alone leaves a field out.
const TALK: [(&str, &str); 21] = [
    ("Who acted?", ""),
    ("\n  Afghanistan\r\n  African Union\r\n  Åland Islands", "Russ\r"),
    ("there is no party 'Russ'; did you mean Russia (RUS)?", ""),
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
    ("Deadline?", "1 February 2026\r"),
    ("Which dispute", "\r"),
    ("A remark?", "\r"),
    ("Tags?", "Mission, early\r"),
    ("Source?", "\r"),
    ("#1 2026-01-02 Russia -> United States: expulsion of 35 persons", ""),
    ("Log this?", "\r"),
];

/// The open claims of the other side are offered, Esc goes back one question with the answer as it was, and the effect is shown at the end.
/// What is typed below a list filters it, and is edited as every line.
const ANSWER: [(&str, &str); 24] = [
    ("Who acted?", "RUS\r"),
    ("Against whom?", "USA\r"),
    ("What kind of act?", "meeting\r"),
    ("When?", "\u{1b}"),
    ("meeting", "\u{15}expulsion\r"),
    ("When?", "2017-07-28\r"),
    ("How many persons?", "35\r"),
    ("Which stage", "ann\u{17}\u{10}\u{e}\r"),
    ("#1 2016-12-29 expulsion, 35 persons open", "\u{1b}"),
    ("> done", "\r"),
    ("#1 2016-12-29 expulsion, 35 persons open", "seizure\u{15} \r"),
    ("does it answer?", "\u{1b}"),
    ("[x] #1", "\r"),
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

/// Runs the program on a terminal in `folder`: waits for each text, then types the keys that belong to it. After `! `, they are a command
/// that somebody else gives meanwhile.
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
            match screen.recv_timeout(Duration::from_secs(20)) {
                Ok(shown) => seen.push_str(&shown),
                Err(_) => {
                    terminal.kill().unwrap();
                    panic!("the program did not ask '{question}': {seen}");
                }
            }
        }
        // The search for the next text starts after this one.
        seen = seen.split_off(seen.find(question).unwrap() + question.len());
        if let Some(command) = answer.strip_prefix("! ") {
            ok(folder, &[&["-f", "l.db"], &command.split(' ').collect::<Vec<_>>()[..]].concat());
            continue;
        }
        for key in keys_of(answer) {
            keys.write_all(key.as_bytes()).unwrap();
            keys.flush().unwrap();
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    drop(keys);
    terminal.wait().unwrap();
}

/// What a terminal sends at once for each key: a character, or a sequence that begins with Esc.
fn keys_of(mut answer: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    while let Some(first) = answer.chars().next() {
        let length = match answer.strip_prefix("\u{1b}[") {
            Some(rest) => 2 + rest.find(|c: char| c.is_ascii_alphabetic() || c == '~').unwrap() + 1,
            None if first == '\u{1b}' => first.len_utf8() + answer[1..].chars().next().map_or(0, char::len_utf8),
            None => first.len_utf8(),
        };
        let (key, rest) = answer.split_at(length);
        keys.push(key);
        answer = rest;
    }
    keys
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
        logged.contains(
            "1,2026-01-02-rus-usa-expulsion,2026-01-02,RUS,USA,expulsion,35,,persons,done,35,,,2026-02-01,,A summary,,\"early, mission\""
        ),
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

/// Six times Esc leads from the links back to the target. With another one, the claim that was chosen is no longer answered.
#[test]
fn an_answer_is_forgotten_if_its_question_no_longer_applies() {
    if !installed("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    let there = ["RUS\r", "USA\r", "expulsion\r", "2017-07-28\r", "35\r", "\r", " \r"];
    let questions =
        ["Who acted?", "Against whom?", "What kind of act?", "When?", "How many persons?", "Which stage", "Open claims to answer?"];
    let mut keys: Vec<(&str, &str)> = questions.into_iter().zip(there).collect();
    keys.push(("does it answer?", "\u{1b}"));
    keys.extend(questions[2..].iter().rev().map(|question| (*question, "\u{1b}")));
    keys.extend([("Against whom? USA", "\u{15}FRA\r"), ("What kind of act?", "\r"), ("When?", "\r"), ("How many persons?", "\r")]);
    keys.extend([("Which stage", "\r"), ("What happened", "\r"), ("Which body", "\r"), ("Where?", "\r"), ("Deadline?", "\r")]);
    keys.extend([("Which dispute", "\r"), ("A remark?", "\r"), ("Tags?", "\r"), ("Source?", "\r"), ("Log this?", "\r")]);
    talk(folder.path(), "log", &keys);
    assert_eq!(ask(folder.path(), "l.db", "SELECT target, (SELECT count(*) FROM link) FROM action WHERE id = 2"), ["FRA|0"]);
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

#[test]
fn on_a_terminal_edit_asks_before_it_writes_what_cannot_be() {
    if !installed("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["-f", "l.db", "log", "RUS", "GBR", "protest", "--on", "2018-03-12"]);
    let doubt = "warning: #1: it is done, but its date 2099-01-01 is after today";
    talk(folder, "edit 1 --on 2099-01-01", &[(doubt, ""), ("Change it all the same?", "n\r"), ("nothing was changed", "")]);
    assert_eq!(ask(folder, "l.db", "SELECT date FROM action"), ["2018-03-12"]);
    talk(folder, "edit 1 --on 2099-01-01", &[("Change it all the same?", "y\r"), ("date: 2018-03-12 -> 2099-01-01", "")]);
    assert_eq!(ask(folder, "l.db", "SELECT date FROM action"), ["2099-01-01"]);
    talk(folder, "edit 1 --on 2018-03-12", &[("date: 2099-01-01 -> 2018-03-12", "")]);
}

/// The keys that edit a line, with text before the cursor and behind it, in three scripts, and again after Esc; and a text that is pasted.
const EDITS: [(&str, &str); 22] = [
    // Left, Delete, Ctrl-B and Ctrl-F.
    ("Who acted?", "Espana\u{1b}[D\u{1b}[D\u{1b}[3~ñ\u{2}\u{6}\r"),
    // Home, End and Backspace.
    ("Against whom?", "国\u{1b}[H中\u{1b}[F家\u{7f}\r"),
    ("What kind of act?", "a protest\u{1b}b\u{15}\r"),
    ("When?", "on 2017-07-28\u{1}\u{1b}[3~\u{4}\u{4}\r"),
    ("How many acts?", "\r"),
    ("Which stage", "\r"),
    // Ctrl-A and Ctrl-E.
    ("What happened", "two thre\u{1}One \u{5}e\r"),
    // Ctrl-W, Alt-B, Ctrl-U, and Ctrl-Y behind the rest.
    ("Which body", "the Ministry of\u{17}\u{7f}\u{1b}b\u{15}\u{5} for \u{19}arts\r"),
    // Ctrl-Left and Ctrl-K; after Esc, Ctrl-Right and Ctrl-Delete, and Ctrl-X, which is no key of the line.
    ("Where?", "Москва, Россия\u{1b}[1;5D\u{b}\r"),
    ("Deadline?", "in two\u{1b}"),
    ("Москва,", "\u{18}\u{7f}\u{7f} العربية السعودية\u{1}\u{1b}[1;5C\u{1b}[1;5C\u{1b}[3;5~\r"),
    ("Deadline?", "\r"),
    ("Which dispute", "\r"),
    ("A remark?", "\u{1b}[200~two\r\nlines\u{1b}[201~\u{1b}bpasted \r"),
    ("Tags?", "\r"),
    ("Source?", "\r"),
    ("Log this?", "\u{1b}"),
    ("Source?", "\u{1b}"),
    ("Tags?", "late\u{7f}\u{7f}\u{7f}\u{7f}early\r"),
    ("Source?", "\r"),
    ("protest", ""),
    ("Log this?", "\r"),
];

#[test]
fn lines_are_edited_as_in_a_shell() {
    if !installed("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    talk(folder.path(), "log", &EDITS);
    let logged = ask(folder.path(), "l.db", "SELECT actor, target, kind, date, summary, by, place, note, tags FROM action");
    assert_eq!(logged, ["ESP|CHN|protest|2017-07-28|One two three|Ministry for the arts|Москва العربية|two pasted lines|early"]);
}

/// Ctrl-C ends the questions, and the terminal is as before: it shows what is typed, and hands it over in lines.
#[test]
fn ctrl_c_gives_the_terminal_back() {
    if !installed("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let restored = [("Who acted?", "Rus\u{3}"), ("\u{1b}[?2004l", ""), ("nothing was logged", ""), (" icanon", ""), (" echo ", "")];
    talk(folder.path(), "log; stty -a", &restored);
}

/// The keys of `candidates review`: an undo before any decision, a merge into the action shown, a confirmation with its questions, a
/// dismissal, its undo after somebody else has logged something, a skip, and quitting.
const REVIEW: [(&str, &str); 18] = [
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
    ("dismissed", "! log USA CUB protest --on 2013-05-01"),
    ("[q]uit", "u"),
    ("the last decision was undone", ""),
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
    assert_eq!(ask(folder, "l.db", "SELECT kind FROM action WHERE id = 3"), ["protest"]);
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
