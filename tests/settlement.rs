//! On random ledgers, settlement agrees with a plain computation, and the same facts give the same ledger, whatever the order and the
//! way in which they are entered.

use std::collections::BTreeMap;
use std::fmt;

use proptest::prelude::*;
use recip::Ledger;
use recip::ledger::check::{Severity, check};
use recip::ledger::{Correction, Entry};
use recip::model::{Amount, Clock, Day, Details, LinkSpec, Relation, Sign, Stage};
use recip::read::{ReadOptions, import};
use recip::render::export::export_jsonl;
use recip::report::{Lens, Selection, balance, pending, unanswered};
use rusqlite::params;
use serde_json::{Value, json};

use crate::plain_settlement::{Act, Left, Link, Settled, settle};
use crate::support::{NOW, config};

// ------------------------------------------------------------------------------------------- random facts ----

/// The pairs of actor and target of a ledger. There are few, so that many links between the acts are valid.
const THEATRES: [&[(&str, &str)]; 4] = [
    &[("USA", "RUS"), ("RUS", "USA")],
    &[("EU", "RUS"), ("RUS", "EU"), ("GBR", "RUS"), ("RUS", "GBR")],
    &[("EU", "RUS"), ("RUS", "EU"), ("RUS", "FRA"), ("GBR", "RUS"), ("FRA", "RUS"), ("USA", "RUS"), ("RUS", "USA")],
    &[("EU", "USA"), ("USA", "EU"), ("USA", "FRA"), ("GBR", "USA"), ("GBR", "FRA"), ("FRA", "GBR"), ("EU", "FRA")],
];
/// The kinds of act in a ledger: hostile acts in one unit or in three, friendly acts (an easing counts measures, like a sanction), and the
/// neutral restraint.
const PALETTES: [&[&str]; 4] = [
    &["expulsion", "expulsion", "staff-cut", "restraint"],
    &["expulsion", "staff-cut", "seizure", "restraint"],
    &["sanction", "easing", "return", "easing", "restraint"],
    &["expulsion", "staff-cut", "seizure", "sanction", "easing", "return", "meeting", "restraint", "restraint"],
];
/// 2016-01-01, when the United Kingdom was a member of the EU, and the day on which it left.
const AROUND: [i64; 2] = [16_801, 18_292];
/// The last day on which the United Kingdom was a member of the EU.
const GBR_LEAVES: i64 = 18_292;
/// The first parts of refs. Refs are not in the order of entry; they are compared byte by byte.
const STEMS: [&str; 4] = ["b", "a", "a-", "c"];

/// An act to be entered.
#[derive(Debug, Clone)]
struct Planned {
    stem: usize,
    pair: usize,
    kind: usize,
    count: Option<i64>,
    stage: Stage,
    day: i64,
    precision: usize,
}

/// The type of a link to be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Answer,
    Waiver,
    Reversal,
    ReversedWaiver,
    Execution,
    Extension,
    Renewal,
}

/// A link to be tried, between the `which`-th of the pairs of acts that can have such a link or, if `any` is set, of all pairs.
#[derive(Debug, Clone)]
struct Tried {
    sort: Sort,
    any: bool,
    which: usize,
    stated: Option<i64>,
    stated_spends: Option<i64>,
}

/// Acts and links to be tried. The ledger refuses some of the links.
#[derive(Clone)]
struct Plan {
    around: i64,
    theatre: &'static [(&'static str, &'static str)],
    palette: &'static [&'static str],
    acts: Vec<Planned>,
    links: Vec<Tried>,
}

fn planned() -> impl Strategy<Value = Planned> {
    let count = prop_oneof![2 => Just(None), 6 => (1..9i64).prop_map(Some), 3 => (1..60i64).prop_map(Some)];
    let stage = prop_oneof![1 => Just(Stage::Threatened), 4 => Just(Stage::Announced), 6 => Just(Stage::Done)];
    let day = prop_oneof![3 => -60..60i64, 2 => (0..4i64).prop_map(|n| n * 10)];
    (0..STEMS.len(), 0..100usize, 0..100usize, count, stage, day, 0..12usize)
        .prop_map(|(stem, pair, kind, count, stage, day, precision)| Planned { stem, pair, kind, count, stage, day, precision })
}

fn tried() -> impl Strategy<Value = Tried> {
    let sort = prop_oneof![
        7 => Just(Sort::Answer),
        3 => Just(Sort::Waiver),
        1 => Just(Sort::Reversal),
        2 => Just(Sort::ReversedWaiver),
        5 => Just(Sort::Execution),
        2 => Just(Sort::Extension),
        3 => Just(Sort::Renewal),
    ];
    let stated = prop_oneof![4 => Just(None), 4 => (1..4i64).prop_map(Some), 1 => (1..40i64).prop_map(Some)];
    let spends = prop_oneof![3 => Just(None), 3 => (0..4i64).prop_map(Some)];
    (sort, prop::bool::weighted(0.1), 0..1000usize, stated, spends).prop_map(|(sort, any, which, stated, spends)| Tried {
        sort,
        any,
        which,
        stated: stated.filter(|_| matches!(sort, Sort::Answer | Sort::Reversal)),
        stated_spends: spends.filter(|_| sort == Sort::Answer && stated.is_some()),
    })
}

fn plan() -> impl Strategy<Value = Plan> {
    let theatre = (prop::sample::select(&AROUND[..]), prop::sample::select(&THEATRES[..]), prop::sample::select(&PALETTES[..]));
    (theatre, prop::collection::vec(planned(), 4..15), prop::collection::vec(tried(), 2..24))
        .prop_map(|((around, theatre, palette), acts, links)| Plan { around, theatre, palette, acts, links })
}

/// A random order of up to 40 items, which are sorted by these numbers.
fn order() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(any::<u32>(), 40)
}

fn in_order<T>(things: &[T], order: &[u32]) -> Vec<usize> {
    let mut all: Vec<usize> = (0..things.len()).collect();
    all.sort_by_key(|&n| order.get(n));
    all
}

// -------------------------------------------------------------------------------------- facts and ledgers ----

/// An action as in the table.
#[derive(Debug, Clone)]
struct Action {
    reference: String,
    date: String,
    day: i64,
    actor: String,
    target: String,
    kind: String,
    count: Option<i64>,
    stage: Stage,
    deadline: Option<String>,
    voided: Option<String>,
}

/// A link as in the table, with the refs of its two actions.
#[derive(Debug, Clone)]
struct Bond {
    later: String,
    relation: Relation,
    earlier: String,
    stated: Option<i64>,
    stated_spends: Option<i64>,
}

/// The facts of a ledger: its actions and links.
#[derive(Debug, Clone)]
struct Facts {
    actions: Vec<Action>,
    links: Vec<Bond>,
}

/// A link from one ref to another.
const INSERT_LINK: &str = "INSERT INTO link (action_id, relation, earlier_id, stated, stated_spends)
    SELECT b.id, ?, a.id, ?, ? FROM action b JOIN action a WHERE b.ref = ? AND a.ref = ?";

fn empty() -> Ledger {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.set_clock(Clock::fixed(NOW).unwrap());
    ledger
}

fn entry(action: &Action) -> Entry {
    let entry = Entry::new(&action.actor, &action.target, &action.kind, action.date.parse().unwrap()).stage(action.stage);
    let details = Details { deadline: action.deadline.clone(), ..Details::default() };
    Entry { count: action.count.into(), details, reference: Some(action.reference.clone()), ..entry }
}

fn link(ledger: &mut Ledger, bond: &Bond) -> recip::Result<()> {
    let amount = Amount { covers: bond.stated, spends: bond.stated_spends };
    ledger.link(&bond.later, bond.relation, &bond.earlier, amount).map(drop)
}

/// Prints the plan as readable lines, one for each action and each link.
impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for a in (0..self.acts.len()).map(|n| self.action(n)) {
            write!(f, "\n  {} {}: {} -> {} {} {:?} {}", a.reference, a.date, a.actor, a.target, a.kind, a.count, a.stage)?;
        }
        for l in self.bonds() {
            write!(f, "\n  {} {} {} stated {:?} spends {:?}", l.later, l.relation, l.earlier, l.stated, l.stated_spends)?;
        }
        writeln!(f)
    }
}

impl Plan {
    fn action(&self, n: usize) -> Action {
        let planned = &self.acts[n];
        let day = Day(self.around + planned.day).iso();
        let date = match planned.precision {
            0 => &day[..4],
            1 | 2 => &day[..7],
            _ => &day,
        };
        Action {
            reference: format!("{}{n}", STEMS[planned.stem]),
            date: date.to_owned(),
            day: date.parse::<recip::model::Date>().unwrap().earliest().0,
            actor: self.theatre[planned.pair % self.theatre.len()].0.to_owned(),
            target: self.theatre[planned.pair % self.theatre.len()].1.to_owned(),
            kind: self.palette[planned.kind % self.palette.len()].to_owned(),
            count: planned.count,
            stage: planned.stage,
            deadline: planned.precision.is_multiple_of(2).then(|| Day(self.around + planned.day + 30).iso()),
            voided: None,
        }
    }

    /// The links to be tried. Few of them are certain to be refused.
    fn bonds(&self) -> Vec<Bond> {
        let actions: Vec<Action> = (0..self.acts.len()).map(|n| self.action(n)).collect();
        let pairs: Vec<(&Action, &Action)> =
            actions.iter().flat_map(|b| actions.iter().map(move |a| (b, a))).filter(|(b, a)| b.reference != a.reference).collect();
        let near = |a: &str, b: &str| a == b || [a, b].iter().all(|party| ["EU", "GBR", "FRA"].contains(party));
        let facing = |b: &Action, a: &Action| near(&b.target, &a.actor) && near(&b.actor, &a.target);
        let own = |b: &Action, a: &Action| b.actor == a.actor && b.target == a.target;
        let can = |sort: Sort, b: &Action, a: &Action| match sort {
            Sort::Answer => facing(b, a) && b.kind != "restraint" && a.kind != "restraint",
            Sort::Waiver => facing(b, a) && b.kind == "restraint" && a.kind != "restraint",
            Sort::Reversal => own(b, a) && a.kind != "restraint",
            Sort::ReversedWaiver => own(b, a) && a.kind == "restraint",
            Sort::Extension => own(b, a) && (a.stage != Stage::Done || a.deadline.is_some()),
            Sort::Renewal => own(b, a) && a.stage != Stage::Threatened && b.kind == a.kind,
            Sort::Execution => own(b, a) && b.stage > a.stage && (b.kind == a.kind || a.stage == Stage::Threatened),
        };
        let mut bonds = Vec::new();
        for tried in &self.links {
            let mut able = pairs.clone();
            able.retain(|(b, a)| tried.any || (b.day >= a.day && can(tried.sort, b, a)));
            if let Some((later, earlier)) = able.get(tried.which % able.len().max(1)) {
                bonds.push(Bond {
                    later: later.reference.clone(),
                    relation: match tried.sort {
                        Sort::Answer => Relation::Answers,
                        Sort::Waiver => Relation::Waives,
                        Sort::Reversal | Sort::ReversedWaiver => Relation::Reverses,
                        Sort::Execution => Relation::Executes,
                        Sort::Extension => Relation::Extends,
                        Sort::Renewal => Relation::Renews,
                    },
                    earlier: earlier.reference.clone(),
                    stated: tried.stated,
                    stated_spends: tried.stated_spends,
                });
            }
        }
        bonds
    }

    /// Enters the plan, except for the links that the ledger refuses.
    fn enter(&self) -> Ledger {
        let mut ledger = empty();
        for n in 0..self.acts.len() {
            ledger.log(&entry(&self.action(n))).unwrap();
        }
        for bond in &self.bonds() {
            let _ = link(&mut ledger, bond);
        }
        ledger
    }

    /// Enters the plan and voids some of the actions.
    fn enter_and_void(&self, voided: &[usize]) -> Ledger {
        let mut ledger = self.enter();
        for n in voided {
            // This is refused only if the action is voided already.
            let _ = ledger.void(&self.action(n % self.acts.len()).reference, "entered in error");
        }
        ledger
    }
}

impl Facts {
    fn of(ledger: &Ledger) -> Facts {
        let conn = ledger.connection();
        let mut actions =
            conn.prepare("SELECT ref, date, day, actor, target, kind, count, stage, deadline, voided FROM action ORDER BY id").unwrap();
        let action = |r: &rusqlite::Row<'_>| {
            Ok(Action {
                reference: r.get(0)?,
                date: r.get(1)?,
                day: r.get(2)?,
                actor: r.get(3)?,
                target: r.get(4)?,
                kind: r.get(5)?,
                count: r.get(6)?,
                stage: r.get(7)?,
                deadline: r.get(8)?,
                voided: r.get(9)?,
            })
        };
        let mut links = conn
            .prepare(
                "SELECT b.ref, l.relation, a.ref, l.stated, l.stated_spends
                 FROM link l JOIN action b ON b.id = l.action_id JOIN action a ON a.id = l.earlier_id ORDER BY l.id",
            )
            .unwrap();
        let bond = |r: &rusqlite::Row<'_>| {
            Ok(Bond { later: r.get(0)?, relation: r.get(1)?, earlier: r.get(2)?, stated: r.get(3)?, stated_spends: r.get(4)? })
        };
        Facts {
            actions: actions.query_map([], action).unwrap().map(Result::unwrap).collect(),
            links: links.query_map([], bond).unwrap().map(Result::unwrap).collect(),
        }
    }

    /// The actions that `keep` selects, with the links between them.
    fn only(&self, keep: impl Fn(&Action) -> bool) -> Facts {
        let actions: Vec<Action> = self.actions.iter().filter(|a| keep(a)).cloned().collect();
        let kept = |reference: &str| actions.iter().any(|a| a.reference == reference);
        let links = self.links.iter().filter(|l| kept(&l.later) && kept(&l.earlier)).cloned().collect();
        Facts { actions, links }
    }

    /// A ledger into which the facts are entered in this order. Links that are refused are tried again until all are entered.
    fn enter(&self, order: &[u32]) -> Result<Ledger, String> {
        let mut ledger = empty();
        for n in in_order(&self.actions, order) {
            ledger.log(&entry(&self.actions[n])).map_err(|e| e.to_string())?;
        }
        self.link_all(order, |bond| link(&mut ledger, bond).map_err(|e| e.to_string()))?;
        for action in &self.actions {
            if let Some(reason) = &action.voided {
                ledger.void(&action.reference, reason).map_err(|e| e.to_string())?;
            }
        }
        Ok(ledger)
    }

    /// The same with SQL only, as another client would write it.
    fn insert(&self, order: &[u32]) -> Result<Ledger, String> {
        let ledger = empty();
        let conn = ledger.connection();
        let action =
            "INSERT INTO action (ref, date, actor, target, kind, count, stage, deadline, logged_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        for n in in_order(&self.actions, order) {
            let a = &self.actions[n];
            conn.execute(action, params![a.reference, a.date, a.actor, a.target, a.kind, a.count, a.stage, a.deadline, NOW])
                .map_err(|e| e.to_string())?;
        }
        self.link_all(order, |l| {
            conn.execute(INSERT_LINK, params![l.relation, l.stated, l.stated_spends, l.later, l.earlier])
                .map(drop)
                .map_err(|e| e.to_string())
        })?;
        for action in self.actions.iter().filter(|a| a.voided.is_some()) {
            conn.execute("UPDATE action SET voided = ? WHERE ref = ?", params![action.voided, action.reference])
                .map_err(|e| e.to_string())?;
        }
        Ok(ledger)
    }

    /// Enters all links. A link that is refused may be accepted later, because its stated amount may fit only after another link is entered.
    fn link_all(&self, order: &[u32], mut link: impl FnMut(&Bond) -> Result<(), String>) -> Result<(), String> {
        let mut waiting = in_order(&self.links, order);
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut why = String::new();
            waiting.retain(|&n| link(&self.links[n]).inspect_err(|e| why.clone_from(e)).is_err());
            if waiting.len() == before {
                return Err(why);
            }
        }
        Ok(())
    }

    /// The results of the plain computation.
    fn plain(&self, ledger: &Ledger) -> (Vec<Left>, Vec<Settled>) {
        let kind = |name: &str| -> (String, Sign) {
            let select = "SELECT unit, sign FROM kind WHERE name = ?";
            ledger.connection().query_row(select, [name], |r| Ok((r.get(0)?, r.get(1)?))).unwrap()
        };
        let act = |a: &Action| {
            let (unit, sign) = kind(&a.kind);
            Act {
                reference: a.reference.clone(),
                day: a.day,
                actor: a.actor.clone(),
                target: a.target.clone(),
                unit,
                sign,
                count: a.count,
                stage: a.stage,
                voided: a.voided.is_some(),
            }
        };
        let acts: Vec<Act> = self.actions.iter().map(act).collect();
        let place = |reference: &str| acts.iter().position(|a| a.reference == reference).unwrap();
        let links: Vec<Link> = self
            .links
            .iter()
            .map(|l| Link {
                later: place(&l.later),
                relation: l.relation,
                earlier: place(&l.earlier),
                stated: l.stated,
                stated_spends: l.stated_spends,
            })
            .collect();
        settle(&acts, &links, |party, whole, day| whole == "EU" && (party == "FRA" || (party == "GBR" && day <= GBR_LEAVES)))
    }

    /// True if every stated amount finds enough to settle.
    fn all_fit(&self, ledger: &Ledger) -> bool {
        self.plain(ledger).1.iter().all(|settled| settled.fits)
    }

    /// The results of the plain computation, in the format of [`derived`].
    fn plain_lines(&self, ledger: &Ledger) -> Vec<String> {
        let (left, settled) = self.plain(ledger);
        let mut lines = Vec::new();
        for (a, left) in self.actions.iter().zip(left) {
            lines.push(format!("{}: stands {}, open {}", a.reference, left.stands, left.open));
        }
        for (l, s) in self.links.iter().zip(settled) {
            lines.push(format!(
                "{} {} {}: day {}, covers {}, spends {}, takes {}, reinstated {}, fits {}",
                l.later, l.relation, l.earlier, s.day, s.covers, s.spends, s.takes, s.reinstated, s.fits
            ));
        }
        lines.sort();
        lines
    }
}

/// The derived values of the ledger, by ref.
fn derived(ledger: &Ledger) -> Vec<String> {
    let mut lines = Vec::new();
    for select in [
        "SELECT format('%s: stands %d, open %d', ref, stands, open) FROM action",
        "SELECT format('%s %s %s: day %s, covers %d, spends %d, takes %d, reinstated %d, fits %s', b.ref, l.relation, a.ref,
           coalesce(l.day, 'NULL'), l.covers, l.spends, l.takes, l.reinstated, iif(l.unmet = 0, 'true', 'false'))
         FROM link l JOIN action b ON b.id = l.action_id JOIN action a ON a.id = l.earlier_id",
    ] {
        let mut select = ledger.connection().prepare(select).unwrap();
        lines.extend(select.query_map([], |r| r.get::<_, String>(0)).unwrap().map(Result::unwrap));
    }
    lines.sort();
    lines
}

/// The same, with the day of each action's latest posting and the unmet amount of each link.
fn all_derived(ledger: &Ledger) -> Vec<String> {
    let mut lines = derived(ledger);
    for select in [
        "SELECT format('%s: posted on %d', ref, posted_day) FROM action ORDER BY ref",
        "SELECT format('%s %s %s: unmet %d', b.ref, l.relation, a.ref, l.unmet)
         FROM link l JOIN action b ON b.id = l.action_id JOIN action a ON a.id = l.earlier_id ORDER BY b.ref, a.ref, l.relation",
    ] {
        let mut select = ledger.connection().prepare(select).unwrap();
        lines.extend(select.query_map([], |r| r.get::<_, String>(0)).unwrap().map(Result::unwrap));
    }
    lines
}

fn export(ledger: &Ledger) -> String {
    let lens = Lens::new(ledger, &Selection { all_days: true, ..Selection::default() }).unwrap();
    let mut out = Vec::new();
    export_jsonl(&lens, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Imports these lines into a ledger, from a file.
fn import_lines(ledger: &mut Ledger, lines: &[&str]) -> recip::Result<()> {
    import_into([ledger], lines).swap_remove(0)
}

/// Imports these lines from the same file into each of the ledgers.
fn import_into<'l>(ledgers: impl IntoIterator<Item = &'l mut Ledger>, lines: &[&str]) -> Vec<recip::Result<()>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("facts.jsonl");
    std::fs::write(&file, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    ledgers
        .into_iter()
        .map(|ledger| import(ledger, std::slice::from_ref(&file), &ReadOptions::default(), &mut |_, _| ()).map(drop))
        .collect()
}

fn imported(text: &str) -> recip::Result<Ledger> {
    let mut ledger = empty();
    import_lines(&mut ledger, &text.lines().collect::<Vec<_>>())?;
    Ok(ledger)
}

/// Broken rules and errors, according to the view `link_breach` and to `check`.
fn wrong(ledger: &Ledger) -> Vec<String> {
    let breaches = "SELECT format('link %d: %s', link_id, rule) FROM link_breach";
    let mut select = ledger.connection().prepare(breaches).unwrap();
    let mut wrong: Vec<String> = select.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    let findings = check(ledger).unwrap();
    wrong.extend(findings.iter().filter(|f| f.severity == Severity::Error).map(|f| format!("{f:?}")));
    wrong
}

/// The reports as of a day, without ids.
fn reports(ledger: &Ledger, day: Day) -> BTreeMap<&'static str, Vec<String>> {
    let selection = Selection { as_of: Some(day), ..Selection::default() };
    let lens = Lens::new(ledger, &selection).unwrap();
    let mut open = Vec::new();
    for sign in [Sign::Hostile, Sign::Friendly] {
        unanswered::read(&lens, sign, |row| {
            open.push(format!("{:?}", unanswered::Unanswered { id: 0, ..row }));
            Ok(())
        })
        .unwrap();
    }
    drop(lens);
    let pending = pending::rows(ledger, &selection).unwrap();
    BTreeMap::from([
        ("unanswered", open),
        ("balance", balance::rows(ledger, &selection).unwrap().iter().map(|row| format!("{row:?}")).collect()),
        ("pending", pending.into_iter().map(|row| format!("{:?}", pending::Pending { id: 0, ..row })).collect()),
    ])
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn the_ledger_settles_as_the_plain_computation_does(plan in plan(), voided in prop::collection::vec(0..20usize, 0..2)) {
        let ledger = plan.enter_and_void(&voided);
        let facts = Facts::of(&ledger);
        prop_assert_eq!(derived(&ledger), facts.plain_lines(&ledger));
        // A stated amount may find too little to settle only if an action was voided.
        let voids = facts.actions.iter().any(|a| a.voided.is_some());
        prop_assert!(voids || facts.all_fit(&ledger));
    }

    #[test]
    fn a_report_as_of_a_day_is_that_of_a_ledger_without_later_facts(plan in plan(), order in order(), which in 0..20usize, after in 0..40i64) {
        let ledger = plan.enter();
        let facts = Facts::of(&ledger);
        let day = Day(facts.actions[which % facts.actions.len()].day + after / 2 * (after % 2));
        let known = facts.only(|a| a.day <= day.0).enter(&order).map_err(TestCaseError::fail)?;
        prop_assert_eq!(reports(&ledger, day), reports(&known, day), "on {}", day);
    }

    #[test]
    fn a_voided_action_leaves_what_a_ledger_without_its_links_has(plan in plan(), order in order(), which in 0..20usize) {
        let mut ledger = plan.enter();
        let key = plan.action(which % plan.acts.len()).reference;
        ledger.void(&key, "entered in error").unwrap();
        let mut facts = Facts::of(&ledger);
        prop_assert_eq!(derived(&ledger), facts.plain_lines(&ledger));
        facts.links.retain(|l| l.later != key && l.earlier != key);
        // Without the links of the voided action, another stated amount may find too little to settle. Such facts cannot be entered again.
        if facts.all_fit(&ledger) {
            let without = facts.enter(&order).map_err(TestCaseError::fail)?;
            let lines = |ledger: &Ledger| -> Vec<String> {
                all_derived(ledger).into_iter().filter(|line| !line.contains(&format!("{key} ")) && !line.contains(&format!(" {key}:"))).collect()
            };
            prop_assert_eq!(lines(&ledger), lines(&without));
        }
    }

    /// Another client can make the same corrections as the commands, and both give the same amounts.
    #[test]
    fn a_correction_by_command_and_by_sql_gives_the_same_ledger(plan in plan(), order in order(), steps in prop::collection::vec(step(), 1..10)) {
        let plan = Plan { around: AROUND[0], ..plan };
        let planned = plan.bonds();
        let mut by_command = plan.enter();
        let by_sql = Facts::of(&by_command).insert(&order).map_err(TestCaseError::fail)?;
        for step in &steps {
            let before = derived(&by_command);
            let Some([command, sql]) = step.make(&planned, &mut by_command, &by_sql) else { continue };
            prop_assert_eq!(command.is_ok(), sql.is_ok(), "{:?}: {:?}, {:?}, {:#?}", step, command, sql, before);
            let plain = Facts::of(&by_command).plain_lines(&by_command);
            prop_assert_eq!(derived(&by_command), plain.clone(), "{:?} by command", step);
            prop_assert_eq!(derived(&by_sql), plain, "{:?} by SQL", step);
        }
        prop_assert_eq!(all_derived(&by_command), all_derived(&by_sql));
    }
}

// These tests have fewer cases, because each case creates three or more ledgers.
proptest! {
    #![proptest_config(config(3))]

    #[test]
    fn the_order_of_entry_makes_no_difference(plan in plan(), order in order()) {
        let ledger = plan.enter();
        let again = Facts::of(&ledger).enter(&order).map_err(TestCaseError::fail)?;
        prop_assert_eq!(export(&again), export(&ledger));
        prop_assert_eq!(all_derived(&again), all_derived(&ledger));
    }

    /// One import, two imports, and SQL by another client give the same ledger.
    #[test]
    fn every_way_in_gives_the_same_ledger(plan in plan(), order in order()) {
        let ledger = plan.enter();
        let text = export(&ledger);
        let expected = all_derived(&ledger);
        let one = imported(&text).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let mut two = empty();
        let first: Vec<&str> = text.lines().filter(|line| line.contains("\"type\":\"action\"")).step_by(2).collect();
        import_lines(&mut two, &first).map_err(|e| TestCaseError::fail(e.to_string()))?;
        import_lines(&mut two, &text.lines().collect::<Vec<_>>()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let sql = Facts::of(&ledger).insert(&order).map_err(TestCaseError::fail)?;
        for (way, other) in [("logged", &ledger), ("one import", &one), ("two imports", &two), ("SQL", &sql)] {
            prop_assert_eq!(&all_derived(other), &expected, "{}", way);
            prop_assert_eq!(wrong(other), Vec::<String>::new(), "{}", way);
        }
    }

    #[test]
    fn a_corrected_count_gives_what_the_right_count_would_have_given(
        plan in plan(), order in order(), which in 0..20usize, count in prop::option::weighted(0.85, 1..12i64),
    ) {
        let mut ledger = plan.enter();
        let mut facts = Facts::of(&ledger);
        let n = which % facts.actions.len();
        facts.actions[n].count = count;
        let edited = ledger.edit(&facts.actions[n].reference, &Correction { count: Some(count.into()), ..Correction::default() });
        // A correction is refused if, and only if, a stated amount would no longer fit.
        prop_assert_eq!(edited.is_ok(), facts.all_fit(&ledger), "{:?}", edited.err());
        if edited.is_ok() {
            let right = facts.enter(&order).map_err(TestCaseError::fail)?;
            prop_assert_eq!(export(&ledger), export(&right));
            prop_assert_eq!(all_derived(&ledger), all_derived(&right));
        }
    }

    #[test]
    fn what_is_exported_and_imported_is_exported_again_as_it_was(plan in plan(), voided in prop::collection::vec(0..20usize, 0..2)) {
        let ledger = plan.enter_and_void(&voided);
        let text = export(&ledger);
        let again = imported(&text).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(export(&again), text);
        prop_assert_eq!(all_derived(&again), all_derived(&ledger));
    }

    #[test]
    fn a_damaged_file_is_taken_or_refused_whatever_else_the_ledger_holds(plan in plan(), damages in prop::collection::vec(damage(), 1..4)) {
        let mut lines: Vec<String> = export(&plan.enter()).lines().map(str::to_owned).collect();
        damages.iter().for_each(|damage| damage.make(&mut lines));
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut first = empty();
        let mut second = empty();
        second.log(&Entry::new("JPN", "KOR", "protest", "2016-01-01".parse().unwrap())).unwrap();
        // Both ledgers give the same error message.
        let words: Vec<_> = import_into([&mut first, &mut second], &lines).into_iter().map(|done| done.map_err(|e| e.to_string())).collect();
        prop_assert_eq!(&words[0], &words[1], "{}", lines.join("\n"));
        for ledger in [&first, &second] {
            prop_assert_eq!(wrong(ledger), Vec::<String>::new(), "{}", lines.join("\n"));
        }
        let mut other = all_derived(&second);
        other.retain(|line| !line.starts_with("2016-01-01-jpn-kor-protest"));
        prop_assert_eq!(all_derived(&first), other, "{}", lines.join("\n"));
    }
}

// ------------------------------------------------------------------------------------------ minimal cases ----

/// Facts as lines: `ref date actor target kind count stage` and `later relation earlier`.
fn written(text: &str) -> Facts {
    let mut facts = Facts { actions: Vec::new(), links: Vec::new() };
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.split(' ').collect::<Vec<_>>()[..] {
            [reference, date, actor, target, kind, count, stage] => facts.actions.push(Action {
                reference: reference.to_owned(),
                date: date.to_owned(),
                day: date.parse::<recip::model::Date>().unwrap().earliest().0,
                actor: actor.to_owned(),
                target: target.to_owned(),
                kind: kind.to_owned(),
                count: count.parse().ok(),
                stage: stage.parse().unwrap(),
                deadline: None,
                voided: None,
            }),
            [later, relation, earlier] => facts.links.push(Bond {
                later: later.to_owned(),
                relation: relation.parse().unwrap(),
                earlier: earlier.to_owned(),
                stated: None,
                stated_spends: None,
            }),
            _ => panic!("{line}"),
        }
    }
    facts
}

/// Of two answers of one day, the one in the claim's own unit comes first, whatever its ref: in the account as in the settlement.
#[test]
fn an_account_has_the_order_of_the_rule() {
    let facts = "
        a 2018-03-01 USA RUS expulsion 10 done
        b 2018-03-05 RUS USA closure 1 done
        c 2018-03-05 RUS USA expulsion 4 done
        b answers a
        c answers a";
    let ledger = written(facts).enter(&[0, 1, 2, 3, 4]).unwrap();
    let shown = recip::report::show::read(&ledger, "a").unwrap();
    let account: Vec<String> = shown.postings.iter().map(|p| format!("{} {} {} by #{}", p.posting, p.amount, p.open, p.by_id)).collect();
    assert_eq!(account, ["claim 10 10 by #1", "answered -4 6 by #3", "answered -6 0 by #2"]);
}

/// Regression: a link that takes effect between a waiver and its reversal, or after both, but is entered after them, was not settled by
/// the rule.
#[test]
fn a_link_entered_after_a_waiver_was_reversed_is_settled_in_its_turn() {
    let facts = "
        claim 2016-01-01 USA RUS expulsion 5 announced
        early 2016-01-20 RUS USA expulsion 2 done
        other-waiver 2016-01-20 RUS USA restraint ? done
        withdrawal 2016-01-20 USA RUS easing 1 done
        deed 2016-01-20 USA RUS expulsion 5 done
        waiver 2016-01-10 RUS USA restraint ? done
        reversal 2016-01-30 RUS USA restraint ? done
        late 2016-02-10 RUS USA expulsion 5 done
        late-waiver 2016-02-20 RUS USA restraint ? done";
    let mut wrong = Vec::new();
    for links in [
        "waiver waives claim, reversal reverses waiver, early answers claim",
        "waiver waives claim, reversal reverses waiver, other-waiver waives claim",
        "waiver waives claim, reversal reverses waiver, withdrawal reverses claim",
        "waiver waives claim, reversal reverses waiver, deed executes claim",
        "waiver waives claim, reversal reverses waiver, late answers claim, late-waiver waives claim",
        "late answers claim, waiver waives claim, reversal reverses waiver, late-waiver waives claim",
    ] {
        let facts = written(&format!("{facts}\n{}", links.replace(", ", "\n")));
        let in_order: Vec<u32> = (0..20).collect();
        let logged = facts.enter(&in_order).unwrap();
        let inserted = facts.insert(&in_order).unwrap();
        let imported = imported(&export(&logged)).unwrap();
        let plain = facts.plain_lines(&logged);
        for (way, ledger) in [("imported", &imported), ("by SQL", &inserted), ("logged", &logged)] {
            for (is, should) in derived(ledger).iter().zip(&plain).filter(|(is, should)| is != should) {
                wrong.push(format!("{way}: {links}:\n  is        {is}\n  should be {should}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Without the voided reversal, the waiver is in force, and the answer finds less than it states. The ledger can still be exported and
/// imported.
#[test]
fn a_stated_amount_that_a_voiding_left_unmet_is_exported_and_imported() {
    let mut facts = written(
        "claim 2016-01-01 USA RUS expulsion 5 done
         waiver 2016-01-10 RUS USA restraint ? done
         reversal 2016-01-20 RUS USA restraint ? done
         answer 2016-01-30 RUS USA expulsion 2 done
         waiver waives claim
         reversal reverses waiver
         answer answers claim",
    );
    facts.links[2].stated = Some(2);
    let mut ledger = facts.enter(&(0..20).collect::<Vec<u32>>()).unwrap();
    ledger.void("reversal", "entered in error").unwrap();
    let text = export(&ledger);
    let again = imported(&text).unwrap();
    assert_eq!(export(&again), text);
    assert_eq!(all_derived(&again), all_derived(&ledger));
}

// ------------------------------------------------------------------------------------------------- steps ----

/// One change to a ledger that has actions and links. The number selects one of them, modulo their number.
#[derive(Debug, Clone)]
enum Step {
    /// Adds one of the planned links, unless it exists.
    Link(usize),
    Cut(usize),
    Restate(usize, Option<i64>),
    Recount(usize, Option<i64>),
    Redate(usize, i64),
    Restage(usize, Stage),
    Rekind(usize, &'static str),
    Void(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let stage = prop::sample::select(vec![Stage::Threatened, Stage::Announced, Stage::Done]);
    prop_oneof![
        3 => (0..1000usize).prop_map(Step::Link),
        2 => (0..1000usize).prop_map(Step::Cut),
        2 => (0..1000usize, prop::option::of(1..6i64)).prop_map(|(n, stated)| Step::Restate(n, stated)),
        3 => (0..1000usize, prop::option::weighted(0.85, 1..12i64)).prop_map(|(n, count)| Step::Recount(n, count)),
        3 => (0..1000usize, -60..60i64).prop_map(|(n, day)| Step::Redate(n, day)),
        1 => (0..1000usize, stage).prop_map(|(n, stage)| Step::Restage(n, stage)),
        1 => (0..1000usize, prop::sample::select(PALETTES[3])).prop_map(|(n, kind)| Step::Rekind(n, kind)),
        1 => (0..1000usize).prop_map(Step::Void),
    ]
}

impl Step {
    /// Makes the change by command and by SQL; returns whether each was accepted. `None` if there is nothing to change.
    fn make(&self, planned: &[Bond], by_command: &mut Ledger, by_sql: &Ledger) -> Option<[Result<(), String>; 2]> {
        let Facts { actions, mut links } = Facts::of(by_command);
        let linked = |l: &Bond| links.iter().any(|o| o.later == l.later && o.earlier == l.earlier && o.relation == l.relation);
        let planned: Vec<Bond> = planned.iter().filter(|l| !linked(l)).cloned().collect();
        let conn = by_sql.connection();
        // Voided actions are not corrected.
        let living = |reference: &str| actions.iter().any(|a| a.reference == reference && a.voided.is_none());
        let standing: Vec<&Action> = actions.iter().filter(|a| a.voided.is_none()).collect();
        links.retain(|l| living(&l.later) && living(&l.earlier));
        let action = |n: usize| standing.get(n % standing.len().max(1)).map(|a| a.reference.clone());
        let edit = |ledger: &mut Ledger, key: &str, change: Correction| ledger.edit(key, &change).map(drop);
        let ends =
            "relation = ?3 AND action_id = (SELECT id FROM action WHERE ref = ?1) AND earlier_id = (SELECT id FROM action WHERE ref = ?2)";
        let (command, sql) = match *self {
            Step::Link(n) => {
                let l = planned.get(n % planned.len().max(1))?;
                (link(by_command, l), conn.execute(INSERT_LINK, params![l.relation, l.stated, l.stated_spends, l.later, l.earlier]))
            }
            Step::Cut(n) => {
                let l = links.get(n % links.len().max(1))?;
                // The command removes all links between the two actions.
                let sql = format!("DELETE FROM link WHERE {ends}");
                if links.iter().filter(|other| other.later == l.later && other.earlier == l.earlier).count() > 1 {
                    return None;
                }
                (by_command.unlink(&l.later, &l.earlier).map(drop), conn.execute(&sql, params![l.later, l.earlier, l.relation]))
            }
            Step::Restate(n, stated) => {
                links.retain(|l| matches!(l.relation, Relation::Answers | Relation::Reverses));
                let l = links.get(n % links.len().max(1))?;
                let spec = LinkSpec { earlier: l.earlier.clone(), amount: Amount { covers: stated, spends: None } };
                let change = Correction { links: vec![recip::ledger::Link { relation: l.relation, spec }], ..Correction::default() };
                let sql = format!("UPDATE link SET stated = ?4, stated_spends = NULL WHERE {ends}");
                (edit(by_command, &l.later, change), conn.execute(&sql, params![l.later, l.earlier, l.relation, stated]))
            }
            Step::Recount(n, count) => (
                edit(by_command, &action(n)?, Correction { count: Some(count.into()), ..Correction::default() }),
                conn.execute("UPDATE action SET count = ? WHERE ref = ?", params![count, action(n)?]),
            ),
            Step::Redate(n, day) => {
                let date = Day(AROUND[0] + day).iso();
                (
                    edit(by_command, &action(n)?, Correction { date: Some(date.parse().unwrap()), ..Correction::default() }),
                    conn.execute("UPDATE action SET date = ? WHERE ref = ?", params![date, action(n)?]),
                )
            }
            Step::Restage(n, stage) => (
                edit(by_command, &action(n)?, Correction { stage: Some(stage), ..Correction::default() }),
                conn.execute("UPDATE action SET stage = ? WHERE ref = ?", params![stage, action(n)?]),
            ),
            Step::Rekind(n, kind) => (
                edit(by_command, &action(n)?, Correction { kind: Some(kind.to_owned()), ..Correction::default() }),
                conn.execute("UPDATE action SET kind = ? WHERE ref = ?", params![kind, action(n)?]),
            ),
            Step::Void(n) => (
                by_command.void(&action(n)?, "entered in error").map(drop),
                conn.execute("UPDATE action SET voided = 'entered in error' WHERE ref = ?", [action(n)?]),
            ),
        };
        Some([command.map_err(|e| e.to_string()), sql.map(drop).map_err(|e| e.to_string())])
    }
}

// ------------------------------------------------------------------------------------------ damaged files ----

/// One change that damages a JSON Lines file.
#[derive(Debug, Clone)]
enum Damage {
    /// Sets a field of a line to another value.
    Set(usize, &'static str, Value),
    /// Sets a field of a line to the ref of another action.
    Refer(usize, &'static str, usize),
    /// Removes a field of a line.
    Remove(usize, &'static str),
    /// Duplicates a line.
    Duplicate(usize, usize),
    /// Swaps two lines.
    Swap(usize, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let values: Vec<(&'static str, Value)> = vec![
        ("count", json!(1)),
        ("count", json!(3)),
        ("count", json!(50)),
        ("count", json!(0)),
        ("count", json!(2.5)),
        ("count", json!("20-30")),
        ("count", json!("many")),
        ("stated", json!(1)),
        ("stated", json!(2)),
        ("stated", json!(5)),
        ("stated", json!(60)),
        ("stated", json!(0)),
        ("stated_spends", json!(0)),
        ("stated_spends", json!(3)),
        ("relation", json!("answers")),
        ("relation", json!("executes")),
        ("relation", json!("reverses")),
        ("relation", json!("waives")),
        ("relation", json!("extends")),
        ("relation", json!("renews")),
        ("relation", json!("supports")),
        ("actor", json!("Russia")),
        ("actor", json!("USA")),
        ("actor", json!("France")),
        ("actor", json!("Atlantis")),
        ("target", json!("EU")),
        ("target", json!("United States")),
        ("target", json!("")),
        ("kind", json!("restraint")),
        ("kind", json!("seizure")),
        ("kind", json!("meeting")),
        ("kind", json!("snub")),
        ("stage", json!("threatened")),
        ("stage", json!("announced")),
        ("stage", json!("done")),
        ("date", json!("2015")),
        ("date", json!("2016-02-01")),
        ("date", json!("2016-02-31")),
        ("voided", json!("entered in error")),
    ];
    let fields = prop::sample::select(vec!["ref", "action", "earlier"]);
    let gone = prop::sample::select(vec!["ref", "count", "stated", "stage", "date", "derived", "relation"]);
    prop_oneof![
        8 => (0..1000usize, prop::sample::select(values)).prop_map(|(line, (field, value))| Damage::Set(line, field, value)),
        3 => (0..1000usize, fields, 0..1000usize).prop_map(|(line, field, other)| Damage::Refer(line, field, other)),
        1 => (0..1000usize, gone).prop_map(|(line, field)| Damage::Remove(line, field)),
        2 => (0..1000usize, 0..1000usize).prop_map(|(a, b)| Damage::Duplicate(a, b)),
        2 => (0..1000usize, 0..1000usize).prop_map(|(a, b)| Damage::Swap(a, b)),
    ]
}

impl Damage {
    fn make(&self, lines: &mut Vec<String>) {
        let count = lines.len();
        // The lines that have this field, or can have it.
        let with = |lines: &[String], n: usize, field: &str| -> Option<usize> {
            let kind = if ["stated", "stated_spends", "relation", "action", "earlier"].contains(&field) { "link" } else { "action" };
            let able: Vec<usize> =
                (0..count).filter(|&l| field == "derived" || lines[l].contains(&format!("\"type\":\"{kind}\""))).collect();
            able.get(n % able.len().max(1)).copied()
        };
        let alter = |line: &mut String, field: &str, value: Option<Value>| {
            let mut object: serde_json::Map<String, Value> = serde_json::from_str(line).unwrap();
            match value {
                Some(value) => object.insert(field.to_owned(), value),
                None => object.remove(field),
            };
            *line = Value::Object(object).to_string();
        };
        match self {
            Damage::Set(n, field, value) => {
                if let Some(l) = with(lines, *n, field) {
                    alter(&mut lines[l], field, Some(value.clone()));
                }
            }
            Damage::Refer(n, field, other) => {
                if let (Some(l), Some(o)) = (with(lines, *n, field), with(lines, *other, "ref")) {
                    let other: Value = serde_json::from_str(&lines[o]).unwrap();
                    alter(&mut lines[l], field, Some(other["ref"].clone()));
                }
            }
            Damage::Remove(n, field) => {
                if let Some(l) = with(lines, *n, field) {
                    alter(&mut lines[l], field, None);
                }
            }
            Damage::Duplicate(from, to) => lines.insert(to % (count + 1), lines[from % count].clone()),
            Damage::Swap(a, b) => lines.swap(a % count, b % count),
        }
    }
}
