//! The laws of merging, on random histories of two and three copies of a ledger.

use std::path::Path;

use proptest::prelude::*;
use recip::Ledger;
use recip::ledger::catalogue::{Kind, Party};
use recip::ledger::check::{Severity, check};
use recip::ledger::merge::{Answers, Choice, Merge};
use recip::ledger::{Author, Correction, Entry};
use recip::model::{Amount, Clock, Details, Relation, Sign};
use recip::render::export::export_jsonl;
use recip::report::{Lens, Selection};
use tempfile::TempDir;

use crate::arithmetic::{FIRST_DAY, assert_sound};
use crate::generated_exchanges::{Move, go_on, grown, moves};
use crate::support::{NOW, config, ok, run};

/// One thing that a person does in a copy. The ledger may refuse it.
#[derive(Debug, Clone)]
enum Act {
    Go(Vec<Move>),
    Text(usize, usize, usize),
    Tag(usize, usize),
    Count(usize, i64),
    Cite(usize, usize, bool),
    Quantity(usize, usize),
    Void(usize),
    Link(usize, usize, Option<i64>),
    Unlink(usize),
    Party(usize),
    Kind(usize),
    Same(usize),
    Undo(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let one = 0..40usize;
    prop_oneof![
        6 => moves().prop_map(|moves| Act::Go(moves.into_iter().take(6).collect())),
        3 => (one.clone(), 0..3usize, 0..3usize).prop_map(|(a, field, text)| Act::Text(a, field, text)),
        2 => (one.clone(), 0..5usize).prop_map(|(a, tag)| Act::Tag(a, tag)),
        1 => (one.clone(), 1..30i64).prop_map(|(a, count)| Act::Count(a, count)),
        4 => (one.clone(), 0..6usize, any::<bool>()).prop_map(|(a, source, remove)| Act::Cite(a, source, remove)),
        1 => (one.clone(), 0..4usize).prop_map(|(a, value)| Act::Quantity(a, value)),
        1 => one.clone().prop_map(Act::Void),
        2 => (one.clone(), one.clone(), prop::option::weighted(0.3, 1..8i64)).prop_map(|(a, b, amount)| Act::Link(a, b, amount)),
        2 => one.clone().prop_map(Act::Unlink),
        1 => (0..4usize).prop_map(Act::Party),
        1 => (0..4usize).prop_map(Act::Kind),
        1 => (0..3usize).prop_map(Act::Same),
        2 => (0..4usize).prop_map(Act::Undo),
    ]
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec(act(), 0..8)
}

fn text(n: usize) -> Option<Option<String>> {
    Some([None, Some("seen".to_owned()), Some("heard".to_owned())][n].clone())
}

/// Does one thing in a copy. `desk` distinguishes what the copies add.
fn perform(ledger: &mut Ledger, act: &Act, desk: i64) {
    let key = |n: &usize| (n + 1).to_string();
    let edit = |ledger: &mut Ledger, n: &usize, correction: Correction| ledger.edit(&key(n), &correction).map(drop);
    let none = Correction::default;
    let _ = match act {
        Act::Go(moves) => {
            go_on(ledger, moves, FIRST_DAY + 400 * desk, false);
            Ok(())
        }
        Act::Text(n, 0, words) => edit(ledger, n, Correction { details: Details { note: text(*words), ..none().details }, ..none() }),
        Act::Text(n, 1, words) => edit(ledger, n, Correction { details: Details { place: text(*words), ..none().details }, ..none() }),
        Act::Text(n, _, words) => edit(ledger, n, Correction { details: Details { summary: text(*words), ..none().details }, ..none() }),
        Act::Tag(n, tag) => {
            let tags = Some(Some(["a", "b", "a, c", "b, d", "e"][*tag].to_owned()));
            edit(ledger, n, Correction { details: Details { tags, ..none().details }, ..none() })
        }
        Act::Count(n, count) => edit(ledger, n, Correction { count: Some(Some(*count).into()), ..none() }),
        Act::Cite(n, source, false) => {
            let sources = vec![format!("https://example.org/{source}").parse().unwrap()];
            edit(ledger, n, Correction { sources, ..none() })
        }
        Act::Cite(n, source, true) => {
            edit(ledger, n, Correction { removed_sources: vec![format!("https://example.org/{source}")], ..none() })
        }
        Act::Quantity(n, value) => {
            edit(ledger, n, Correction { quantities: vec![format!("trade {value}.5 bn USD").parse().unwrap()], ..none() })
        }
        Act::Void(n) => ledger.void(&key(n), "an error").map(drop),
        Act::Link(a, b, covers) => ledger.link(&key(a), Relation::Answers, &key(b), Amount { covers: *covers, spends: None }).map(drop),
        Act::Unlink(n) => {
            let ends = "SELECT action_id, earlier_id FROM link WHERE id >= ? ORDER BY id LIMIT 1";
            match ledger.connection().query_row(ends, [*n as i64], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?))) {
                Ok((later, earlier)) => ledger.unlink(&later.to_string(), &earlier.to_string()).map(drop),
                Err(_) => Ok(()),
            }
        }
        Act::Party(n) => ledger.put_party(&Party {
            code: ["NEWA", "NEWB", "TUR", "FRA"][*n].to_owned(),
            name: ["Newland", "Other Land", "Turkey", "France"][*n].to_owned(),
            r#type: "state".to_owned(),
            since: None,
            until: (desk == 1).then(|| "2020".to_owned()),
            iso2: None,
            cow: None,
            cow_number: None,
            gw: None,
            gw_number: None,
            aliases: format!("Alias {n}|Desk {desk}"),
        }),
        Act::Kind(n) => ledger.put_kind(&Kind {
            name: ["boycott", "embargo", "snub", "parade"][*n].to_owned(),
            unit: "acts".to_owned(),
            sign: Sign::Hostile,
            cameo: None,
            description: (desk == 2).then(|| "seen".to_owned()),
        }),
        // All copies may log the same act.
        Act::Same(n) => {
            let entry = Entry::new("FRA", "RUS", "expulsion", "2019-03-01".parse().unwrap()).count(*n as i64 + 1);
            ledger.log(&entry).map(drop)
        }
        Act::Undo(n) => {
            let last: i64 = ledger.connection().query_row("SELECT max(id) FROM change", [], |r| r.get(0)).unwrap();
            ledger.undo(Some(last - *n as i64)).map(drop)
        }
    };
}

fn open(path: &Path) -> Ledger {
    let mut ledger = Ledger::open(path).unwrap();
    ledger.connection().execute_batch("PRAGMA synchronous = OFF").unwrap();
    ledger.set_clock(Clock::fixed(NOW).unwrap());
    ledger.set_author(Author { who: "tester".to_owned(), command: String::new() });
    ledger
}

/// A copy of a ledger in a file of its own.
fn copy(ledger: &Ledger, folder: &TempDir, name: &str) -> Ledger {
    let path = folder.path().join(name);
    let _ = std::fs::remove_file(&path);
    ledger.connection().backup("main", &path, None::<fn(rusqlite::backup::Progress)>).unwrap();
    open(&path)
}

fn exported(ledger: &Ledger) -> String {
    let mut out = Vec::new();
    export_jsonl(&Lens::new(ledger, &Selection::default()).unwrap(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn prefer(choice: Choice) -> Answers {
    let mut answers = Answers::default();
    answers.prefer = Some(choice);
    answers
}

fn merge(ours: &mut Ledger, theirs: &Ledger) -> Merge {
    ours.merge(theirs, None, &Answers::default()).unwrap()
}

/// True if nothing was asked.
fn quiet(merge: &Merge) -> bool {
    merge.questions.is_empty()
}

fn assert_whole(ledger: &Ledger) {
    assert_sound(ledger);
    let mut findings = check(ledger).unwrap();
    findings.retain(|finding| finding.severity == Severity::Error);
    assert!(findings.is_empty(), "{findings:?}");
}

/// Copies of one ledger, in each of which a desk has worked.
fn desks(folder: &TempDir, begun: &[Move], work: &[&[Act]]) -> Vec<Ledger> {
    let first = grown(begun, false);
    let mut desks = Vec::new();
    for (n, acts) in work.iter().enumerate() {
        let mut desk = copy(&first, folder, &format!("desk-{n}.db"));
        acts.iter().for_each(|act| perform(&mut desk, act, n as i64 + 1));
        desks.push(desk);
    }
    desks
}

/// A ledger with an act, of which two desks have a copy, and the copies.
fn two_desks(folder: &TempDir) -> (Ledger, Ledger) {
    let mut first = Ledger::in_memory().unwrap();
    let act = Entry::new("USA", "RUS", "expulsion", "2016-12-29".parse().unwrap()).count(35);
    first.log(&Entry { reference: Some("ACT".to_owned()), ..act }).unwrap();
    (copy(&first, folder, "a.db"), copy(&first, folder, "b.db"))
}

fn answer(ledger: &mut Ledger, reference: &str) {
    let answer = Entry::new("RUS", "USA", "expulsion", "2017-07-28".parse().unwrap()).count(5);
    let links = vec![recip::ledger::Link::answers("ACT")];
    ledger.log(&Entry { reference: Some(reference.to_owned()), links, ..answer }).unwrap();
}

/// What one desk takes over and then removes is removed at the other one too, although it never saw the row in that copy.
#[test]
fn a_link_that_was_taken_over_and_removed_is_removed_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let (mut a, mut b) = two_desks(&folder);
    answer(&mut b, "ANSWER");
    merge(&mut a, &b);
    a.unlink("ANSWER", "ACT").unwrap();
    assert!(quiet(&merge(&mut b, &a)));
    assert_eq!(exported(&a), exported(&b));
    assert!(!exported(&b).contains(r#""type":"link""#));
}

/// A desk goes on with what another one has taken over from it: there is nothing to ask, and the other one had no part in the old value.
#[test]
fn what_was_taken_over_is_no_work_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let (mut a, mut b) = two_desks(&folder);
    let edit = |ledger: &mut Ledger, tags: Option<&str>, note: Option<&str>| {
        let details = Details { tags: Some(tags.map(str::to_owned)), note: Some(note.map(str::to_owned)), ..Details::default() };
        ledger.edit("ACT", &Correction { details, ..Correction::default() }).unwrap();
    };
    edit(&mut a, Some("spies"), Some("seen"));
    merge(&mut b, &a);
    edit(&mut a, Some("diplomats"), None);
    let differences = b.diff(&a, None).unwrap().differences;
    assert!(differences.iter().all(|difference| difference.side == "theirs"), "{differences:?}");
    assert!(quiet(&merge(&mut b, &a)));
    assert_eq!(exported(&a), exported(&b));
    assert!(exported(&b).contains(r#""tags":"diplomats""#));
}

/// The same, where the other desk has changed the link since: a person decides.
#[test]
fn a_link_that_was_removed_and_changed_is_a_question() {
    let folder = tempfile::tempdir().unwrap();
    let (mut a, mut b) = two_desks(&folder);
    answer(&mut b, "ANSWER");
    merge(&mut a, &b);
    a.unlink("ANSWER", "ACT").unwrap();
    let link = recip::ledger::Link { spec: "ACT:3".parse().unwrap(), ..recip::ledger::Link::answers("ACT") };
    b.edit("ANSWER", &Correction { links: vec![link], ..Correction::default() }).unwrap();
    let asked = merge(&mut a, &b);
    assert!(asked.is_open() && asked.questions.len() == 1, "{:?}", asked.questions);
    assert!(merge(&mut b, &a).is_open());
}

/// An action that one desk removed and the other keeps comes back with what was removed together with it.
#[test]
fn what_is_kept_comes_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (mut first, _) = two_desks(&folder);
    answer(&mut first, "ANSWER");
    let (mut a, mut b) = (copy(&first, &folder, "c.db"), copy(&first, &folder, "d.db"));
    b.undo(None).unwrap();
    let details = Details { place: Some(Some("Moscow".to_owned())), ..Details::default() };
    a.edit("ANSWER", &Correction { details, ..Correction::default() }).unwrap();
    assert!(merge(&mut a, &b).is_open());
    a.merge(&b, None, &prefer(Choice::Ours)).unwrap();
    assert!(quiet(&merge(&mut b, &a)));
    assert_eq!(exported(&a), exported(&b));
    assert!(exported(&b).contains(r#""type":"link""#));
}

/// Two desks decide the same question differently: the next merge asks again.
#[test]
fn two_decisions_are_a_question() {
    let folder = tempfile::tempdir().unwrap();
    let (mut a, mut b) = two_desks(&folder);
    let edit = |ledger: &mut Ledger, place: &str| {
        let details = Details { place: Some(Some(place.to_owned())), ..Details::default() };
        ledger.edit("ACT", &Correction { details, ..Correction::default() }).unwrap();
    };
    edit(&mut a, "Washington");
    edit(&mut b, "Moscow");
    let (a_then, b_then) = (copy(&a, &folder, "a0.db"), copy(&b, &folder, "b0.db"));
    a.merge(&b_then, None, &prefer(Choice::Ours)).unwrap();
    b.merge(&a_then, None, &prefer(Choice::Ours)).unwrap();
    assert!(merge(&mut a, &b).is_open());
    a.merge(&b, None, &prefer(Choice::Theirs)).unwrap();
    assert!(quiet(&merge(&mut b, &a)));
    assert_eq!(exported(&a), exported(&b));
}

/// What a merge does with a file that left as this export, and came back with `from` replaced by `to`.
fn came_back(folder: &Path, format: &str, from: &str, to: &str) -> String {
    let (sent, back) = (format!("sent.{format}"), format!("back.{format}"));
    ok(folder, &["-f", "m.db", "export", format, "-o", &sent]);
    let text = std::fs::read_to_string(folder.join(&sent)).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(folder.join(&back), text.replacen(from, to, 1)).unwrap();
    ok(folder, &["-f", "m.db", "edit", "E1", "--summary", &format!("seen before {format}")]);
    ok(folder, &["-f", "m.db", "merge", &back, "--base", &sent])
}

/// A text file does not say all that the ledger knows of an act: when it was logged stays.
#[test]
fn an_export_that_came_back_changes_an_act_that_was_changed_here_too() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["-f", "m.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29", "--ref", "E1"]);
    let logged = || ok(folder, &["-f", "m.db", "sql", "SELECT logged_at, summary, count, place FROM action", "--format", "csv"]);
    let before = logged();
    assert!(came_back(folder, "csv", ",35,", ",34,").contains("#1 count: 35 -> 34"));
    assert!(came_back(folder, "jsonl", r#""count":34"#, r#""count":33"#).contains("#1 count: 34 -> 33"));
    ok(folder, &["-f", "m.db", "export", "package", "sent"]);
    ok(folder, &["-f", "m.db", "export", "package", "back"]);
    let actions = folder.join("back/actions.csv");
    let text = std::fs::read_to_string(&actions).unwrap();
    std::fs::write(&actions, text.replacen(",33,", ",32,", 1)).unwrap();
    ok(folder, &["-f", "m.db", "edit", "E1", "--summary", "seen"]);
    assert!(ok(folder, &["-f", "m.db", "merge", "back", "--base", "sent"]).contains("#1 count: 33 -> 32"));
    assert_eq!(logged(), before.replace(",,35,", ",seen,32,"));
}

/// A question names every field that its answer decides, and tags are united whatever the answer is.
#[test]
fn a_question_about_two_acts_under_one_ref_names_all_that_it_decides() {
    for (choice, note, count) in [(Choice::Ours, "ours", 35), (Choice::Theirs, "theirs", 36)] {
        let (mut ours, mut theirs) = (Ledger::in_memory().unwrap(), Ledger::in_memory().unwrap());
        for (ledger, count, text, summary, tag) in [(&mut ours, 35, "ours", Some("by us"), "a"), (&mut theirs, 36, "theirs", None, "b")] {
            let act = Entry::new("USA", "RUS", "expulsion", "2016-12-29".parse().unwrap()).count(count);
            let details = Details {
                note: Some(text.to_owned()),
                summary: summary.map(str::to_owned),
                tags: Some(tag.to_owned()),
                ..Details::default()
            };
            ledger.log(&Entry { reference: Some("E1".to_owned()), details, ..act }).unwrap();
        }
        let asked = merge(&mut ours, &theirs);
        let fields: Vec<&str> = asked.questions.iter().map(|question| question.field.as_str()).collect();
        assert_eq!(fields, ["count, note"], "the summary is only here, and is kept");
        assert_eq!(asked.questions[0].theirs.as_deref(), Some("count 36, note theirs"));
        ours.merge(&theirs, None, &prefer(choice)).unwrap();
        let merged = exported(&ours);
        for part in
            [format!(r#""note":"{note}""#), format!(r#""count":{count}"#), r#""tags":"a, b""#.to_owned(), r#""summary":"by us""#.to_owned()]
        {
            assert!(merged.contains(&part), "{choice}: {part}: {merged}");
        }
    }
}

/// If each desk changed another fact of an act, both changes can be kept.
#[test]
fn changes_of_different_facts_can_both_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (mut a, mut b) = two_desks(&folder);
    a.edit("ACT", &Correction { count: Some("20-30".parse().unwrap()), ..Correction::default() }).unwrap();
    b.edit("ACT", &Correction { date: Some("2016-12-30".parse().unwrap()), ..Correction::default() }).unwrap();
    let (mut ba, b_then) = (copy(&b, &folder, "ba.db"), copy(&b, &folder, "b0.db"));
    assert_eq!(merge(&mut a, &b_then).questions[0].choices, "ours theirs base both");
    ba.merge(&a, None, &prefer(Choice::Both)).unwrap();
    a.merge(&b_then, None, &prefer(Choice::Both)).unwrap();
    assert_eq!(exported(&a), exported(&ba));
    assert!(exported(&a).contains(r#""date":"2016-12-30""#) && exported(&a).contains("20-30"), "{}", exported(&a));
    b.edit("ACT", &Correction { count: Some("30".parse().unwrap()), ..Correction::default() }).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (mut a, mut b) = two_desks(&folder);
    for (ledger, count) in [(&mut a, "20"), (&mut b, "30")] {
        ledger.edit("ACT", &Correction { count: Some(count.parse().unwrap()), ..Correction::default() }).unwrap();
    }
    assert_eq!(merge(&mut a, &b).questions[0].choices, "ours theirs base", "one count cannot be both");
}

/// A preferred side also answers what shows only when the rest is written, whichever of the two answers comes first.
#[test]
fn stated_amounts_that_do_not_fit_have_a_preferred_answer() {
    for (choice, ours_on, theirs_on, kept) in [
        (Choice::Ours, "2017-01-01", "2017-01-02", "A"),
        (Choice::Theirs, "2017-01-01", "2017-01-02", "B"),
        (Choice::Ours, "2017-01-02", "2017-01-01", "A"),
        (Choice::Theirs, "2017-01-02", "2017-01-01", "B"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (mut a, mut b) = two_desks(&folder);
        for (ledger, reference, on, count) in [(&mut a, "A", ours_on, 30), (&mut b, "B", theirs_on, 20)] {
            let act = Entry::new("RUS", "USA", "expulsion", on.parse().unwrap()).count(count);
            let spec = format!("ACT:{count}").parse().unwrap();
            let links = vec![recip::ledger::Link { relation: Relation::Answers, spec }];
            ledger.log(&Entry { reference: Some(reference.to_owned()), links, ..act }).unwrap();
        }
        assert!(merge(&mut a, &b).is_open());
        let merged = a.merge(&b, None, &prefer(choice)).unwrap();
        assert!(!merged.is_open() && merged.preferred > 0, "{choice} {ours_on}: {:?}", merged.questions);
        assert_whole(&a);
        let stated = if kept == "A" { 30 } else { 20 };
        let link = format!(r#""action":"{kept}","relation":"answers","earlier":"ACT","stated":{stated}"#);
        assert!(exported(&a).contains(&link), "{choice} {ours_on}: {}", exported(&a));
        assert!(quiet(&merge(&mut b, &a)), "{choice} {ours_on}");
        assert_eq!(exported(&a), exported(&b), "{choice} {ours_on}");
    }
}

/// The answer to a question about amounts decides on facts and amounts. The other fields of the actions are as each desk has them.
#[test]
fn an_answer_about_amounts_leaves_other_fields() {
    let folder = tempfile::tempdir().unwrap();
    let (mut a, _) = two_desks(&folder);
    answer(&mut a, "REPLY");
    let mut b = copy(&a, &folder, "b.db");
    a.unlink("REPLY", "ACT").unwrap();
    a.edit("ACT", &Correction { count: Some(Some(3).into()), ..Correction::default() }).unwrap();
    b.unlink("REPLY", "ACT").unwrap();
    b.link("REPLY", Relation::Answers, "ACT", Amount { covers: Some(5), spends: None }).unwrap();
    let details = Details { note: Some(Some("ours alone".to_owned())), tags: Some(Some("x".to_owned())), ..Correction::default().details };
    b.edit("REPLY", &Correction { details, ..Correction::default() }).unwrap();
    let asked = merge(&mut b, &a);
    assert!(asked.is_open(), "{asked:?}");
    let merged = b.merge(&a, None, &prefer(Choice::Ours)).unwrap();
    assert!(!merged.is_open(), "{:?}", merged.questions);
    assert!(exported(&b).contains(r#""note":"ours alone""#) && exported(&b).contains(r#""tags":"x""#), "{}", exported(&b));
}

/// A third desk learns what a second one decided on the first one's change, although it took that change over unchanged itself.
#[test]
fn a_decision_reaches_a_desk_that_has_taken_over_what_it_is_about() {
    let folder = tempfile::tempdir().unwrap();
    let (mut q, mut t) = two_desks(&folder);
    let mut p = copy(&q, &folder, "p.db");
    q.void("ACT", "wrong").unwrap();
    assert!(quiet(&merge(&mut p, &q)));
    t.edit("ACT", &Correction { count: Some(Some(36).into()), ..Correction::default() }).unwrap();
    assert!(!t.merge(&q, None, &prefer(Choice::Ours)).unwrap().is_open());
    let decided = exported(&t);
    assert!(decided.contains(r#""count":36"#) && !decided.contains("voided"), "{decided}");
    for desk in [&mut p, &mut q] {
        assert!(quiet(&merge(desk, &t)));
        assert_eq!(exported(desk), decided);
    }
    for other in [&p, &q] {
        assert!(quiet(&merge(&mut t, other)));
        assert_eq!(exported(&t), decided);
    }
}

/// Two acts under one ref: each keeps its own time of logging, and the ref of the second is written like the first.
#[test]
fn two_acts_under_one_ref_are_the_same_two_in_both_copies() {
    let folder = tempfile::tempdir().unwrap();
    let (mut a, mut b) = two_desks(&folder);
    for (ledger, kind, now) in [(&mut a, "expulsion", "2026-01-02T12:00:00Z"), (&mut b, "protest", "2026-01-02T11:00:00Z")] {
        ledger.set_clock(Clock::fixed(now).unwrap());
        let act = Entry::new("GBR", "RUS", kind, "2018-03-14".parse().unwrap());
        ledger.log(&Entry { reference: Some("EXP-2018/N1".to_owned()), ..act }).unwrap();
    }
    assert!(!a.merge(&b, None, &prefer(Choice::Both)).unwrap().is_open());
    assert!(quiet(&merge(&mut b, &a)));
    assert!(exported(&a).contains(r#""ref":"EXP-2018/N1-2""#), "{}", exported(&a));
    assert_eq!(exported(&a), exported(&b));
}

#[test]
fn a_merge_says_that_reviews_of_candidates_stay_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let feed = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/gdelt-20170701-english.tsv");
    ok(folder, &["-f", "a.db", "log", "USA", "RUS", "protest", "--on", "2016-01-01"]);
    ok(folder, &["-f", "a.db", "import", "--feed", "gdelt", feed]);
    ok(folder, &["-f", "a.db", "backup", "b.db"]);
    ok(folder, &["-f", "a.db", "log", "USA", "RUS", "summons", "--on", "2016-01-02"]);
    let said = |output: std::process::Output| String::from_utf8(output.stderr).unwrap();
    assert_eq!(said(run(folder, &["-f", "b.db", "merge", "a.db"])), "");
    ok(folder, &["-f", "a.db", "confirm", "2"]);
    let note = "note: reviews of candidates are not merged: 'recip candidates merge' joins a candidate that was confirmed there with its action here\n";
    assert_eq!(said(run(folder, &["-f", "b.db", "merge", "a.db"])), note);
    ok(folder, &["-f", "b.db", "candidates", "merge", "2", "3"]);
}

proptest! {
    #![proptest_config(config(4))]

    /// Who merges whom does not matter, merging twice is merging once, and the merged copies have nothing more to tell each other.
    #[test]
    fn two_copies(begun in moves(), a in acts(), b in acts()) {
        let folder = tempfile::tempdir().unwrap();
        let desks = desks(&folder, &begun, &[&a, &b]);
        let (mut ab, mut ba) = (copy(&desks[0], &folder, "ab.db"), copy(&desks[1], &folder, "ba.db"));
        let before = exported(&ab);
        let (first, second) = (merge(&mut ab, &desks[1]), merge(&mut ba, &desks[0]));
        prop_assert_eq!(quiet(&first), quiet(&second), "{:?} / {:?}", first.questions, second.questions);
        if quiet(&first) {
            prop_assert_eq!(exported(&ab), exported(&ba));
        } else {
            prop_assert_eq!(exported(&ab), before, "questions were open, and yet something was written");
            // With every answer of one desk, the other takes them over without a question.
            let merged = ab.merge(&desks[1], None, &prefer(Choice::Ours));
            let Ok(merged) = merged else { return Ok(()) };
            prop_assume!(!merged.is_open());
            let refused = merged.questions.iter().any(|question| question.field.contains(", ") && question.field.starts_with(['r', 's']));
            let taken = merge(&mut ba, &ab);
            prop_assert!(quiet(&taken) || refused, "{:?}", taken.questions);
            if !refused {
                prop_assert_eq!(exported(&ab), exported(&ba));
            }
        }
        assert_whole(&ab);
        assert_whole(&ba);
        let again = merge(&mut ab, &desks[1]);
        prop_assert!(quiet(&again) && again.change.is_none());
        let same = copy(&ab, &folder, "same.db");
        let same = merge(&mut ab, &same);
        prop_assert!(quiet(&same) && same.change.is_none());
    }

    /// Three copies agree in any order, if nothing is asked.
    #[test]
    fn three_copies(begun in moves(), a in acts(), b in acts(), c in acts()) {
        let folder = tempfile::tempdir().unwrap();
        let desks = desks(&folder, &begun, &[&a, &b, &c]);
        let mut results = Vec::new();
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let mut one = copy(&desks[order[0]], &folder, "one.db");
            let first = merge(&mut one, &desks[order[1]]);
            let second = merge(&mut one, &desks[order[2]]);
            prop_assume!(quiet(&first) && quiet(&second));
            assert_whole(&one);
            results.push(exported(&one));
        }
        let mut bc = copy(&desks[1], &folder, "bc.db");
        let mut one = copy(&desks[0], &folder, "one.db");
        prop_assume!(quiet(&merge(&mut bc, &desks[2])) && quiet(&merge(&mut one, &bc)));
        results.push(exported(&one));
        for result in &results[1..] {
            prop_assert_eq!(result, &results[0]);
        }
    }

    /// One copy knows the first part of another's work, and a third knows all of it: what was changed again, taken back or undone in the
    /// second part does not return by way of the first copy.
    #[test]
    fn what_was_taken_back_does_not_return(begun in moves(), first in acts(), then in acts()) {
        let folder = tempfile::tempdir().unwrap();
        let [mut q, mut p, mut t]: [Ledger; 3] = desks(&folder, &begun, &[&first, &[], &[]]).try_into().unwrap();
        prop_assume!(quiet(&merge(&mut t, &q)));
        then.iter().for_each(|act| perform(&mut q, act, 1));
        prop_assume!(quiet(&merge(&mut p, &q)));
        let known = exported(&p);
        let nothing = merge(&mut p, &t);
        prop_assert!(quiet(&nothing), "{:?}", nothing.questions);
        prop_assert_eq!(exported(&p), known.clone());
        let caught_up = merge(&mut t, &p);
        prop_assert!(quiet(&caught_up), "{:?}", caught_up.questions);
        prop_assert_eq!(exported(&t), known.clone());
        merge(&mut q, &p);
        prop_assert_eq!(exported(&q), known);
    }

    /// An undo of a merge restores what the ledger had, and the merge can be made again.
    #[test]
    fn undone(begun in moves(), a in acts(), b in acts()) {
        let folder = tempfile::tempdir().unwrap();
        let mut desks = desks(&folder, &begun, &[&a, &b]);
        let theirs = desks.pop().unwrap();
        let mut ours = desks.pop().unwrap();
        let before = exported(&ours);
        let merged = ours.merge(&theirs, None, &prefer(Choice::Theirs));
        let Ok(merged) = merged else { return Ok(()) };
        prop_assume!(merged.change.is_some());
        let after = exported(&ours);
        ours.undo(None).unwrap();
        prop_assert_eq!(exported(&ours), before);
        assert_whole(&ours);
        let again = ours.merge(&theirs, None, &prefer(Choice::Theirs)).unwrap();
        prop_assert!(!again.is_open());
        prop_assert_eq!(exported(&ours), after);
    }

    /// Two copies merge each other, work on, and merge each other again: only what is new is compared.
    #[test]
    fn criss_cross(begun in moves(), a in acts(), b in acts(), more in acts()) {
        let folder = tempfile::tempdir().unwrap();
        let desks = desks(&folder, &begun, &[&a, &b]);
        let (mut ab, mut ba) = (copy(&desks[0], &folder, "ab.db"), copy(&desks[1], &folder, "ba.db"));
        prop_assume!(quiet(&merge(&mut ab, &desks[1])) && quiet(&merge(&mut ba, &desks[0])));
        // An undo of the merge itself would make the other copy's changes unknown again.
        more.iter().filter(|act| !matches!(act, Act::Undo(_))).for_each(|act| perform(&mut ab, act, 3));
        let back = merge(&mut ba, &ab);
        prop_assert!(quiet(&back), "{:?}", back.questions);
        prop_assert_eq!(exported(&ab), exported(&ba));
        let forth = merge(&mut ab, &ba);
        prop_assert!(quiet(&forth) && forth.change.is_none());
    }
}
