//! The account of every action, added up from the links, and compared with what the table keeps.

use super::Findings;
use super::book::Book;
use crate::model::{Day, Relation};

/// A dated amount of an action's account, in the order of (day, link).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting {
    pub day: i64,
    pub link: i64,
    pub word: &'static str,
    pub amount: i64,
    pub by: i64,
    /// It must leave nothing open: a waiver, an execution, a reversal that found less open than it undid.
    pub closes: bool,
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
            account.push(Posting { day: act.day, link: 0, word: "claim", amount, by: act.id, closes: false });
        }
        for tie in self.onto(place) {
            let (word, closes) = match tie.relation {
                Relation::Answers => ("answered", false),
                Relation::Executes => ("executed", true),
                Relation::Reverses => ("reversed", tie.covers < tie.reversed),
                Relation::Waives => ("waived", true),
            };
            let by = self.act(tie.later).id;
            if tie.covers > 0 {
                account.push(Posting { day: tie.day, link: tie.id, word, amount: -tie.covers, by, closes });
            }
            if tie.relation == Relation::Waives {
                for back in self.onto(tie.later).filter(|b| b.relation == Relation::Reverses) {
                    let (day, by) = (back.day.max(tie.day), self.act(back.later).id);
                    account.push(Posting { day, link: back.id, word: "revived", amount: tie.covers, by, closes: false });
                }
            }
        }
        for tie in self.out_of(place).filter(|t| t.spends > 0) {
            account.push(Posting { day: tie.day, link: tie.id, word: "spent", amount: -tie.spends, by: act.id, closes: false });
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
        if let Some(what) = overdrawn(&account) {
            wrong(what, format!("'recip show {}' lists its links: unlink and link anew", act.id));
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

/// The first posting that takes more than there is, or leaves what it should close.
fn overdrawn(account: &[Posting]) -> Option<String> {
    let mut open = 0i64;
    account.iter().find_map(|posting| {
        open = open.saturating_add(posting.amount);
        let left = match () {
            _ if open < 0 => "overdraws it",
            _ if posting.closes && open != 0 => "leaves something of it open",
            _ => return None,
        };
        Some(format!("what was {} on {} {left}", posting.word, Day(posting.day)))
    })
}
