//! The calendar of deadlines, as another reader of iCalendar understands it.

use std::path::Path;
use std::process::Command;

use crate::support::{ok, python_has, run};

/// The events as `icalendar` for Python reads them: the ref, the first and the last day or the moment, the status, the alarm, the title.
const READER: &str = "
import sys, icalendar
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
assert calendar['VERSION'] == '2.0' and calendar['PRODID'], calendar
for event in calendar.walk('VEVENT'):
    assert event['DTSTAMP'].dt.utcoffset().total_seconds() == 0
    end = event['DTEND'].dt.isoformat() if 'DTEND' in event else '-'
    alarms = [str(alarm['TRIGGER'].dt) for alarm in event.walk('VALARM')]
    print(event['UID'].split('@')[0], event['DTSTART'].dt.isoformat(), end, event['STATUS'], alarms, event['SUMMARY'], sep='|')
    print('  ' + event['DESCRIPTION'].replace('\\n', ' / '))
";

fn read(folder: &Path, calendar: &str) -> String {
    let mut reader = Command::new("python3");
    reader.args(["-c", READER]).stdin(std::fs::File::open(folder.join(calendar)).unwrap());
    let output = reader.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn sequences(calendar: &str) -> Vec<u64> {
    calendar.lines().filter_map(|line| line.strip_prefix("SEQUENCE:")).map(|number| number.trim().parse().unwrap()).collect()
}

#[test]
fn another_reader_understands_the_calendar() {
    if !python_has("icalendar") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let recip = |args: &[&str]| ok(at, &[&["-f", "l.db"], args].concat());
    recip(&["log", "USA", "RUS", "closure", "3", "--on", "2017-08-31", "--stage", "announced", "--deadline", "2017-09-02", "--ref", "day"]);
    let odd = "Commas, semicolons; \"quotes\"\nand \u{1f3db} a second line, which is so long that it has to be folded: ДИПЛОМАТИЧЕСКАЯ СОБСТВЕННОСТЬ";
    recip(&[
        "log",
        "RUS",
        "USA",
        "seizure",
        "--on",
        "2017-07-10",
        "--stage",
        "threatened",
        "--deadline",
        "2017-08-01T12:00+03:00",
        "--ref",
        "moment",
        "--summary",
        odd,
    ]);
    recip(&[
        "log",
        "RUS",
        "USA",
        "closure",
        "--on",
        "2017-07-10",
        "--stage",
        "threatened",
        "--deadline",
        "2017-08-01",
        "--ref",
        "withdrawn",
    ]);
    recip(&["log", "RUS", "USA", "closure", "--on", "2017-07-10", "--stage", "announced", "--deadline", "2017-08-02", "--ref", "voided"]);
    recip(&["log", "RUS", "USA", "restraint", "--on", "2017-07-20", "--reverses", "withdrawn"]);
    recip(&["void", "voided", "--reason", "a misreading"]);
    recip(&["report", "pending", "--format", "ics", "--alarm", "24h", "-o", "all.ics"]);
    let expected = "\
        withdrawn|2017-08-01|2017-08-02|CANCELLED|[]|Russia -> United States: threat of closure of ? properties\n  \
          Deadline 2017-08-01, withdrawn\n\
        moment|2017-08-01T09:00:00+00:00|-|CONFIRMED|['-1 day, 0:00:00']|Russia -> United States: threat of seizure of ? properties\n  \
          Commas, semicolons; \"quotes\" / and \u{1f3db} a second line, which is so long that it has to be folded: ДИПЛОМАТИЧЕСКАЯ \
          СОБСТВЕННОСТЬ / Deadline 2017-08-01T12:00+03:00, moment\n\
        voided|2017-08-02|2017-08-03|CANCELLED|[]|Russia -> United States: announced closure of ? properties\n  \
          Deadline 2017-08-02, voided\n\
        day|2017-09-02|2017-09-03|CONFIRMED|['-1 day, 0:00:00']|United States -> Russia: announced closure of 3 properties\n  \
          Deadline 2017-09-02, day\n";
    assert_eq!(read(at, "all.ics"), expected);
}

#[test]
fn the_sequence_grows_with_what_happens_to_a_deadline() {
    let folder = tempfile::tempdir().unwrap();
    let recip = |args: &[&str]| ok(folder.path(), &[&["-f", "l.db"], args].concat());
    let calendar = || recip(&["report", "pending", "--format", "ics"]);
    recip(&["log", "USA", "RUS", "closure", "3", "--on", "2017-08-31", "--stage", "announced", "--deadline", "2017-09-02", "--ref", "a"]);
    recip(&["log", "USA", "RUS", "sanction", "--on", "2017-08-31", "--stage", "threatened", "--deadline", "2017-09-03", "--ref", "b"]);
    let mut last = sequences(&calendar());
    assert_eq!(last, [0, 0]);
    for command in [
        &["edit", "a", "--count", "4"][..],
        &["extend", "a", "--deadline", "2017-09-02T08:00Z", "--on", "2017-09-01"],
        &["log", "USA", "RUS", "closure", "4", "--on", "2017-09-02", "--executes", "a", "--ref", "done"],
        &["unlink", "done", "a"],
        &["undo"],
        &["void", "a", "--reason", "a misreading"],
    ] {
        recip(command);
        let now = sequences(&calendar());
        assert!(now[0] > last[0], "{command:?}: {last:?}, then {now:?}");
        assert_eq!(now[1], 0, "{command:?}");
        last = now;
    }
    assert_eq!(calendar().matches("STATUS:CANCELLED").count(), 1);
    assert_eq!(run(folder.path(), &["-f", "l.db", "report", "pending", "--format", "ics", "--excel"]).status.code(), Some(3));
}
