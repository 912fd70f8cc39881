//! `recip log` on a terminal, which `script` lends it.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{installed, ok, quiet};

#[test]
fn log_on_a_terminal_asks_for_each_field() {
    if !installed("script") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut script = Command::new("script");
    quiet(&mut script);
    let command = format!("{} -f l.db log", env!("CARGO_BIN_EXE_recip"));
    let mut terminal = script
        .args(["-qec", &command, "/dev/null"])
        .current_dir(folder.path())
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut keys = terminal.stdin.take().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    // A name that is none is asked again; Tab completes; Enter alone leaves a field out.
    let said = [
        "Russia\r",
        "Atlantis\r",
        "united st\t\r",
        "expul\t\r",
        "\r",
        "35\r",
        "\r",
        "\r",
        "\r",
        "\r",
        "A summary\r",
        "\r",
        "A source\r",
        "\r",
    ];
    for line in said {
        for key in line.bytes() {
            keys.write_all(&[key]).unwrap();
            keys.flush().unwrap();
            std::thread::sleep(Duration::from_millis(15));
        }
        std::thread::sleep(Duration::from_millis(300));
    }
    drop(keys);
    let output = terminal.wait_with_output().unwrap();
    let screen = String::from_utf8_lossy(&output.stdout);
    assert!(screen.contains("there is no party 'Atlantis'"), "{screen}");
    let logged = ok(folder.path(), &["-f", "l.db", "list", "--format", "csv"]);
    assert!(
        logged.contains("1,2026-01-02-rus-usa-expulsion,2026-01-02,RUS,USA,expulsion,35,persons,done,35,,,,,A summary"),
        "{logged}\n{screen}"
    );
}
