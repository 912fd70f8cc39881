//! The account of every action, added up from the links, and compared with what the table keeps.

use super::Findings;
use super::book::{Book, Tie};
use crate::model::{Day, Relation};

/// A dated amount of an action's account, in the order of (day, link).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting {
    pub day: i64,
    pub link: i64,
    pub word: &'static str,
    pub amount: i64,
    pub by: i64,
}

/// What the links make of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reckoned {
    pub stands: i64,
    pub open: i64,
    pub posted: i64,
}

impl Book {
    /// How much of it is neither reversed nor carried over.
    pub(super) fn stands(&self, place: u32) -> i64 {
        let act = self.act(place);
        if act.voided || self.executed(place) {
            return 0;
        }
        self.onto(place).fold(act.count.unwrap_or(1), |left, t| left.saturating_sub(t.reversed))
    }

    /// Its account, in order.
    pub(super) fn account(&self, place: u32, account: &mut Vec<Posting>) {
        account.clear();
        let act = self.act(place);
        if !act.voided && self.claims(act) {
            let amount = act.count.unwrap_or(1);
            account.push(Posting { day: act.day, link: 0, word: "claim", amount, by: act.id });
        }
        for tie in self.onto(place) {
            let word = match tie.relation {
                Relation::Answers => "answered",
                Relation::Executes => "executed",
                Relation::Reverses => "reversed",
                Relation::Waives => "waived",
            };
            let by = self.act(tie.later).id;
            if tie.covers > 0 {
                account.push(Posting { day: tie.day, link: tie.id, word, amount: -tie.covers, by });
            }
            if tie.relation == Relation::Waives {
                for back in self.onto(tie.later).filter(|b| b.relation == Relation::Reverses) {
                    let (day, by) = (back.day.max(tie.day), self.act(back.later).id);
                    account.push(Posting { day, link: back.id, word: "revived", amount: tie.covers, by });
                }
            }
        }
        for tie in self.out_of(place).filter(|t| t.spends > 0) {
            account.push(Posting { day: tie.day, link: tie.id, word: "spent", amount: -tie.spends, by: act.id });
        }
        account.sort_unstable();
    }
}

/// Compares what the table keeps of every action with its account, and gives what it should keep.
pub(super) fn compare(book: &Book, findings: &mut Findings) -> Vec<Reckoned> {
    let mut account = Vec::new();
    let mut all = Vec::with_capacity(book.acts.len());
    for (place, act) in (0u32..).zip(&book.acts) {
        book.account(place, &mut account);
        let reckoned = reckon(book, place, &account);
        all.push(reckoned);
        let mut wrong = |what: String, mend: String| findings.error("arithmetic", format!("#{}", act.id), what, mend);
        if !act.dated {
            let mend = format!("'recip edit {} --on DATE' gives it its date anew", act.id);
            wrong("the days it counts from are not those of its date".to_owned(), mend);
        }
        if let Some(what) = overdrawn(&account).or_else(|| left_open(book, place, &account)) {
            wrong(what, format!("'recip show {}' lists its links: unlink and link anew", act.id));
        }
        let whole = act.count.is_none() || !book.claims(act);
        if whole && !act.voided && reckoned.stands > 0 && reckoned.stands != act.count.unwrap_or(1) {
            let mend = format!("'recip show {}' lists its links: unlink and link anew", act.id);
            wrong("it goes whole or not at all, and a part of it is reversed".to_owned(), mend);
        }
        if reckoned.stands < 0 {
            wrong("more of it is reversed than was done".to_owned(), format!("'recip show {}' lists its links: unlink one", act.id));
        }
        for (column, kept, is) in
            [("open", act.open, reckoned.open), ("stands", act.stands, reckoned.stands), ("posted_day", act.posted, reckoned.posted)]
        {
            if kept != is {
                wrong(format!("{column} is kept as {kept}, and its links make it {is}"), format!("sqlite3 FILE '{MEND}{}'", act.id));
            }
        }
    }
    all
}

const MEND: &str = "UPDATE action SET (stands, open, posted_day) = \
    (SELECT stands, open, posted_day FROM reckoned WHERE action_id = id) WHERE id = ";

fn reckon(book: &Book, place: u32, account: &[Posting]) -> Reckoned {
    let act = book.act(place);
    let open = account.iter().fold(0i64, |open, p| open.saturating_add(p.amount));
    let days = book.onto(place).chain(book.out_of(place)).map(|t| t.day).chain(account.iter().map(|p| p.day));
    Reckoned {
        stands: book.stands(place),
        open: if act.voided || !book.claims(act) { 0 } else { open },
        posted: days.fold(act.day, i64::max),
    }
}

/// The first posting that takes more than there is.
fn overdrawn(account: &[Posting]) -> Option<String> {
    let mut open = 0i64;
    account.iter().find_map(|posting| {
        open = open.saturating_add(posting.amount);
        (open < 0).then(|| format!("what was {} on {} overdraws it", posting.word, Day(posting.day)))
    })
}

/// The first waiver, execution, or reversal that found less open than it undoes, after which something is open: each
/// of them closes all that was open before it.
fn left_open(book: &Book, place: u32, account: &[Posting]) -> Option<String> {
    let mut open = 0i64;
    let after: Vec<i64> = account
        .iter()
        .map(|p| {
            open = open.saturating_add(p.amount);
            open
        })
        .collect();
    let closes = |t: &&Tie| match t.relation {
        Relation::Answers => false,
        Relation::Reverses => t.covers < t.reversed,
        Relation::Executes | Relation::Waives => true,
    };
    book.onto(place).filter(closes).find_map(|tie| {
        let before = account.partition_point(|p| (p.day, p.link) <= (tie.day, tie.id));
        let left = before.checked_sub(1).map_or(0, |last| after[last]);
        (left != 0).then(|| format!("#{} {} it and leaves something of it open", book.act(tie.later).id, tie.relation))
    })
}
