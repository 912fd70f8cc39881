//! `recip log` on a terminal, which `script` lends it.

use std::io::{Read, Write};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::support::{installed, ok, quiet};

/// What is asked, and what is typed. A name that is none is asked again; Tab completes; Enter alone leaves a field out.
const TALK: [(&str, &str); 18] = [
    ("Who acted?", "Russia\r"),
    ("Against whom?", "Atlantis\r"),
    ("there is no party 'Atlantis'", ""),
    ("Against whom?", "united st\t\r"),
    ("What sort of act?", "expul\t\r"),
    ("When?", "\r"),
    ("How many persons?", "35\r"),
    ("How far", "\r"),
    ("does it answer?", "\r"),
    ("does it carry out?", "\r"),
    ("does it undo?", "\r"),
    ("decline to answer?", "\r"),
    ("What happened", "A summary\r"),
    ("Which body", "\r"),
    ("Where?", "\r"),
    ("Which dispute", "\r"),
    ("Deadline?", "\r"),
    ("Source?", "\r"),
];

/// Hands over what appears on the screen, as it appears.
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

#[test]
fn log_on_a_terminal_asks_for_each_field() {
    if !installed("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut script = Command::new("script");
    quiet(&mut script);
    let command = format!("{} -f l.db log", env!("CARGO_BIN_EXE_recip"));
    script.args(["-qec", &command, "/dev/null"]).current_dir(folder.path()).env("TERM", "xterm");
    let mut terminal = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut keys = terminal.stdin.take().unwrap();
    let screen = watch(terminal.stdout.take().unwrap());
    let mut seen = String::new();
    for (question, answer) in TALK {
        while !seen.contains(question) {
            seen.push_str(&screen.recv_timeout(Duration::from_secs(20)).unwrap_or_else(|_| panic!("never asked '{question}': {seen}")));
        }
        // What comes next is looked for after this.
        seen = seen.split_off(seen.find(question).unwrap() + question.len());
        for key in answer.bytes() {
            keys.write_all(&[key]).unwrap();
            keys.flush().unwrap();
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    drop(keys);
    terminal.wait().unwrap();
    let logged = ok(folder.path(), &["-f", "l.db", "list", "--format", "csv"]);
    assert!(logged.contains("1,2026-01-02-rus-usa-expulsion,2026-01-02,RUS,USA,expulsion,35,persons,done,35,,,,,A summary"), "{logged}");
}
