//! Makes changes to a ledger whose derived values may be anything.

use std::path::Path;

use recip::Ledger;
use recip::read::{self, ReadOptions};
use recip::ledger::{Correction, Entry, Link};
use recip::model::{Amount, Date, LinkSpec, Relation, Stage};

const RELATIONS: [Relation; 6] =
    [Relation::Answers, Relation::Executes, Relation::Reverses, Relation::Waives, Relation::Extends, Relation::Renews];
/// Rows with links to the existing actions.
const ROWS: &str = "ref,date,actor,target,kind,count,answers,executes,reverses
fz1,2018-01-01,USA,RUS,seizure,2,2017-08-01-rus-usa-seizure,,
fz2,2018-01-01,RUS,USA,expulsion,9,2016-12-29-usa-rus-expulsion,2017-07-10-rus-usa-expulsion,2017-07-28-rus-usa-staff-cut
";

/// Makes the changes that the bytes choose. Changes that the ledger refuses are skipped.
pub fn write(choices: &[u8], ledger: &mut Ledger, folder: &Path) {
    let date: Date = "2018-02-01".parse().unwrap();
    for choice in choices.chunks_exact(4).rev().take(8) {
        let (relation, amount) = (RELATIONS[usize::from(choice[0] % 6)], i64::from(choice[3] / 4));
        let amount = Amount { covers: (amount > 0).then_some(amount), spends: None };
        let (later, earlier) = ((choice[1] % 20).to_string(), (choice[2] % 20).to_string());
        let _ = match choice[0] / 4 % 8 {
            0 => ledger.link(&later, relation, &earlier, amount).map(drop),
            1 => ledger.unlink(&later, &earlier).map(drop),
            2 => ledger.edit(&later, &Correction { count: Some(amount.covers.into()), ..Correction::default() }).map(drop),
            3 => ledger.edit(&later, &Correction { stage: Some(Stage::Done), date: Some(date.clone()), ..Correction::default() }).map(drop),
            4 => ledger.void(&later, "fuzzed").map(drop),
            5 => ledger.undo((choice[1] > 0).then_some(i64::from(choice[1]))).map(drop),
            6 => ledger.redo().map(drop),
            _ => {
                let sides = if choice[1] % 2 == 0 { ("USA", "RUS") } else { ("RUS", "USA") };
                let kind = ["expulsion", "seizure", "restraint", "sanction"][usize::from(choice[1] / 2 % 4)];
                let link = Link { relation, spec: LinkSpec { earlier, amount } };
                let entry = Entry::new(sides.0, sides.1, kind, date.clone()).link(link);
                ledger.log(&entry).map(drop)
            }
        };
    }
    let rows = folder.join("rows.csv");
    std::fs::write(&rows, ROWS).unwrap();
    let _ = read::import(ledger, &[rows], &ReadOptions::default(), &mut |_, _| ());
}
