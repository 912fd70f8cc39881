//! Actions that are logged at once: they settle as if they had been logged one by one, and answers in kind leave nothing open.

use proptest::prelude::*;
use recip::Ledger;
use recip::ledger::check::{Severity, check};
use recip::ledger::{Entry, Link};
use recip::model::{Date, Day, Sign};
use recip::report::answers::{AnswerTerms, answers};
use recip::report::balance::group_balance;
use recip::report::{Lens, Pair, Selection, balance, collect, unanswered};

use crate::generated_exchanges::{grown, moves};
use crate::support::config;

/// Later than every act of a generated ledger.
const DAY: &str = "2019-07-01";

/// What each action counts and what is open of it.
fn amounts(ledger: &Ledger) -> Vec<(String, i64, i64)> {
    let mut actions = ledger.connection().prepare("SELECT ref, stands, open FROM action ORDER BY ref").unwrap();
    actions.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap().map(Result::unwrap).collect()
}

fn open_against(ledger: &Ledger, party: &str, day: Day) -> Vec<unanswered::Unanswered> {
    let selection = Selection { target: Some(party.to_owned()), as_of: Some(day), ..Selection::default() };
    let lens = Lens::new(ledger, &selection).unwrap();
    collect(|each| unanswered::read(&lens, Sign::Hostile, each)).unwrap()
}

fn errors(ledger: &Ledger) -> Vec<String> {
    let findings = check(ledger).unwrap();
    findings.into_iter().filter(|f| f.severity == Severity::Error).map(|f| format!("{f:?}")).collect()
}

fn between(a: &str, b: &str) -> Selection {
    Selection { pair: Some(Pair::Both(a.to_owned(), b.to_owned())), as_of: Some(DAY.parse().unwrap()), ..Selection::default() }
}

/// The acts of one kind from one side against the other: their number, and the sums of what stands and is open of those with a count. What
/// an act only renews counts for nothing.
fn sums(ledger: &Ledger, kind: &str, actors: &str, targets: &str) -> (i64, i64, i64) {
    let select = format!(
        "SELECT count(*), coalesce(sum(CASE WHEN count IS NOT NULL THEN adds END), 0), coalesce(sum(CASE WHEN count IS NOT NULL THEN open END), 0)
         FROM (SELECT count, open,
             stands - coalesce((SELECT amount FROM renewal_amount r WHERE r.id = a.id), 0) AS adds
           FROM action a WHERE kind = '{kind}' AND actor IN ({actors}) AND target IN ({targets}) AND stage <> 'threatened')
         WHERE adds > 0"
    );
    ledger.connection().query_row(&select, [], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap()
}

proptest! {
    #![proptest_config(config(6))]

    #[test]
    fn answers_in_kind_leave_nothing_open(moves in moves(), party in prop::sample::select(vec!["RUS", "USA", "EU", "GBR"])) {
        let mut ledger = grown(&moves, false);
        let date: Date = DAY.parse().unwrap();
        let claims = open_against(&ledger, party, date.latest());
        let entries: Vec<Entry> = answers(claims.clone(), &AnswerTerms::default()).iter().map(|answer| answer.entry(&date)).collect();
        let logged = ledger.log_all(&entries).unwrap();
        prop_assert_eq!(logged.iter().map(|one| one.settlement.settled.len()).sum::<usize>(), claims.len());
        prop_assert!(logged.iter().all(|one| one.action.open == 0), "an answer exceeds what was open");
        prop_assert_eq!(open_against(&ledger, party, date.latest()), vec![]);
        prop_assert_eq!(errors(&ledger), Vec::<String>::new());
    }

    #[test]
    fn a_list_settles_as_its_parties_one_by_one(moves in moves(), counts in prop::collection::vec(prop::option::of(1..30i64), 4)) {
        let (mut together, mut singly) = (grown(&moves, false), grown(&moves, false));
        let mut list = Entry::new("USA,GBR,DEU,EU", "RUS", "expulsion", DAY.parse().unwrap());
        list.links = open_against(&together, "USA", list.date.latest()).iter().chain(&open_against(&together, "EU", list.date.latest()))
            .filter(|claim| claim.actor == "RUS").map(|claim| Link::answers(&claim.reference)).collect();
        let mut entries = list.for_each_party(together.connection(), None).unwrap();
        for (entry, count) in entries.iter_mut().zip(counts) {
            entry.count = count.into();
        }
        together.log_all(&entries).unwrap();
        for entry in entries.iter().rev() {
            singly.log(entry).unwrap();
        }
        prop_assert_eq!(amounts(&together), amounts(&singly));
        prop_assert_eq!(errors(&together), Vec::<String>::new());
    }

    #[test]
    fn a_group_has_what_its_pairs_have(moves in moves()) {
        let ledger = grown(&moves, false);
        let group = between("USA,EU,GBR", "RUS");
        let lens = Lens::new(&ledger, &group).unwrap();
        let rows = collect(|each| balance::read(&lens, each)).unwrap();
        for row in group_balance(lens.sides(), &rows).unwrap().rows {
            let (of_group, of_russia) = ("'USA', 'EU', 'GBR'", "'RUS'");
            let (a, b) = (sums(&ledger, &row.kind, of_group, of_russia), sums(&ledger, &row.kind, of_russia, of_group));
            prop_assert_eq!((row.a_actions, row.a_count.unwrap_or(0), row.a_open.unwrap_or(0)), a);
            prop_assert_eq!((row.b_actions, row.b_count.unwrap_or(0), row.b_open.unwrap_or(0)), b);
        }
        drop(lens);
        let mut of_pairs: Vec<i64> = Vec::new();
        for party in ["USA", "EU", "GBR"] {
            of_pairs.extend(unanswered::rows(&ledger, &between(party, "RUS")).unwrap().iter().map(|row| row.id));
        }
        let mut of_group: Vec<i64> = unanswered::rows(&ledger, &group).unwrap().iter().map(|row| row.id).collect();
        of_pairs.sort_unstable();
        of_group.sort_unstable();
        prop_assert_eq!(of_group, of_pairs);
    }
}
