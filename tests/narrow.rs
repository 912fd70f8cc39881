//! On a narrow terminal, no line is wider than the terminal, and no number, date or word is broken.

use std::collections::HashSet;
use std::path::Path;

use crate::support::{cases, ok, recip, some};

const REPORTS: [&str; 26] = [
    "report unanswered",
    "report unanswered --friendly",
    "report unanswered USA RUS --as-of 2017-07-13",
    "report balance",
    "report balance RUS USA --as-of 2017-08-31",
    "report balance RUS USA --quantity trade",
    "report matrix",
    "report pending --passed --as-of 2017-07-13",
    "report changes --since 2016-01-01 --until 2017-12-31",
    "report timeline",
    "report reciprocity",
    "report reciprocity --explain acts-made",
    "report survival",
    "report panel USA RUS --by year",
    "suggest",
    "check",
    "show 1",
    "show 13",
    "chain 1",
    "source list",
    "party list --text korea",
    "party list",
    "kind list",
    "scale list",
    "dispute list",
    "history",
];

fn printed(folder: &Path, report: &str, width: usize) -> String {
    let args: Vec<&str> = report.split(' ').collect();
    let output = recip(folder).args(["-f", "l.db"]).args(args).env("COLUMNS", width.to_string()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn nothing_is_broken_on_a_narrow_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for example in ["us-russia-2016-2017.csv", "skripal-2018.csv"] {
        ok(folder.path(), &["-f", "l.db", "import", examples.join(example).to_str().unwrap()]);
    }
    ok(folder.path(), &["-f", "l.db", "log", "RUS", "USA", "tariff", "2", "--on", "2017-08-01", "--quantity", "trade 34123456 USD"]);
    for report in some(6, REPORTS) {
        let wide = printed(folder.path(), report, 2000);
        let words: HashSet<&str> = wide.split_whitespace().collect();
        for width in [60, 77, 61, 68, 71, 80, 86].into_iter().take(cases(1, 7)) {
            for line in printed(folder.path(), report, width).lines() {
                let columns = line.chars().count();
                assert!(columns <= width || line.split_whitespace().any(|word| word.len() > width / 2), "{report}, {width}: {line}");
                if let Some(word) = line.split_whitespace().find(|word| *word != "…" && !words.contains(word)) {
                    panic!("{report}, {width}: '{word}' is broken: {line}");
                }
            }
        }
    }
    // A list has one line for each act, or one in each part. Its summaries are cut, but neither its parties nor its numbers.
    let (wide, narrow) = (printed(folder.path(), "list", 2000), printed(folder.path(), "list", 60));
    for line in narrow.lines() {
        assert!(line.chars().count() <= 60, "{line}");
    }
    for line in wide.lines().skip(1) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let who = words[2..5].join(" ");
        let number = words[5..].iter().position(|word| word.parse::<u32>().is_ok()).filter(|at| *at < 5).map_or("", |at| words[5 + at]);
        let kept: String = narrow.lines().filter(|line| line.split_whitespace().next() == Some(words[0])).collect();
        assert!(kept.contains(&who) && kept.contains(number), "{line}: {kept}");
    }
}
